"""Euro cents, percentages and the one rounding.

An amount that is shown or added is an integer number of cents; in between amounts are exact fractions of cents. There
is one rounding, `to_cents`, and each place that calls it is named in docs/how-it-is-calculated.md.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from app.rules.errors import RuleError

CENTS_IN_EURO = 100
WHOLE = Fraction(1)


def to_cents(exact: Fraction | int) -> int:
    """Round an exact number of cents half up; below zero half away from zero (ours, domain.md section 1)."""
    doubled, parts = 2 * abs(exact.numerator), exact.denominator
    cents = (doubled + parts) // (2 * parts)
    return cents if exact >= 0 else -cents


def cents_of(euro: Decimal) -> int:
    """The cents of an amount in euro. Errors: `amount_in_parts_of_cents` when it has more than two decimals."""
    cents = euro * CENTS_IN_EURO
    if cents != cents.to_integral_value():
        raise RuleError("amount_in_parts_of_cents", amount=str(euro))
    return int(cents)


def euro_text(cents: int) -> str:
    """Cents as a decimal string in euro, as dossiers write amounts: 125000000 -> "1250000.00"."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // CENTS_IN_EURO}.{abs(cents) % CENTS_IN_EURO:02d}"


def part_of_whole(percent: Decimal | int) -> Fraction:
    """A percentage as an exact fraction: 5 -> 1/20."""
    return Fraction(percent) / 100


def decimal_text(number: Decimal | int) -> str:
    """The shortest plain notation, so that the same number is the same text: 28.80 -> "28.8", 5E+1 -> "50"."""
    text = format(Decimal(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def fraction_text(exact: Fraction) -> str:
    """An exact fraction as people write it: 53/15 -> "3 8/15"."""
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    sign = "-" if exact < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole} {rest}/{exact.denominator}" if whole else f"{sign}{rest}/{exact.denominator}"
