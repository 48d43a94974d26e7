"""A small world to walk through: two corporations, people of every role in one, and strangers to what is theirs.

`EXAMPLES` knows every name of a parameter in an address; a test fails for a name that is missing there.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from hashlib import sha256

from flask import Flask, current_app
from sqlalchemy import select
from werkzeug.routing import Rule as Route

from app.accounts.models import Corporation, Role, Session, User
from app.assessments.queries import dossier_of
from app.audit.models import AuditRecord
from app.audit.service import command
from app.contracts.models import Contract
from app.database import Base
from app.extensions import db
from app.rules.dates import add_months
from app.rules.dossier import Status
from app.rules.dossier_json import canonical, dossier_to_json
from app.signals.kinds import MailKind
from app.signals.people import opt_out_url
from app.signals.queries import signals_on
from app.statements import archive
from app.suppliers.models import Supplier
from app.web.clock import today
from config import ROOT
from tests import factories
from tests.people import client_of, password_hash

NO_ID = "987654321"
OWN_TABLE = (ROOT / "data/rate-tables/utrecht-2024.toml").read_text("utf-8").replace("utrecht-2024", "own-table")
OWN_POLICY = (ROOT / "data/policies/capped.toml").read_text("utf-8").replace('"capped"', '"own-policy"')


class Whose(Enum):
    """Who may get something else than "not found" for a value."""

    THEIRS = auto()
    """Whoever may see that corporation's or supplier's things."""
    PERSONAL = auto()
    """One user only."""
    HOUSE = auto()
    """Whoever is somebody at that corporation, for whichever supplier."""
    EVERYBODYS = auto()
    """It is the same for all who get past the door."""


@dataclass(frozen=True, slots=True)
class Example:
    """Of a parameter: whose its values are, and a value that belongs to nothing."""

    whose: Whose
    nowhere: str


EXAMPLES = {
    "kvk": Example(Whose.THEIRS, "99998888"),
    "number": Example(Whose.THEIRS, "2025-no/such"),
    "contract_id": Example(Whose.THEIRS, NO_ID),
    "amendment_id": Example(Whose.THEIRS, NO_ID),
    "record_id": Example(Whose.THEIRS, NO_ID),
    "certificate_id": Example(Whose.THEIRS, NO_ID),
    "person_id": Example(Whose.THEIRS, NO_ID),
    "contribution_id": Example(Whose.THEIRS, NO_ID),
    "evidence_id": Example(Whose.THEIRS, NO_ID),
    "confirmation_id": Example(Whose.THEIRS, NO_ID),
    "question": Example(Whose.EVERYBODYS, "no-such-question"),
    "statement_id": Example(Whose.THEIRS, NO_ID),
    "plan_id": Example(Whose.THEIRS, NO_ID),
    "report_id": Example(Whose.THEIRS, NO_ID),
    "handover_id": Example(Whose.THEIRS, NO_ID),
    "signal_key": Example(Whose.THEIRS, "0" * 16),
    "conversation_id": Example(Whose.THEIRS, NO_ID),
    "stop": Example(Whose.EVERYBODYS, "no.such.link"),
    "filename": Example(Whose.THEIRS, "no-such-file"),
    "rate_table_id": Example(Whose.HOUSE, NO_ID),
    "policy_id": Example(Whose.HOUSE, NO_ID),
    "membership_id": Example(Whose.THEIRS, NO_ID),
    "house": Example(Whose.HOUSE, "99998888"),
    "kind": Example(Whose.EVERYBODYS, "contract"),
    "object_id": Example(Whose.THEIRS, NO_ID),
    "deletion_id": Example(Whose.THEIRS, NO_ID),
    "session_id": Example(Whose.PERSONAL, NO_ID),
    "passkey_id": Example(Whose.PERSONAL, NO_ID),
    "key": Example(Whose.EVERYBODYS, "no.such.link"),
    "code": Example(Whose.EVERYBODYS, "0" * 16),
    "batch_id": Example(Whose.THEIRS, NO_ID),
    "sample_id": Example(Whose.THEIRS, NO_ID),
    "item_id": Example(Whose.PERSONAL, NO_ID),
    "year": Example(Whose.EVERYBODYS, "2026"),
    "month": Example(Whose.EVERYBODYS, "2026-01"),
    "token": Example(Whose.EVERYBODYS, "no.such.invitation"),
    "colour": Example(Whose.EVERYBODYS, "8a1c4b"),
}


@dataclass(frozen=True, slots=True)
class World:
    """Users by role (ids), and the values that the addresses of this corporation's things have."""

    corporation_id: int
    values: dict[str, str]
    people: dict[Role, int]
    strangers: dict[Role, list[int]]

    def own(self, route: Route) -> dict[str, str]:
        """Values that lead to something that is there."""
        return {name: self.values[name] for name in route.arguments}

    def strangers_to(self, route: Route, role: Role) -> list[int]:
        """Those with that role to whom what the route is about is not theirs."""
        is_of_the_house = {EXAMPLES[name].whose for name in route.arguments} & {Whose.HOUSE}
        return self.strangers[role][:1] if is_of_the_house else self.strangers[role]

    def nowhere(self, route: Route) -> dict[str, str]:
        """Values that lead to nothing."""
        return {
            name: self.values[name] if EXAMPLES[name].whose is Whose.EVERYBODYS else EXAMPLES[name].nowhere
            for name in route.arguments
        }


def is_personal(route: Route) -> bool:
    """Whether even a colleague may not find it."""
    return any(EXAMPLES[name].whose is Whose.PERSONAL for name in route.arguments)


def is_about_an_object(route: Route) -> bool:
    """Whether it is about something that is not everybody's."""
    return any(EXAMPLES[name].whose is not Whose.EVERYBODYS for name in route.arguments)


