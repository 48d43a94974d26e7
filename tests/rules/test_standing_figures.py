"""What stays open, what is behind, what is over, and what hangs on one certificate: from the figures of example A1."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.rules import assess
from app.rules.assessment import exempted_through
from tests.rules.making import a1, day

ON = day("2026-11-24")


def test_in_the_term_what_stays_open_is_net_less_forecast() -> None:
    figures = assess(a1(), ON)

    assert figures.open_cents == 47_003_42 - 42_041_78
    assert figures.coming_cents == 42_041_78 - 38_900_00
    assert figures.behind_cents == 43_835_62 - 38_900_00
    assert figures.surplus_cents == 0


def test_after_the_term_it_is_what_is_short() -> None:
    figures = assess(a1(), day("2027-01-01"))

    assert figures.open_cents == figures.remaining_cents > 0


def test_who_did_more_than_is_owed_has_a_surplus_and_nothing_open() -> None:
    facts = a1()
    figures = assess(replace(facts, terms=replace(facts.terms, percentage=Decimal(1))), ON)

    assert figures.surplus_cents == figures.credited_cents - figures.net_cents > 0
    assert (figures.open_cents, figures.coming_cents, figures.behind_cents) == (0, 0, 0)


@pytest.mark.parametrize(("is_alone", "cents"), [(True, 15_496_58), (False, 0)])
def test_what_is_exempted_through_a_certificate_is_what_would_not_be_without_it(is_alone: bool, cents: int) -> None:
    facts = a1()
    (held,) = facts.certificates
    second = replace(held, number="PSO-2")
    facts = facts if is_alone else replace(facts, certificates=(held, second))

    assert exempted_through(facts, held, ON) == cents
