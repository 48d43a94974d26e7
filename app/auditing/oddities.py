"""What is odd in a month of the log: pure, from who did what when. It accuses nobody; it says where to look.

Thresholds are ours: low enough that somebody who copies files is seen, high enough that a plain month shows nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from statistics import median

FIRST_HOUR, LAST_HOUR = 6, 22
"""Between these hours, on a working day, people work."""
SATURDAY = 5
MANY_LOOKS = 20
"""Files and exports that one person opens on a day; a leader who judges a quarter opens about ten."""
TIMES_OTHERS = 3
"""And so many times what the days of the others count in the middle: where all open many, many is not odd."""
MANY_CHANGES = 200
"""Records that one person leaves on a day; whoever enters by hand leaves tens."""
MANY_REFUSALS = 5
"""Refused log-ins for one person on a day."""
LOOKS = frozenset({"evidence.view", "person.export"})
REFUSALS = frozenset({"account.refuse", "account.refuse_second_step"})
RIGHTS = frozenset(
    {
        "membership.invite",
        "membership.change",
        "membership.restore",
        "membership.reset_second_factor",
        "user.reactivate",
        "user.reset_second_factor",
    }
)


class Oddity(StrEnum):
    """Why something is listed."""

    ODD_HOURS = "odd_hours"
    MANY_LOOKS = "many_looks"
    MANY_CHANGES = "many_changes"
    REFUSED = "refused"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Act:
    """A record: `at` in the Netherlands, `who` by id; `is_supplier`: who works for a supplier, at whatever hour."""

    record_id: int
    at: datetime
    who: int
    action: str
    is_supplier: bool = False

    @property
    def is_at_odd_hours(self) -> bool:
        return self.at.weekday() >= SATURDAY or not FIRST_HOUR <= self.at.hour < LAST_HOUR


@dataclass(frozen=True, slots=True)
class Odd:
    """What one person did on a day that is odd for one reason, in the order of time."""

    oddity: Oddity
    who: int
    on: date
    acts: Sequence[Act]

    @property
    def number(self) -> int:
        return len(self.acts)


def oddities(acts: Iterable[Act]) -> list[Odd]:
    """What is odd, the latest day last; of one day in the order of the reasons."""
    days: dict[tuple[int, date], list[Act]] = defaultdict(list)
    for act in sorted(acts, key=lambda each: (each.at, each.record_id)):
        days[act.who, act.at.date()].append(act)
    looks = {key: [act for act in found if act.action in LOOKS] for key, found in days.items()}
    found = [odd for key, of_day in days.items() for odd in _of_day(*key, of_day, _usual(looks, key[0]))]
    return sorted(found, key=lambda each: (each.on, list(Oddity).index(each.oddity), each.who))


def _of_day(who: int, on: date, acts: Sequence[Act], usual: float) -> Iterator[Odd]:
    own = [act for act in acts if act.action not in REFUSALS]
    late = [act for act in own if act.is_at_odd_hours and (act.action in LOOKS or not act.is_supplier)]
    if late:
        yield Odd(Oddity.ODD_HOURS, who, on, late)
    looks = [act for act in own if act.action in LOOKS]
    if len(looks) >= MANY_LOOKS and len(looks) >= TIMES_OTHERS * usual:
        yield Odd(Oddity.MANY_LOOKS, who, on, looks)
    if len(own) >= MANY_CHANGES:
        yield Odd(Oddity.MANY_CHANGES, who, on, own)
    refused = [act for act in acts if act.action in REFUSALS]
    if len(refused) >= MANY_REFUSALS:
        yield Odd(Oddity.REFUSED, who, on, refused)
    rights = [act for act in own if act.action in RIGHTS]
    if rights:
        yield Odd(Oddity.RIGHTS, who, on, rights)


def _usual(looks: dict[tuple[int, date], list[Act]], who: int) -> float:
    """How many files the others open on a day on which they open any, in the middle."""
    others = [len(found) for (other, _day), found in looks.items() if other != who and found]
    return median(others) if others else 0
