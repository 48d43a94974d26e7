"""Single rules of the field, each in one case that a reader can redo by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from app.rules import RuleError, assess, faults
from app.rules.assessment import Standing
from app.rules.assessment_json import assessment_to_json
from app.rules.dates import Period
from app.rules.dossier import Base, Dossier, Status
from app.rules.explanation import Step
from app.rules.faults import share_fault
from app.rules.money import fraction_text, to_cents
from app.rules.obligation import lay_out
from app.rules.tables import Policy, parse_policy
from tests.rules.making import activity, amendment, cents, certificate, day, dossier, placement, table

END = date(2030, 1, 1)
Y2025 = ("2025-01-01", "2025-12-31")


def own_policy(exemption: str = "", settlement: str = "", applies: str = "") -> Policy:
    return parse_policy(
        f'id = "own"\nname = {{ nl = "Eigen", en = "Own" }}\n'
        f"[applies]\n{applies}\n[exemption]\n{exemption}\n{settlement}"
    )


@pytest.mark.parametrize(("exact", "rounded"), [("1/2", 1), ("-1/2", -1), ("49/100", 0), ("-3/2", -2), ("7/2", 4)])
def test_half_a_cent_is_rounded_away_from_zero(exact: str, rounded: int) -> None:
    assert to_cents(Fraction(exact)) == rounded


@pytest.mark.parametrize(
    ("exact", "text"), [("53/15", "3 8/15"), ("9", "9"), ("-1/2", "-1/2"), ("0", "0"), ("-7/2", "-3 1/2")]
)
def test_a_fraction_is_written_as_people_do(exact: str, text: str) -> None:
    assert fraction_text(Fraction(exact)) == text


# Placements


def test_a_second_placement_of_a_person_starts_no_new_count() -> None:
    first = placement("ww", "2025-01-01", "2025-06-30", reference="P1")
    second = placement("ww", "2025-10-01", "2026-12-31", reference="P2")
    term = ("2025-01-01", "2026-12-31")
    assessed = assess(dossier(term, [first, second], tables="haaglanden-2023"), END)

    assert [each.value_cents for each in assessed.contributions] == [cents("10000"), cents("5000")]
    assert assessed.contributions[1].counted is not None
    assert assessed.contributions[1].counted.last == day("2025-12-31")


def test_a_placement_after_the_maximum_counts_no_day_and_says_why() -> None:
    first = placement("ww", "2025-01-01", "2025-06-30", reference="P1")
    late = placement("ww", "2026-02-01", "2026-12-31", reference="P2")
    assessed = assess(dossier(("2025-01-01", "2026-12-31"), [first, late], tables="haaglanden-2023"), END)

    assert assessed.contributions[1].reason == "maximum_reached"
    assert assessed.contributions[1].steps[0].rule == "placement.maximum_reached"


def test_a_submitted_placement_does_not_shorten_an_approved_one() -> None:
    earlier = placement("ww", "2025-01-01", "2025-06-30", reference="P1", status=Status.SUBMITTED)
    approved = placement("ww", "2025-07-01", "2026-06-30", reference="P2")
    facts = dossier(("2025-01-01", "2026-12-31"), [earlier, approved], tables="haaglanden-2023")

    assert assess(facts, END).credited_cents == cents("20000")


def test_a_placement_that_counts_no_day_starts_no_count() -> None:
    too_early = placement("ww", "2023-01-01", "2025-06-30", reference="P1")
    counting = placement("ww", "2025-07-01", "2026-06-30", reference="P2")
    facts = dossier(("2025-01-01", "2026-12-31"), [too_early, counting], tables="haaglanden-2023")

    assert assess(facts, END).credited_cents == cents("20000")
    assert assess(facts, END).contributions[0].reason == "hired_too_early"


def test_a_bonus_once_counts_in_full_for_the_first_worked_placement_of_a_person() -> None:
    claim: dict[str, Any] = {"bonuses": ("bonus-pro-vso",), "share": Decimal(50)}
    later = placement("pro-vso", "2025-05-01", "2025-12-31", reference="P1", **claim)
    earlier = placement("pro-vso", "2025-02-01", "2025-03-31", reference="P2", **claim)
    assessed = assess(dossier(Y2025, [later, earlier], tables="holland-rijnland-2023"), END)

    bonuses = {each.reference: each.lines[1] for each in assessed.contributions}
    assert (bonuses["P2"].cents, bonuses["P1"].cents) == (cents("5000"), 0)
    assert bonuses["P1"].reason == "bonus_elsewhere"


def test_a_bonus_once_waits_for_a_day_with_hours() -> None:
    claim = placement("pro-vso", "2025-02-01", "2025-12-31", "0; 2025-04-01: 36", bonuses=("bonus-pro-vso",))
    facts = dossier(Y2025, [claim], tables="holland-rijnland-2023")

    before, after = assess(facts, day("2025-03-31")), assess(facts, day("2025-04-01"))

    assert before.contributions[0].lines[1].reason == "no_hours_yet"
    assert after.contributions[0].lines[1].cents == cents("10000")


def test_a_month_without_hours_counts_nothing_on_a_block_per_month() -> None:
    trial = placement("work-experience", "2025-01-01", "2025-06-30", "0; 2025-03-01: 8; 2025-05-01: 0; 2025-06-01: 8")
    assessed = assess(dossier(Y2025, [trial], tables="oost-nederland-v05"), END)

    assert assessed.credited_cents == cents("2250")
    assert assessed.contributions[0].counted is not None
    assert assessed.contributions[0].counted.first == day("2025-03-01")


def test_a_placement_that_begins_tomorrow_is_only_in_the_forecast() -> None:
    assessed = assess(dossier(Y2025, [placement("ww", "2025-07-01")]), day("2025-06-30"))

    assert (assessed.credited_cents, assessed.forecast_cents) == (0, cents("10000"))
    assert assessed.contributions[0].reason == "not_yet"
    assert assessed.contributions[0].counted is None


def test_a_placement_outside_the_term_counts_no_day() -> None:
    assert assess(dossier(Y2025, [placement("ww", "2026-07-01")]), END).contributions[0].reason == "no_day_in_term"


@pytest.mark.parametrize("status", [Status.DRAFT, Status.REJECTED, Status.WITHDRAWN])
def test_what_is_not_judged_is_listed_and_counts_nothing(status: Status) -> None:
    rows = [
        placement("ww", "2025-01-01", status=status),
        activity("social-purchase", "2025-02-01", "100", status=status),
    ]
    assessed = assess(dossier(Y2025, rows), END)

    assert assessed.pending_cents == assessed.credited_cents == assessed.forecast_cents == 0
    assert [each.lines for each in assessed.contributions] == [(), ()]


def test_shares_of_one_person_may_not_exceed_the_whole_on_any_day() -> None:
    half = placement("ww", "2025-01-01", "2025-06-30", share=Decimal(50))
    more = placement("ww", "2025-06-30", None, share=Decimal("50.1"))

    fault = share_fault([half, more])
    assert fault is not None
    assert (fault.values["day"], fault.values["percent"]) == (day("2025-06-30"), Decimal("100.1"))
    assert share_fault([half, replace(more, starts_on=day("2025-07-01"))]) is None


# Activities


def test_activities_fill_the_cap_by_date_and_approved_ones_first() -> None:
    rows = [
        activity("social-purchase", "2025-03-01", "3000", reference="A1", status=Status.SUBMITTED),
        activity("social-purchase", "2025-05-01", "4000", reference="A2"),
        activity("initiative-hours", "2025-04-01", quantity="15", reference="A3"),
        activity("social-purchase", "2025-06-01", "1000", reference="A4"),
    ]
    facts = dossier(Y2025, rows, activity_cap=Decimal(10))
    assessed = assess(facts, END)
    values = {each.reference: (each.value_cents, each.over_cap_cents) for each in assessed.contributions}

    assert values == {"A1": (0, 300000), "A2": (350000, 50000), "A3": (150000, 0), "A4": (0, 100000)}
    assert (assessed.credited_cents, assessed.pending_cents, assessed.over_cap_cents) == (500000, 0, 450000)
    assert assessed.explanation["over_cap_cents"][0] == Step(
        "cap", {"gross_cents": 5000000, "activity_cap": Decimal(10)}, 500000
    )


def test_a_cap_binds_nothing_where_no_obligation_applies() -> None:
    rows = [activity("social-purchase", "2025-03-01", "3000")]
    facts = dossier(Y2025, rows, activity_cap=Decimal(0), percentage="0")

    assert assess(facts, END).credited_cents == 300000
    assert assess(facts, END).status is Standing.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("on", "reason"), [("2024-12-31", "outside_term"), ("2025-06-01", "not_yet"), ("2025-03-01", None)]
)
def test_an_activity_counts_on_its_day_in_the_term(on: str, reason: str | None) -> None:
    assessed = assess(dossier(Y2025, [activity("mobility", on, "100")]), day("2025-05-01"))

    assert assessed.contributions[0].reason == reason
    assert assessed.credited_cents == (10000 if reason is None else 0)


def test_agreed_work_counts_at_most_so_much_for_each_day() -> None:
    rows = [activity("activity-day", "2025-05-01", "2600", "2.5")]

    assert assess(dossier(Y2025, rows, tables="holland-rijnland-2023"), END).credited_cents == cents("2500")


# The obligation


def test_an_obligation_on_wages_or_turnover_has_one_part_to_the_end_in_force() -> None:
    facts = dossier(
        Y2025,
        base=Base.TURNOVER,
        base_amount_cents=cents("2000000"),
        amendments=[amendment("2025-06-01", "500000", "2026-06-30")],
    )
    assessed = assess(facts, END)

    assert [(part.days.last, part.gross_cents) for part in assessed.parts] == [(day("2026-06-30"), cents("100000"))]


@pytest.mark.parametrize(
    ("applies", "terms", "reason"),
    [
        ("minimum_sum = 1000001", {}, "below_minimum_sum"),
        ("minimum_months = 13", {}, "below_minimum_months"),
        ("", {"percentage": Decimal(0)}, "no_percentage"),
        ("", {"contract_sum_cents": 0}, "nothing_left"),
    ],
)
def test_below_a_threshold_there_is_no_obligation(applies: str, terms: dict[str, Any], reason: str) -> None:
    facts = dossier(Y2025, policies=own_policy(applies=applies))
    assessed = assess(replace(facts, terms=replace(facts.terms, **terms)), day("2025-05-01"))

    assert (assessed.status, assessed.reason, assessed.parts) == (Standing.NOT_APPLICABLE, reason, ())
    assert assessed.explanation["gross_cents"][0].rule == f"obligation.{reason}"


def test_less_work_carries_the_reduction_of_what_it_lessens_when_a_level_is_held_every_day() -> None:
    facts = dossier(
        Y2025,
        policies="stepped-every-day",
        certificates=[certificate("2", "2025-01-01", "2025-12-31")],
        amendments=[amendment("2025-07-01", "-100000", reference="M1")],
    )
    assessed = assess(facts, END)

    assert [part.exempted_cents for part in assessed.parts] == [cents("25000"), cents("-2500")]


def test_an_amendment_for_less_work_has_no_positive_part_left_to_lessen_is_refused() -> None:
    facts = dossier(Y2025, amendments=[amendment("2025-12-01", "-100000", reference="M1")])

    (fault,) = faults(facts)
    assert (fault.code, fault.values["reference"]) == ("less_work_below_zero", "M1")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (amendment("2026-02-01", "1000", reference="M1"), "amendment_after_end"),
        (amendment("2026-02-01", "0", "2025-06-30", reference="M1"), "amendment_after_end"),
        (amendment("2025-02-01", "0", "2024-12-31", reference="M1"), "new_end_before_start"),
        (amendment("1889-02-01", "0", reference="M1"), "day_out_of_range"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused(changed: Any, code: str) -> None:
    (fault,) = faults(dossier(Y2025, amendments=[changed]))

    assert (fault.code, fault.values["sheet"], fault.values["reference"]) == (code, "amendments", "M1")


def test_a_shorter_term_leaves_a_part_that_lay_behind_it_on_the_new_end() -> None:
    facts = dossier(
        Y2025,
        amendments=[
            amendment("2025-09-01", "100000", "2026-03-31", reference="M1"),
            amendment("2025-10-01", "0", "2025-11-30", reference="M2"),
        ],
    )
    parts = assess(facts, END).parts

    assert [(part.days.first, part.days.last) for part in parts] == [
        (day("2025-01-01"), day("2025-11-30")),
        (day("2025-11-30"), day("2025-11-30")),
        (day("2025-10-01"), day("2025-11-30")),
    ]


# Certificates


def test_grace_days_bridge_a_late_renewal_and_no_withdrawal() -> None:
    held = [certificate("2", "2024-01-01", "2025-03-31"), certificate("1", "2025-04-11", "2026-04-10")]
    policy = own_policy('grace_days = 10\n[exemption.reduction]\n"1" = 25\n"2" = 50\n"3" = 100')
    bridged = assess(dossier(Y2025, policies=policy, certificates=held), END)
    withdrawn = [replace(held[0], withdrawn_on=day("2025-03-31")), held[1]]
    broken = assess(dossier(Y2025, policies=policy, certificates=withdrawn), END)

    assert [(each.days.days, each.reduction, each.grace) for each in bridged.coverage] == [
        (90, Fraction(1, 2), False),
        (10, Fraction(1, 4), True),
        (265, Fraction(1, 4), False),
    ]
    assert [each.reduction for each in broken.coverage] == [Fraction(1, 2), 0, Fraction(1, 4)]


def test_a_certificate_counts_for_the_companies_it_names_once_it_is_checked() -> None:
    sister = certificate("2", "2025-01-01", "2025-12-31", kvk=("99990002",))
    unchecked = certificate("2", "2025-01-01", "2025-12-31", checked_on=None)
    assessed = assess(dossier(Y2025, certificates=[sister, unchecked]), END)

    assert assessed.exempted_cents == 0
    assert [each.certificate for each in assessed.coverage] == [None]


def test_the_mark_30_plus_gives_its_own_reduction_where_that_is_higher() -> None:
    held = certificate("basis", "2025-01-01", "2025-12-31", thirty_plus=True)
    assessed = assess(dossier(Y2025, policies="stepped", certificates=[held]), day("2025-05-01"))

    assert (assessed.exempted_cents, assessed.status) == (assessed.gross_cents, Standing.EXEMPT)


def test_an_entry_condition_is_shown_as_met_or_not_and_exempts_nothing() -> None:
    held = certificate("1", "2025-01-01", "2025-12-31")
    facts = dossier(Y2025, policies="pso-required", certificates=[held], awarded_on=day("2024-12-01"))
    late, met = assess(facts, END), assess(replace(facts, terms=replace(facts.terms, awarded_on=None)), END)

    assert late.entry is not None and met.entry is not None
    assert (late.entry.met, met.entry.met) == (False, True)
    assert met.exempted_cents == 0
    assert assessment_to_json(met)["entry_condition"] == {"required_level": "basis", "on": "2025-01-01", "met": True}


def test_what_a_certificate_that_is_not_renewed_puts_at_risk() -> None:
    held = [certificate("2", "2025-01-01", "2025-06-30")]
    pro_rata = assess(dossier(Y2025, certificates=held), day("2025-05-01"))
    every_day = assess(dossier(Y2025, policies="stepped-every-day", certificates=held), day("2025-05-01"))
    at_award = assess(dossier(Y2025, policies="stepped-at-award", certificates=held), day("2025-05-01"))
    lapsed = assess(dossier(Y2025, certificates=held), day("2025-07-01"))

    assert pro_rata.at_risk is not None and every_day.at_risk is not None
    assert (pro_rata.at_risk.cents, pro_rata.at_risk.before) == (cents("25205.48"), day("2025-07-01"))
    assert every_day.at_risk.cents == cents("25000")
    assert at_award.at_risk is None and lapsed.at_risk is None
    assert assessment_to_json(pro_rata)["at_risk"]["certificate"] == "PSO-2025-01-01"


# Status and settlement


def owing(euro: str, settlement: str = "[settlement]\npenalty_factor = 1.5\nrepair_days = 90", **terms: Any) -> Dossier:
    rows = [activity("social-purchase", "2025-02-01", euro)]
    return dossier(Y2025, rows, policies=own_policy(settlement=settlement), contract_sum="100000", **terms)


@pytest.mark.parametrize(
    ("euro", "on", "status"),
    [
        ("10", "2024-12-31", Standing.NOT_STARTED),
        ("5000", "2025-06-30", Standing.FULFILLED),
        ("3000", "2025-06-30", Standing.ON_TRACK),
        ("1000", "2025-06-30", Standing.BEHIND),
        ("4999.99", "2026-01-01", Standing.SHORTFALL),
        ("5000", "2026-01-01", Standing.FULFILLED),
    ],
)
def test_the_first_status_that_holds(euro: str, on: str, status: Standing) -> None:
    assert assess(owing(euro), day(on)).status is status


def test_a_forecast_that_suffices_is_on_track() -> None:
    facts = dossier(Y2025, [placement("ww", "2025-07-01")], contract_sum="100000")

    assert assess(facts, day("2025-06-30")).status is Standing.ON_TRACK


def test_a_shortfall_is_settled_by_the_policy() -> None:
    closing = assess(owing("4000"), END).closing
    excused = assess(owing("4000", excused=True), END).closing
    unsettled = assess(owing("4000", settlement=""), END).closing

    assert closing is not None and excused is not None and unsettled is not None
    assert (closing.shortfall_cents, closing.penalty_cents, closing.due_on) == (100000, 150000, day("2026-03-31"))
    assert (excused.shortfall_cents, excused.penalty_cents, excused.excused) == (100000, 0, True)
    assert (unsettled.penalty_cents, unsettled.due_on) == (0, None)
    assert assessment_to_json(assess(owing("4000"), END))["settlement"]["penalty_cents"] == 150000


def test_a_dossier_of_another_rule_book_is_not_reckoned_by_this_one() -> None:
    with pytest.raises(RuleError, match="unknown_rules"):
        assess(replace(dossier(Y2025), rules=2), END)


# What only a program can ask


def test_a_percentage_of_parts_is_written_as_a_decimal() -> None:
    policy = own_policy('[exemption.reduction]\n"2" = 12.5\n"3" = 12.5')
    held = [certificate("2", "2025-01-01", "2025-12-31")]
    written = assessment_to_json(assess(dossier(Y2025, policies=policy, certificates=held), END))

    assert written["coverage"][0]["reduction_percent"] == "12.5"


def test_a_period_has_at_least_a_day() -> None:
    with pytest.raises(ValueError, match="no day"):
        Period(day("2025-01-02"), day("2025-01-01"))


def test_a_contract_that_ends_before_it_starts_has_no_parts() -> None:
    with pytest.raises(RuleError, match="end_before_start"):
        lay_out(dossier(("2025-01-02", "2025-01-01")).terms, [])


def test_a_block_that_a_table_does_not_have_is_an_error() -> None:
    with pytest.raises(RuleError, match="unknown_block"):
        table("utrecht-2024").block("wajong")
