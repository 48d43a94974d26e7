"""What an importer should look at though it is no fault: another version of a table, a third period as aspirant."""

from __future__ import annotations

from collections.abc import Iterator

from app.schemes.queries import other_version_meant
from app.suppliers.validity import aspirant_again
from app.web.errors import Invalid
from app.workbook.entries import Entries
from app.workbook.faults import Fault
from app.workbook.queries import Known


def warnings_of(entries: Entries, known: Known) -> list[Fault]:
    """The warnings about a workbook without faults; `known` is what was there before it."""
    return [*_other_versions(entries, known), *_aspirants(entries, known)]


def _other_versions(entries: Entries, known: Known) -> Iterator[Fault]:
    """Contracts whose own date points to another version of the family of their table."""
    for entry in entries.contracts:
        table = known.tables[entry.says.rate_table]
        other = other_version_meant(table, entry.says.terms, known.tables.values())
        if other is not None:
            meant, on = other
            differs = Invalid("other_version_in_force", day=on, meant=meant.code, table=table.code)
            yield entry.row.fault(differs, "rate_table")


def _aspirants(entries: Entries, known: Known) -> Iterator[Fault]:
    """Certificates that make a third period as aspirant, or a later one, of one company."""
    periods = [(row.level, row.valid_from, row.kvk_numbers) for row in known.certificates.values()]
    periods += [(entry.says.level, entry.says.valid_from, entry.says.kvk) for entry in entries.certificates]
    for entry in entries.certificates:
        for warning in aspirant_again(entry.says, periods):
            yield entry.row.fault(warning, "level")
