"""Reads one workbook in a process of its own: `python -I reader.py FILE` writes each sheet as a line of JSON.

It stands alone (the standard library and python-calamine), so that it starts quickly, and what a hostile file does to
it touches nobody else: memory and time are limited, and the file is looked through before calamine opens it. A
workbook of 5 kB with one cell at XFD1048576 would make calamine lay out seventeen thousand million cells.

A cell is null, a text, true or false, or a pair: ["n", "28.8"] a number, ["d", "2025-01-01"] a day, ["x", code] a cell
that cannot be read. A percentage comes as the text that Excel shows ("5%"): its cell holds 0.05.
"""

from __future__ import annotations

import json
import posixpath
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetTypeEnum

MEGABYTE = 1024 * 1024
MOST_MEMORY = 1024 * MEGABYTE
MOST_SECONDS = 30
MOST_UNPACKED = 100 * MEGABYTE
HIGHEST_RATIO = 200
RATIO_COUNTS_FROM = 10 * MEGABYTE
MOST_WRITTEN = 64 * MEGABYTE
MOST_PARTS = 1000
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000
MOST_ODD_CELLS = 100
CHUNK = MEGABYTE

ZIP_MAGIC, OLE_MAGIC = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
WORKBOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
PERCENT_FORMATS = frozenset({9, 10})
NOT_SHOWN = re.compile(r'"[^"]*"|\\.')
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
EXACT_DIGITS = 15
"""Excel keeps and shows fifteen digits of a number; what a binary fraction has beyond them is noise."""

Place = tuple[int, int]
"""Row and column, counted from 1."""
Rows = list[list[Any]]


