"""Until when people are kept, and what holds them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.retention.terms import Ending, Hold, Term, term_of
from app.rules import assess
from app.rules.assessment import Closing, Standing
from app.rules.dates import Period
from tests.rules.making import a1

FIGURES = replace(
    assess(a1(), date(2026, 12, 31)),
    term=Period(date(2025, 1, 1), date(2026, 12, 31)),
    on=date(2029, 1, 1),
    status=Standing.FULFILLED,
    closing=None,
)
SHORT = replace(FIGURES, status=Standing.SHORTFALL, closing=Closing(1, 1, date(2027, 1, 30), False))


@pytest.mark.parametrize(
    ("ending", "term"),
    [
        (Ending(FIGURES), Term(date(2028, 12, 31))),
        (Ending(FIGURES, settled_on=date(2027, 3, 15)), Term(date(2029, 3, 15))),
        (Ending(SHORT, settled_on=date(2027, 1, 2)), Term(date(2029, 1, 30))),
        (Ending(SHORT), Term(date(2029, 1, 30), (Hold.UNSETTLED,))),
        (Ending(SHORT, is_proposed=True), Term(date(2029, 1, 30), (Hold.PROPOSED,))),
        (Ending(FIGURES, has_waiting=True), Term(date(2028, 12, 31), (Hold.WAITING,))),
    ],
)
def test_so_long_after_the_last_thing_that_depends_on_them(ending: Ending, term: Term) -> None:
    assert term_of(ending, 24) == term


def test_it_is_due_from_its_day_on_unless_something_holds_it() -> None:
    term = Term(date(2028, 12, 31))

    assert [term.is_due(day) for day in (date(2028, 12, 30), date(2028, 12, 31))] == [False, True]
    assert not replace(term, holds=(Hold.WAITING,)).is_due(date(2030, 1, 1))
