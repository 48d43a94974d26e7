"""A plan of approach is worth what the same efforts are worth once they are done."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.rules import assess
from app.rules.plan import PlannedActivity, PlannedPlacement, place_of, plan_course, plan_faults, worth
from tests.rules.making import activity, day, dossier, placement

PUPILS = PlannedPlacement("bbl", 2, Decimal(32), day("2025-03-01"), day("2026-02-28"))
PURCHASE = PlannedActivity("social-purchase", day("2025-06-01"), amount_cents=12_500_00)
DONE = [
    placement("bbl", "2025-03-01", "2026-02-28", "32", reference="1-1", person="a"),
    placement("bbl", "2025-03-01", "2026-02-28", "32", reference="1-2", person="b"),
    activity("social-purchase", "2025-06-30", "12500", reference="2-1"),
]


def test_a_plan_is_worth_what_the_same_is_credited_when_it_is_done() -> None:
    planned, done = worth(dossier(), [PUPILS, PURCHASE]), assess(dossier(contributions=DONE), day("2026-12-31"))

    assert planned.cents == done.credited_cents == sum(planned.by_effort)
    assert planned.by_effort[1] == next(each.credited_cents for each in done.contributions if each.reference == "2-1")
    assert (planned.net_cents, planned.open_cents) == (done.net_cents, max(0, done.net_cents - done.credited_cents))


def test_its_line_by_month_is_what_would_be_credited_on_those_days() -> None:
    months = worth(dossier(), [PUPILS, PURCHASE]).months

    assert [months[0].on, months[-1].on, len(months)] == [day("2025-01-31"), day("2026-12-31"), 24]
    assert [each.credited_cents for each in months] == [
        assess(dossier(contributions=DONE), each.on).credited_cents for each in months
    ]
    assert plan_course(dossier(), [PUPILS, PURCHASE])[-1] == months[-1]


def test_what_is_done_already_is_no_part_of_the_plan() -> None:
    assert worth(dossier(contributions=DONE), [PUPILS]) == worth(dossier(), [PUPILS])


def test_the_cap_on_activities_binds_a_plan_too() -> None:
    capped = worth(dossier(activity_cap=Decimal(10)), [PURCHASE])

    assert (capped.cents, capped.over_cap_cents) == (5_000_00, worth(dossier(), [PURCHASE]).cents - 5_000_00)


def test_a_month_in_which_the_contract_ends_still_counts() -> None:
    assert worth(dossier(("2025-01-01", "2025-06-15")), [PURCHASE]).cents == worth(dossier(), [PURCHASE]).cents


def test_a_fault_names_the_effort_and_that_effort_counts_nothing() -> None:
    wrong = replace(PUPILS, hours=Decimal(99))
    [fault] = plan_faults(dossier(), [PURCHASE, wrong])

    assert (fault.code, place_of(fault)) == ("hours_out_of_range", 2)
    assert worth(dossier(), [PURCHASE, wrong]).by_effort == (worth(dossier(), [PURCHASE]).cents, 0)
    assert [each.code for each in plan_faults(dossier(), [replace(PURCHASE, block="unknown")])] == ["unknown_block"]
