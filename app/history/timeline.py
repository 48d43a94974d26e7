"""The time line of a contract: everything that may have moved its figures, and what net and credited became.

An audit record is on it when it changed the contract, when a command said that its facts changed (an amendment, a
contribution, a certificate of its supplier, an import), or when it is about one of its statements. The figures come
from the dossier that was kept of each day: two that follow each other, assessed as of one day, differ by what was
recorded between them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Row, Select, or_, select, tuple_

from app.assessments.models import DossierRecord
from app.assessments.queries import assessment_by
from app.audit.models import FACTS_OF_CONTRACT, AuditPayload, AuditRecord, AuditSubject
from app.contracts.models import Amendment, Contract
from app.contributions.models import Contribution
from app.evidence.models import EVIDENCE_OF_CONTRACT
from app.extensions import db
from app.history.queries import DELETED, NEWEST, audit_columns, end_of_predecessor, in_chain_of, said_name
from app.history.records import names
from app.history.words import notes_shown, said, who
from app.suppliers.models import Certificate
from app.web.formats import HERE, day_long
from app.web.listing import Choice, Listing, Offer, one_of, page_of_columns

Subject = tuple[str, int]

ALL_AT_ONCE = "workbook.import"
"""The action that writes many rows; its rows are not named one by one."""
NOT_YET = "statement.reserve"
"""A number without a paper: the record after it says that the statement is issued."""
SUPERSEDES = _l("In the place of")
WITHDRAWALS: Mapping[str, Any] = {
    "statement.withdraw": _l("Reason"),
    "settlement.withdraw": _l("Statement %(number)s is withdrawn with it"),
}
"""The actions that withdraw a statement, and what stands before the reason."""
ABOUT: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "terms": (_l("Terms of the contract"), ("contract",)),
    "amendments": (_l("Amendments"), ("amendment",)),
    "certificates": (_l("Supplier and certificates"), ("certificate", "supplier_record")),
    "contributions": (_l("Contributions"), ("placement", "activity")),
    "evidence": (_l("Evidence and confirmations"), ("evidence", "confirmation")),
    "settlement": (_l("Settlement"), ("excuse", "settlement")),
    "statements": (_l("Statements"), ("statement",)),
    "imports": (_l("Imports"), ("workbook",)),
}
"""What can be asked for: its words, and the kinds of actions."""
OFFER = Offer(NEWEST, {"about": one_of(*ABOUT)}, begins_descending=True)


@dataclass(frozen=True, slots=True)
class Stated:
    """What the time line says of a statement: its number, the id of the one in its place, why it was withdrawn."""

    number: str
    superseded_by: int | None = None
    withdrawn_reason: str = ""


Statements = Mapping[int, Stated]
"""The statements of a contract, a feature above this one, by id."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done, in a sentence."""

    at: datetime
    who: str
    did: str
    notes: Sequence[tuple[str, str]]

    @property
    def day(self) -> date:
        return self.at.astimezone(HERE).date()


@dataclass(frozen=True, slots=True)
class Movement:
    """What net and credited were before a day's work (None: nothing was known yet) and became; cents."""

    net_before: int | None
    net: int
    credited_before: int | None
    credited: int

    @property
    def moves(self) -> bool:
        return (self.net_before, self.credited_before) != (self.net, self.credited)


def events_of(contract: Contract, statements: Statements, choice: Choice) -> Listing[Event]:
    """The page of the time line that is asked for."""
    page = page_of_columns(_wanted(contract, statements, choice["about"]), choice, NEWEST["newest"])
    return Listing(page.choice, _events(page.rows, contract, statements), page.found, page.page)


def newest_events(contract: Contract, statements: Statements, number: int) -> Sequence[Event]:
    wanted = _wanted(contract, statements, "").order_by(AuditRecord.id.desc()).limit(number)
    return _events(db.session.execute(wanted).all(), contract, statements)


def movements(contract: Contract, days: Collection[date], on: date) -> Mapping[date, Movement]:
    """How the work of each of these days moved the figures as of `on`; nothing for a day that moved none."""
    last = _last_dossiers(contract)
    before = dict(zip(last, [None, *last], strict=False))
    wanted = {last[day] for day in days if day in last} | {last[known] for day in days if (known := before.get(day))}
    records = {row.id: row for row in db.session.scalars(select(DossierRecord).where(DossierRecord.id.in_(wanted)))}
    found = {}
    for day in set(days) & last.keys():
        known = before[day]
        movement = _movement(records[last[known]] if known else None, records[last[day]], on)
        if movement.moves:
            found[day] = movement
    return found


def _last_dossiers(contract: Contract) -> dict[date, int]:
    """The id of the last dossier of each day, the first day first."""
    rows = select(DossierRecord.recorded_on, DossierRecord.id).where(DossierRecord.contract_id == contract.id)
    return {day: number for day, number in db.session.execute(rows.order_by(DossierRecord.id))}


def _movement(before: DossierRecord | None, after: DossierRecord, on: date) -> Movement:
    now = assessment_by(after, on)
    if before is None:
        return Movement(None, now.net_cents, None, now.credited_cents)
    was = assessment_by(before, on)
    return Movement(was.net_cents, now.net_cents, was.credited_cents, now.credited_cents)