class Refused(Exception):
    """The workbook is not read; `code` and `values` are those of the sentence about it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


TOO_LARGE = Refused("workbook_too_large", megabytes=MOST_UNPACKED // MEGABYTE)


@dataclass(slots=True)
class Part:
    """What the look through one part found: how far its cells reach, and which cells calamine does not tell about."""

    last_row: int = 0
    last_column: int = 0
    odd: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)
    sheets: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    formats: dict[int, str] = field(default_factory=dict)
    cell_formats: list[int] = field(default_factory=list)

    def percent_styles(self) -> frozenset[int]:
        """Of a part with styles: the places of the cell formats that show a percentage."""
        shown = {number for number, code in self.formats.items() if "%" in NOT_SHOWN.sub("", code)} | PERCENT_FORMATS
        return frozenset(place for place, number in enumerate(self.cell_formats) if number in shown)


class Look:
    """Looks through one part of XML without keeping it: counts, follows positions, refuses what no workbook needs."""

    def __init__(self, percent_styles: frozenset[int]) -> None:
        self.part = Part()
        self._percent_styles = percent_styles
        self._row = self._column = 0
        self._cell: dict[str, str] | None = None
        self._inside: set[str] = set()
        self._in_cell_formats = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._no_doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        self._parser.Parse(chunk, last)

    def _no_doctype(self, *_: Any) -> None:
        raise Refused("workbook_unreadable")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if self._cell is not None:
            self._inside.add(tag)
        elif tag == "c":
            self._begin_cell(attributes)
        elif tag == "row":
            self._row, self._column = _number(attributes.get("r"), self._row + 1), 0
        else:
            self._read_others(tag, attributes)

    def _read_others(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.part.sheets.append((attributes.get("name", ""), relation))
        elif tag == "Relationship":
            self.part.targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif tag == "numFmt":
            self.part.formats[_number(attributes.get("numFmtId"), 0)] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cell_formats = True
        elif tag == "xf" and self._in_cell_formats:
            self.part.cell_formats.append(_number(attributes.get("numFmtId"), 0))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        place = CELL.fullmatch(attributes.get("r", ""))
        if place:
            self._row, self._column = int(place[2]), _column_number(place[1])
        else:
            self._column += 1
        self._cell = attributes
        self._inside.clear()

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c" and self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif tag == "cellXfs":
            self._in_cell_formats = False

    def _end_cell(self, attributes: dict[str, str]) -> None:
        has_value = bool(self._inside & {"v", "is"})
        if not has_value and "f" not in self._inside:
            return  # a format without a value, however far to the right, is nothing to read
        part, place = self.part, (self._row, self._column)
        part.last_row, part.last_column = max(part.last_row, self._row), max(part.last_column, self._column)
        kind = attributes.get("t", "n")
        if (kind == "e" or not has_value) and len(part.odd) < MOST_ODD_CELLS:
            part.odd[place] = "cell_error" if kind == "e" else "cell_without_result"
        if kind == "n" and _number(attributes.get("s"), 0) in self._percent_styles:
            part.percents.add(place)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """The sheets of a workbook, each with its name and its rows from A1 on. Errors: `Refused`."""
    _expect_workbook(path)
    looked = _look_through(path)
    with CalamineWorkbook.from_path(path) as book:
        kinds = {each.name: each.typ for each in book.sheets_metadata}
        for name in book.sheet_names:
            if kinds[name] is SheetTypeEnum.WorkSheet:
                yield _read_sheet(book, name, looked.get(name, Part()))


def _expect_workbook(path: Path) -> None:
    with path.open("rb") as file:
        magic = file.read(len(ZIP_MAGIC))
    if magic == OLE_MAGIC:
        raise Refused("workbook_old_or_locked")
    if magic != ZIP_MAGIC:
        raise Refused("workbook_unreadable")


def _look_through(path: Path) -> dict[str, Part]:
    """What stands in each sheet, by its name. Errors: `Refused` when it is too much, or no workbook."""
    with zipfile.ZipFile(path) as archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        # Two parts of one name: we would look at the one and calamine read the other.
        if WORKBOOK not in entries or len(entries) < len(archive.infolist()) or len(entries) > MOST_PARTS:
            raise Refused("workbook_unreadable")
        _expect_size(archive, path.stat().st_size)
        styles = _look_at(archive, STYLES, frozenset()) if STYLES in entries else Part()
        parts = {name: _look_at(archive, name, styles.percent_styles()) for name in entries}
    found = _by_sheet(parts)
    for name, part in found.items():
        if part.last_row > MOST_ROWS or part.last_column > MOST_COLUMNS:
            raise Refused("workbook_cell_too_far", sheet=name, rows=MOST_ROWS, columns=MOST_COLUMNS)
    if sum(part.last_row * part.last_column for part in parts.values()) > MOST_CELLS:
        raise TOO_LARGE
    return found


def _expect_size(archive: zipfile.ZipFile, packed: int) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    is_bomb = unpacked > RATIO_COUNTS_FROM and unpacked > HIGHEST_RATIO * packed
    if unpacked > MOST_UNPACKED or is_bomb:
        raise TOO_LARGE


def _look_at(archive: zipfile.ZipFile, name: str, percent_styles: frozenset[int]) -> Part:
    """Unpack one part wholly, which also checks its checksum, and look through it when it is XML."""
    look, is_xml, begun = Look(percent_styles), True, False
    with archive.open(name) as entry:
        while chunk := entry.read(CHUNK):
            if not begun:
                is_xml, begun = chunk.removeprefix(BYTE_ORDER_MARK).lstrip()[:1] == b"<", True
            if is_xml:
                look.feed(chunk)
    if is_xml and begun:
        look.feed(b"", last=True)
    return look.part


def _by_sheet(parts: dict[str, Part]) -> dict[str, Part]:
    """The looked-at parts by the name of their sheet; parts that no sheet names by their own name."""
    targets = parts.get(RELATIONSHIPS, Part()).targets
    paths = {name: _path_of(targets.get(relation, "")) for name, relation in parts[WORKBOOK].sheets}
    return {path: part for path, part in parts.items() if path not in paths.values()} | {
        name: parts[path] for name, path in paths.items() if path in parts
    }


def _path_of(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


def _read_sheet(book: CalamineWorkbook, name: str, part: Part) -> dict[str, Any]:
    sheet = book.get_sheet_by_name(name)
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for place in part.percents:
        _show_percent(rows, place)
    for place in _hidden_by_merging(rows, sheet.merged_cell_ranges or []):
        _mark(rows, place, "cell_merged")
    for place, code in part.odd.items():
        _mark(rows, place, code)
    return {"name": name, "rows": rows}


def _show_percent(rows: Rows, place: Place) -> None:
    row, column = place
    number = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None
    if isinstance(number, list) and number[0] == "n":
        rows[row - 1][column - 1] = f"{_plain(Decimal(number[1]) * 100)}%"


def _mark(rows: Rows, place: Place, code: str) -> None:
    row, column = place
    rows += [[] for _ in range(row - len(rows))]
    rows[row - 1] += [None] * (column - len(rows[row - 1]))
    rows[row - 1][column - 1] = ["x", code]


def _hidden_by_merging(rows: Rows, ranges: list[tuple[Place, Place]]) -> Iterator[Place]:
    """The cells of merged ranges but for their first: what a reader sees there too, stands in the first only."""
    for (top, left), (bottom, right) in ranges:
        if top < len(rows) and left < len(rows[top]) and rows[top][left] is not None:
            for row in range(top, min(bottom + 1, len(rows))):
                for column in range(left, min(right + 1, len(rows[row]))):
                    if (row, column) != (top, left):
                        yield row + 1, column + 1


def _cell(value: Any) -> Any:
    match value:
        case "":
            return None
        case bool() | str():
            return value
        case int() | float():
            return ["n", _number_text(value)]
        case datetime() if value.time() != time():
            return f"{value:%Y-%m-%d %H:%M}"
        case date():
            return ["d", f"{value:%Y-%m-%d}"]
        case _:
            return str(value)


def _number_text(number: float) -> str:
    """The decimal that somebody typed: exactly the binary fraction's shortest text, without the noise of a formula."""
    exact = Decimal(repr(number))
    if len(exact.as_tuple().digits) > EXACT_DIGITS:
        exact = Decimal(f"{number:.{EXACT_DIGITS}g}")
    return _plain(exact)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def limit_resources() -> None:
    """Memory and time of this process; where a system does not know a limit, the others hold."""
    for which, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


def main(path: Path) -> None:
    """What goes wrong otherwise ends the process, and whoever started it says that the workbook cannot be read."""
    limit_resources()
    written = 0
    try:
        for sheet in read(path):
            line = json.dumps(sheet)
            written += len(line)
            if written > MOST_WRITTEN:
                raise TOO_LARGE
            print(line)
    except Refused as refusal:
        _say(refusal)
    except MemoryError:
        _say(TOO_LARGE)


def _say(refusal: Refused) -> None:
    print(json.dumps({"refused": refusal.code, "values": refusal.values}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
