"""How due and credited run over time: the figures of a contract at many days, for its chart.

The same reckoning as `assess`, read at each day; the forecast is the credited value after today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.rules.activities import cap_cents, value_all
from app.rules.credit import count_all, lines_of, measures
from app.rules.dates import ONE_DAY, add_months
from app.rules.dossier import Dossier, Status
from app.rules.obligation import Obligation, obligation_of


@dataclass(frozen=True, slots=True)
class Point:
    """What is due and what is credited at the end of a day, in cents."""

    on: date
    due_cents: int
    credited_cents: int


def course(dossier: Dossier, days: Iterable[date] | None = None) -> list[Point]:
    """The points between which due and credited run straight, from the day before the term to its last day.

    Or the points of `days`. Time is linear in contributions and in points.
    """
    obligation = obligation_of(dossier)
    days = sorted(_turning_days(dossier, obligation) if days is None else days)
    placements = [each for each in dossier.placements if each.status is Status.APPROVED]
    counts = count_all(placements, dossier.rate_table, obligation.term)
    activities = [each for each in dossier.activities if each.status is Status.APPROVED]
    cap = cap_cents(dossier.terms.activity_cap, obligation.gross_cents)
    dated = value_all(activities, dossier.rate_table, obligation.term, cap, obligation.term.last)
    points = []
    for day in days:
        lines = (line for count in counts for line in lines_of(count, measures(count, dossier.rate_table, day)))
        done = sum(each.counted_cents for each in dated if each.activity.on <= day)
        points.append(Point(day, obligation.due_cents(day), done + sum(line.cents for line in lines)))
    return points


def _turning_days(dossier: Dossier, obligation: Obligation) -> set[date]:
    """Month ends, the ends of stretches, and the days before and of what counts at once."""
    term = obligation.term
    months = range((term.last.year - term.first.year) * 12 + term.last.month - term.first.month + 1)
    days = {add_months(term.first, month) - ONE_DAY for month in months} | {term.last}
    days |= {stretch.days.last for each in obligation.parts for stretch in each.stretches}
    for activity in dossier.activities:
        days |= {activity.on - ONE_DAY, activity.on}
    return {day for day in days if term.first - ONE_DAY <= day <= term.last}