def make(app: Flask, mark: str = "") -> World:
    """Fill the database of this application with one of everything; a second time with another `mark`."""
    with app.app_context():
        here, elsewhere = factories.corporation(), factories.corporation()
        supplier, other_supplier = factories.supplier(here), factories.supplier(here)
        factories.record(supplier, elsewhere)
        values = _things_of_the_house(here, mark) | things_of(here, supplier, mark)
        people = {role: factories.user(role, of=here, supplier_=supplier).id for role in Role}
        strangers = {role: [factories.user(role, of=elsewhere, supplier_=supplier).id] for role in Role}
        strangers[Role.SUPPLIER].append(factories.user(Role.SUPPLIER, of=here, supplier_=other_supplier).id)
        values |= _sample(int(values["contract_id"]), people[Role.AUDITOR])
        corporation_id, owner_id = here.id, factories.user(Role.PROJECT_LEADER, of=here).id
    client_of(app, owner_id)
    with app.app_context():
        values["session_id"] = str(db.session.scalars(select(Session.id).where(Session.user_id == owner_id)).one())
        owner = db.session.get_one(User, owner_id)
        values["passkey_id"] = str(factories.passkey(owner).id)
        values |= _signal(int(values["contract_id"]), owner)
        values["key"] = factories.reset_link(factories.user(password_hash=password_hash()))
    return World(corporation_id, values, people, strangers)


def _things_of_the_house(here: Corporation, mark: str) -> dict[str, str]:
    """What a corporation has of its own, as the values that its addresses have."""
    table_code, policy_code = f"own-table{mark}", f"own-policy{mark}"
    table_file, policy_file = OWN_TABLE.replace("own-table", table_code), OWN_POLICY.replace("own-policy", policy_code)
    table = factories.rate_table(corporation=here, content=table_file, code=table_code)
    policy = factories.policy(corporation=here, content=policy_file, code=policy_code)
    factories.logo(here, f"a picture{mark}".encode())
    invitation = factories.invitation(here)
    return {
        "rate_table_id": str(table.id),
        "policy_id": str(policy.id),
        "year": "2026",
        "month": f"{add_months(today(), -1):%Y-%m}",
        "membership_id": str(invitation.membership.id),
        "house": here.kvk,
        "token": invitation.link,
        "colour": "8a1c4b",
        "deletion_id": str(_deletion(here)),
    }


def things_of(here: Corporation, supplier: Supplier, mark: str = "") -> dict[str, str]:
    """One of everything of a contract, as the values that its addresses have."""
    contract = factories.contract(here, supplier, number=f"2025/014 a{mark}")
    amendment = factories.amendment(contract)
    placement = factories.placement(contract, status=Status.SUBMITTED)
    link = factories.LINK + mark
    factories.confirmation(placement, link)
    content = canonical(dossier_to_json(dossier_of(contract)))
    statement = factories.statement(
        contract, dossier=factories.dossier(contract, content), documents={"dossier.json": content}
    )
    paper = f"%PDF-1.7 of a test{mark}".encode()
    file = archive.store(paper)
    rendition = factories.rendition(statement, file_sha256=file.sha256, path=file.path, size=file.size)
    return {
        "kvk": here.kvk,
        "number": contract.number,
        "contract_id": str(contract.id),
        "amendment_id": str(amendment.id),
        "record_id": str(contract.supplier_record.id),
        "certificate_id": str(factories.certificate(here, [supplier.kvk]).id),
        "person_id": str(placement.person_id),
        "contribution_id": str(placement.id),
        "confirmation_id": str(factories.confirmation(placement, f"a link that is taken back{mark}").id),
        "question": link,
        "evidence_id": str(factories.evidence(contract, placement.reference, content=paper).id),
        "statement_id": str(statement.id),
        "plan_id": str(factories.plan(contract).id),
        "report_id": str(factories.report(contract).id),
        "handover_id": str(factories.handover(contract).id),
        "batch_id": str(factories.batch(statement).id),
        "filename": rendition.name,
        "code": statement.code,
        "kind": "contract",
        "object_id": str(contract.id),
    }


def _signal(contract_id: int, leader: User) -> dict[str, str]:
    """A signal that was seen, a conversation about it, and the link in a mail about it."""
    contract = db.session.get_one(Contract, contract_id)
    signal = signals_on([contract], today())[contract_id][0]
    factories.handling(contract, signal)
    factories.mail(contract.corporation, leader)
    conversation = factories.conversation(contract, leader)
    with current_app.test_request_context():
        stop = opt_out_url(leader, MailKind.DIGEST).rpartition("/")[2]
    return {"signal_key": signal.key, "conversation_id": str(conversation.id), "stop": stop}


def _sample(contract_id: int, auditor_id: int) -> dict[str, str]:
    """A sample that the auditor drew."""
    contract, auditor = db.session.get_one(Contract, contract_id), db.session.get_one(User, auditor_id)
    sample = factories.sample(contract, auditor)
    return {"sample_id": str(sample.id), "item_id": str(sample.items[0].id)}


def actions(app: Flask) -> list[str]:
    """What the log says was done, in all chains, oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)))


def _deletion(of: Corporation) -> int:
    """The audit record of something that was deleted."""
    certificate = factories.certificate(of)
    with command("certificate.delete", by="command line", corporation=of) as audit:
        audit.deleted(certificate)
    return audit.record_id


def digest(app: Flask) -> str:
    """A hash of all that the database holds, but for when sessions were last seen."""
    with app.app_context():
        found = sha256()
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if column is not Session.__table__.c.seen_at]
            for row in db.session.execute(select(*columns).order_by(*table.primary_key)):
                found.update(repr((table.name, tuple(row))).encode())
        return found.hexdigest()
