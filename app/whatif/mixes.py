"""Three concrete ways to fill what stays open on a contract, reckoned from its own table by the rule book.

Pure and without chance: the same facts on the same day give the same three. Which ones are proposed is ours:

1. people of the block that counts most, as few as possible, at 32 hours a week or else full time;
2. the rest of the amount as an activity: a purchase where the table has one, up to the cap, people for what is over it;
3. at least two people, part time where that is enough, of the block in the middle of the table's values.

Each lasts as many whole months as are needed, or to the end of the contract. A way that would take more people than
anybody would believe is left out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from app.rules import Assessment, Dossier
from app.rules.activities import cap_cents, value_all
from app.rules.assessment import Standing
from app.rules.credit import count_all, lines_of, measures
from app.rules.dates import ONE_DAY, Period, add_months, period
from app.rules.dossier import Status
from app.rules.money import CENTS_IN_EURO
from app.rules.tables import BY_QUANTITY, Block, Per
from app.whatif.scenario import MOST_PEOPLE, Effort, People, Work, added_cents

USUAL_HOURS, PART_TIME_HOURS = Decimal(32), Decimal(24)
MONTHS_IN_YEAR = 12
OWING = (Standing.NOT_STARTED, Standing.ON_TRACK, Standing.BEHIND)
"""The states in which something can still be done that takes away from what is owed."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Efforts together, and what they would be credited at the end of the contract."""

    efforts: tuple[Effort, ...]
    value_cents: int


def mixes_of(dossier: Dossier, figures: Assessment) -> tuple[Mix, ...]:
    """The ways to fill what stays open as of the day of these figures; none when nothing does, or it is too late."""
    days = period(max(figures.on, figures.term.first), figures.term.last)
    if days is None or figures.status not in OWING or not figures.open_cents:
        return ()
    search = _Search(dossier, figures, days)
    found = dict.fromkeys(filter(None, (search.few_people(), search.activity(), search.several_people())))
    return tuple(Mix(efforts, added_cents(dossier, efforts)) for efforts in found)


class _Search:
    """Looks for efforts that come to an amount within the days that are left."""

    def __init__(self, dossier: Dossier, figures: Assessment, days: Period) -> None:
        self.dossier, self.figures, self.days = dossier, figures, days
        self.table = dossier.rate_table
        self.wanted = figures.open_cents
        blocks = [each for each in self.table.blocks.values() if each.is_for_placements and each.value_cents]
        self.blocks = sorted(blocks, key=_yearly, reverse=True)

    def few_people(self) -> tuple[Effort, ...]:
        return self._people(self.blocks[0], (USUAL_HOURS,), self.wanted) if self.blocks else ()

    def several_people(self) -> tuple[Effort, ...]:
        middle = self._middle()
        return self._people(middle, (PART_TIME_HOURS, USUAL_HOURS), self.wanted, at_least=2) if middle else ()

    def activity(self) -> tuple[Effort, ...]:
        """What the cap leaves no room for is filled by people."""
        block, room = self._block_of_work(), self._room()
        if block is None or not room:
            return ()
        work = (_work_of(block, min(self.wanted, room), self.days.first),)
        if self.wanted <= room:
            return work
        middle = self._middle()
        people = self._people(middle, (USUAL_HOURS,), self.wanted - room) if middle else ()
        return work + people if people else ()

    def _middle(self) -> Block | None:
        """Of the blocks but the first the one in the middle; the first when there is no other."""
        others = self.blocks[1:] or self.blocks
        return others[(len(others) - 1) // 2] if others else None

    def _people(self, block: Block, hours: Sequence[Decimal], wanted: int, at_least: int = 1) -> tuple[Effort, ...]:
        """As few people as come to the amount, for no more hours and days than it takes; full time where less won't."""
        full_time = self.table.full_time_hours
        options = sorted({min(each, full_time) for each in (*hours, full_time)})
        most = self._worth(block, full_time, self.days.last)
        number = max(at_least, ceil(Fraction(wanted, most))) if most else 0
        if not 0 < number <= MOST_PEOPLE:
            return ()
        of_each = ceil(Fraction(wanted, number))
        enough = next(each for each in options if self._worth(block, each, self.days.last) >= of_each)
        ends = list(_ends(self.days))
        place = bisect_left(ends, of_each, key=lambda end: self._worth(block, enough, end))
        return (People(block.code, self.days.first, enough, ends[place], number),)

    def _worth(self, block: Block, hours: Decimal, last: date) -> int:
        """What one person would be credited up to that day."""
        placement = People(block.code, self.days.first, hours).placement("-")
        (count,) = count_all([placement], self.table, self.figures.term)
        return sum(line.cents for line in lines_of(count, measures(count, self.table, last)))

    def _block_of_work(self) -> Block | None:
        """A purchase before hours and days, those before what must be agreed first; of purchases the best factor."""
        blocks = [each for each in self.table.blocks.values() if each.is_for_activities]
        return min(blocks, key=_order_of_work, default=None)

    def _room(self) -> int:
        """What the cap leaves for activities; all that is wanted when there is no cap."""
        cap = cap_cents(self.dossier.terms.activity_cap, self.figures.gross_cents)
        if cap is None:
            return self.wanted
        approved = [each for each in self.dossier.activities if each.status is Status.APPROVED]
        valued = value_all(approved, self.table, self.figures.term, cap, self.figures.term.last)
        return cap - sum(each.counted_cents for each in valued)


def _yearly(block: Block) -> int:
    return block.value_cents * (MONTHS_IN_YEAR if block.per is Per.MONTH else 1)


def _ends(days: Period) -> Iterator[date]:
    """The last day after each whole month, and the last of all."""
    months = 1
    while (end := add_months(days.first, months) - ONE_DAY) < days.last:
        yield end
        months += 1
    yield days.last


def _order_of_work(block: Block) -> tuple[int, Fraction]:
    kind = 0 if block.per is Per.INVOICE else 1 if block.per in BY_QUANTITY else 2
    return kind, -block.factor


def _work_of(block: Block, wanted: int, on: date) -> Work:
    """An activity that comes to the amount: in whole euro, or in whole hours or days."""
    if block.per in BY_QUANTITY:
        return Work(block.code, on, quantity=Decimal(ceil(Fraction(wanted, block.value_cents))))
    amount = ceil(wanted / block.factor / CENTS_IN_EURO) * CENTS_IN_EURO
    by_day = block.maximum_per_day_cents
    return Work(block.code, on, amount, Decimal(ceil(Fraction(amount, by_day))) if by_day else None)
