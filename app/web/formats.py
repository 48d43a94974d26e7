"""How amounts, dates, hours and percentages are written, on pages and on paper, in Dutch and in English.

Babel's patterns are looked up once for each language and kept: looking them up again for every cell of a long table
takes most of the time of the page. A minus is the typographic one and stands before the sign of the euro. What is put
in a field for somebody to change (`..._typed`) reads back as the same value.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import NumberPattern, parse_pattern
from flask import Flask
from flask_babel import get_locale

MINUS = "\N{MINUS SIGN}"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
HERE = ZoneInfo("Europe/Amsterdam")
MILLION = 1_000_000
DIGITS = 28


def register(app: Flask) -> None:
    """Hang the formats up as filters: `{{ part.gross_cents | euro }}`."""
    for fmt in FILTERS:
        app.add_template_filter(fmt, fmt.__name__)


def euro(cents: int) -> str:
    """Cents as euro with cents: 1234567 -> € 12.345,67."""
    return _money(Decimal(cents) / 100, "#,##0.00")


def euro_exact(cents: Fraction | int) -> str:
    """Cents that are not rounded yet, as euro with up to six decimals: 1234567 1/2 cents -> € 12.345,675."""
    return _money(Decimal(cents.numerator) / Decimal(cents.denominator) / 100, "#,##0.00####")


def euro_whole(cents: int) -> str:
    """Cents as whole euro, half up: 1234567 -> € 12.346."""
    return _money(_rounded(Decimal(cents) / 100, 0), "#,##0")


def euro_short(cents: int) -> str:
    """Cents as what fits on a tile: 420000000 -> € 4,2 mln; under a million as whole euro."""
    euros = Decimal(cents) / 100
    # What rounds to a million is a million, so that € 999.999,60 does not become € 1.000.000 beside € 1,0 mln.
    if abs(_rounded(euros, 0)) < MILLION:
        return euro_whole(cents)
    unit = "m" if _is_english() else f"{NO_BREAK_SPACE}mln"
    return _money(_rounded(euros / MILLION, 1), "#,##0.0") + unit


def euro_typed(cents: int | None) -> str:
    """Cents as somebody types them in a field: 1234567 -> 12.345,67. Nothing for None."""
    return "" if cents is None else _number(Decimal(cents) / 100, "#,##0.00")


def hours(number: Decimal | int) -> str:
    """Hours, with as many decimals as they have: 28.8000 -> 28,8."""
    return _number(Decimal(number), "#,##0.####")


def percent(number: Decimal | int) -> str:
    """A percentage, with as many decimals as it has: Decimal("5.5") -> 5,5%."""
    return _number(Decimal(number), "#,##0.####") + "%"


def number(amount: Decimal | int) -> str:
    """A count or another plain number: 1234 -> 1.234."""
    return _number(Decimal(amount), "#,##0.####")


def day_long(day: date | None) -> str:
    """A date in text: 14 mei 2026. Nothing for None."""
    return "" if day is None else format_date(day, "d MMMM y", locale=_locale())


def month_long(day: date) -> str:
    """The month of a day in text: mei 2026."""
    return format_date(day, "MMMM y", locale=_locale())


def day_short(day: date | None) -> str:
    """A date in a table: 14-05-2026; in English, where that could be another day, 14 May 2026. None: nothing."""
    if day is None or not _is_english():
        return day_typed(day)
    return format_date(day, f"d{NO_BREAK_SPACE}MMM{NO_BREAK_SPACE}y", locale=_locale())


def day_typed(day: date | None) -> str:
    """A date as somebody types it in a field, in whichever language: 14-05-2026. Nothing for None."""
    return "" if day is None else day.strftime("%d-%m-%Y")


def instant(moment: datetime) -> str:
    """A moment as the clock in Amsterdam showed it: 14 mei 2026 13:05."""
    here = moment.astimezone(HERE)
    return f"{day_long(here.date())} {format_time(here, 'HH:mm', tzinfo=HERE, locale=_locale())}"


def instant_day(moment: datetime) -> str:
    """The day of a moment in Amsterdam, in a table."""
    return day_short(moment.astimezone(HERE).date())


FILTERS: tuple[Callable[..., str], ...] = (
    euro,
    euro_exact,
    euro_whole,
    euro_short,
    hours,
    percent,
    number,
    day_long,
    month_long,
    day_short,
    instant,
    instant_day,
)


def _money(euros: Decimal, pattern: str) -> str:
    sign = MINUS if euros < 0 else ""
    space = "" if _is_english() else NO_BREAK_SPACE
    return f"{sign}€{space}{_written(abs(euros), pattern)}"


def _number(amount: Decimal, pattern: str) -> str:
    sign = MINUS if amount < 0 else ""
    return f"{sign}{_written(abs(amount), pattern)}"


def _written(amount: Decimal, pattern: str) -> str:
    with localcontext(prec=max(DIGITS, amount.adjusted() + DIGITS)):  # whatever somebody typed can be shown to them
        return str(_pattern(pattern).apply(amount, _locale()))


def _rounded(amount: Decimal, decimals: int) -> Decimal:
    """Half up, away from zero below it: as the rule book rounds."""
    with localcontext(prec=max(DIGITS, amount.adjusted() + DIGITS)):
        return amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@cache
def _pattern(pattern: str) -> NumberPattern:
    return parse_pattern(pattern)


def _locale() -> Locale:
    return get_locale() or Locale("nl")


def _is_english() -> bool:
    return _locale().language == "en"
