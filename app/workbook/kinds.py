"""What a cell may hold: for each kind how it is read (as people type it) and how it is written.

Reading gives the value that the rule book or a row wants, writing gives what Excel shows. A number in a cell is taken
as it is; a number as text may have a comma or a point, as in a form (app/web/parsing.py). Errors of `read`: `Invalid`
with what was typed.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import get_locale

from app.accounts.service import tidy_email
from app.rules.errors import RuleError
from app.rules.money import cents_of, decimal_text
from app.web import parsing
from app.web.errors import Invalid
from app.workbook.read import Cell, Unreadable

Shown = str | Decimal | date
ENGLISH, DUTCH = "en", "nl"
YES, NO = ("ja", "yes", "true", "waar", "1"), ("nee", "no", "false", "onwaar", "0")


@dataclass(frozen=True, slots=True)
class Named:
    """Something with an English and a Dutch name; as text it is the reader's."""

    english: str
    dutch: str

    def in_language(self, language: str) -> str:
        return self.english if language == ENGLISH else self.dutch

    def __str__(self) -> str:
        locale = get_locale()
        return self.in_language(locale.language if locale else DUTCH)


@dataclass(frozen=True, slots=True)
class Words:
    """The words that may stand in a cell; as text those of the reader's language, separated by commas."""

    named: tuple[Named, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.named))


class Kind(ABC):
    """A kind of cell. `pattern` is how Excel shows what is written."""

    pattern = "General"

    def read(self, cell: Cell) -> Any:
        """The value of a cell that is not empty. Errors: `Invalid`."""
        if isinstance(cell, Unreadable):
            raise Invalid(cell.code)
        return self.of(cell) if not isinstance(cell, str) else self.of_text(cell)

    def of(self, cell: bool | Decimal | date | None) -> Any:
        """The value of a cell that holds no text."""
        return self.of_text(typed(cell))

    @abstractmethod
    def of_text(self, text: str) -> Any:
        """The value of what was typed as text."""

    def write(self, value: Any, _language: str) -> Shown:
        """What Excel shows for a value."""
        return str(value)

    def offered(self) -> Sequence[Named]:
        """The words to choose from; none when anything may be typed."""
        return ()


@dataclass(frozen=True, slots=True)
class Text(Kind):
    """A text that people write: it may not hold what looks like a BSN."""

    longest: int
    pattern = "@"

    def of(self, cell: bool | Decimal | date | None) -> str:
        return self.of_text(_digits_of(cell))

    def of_text(self, text: str) -> str:
        return parsing.text(text, self.longest)


@dataclass(frozen=True, slots=True)
class Identifier(Kind):
    """The number or id of something that is no person: a contract, a certificate, a block."""

    longest: int = 100
    pattern = "@"

    def of(self, cell: bool | Decimal | date | None) -> str:
        return self.of_text(_digits_of(cell))

    def of_text(self, text: str) -> str:
        return parsing.identifier(text, self.longest)


@dataclass(frozen=True, slots=True)
class KvkNumber(Kind):
    """A KvK number of eight digits."""

    pattern = "@"

    def of_text(self, text: str) -> str:
        return parsing.kvk_number(text)


@dataclass(frozen=True, slots=True)
class Several(Kind):
    """A list, separated by commas."""

    each: Kind
    pattern = "@"

    def of_text(self, text: str) -> tuple[Any, ...]:
        return tuple(self.each.of_text(part) for part in text.split(",") if part.strip())

    def write(self, value: Any, language: str) -> str:
        return ", ".join(str(self.each.write(each, language)) for each in value)


