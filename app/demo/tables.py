"""Tables as text, so that the demo's data reads like a sheet: a line of headings, then a line for each row."""

from __future__ import annotations

from collections.abc import Iterable

Row = dict[str, str]


def rows_of(text: str) -> list[Row]:
    """The rows of a table whose columns are separated by bars; an empty cell is left out of its row."""
    headings, *lines = (_cells(line) for line in text.strip().splitlines())
    return [{name: cell for name, cell in zip(headings, line, strict=True) if cell} for line in lines]


def joined(rows: Iterable[Row], others: Iterable[Row], key: tuple[str, ...]) -> list[Row]:
    """Each row with what the row of `others` that has the same values in the columns of `key` adds to it."""
    added = {_values(other, key): other for other in others}
    return [row | added.get(_values(row, key), {}) for row in rows]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]


def _values(row: Row, key: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[column] for column in key)
