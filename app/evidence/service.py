"""Commands on evidence: add files, record a look of our own, open a file (which is logged), withdraw, erase.

A file is looked through, scanned and stored before a command begins; then its row is written. So a row never points to
nothing; a file whose row was refused may stay behind, which points to nothing and which nobody can ask for.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.audit.service import command
from app.audit.trail import Audit
from app.evidence import queries
from app.evidence.entries import Look, Sent
from app.evidence.looking import Looked, expect_size, look_through
from app.evidence.models import EVIDENCE_OF_CONTRACT, Evidence, EvidenceKind
from app.evidence.names import tidy_name
from app.evidence.queries import KIND, About, Subject, SubjectKind
from app.evidence.scanning import expect_clean
from app.evidence.store import the_store
from app.web.bsn import without_bsn
from app.web.clock import now, today
from app.web.errors import Conflict, DomainError, Forbidden, Invalid, NotFound

# Who may add files to what; looks of our own are for who judges.
ADDING = {
    SubjectKind.CONTRIBUTION: Permission.ENTER_CONTRIBUTIONS,
    SubjectKind.CONTRACT: Permission.JUDGE,
    SubjectKind.CERTIFICATE: Permission.ENTER_CONTRIBUTIONS,
}


def add_files(about: About, sent: Sequence[Sent], *, description: str = "", by: User) -> list[Evidence]:
    """Keep files as evidence: all of them or none. A file that stands there already is not added again.

    What shows a certificate is added to each copy of it that is for `by`; gives the rows that were made.

    Errors: NotFound; Invalid with `column` and `file`, the name of the one that is refused (`evidence_empty`,
    `evidence_too_large`, `evidence_kind`, `evidence_unreadable`, `evidence_mixed`, `evidence_locked`,
    `evidence_active`, `evidence_too_wide`, `evidence_infected`, `bsn`); Unavailable (`scanner_down`,
    `evidence_store_down`).
    """
    seen = queries.subjects(by, about, ADDING[about.kind])
    description = without_bsn(description)
    taken = [_taken(each) for each in sent]
    store = the_store()
    for _name, looked in taken:
        store.keep(looked.content)
    made: list[Evidence] = []
    with command("evidence.add", by=by, corporation=seen[0].corporation) as audit:
        for subject in queries.subjects(by, about, ADDING[about.kind]):
            made += _added(audit, subject, taken, description, by)
    for _name, looked in taken:  # somebody may have erased the same file while this one was on its way
        store.keep(looked.content)
    return made


def record_look(about: About, look: Look, *, by: User) -> Evidence:
    """Record a site visit or a telephone check; the same one sent twice is one.

    Errors: NotFound, Invalid (`look_in_future`, `bsn`).
    """
    seen = queries.subject(by, about, Permission.JUDGE)
    with command("evidence.add", by=by, corporation=seen.corporation) as audit:
        subject = queries.subject(by, about, Permission.JUDGE)
        if look.on > today():
            raise Invalid("look_in_future", column="happened_on", day=today())
        values = {
            "kind": look.kind,
            "happened_on": look.on,
            "seen_by": without_bsn(look.seen_by),
            "description": without_bsn(look.description),
        }
        for known in queries.shown_with(subject):
            if known.holds and all(getattr(known, name) == value for name, value in values.items()):
                return known
        row = _row(subject, by, **values)
        audit.created(row)
        _concerns(audit, subject)
    return row


def open_file(evidence_id: int, *, by: User) -> tuple[Evidence, bytes]:
    """The file for `by`; that it was opened stands in the log before anybody gets it.

    Errors: NotFound, Conflict (`evidence_erased`, `evidence_missing`, `evidence_changed`), Unavailable.
    """
    seen = _file_seen_by(by, evidence_id)
    content = the_store().read(seen.sha256 or "")
    with command("evidence.view", by=by, corporation=seen.corporation) as audit:
        row = _file_seen_by(by, evidence_id)
        audit.also(row.corporation)
        audit.concerns(KIND, row.id, row.corporation_id)
        audit.note(file=row.sha256)  # not its name, in which a person may stand
        if row.reference is not None:
            audit.note(contribution=row.reference)
    return row, content


def withdraw(evidence_id: int, reason: str, *, by: User) -> Evidence:
    """Say that it shows nothing any more, and why; it stays readable.

    Errors: NotFound; Forbidden `evidence_of_others`; Conflict (`evidence_withdrawn`, `evidence_of_approved`,
    `evidence_of_checked`); Invalid `bsn`.
    """
    seen = queries.evidence_seen_by(by, evidence_id)
    with command("evidence.withdraw", by=by, corporation=seen.corporation) as audit:
        row = queries.evidence_seen_by(by, evidence_id)
        refusal = refusal_to_withdraw(row, by)
        if refusal is not None:
            raise refusal
        with audit.change_of(row):
            row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = by, now(), without_bsn(reason)
        audit.note(reason=row.withdrawn_reason)
        _concerns(audit, Subject(row.contract, row.reference, row.certificate))
    return row


def erase(evidence_id: int, *, by: User) -> Evidence:
    """Destroy a withdrawn file that should never have been sent, a copy of a passport say; that it was there stays.

    Errors: NotFound, Conflict `evidence_not_withdrawn`, Unavailable `evidence_store_down`.
    """
    seen = _file_to_erase(by, evidence_id)
    with command("evidence.erase", by=by, corporation=seen.corporation) as audit:
        row = _file_to_erase(by, evidence_id)
        with audit.change_of(row):
            row.name, row.erased_at = None, now()
        is_last = not queries.is_kept_for_others(row)
        digest = row.sha256
    if is_last and digest:
        the_store().remove(digest)
    return row


def refusal_to_withdraw(row: Evidence, user: User) -> DomainError | None:
    """Why `user` may not withdraw it now, if so: what a judgement rests on stays."""
    if not row.holds:
        return Conflict("evidence_withdrawn")
    if row.added_by_id != user.id and not may(user, Permission.EDIT_CONTRACTS, corporation_id=row.corporation_id):
        return Forbidden("evidence_of_others")
    if row.certificate is not None and row.certificate.checked_on is not None:
        return Conflict("evidence_of_checked")
    if row.contract_id and row.reference and queries.is_approved(row.contract_id, row.reference):
        return Conflict("evidence_of_approved")
    return None


def may_erase(row: Evidence, user: User) -> bool:
    """Whether `user` may destroy the file of it now."""
    administers = may(user, Permission.ADMINISTER, corporation_id=row.corporation_id)
    return administers and row.is_file and row.withdrawn_at is not None and row.erased_at is None


def _added(
    audit: Audit, subject: Subject, taken: Sequence[tuple[str, Looked]], description: str, by: User
) -> Sequence[Evidence]:
    """Rows for those of these files that do not stand there yet."""
    known = {each.sha256 for each in queries.shown_with(subject) if each.holds}
    made: dict[str, Evidence] = {}
    for name, looked in taken:
        if looked.sha256 not in known | made.keys():
            made[looked.sha256] = _file(subject, name, looked, description, by)
    audit.created(*made.values())
    if made:
        _concerns(audit, subject)
    return list(made.values())


def _taken(sent: Sent) -> tuple[str, Looked]:
    """Its tidy name and what to keep of it. Errors: as `add_files`."""
    try:
        expect_size(sent.name, sent.content)
        expect_clean(sent.name, sent.content)
        looked = look_through(sent.name, sent.content)
        return tidy_name(sent.name, looked.media_type), looked
    except Invalid as refusal:
        raise Invalid(refusal.code, column="files", **refusal.values) from None


def _file(subject: Subject, name: str, looked: Looked, description: str, by: User) -> Evidence:
    return _row(
        subject,
        by,
        kind=EvidenceKind.FILE,
        description=description,
        name=name,
        media_type=looked.media_type,
        size=len(looked.content),
        sha256=looked.sha256,
        sent_sha256=looked.sent_sha256,
    )


def _row(subject: Subject, by: User, **values: object) -> Evidence:
    return Evidence(corporation=subject.corporation, added_by_id=by.id, added_at=now(), **subject.columns, **values)


def _file_seen_by(user: User, evidence_id: int) -> Evidence:
    row = queries.evidence_seen_by(user, evidence_id)
    if not row.is_file:
        raise NotFound
    if row.erased_at is not None:
        raise Conflict("evidence_erased")
    return row


def _file_to_erase(user: User, evidence_id: int) -> Evidence:
    row = queries.evidence_seen_by(user, evidence_id)
    if not may(user, Permission.ADMINISTER, corporation_id=row.corporation_id):
        raise NotFound
    if not may_erase(row, user):
        raise Conflict("evidence_not_withdrawn")
    return row


def _concerns(audit: Audit, subject: Subject) -> None:
    """Let it be found in the course of the contract, with the contribution that it is about."""
    if subject.reference is not None:
        audit.note(contribution=subject.reference)
    if subject.contract is not None:
        audit.concerns(EVIDENCE_OF_CONTRACT, subject.contract.id, subject.contract.corporation_id)
