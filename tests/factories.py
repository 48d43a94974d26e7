"""Rows for tests: plain functions with sensible defaults that save what they make.

Call them in an application context. What a test does not name is made anew: `placement()` also makes its contract,
supplier, corporation, person and who entered it. They write past the audit log, as only tests may.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select

from app.accounts.invitations import Invitation, invite
from app.accounts.links import signed
from app.accounts.models import (
    Corporation,
    Language,
    Logo,
    MandateContract,
    Membership,
    Passkey,
    Purpose,
    Role,
    Token,
    User,
)
from app.accounts.service import token_hash
from app.assessments.models import DossierRecord
from app.assessments.queries import dossier_of
from app.auditing.models import AccessReview, Outcome, Sample, SampleFinding, SampleItem
from app.auditing.population import COLUMNS
from app.batches.models import Batch, BatchItem
from app.closing.models import AfterProject, Became, Settlement
from app.confirmations.models import Confirmation
from app.contracts.models import Amendment, Contract
from app.contributions.models import Activity, ApprovedHow, Contribution, ContributionKind, Person, Placement
from app.database import Base
from app.evidence.models import Evidence, EvidenceKind, MediaType
from app.evidence.store import the_store
from app.extensions import db
from app.mail.models import Mail
from app.planning.models import Handover, Plan, PlanRow, Report, ReportingChoice, ReportRemark
from app.rules.assessment import Standing
from app.rules.dossier import Status
from app.rules.dossier_json import canonical, dossier_to_json
from app.rules.ladder import Level
from app.rules.tables import parse_policy, parse_rate_table
from app.schemes.models import Policy, RateTable
from app.signals.kinds import Signal
from app.signals.models import Conversation, Handling
from app.statements.models import CODE_LENGTH, Rendition, Statement, StatementDocument, StatementKind, StatementState
from app.suppliers.models import Certificate, CertificateScope, Supplier, SupplierRecord
from app.web.clock import now
from config import ROOT

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NO_HASH = sha256(b"").hexdigest()
LINK = "a-link-of-the-tests"

Row = TypeVar("Row", bound=Base)

_numbers = count(1001)
_kvk_numbers = count(99_000_000)


def saved(row: Row) -> Row:
    """Add a row and commit."""
    db.session.add(row)
    db.session.commit()
    return row


def kvk() -> str:
    """A KvK number that no other row of this run has; of no real company."""
    return str(next(_kvk_numbers))


def corporation(**values: Any) -> Corporation:
    usual = {"kvk": kvk(), "name": "Woningstichting De Brug", "created_at": NOW, "requires_second_factor": False}
    return saved(Corporation(**usual | values))


def user(
    role: Role | str | None = Role.PROJECT_LEADER,
    *,
    of: Corporation | None = None,
    supplier_: Supplier | None = None,
    **values: Any,
) -> User:
    """A user who can log in; with a role also its membership in `of` (see `membership`; None: no membership)."""
    number = next(_numbers)
    made = saved(User(**{"email": f"user{number}@example.org", "name": f"User {number}", "created_at": NOW} | values))
    if role is not None:
        membership(made, role, of=of, supplier_=supplier_)
    return made


def membership(
    of_user: User, role: Role | str, *, of: Corporation | None = None, supplier_: Supplier | None = None, **values: Any
) -> Membership:
    """A membership in `of`; a supplier's names a supplier too, an auditor's and an assessor's has an end."""
    role, of = Role(role), of or corporation()
    if role is Role.SUPPLIER:
        values.setdefault("supplier_id", (supplier_ or supplier(of)).id)
    if role in (Role.AUDITOR, Role.ASSESSOR):
        values.setdefault("ends_on", date(2027, 11, 24))
    return saved(Membership(user=of_user, role=role, corporation=of, created_at=NOW, **values))


def logo(of: Corporation, content: bytes = b"a picture") -> Logo:
    """A logo that `of` has."""
    of.logo = Logo(sha256=sha256(content).hexdigest(), content=content, width=240, height=80)
    return saved(of.logo)


def invitation(of: Corporation, by: User | None = None, **values: Any) -> Invitation:
    """Somebody new who is invited as project leader, by an administrator who is made when not given."""
    asked: dict[str, Any] = {
        "email": f"invited{next(_numbers)}@example.org",
        "name": "J. de Wit",
        "role": Role.PROJECT_LEADER,
        "supplier_id": None,
        "ends_on": None,
        "language": Language.DUTCH,
    }
    return invite(of, by=by or user(Role.ADMINISTRATOR, of=of), **(asked | values))