def _wanted(contract: Contract, statements: Collection[int], about: str) -> Select[*tuple[Any, ...]]:
    own = AuditSubject.object_id == contract.id
    concerned = or_(
        names("contract", own),
        names(FACTS_OF_CONTRACT, own),
        names(EVIDENCE_OF_CONTRACT, own),
        names("statement", AuditSubject.object_id.in_(statements)),
    )
    rows = audit_columns().where(concerned, in_chain_of(contract.corporation), AuditRecord.action != NOT_YET)
    rows = rows.where(AuditRecord.id > end_of_predecessor("contract", contract.id))
    return rows.where(_is_about(about)) if about else rows


def _is_about(about: str) -> ColumnElement[bool]:
    return or_(*(AuditRecord.action.startswith(f"{kind}.") for kind in ABOUT[about][1]))


def _events(rows: Iterable[Row[*tuple[Any, ...]]], contract: Contract, statements: Statements) -> Sequence[Event]:
    rows = list(rows)
    subjects = _subjects([row.id for row in rows if row.action != ALL_AT_ONCE])
    named = _names(rows, contract, statements, subjects)
    return [
        Event(
            row.at,
            who(row.actor, row.user_name),
            said(row.action, named.get(row.id, "")),
            [
                *notes_shown(json.loads(row.notes or "{}")),
                *_fate_of_statements(row.action, subjects.get(row.id, ()), statements),
            ],
        )
        for row in rows
    ]


def _fate_of_statements(action: str, subjects: Iterable[Subject], statements: Statements) -> Iterator[tuple[str, str]]:
    """The statement whose place another one took, and why one was withdrawn."""
    concerned = {
        number: statements[number] for kind, number in subjects if kind == "statement" and number in statements
    }
    for each in concerned.values():
        if each.superseded_by in concerned:
            yield str(SUPERSEDES), each.number
        if action in WITHDRAWALS and each.withdrawn_reason:
            yield str(WITHDRAWALS[action]) % {"number": each.number}, each.withdrawn_reason


def _names(
    rows: Sequence[Row[*tuple[Any, ...]]],
    contract: Contract,
    statements: Statements,
    subjects: Mapping[int, Sequence[Subject]],
) -> dict[int, str]:
    """What the row is called that each record is about: what it was called when it went, else what it is called now.

    Of two statements it is the one that took the other's place.
    """
    gone = _names_when_deleted({subject for each in subjects.values() for subject in each})
    numbers = {number: each.number for number, each in statements.items()}
    known = {"statement": numbers, **_names_of_rows(subjects, contract)}
    found: dict[int, str] = {}
    for row in rows:
        about = subjects.get(row.id, ())
        for kind, number in about:
            is_replaced = (
                kind == "statement" and number in statements and (kind, statements[number].superseded_by) in about
            )
            if row.action.startswith(f"{kind}.") and not is_replaced:
                went = next((name for deleted_by, name in gone.get((kind, number), ()) if deleted_by >= row.id), "")
                found[row.id] = went or known.get(kind, {}).get(number, "")
    return found


def _names_when_deleted(subjects: Collection[Subject]) -> dict[Subject, list[tuple[int, str]]]:
    """The deletions of these rows in order, each with the name that the row had then; a number may be given anew."""
    subject = tuple_(AuditSubject.kind, AuditSubject.object_id)
    deletions = (
        select(AuditRecord.id, AuditSubject.kind, AuditSubject.object_id, AuditPayload.before)
        .join(AuditRecord.subjects)
        .join(AuditRecord.payload)
        .where(subject.in_([each for each in subjects if each[0] != FACTS_OF_CONTRACT]))
        .where(AuditRecord.action.endswith(DELETED))
        .order_by(AuditRecord.id)
    )
    found: dict[Subject, list[tuple[int, str]]] = {}
    for record_id, kind, number, before in db.session.execute(deletions):
        name = said_name(json.loads(before).get(f"{kind}:{number}", {}))
        found.setdefault((kind, number), []).append((record_id, name))
    return found


def _subjects(record_ids: Sequence[int]) -> dict[int, list[Subject]]:
    rows = select(AuditSubject.record_id, AuditSubject.kind, AuditSubject.object_id)
    found: dict[int, list[Subject]] = {}
    for record_id, kind, number in db.session.execute(rows.where(AuditSubject.record_id.in_(record_ids))):
        found.setdefault(record_id, []).append((kind, number))
    return found


def _names_of_rows(subjects: Mapping[int, Sequence[Subject]], contract: Contract) -> dict[str, Mapping[int, str]]:
    """The names of amendments, contributions and certificates, each in one statement."""
    numbers: dict[str, set[int]] = {}
    for each in subjects.values():
        for kind, number in each:
            numbers.setdefault(kind, set()).add(number)
    of_contract = Contribution.contract_id == contract.id
    contributions = select(Contribution.id, Contribution.reference).where(
        of_contract, Contribution.id.in_(numbers.get("placement", set()) | numbers.get("activity", set()))
    )
    references = {number: reference for number, reference in db.session.execute(contributions)}
    amendments = select(Amendment).where(Amendment.id.in_(numbers.get("amendment", set())))
    certificates = select(Certificate.id, Certificate.number).where(
        Certificate.id.in_(numbers.get("certificate", set()))
    )
    return {
        "placement": references,
        "activity": references,
        "amendment": {row.id: row.reference or day_long(row.effective_on) for row in db.session.scalars(amendments)},
        "certificate": {number: name for number, name in db.session.execute(certificates)},
    }
