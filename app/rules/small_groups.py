"""Numbers of people in a table that is shown to others: small groups are kept back so that no person is recognised.

What is kept back cannot be reckoned from the total and the rest either: for that the smallest of the others goes along.
"""

from __future__ import annotations

from collections.abc import Mapping
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


def shown(numbers: Mapping[Group, int]) -> Shown[Group]:
    """The numbers of people by group, without those under `FEWEST`, nor others through which these would follow.

    A total under `FEWEST` shows nothing at all. Otherwise with the small groups, 0 included, goes the smallest of the
    others, and every group of that same size: so what is kept back is never known by its size or its place.
    """
    total = sum(numbers.values())
    if total < FEWEST:
        return Shown(dict.fromkeys(numbers), None)
    large = [number for number in numbers.values() if number >= FEWEST]
    has_small = len(large) < len(numbers)
    kept_back = min(large, default=0) if has_small else 0
    return Shown(
        {group: number if number >= FEWEST and number > kept_back else None for group, number in numbers.items()}, total
    )
