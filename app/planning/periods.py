"""The periods over which a supplier reports: pieces of the contract's term that begin at the same months each year.

A contract that is reported by the quarter has the calendar's quarters, the first and the last cut at its term, so that
whoever works for several corporations reports on all of them in the same weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.planning.models import Report
from app.rules.dates import ONE_DAY, Period

MONTHS_IN_YEAR = 12
DAYS_TO_REPORT = 14
"""So many days after its end a period is expected to be reported."""


class ReportState(StrEnum):
    """Where a period stands."""

    RUNNING = "running"
    DUE = "due"
    OVERDUE = "overdue"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class PeriodState:
    """A period as of a day: the report that covers its last day, if it is reported, and how many days it is late."""

    days: Period
    state: ReportState
    report: Report | None = None
    days_overdue: int = 0

    @property
    def expected_by(self) -> date:
        return self.days.last + timedelta(days=DAYS_TO_REPORT)

    @property
    def is_open(self) -> bool:
        """Whether it has ended and is not reported."""
        return self.state in (ReportState.DUE, ReportState.OVERDUE)


def periods_of(term: Period, months: int, since: date) -> list[Period]:
    """The periods of `months` (1, 3, 6 or 12) in a term, the first of them the one in which `since` lies."""
    first_months = range(1, MONTHS_IN_YEAR + 1, months)
    years = range(term.first.year, term.last.year + 1)
    starts = (date(year, month, 1) for year in years for month in first_months)
    return [each for each in term.cut(starts) if each.last >= since]


def states_of(periods: Iterable[Period], reports: Sequence[Report], on: date) -> list[PeriodState]:
    """How each period that has begun by `on` stands on that day."""
    return [_state(each, reports, on) for each in periods if each.first <= on]


def is_reported(days: Period, reports: Iterable[Report]) -> bool:
    """Whether reports cover all its days: another length of the periods, or of the contract, undoes no report."""
    next_day = days.first
    for each in sorted(reports, key=lambda report: (report.first_on, report.last_on)):
        if each.first_on <= next_day <= each.last_on:
            next_day = each.last_on + ONE_DAY
    return next_day > days.last


def _state(days: Period, reports: Sequence[Report], on: date) -> PeriodState:
    if is_reported(days, reports):
        return PeriodState(days, ReportState.REPORTED, next(each for each in reports if days.last in each.days))
    if on < days.last:
        return PeriodState(days, ReportState.RUNNING)
    late = (on - days.last).days - DAYS_TO_REPORT
    return PeriodState(days, ReportState.OVERDUE if late > 0 else ReportState.DUE, days_overdue=max(0, late))
