"""Writes workbooks: rows as they would be typed become cells that Excel knows as dates, numbers and texts.

A text is never a formula or a link, whatever it begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from app.workbook.kinds import ENGLISH, Shown
from app.workbook.read import Cell
from app.workbook.sheets import SHEETS, Column, Sheet, sheet_named

Rows = Mapping[str, Iterable[Mapping[str, Cell]]]
"""Rows by the name of their sheet, in either language; a row has its cells by the English name of the column."""

INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEADING = {"bold": True, "bg_color": "#e8eef0", "bottom": 1, "text_wrap": True, "valign": "top"}
NARROW, WIDE = 14, 40
WIDE_FROM = 200
"""A text that may be so long gets a wide column."""


class Book:
    """A workbook that is being written, in one language."""

    def __init__(self, target: Path | BinaryIO, language: str) -> None:
        self.book = Workbook(str(target) if isinstance(target, Path) else target, INERT)
        self.language = language
        self.heading = self.book.add_format(HEADING)
        self._formats: dict[str, Any] = {}

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:  # half a workbook is none
            self.book.close()

    def format_of(self, column: Column) -> Any:
        """The format of a column's cells, made once."""
        pattern = column.kind.pattern
        if pattern not in self._formats:
            self._formats[pattern] = self.book.add_format({"num_format": pattern})
        return self._formats[pattern]

    def add_sheet(self, sheet: Sheet) -> Worksheet:
        """A sheet with its headings; a required column has a star."""
        made = self.book.add_worksheet(sheet.named.in_language(self.language))
        for place, column in enumerate(sheet.columns):
            star = "*" if column.required else ""
            made.set_column(place, place, _width(column), self.format_of(column))
            made.write_string(0, place, f"{column.named.in_language(self.language)}{star}", self.heading)
        made.freeze_panes(1, 0)
        return made

    def write(self, sheet: Worksheet, at: tuple[int, int], shown: Shown, column: Column) -> None:
        row, place = at
        match shown:
            case str():
                sheet.write_string(row, place, shown, self.format_of(column))
            case Decimal():
                sheet.write_number(row, place, float(shown), self.format_of(column))
            case date():
                sheet.write_datetime(row, place, datetime.combine(shown, time()), self.format_of(column))


def write_workbook(target: Path | BinaryIO, rows: Rows, *, language: str = ENGLISH) -> None:
    """Write rows as a workbook that the import reads back to the same facts, with its names in that language.

    Cells are as they would be typed: "2025-01-01" or a date, "1250000" or a Decimal, "approved"; an empty text is no
    cell. Errors: `Invalid` for a cell that the import would refuse, KeyError for a sheet or column that is not there.
    """
    by_key = {_sheet(name).key: list(each) for name, each in rows.items()}
    with Book(target, language) as book:
        for sheet in SHEETS:
            if sheet.key in by_key:
                _write_rows(book, book.add_sheet(sheet), sheet, by_key[sheet.key])


def _sheet(name: str) -> Sheet:
    found = sheet_named(name)
    if found is None:
        raise KeyError(name)
    return found


def _write_rows(book: Book, made: Worksheet, sheet: Sheet, rows: Iterable[Mapping[str, Cell]]) -> None:
    places = {column.name: (place, column) for place, column in enumerate(sheet.columns)}
    for number, row in enumerate(rows, start=1):
        for name, cell in row.items():
            place, column = places[name]
            if cell not in (None, ""):
                book.write(made, (number, place), column.kind.write(column.kind.read(cell), book.language), column)


def _width(column: Column) -> int:
    return WIDE if getattr(column.kind, "longest", 0) >= WIDE_FROM else NARROW
