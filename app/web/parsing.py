"""Amounts, numbers and dates as people type them, in forms and in the cells of a workbook.

What can mean two things is refused rather than guessed, with one exception that is the rule of the country: in an
amount a lone "1.250" is twelve hundred and fifty, since a point before three digits separates thousands. In hours and
percentages, where thousands have no place, every single separator is a decimal one. Errors: `Invalid` with the code and
with `typed`, what was typed.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from app.web.bsn import without_bsn
from app.web.errors import Invalid

# Blanks of all kinds, and the signs that word processors make of a minus.
BLANKS = re.compile(r"\s+")
MINUSES = str.maketrans(dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}", "-"))
CURRENCY = re.compile(r"€|\bEUR\b", re.IGNORECASE)
# "€ 1.250,-": whole euro, as on an invoice.
WHOLE_EURO = re.compile(r",-{1,2}$")

PLAIN = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]+))?")
# Thousands have a mark of one kind and decimals the other; a group in front does not begin with 0 ("0.500" is a half).
GROUPED = (
    re.compile(r"(?P<whole>[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,(?P<part>[0-9]+))?"),
    re.compile(r"(?P<whole>[1-9][0-9]{0,2}(?: [0-9]{3})+)(?:[.,](?P<part>[0-9]+))?"),
    re.compile(r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3})+)\.(?P<part>[0-9]+)"),
    re.compile(r"(?P<whole>[1-9][0-9]{0,2}(?:,[0-9]{3}){2,})"),
)
EURO_DIGITS = 13
CENT_DECIMALS = 2
NUMBER_DIGITS = 9
HOUR_DECIMALS = 4
PERCENT_DECIMALS = 4
KVK_DIGITS = 8

NUMERIC_DAY = re.compile(r"(?P<day>[0-9]{1,2})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<year>[0-9]{4})")
ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
WORDED_DAY = re.compile(r"(?P<day>[0-9]{1,2}) (?P<word>[a-z]+)\.? (?P<year>[0-9]{4})")
MONTHS = (
    ("januari", "january", "jan"),
    ("februari", "february", "feb"),
    ("maart", "march", "mrt", "mar"),
    ("april", "apr"),
    ("mei", "may"),
    ("juni", "june", "jun"),
    ("juli", "july", "jul"),
    ("augustus", "august", "aug"),
    ("september", "sep", "sept"),
    ("oktober", "october", "okt", "oct"),
    ("november", "nov"),
    ("december", "dec"),
)
MONTH_NUMBERS = {word: number for number, words in enumerate(MONTHS, start=1) for word in words}
YEARS = range(1950, 2200)


def amount(typed: str) -> int:
    """The cents of an amount in euro: "1.250,50", "1250.50", "€ 1.250", "1.250,-", "-12,5".

    Errors: `amount_unclear` ("1.25,0", "1,2,3", and "1,250", which is 1250 in English and 1,25 in Dutch),
    `amount_in_parts_of_cents`, `amount_too_large`.
    """
    text = WHOLE_EURO.sub("", _tidy(CURRENCY.sub(" ", typed)))
    negative, text = _sign(text)
    match = _first_match(text, *GROUPED, PLAIN)
    # "1,250": English thousands or three decimals in Dutch. A point in the same place is the rule of the country
    # (above).
    if match is None or _is_two_things(match):
        raise Invalid("amount_unclear", typed=typed)
    whole, part = _digits(match)
    if len(part) > CENT_DECIMALS:
        raise Invalid("amount_in_parts_of_cents", typed=typed)
    if len(whole) > EURO_DIGITS:
        raise Invalid("amount_too_large", typed=typed)
    cents = int(whole) * 100 + int(part.ljust(CENT_DECIMALS, "0"))
    return -cents if negative else cents


def hours(typed: str) -> Decimal:
    """Hours: "28,8", "28.8", "32". Errors: `hours_unclear`, `too_many_decimals`."""
    return _decimal(typed, "hours_unclear", HOUR_DECIMALS)


def percentage(typed: str) -> Decimal:
    """A percentage, with or without its sign: "5", "2,5%". Errors: `percentage_unclear`, `too_many_decimals`."""
    return _decimal(typed, "percentage_unclear", PERCENT_DECIMALS, sign="%")


def day(typed: str) -> date:
    """A date: "14-05-2026", "14-5-2026", "14/5/2026", "2026-05-14", "14 mei 2026".

    Errors: `date_unclear` (the sentence says how to write one), `date_does_not_exist` ("31-02-2026").
    """
    text = _tidy(typed).casefold()
    match = _first_match(text, ISO_DAY, NUMERIC_DAY, WORDED_DAY)
    if match is None:
        raise Invalid("date_unclear", typed=typed)
    found = match.groupdict()
    month = MONTH_NUMBERS.get(found["word"], 0) if "word" in found else int(found["month"])
    year = int(found["year"])
    if year not in YEARS or ("word" in found and not month):
        raise Invalid("date_unclear", typed=typed)
    try:
        return date(year, month, int(found["day"]))
    except ValueError:
        raise Invalid("date_does_not_exist", typed=typed) from None


def kvk_number(typed: str) -> str:
    """A KvK number: eight digits, also written as "1234 5678" or "1234.5678". Errors: `kvk_unclear`."""
    number = re.sub(r"[\s.]", "", typed)
    if not (number.isascii() and number.isdigit() and len(number) == KVK_DIGITS):
        raise Invalid("kvk_unclear", typed=typed)
    return number


def text(typed: str, longest: int) -> str:
    """A text without blanks around it, and without signs that nobody sees; lines stay lines.

    Errors: `text_too_long`, `bsn`.
    """
    lines = ("".join(filter(str.isprintable, BLANKS.sub(" ", line))).strip() for line in typed.splitlines())
    tidy = "\n".join(lines).strip()
    if len(tidy) > longest:
        raise Invalid("text_too_long", longest=longest)
    return without_bsn(tidy)


def identifier(typed: str, longest: int) -> str:
    """The number or name of something that is no person (a contract, a certificate): one line of text.

    Errors: `text_too_long`.
    """
    tidy = " ".join("".join(filter(str.isprintable, BLANKS.sub(" ", typed))).split())
    if len(tidy) > longest:
        raise Invalid("text_too_long", longest=longest)
    return tidy


def _decimal(typed: str, code: str, decimals: int, *, sign: str = "") -> Decimal:
    text = _tidy(typed)
    if sign:
        text = text.removesuffix(sign).rstrip()
    negative, text = _sign(text)
    match = PLAIN.fullmatch(text)
    if match is None or len(match["whole"]) > NUMBER_DIGITS:
        raise Invalid(code, typed=typed)
    whole, part = _digits(match)
    if len(part.rstrip("0")) > decimals:
        raise Invalid("too_many_decimals", typed=typed, decimals=decimals)
    number = Decimal(f"{whole}.{part[:decimals]}" if part else whole)
    return -number if negative else number


def _tidy(typed: str) -> str:
    return BLANKS.sub(" ", typed.translate(MINUSES)).strip()


def _sign(text: str) -> tuple[bool, str]:
    """Whether a minus stands in front, and what follows it."""
    return (True, text[1:].lstrip()) if text.startswith("-") else (False, text)


def _first_match(text: str, *patterns: re.Pattern[str]) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)


def _is_two_things(match: re.Match[str]) -> bool:
    whole, part = match["whole"], match.groupdict().get("part") or ""
    return match.re is PLAIN and "," in match[0] and len(part) == 3 and len(whole) <= 3 and whole[0] != "0"


def _digits(match: re.Match[str]) -> tuple[str, str]:
    """The digits before and after the decimal separator."""
    return re.sub(r"[^0-9]", "", match["whole"]), match.groupdict().get("part") or ""
