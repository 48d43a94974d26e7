"""The import of a workbook: one command, all or nothing."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, may
from app.audit.service import command
from app.schemes.service import load_shipped
from app.web.bsn import contains_bsn
from app.web.clock import now
from app.web.errors import Forbidden, Invalid, Stale
from app.workbook.cautions import warnings_of
from app.workbook.checks import faults_of, mentioned_in
from app.workbook.entries import entries_of
from app.workbook.faults import WorkbookRefused
from app.workbook.queries import known_about
from app.workbook.read import read_workbook
from app.workbook.rows import rows_of
from app.workbook.store import Report, Store
from app.workbook.versions import Importer


class _NothingKept(Exception):
    """Ends a dry run: whatever was written is undone."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def import_workbook(path: Path, corporation: Corporation, *, by: User | str, dry_run: bool = False) -> Report:
    """Load a workbook into a corporation: what is there and different is changed, the rest is made.

    Rows are known by the keys of docs/workbook.md; the same workbook again changes nothing and leaves no record. `by`
    is the user who imports, or says who else does ("command line"); what comes in as approved is approved by them, on
    import. A dry run does the same and keeps nothing.

    Errors: `WorkbookRefused` with all faults (nothing is kept), `Invalid` for a file that cannot be read
    (`file_unreadable`, `workbook_*`, `bsn_in_file_name`), `Forbidden("may_not_import")`, `Stale`.
    """
    if isinstance(by, User) and not may(by, Permission.IMPORT, corporation_id=corporation.id):
        raise Forbidden("may_not_import", email=by.email)
    if contains_bsn(path.stem):
        raise Invalid("bsn_in_file_name")
    book = rows_of(read_workbook(path))
    entries = entries_of(book)
    load_shipped()
    importer = Importer(by.id if isinstance(by, User) else None, now())
    try:
        with command("workbook.import", by=by, corporation=corporation) as audit:
            known = known_about(corporation, mentioned_in(book))
            faults = faults_of(book, entries, known)
            if faults:
                raise WorkbookRefused(faults)
            warnings = warnings_of(entries, known)
            report = Store(audit, known, importer).write(entries)
            report.warnings = book.in_order([*warnings, *report.warnings])
            if dry_run:
                raise _NothingKept(report)
            if report.has_changes:
                audit.note(file=path.name, sha256=sha256(path.read_bytes()).hexdigest())
    except _NothingKept as ended:
        report = ended.report
        report.is_dry_run = True
    except IntegrityError as error:
        # The facts have no fault, so another import made the same person in this very moment.
        raise Stale from error
    return report
