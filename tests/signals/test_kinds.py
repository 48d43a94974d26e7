"""Signals follow from facts and a day: each kind with its euro, its key, and when it is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings

from app.planning.periods import PeriodState, ReportState
from app.rules import Dossier, assess, faults
from app.rules.assessment import Standing
from app.rules.dates import Period
from app.rules.dossier import Status
from app.signals.kinds import Agreed, Beside, Dispute, Kind, Signal, Submission, signals_of
from tests.rules import making as make
from tests.rules.strategies import START, days_from, dossiers

ON = date(2026, 6, 1)


def signals(dossier: Dossier, on: date = ON, beside: Beside | None = None, **asked: Any) -> Sequence[Signal]:
    return signals_of(dossier, assess(dossier, on), beside or Beside(), **asked)


def kinds(dossier: Dossier, on: date = ON, beside: Beside | None = None) -> list[Kind]:
    return [each.kind for each in signals(dossier, on, beside)]


def the(kind: Kind, dossier: Dossier, on: date = ON, beside: Beside | None = None) -> Signal:
    [found] = [each for each in signals(dossier, on, beside) if each.kind is kind]
    return found


def test_behind_and_short_are_what_the_rule_book_says_of_the_contract() -> None:
    dossier = make.dossier()
    figures = assess(dossier, ON)
    behind = the(Kind.BEHIND, dossier)
    assert figures.status is Standing.BEHIND
    assert (behind.cents, behind.values["behind"]) == (figures.open_cents, figures.behind_cents)
    later = the(Kind.BEHIND, dossier, ON + timedelta(days=60))
    assert later.values != behind.values
    assert later.key == behind.key  # the same facts on another day
    more = make.dossier(contributions=[make.activity("social-purchase", "2026-03-01", "1000.00")])
    assert the(Kind.BEHIND, more).key != behind.key

    after = date(2027, 3, 1)
    short = the(Kind.SHORTFALL, dossier, after)
    assert (short.cents, short.is_urgent) == (assess(dossier, after).remaining_cents, True)
    assert Kind.SHORTFALL not in kinds(dossier, after, Beside(is_settled=True))
    assert kinds(replace(dossier, terms=replace(dossier.terms, excused=True)), after) == []


def test_a_certificate_reminds_at_each_of_the_days_and_is_urgent_in_the_last_week() -> None:
    dossier = make.dossier(certificates=[make.certificate("2", "2025-01-01", "2026-08-31")])
    before = date(2026, 9, 1)
    risk = assess(dossier, ON).at_risk
    assert risk is not None
    assert kinds(dossier, before - timedelta(days=91)) == []
    found = [the(Kind.LAPSING, dossier, before - timedelta(days=days)) for days in (90, 31, 30, 8, 7, 1)]
    assert {each.cents for each in found} == {risk.cents}
    assert [each.is_urgent for each in found] == [False, False, False, False, True, True]
    keys = [each.key for each in found]
    assert (keys[0], keys[2], keys[4]) == (keys[1], keys[3], keys[5])
    assert len(set(keys)) == 3

    renewed = make.certificate("2", "2026-09-01", "2028-08-31")
    both = replace(dossier, certificates=(*dossier.certificates, renewed))
    assert kinds(both, before - timedelta(days=1)) == []


def test_a_withdrawn_certificate_costs_what_it_would_have_exempted() -> None:
    certificate = make.certificate("2", "2025-01-01", "2026-12-31")
    withdrawn = make.certificate("2", "2025-01-01", "2026-12-31", withdrawn="2026-05-01")
    held, lost = make.dossier(certificates=[certificate]), make.dossier(certificates=[withdrawn])
    found = the(Kind.WITHDRAWN, lost)
    assert found.cents == assess(held, ON).exempted_cents - assess(lost, ON).exempted_cents > 0
    assert (found.subject, found.is_urgent) == (withdrawn.number, True)
    ahead = date(2026, 4, 20)
    assert Kind.WITHDRAWN in kinds(lost, ahead)
    assert Kind.LAPSING not in kinds(lost, ahead)
    assert Kind.WITHDRAWN not in kinds(lost, date(2027, 1, 1))
    unchecked = make.dossier(certificates=[replace(withdrawn, checked_on=None)])
    assert Kind.WITHDRAWN not in kinds(unchecked)


def test_a_placement_that_ends_early_is_worth_what_a_successor_would_bring() -> None:
    ending = make.placement("participatiewet", "2026-01-01", "2026-06-30", reference="P1")
    dossier = make.dossier(contributions=[ending], contract_sum="5000000")
    found = the(Kind.PLACEMENT, dossier)
    going_on = replace(dossier, placements=(replace(ending, ends_on=None),))
    gained = assess(going_on, ON).forecast_cents - assess(dossier, ON).forecast_cents
    assert gained > 0
    assert found.cents == min(gained, assess(dossier, ON).open_cents)
    assert found.values["could"] > found.values["last"] == date(2026, 6, 30)

    follows = make.placement("participatiewet", "2026-07-01", reference="P2", person="2")
    assert Kind.PLACEMENT not in kinds(replace(dossier, placements=(ending, follows)))
    waits = replace(follows, status=Status.SUBMITTED)
    assert Kind.PLACEMENT not in kinds(replace(dossier, placements=(ending, waits)))
    twin = replace(ending, reference="P3", person="3")
    unfollowed = signals(replace(dossier, placements=(ending, twin, follows)))
    assert [each.subject for each in unfollowed if each.kind is Kind.PLACEMENT] == ["P3"]
    assert Kind.PLACEMENT not in kinds(dossier, date(2026, 3, 1))  # still too far
    assert Kind.PLACEMENT not in kinds(dossier, date(2026, 8, 1))  # too long ago


def test_what_waits_is_reckoned_by_the_corporations_own_days() -> None:
    waiting = make.placement("participatiewet", "2026-01-01", reference="P1", status=Status.SUBMITTED)
    dossier = make.dossier(contributions=[waiting])
    beside = Beside(submissions=[Submission(7, "P1", ON - timedelta(days=15), is_supported=False)])
    value = next(each for each in assess(dossier, ON).contributions if each.reference == "P1").value_cents
    late = the(Kind.WAITING, dossier, beside=beside)
    assert (late.cents, late.leads_to, late.values["days"]) == (value, 7, 15)
    assert the(Kind.UNPROVEN, dossier, beside=beside).cents == value
    patient = signals_of(dossier, assess(dossier, ON), beside, judging_days=15)
    assert Kind.WAITING not in [each.kind for each in patient]
    shown = Beside(submissions=[replace(beside.submissions[0], is_supported=True)])
    assert Kind.UNPROVEN not in kinds(dossier, beside=shown)


def test_what_others_say_and_what_was_agreed() -> None:
    counted = make.placement("participatiewet", "2026-01-01", reference="P1")
    dossier = make.dossier(contributions=[counted])
    days = Period(date(2026, 1, 1), date(2026, 3, 31))
    beside = Beside(
        unreported=[PeriodState(days, ReportState.OVERDUE, None, 48)],
        disputes=[Dispute(3, 7, "P1", "De Linde", "hours", "Het waren er 20.", ON)],
        agreed=[Agreed(5, "Plan sturen", "de uitvoerder", ON - timedelta(days=1))],
    )
    figures = assess(dossier, ON)
    found = {each.kind: each for each in signals(dossier, beside=beside)}
    assert found[Kind.UNREPORTED].cents == figures.behind_cents
    assert found[Kind.DISPUTED].cents == figures.contributions[0].value_cents
    assert (found[Kind.DISPUTED].is_urgent, found[Kind.DISPUTED].leads_to) == (True, 7)
    assert found[Kind.ACTION].leads_to == 5
    cents = [each.cents for each in signals(dossier, beside=beside)]
    assert cents == sorted(cents, reverse=True)


@pytest.mark.parametrize("on", [date(2024, 12, 1), date(2027, 2, 1)])
def test_a_contract_without_an_obligation_asks_for_nothing(on: date) -> None:
    dossier = make.dossier()
    assert kinds(replace(dossier, terms=replace(dossier.terms, percentage=dossier.terms.percentage * 0)), on) == []


@settings(max_examples=100, deadline=None)
@given(dossiers(), days_from(START, -40, 560))
def test_whatever_the_facts_are_signals_can_be_reckoned(dossier: Dossier, on: date) -> None:
    assume(not faults(dossier))
    found = signals(dossier, on)
    assert all(each.cents > 0 for each in found)
    assert len({each.key for each in found}) == len(found)
