"""A scenario is reckoned like what is really entered, and touches nothing of what is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.rules import RuleError, assess
from app.rules.assessment import Standing
from app.rules.ladder import Level
from app.whatif.scenario import NewLevel, People, Scenario, Work, outcome_of, with_scenario
from tests.rules.making import a1, certificate, day, dossier, placement

ON = date(2026, 11, 24)


def test_without_anything_all_stays_as_it_is() -> None:
    outcome = outcome_of(a1(), Scenario(), ON)

    assert outcome.after == outcome.before == assess(a1(), ON)
    assert outcome.end_after == outcome.end_before
    assert outcome.end_before.on == date(2027, 1, 1)
    assert not Scenario()


def test_efforts_and_a_level_are_reckoned_together() -> None:
    people = People("bbl", date(2026, 12, 1), Decimal(36), number=2, bonuses=("bonus-50plus",))
    work = Work("social-purchase", date(2026, 12, 24), 500_00)
    level = NewLevel(Level.TWO, date(2026, 12, 1), date(2028, 11, 30))

    outcome = outcome_of(a1(), Scenario((people, work), level), ON)

    assert [worth.cents for worth in outcome.worth] == [2 * (2_916_67 + 833_33), 500_00]
    assert outcome.end_after.credited_cents - outcome.end_before.credited_cents == 2 * 3_750_00 + 500_00
    # 62,500.00 x 181 / 730 days, and with the 31 days of December 212.
    assert (outcome.end_before.exempted_cents, outcome.end_after.exempted_cents) == (15_496_58, 18_150_68)
    assert outcome.before.due_cents == outcome.after.due_cents
    assert (outcome.end_before.status, outcome.end_after.status) == (Standing.SHORTFALL, Standing.FULFILLED)
    assert outcome.end_before.closing and outcome.end_before.closing.penalty_cents == outcome.end_before.remaining_cents


def test_what_is_added_is_another_person_and_another_reference() -> None:
    """Also beside a placement that happens to be called as the addition would be."""
    there = placement("ww", "2025-01-01", reference="new 1", person="new 1")
    facts = dossier(contributions=[there], tables="haaglanden-2023")

    added = with_scenario(facts, Scenario((People("ww", day("2026-01-01"), Decimal(36)),)))

    assert [each.reference for each in added.placements] == ["new 1", "new' 1"]
    assert assess(added, day("2026-12-31")).credited_cents == 2 * 20_000_00


def test_a_level_that_is_held_already_adds_nothing() -> None:
    facts = dossier(certificates=[certificate("3", "2025-01-01", "2026-12-31")])
    level = NewLevel(Level.TWO, day("2025-06-01"), day("2027-05-31"))

    outcome = outcome_of(facts, Scenario(level=level), day("2025-10-01"))

    assert outcome.end_after.exempted_cents == outcome.end_before.exempted_cents


def test_what_the_rule_book_refuses_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        outcome_of(a1(), Scenario((People("no-such-block", ON, Decimal(32)),)), ON)

    assert refused.value.code == "unknown_block"


def test_after_the_term_both_days_are_the_same() -> None:
    late = outcome_of(replace(a1(), placements=()), Scenario((Work("social-purchase", ON, 100_00),)), date(2027, 3, 1))

    assert late.is_over
    assert late.after == late.end_after
