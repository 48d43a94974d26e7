"""Two full houses in one installation, and a second supplier in the first: whose is what can be told from any value.

Every row has a number of its own over all tables, which also says whose it is, and every text of the first house holds
a word that stands nowhere else: wherever a stranger meets that word, something came through that should not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Column, Enum, String, Uuid, event, inspect, select
from sqlalchemy.orm import Session

from app.accounts.models import Corporation, Role, User
from app.closing.models import SettlementState
from app.confirmations.models import Answer, Disputed
from app.contracts.models import Contract
from app.database import Base
from app.evidence.models import EvidenceKind
from app.extensions import db
from app.planning.models import Plan
from app.rules.dossier import Status
from app.signals.kinds import Kind, Signal
from app.statements.models import StatementState
from app.suppliers.models import Supplier
from tests import factories
from tests.people import client_of
from tests.web import world

THEIRS, ELSEWHERE, NEXT_DOOR = 1, 2, 3
"""Of the house that nobody may look into; of the other corporation; of the other supplier of that first house."""
MILLION = 1_000_000
WORD, HOUSE_WORD = "Kanarievogel", "Huiskanarie"
OF_THE_HOUSE = frozenset({"corporations", "logos", "rate_tables", "policies"})
"""What every supplier of a corporation may know of it: it holds a word of its own."""
# Texts with a form that their column or their reader requires: no word fits in them.
FIXED = frozenset(
    (
        *("corporations.kvk", "corporations.accent", "corporations.reminder_days"),
        *("suppliers.kvk", "certificate_scopes.kvk", "users.password_hash"),
        *("audit_chains.key", "audit_payloads.salt", "audit_records.action", "audit_records.actor"),
        *("audit_records.object_kind", "audit_subjects.kind"),
        *("mails.kind", "mails.language", "mails.key", "mails.opt_out_url"),
        *("contributions.block", "claimed_bonuses.block", "plan_rows.block"),
        *("rate_tables.code", "rate_tables.family", "rate_tables.selected_by", "rate_tables.content"),
        *("policies.code", "policies.content", "signal_handlings.key", "signal_handlings.subject"),
        *("statements.code", "renditions.path", "sample_items.line", "batch_items.claimed_by"),
    )
)
# The parameters whose values suppliers of one corporation share.
SHARED = ("house", "rate_table_id", "policy_id", "year", "colour")
# Texts that are there in some states of their row only.
STATES = ("reason", "effort", "judged_for", "seen_by", "organisation", "evidence.name")
A_VISIT = {"kind": EvidenceKind.VISIT, "happened_on": factories.NOW.date()} | dict.fromkeys(
    ("name", "media_type", "size", "sha256", "sent_sha256")
)
HASH = ("hash", "sha256", "digest", "chain_head")


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody to whom the first house is not theirs: whose things are theirs, and the values these have."""

    name: str
    user_id: int
    home: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The values of the first house, and who may not know them."""

    app: Flask
    theirs: Mapping[str, str]
    strangers: Sequence[Stranger]
    planted: set[str] = field(default_factory=set)
    """The columns that hold the word."""

    def client(self, stranger: Stranger) -> FlaskClient:
        return client_of(self.app, stranger.user_id)


def make(app: Flask) -> Neighbours:
    """Fill the database of this application with both."""
    planted: set[str] = set()
    with app.app_context():
        factories.rate_table(), factories.policy()  # everybody's
    with marked(THEIRS, planted):
        theirs = world.make(app, "-theirs")
        with app.app_context():
            _also(db.session.get_one(Contract, int(theirs.values["contract_id"])))
    with marked(ELSEWHERE):
        elsewhere = world.make(app, "-elsewhere")
    with marked(NEXT_DOOR):
        next_door = list(_next_door(app, theirs))
    there = [
        Stranger(f"{role} elsewhere", user, ELSEWHERE, elsewhere.values) for role, user in elsewhere.people.items()
    ]
    return Neighbours(app, theirs.values, [*there, *next_door], planted)


def _also(contract: Contract) -> None:
    """What the world lacks: things in the states that have a reason, which is a text too."""
    leader = factories.user(of=contract.corporation)
    was_withdrawn = {"withdrawn_by": leader, "withdrawn_at": factories.NOW, "withdrawn_reason": "Dubbel"}
    rejected = factories.placement(contract, status=Status.REJECTED, judged_for="Gemeente Oosterwijk")
    factories.confirmation(
        rejected, "an answer", answer=Answer.NO, answered_at=factories.NOW, disputed=Disputed.OTHER, reason="Onbekend"
    )
    factories.evidence(contract, **was_withdrawn)
    factories.evidence(contract, **A_VISIT, seen_by=leader.name)
    factories.settlement(contract, state=SettlementState.WITHDRAWN, **was_withdrawn)
    factories.after_project(factories.placement(contract, status=Status.APPROVED))
    factories.statement(contract, state=StatementState.WITHDRAWN, **was_withdrawn)
    for each in (
        factories.statement_of_year(contract.corporation, contract.supplier),
        factories.statement_of_year(contract.corporation),
        factories.extract(contract.corporation),
    ):
        factories.rendition(each)
    factories.activity(contract, status=Status.APPROVED)
    factories.mandate(contract.corporation, contract)
    factories.access_review(contract.corporation)
    factories.mail(contract.corporation, leader, reason="Mailbox full")
    factories.handling(
        contract,
        Signal(Kind.DISPUTED, subject="P1", facts="none", cents=0),
        snoozed_until=contract.ends_on,
        snoozed_reason="Volgt",
        closed_at=factories.NOW,
        closed_reason="Klaar",
    )
    contract.excused_reason, contract.excused_effort = "Brand", "Vijf brieven"
    contract.excused_by, contract.excused_at = leader, factories.NOW
    plan = db.session.scalars(select(Plan).where(Plan.contract_id == contract.id)).one()
    plan.returned_by, plan.returned_at, plan.returned_reason = leader, factories.NOW, "Te weinig"
    db.session.commit()


def _next_door(app: Flask, theirs: world.World) -> Iterator[Stranger]:
    """The other supplier of the first house, and an assessor who judges that supplier's contract only."""
    with app.app_context():
        here = db.session.get_one(Corporation, theirs.corporation_id)
        other: Supplier = factories.supplier(here)
        shared = {name: theirs.values[name] for name in SHARED}
        values = shared | world.things_of(here, other, "-next-door")
        contract = db.session.get_one(Contract, int(values["contract_id"]))
        assessor: User = factories.mandate(here, contract)
        ids = factories.user(Role.SUPPLIER, of=here, supplier_=other).id, assessor.id
    yield Stranger("supplier next door", ids[0], NEXT_DOOR, values)
    yield Stranger("assessor next door", ids[1], NEXT_DOOR, values)


