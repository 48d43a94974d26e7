"""What an importer should look at though it is no fault: another version of a table, a third period as aspirant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.rules.dossier import Terms
from app.rules.ladder import Level
from app.schemes.queries import version_in_force
from app.web.errors import Invalid
from app.workbook.entries import Entries
from app.workbook.faults import Fault
from app.workbook.queries import Known

COLUMNS = {"publication": "published_on", "award": "awarded_on", "start": "starts_on"}
ASPIRANT_PERIODS = 2
"""Aspirant may be extended once."""


def warnings_of(entries: Entries, known: Known) -> list[Fault]:
    """The warnings about a workbook without faults; `known` is what was there before it."""
    return [*_other_versions(entries, known), *_aspirants(entries, known)]


def _other_versions(entries: Entries, known: Known) -> Iterator[Fault]:
    """Contracts whose own date points to another version of the family of their table."""
    for entry in entries.contracts:
        table = known.tables[entry.says.rate_table]
        column = COLUMNS[table.selected_by]
        on = _day(entry.says.terms, column)
        if on is not None:
            meant = version_in_force(table, on, known.tables.values())
            if meant is not table:
                other = Invalid("other_version_in_force", day=on, meant=meant.code, table=table.code)
                yield entry.row.fault(other, "rate_table")


def _day(terms: Terms, column: str) -> date | None:
    day: date | None = getattr(terms, column)
    return day


def _aspirants(entries: Entries, known: Known) -> Iterator[Fault]:
    """Certificates that make a third period as aspirant, or a later one, of one company."""
    periods = {(kvk, row.valid_from) for row in known.certificates.values() if row.level is Level.ASPIRANT
               for kvk in row.kvk_numbers}  # fmt: skip
    aspirants = [entry for entry in entries.certificates if entry.says.level is Level.ASPIRANT]
    periods |= {(kvk, entry.says.valid_from) for entry in aspirants for kvk in entry.says.kvk}
    for entry in aspirants:
        for kvk in entry.says.kvk:
            earlier = {first for of, first in periods if of == kvk and first < entry.says.valid_from}
            if len(earlier) >= ASPIRANT_PERIODS:
                yield entry.row.fault(Invalid("aspirant_again", kvk=kvk, number=len(earlier) + 1), "level")