def passkey(of: User, **values: Any) -> Passkey:
    """A passkey that no device has."""
    key = f"key{next(_numbers)}".encode()
    usual = {"user_id": of.id, "name": "Telefoon", "credential_id": key, "public_key": key, "sign_count": 0}
    return saved(Passkey(**usual | {"made_at": NOW} | values))


def reset_link(of: User) -> str:
    """The last part of the address of a link to another password."""
    token, at = secrets.token_urlsafe(32), now()
    saved(Token(token_hash=token_hash(token), purpose=Purpose.RESET, user=of, made_at=at, expires_at=at + timedelta(1)))
    return signed(token, Purpose.RESET)


def supplier(of: Corporation | None = None, **values: Any) -> Supplier:
    """A supplier, and the record that `of` has of it (`values` are the record's, but for `kvk`)."""
    made = saved(Supplier(kvk=values.pop("kvk", None) or kvk(), created_at=NOW))
    record(made, of, **values)
    return made


def record(of_supplier: Supplier, of: Corporation | None = None, **values: Any) -> SupplierRecord:
    shown = {"name": f"Schildersbedrijf {of_supplier.kvk}", "city": "Oosterwijk"} | values
    return saved(SupplierRecord(supplier=of_supplier, corporation=of or corporation(), **shown))


def certificate(of: Corporation | None = None, kvk_numbers: Iterable[str] = (), **values: Any) -> Certificate:
    """A checked certificate of level 2 over 2025 and 2026 that covers these companies."""
    shown = {
        "number": f"PSO-{next(_numbers)}",
        "level": Level.TWO,
        "valid_from": date(2025, 1, 1),
        "valid_until": date(2026, 12, 31),
        "checked_on": date(2025, 1, 15),
        "scope": [CertificateScope(kvk=number) for number in kvk_numbers],
    }
    return saved(Certificate(corporation=of or corporation(), **(shown | values)))


@cache
def _published(folder: str, code: str) -> str:
    return (ROOT / "data" / folder / f"{code}.toml").read_text(encoding="utf-8")


def rate_table(code: str = "utrecht-2024", **values: Any) -> RateTable:
    """The shipped table of that id, made once; with `values` (a `corporation`, other `content`) one of their own."""
    found = db.session.scalar(select(RateTable).where(RateTable.code == code, RateTable.corporation_id.is_(None)))
    if found and not values:
        return found
    content = values.pop("content", None) or _published("rate-tables", code)
    table = parse_rate_table(content)
    shown = {
        "code": code,
        "family": table.family,
        "name": table.name,
        "in_force_from": table.in_force_from,
        "selected_by": table.selected_by,
        "content": content,
        "sha256": sha256(content.encode()).hexdigest(),
        "created_at": NOW,
    }
    return saved(RateTable(**(shown | values)))


def policy(code: str = "level-2-exempts", **values: Any) -> Policy:
    """The shipped policy of that id, made once; with other `values` one of their own."""
    found = db.session.scalar(select(Policy).where(Policy.code == code, Policy.corporation_id.is_(None)))
    if found and not values:
        return found
    content = values.pop("content", None) or _published("policies", code)
    name = parse_policy(content).name
    shown = {
        "code": code,
        "name_nl": name["nl"],
        "name_en": name.get("en", name["nl"]),
        "content": content,
        "sha256": sha256(content.encode()).hexdigest(),
        "created_at": NOW,
    }
    return saved(Policy(**(shown | values)))


def contract(of: Corporation | None = None, supplier_: Supplier | None = None, **values: Any) -> Contract:
    """Example A1 of the field (docs): 5% of 1,250,000 over 2025 and 2026, utrecht-2024, exempt from level 2."""
    of = of or corporation()
    shown: dict[str, Any] = {
        "number": f"2025-{next(_numbers):03d}",
        "title": "Renovatie Oosterwijk",
        "starts_on": date(2025, 1, 1),
        "ends_on": date(2026, 12, 31),
        "contract_sum_cents": 1_250_000_00,
        "percentage": Decimal(5),
    }
    shown["rate_table"] = values.pop("rate_table", None) or rate_table()
    shown["policy"] = values.pop("policy", None) or policy()
    return saved(Contract(corporation=of, supplier=supplier_ or supplier(of), **(shown | values)))


def amendment(of: Contract | None = None, **values: Any) -> Amendment:
    """Extra work of 150,000 from 1 October 2025."""
    shown = {"reference": f"W{next(_numbers)}", "effective_on": date(2025, 10, 1), "amount_cents": 150_000_00}
    return saved(Amendment(contract=of or contract(), **(shown | values)))


