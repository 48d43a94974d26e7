"""The figures of many contracts together: added up, and over the months around a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.assessments.queries import courses
from app.planning.queries import plan_courses
from app.portfolio.queries import Row
from app.rules import Point
from app.rules.assessment import Standing
from app.rules.dates import ONE_DAY, add_months
from app.web.charts import summed

MONTHS_BACK, MONTHS_AHEAD = 12, 6


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of all contracts together. `surplus_cents` is what was credited over a contract's own net."""

    contracts: int
    exempt: int
    net_cents: int
    due_cents: int
    credited_cents: int
    surplus_cents: int


def totals_of(rows: Sequence[Row]) -> Totals:
    figures = [row.figures for row in rows]
    return Totals(
        contracts=len(rows),
        exempt=sum(each.status is Standing.EXEMPT for each in figures),
        net_cents=sum(each.net_cents for each in figures),
        due_cents=sum(each.due_cents for each in figures),
        credited_cents=sum(each.credited_cents for each in figures),
        surplus_cents=sum(each.surplus_cents for each in figures),
    )


def course_of_all(rows: Sequence[Row], on: date) -> list[Point]:
    """What was due and credited together at the end of each month around `on`, and on the day itself."""
    totals = totals_of(rows)
    known = courses(row.contract for row in rows)
    points = summed(known.values(), [day for day in _month_ends(on) if day != on])
    return sorted([*points, Point(on, totals.due_cents, totals.credited_cents)], key=lambda point: point.on)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is agreed in the plans of so many contracts together, at the days of the course."""

    contracts: int = 0
    points: Sequence[Point] = ()


def plans_of_all(rows: Sequence[Row], course: Sequence[Point]) -> Planned:
    """The plans of those that have one, read at the days of a course."""
    plans = plan_courses(row.contract for row in rows)
    return Planned(len(plans), summed(plans.values(), [point.on for point in course])) if plans else Planned()


def _month_ends(on: date) -> list[date]:
    this = on.replace(day=1)
    return [add_months(this, month) - ONE_DAY for month in range(1 - MONTHS_BACK, MONTHS_AHEAD + 2)]
