"""The empty workbook: every sheet with its headings, what belongs in each column, and lists to choose from."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from flask_babel import force_locale
from flask_babel import gettext as _
from xlsxwriter.worksheet import Worksheet

from app.workbook.sheets import NOTES, SHEETS, Column, Sheet
from app.workbook.write import Book

LAST_ROW = 5000
"""As far as lists are offered; more rows may be filled in."""
NOTE_SIZE = {"x_scale": 1.5, "y_scale": 0.8}


def write_template(target: Path | BinaryIO, language: str) -> None:
    """Write the empty workbook in that language ("nl", "en")."""
    with force_locale(language), Book(target, language) as book:
        _write_notes(book)
        for sheet in SHEETS:
            made = book.add_sheet(sheet)
            for place, column in enumerate(sheet.columns):
                _help_with(made, place, column, language)


def _write_notes(book: Book) -> None:
    """A sheet for people, before the others: what stands where. The import leaves it alone."""
    made = book.book.add_worksheet(NOTES.in_language(book.language))
    made.set_column(0, 1, 22)
    made.set_column(2, 2, 70)
    made.set_column(3, 3, 60)
    lines = [
        _("One row for each supplier, contract, person at work. Sheets that you do not need may stay empty."),
        _("A column with a star must be filled in. Dates are dates or YYYY-MM-DD, amounts are euro excluding VAT."),
        _("People are known by a reference of the supplier: no names, no birth dates, no citizen numbers (BSN)."),
    ]
    for row, line in enumerate(lines):
        made.write_string(row, 0, line)
    top = len(lines) + 1
    for place, heading in enumerate([_("Sheet"), _("Column"), _("What belongs in it"), _("Choose from")]):
        made.write_string(top, place, heading, book.heading)
    listed = [(sheet, column) for sheet in SHEETS for column in sheet.columns]
    for row, (sheet, column) in enumerate(listed, start=top + 1):
        for place, text in enumerate(_line(sheet, column, book.language)):
            made.write_string(row, place, text)


def _line(sheet: Sheet, column: Column, language: str) -> list[str]:
    star = "*" if column.required else ""
    words = ", ".join(named.in_language(language) for named in column.kind.offered())
    return [sheet.named.in_language(language), f"{column.named.in_language(language)}{star}", str(column.note), words]


def _help_with(made: Worksheet, place: int, column: Column, language: str) -> None:
    made.write_comment(0, place, str(column.note), NOTE_SIZE)
    words = [named.in_language(language) for named in column.kind.offered()]
    if words:
        wrong = {
            "error_title": _("Not in the list"),
            "error_message": _("Choose from the list."),
            "error_type": "warning",
        }
        made.data_validation(1, place, LAST_ROW, place, {"validate": "list", "source": words, **wrong})
