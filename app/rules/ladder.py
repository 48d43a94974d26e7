"""The Prestatieladder Socialer Ondernemen (PSO): levels, certificates, and the coverage of a contract day by day.

A certificate counts when it covers the supplier's KvK number and was checked against the public register, on the days
of its validity before a withdrawal. The policy says which share of an obligation lapses while a level is held.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from app.rules.dates import ONE_DAY, Period, period

THIRTY_PLUS = "30+"


class Level(StrEnum):
    """The steps of the ladder, lowest first. The mark 30+ stands beside a level; it is no step."""

    ASPIRANT = "aspirant"
    BASIS = "basis"
    ONE = "1"
    TWO = "2"
    THREE = "3"


LEVELS = tuple(Level)


class Reductions(Protocol):
    """What the ladder asks of a policy."""

    @property
    def grace_days(self) -> int: ...

    def reduction(self, level: Level, *, thirty_plus: bool) -> Fraction: ...


@dataclass(frozen=True, slots=True)
class Certificate:
    """A PSO certificate and the KvK numbers it covers.

    It counts from the moment that it was checked, also for days before.
    """

    number: str
    level: Level
    valid_from: date
    valid_until: date
    kvk: tuple[str, ...]
    thirty_plus: bool = False
    withdrawn_on: date | None = None
    checked_on: date | None = None

    @property
    def held(self) -> Period | None:
        """The days on which it is valid and not withdrawn."""
        last = self.valid_until if self.withdrawn_on is None else min(self.valid_until, self.withdrawn_on - ONE_DAY)
        return period(self.valid_from, last)

    @property
    def rank(self) -> int:
        return LEVELS.index(self.level)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days on which one reduction holds, and the certificate that gives it.

    None for the certificate when the days are uncovered, or when `grace` says that a gap between two certificates is
    bridged.
    """

    days: Period
    reduction: Fraction
    certificate: Certificate | None = None
    grace: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The certificates that count for one supplier under one policy."""

    certificates: tuple[Certificate, ...]
    gaps: tuple[Stretch, ...]
    policy: Reductions

    @classmethod
    def of(cls, certificates: Iterable[Certificate], kvk: str, policy: Reductions) -> Ladder:
        counting = tuple(each for each in certificates if each.checked_on is not None and kvk in each.kvk and each.held)
        return cls(counting, tuple(_gaps(counting, policy)), policy)

    def coverage(self, days: Period) -> tuple[Stretch, ...]:
        """The stretches of `days`, in order, without holes: on each day the certificate with the highest reduction."""
        held = [each.held for each in self.certificates if each.held] + [gap.days for gap in self.gaps]
        cuts = [day for each in held for day in (each.first, each.last + ONE_DAY)]
        return joined(self._stretch(piece) for piece in days.cut(cuts))

    def on(self, day: date) -> Stretch:
        return self._stretch(Period(day, day))

    def _stretch(self, piece: Period) -> Stretch:
        """What holds on a piece of days on which nothing changes."""
        held = (each for each in self.certificates if each.held and piece.first in each.held)
        given = [Stretch(piece, reduction_of(each, self.policy), each) for each in held]
        bridged = [replace(gap, days=piece) for gap in self.gaps if piece.first in gap.days]
        return max([*given, *bridged], key=_preference, default=Stretch(piece, Fraction(0)))


def reduction_of(certificate: Certificate, policy: Reductions) -> Fraction:
    return policy.reduction(certificate.level, thirty_plus=certificate.thirty_plus)


def _preference(stretch: Stretch) -> tuple[Fraction, int, bool, date, str]:
    """The highest reduction holds, of equals the highest level (a bridged gap last).

    The rest only makes the choice stable.
    """
    held = stretch.certificate
    if held is None:
        return stretch.reduction, -1, False, date.min, ""
    return stretch.reduction, held.rank, held.thirty_plus, held.valid_until, held.number


def _gaps(certificates: Sequence[Certificate], policy: Reductions) -> Iterable[Stretch]:
    """The gaps that the policy's grace days bridge, with the lower reduction of the certificates on both sides."""
    lasting = [each for each in certificates if each.withdrawn_on is None]
    starting = sorted(lasting, key=lambda each: each.valid_from)
    starts = [each.valid_from for each in starting]
    for ended in lasting:
        first = ended.valid_until + ONE_DAY
        near = slice(bisect_right(starts, first), bisect_right(starts, first + timedelta(days=policy.grace_days)))
        for renewed in starting[near]:
            lower = min(reduction_of(ended, policy), reduction_of(renewed, policy))
            yield Stretch(Period(first, renewed.valid_from - ONE_DAY), lower, grace=True)


def joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """Neighbours that differ only in their days as one stretch."""
    made: list[Stretch] = []
    for each in stretches:
        if made and replace(made[-1], days=each.days) == each:
            made[-1] = replace(each, days=Period(made[-1].days.first, each.days.last))
        else:
            made.append(each)
    return tuple(made)


def within(coverage: Sequence[Stretch], days: Period) -> list[Stretch]:
    """The stretches of `days`, cut to them, out of a coverage that holds them all."""
    firsts = [each.days.first for each in coverage]
    found = coverage[max(0, bisect_right(firsts, days.first) - 1) : bisect_left(firsts, days.last + ONE_DAY)]
    return [replace(each, days=overlap) for each in found if (overlap := each.days.overlap(days))]
