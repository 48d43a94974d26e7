"""The audit log of a corporation as a list: filtered, in words, each record with its place in the chain; and as a file.

A constant number of statements a page, and for each thousand records of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, false, or_, select

from app.accounts.models import Corporation, User
from app.audit.models import FACTS_OF_CONTRACT, AuditChain, AuditRecord, AuditSubject
from app.contracts.models import Contract
from app.evidence.models import EVIDENCE_OF_CONTRACT, Evidence
from app.extensions import db
from app.history.fields import FieldChange, Names, changes
from app.history.queries import PAYLOAD, Shown, audit_columns, name_in, names_in, payload_of, rows_in, said_name
from app.history.records import names
from app.history.words import KINDS, notes_shown, said, who
from app.schemes.models import RateTable
from app.statements.models import Statement
from app.web import parsing
from app.web.clock import begin_of, end_of
from app.web.listing import (
    Choice,
    Listing,
    Offer,
    Options,
    Order,
    a_day,
    a_number,
    a_text,
    by_word,
    mentions,
    page_of_columns,
)

SORTS: Mapping[str, Order] = {"newest": (AuditRecord.id,)}
PLACE = (AuditRecord.sequence, AuditRecord.hash, AuditRecord.previous_hash, AuditRecord.object_kind)
ROWS_SHOWN = 12
"""Rows of one record that are told; an import writes thousands."""
AT_ONCE = 1000
SHORTEST_HASH = 8
"""Digits of a hash from which on it is looked for."""
LONGEST_CELL = 32_000
"""Characters; a spreadsheet takes no more in a cell."""


OFFER = Offer(
    SORTS,
    {
        "from": a_day,
        "until": a_day,
        "actor": a_text,
        "action": a_text,
        "kind": a_text,
        "contract": a_number,
        "corporation": a_text,
    },
    begins_descending=True,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a record did to one row, in words; `is_whole`: it came or went, so that each field has one value."""

    title: str
    is_whole: bool
    changes: Sequence[FieldChange]


@dataclass(frozen=True, slots=True)
class Entry:
    """A record of the log for a reader. `more` rows of it are not told."""

    sequence: int
    at: datetime
    who: str
    action: str
    did: str
    notes: Sequence[tuple[str, str]]
    rows: Sequence[Told]
    more: int
    hash: str
    previous_hash: str


def log_of(corporation: Corporation, choice: Choice) -> Listing[Entry]:
    """The page of the log that is asked for."""
    options = _options(corporation)
    page = page_of_columns(_asked(corporation, choice, options), choice, SORTS["newest"], **options)
    return Listing(page.choice, _entries(page.rows, corporation), page.found, page.page, page.options)


def whole_log(corporation: Corporation, choice: Choice) -> Iterator[Entry]:
    """All that the choice finds, in the order of the chain, however much it is."""
    wanted = _asked(corporation, choice, _options(corporation)).order_by(AuditRecord.id)
    last = 0
    while rows := db.session.execute(wanted.where(AuditRecord.id > last).limit(AT_ONCE)).all():
        last, entries = rows[-1].id, _entries(rows, corporation)
        db.session.rollback()  # however slowly somebody takes the file, nobody who writes waits for it
        yield from entries


def told_in_a_cell(entry: Entry) -> str:
    """The rows of a record as one text."""
    lines = [f"{label}: {text}" for label, text in entry.notes]
    for row in entry.rows:
        lines += [" – ".join(filter(None, (row.title, _changed(each, row.is_whole)))) for each in row.changes]
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_CELL else f"{text[:LONGEST_CELL]}…"


def _changed(change: FieldChange, is_whole: bool) -> str:
    return f"{change.label}: {change.after if is_whole else f'{change.before} → {change.after}'}"


def _log(corporation: Corporation) -> Select[*tuple[Any, ...]]:
    return audit_columns(*PAYLOAD, *PLACE).where(AuditChain.corporation_id == corporation.id)


def _asked(corporation: Corporation, choice: Choice, options: Mapping[str, Options]) -> Select[*tuple[Any, ...]]:
    wanted = _log(corporation)
    for word in choice.words:
        wanted = wanted.where(_mentions(word, options["action"]))
    if choice["from"]:
        wanted = wanted.where(AuditRecord.at >= begin_of(parsing.day(choice["from"])))
    if choice["until"]:
        wanted = wanted.where(AuditRecord.at < end_of(parsing.day(choice["until"])))
    if choice["actor"]:
        wanted = wanted.where(_acted(choice["actor"]))
    if choice["action"]:
        wanted = wanted.where(AuditRecord.action == choice["action"])
    if choice["kind"]:
        wanted = wanted.where(AuditRecord.object_kind == choice["kind"])
    return wanted.where(_is_about(int(choice["contract"]))) if choice["contract"] else wanted


