"""Reporting periods follow from the term; a report covers days, whatever the rhythm is later."""

from __future__ import annotations

from datetime import date

import pytest

from app.planning.models import Report
from app.planning.periods import PeriodState, ReportState, is_reported, periods_of, states_of
from app.rules.dates import Period

TERM = Period(date(2025, 2, 15), date(2026, 1, 20))
LONG_AGO = date(2000, 1, 1)
Q2 = Period(date(2025, 4, 1), date(2025, 6, 30))


def reported(*periods: tuple[date, date]) -> list[Report]:
    return [Report(first_on=first, last_on=last) for first, last in periods]


@pytest.mark.parametrize(("months", "number"), [(1, 12), (3, 5), (6, 3), (12, 2)])
def test_the_periods_fill_the_term_and_are_those_of_the_calendar(months: int, number: int) -> None:
    periods = periods_of(TERM, months, LONG_AGO)

    assert (periods[0].first, periods[-1].last, len(periods)) == (TERM.first, TERM.last, number)
    assert sum(each.days for each in periods) == TERM.days
    assert all(each.first.day == 1 for each in periods[1:])


def test_they_begin_with_the_one_in_which_reports_are_first_asked() -> None:
    assert periods_of(TERM, 3, date(2025, 5, 20))[0] == Q2
    assert periods_of(TERM, 3, date(2026, 2, 1)) == []


@pytest.mark.parametrize(
    ("reports", "is_it"),
    [
        ((), False),
        (((date(2025, 4, 1), date(2025, 6, 30)),), True),
        (((date(2025, 1, 1), date(2025, 12, 31)),), True),
        (((date(2025, 4, 1), date(2025, 4, 30)), (date(2025, 6, 1), date(2025, 6, 30))), False),
        (
            (
                (date(2025, 5, 1), date(2025, 5, 31)),
                (date(2025, 4, 1), date(2025, 4, 30)),
                (date(2025, 6, 1), date(2025, 6, 30)),
            ),
            True,
        ),
    ],
)
def test_a_period_is_reported_when_reports_cover_all_its_days(
    reports: tuple[tuple[date, date], ...], is_it: bool
) -> None:
    assert is_reported(Q2, reported(*reports)) is is_it


@pytest.mark.parametrize(
    ("on", "state", "late"),
    [
        (date(2025, 6, 29), ReportState.RUNNING, 0),
        (date(2025, 6, 30), ReportState.DUE, 0),
        (date(2025, 7, 14), ReportState.DUE, 0),
        (date(2025, 7, 15), ReportState.OVERDUE, 1),
    ],
)
def test_a_period_is_due_when_it_ends_and_overdue_after_fourteen_days(on: date, state: ReportState, late: int) -> None:
    assert states_of([Q2], [], on) == [PeriodState(Q2, state, None, late)]
    assert states_of([Q2], [], date(2025, 3, 31)) == []


def test_a_reported_period_names_the_report_of_its_last_day() -> None:
    first, last = reported((date(2025, 4, 1), date(2025, 5, 31)), (date(2025, 6, 1), date(2025, 6, 30)))
    [state] = states_of([Q2], [first, last], date(2026, 1, 1))

    assert (state.state, state.report, state.is_open) == (ReportState.REPORTED, last, False)