def person(of: Supplier | None = None, reference: str | None = None) -> Person:
    reference = reference or f"SR-{next(_numbers):04d}"
    return saved(Person(supplier=of or supplier(), reference=reference, created_at=NOW))


def placement(
    of: Contract | None = None,
    *,
    hours: Mapping[date, Decimal] | Decimal = Decimal(36),
    bonuses: Iterable[str] = (),
    person_: Person | None = None,
    **values: Any,
) -> Placement:
    """Participatiewet from February to October 2026, 36 hours; `status` fills in who did what (see `_course`)."""
    of = of or contract()
    shown: dict[str, Any] = {
        "block": "participatiewet",
        "starts_on": date(2026, 2, 1),
        "ends_on": date(2026, 10, 31),
    } | values
    made = Placement(**_course(of, shown), person=person_ or person(of.supplier))
    made.works(hours if isinstance(hours, Mapping) else {made.starts_on: hours})
    made.claims(set(bonuses))
    return saved(made)


def activity(of: Contract | None = None, **values: Any) -> Activity:
    """An invoice of 11,183.95 from a social enterprise on 18 June 2026; `status` as for `placement`."""
    shown: dict[str, Any] = {"block": "social-purchase", "on": date(2026, 6, 18)} | values
    if shown.get("quantity") is None:
        shown.setdefault("amount_cents", 11_183_95)
    return saved(Activity(**_course(of or contract(), shown)))


def _course(of: Contract, values: dict[str, Any]) -> dict[str, Any]:
    """The columns of a contribution that came as far as its status: entered by one, judged by another user."""
    status = values["status"] = Status(values.get("status", Status.DRAFT))
    entered_by = values.pop("entered_by", None) or user(None)
    came: dict[str, Any] = {
        "contract": of,
        "reference": f"P{next(_numbers)}",
        "entered_by": entered_by,
        "entered_at": NOW,
    }
    if status is not Status.DRAFT:
        came["submitted_at"] = NOW
    if status is Status.APPROVED:
        came["approved_by"] = values.pop("approved_by", None) or user(None)
        came |= {"approved_at": NOW, "approved_how": ApprovedHow.REVIEW}
    if status is Status.REJECTED:
        came["rejected_by"] = values.pop("rejected_by", None) or user(None)
        came |= {"rejected_at": NOW, "rejected_reason": "Het bewijsstuk ontbreekt."}
    if status is Status.WITHDRAWN:
        came |= {"withdrawn_by": entered_by, "withdrawn_at": NOW}
    return came | values


def correction(of: Contribution, **values: Any) -> Placement | Activity:
    """The next version of a contribution, a draft that replaces it."""
    make = placement if isinstance(of, Placement) else activity
    shown = {"reference": of.reference, "version": of.version + 1, "replaces": of}
    return make(of.contract, **(shown | values))


def plan(of: Contract | None = None, **values: Any) -> Plan:
    """A draft of two persons on a block of the rate table."""
    row = PlanRow(
        position=1,
        kind=ContributionKind.PLACEMENT,
        block="participatiewet",
        starts_on=date(2026, 2, 1),
        persons=2,
        hours=Decimal(32),
    )
    shown: dict[str, Any] = {"contract": of or contract(), "version": 1, "written_at": NOW, "rows": [row]}
    return saved(Plan(**(shown | {"written_by": values.pop("written_by", None) or user(None)} | values)))


def report(of: Contract | None = None, **values: Any) -> Report:
    """A nil report of a quarter, with a remark."""
    by = values.pop("reported_by", None) or user(None)
    shown = {"first_on": date(2026, 1, 1), "last_on": date(2026, 3, 31), "is_nil": True, "reported_at": NOW}
    remarks = [ReportRemark(text="Het werk begint in april.", by=by, at=NOW)]
    return saved(Report(contract=of or contract(), reported_by=by, remarks=remarks, **(shown | values)))


def reporting_choice(of: Contract | None = None, **values: Any) -> ReportingChoice:
    """Every quarter, from the first day of 2026."""
    return saved(ReportingChoice(contract=of or contract(), **({"starts_on": date(2026, 1, 1)} | values)))


def handover(of: Contract | None = None, **values: Any) -> Handover:
    shown: dict[str, Any] = {
        "responsible_function": "Uitvoerder",
        "promised": "Twee leerlingen.",
        "handed_over_by": "Inkoop",
        "handed_over_on": date(2025, 12, 1),
    }
    return saved(Handover(contract=of or contract(), **(shown | values)))