def _mentions(word: str, actions: Options) -> ColumnElement[bool]:
    """Whether the words of the action or who acted has this word in it, or it is the number, or begins the hash."""
    said_so = [action for action, words in actions if word in words.lower()]
    number = cast(AuditRecord.sequence, String) == word
    is_hash = AuditRecord.hash.startswith(word, autoescape=True) if len(word) >= SHORTEST_HASH else false()
    return or_(mentions(word, User.name), AuditRecord.action.in_(said_so), number, is_hash)


def _acted(actor: str) -> ColumnElement[bool]:
    return AuditRecord.actor_id == int(actor) if a_number(actor) else AuditRecord.actor == actor


def _is_about(contract_id: int) -> ColumnElement[bool]:
    """The contract itself, what moved its figures, its evidence and who looked at that, and its statements."""
    own = AuditSubject.object_id == contract_id
    statements = select(Statement.id).where(Statement.contract_id == contract_id)
    evidence = select(Evidence.id).where(Evidence.contract_id == contract_id)
    return or_(
        names("contract", own),
        names(FACTS_OF_CONTRACT, own),
        names(EVIDENCE_OF_CONTRACT, own),
        names("evidence", AuditSubject.object_id.in_(evidence)),
        names("statement", AuditSubject.object_id.in_(statements)),
    )


def _options(corporation: Corporation) -> Mapping[str, Options]:
    """Who acted, what was done and to what, of all that is there; and the contracts."""
    columns = (AuditRecord.actor_id, AuditRecord.actor, AuditRecord.action, AuditRecord.object_kind, User.name)
    found = db.session.execute(
        select(*columns)
        .join(AuditRecord.chain)
        .outerjoin(User, User.id == AuditRecord.actor_id)
        .where(AuditChain.corporation_id == corporation.id)
        .distinct()
    ).all()
    contracts = select(Contract.id, Contract.number, Contract.title).where(Contract.corporation_id == corporation.id)
    return {
        "actor": by_word({str(row.actor_id or row.actor): who(row.actor, row.name) for row in found}),
        "action": by_word({row.action: said(row.action) for row in found}),
        "kind": by_word({row.object_kind: kind_word(row.object_kind) for row in found if row.object_kind}),
        "contract": by_word({str(row.id): f"{row.number} {row.title}" for row in db.session.execute(contracts)}),
    }


def kind_word(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def _entries(rows: Sequence[Row[*tuple[Any, ...]]], corporation: Corporation) -> Sequence[Entry]:
    payloads = {row.id: payload_of(row) for row in rows}
    shown = {number: list(rows_in(before, after)) for number, (before, after, _notes) in payloads.items()}
    told = {number: each[:ROWS_SHOWN] for number, each in shown.items()}
    known = names_in((each for of_record in told.values() for each in of_record), corporation.id, _tables(rows))
    return [
        Entry(
            sequence=row.sequence,
            at=row.at,
            who=who(row.actor, row.user_name),
            action=row.action,
            did=said(row.action, name_in(row.action, told[row.id])),
            notes=list(notes_shown(payloads[row.id][2])),
            rows=[_told(each, known, is_alone=len(shown[row.id]) == 1) for each in told[row.id]],
            more=len(shown[row.id]) - len(told[row.id]),
            hash=row.hash,
            previous_hash=row.previous_hash,
        )
        for row in rows
    ]


def _tables(rows: Iterable[Row[*tuple[Any, ...]]]) -> Sequence[RateTable]:
    """The rate tables of the contracts that these records are about: they name the building blocks."""
    about = select(AuditSubject.object_id).where(
        AuditSubject.kind == FACTS_OF_CONTRACT, AuditSubject.record_id.in_([row.id for row in rows])
    )
    used = select(Contract.rate_table_id).where(Contract.id.in_(about))
    return db.session.scalars(select(RateTable).where(RateTable.id.in_(used)).order_by(RateTable.id)).all()


def _told(row: Shown, known: Names, *, is_alone: bool) -> Told:
    kind, _number, was, became = row
    title = "" if is_alone else " ".join(filter(None, (kind_word(kind), said_name(was or became))))
    is_whole = not (was and became)
    told = [
        FieldChange(each.label, "", each.after if became else each.before) if is_whole else each
        for each in changes(kind, was, became, known)
    ]
    return Told(title, is_whole, told)
