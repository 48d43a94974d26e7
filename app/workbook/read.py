"""Gets the cells of a workbook out of the process that reads it (`reader.py`), however that process ends."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.web.errors import Invalid
from app.workbook import reader

MOST_MEGABYTES = 20
MOST_SECONDS = 60
"""The reader limits its own processor time; this is for one that waits for something."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell whose content cannot be told; `code` says why (`cell_error`, `cell_without_result`, `cell_merged`)."""

    code: str


Cell = str | bool | Decimal | date | Unreadable | None


@dataclass(frozen=True, slots=True)
class Tab:
    """One sheet as it stands in the file: its name, and its cells row by row from A1 on."""

    name: str
    rows: Sequence[Sequence[Cell]]


def read_workbook(path: Path) -> list[Tab]:
    """The sheets of an .xlsx file, in their order.

    Errors: `Invalid` (`file_unreadable`, `workbook_unreadable`, `workbook_old_or_locked`, `workbook_too_large`,
    `workbook_cell_too_far`).
    """
    _expect_size(path)
    # -I: nothing of the environment or the current folder becomes part of the reader.
    command = [sys.executable, "-I", reader.__file__, str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise _too_large() from None
    if done.returncode < 0:  # the system ended it: too much memory or time
        raise _too_large()
    lines = [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else []
    refusal = next((line for line in lines if "refused" in line), None)
    if refusal:
        raise Invalid(refusal["refused"], **refusal["values"])
    if not lines:
        raise Invalid("workbook_unreadable")
    return [_tab(line) for line in lines]


def _expect_size(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise Invalid("file_unreadable", file=str(path)) from None
    if not path.is_file():
        raise Invalid("file_unreadable", file=str(path))
    if size > MOST_MEGABYTES * reader.MEGABYTE:
        raise Invalid("workbook_too_large", megabytes=MOST_MEGABYTES)


def _too_large() -> Invalid:
    return Invalid("workbook_too_large", **reader.TOO_LARGE.values)


def _tab(line: dict[str, Any]) -> Tab:
    return Tab(line["name"], [[_cell(value) for value in row] for row in line["rows"]])


def _cell(value: Any) -> Cell:
    match value:
        case ["n", text]:
            return Decimal(text)
        case ["d", text]:
            return date.fromisoformat(text)
        case ["x", code]:
            return Unreadable(code)
        case _:
            plain: str | bool | None = value
            return plain
