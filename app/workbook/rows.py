"""From cells to rows: finds the sheets and columns, reads each cell as its column wants, and collects all faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from app.web.bsn import contains_bsn
from app.web.errors import Invalid
from app.web.sentences import Coded
from app.workbook.faults import Fault, values_of
from app.workbook.kinds import Named, Words, normal
from app.workbook.read import Cell, Tab
from app.workbook.sheets import SHEETS, Column, Sheet, column_named, is_notes, sheet_named

Headings = Mapping[int, Column]
"""The columns of a sheet, by their place (the first is 0)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A filled row. `values` has what could be read, by the name of the column; empty cells are left out.

    `number` is Excel's, `tab` and `headings` are the names as they stand in the workbook. A row is whole when every
    cell could be read and all that is required is there.
    """

    sheet: Sheet
    tab: str
    number: int
    headings: Mapping[str, str]
    values: Mapping[str, Any]
    is_whole: bool

    def fault(self, error: Coded, column: str | None = None, about: str | None = None) -> Fault:
        """The fault of this row, in the column of that name."""
        heading = self.headings.get(column, column) if column else None
        return Fault(error.code, values_of(error), self.tab, self.number, heading, about)


@dataclass(slots=True)
class Book:
    """The rows of a workbook by the key of their sheet, and what is wrong with its cells."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: {sheet.key: [] for sheet in SHEETS})
    faults: list[Fault] = field(default_factory=list)
    tabs: list[str] = field(default_factory=list)

    def in_order(self, faults: Iterable[Fault]) -> list[Fault]:
        """Faults in the order of the workbook."""
        places = {tab: place for place, tab in enumerate(self.tabs)}
        return sorted(faults, key=lambda fault: (places.get(fault.sheet or "", -1), fault.row or 0))


def rows_of(tabs: Sequence[Tab]) -> Book:
    """The rows of all sheets. A sheet without any content is left alone, whatever its name."""
    book = Book(tabs=[tab.name for tab in tabs])
    seen: dict[str, str] = {}
    for tab in tabs:
        if is_notes(tab.name) or all(_is_empty(row) for row in tab.rows):
            continue
        sheet = sheet_named(tab.name)
        if sheet is None:
            book.faults.append(_unknown_sheet(tab))
        elif sheet.key in seen:
            book.faults.append(Fault("sheet_twice", {"other": seen[sheet.key]}, tab.name))
        else:
            seen[sheet.key] = tab.name
            _read_tab(book, sheet, tab)
    if not any(book.rows.values()) and not book.faults:
        book.faults.append(Fault("workbook_empty"))
    return book


def _read_tab(book: Book, sheet: Sheet, tab: Tab) -> None:
    top = next(place for place, row in enumerate(tab.rows) if not _is_empty(row))
    headings = _headings(book, sheet, tab, top)
    names = {column.name: str(tab.rows[top][place]).strip(" *") for place, column in headings.items()}
    for number, cells in enumerate(tab.rows[top + 1 :], start=top + 2):
        if not _is_empty(cells):
            book.rows[sheet.key].append(_read_row(book, Row(sheet, tab.name, number, names, {}, True), headings, cells))
    book.faults += _bare_cells(tab, top)


def _headings(book: Book, sheet: Sheet, tab: Tab, top: int) -> Headings:
    headings: dict[int, Column] = {}
    for place, cell in enumerate(tab.rows[top]):
        if _is_blank(cell):
            continue
        text = str(cell).strip()
        column = column_named(sheet, text) if isinstance(cell, str) else None
        if column is None:
            book.faults.append(_unknown_column(sheet, tab, top, text))
        elif column in headings.values():
            book.faults.append(Fault("column_twice", {}, tab.name, top + 1, text))
        else:
            headings[place] = column
    missing = [column for column in sheet.columns if column.required and column not in headings.values()]
    book.faults += [Fault("column_missing", {}, tab.name, top + 1, _name_like(tab, sheet, each)) for each in missing]
    return headings


def _read_row(book: Book, bare: Row, headings: Headings, cells: Sequence[Cell]) -> Row:
    """The row with what can be read of its cells; what cannot becomes a fault."""
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for place, column in headings.items():
        cell = cells[place] if place < len(cells) else None
        try:
            value = _read_cell(column, cell)
        except Invalid as error:
            faults.append(bare.fault(error, column.name))
        else:
            if value is not None:
                values[column.name] = value
    book.faults += faults
    is_whole = not faults and all(column.name in values for column in bare.sheet.columns if column.required)
    return Row(bare.sheet, bare.tab, bare.number, bare.headings, values, is_whole)


def _read_cell(column: Column, cell: Cell) -> Any:
    """Errors: `Invalid`. What can't be read and may be a BSN is called that, so that no sentence repeats it."""
    if _is_blank(cell):
        if column.required:
            raise Invalid("cell_empty")
        return None
    try:
        value = column.kind.read(cell)
    except Invalid as error:
        if contains_bsn(str(error.values.get("typed", ""))):
            raise Invalid("bsn") from None
        raise
    if value in ("", ()):
        if column.required:
            raise Invalid("cell_empty")
        return None
    return value


def _bare_cells(tab: Tab, top: int) -> Iterator[Fault]:
    """What stands under no heading would be lost: one fault a column."""
    seen = {place for place, heading in enumerate(tab.rows[top]) if not _is_blank(heading)}
    for number, cells in enumerate(tab.rows[top + 1 :], start=top + 2):
        for place, cell in enumerate(cells):
            if place not in seen and not _is_blank(cell):
                seen.add(place)
                yield Fault("cell_without_heading", {}, tab.name, number, _letters(place))


def _unknown_sheet(tab: Tab) -> Fault:
    nearest = _nearest(tab.name, (sheet.named for sheet in SHEETS))
    if nearest:
        return Fault("unknown_sheet_nearest", {"nearest": nearest}, tab.name)
    return Fault("unknown_sheet", {"known": Words(tuple(sheet.named for sheet in SHEETS))}, tab.name)


def _unknown_column(sheet: Sheet, tab: Tab, top: int, heading: str) -> Fault:
    nearest = _nearest(heading, (column.named for column in sheet.columns))
    if nearest:
        return Fault("unknown_column_nearest", {"nearest": nearest}, tab.name, top + 1, heading)
    known = Words(tuple(column.named for column in sheet.columns))
    return Fault("unknown_column", {"known": known}, tab.name, top + 1, heading)


def _nearest(typed: str, named: Iterable[Named]) -> str | None:
    """The name, in either language, that was probably meant."""
    names = {normal(name): name for each in named for name in (each.english, each.dutch)}
    found = get_close_matches(normal(typed), names, n=1, cutoff=0.6)
    return names[found[0]] if found else None


def _name_like(tab: Tab, sheet: Sheet, column: Column) -> str:
    """The name of a column that is missing, in the language of the sheet's own name."""
    return column.dutch if normal(tab.name) == normal(sheet.named.dutch) else column.name


def _is_empty(cells: Sequence[Cell]) -> bool:
    return all(_is_blank(cell) for cell in cells)


def _is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _letters(place: int) -> str:
    """What Excel calls a column: 0 is A, 27 is AB."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
