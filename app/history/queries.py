"""Reads of what was done to a record: its audit records, newest first, each with what changed in words.

A constant number of statements, however many records there are.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Row, Select, case, func, select

from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.audit.models import AuditChain, AuditPayload, AuditRecord, AuditSubject
from app.audit.queries import Owner
from app.audit.snapshots import subjects_of
from app.audit.trail import owner_of
from app.contracts.models import Contract
from app.extensions import db
from app.history.fields import FieldChange, Names, changes, references
from app.history.records import Record, record_seen_by
from app.history.words import notes_shown, said, who
from app.schemes.models import Policy, RateTable
from app.schemes.queries import parsed_table
from app.suppliers.models import SupplierRecord
from app.web.errors import NotFound
from app.web.listing import Choice, Listing, Offer, page_of_columns
from app.web.words import in_reader_language, label

NEWEST = {"newest": (AuditRecord.id,)}
OFFER = Offer(NEWEST, begins_descending=True)
Shown = tuple[str, int, Mapping[str, Any], Mapping[str, Any]]
"""A row of a payload: its kind, its number, and its values before and after."""
PAYLOAD = (AuditPayload.before, AuditPayload.after)
DELETED, RESTORED = ".delete", ".restore"
UNDONE_BY: Mapping[str, Permission] = {
    "contract": Permission.EDIT_CONTRACTS,
    "amendment": Permission.EDIT_CONTRACTS,
    "supplier_record": Permission.EDIT_CONTRACTS,
    "certificate": Permission.EDIT_CONTRACTS,
    "rate_table": Permission.EDIT_SCHEMES,
    "policy": Permission.EDIT_SCHEMES,
}
"""Whose deletions can be undone, and the permission that it takes; a contribution is withdrawn and never deleted."""


@dataclass(frozen=True, slots=True)
class RowChanges:
    """What a record did to one row; `title` names it when it did something to several."""

    title: str
    is_whole: bool
    """It came or went: then each field has one value."""
    changes: Sequence[FieldChange]


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit record for a reader. `can_be_undone`: it deleted something that this reader may put back."""

    id: int
    at: datetime
    who: str
    did: str
    notes: Sequence[tuple[str, str]]
    rows: Sequence[RowChanges]
    can_be_undone: bool = False


@dataclass(frozen=True, slots=True)
class LastChange:
    """By whom and when a record was last written."""

    at: datetime
    who: str


def history_of(record: Record, choice: Choice, reader: User) -> Listing[Entry]:
    """The page of a record's history that is asked for."""
    page = page_of_columns(records_about(record, *PAYLOAD), choice, NEWEST["newest"])
    read = [(row, payload_of(row)) for row in page.rows]
    shown = {row.id: _rows_shown(record, payload) for row, payload in read}
    tables = [record.contract.rate_table] if record.contract else []
    of = getattr(record.row, "corporation_id", None)
    known = names_in((each for rows in shown.values() for each in rows), of, tables)
    entries = [
        Entry(
            id=row.id,
            at=row.at,
            who=who(row.actor, row.user_name),
            did=said(row.action, name_in(row.action, shown[row.id])),
            notes=list(notes_shown(payload[2])),
            rows=[_row_changes(each, record, known, is_alone=len(shown[row.id]) == 1) for each in shown[row.id]],
            can_be_undone=may_undo(reader, row.action, row.corporation_id)
            and any(record.lacks(kind, number) for kind, number, *_ in shown[row.id]),
        )
        for row, payload in read
    ]
    return Listing(page.choice, entries, page.found, page.page)


def last_change(user: User, kind: str, number: int) -> LastChange | None:
    """None for who may not see the history, and for a record that no command wrote yet."""
    try:
        record = record_seen_by(user, kind, number)
    except NotFound:
        return None
    newest = records_about(record).order_by(AuditRecord.id.desc()).limit(1)
    row = db.session.execute(newest).first()
    return LastChange(row.at, who(row.actor, row.user_name)) if row else None


def records_about(record: Record, *more: Any) -> Select[*tuple[Any, ...]]:
    """The audit records about it, as `audit_columns`. A number that was given anew begins anew."""
    since = end_of_predecessor(record.kind, record.id)
    return audit_columns(*more).where(record.about, in_chain_of(owner_of(record.row)), AuditRecord.id > since)


def in_chain_of(owner: Owner | None) -> ColumnElement[bool]:
    """That an audit record stands there: what another corporation did to a row of the same number is its own affair."""
    return AuditChain.corporation_id == (owner.id if owner else None)


def audit_columns(*more: Any) -> Select[*tuple[Any, ...]]:
    """Audit records with who acted and the notes; `more` are columns of the payload."""
    return (
        select(
            AuditRecord.id,
            AuditRecord.at,
            AuditRecord.actor,
            AuditRecord.action,
            AuditChain.corporation_id,
            User.name.label("user_name"),
            AuditPayload.notes,
            *more,
        )
        .join(AuditRecord.chain)
        .join(AuditRecord.payload, isouter=True)
        .join(User, User.id == AuditRecord.actor_id, isouter=True)
    )


