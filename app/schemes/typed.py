"""The numbers of a scheme as people type them, and as a form shows them to be typed over."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from flask_babel import get_locale

from app.rules import RuleError
from app.rules.documents import HIGHEST_NUMBER, IDENTIFIER
from app.rules.money import CENTS_IN_EURO, decimal_text
from app.web import parsing
from app.web.errors import Invalid
from app.web.fields import Typed

DECIMALS = Decimal("0.0001")
PERCENT = Decimal(100)
MOST_TIMES = 100


def identifier(typed: str) -> str:
    """The id of a scheme. Errors: RuleError (`document_no_identifier`)."""
    text = typed.strip()
    if not IDENTIFIER.fullmatch(text):
        raise RuleError("document_no_identifier")
    return text


def amount(typed: str) -> int:
    """Cents, from 0 on. Errors: Invalid (`amount_*`), RuleError (`document_out_of_range`)."""
    cents = parsing.amount(typed)
    if cents < 0:
        raise Invalid("amount_below_zero")
    return int(_at_most(cents, HIGHEST_NUMBER * CENTS_IN_EURO, shown=HIGHEST_NUMBER))


def whole(typed: str, *, least: int = 0, most: int) -> int:
    """Errors: Invalid, RuleError (`document_no_whole_number`, `document_out_of_range`)."""
    number = parsing.hours(typed)
    if number != number.to_integral_value():
        raise RuleError("document_no_whole_number")
    if number < least:
        raise RuleError("document_out_of_range", at_most=most)
    return int(_at_most(number, most))


def percentage(typed: str) -> Decimal:
    """From 0 to 100. Errors: Invalid."""
    percent = parsing.percentage(typed)
    if percent < 0:
        raise Invalid("percent_below_zero", percent=percent)
    if percent > PERCENT:
        raise Invalid("percent_out_of_range", percent=percent)
    return percent


def factor(typed: str) -> Decimal:
    """A percentage as a factor: "50" is 0.5. Errors: Invalid, RuleError (`document_out_of_range`)."""
    percent = parsing.percentage(typed)
    if percent <= 0:
        raise RuleError("document_out_of_range", at_most=HIGHEST_NUMBER)
    return percent / PERCENT


def times(typed: str) -> Decimal:
    """A factor from 0 to 100. Errors: Invalid, RuleError (`document_out_of_range`)."""
    number = parsing.hours(typed)
    if number < 0:
        raise RuleError("document_out_of_range", at_most=MOST_TIMES)
    return Decimal(_at_most(number, MOST_TIMES))


def euro_field(words: Any, *, needed: bool = False, **options: Any) -> Typed:
    return Typed(words, amount, needed=needed, **options)


def whole_field(words: Any, *, least: int = 0, most: int, **options: Any) -> Typed:
    return Typed(words, partial(whole, least=least, most=most), **options)


def percent_field(words: Any, **options: Any) -> Typed:
    return Typed(words, percentage, **options)


def text_field(words: Any, longest: int, **options: Any) -> Typed:
    return Typed(words, partial(parsing.text, longest=longest), needed=True, longest=longest, **options)


def shown_number(number: int | Fraction | None) -> str:
    """A number as somebody types it, without marks for thousands, which an hour or a percentage has not."""
    if number is None:
        return ""
    exact = Decimal(number.numerator) / number.denominator
    text = decimal_text(exact.quantize(DECIMALS))
    locale = get_locale()
    return text if locale and locale.language == "en" else text.replace(".", ",")


def shown_percent(share: Fraction | None) -> str:
    return "" if share is None else shown_number(share * 100)


def _at_most(number: int | Decimal, most: int, *, shown: int | None = None) -> int | Decimal:
    if number > most:
        raise RuleError("document_out_of_range", at_most=shown or most)
    return number