@contextmanager
def marked(home: int, planted: set[str] | None = None) -> Iterator[None]:
    """Let every new row have a number of this home, and hold the word when the columns are kept in `planted`."""
    numbers = count(home * MILLION + 1)

    def mark(session: Session, _context: Any, _instances: Any) -> None:
        for row in session.new:
            if _is_numbered(row) and row.id is None:
                row.id = next(numbers)
        if planted is not None:
            for row in (*session.new, *session.dirty):
                plant(row, planted)

    event.listen(Session, "before_flush", mark)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", mark)


def _is_numbered(row: object) -> bool:
    return isinstance(row, Base) and [each.name for each in inspect(type(row)).primary_key] == ["id"]


def plant(row: object, planted: set[str]) -> None:
    """Put the word in every text of a row."""
    for each in inspect(type(row)).column_attrs:
        column = each.columns[0]
        text = getattr(row, each.key)
        if isinstance(column.type, Uuid) and text is None:
            setattr(row, each.key, uuid4())
        if text is None and is_free(column) and not str(column).endswith(STATES):
            text = "Iets"
        if is_free(column) and isinstance(text, str) and text:
            setattr(row, each.key, with_word(text, HOUSE_WORD if column.table.name in OF_THE_HOUSE else WORD))
            planted.add(str(column))


def is_free(column: Column[Any]) -> bool:
    """Whether any text fits in a column."""
    is_text = isinstance(column.type, String) and not isinstance(column.type, Enum)
    return is_text and not column.foreign_keys and str(column) not in FIXED and not column.name.endswith(HASH)


def with_word(text: str, word: str) -> str:
    if word.lower() in text.lower():
        return text
    return f"{word.lower()}-{text}" if "@" in text else f"{text} {word}"