def dossier(of: Contract | None = None, content: bytes = b"{}", **values: Any) -> DossierRecord:
    shown = {"recorded_at": NOW, "recorded_on": NOW.date(), "facts_version": 1, "is_kept": True}
    digest = sha256(content).hexdigest()
    return saved(DossierRecord(contract=of or contract(), json=content, sha256=digest, **(shown | values)))


def settlement(of: Contract | None = None, **values: Any) -> Settlement:
    """A proposal of 8,103.42 short, of which 5,000.00 is deducted."""
    shown: dict[str, Any] = {
        "assessed_on": date(2027, 2, 1),
        "standing": Standing.SHORTFALL,
        "net_cents": 47_003_42,
        "credited_cents": 38_900_00,
        "shortfall_cents": 8_103_42,
        "penalty_cents": 8_103_42,
        "is_excused": False,
        "instalment_cents": 5_000_00,
        "deducted_cents": 5_000_00,
        "claimed_cents": 3_103_42,
        "proposed_at": NOW,
    }
    by = values.pop("proposed_by", None) or user(None)
    return saved(Settlement(contract=of or contract(), proposed_by=by, **(shown | values)))


def after_project(of: Placement | None = None, **values: Any) -> AfterProject:
    """What became of the person of a placement: still at work with the supplier."""
    of = of or placement(status=Status.APPROVED)
    shown: dict[str, Any] = {"became": Became.AT_SUPPLIER, "asked_on": date(2027, 2, 1), "recorded_at": NOW}
    by = values.pop("recorded_by", None) or user(None)
    row = AfterProject(contract=of.contract, reference=of.reference, person=of.person, recorded_by=by)
    for name, value in (shown | values).items():
        setattr(row, name, value)
    return saved(row)


def mandate(of: Corporation | None = None, *contracts: Contract, of_user: User | None = None, **values: Any) -> User:
    """An assessor of the municipality, for these contracts; for all when none is named."""
    asked = {"organisation": "Gemeente Oosterwijk", "mandate_reason": "Samenwerking social return"} | values
    mandated = [MandateContract(contract_id=each.id) for each in contracts]
    made = of_user or user(None)
    membership(made, Role.ASSESSOR, of=of, is_limited=bool(contracts), mandated=mandated, **asked)
    return made


def dossier_as_of(of: Contract, day: date) -> DossierRecord:
    """What is known of a contract now, as if it had been recorded on a day."""
    content = canonical(dossier_to_json(dossier_of(of)))
    return dossier(of, content, recorded_on=day, facts_version=of.facts_version - 1)


def statement(of: Contract | None = None, **values: Any) -> Statement:
    """An issued statement of a contract without a file; `documents` are those that were frozen with it, by name."""
    of = of or contract()
    record = values.pop("dossier", None) or dossier(of)
    frozen = {"dossier.json": b"{}", "assessment.json": b"{}"} | values.pop("documents", {})
    about = {"contract": of, "standing": Standing.BEHIND, "dossier": record, "documents": frozen}
    return _statement(of.corporation, **about | values)


def statement_of_year(of: Corporation, supplier_: Supplier | None = None, **values: Any) -> Statement:
    """A supplier's year; without a supplier the annual report of a corporation."""
    kind, document = (
        (StatementKind.SUPPLIER, "dossiers.json") if supplier_ else (StatementKind.ANNUAL, "annual-report.json")
    )
    about = {"kind": kind, "supplier": supplier_, "covers_from": date(2026, 1, 1), "documents": {document: b"{}"}}
    return _statement(of, **about | values)


def extract(of: Corporation, **values: Any) -> Statement:
    """An extract of the audit log."""
    about = {"kind": StatementKind.LOG, "covers_from": date(2026, 11, 1), "net_cents": None, "credited_cents": None}
    return _statement(of, **about | {"documents": {"records.json": b'{"records":[]}'}} | values)


def _statement(of: Corporation, documents: dict[str, bytes], **values: Any) -> Statement:
    number = next(_numbers)
    shown: dict[str, Any] = {
        "year": 2026,
        "sequence": number,
        "code": f"{number:0{CODE_LENGTH}d}",
        "on": date(2026, 11, 24),
        "state": StatementState.ISSUED,
        "language": "nl",
        "net_cents": 47_003_42,
        "credited_cents": 38_900_00,
        "document_sha256": NO_HASH,
        "chain_sequence": 0,
        "chain_head": "0" * 64,
        "reserved_at": NOW,
        "issued_at": NOW,
    }
    shown["frozen"] = [StatementDocument(name=name, content=content) for name, content in documents.items()]
    return saved(Statement(corporation=of, **(shown | values)))


