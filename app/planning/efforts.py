"""The rows of a plan as the rule book knows efforts, and the other way."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.contributions.models import ContributionKind
from app.planning.models import PlanRow
from app.rules.plan import Effort, PlannedActivity, PlannedPlacement

NO_HOURS = Decimal(0)


def effort_of(row: PlanRow) -> Effort:
    if row.kind is ContributionKind.ACTIVITY:
        return PlannedActivity(row.block, row.starts_on, row.amount_cents, row.quantity)
    return PlannedPlacement(row.block, row.persons or 0, row.hours or NO_HOURS, row.starts_on, row.ends_on)


def efforts_of(rows: Iterable[PlanRow]) -> tuple[Effort, ...]:
    return tuple(map(effort_of, rows))


def row_of(effort: Effort, description: str = "") -> PlanRow:
    """A row that is in no plan yet."""
    if isinstance(effort, PlannedActivity):
        return PlanRow(
            kind=ContributionKind.ACTIVITY,
            block=effort.block,
            starts_on=effort.month,
            amount_cents=effort.amount_cents,
            quantity=effort.quantity,
            description=description,
        )
    return PlanRow(
        kind=ContributionKind.PLACEMENT,
        block=effort.block,
        starts_on=effort.starts_on,
        ends_on=effort.ends_on,
        persons=effort.persons,
        hours=effort.hours,
        description=description,
    )
