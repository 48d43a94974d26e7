"""What activities are credited: invoices, hours, days and agreed work, under the contract's cap."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.rules.dates import Period
from app.rules.dossier import Activity, Status
from app.rules.money import part_of_whole, to_cents
from app.rules.tables import BY_QUANTITY, Block, Per, RateTable

COUNTING = (Status.APPROVED, Status.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Valued:
    """A submitted or approved activity: its full value, and what of it the cap leaves.

    Both cents, 0 when it doesn't count.
    """

    activity: Activity
    block: Block
    value_cents: int
    counted_cents: int
    room_cents: int | None = None
    reason: str | None = None

    @property
    def over_cap_cents(self) -> int:
        return self.value_cents - self.counted_cents


def exact_value(activity: Activity, block: Block) -> Fraction:
    """The effort value in exact cents, before the cap."""
    if block.per in BY_QUANTITY:
        return block.value_cents * Fraction(activity.quantity or 0)
    amount = Fraction(activity.amount_cents or 0)
    if block.per is Per.AGREED and block.maximum_per_day_cents is not None:
        days = Fraction(1 if activity.quantity is None else activity.quantity)
        return min(amount, block.maximum_per_day_cents * days)
    return amount * block.factor


def cap_cents(activity_cap: Decimal | None, gross_cents: int) -> int | None:
    """What activities may count together: a percentage of the gross obligation as shown; None when nothing binds.

    Rounded to the cent. Where no obligation applies the cap binds nothing.
    """
    return None if activity_cap is None or not gross_cents else to_cents(gross_cents * part_of_whole(activity_cap))


def value_all(
    activities: Iterable[Activity], table: RateTable, term: Period, cap: int | None, on: date
) -> list[Valued]:
    """The activities that are submitted or approved, at their value on `on`.

    Those that count fill the cap in the order of their date, then reference, approved ones first; the one that reaches
    it gets what room is left.
    """
    valued, room = [], cap
    for activity in sorted(activities, key=_order_of_filling):
        if activity.status not in COUNTING:
            continue
        block = table.block(activity.block)
        reason = _why_not(activity, term, on)
        if reason:
            valued.append(Valued(activity, block, 0, 0, reason=reason))
            continue
        value = to_cents(exact_value(activity, block))
        counted = value if room is None else min(value, room)
        valued.append(Valued(activity, block, value, counted, room))
        room = None if room is None else room - counted
    return valued


def _order_of_filling(activity: Activity) -> tuple[bool, date, str]:
    return activity.status is not Status.APPROVED, activity.on, activity.reference


def _why_not(activity: Activity, term: Period, on: date) -> str | None:
    if activity.on not in term:
        return "outside_term"
    return "not_yet" if activity.on > on else None
