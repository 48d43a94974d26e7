"""Reading a client's TOML strictly: each key is known, each value of the right kind, each fault has its line and key.

A document is what `tomllib` parsed, with decimals kept exact; the same reader reads a document back from a dossier's
JSON, where decimals and dates are text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from app.rules.errors import RuleError
from app.rules.money import cents_of

Document = Mapping[str, Any]
Made = TypeVar("Made")

IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9.+_-]{0,63}")
LONGEST_TEXT = 300
HIGHEST_NUMBER = 10**12
MOST_DECIMALS = 12
MOST_TABLES = 500
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def read_toml(text: str, make: Callable[[Document], Made]) -> Made:
    """Parse `text` and make something of it. A fault names the line and the key: `document_syntax` or `document_*`."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as fault:
        found = re.search(r"line (\d+)", str(fault))
        line = int(found[1]) if found else len(text.splitlines())
        raise RuleError("document_syntax", line=line) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets in thousands of brackets
        raise RuleError("document_unreasonable") from None
    try:
        return make(document)
    except RuleError as fault:
        path = fault.values.get("path", ())
        raise RuleError(fault.code, **{**fault.values, "line": _line_of(text, path)}) from None


def plain(value: Any) -> Any:
    """A parsed document as JSON knows it: decimals and dates as text."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


class Reader:
    """One table of a document. Each method takes a key and gives its value, or raises a `document_*` fault about it."""

    def __init__(self, document: Document, path: tuple[str | int, ...] = ()) -> None:
        self.document = document
        self._path = path
        self._known: set[str] = set()

    def fault(self, code: str, key: str, **values: Any) -> RuleError:
        return RuleError(code, key=key, path=(*self._path, key), **values)

    def has(self, key: str) -> bool:
        return key in self.document

    def place(self, key: str, number: int) -> Reader:
        return Reader(self.document[key][number], (*self._path, key, number))

    def keys_in(self, allowed: set[str]) -> list[str]:
        return [key for key in self.document if key in allowed]

    def refuse_the_rest(self) -> None:
        """Errors: `document_unknown_key` for the first key that nobody asked for."""
        for key in self.document:
            if key not in self._known:
                raise self.fault("document_unknown_key", key)

    def _value(self, key: str, default: Any = None) -> Any:
        self._known.add(key)
        value = self.document.get(key, default)
        if value is None:
            raise self.fault("document_missing_key", key)
        return value

    def text(self, key: str, default: str | None = None, *, longest: int = LONGEST_TEXT) -> str:
        value = self._value(key, default)
        if not isinstance(value, str) or len(value) > longest or (not value.strip() and default is None):
            raise self.fault("document_no_text", key, longest=longest)
        if CONTROL.search(value):  # a line break would end a line of a statement, and no database keeps a NUL
            raise self.fault("document_control_character", key)
        return value

    def identifier(self, key: str) -> str:
        value = self.text(key)
        if not IDENTIFIER.fullmatch(value):
            raise self.fault("document_no_identifier", key)
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        value = self._value(key, default)
        if value not in allowed and value != default:
            raise self.fault("document_choice", key, allowed=", ".join(sorted(allowed)))
        return str(value)

    def decimal(
        self, key: str, default: Decimal | None = None, *, above: int | None = None, at_most: int = HIGHEST_NUMBER
    ) -> Decimal:
        """A number from 0 (or `above` a number) to `at_most`."""
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
            raise self.fault("document_no_number", key)
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise self.fault("document_no_number", key) from None
        too_low = number.is_finite() and (number < 0 if above is None else number <= above)
        if not number.is_finite() or too_low or number > at_most:
            raise self.fault("document_out_of_range", key, at_most=at_most)
        if abs(int(number.as_tuple().exponent)) > MOST_DECIMALS:  # as a fraction 1e-999999999 fills the memory
            raise self.fault("document_too_many_decimals", key, decimals=MOST_DECIMALS)
        return number

    def integer(self, key: str, default: int | None = None, *, at_least: int = 0, at_most: int) -> int:
        value = self._value(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fault("document_no_whole_number", key)
        if not at_least <= value <= at_most:
            raise self.fault("document_out_of_range", key, at_most=at_most)
        return value

    def optional_integer(self, key: str, *, at_least: int, at_most: int) -> int | None:
        self._known.add(key)
        return self.integer(key, at_least=at_least, at_most=at_most) if self.has(key) else None

    def cents(self, key: str, default: int | None = None) -> int:
        number = self.decimal(key, None if default is None else Decimal(default))
        try:
            return cents_of(number)
        except RuleError as fault:
            raise self.fault("document_parts_of_cents", key) from fault

    def optional_cents(self, key: str) -> int | None:
        self._known.add(key)
        return self.cents(key) if self.has(key) else None

    def boolean(self, key: str) -> bool:
        value = self._value(key, False)
        if not isinstance(value, bool):
            raise self.fault("document_no_yes_or_no", key)
        return value

    def date(self, key: str) -> date:
        value = self._value(key)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value)
            except ValueError:
                raise self.fault("document_no_date", key) from None
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.fault("document_no_date", key)
        return value

    def texts(self, key: str) -> list[str]:
        value = self._value(key, [])
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
            raise self.fault("document_no_texts", key)
        return list(value)

    def labels(self, key: str, *, longest: int = LONGEST_TEXT) -> Mapping[str, str]:
        """A text in Dutch and in English."""
        labels = self.table(key)
        made = {language: labels.text(language, longest=longest) for language in ("nl", "en")}
        labels.refuse_the_rest()
        return made

    def table(self, key: str) -> Reader:
        value = self._value(key, {})
        if not isinstance(value, Mapping):
            raise self.fault("document_no_table", key)
        return Reader(value, (*self._path, key))

    def list_of_tables(self, key: str) -> list[Reader]:
        value = self._value(key)
        if not isinstance(value, list | tuple) or not all(isinstance(each, Mapping) for each in value) or not value:
            raise self.fault("document_no_tables", key)
        if len(value) > MOST_TABLES:
            raise self.fault("document_too_many_tables", key, most=MOST_TABLES)
        return [Reader(each, (*self._path, key, number)) for number, each in enumerate(value)]


def _line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line where the innermost part of `path` that stands in the text is written; 1 when nothing of it does."""
    lines, at = text.splitlines(), 0
    end = len(lines)
    for step, following in zip(path, (*path[1:], None), strict=False):
        if isinstance(step, int):
            continue
        places = [place for place in range(at, end) if _writes(lines[place], step)]
        number = following if isinstance(following, int) else 0
        if len(places) <= number:
            break
        at = places[number]
        if isinstance(following, int):  # one of several tables ends where the next begins
            end = next((place for place in places if place > at), end)
    return at + 1


def _writes(line: str, key: str) -> bool:
    """Whether a line begins a table of this name or gives this key a value, also in an inline table."""
    name = rf"""["']?{re.escape(key)}["']?"""
    return bool(re.match(rf"""\s*(\[\[?\s*([\w."-]+\.)?{name}\s*\]|{name}\s*[=.]|.*[{{,]\s*{name}\s*=)""", line))
