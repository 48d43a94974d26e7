"""CSV files for people who open them in a spreadsheet: UTF-8 with its mark, semicolons, and no cell that is a formula.

Rows go out as they come, so that a long file needs no memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Any

from flask import stream_with_context
from werkzeug.wrappers import Response

SEPARATOR = ";"
MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""In front of the file it says that this is UTF-8; without it Excel reads it as something older."""
CALCULATES = tuple(
    "=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
"""What a spreadsheet takes for the beginning of a formula, or drops and then does."""


def safe(value: Any) -> str:
    """A cell that stays text: what would be a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(CALCULATES) else text


def line_of(cells: Iterable[Any], ending: str = "\r\n") -> str:
    """A row as it stands in the file."""
    written = StringIO()
    csv.writer(written, delimiter=SEPARATOR, lineterminator=ending).writerow([safe(cell) for cell in cells])
    return written.getvalue()


def csv_answer(name: str, head: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Response:
    """A download of these rows under a head, called `name` (letters, digits and dashes), written while it is sent."""

    def lines() -> Iterator[str]:
        yield MARK + line_of(head)
        yield from map(line_of, rows)

    answer = Response(stream_with_context(lines()), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return answer