@dataclass(frozen=True, slots=True)
class Email(Kind):
    """An e-mail address, in lower case."""

    pattern = "@"

    def of_text(self, text: str) -> str:
        return tidy_email(text)


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A day: a date of Excel, or a text."""

    pattern = "yyyy-mm-dd"

    def of(self, cell: bool | Decimal | date | None) -> date:
        return cell if isinstance(cell, date) else self.of_text(typed(cell))

    def of_text(self, text: str) -> date:
        return parsing.day(text)

    def write(self, value: Any, _language: str) -> Shown:
        day: date = value
        return day


@dataclass(frozen=True, slots=True)
class Amount(Kind):
    """An amount in euro, as cents."""

    pattern = "#,##0.00"

    def of(self, cell: bool | Decimal | date | None) -> int:
        if not isinstance(cell, Decimal):
            raise Invalid("amount_unclear", typed=typed(cell))
        try:
            return cents_of(cell)
        except RuleError as error:
            raise Invalid(error.code, typed=typed(cell)) from None

    def of_text(self, text: str) -> int:
        return parsing.amount(text)

    def write(self, value: Any, _language: str) -> Shown:
        return Decimal(value) / 100


@dataclass(frozen=True, slots=True)
class Percentage(Kind):
    """A percentage: 5 is 5%, and so is 5%."""

    pattern = "0.####"

    def of_text(self, text: str) -> Decimal:
        return parsing.percentage(text)

    def write(self, value: Any, _language: str) -> Shown:
        return Decimal(value)


@dataclass(frozen=True, slots=True)
class Quantity(Kind):
    """A number of hours or days."""

    pattern = "0.####"

    def of_text(self, text: str) -> Decimal:
        return parsing.hours(text)

    def write(self, value: Any, _language: str) -> Shown:
        return Decimal(value)


@dataclass(frozen=True, slots=True)
class HoursSeries(Kind):
    """Hours a week: a number, or a series of which each later part has its day: `20; 2025-05-01: 32`.

    A part without a day counts from the placement's first day: its day is None here.
    """

    def of_text(self, text: str) -> tuple[tuple[date | None, Decimal], ...]:
        parts = [part for part in text.split(";") if part.strip()]
        return tuple(_hours_part(part, place) for place, part in enumerate(parts))

    def write(self, value: Any, _language: str) -> Shown:
        parts: Sequence[tuple[date | None, Decimal]] = value
        if len(parts) == 1 and parts[0][0] is None:
            return parts[0][1]
        return "; ".join(
            f"{day.isoformat()}: {decimal_text(hours)}" if day else decimal_text(hours) for day, hours in parts
        )


@dataclass(frozen=True, slots=True)
class YesOrNo(Kind):
    """Yes or no."""

    def of(self, cell: bool | Decimal | date | None) -> bool:
        return cell if isinstance(cell, bool) else self.of_text(typed(cell))

    def of_text(self, text: str) -> bool:
        word = text.strip().casefold()
        if word not in YES + NO:
            raise Invalid("choice_unknown", typed=text, allowed=Words(tuple(self.offered())))
        return word in YES

    def write(self, value: Any, language: str) -> Shown:
        return self.offered()[0 if value else 1].in_language(language)

    def offered(self) -> Sequence[Named]:
        return Named("yes", "ja"), Named("no", "nee")


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of a few values, by its English or its Dutch word."""

    members: Mapping[StrEnum, Named]

    def of_text(self, text: str) -> StrEnum:
        word = normal(text)
        for member, named in self.members.items():
            if word in {normal(member.value), normal(named.english), normal(named.dutch)}:
                return member
        raise Invalid("choice_unknown", typed=text, allowed=Words(tuple(self.members.values())))

    def write(self, value: Any, language: str) -> Shown:
        return self.members[value].in_language(language)

    def offered(self) -> Sequence[Named]:
        return tuple(self.members.values())


def normal(text: str) -> str:
    """How names are compared: whatever the case, and blanks, dashes and underscores are one."""
    return " ".join(text.replace("_", " ").replace("-", " ").split()).casefold()


def typed(cell: bool | Decimal | date | None) -> str:
    """What somebody who typed this cell would have typed."""
    return decimal_text(cell) if isinstance(cell, Decimal) else str(cell)


def _hours_part(part: str, place: int) -> tuple[date | None, Decimal]:
    day, mark, number = part.rpartition(":")
    if not mark and place:
        raise Invalid("hours_without_day", typed=part.strip())
    return parsing.day(day) if mark else None, parsing.hours(number)


def _digits_of(cell: bool | Decimal | date | None) -> str:
    """A number that stands for a text (a reference of digits). Excel's date is no text that somebody meant."""
    if not isinstance(cell, Decimal):
        raise Invalid("text_is_no_text")
    return typed(cell)
