"""The command of the retention run: erase who and what is past its time. Figures and statements stay as they are.

The rows are emptied in one transaction, which leaves a record that says how many; then the files go. A run that dies in
between leaves files that no row names any more as kept: the next run removes them.
"""

from __future__ import annotations

from datetime import date

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission
from app.accounts.queries import corporation_named, corporation_where
from app.audit.service import command
from app.evidence.store import the_store
from app.retention import queries
from app.retention.queries import Due
from app.web.clock import now, today
from app.web.errors import Stale


def erase(kvk: str, *, by: User | str, seen: str | None = None, on: date | None = None) -> Due:
    """Erase what is past its time of a corporation, and give what that was.

    `seen` is the digest of what `by` saw: when it is another by now, nothing is erased. Errors: NotFound (no such
    corporation, or `by` does not administer it), Stale, Unavailable `evidence_store_down` (the rows are emptied; the
    next run removes the files).
    """
    corporation = _corporation(kvk, by)
    with command("retention.erase", by=by, corporation=corporation) as audit:
        corporation = _corporation(kvk, by)
        due = queries.due_of(corporation, on or today())
        if seen is not None and seen != due.digest:
            raise Stale
        with audit.change_of(*due.persons, *due.files, *due.addresses):
            for person in due.persons:
                person.reference, person.erased_at = None, now()
            for file in due.files:
                file.name, file.erased_at = None, now()
            for confirmation in due.addresses:
                confirmation.email = None
        if not due.is_empty:
            audit.note(persons=len(due.persons), files=len(due.files), addresses=len(due.addresses))
    store = the_store()
    for digest in queries.files_left(corporation):
        store.remove(digest)
    return due


def _corporation(kvk: str, by: User | str) -> Corporation:
    return corporation_named(kvk) if isinstance(by, str) else corporation_where(by, Permission.ADMINISTER, kvk)
