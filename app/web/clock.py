"""The clock: the one place that asks for the time. Days are those of Europe/Amsterdam, instants are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day that it is in the Netherlands."""
    return datetime.now(HERE).date()


def begin_of(day: date) -> datetime:
    """The instant at which a day begins in the Netherlands."""
    return datetime.combine(day, time.min, HERE)


def end_of(day: date) -> datetime:
    """The first instant after a day in the Netherlands."""
    return begin_of(day + timedelta(days=1))
