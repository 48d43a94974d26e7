"""What deserves a look about an entry: each finding where it belongs, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.rules import RuleError
from app.rules.checks import Facts, Rule, Severity, findings, planned_by_block
from app.rules.dossier import Activity, Dossier, Placement, Status
from app.rules.plan import PlannedPlacement
from tests.rules.making import activity, certificate, dossier, placement

ON = date(2026, 11, 24)
IN_TIME = date(2025, 1, 1)
HAAGLANDEN = dossier(tables="haaglanden-2023")
HOLLAND_RIJNLAND = dossier(tables="holland-rijnland-2023")
BOUGHT = activity("social-purchase", "2026-02-10", "100", reference="A1", description="Inkoop")


def found(facts: Dossier, entered: Placement | Activity, **known: Any) -> list[str]:
    """The codes, the gravest first, of something that was entered in time unless `known` says otherwise."""
    return [each.code for each in findings(facts, entered, Facts(**{"on": ON, "entered_on": IN_TIME} | known))]


def test_what_is_as_usual_asks_for_nothing() -> None:
    assert found(dossier(), placement("ww", "2026-02-01", "2026-07-31")) == []
    assert found(dossier(), BOUGHT) == []


@pytest.mark.parametrize(
    ("facts", "entered", "code"),
    [
        (HAAGLANDEN, placement("ww", "2023-12-31", "2025-06-30"), "check_hired_too_early"),
        (dossier(), placement("ww", "2027-01-01", "2027-06-30"), "check_outside"),
        (dossier(), placement("ww", "2026-01-01", "2026-06-30", "0"), "check_nothing"),
        (dossier(), replace(BOUGHT, on=date(2027, 1, 1)), "check_outside"),
    ],
)
def test_what_counts_nothing_is_an_error(facts: Dossier, entered: Placement | Activity, code: str) -> None:
    [first, *_] = findings(facts, entered, Facts(ON, entered_on=IN_TIME))

    assert (first.severity, first.code) == (Severity.ERROR, code)


@pytest.mark.parametrize(
    ("facts", "entered", "code"),
    [
        (HAAGLANDEN, placement("ww", "2024-10-01", "2025-06-30"), "check_early"),
        (dossier(), placement("ww", "2026-10-01", "2027-06-30"), "check_late"),
        (dossier(), placement("ww", "2026-10-01"), "check_no_end"),
        (HAAGLANDEN, placement("ww", "2025-01-01", "2026-06-30"), "check_maximum"),
        (dossier(), placement("ww", "2026-02-01", "2026-06-30", "40"), "check_over_full_time"),
        (dossier(), placement("ww", "2026-02-01", "2026-06-30", bonuses=("bonus-50plus",)), "check_age"),
        (dossier(), placement("ww", "2026-02-01", "2026-06-30", bonuses=("bonus-permanent",)), "check_bonus"),
        (
            dossier(),
            placement("ww", "2026-02-01", "2026-06-30", subsidy_until=date(2026, 6, 30)),
            "check_subsidy",
        ),
        (HOLLAND_RIJNLAND, activity("activity-day", "2026-03-01", "1400", description="x"), "check_day_maximum"),
        (HOLLAND_RIJNLAND, activity("activity-day", "2026-03-01", "600", description="x"), "check_agreed"),
        (dossier(), activity("social-purchase", "2026-03-01", "100"), "check_no_description"),
        (dossier(), activity("social-purchase", "2026-03-01", "60000", description="x"), "check_surplus"),
        (
            dossier(certificates=[certificate("2", "2025-01-01", "2026-12-31")]),
            activity("social-purchase", "2026-03-01", "100", description="x"),
            "check_nothing_owed",
        ),
        (dossier(), placement("ww", "2026-12-01", "2026-12-31"), "check_ahead"),
        (dossier(), activity("social-purchase", "2026-12-01", "100", description="x"), "check_ahead"),
        (
            dossier(activity_cap=Decimal(1)),
            activity("social-purchase", "2026-03-01", "600", description="x"),
            "check_over_cap",
        ),
    ],
)
def test_what_counts_otherwise_or_is_good_to_know_is_said(
    facts: Dossier, entered: Placement | Activity, code: str
) -> None:
    assert code in found(facts, entered)


def test_a_subsidy_makes_the_count_longer_and_is_asked_for() -> None:
    long = placement("participatiewet", "2025-01-01", "2027-12-31")
    facts = dossier(("2025-01-01", "2027-12-31"), tables="haaglanden-2023", contract_sum="10000000")

    assert "check_subsidy_missing" in found(facts, long)
    assert "check_subsidy_ends" in found(facts, replace(long, subsidy_until=date(2027, 6, 30)))
    assert "check_subsidy" not in found(facts, replace(long, subsidy_until=date(2027, 6, 30)))


def test_one_person_starts_one_count_and_is_not_twice_at_the_same_time() -> None:
    first = placement("ww", "2025-01-01", "2025-12-31", reference="P1")
    again = placement("ww", "2026-01-01", "2026-06-30", reference="P2", person="SR-1")
    same_days = placement("ww", "2025-12-31", "2026-01-31", reference="P2", person="SR-1")
    facts = dossier(contributions=[first], tables="haaglanden-2023")
    same = frozenset({"P1"})

    assert found(facts, again, same_person=same)[0] == "check_maximum_reached"
    assert "check_same_person" in found(facts, same_days, same_person=same)
    assert "check_same_person" not in found(facts, same_days)
    rejected = replace(facts, placements=(replace(first, status=Status.REJECTED),))
    assert "check_same_person" not in found(rejected, same_days, same_person=same)


def test_a_bonus_that_counts_once_and_does_so_elsewhere() -> None:
    claimed = ("bonus-pro-vso",)
    first = placement("ww", "2025-01-01", "2025-06-30", reference="P1", bonuses=claimed)
    second = placement("ww", "2025-07-01", "2025-12-31", reference="P2", person="SR-1", bonuses=claimed)
    facts = dossier(contributions=[first], tables="holland-rijnland-2023")

    assert "check_bonus_elsewhere" in found(facts, second, same_person=frozenset({"P1"}))
    assert "check_bonus_elsewhere" not in found(HOLLAND_RIJNLAND, second)


def test_the_same_activity_twice() -> None:
    facts = dossier(contributions=[BOUGHT])

    assert "check_same_activity" in found(facts, replace(BOUGHT, reference="A2"))
    assert "check_same_activity" not in found(facts, replace(BOUGHT, reference="A2", amount_cents=99_00))
    assert "check_same_activity" not in found(facts, BOUGHT)


def test_the_shares_of_a_person_over_all_contracts() -> None:
    fault = RuleError("share_over_100", day=date(2026, 2, 1))
    [first, *_] = findings(dossier(), placement("ww", "2026-02-01", "2026-06-30"), Facts(ON, share_fault=fault))

    assert (first.severity, first.code, first.rule) == (Severity.ERROR, "share_over_100", Rule.SHARE)


def test_what_nothing_shows_is_asked_for_as_soon_as_something_can_be_added() -> None:
    assert "check_no_evidence" in found(dossier(), BOUGHT, has_evidence=False)
    assert "check_no_evidence" not in found(dossier(), BOUGHT, has_evidence=True)
    assert "check_no_evidence" not in found(dossier(), BOUGHT, has_evidence=None)


@pytest.mark.parametrize(("entered_on", "is_late"), [(date(2026, 8, 10), False), (date(2026, 8, 11), True)])
def test_what_is_entered_more_than_six_months_after_it(entered_on: date, is_late: bool) -> None:
    assert ("check_entered_late" in found(dossier(), BOUGHT, entered_on=entered_on)) is is_late
    assert ("check_entered_late" in found(dossier(), BOUGHT, on=entered_on, entered_on=None)) is is_late


def test_what_the_plan_foresees() -> None:
    efforts = [PlannedPlacement("ww", 1, Decimal(36), date(2026, 1, 1), date(2026, 3, 31))]
    planned = planned_by_block(dossier(), efforts)
    quarter, year = placement("ww", "2026-01-01", "2026-03-31"), placement("ww", "2026-01-01", "2026-12-31")

    assert planned == {"ww": 5_000_00}
    assert found(dossier(), quarter, planned=planned) == []
    assert "check_above_plan" in found(dossier(), year, planned=planned)
    assert "check_not_planned" in found(dossier(), BOUGHT, planned=planned)
    assert "check_not_planned" not in found(dossier(), BOUGHT, planned=None)


def test_the_gravest_stands_first_and_names_its_block_as_readers_know_it() -> None:
    entered = placement("ww", "2026-10-01", None, bonuses=("bonus-permanent",))
    facts = Facts(ON, has_evidence=False)
    severities = [each.severity for each in findings(dossier(), entered, facts)]
    bonus = next(each for each in findings(dossier(), entered, facts) if each.code == "check_bonus")

    assert severities == sorted(severities, key=list(Severity).index)
    assert bonus.named({"bonus-permanent": "Bonus vast"}).values == {"block": "Bonus vast"}