def rendition(of: Statement | None = None, **values: Any) -> Rendition:
    shown = {
        "language": "nl",
        "file_sha256": NO_HASH,
        "path": "statements/2026-0001.pdf",
        "size": 43_000,
        "made_at": NOW,
    }
    return saved(Rendition(statement=of or statement(), **(shown | values)))


def evidence(of: Contract | None = None, reference: str | None = None, **values: Any) -> Evidence:
    """A PDF of some bytes, on the contract or on the contribution with that reference; kept in the store."""
    of, content = of or contract(), values.pop("content", b"%PDF-1.7 of a test")
    digest = the_store().keep(content)
    shown: dict[str, Any] = {
        "kind": EvidenceKind.FILE,
        "name": "Overeenkomst 1.pdf",
        "media_type": MediaType.PDF,
        "size": len(content),
        "sha256": digest,
        "sent_sha256": digest,
        "added_at": NOW,
    }
    return saved(Evidence(corporation=of.corporation, contract=of, reference=reference, **(shown | values)))


def confirmation(of: Contribution | None = None, link: str = LINK, **values: Any) -> Confirmation:
    """An open question about a version, that of `link`."""
    shown: dict[str, Any] = {
        "organisation": "Werkbedrijf De Linde",
        "email": "plaatsing-1@linde.example",
        "language": Language.DUTCH,
        "token_hash": token_hash(link),
        "was_shown": False,
        "asked_at": now(),
        "expires_at": now() + timedelta(days=14),
    }
    return saved(Confirmation(contribution=of or placement(status=Status.SUBMITTED), **(shown | values)))


def sample(of: Contract | None = None, by: User | None = None) -> Sample:
    """One approved contribution of a contract, drawn by an auditor and found in order."""
    of = of or contract()
    by = by or user(Role.AUDITOR, of=of.corporation)
    drawn = activity(of, status=Status.APPROVED)
    about = ("1", "activity", drawn.block, "2026-06-18", "", "2026-11-24", "5591.98")
    line = ";".join((f"activity:{drawn.id}", of.number, of.supplier.kvk, drawn.reference, *about))
    file = f"{';'.join(COLUMNS)}\n{line}\n".encode()
    made = Sample(
        corporation=of.corporation,
        sequence=next(_numbers),
        size=1,
        seed="a-seed",
        is_seed_typed=True,
        population=file,
        population_size=1,
        population_cents=5_591_98,
        population_sha256=sha256(file).hexdigest(),
        drawn_by=by,
        drawn_at=NOW,
    )
    item = SampleItem(sample=made, position=1, contribution=drawn, line=line)
    return saved(SampleFinding(item=item, version=1, outcome=Outcome.IN_ORDER, by=by, at=NOW)).item.sample


def access_review(of: Corporation) -> AccessReview:
    """A month in which nothing was odd."""
    by = user(of=of)
    values = {"oddities": 0, "records": 12, "digest": "0" * 64, "signed_by": by, "signed_at": NOW}
    return saved(AccessReview(corporation=of, month=date(2026, 1, 1), **values))


def batch(of: Statement | None = None, by: User | None = None) -> Batch:
    """A batch of one contract, of which the statement is made."""
    of = of or statement()
    assert of.contract is not None
    by = by or user(of=of.corporation)
    made = Batch(corporation=of.corporation, on=of.on, language=of.language, asked_by=by, asked_at=NOW)
    return saved(BatchItem(batch=made, contract=of.contract, statement=of)).batch


def handling(of: Contract, signal: Signal, **values: Any) -> Handling:
    """A signal of a contract that was seen."""
    shown = {"kind": signal.kind, "subject": signal.subject, "key": signal.key, "first_seen_on": NOW.date()}
    return saved(Handling(contract=of, **(shown | values)))


def conversation(of: Contract | None = None, by: User | None = None, **values: Any) -> Conversation:
    """What was agreed is to be done by a day that has passed."""
    of = of or contract()
    shown: dict[str, Any] = {
        "held_on": date(2026, 3, 1),
        "with_whom": "Uitvoerder",
        "action": "Plan sturen",
        "due_on": date(2026, 3, 15),
        "recorded_by": by or user(of=of.corporation),
        "recorded_at": NOW,
    }
    return saved(Conversation(contract=of, **(shown | values)))


def mail(of: Corporation, to: User, **values: Any) -> Mail:
    """A mail that waits."""
    shown = {"kind": "digest", "subject": "Deze week", "text": "Een signaal.", "made_at": NOW, "next_try_at": NOW}
    reader = {"corporation_id": of.id, "user_id": to.id, "address": to.email, "language": "nl"}
    return saved(Mail(**(shown | reader | values)))
