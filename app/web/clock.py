"""The clock: the one place that asks for the time. Days are those of Europe/Amsterdam, instants are UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Amsterdam")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day that it is in the Netherlands."""
    return datetime.now(HERE).date()
