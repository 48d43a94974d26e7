"""Periods of whole days, and months counted from an anchor.

A period is measured in months from its own first day: month n runs from `add_months(anchor, n)` to the day before
`add_months(anchor, n + 1)`, and a day is worth one over the number of days of the month it lies in. So a year counts
exactly 12, and cutting a period at a day never changes the total (ours, domain.md section 1).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included; at least one day."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"a period of no day: {self.first} to {self.last}")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def overlap(self, other: Period) -> Period | None:
        return period(max(self.first, other.first), min(self.last, other.last))

    def until(self, day: date) -> Period | None:
        """What of this period has passed at the end of `day`."""
        return period(self.first, min(self.last, day))

    def cut(self, starts: Iterable[date]) -> Iterator[Period]:
        """This period in pieces, a new one beginning at each of `starts` that lies within."""
        firsts = sorted({self.first, *(day for day in starts if day in self)})
        for first, following in pairwise([*firsts, self.last + ONE_DAY]):
            yield Period(first, following - ONE_DAY)


def period(first: date, last: date) -> Period | None:
    """The days from `first` to `last`, or None when there are none."""
    return Period(first, last) if first <= last else None


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later (or earlier), at most the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_before(anchor: date, day: date) -> Fraction:
    """The months from the start of `anchor` to the start of `day` (not before the anchor), exactly."""
    whole = (day.year - anchor.year) * 12 + day.month - anchor.month
    if add_months(anchor, whole) > day:
        whole -= 1
    starts, ends = add_months(anchor, whole), add_months(anchor, whole + 1)
    return whole + Fraction((day - starts).days, (ends - starts).days)


def months_of(days: Period, anchor: date) -> Fraction:
    """How many months the days count, measured from `anchor` (not after the first of them), exactly."""
    return months_before(anchor, days.last + ONE_DAY) - months_before(anchor, days.first)
