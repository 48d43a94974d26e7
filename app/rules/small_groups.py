"""Numbers of people in a table that is shown to others: small groups are kept back so that no person is recognised.

What is kept back cannot be reckoned from the total and the rest either: others go along until it can't.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

FEWEST = 5
"""Fewer people than this are not shown (ours; the limit that statistics offices commonly keep)."""

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Shown(Generic[Group]):
    """A table as it may be shown; None for a number that is kept back, also for the total."""

    numbers: Mapping[Group, int | None]
    total: int | None

    @property
    def is_whole(self) -> bool:
        """Whether nothing is kept back."""
        return self.total is not None and None not in self.numbers.values()


def shown(numbers: Mapping[Group, int], *, nobody_tells: bool = False) -> Shown[Group]:
    """The numbers of people by group, without those under `FEWEST`, nor others through which these would follow.

    They are kept back from the smallest on, those of one size together, until each of them may hold any of `FEWEST`
    numbers for all that the total, the rest and this very rule tell. When that is never so, nothing is shown of any
    group; nor of the total when it is under `FEWEST`.

    A group of nobody is shown, for nobody is recognised by it, unless `nobody_tells`: then that nobody is in one group
    says something of those in the others ("nobody of them found work"), and 0 is a small number.
    """
    fewest = 0 if nobody_tells else 1
    total, present = sum(numbers.values()), [number for number in numbers.values() if number >= fewest]
    if all(number >= FEWEST for number in present):
        return Shown(dict(numbers), total)
    for size in (FEWEST - 1, *sorted({number for number in present if number >= FEWEST})):
        kept, rest = [each for each in present if each <= size], [each for each in present if each > size]
        if _leeway(kept, fewest, min(rest, default=total + 1) - 1) >= FEWEST:
            told = {group: None if fewest <= number <= size else number for group, number in numbers.items()}
            return Shown(told, total)
    return Shown(dict.fromkeys(numbers), total if total >= FEWEST else None)


def _leeway(numbers: Sequence[int], fewest: int, most: int) -> int:
    """How many numbers one of some groups may hold, to whoever knows their sum and that each has `fewest` to `most`."""
    total, others = sum(numbers), len(numbers) - 1
    return min(most, total - others * fewest) - max(fewest, total - others * most) + 1