def end_of_predecessor(kind: str, number: int) -> int:
    """The record that deleted an earlier row of that number for good; SQLite gives the highest number out again."""
    is_deletion, is_restoration = (AuditRecord.action.endswith(verb) for verb in (DELETED, RESTORED))
    last = select(
        func.max(case((is_deletion, AuditRecord.id), else_=0)),
        func.max(case((is_restoration, AuditRecord.id), else_=0)),
    )
    own = (AuditSubject.kind == kind, AuditSubject.object_id == number)
    deleted, restored = db.session.execute(last.join(AuditRecord.subjects).where(*own)).one()
    return deleted if deleted and deleted > restored else 0


def payload_of(row: Row[*tuple[Any, ...]]) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Before, after and notes; empty once the retention run took the payload away."""
    before, after, notes = (json.loads(text or "{}") for text in (row.before, row.after, row.notes))
    return before, after, notes


def rows_in(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Shown]:
    """The rows of a payload that have a number of their own: kind, number, before, after."""
    for name in {**before, **after}:
        for kind, number in subjects_of([name]):
            yield kind, number, before.get(name, {}), after.get(name, {})


def _rows_shown(record: Record, payload: tuple[Mapping[str, Any], Mapping[str, Any], Any]) -> list[Shown]:
    """Those that are part of this history."""
    before, after, _notes = payload
    return [row for row in rows_in(before, after) if record.shows(row[0], row[1], {**row[2], **row[3]})]


def names_in(rows: Iterable[Shown], corporation_id: int | None, tables: Iterable[RateTable]) -> Names:
    """What the numbers in these rows stand for, each kind of them in one statement; `tables` name the blocks."""
    wanted: dict[str, set[int]] = {kind: set() for kind in NAMED}
    for kind, _number, was, became in rows:
        for refers_to, number in (*references(kind, was), *references(kind, became)):
            wanted[refers_to].add(number)
    blocks = {code: label(block) for table in tables for code, block in parsed_table(table).blocks.items()}
    return Names({kind: dict(NAMED[kind](corporation_id, numbers)) for kind, numbers in wanted.items()}, blocks)


def _users(_of: int | None, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(numbers)))
    return ((number, name) for number, name in rows)


def _tables(_of: int | None, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    rows = db.session.execute(select(RateTable.id, RateTable.name).where(RateTable.id.in_(numbers)))
    return ((number, name) for number, name in rows)


def _policies(_of: int | None, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    columns = select(Policy.id, Policy.name_nl, Policy.name_en)
    rows = db.session.execute(columns.where(Policy.id.in_(numbers)))
    return ((number, in_reader_language({"nl": dutch, "en": english})) for number, dutch, english in rows)


def _suppliers(of: int | None, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    """As that corporation calls them."""
    columns = select(SupplierRecord.supplier_id, SupplierRecord.name)
    rows = db.session.execute(
        columns.where(SupplierRecord.supplier_id.in_(numbers), SupplierRecord.corporation_id == of)
    )
    return ((number, name) for number, name in rows)


def _contracts(of: int | None, numbers: Collection[int]) -> Iterator[tuple[int, str]]:
    columns = select(Contract.id, Contract.number)
    rows = db.session.execute(columns.where(Contract.id.in_(numbers), Contract.corporation_id == of))
    return ((number, name) for number, name in rows)


NAMED = {"contract": _contracts, "user": _users, "rate_table": _tables, "policy": _policies, "supplier": _suppliers}


def _row_changes(row: Shown, record: Record, known: Names, *, is_alone: bool) -> RowChanges:
    """One row needs no title: the line above it says what was done."""
    kind, number, was, became = row
    version = record.versions.get(number)
    name = _("Version %(number)s", number=version) if version else said_name(was or became)
    return RowChanges("" if is_alone else name, not (was and became), list(changes(kind, was, became, known)))


def name_in(action: str, rows: Sequence[Shown]) -> str:
    """The name of the row that an action is about, when its record says it (one that was made or deleted does)."""
    about = (said_name(was or became) for kind, _number, was, became in rows if action.startswith(f"{kind}."))
    return next(filter(None, about), "")


def said_name(values: Mapping[str, Any]) -> str:
    """What people call a row that the log shows whole."""
    return str(values.get("reference") or values.get("number") or values.get("name") or "")


def may_undo(user: User, action: str, corporation_id: int | None) -> bool:
    """Whether such a record deleted something that `user` may put back."""
    kind, _, verb = action.partition(".")
    permission = UNDONE_BY.get(kind) if f".{verb}" == DELETED else None
    return bool(permission and corporation_id and may(user, permission, corporation_id=corporation_id))
