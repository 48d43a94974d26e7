"""The population of a sample as a file: one line for each contribution that could be drawn, in an order of its own.

It is a CSV file in UTF-8 without a mark, with semicolons and line feeds, sorted by contract number, reference and key;
its SHA-256 is the hash of the population. The key names the version as the audit log does ("placement:12").
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from hashlib import sha256

from app.web.csv_file import SEPARATOR, line_of

LINE_FEED = "\n"


@dataclass(frozen=True, slots=True)
class Line:
    """A contribution as it looked when the population was taken; `credited` is in euro, as of that day."""

    key: str
    contract: str
    supplier_kvk: str
    reference: str
    version: str
    kind: str
    block: str
    first_day: str
    last_day: str
    approved_on: str
    credited_eur: str

    @property
    def contribution_id(self) -> int:
        return int(self.key.partition(":")[2])

    @property
    def credited_cents(self) -> int:
        return int(Decimal(self.credited_eur) * 100)

    @property
    def days(self) -> tuple[date, date | None]:
        """The first day, and the last one of a placement that has one."""
        return date.fromisoformat(self.first_day), date.fromisoformat(self.last_day) if self.last_day else None

    @property
    def approved(self) -> date:
        return date.fromisoformat(self.approved_on)

    @property
    def text(self) -> str:
        """As it stands in the file, without its end."""
        return line_of((getattr(self, name) for name in COLUMNS), ending="")


COLUMNS = tuple(each.name for each in fields(Line))


def in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.contract, line.reference, line.key))


def written(lines: Iterable[Line]) -> bytes:
    """The file of a population."""
    return "".join(f"{text}{LINE_FEED}" for text in (SEPARATOR.join(COLUMNS), *(line.text for line in lines))).encode()


def read(file: bytes) -> list[Line]:
    """The lines of a file of ours."""
    return [read_line(text) for text in file.decode().split(LINE_FEED)[1:-1]]


def read_line(text: str) -> Line:
    return Line(*next(csv.reader([text], delimiter=SEPARATOR)))


def digest(file: bytes) -> str:
    """The hash of a population."""
    return sha256(file).hexdigest()


def on_one_line(text: str) -> str:
    """A text of somebody's that may not begin another line of the file."""
    return " ".join(text.split())
