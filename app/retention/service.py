"""The command of the retention run: erase who and what is past its time. Figures and statements stay as they are.

The rows are emptied in one transaction, which leaves a record that says how many; then the files go. A run that dies in
between leaves files that no row names any more as kept: the next run removes them. An address goes with the mail that
asked: its text went when it was sent, and the list of mail would still show to whom it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import and_, delete, or_

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission
from app.accounts.queries import corporation_named, corporation_where
from app.audit.service import command
from app.confirmations.models import Confirmation
from app.evidence.store import the_store
from app.extensions import db
from app.mail.models import Mail
from app.retention import queries
from app.retention.queries import Due
from app.web.clock import now, today
from app.web.errors import Stale

MAIL_OF_CONFIRMATION = "confirmation"
SOON = timedelta(minutes=1)
"""A mail is put in the outbox after what it asks is recorded, in one transaction."""
MAILS_AT_ONCE = 200


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
            _delete_mails(corporation, due.addresses)
            for confirmation in due.addresses:
                confirmation.email = None
        if not due.is_empty:
            audit.note(persons=len(due.persons), files=len(due.files), addresses=len(due.addresses))
    store = the_store()
    for digest in queries.files_left(corporation):
        store.remove(digest)
    return due


def _delete_mails(corporation: Corporation, asked: Sequence[Confirmation]) -> None:
    """The mails that went with these questions."""
    of_corporation = (Mail.corporation_id == corporation.id, Mail.kind == MAIL_OF_CONFIRMATION)
    sent = [
        and_(Mail.address == each.email, Mail.made_at.between(each.asked_at, each.asked_at + SOON)) for each in asked
    ]
    for start in range(0, len(sent), MAILS_AT_ONCE):  # a statement has its limits
        db.session.execute(delete(Mail).where(*of_corporation, or_(*sent[start : start + MAILS_AT_ONCE])))


def _corporation(kvk: str, by: User | str) -> Corporation:
    return corporation_named(kvk) if isinstance(by, str) else corporation_where(by, Permission.ADMINISTER, kvk)
