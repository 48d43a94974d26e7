"""Until when the people of a contract are kept: pure, from how the contract ended.

So many months after the last day on which something could still depend on them. What is not finished holds them back,
and says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.rules import Assessment
from app.rules.assessment import Standing
from app.rules.dates import add_months


class Hold(StrEnum):
    """Why people are kept although the time is over."""

    WAITING = "waiting"
    """A contribution waits to be submitted or judged."""
    UNSETTLED = "unsettled"
    """Something is short and the contract is not settled."""
    PROPOSED = "proposed"
    """A settlement is proposed and not confirmed."""
    DISPUTED = "disputed"
    """The other side says no to what counts or waits, and nobody closed the signal of it."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a contract ended: its figures as of today, and what was decided about it."""

    figures: Assessment
    settled_on: date | None = None
    is_proposed: bool = False
    has_waiting: bool = False
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """People are kept through the day before `until`; `holds` keep them longer."""

    until: date
    holds: tuple[Hold, ...] = ()

    def is_over(self, on: date) -> bool:
        return on >= self.until

    def is_due(self, on: date) -> bool:
        """Whether they are to be erased on that day."""
        return self.is_over(on) and not self.holds


def term_of(ending: Ending, months: int) -> Term:
    """How long the people of a contract are kept: so many months after its term, its repair and its settlement."""
    closing = ending.figures.closing
    days = [ending.figures.term.last, closing.due_on if closing else None, ending.settled_on]
    last = max(day for day in days if day is not None)
    return Term(add_months(last, months), tuple(_holds(ending)))


def _holds(ending: Ending) -> Iterator[Hold]:
    if ending.has_waiting:
        yield Hold.WAITING
    if ending.is_disputed:
        yield Hold.DISPUTED
    if ending.is_proposed:
        yield Hold.PROPOSED
    elif ending.figures.status is Standing.SHORTFALL and ending.settled_on is None:
        yield Hold.UNSETTLED
