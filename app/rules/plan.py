"""What a plan of approach is worth: its efforts are put into the contract's dossier as if they were done.

So a plan is valued by the rules that value what is really done, with the same table, the same cap and the same term;
nothing here multiplies an amount. What was really done is left out of that dossier: the plan stands beside it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.rules.assessment import assess
from app.rules.course import Point, course
from app.rules.dates import Period, add_months
from app.rules.dossier import Activity, Dossier, Hours, Placement, Status
from app.rules.errors import RuleError
from app.rules.faults import faults
from app.rules.obligation import obligation_of


@dataclass(frozen=True, slots=True)
class PlannedPlacement:
    """So many persons placed on a block, each so many hours a week; without a last day to the end of the contract."""

    block: str
    persons: int
    hours: Decimal
    starts_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlannedActivity:
    """An invoice, an agreed amount (excluding VAT), or a quantity of hours or days in a month, by its first day."""

    block: str
    month: date
    amount_cents: int | None = None
    quantity: Decimal | None = None


Effort = PlannedPlacement | PlannedActivity


@dataclass(frozen=True, slots=True)
class Worth:
    """What a plan would be credited at the end of the contract, in cents; `by_effort` in the order of its efforts.

    `months` are the planned values at the end of each calendar month of the term. `net_cents` is what is owed.
    """

    cents: int
    net_cents: int
    over_cap_cents: int
    by_effort: tuple[int, ...]
    months: tuple[Point, ...]

    @property
    def open_cents(self) -> int:
        """What would stay open, were the plan done."""
        return max(0, self.net_cents - self.cents)


def as_done(dossier: Dossier, efforts: Sequence[Effort]) -> Dossier:
    """The dossier as if these efforts, and nothing else, had been done and approved. What has a fault is left out.

    A reference is the place of the effort and the number of the person: "2-1".
    """
    wrong = {place_of(fault) for fault in plan_faults(dossier, efforts)}
    planned = _planned(dossier, efforts)
    kept = [each for place, each in planned if place not in wrong]
    return _with(dossier, kept)


def plan_faults(dossier: Dossier, efforts: Sequence[Effort]) -> list[RuleError]:
    """What the rule book refuses of the efforts, one fault for each; `place_of` says of which."""
    found: dict[int, RuleError] = {}
    for fault in faults(_with(dossier, [each for _place, each in _planned(dossier, efforts)])):
        if fault.values.get("sheet") in ("placements", "activities"):
            found.setdefault(place_of(fault), fault)
    return list(found.values())


def place_of(fault: RuleError) -> int:
    """The place, from 1, of the effort that a fault of a plan is about."""
    return _place(str(fault.values["reference"]))


def worth(dossier: Dossier, efforts: Sequence[Effort]) -> Worth:
    """The value of a plan on a contract. Errors: RuleError, for a contract that cannot be assessed."""
    planned, term = as_done(dossier, efforts), obligation_of(dossier).term
    figures = assess(planned, term.last)
    by_place = dict.fromkeys(range(1, len(efforts) + 1), 0)
    for each in figures.contributions:
        by_place[_place(each.reference)] += each.credited_cents
    months = course(planned, _month_ends(term))
    return Worth(
        figures.credited_cents, figures.net_cents, figures.over_cap_cents, tuple(by_place.values()), tuple(months)
    )


def plan_course(dossier: Dossier, efforts: Sequence[Effort]) -> list[Point]:
    """How a plan runs over the term, for a chart: `credited_cents` is what is planned."""
    return course(as_done(dossier, efforts))


def _planned(dossier: Dossier, efforts: Sequence[Effort]) -> list[tuple[int, Placement | Activity]]:
    term, made = obligation_of(dossier).term, list[tuple[int, Placement | Activity]]()
    for place, effort in enumerate(efforts, 1):
        if isinstance(effort, PlannedActivity):
            made.append((place, _activity(f"{place}-1", effort, term)))
        else:
            made += [(place, _placement(f"{place}-{number}", effort)) for number in range(1, effort.persons + 1)]
    return made


def _placement(reference: str, effort: PlannedPlacement) -> Placement:
    return Placement(
        reference=reference,
        person=reference,
        block=effort.block,
        starts_on=effort.starts_on,
        hours=(Hours(effort.starts_on, effort.hours),),
        status=Status.APPROVED,
        ends_on=effort.ends_on,
    )


def _activity(reference: str, effort: PlannedActivity, term: Period) -> Activity:
    """On the last day of its month, or of the contract when that ends within it (ours)."""
    last = _end_of_month(effort.month)
    on = term.last if effort.month <= term.last < last else last
    return Activity(reference, effort.block, on, Status.APPROVED, effort.amount_cents, effort.quantity)


def _with(dossier: Dossier, planned: Sequence[Placement | Activity]) -> Dossier:
    return replace(
        dossier,
        placements=tuple(each for each in planned if isinstance(each, Placement)),
        activities=tuple(each for each in planned if isinstance(each, Activity)),
    )


def _place(reference: str) -> int:
    return int(reference.partition("-")[0])


def _month_ends(term: Period) -> list[date]:
    """The last days of the calendar months of a term, the last cut at its end."""
    months = range((term.last.year - term.first.year) * 12 + term.last.month - term.first.month + 1)
    first = term.first.replace(day=1)
    return [min(_end_of_month(add_months(first, month)), term.last) for month in months]


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
