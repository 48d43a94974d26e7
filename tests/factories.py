"""Rows for tests: plain functions with sensible defaults that save what they make.

Call them in an application context. What a test does not name is made anew: `placement()` also makes its contract,
supplier, corporation, person and who entered it. They write past the audit log, as only tests may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import select

from app.accounts.invitations import Invitation, invite
from app.accounts.models import Corporation, Language, Logo, Membership, Role, User
from app.assessments.models import DossierRecord
from app.contracts.models import Amendment, Contract
from app.contributions.models import Activity, ApprovedHow, Contribution, Person, Placement
from app.database import Base
from app.extensions import db
from app.rules.assessment import Standing
from app.rules.dossier import Status
from app.rules.ladder import Level
from app.rules.tables import parse_policy, parse_rate_table
from app.schemes.models import Policy, RateTable
from app.statements.models import CODE_LENGTH, Rendition, Statement, StatementState
from app.suppliers.models import Certificate, CertificateScope, Supplier, SupplierRecord
from config import ROOT

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NO_HASH = sha256(b"").hexdigest()

Row = TypeVar("Row", bound=Base)

_numbers = count(1)
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
    return saved(Corporation(**{"kvk": kvk(), "name": "Woningstichting De Brug", "created_at": NOW} | values))


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


def dossier(of: Contract | None = None, content: bytes = b"{}", **values: Any) -> DossierRecord:
    shown = {"recorded_at": NOW, "recorded_on": NOW.date(), "facts_version": 1, "is_kept": True}
    digest = sha256(content).hexdigest()
    return saved(DossierRecord(contract=of or contract(), json=content, sha256=digest, **(shown | values)))


def statement(of: Contract | None = None, **values: Any) -> Statement:
    """An issued statement without a file."""
    of = of or contract()
    number = next(_numbers)
    shown: dict[str, Any] = {
        "year": 2026,
        "sequence": number,
        "code": f"{number:0{CODE_LENGTH}d}",
        "on": date(2026, 11, 24),
        "state": StatementState.ISSUED,
        "language": "nl",
        "standing": Standing.BEHIND,
        "net_cents": 47_003_42,
        "credited_cents": 38_900_00,
        "document_sha256": NO_HASH,
        "dossier_json": b"{}",
        "assessment_json": b"{}",
        "chain_sequence": 0,
        "chain_head": "0" * 64,
        "reserved_at": NOW,
        "issued_at": NOW,
    }
    shown["dossier"] = values.pop("dossier", None) or dossier(of)
    return saved(Statement(corporation=of.corporation, contract=of, **(shown | values)))


def rendition(of: Statement | None = None, **values: Any) -> Rendition:
    shown = {
        "language": "nl",
        "file_sha256": NO_HASH,
        "path": "statements/2026-0001.pdf",
        "size": 43_000,
        "made_at": NOW,
    }
    return saved(Rendition(statement=of or statement(), **(shown | values)))
