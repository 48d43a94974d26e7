"""The terms that a corporation works by, as somebody types them: periods in months, terms and reminders in days."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.web.errors import Invalid

MOST_JUDGING_DAYS = 90
MOST_REMINDERS, MOST_REMINDER_DAYS = 6, 365
MOST_RETENTION_MONTHS = 120
LONGEST_NUMBER = 4
BETWEEN = re.compile(r"[\s,;]+")


@dataclass(frozen=True, slots=True)
class Terms:
    """What stands in the columns of the same names (app/accounts/models.py, `Corporation`)."""

    reporting_months: int
    judging_days: int
    reminder_days: tuple[int, ...]
    retention_months: int
    requires_second_factor: bool


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`. Errors: Invalid (`whole_number_unclear`)."""

    def read(typed: str) -> int:
        text = typed.strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else -1
        if not least <= number <= most:
            raise Invalid("whole_number_unclear", least=least, most=most)
        return number

    return read


def reminder_days(typed: str) -> tuple[int, ...]:
    """Days ahead, each once, the most first: "90, 30, 7". Errors: Invalid (`reminders_unclear`)."""
    parts = [part for part in BETWEEN.split(typed) if part]
    read = whole_number(1, MOST_REMINDER_DAYS)
    try:
        days = sorted({read(part) for part in parts}, reverse=True)
    except Invalid:
        days = []
    if not 1 <= len(days) <= MOST_REMINDERS:
        raise Invalid("reminders_unclear", most=MOST_REMINDER_DAYS, count=MOST_REMINDERS)
    return tuple(days)
