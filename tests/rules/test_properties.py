"""What holds of every dossier: the rule book equals the slow reckoning by day, and the laws that the field expects."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from app.rules import Dossier, RuleError, assess, course, faults
from app.rules.assessment_json import assessment_to_json
from app.rules.dates import Period, add_months, months_of
from app.rules.dossier import Activity, Hours, Placement, Status
from app.rules.dossier_json import canonical, dossier_from_json, dossier_to_json
from app.rules.ladder import Certificate
from tests.rules import by_day
from tests.rules.making import dossier
from tests.rules.strategies import START, TABLE, activities, certificates, days_from, dossiers, placements

DAYS = days_from(START, -40, 560)


def sound(dossier: Dossier) -> Dossier:
    assume(not faults(dossier))
    return dossier


@given(dossiers(), DAYS)
def test_the_obligation_equals_a_reckoning_day_by_day(facts: Dossier, on: date) -> None:
    assessment = assess(sound(facts), on)

    assert (assessment.gross_cents, assessment.exempted_cents, assessment.due_cents) == by_day.obligation(facts, on)


@given(dossiers(), DAYS)
def test_each_placement_is_credited_as_in_a_reckoning_day_by_day(facts: Dossier, on: date) -> None:
    values = {each.reference: each.value_cents for each in assess(sound(facts), on).contributions}

    for placement in facts.placements:
        assert values[placement.reference] == by_day.credit(placement, facts, on)


@given(dossiers(), DAYS)
def test_exempted_lies_between_nothing_and_gross_and_due_between_nothing_and_net(facts: Dossier, on: date) -> None:
    assessment = assess(sound(facts), on)
    cent_a_part = len(assessment.parts)

    assert -cent_a_part <= assessment.exempted_cents <= assessment.gross_cents + cent_a_part
    assert -cent_a_part <= assessment.due_cents <= assessment.net_cents + cent_a_part


@given(dossiers(), DAYS)
def test_lines_add_up_to_contributions_and_those_to_the_totals(facts: Dossier, on: date) -> None:
    assessment = assess(sound(facts), on)
    approved = [each for each in assessment.contributions if each.status is Status.APPROVED]

    assert all(each.credited_cents == sum(line.cents for line in each.lines) for each in approved)
    assert assessment.credited_cents == sum(each.credited_cents for each in approved)
    assert assessment.gross_cents == sum(part.gross_cents for part in assessment.parts)
    assert assessment.net_cents == sum(part.gross_cents - part.exempted_cents for part in assessment.parts)


@given(dossiers(), DAYS)
def test_the_last_step_of_a_figure_is_the_figure(facts: Dossier, on: date) -> None:
    assessment = assess(sound(facts), on)
    explained = [key for key in assessment.explanation if key.endswith("_cents") and key != "over_cap_cents"]

    assert {key: assessment.explanation[key][-1].result for key in explained} == {
        key: getattr(assessment, key) for key in explained
    }


@given(dossiers(), DAYS)
def test_a_dossier_read_back_from_its_json_gives_the_same_assessment(facts: Dossier, on: date) -> None:
    written = canonical(dossier_to_json(sound(facts)))
    read = dossier_from_json(json.loads(written))

    assert canonical(dossier_to_json(read)) == written
    assert canonical(assessment_to_json(assess(read, on))) == canonical(assessment_to_json(assess(facts, on)))


@given(dossiers(with_amendments=False), certificates(), DAYS)
def test_one_more_certificate_never_raises_the_obligation(facts: Dossier, more: Certificate, on: date) -> None:
    assume(not faults(replace(facts, certificates=(*facts.certificates, more))))
    before, after = assess(facts, on), assess(replace(facts, certificates=(*facts.certificates, more)), on)

    assert after.net_cents <= before.net_cents
    assert after.due_cents <= before.due_cents


@given(dossiers(), st.one_of(placements(), activities()), DAYS)
def test_one_more_approved_contribution_of_somebody_new_never_credits_less(
    facts: Dossier, more: Placement | Activity, on: date
) -> None:
    assume(not faults(facts))
    if isinstance(more, Placement):
        new = replace(more, reference="99", person="99", status=Status.APPROVED)
        richer = replace(facts, placements=(*facts.placements, new))
    else:
        invoice = replace(more, reference="99", status=Status.APPROVED)
        richer = replace(facts, activities=(*facts.activities, invoice))

    assert assess(richer, on).credited_cents >= assess(facts, on).credited_cents


@given(placements(), st.integers(1, 200), DAYS)
def test_splitting_the_hours_at_a_day_changes_nothing(placement: Placement, after: int, on: date) -> None:
    cut = placement.starts_on + timedelta(days=after)
    assume(all(each.starts_on != cut for each in placement.hours))
    held = [each for each in placement.hours if each.starts_on < cut][-1]
    hours = tuple(sorted((*placement.hours, Hours(cut, held.a_week)), key=lambda each: each.starts_on))
    term = (START.isoformat(), (START + timedelta(days=500)).isoformat())
    whole = replace(placement, reference="P1", status=Status.APPROVED)
    one = assess(dossier(term, [whole], tables=TABLE), on)
    two = assess(dossier(term, [replace(whole, hours=hours)], tables=TABLE), on)

    assert one.contributions[0].lines == two.contributions[0].lines


@given(st.dates(date(1999, 1, 1), date(2040, 1, 1)), st.integers(1, 60), st.integers(1, 1800))
def test_n_months_count_n_whatever_the_calendar(anchor: date, months: int, cut: int) -> None:
    whole = Period(anchor, add_months(anchor, months) - timedelta(days=1))
    pieces = list(whole.cut([anchor + timedelta(days=cut)]))

    assert months_of(whole, anchor) == months
    assert sum((months_of(piece, anchor) for piece in pieces), Fraction(0)) == months


@given(dossiers())
def test_the_course_shows_the_figures_of_the_assessment(facts: Dossier) -> None:
    for point in course(sound(facts)):
        assessment = assess(facts, point.on)
        assert (point.due_cents, point.credited_cents) == (assessment.due_cents, assessment.credited_cents)


@given(dossiers(), DAYS)
def test_what_is_at_risk_is_part_of_the_obligation(facts: Dossier, on: date) -> None:
    assessment = assess(sound(facts), on)

    if assessment.at_risk:
        assert 0 <= assessment.at_risk.cents <= assessment.net_cents + len(assessment.parts)
        assert on < assessment.at_risk.before <= assessment.term.last


@given(dossiers(), st.decimals(-5, 105, places=1))
def test_facts_are_refused_with_an_error_of_the_rule_book_and_no_other(facts: Dossier, percentage: Decimal) -> None:
    odd = replace(facts, terms=replace(facts.terms, percentage=percentage))
    try:
        assess(odd, START)
    except RuleError as refused:
        assert refused.code and refused.values
