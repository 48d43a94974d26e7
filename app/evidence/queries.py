"""Reads of evidence: what somebody may see, to what they may add, who opened a file."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where, supplier_grants_where
from app.audit.models import AuditRecord, AuditSubject
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.contributions.models import Contribution
from app.contributions.queries import contribution_seen_by
from app.evidence.models import Evidence
from app.extensions import db
from app.rules.dossier import Status
from app.suppliers.models import Certificate, CertificateScope, Supplier
from app.web.rows import the_row

KIND = "evidence"
VIEW = "evidence.view"
VIEWS_SHOWN = 50


class SubjectKind(StrEnum):
    """What evidence can be about."""

    CONTRIBUTION = "contribution"
    CONTRACT = "contract"
    CERTIFICATE = "certificate"


@dataclass(frozen=True, slots=True)
class About:
    """What evidence is about, as an address names it; of a contribution the id of one of its versions."""

    kind: SubjectKind
    id: int


@dataclass(frozen=True, slots=True)
class Subject:
    """The same as what it is: a contribution's is its contract and reference, which all versions share."""

    contract: Contract | None = None
    reference: str | None = None
    certificate: Certificate | None = None

    @property
    def corporation(self) -> Corporation:
        owner = self.contract or self.certificate
        assert owner is not None
        return owner.corporation

    @property
    def columns(self) -> dict[str, Any]:
        """What a row of evidence about it says."""
        return {"contract": self.contract, "reference": self.reference, "certificate": self.certificate}


@dataclass(frozen=True, slots=True)
class View:
    """That somebody opened a file."""

    at: datetime
    who: str


def visible_to(user: User, permission: Permission = Permission.SEE_EVIDENCE) -> Select[Evidence]:
    """The evidence with which `user` may do that: of contracts that are theirs, and of certificates."""
    of_contracts = Evidence.contract_id.in_(contracts.ids_visible_to(user, permission))
    of_certificates = Evidence.certificate_id.in_(_certificates(user, permission).with_only_columns(Certificate.id))
    return select(Evidence).where(or_(of_contracts, of_certificates))


def evidence_seen_by(user: User, evidence_id: int) -> Evidence:
    """With what its page shows. Errors: NotFound."""
    wanted = visible_to(user).where(Evidence.id == evidence_id)
    return the_row(
        wanted.options(
            joinedload(Evidence.corporation),
            joinedload(Evidence.contract).options(*contracts.NAMES),
            joinedload(Evidence.certificate).joinedload(Certificate.corporation),
            joinedload(Evidence.added_by),
            joinedload(Evidence.withdrawn_by),
        )
    )


def subject(user: User, about: About, permission: Permission) -> Subject:
    """What evidence is to be about, when `user` may do that with it. Errors: NotFound."""
    if about.kind is SubjectKind.CONTRACT:
        wanted = contracts.visible_to(user, permission).where(Contract.id == about.id)
        return Subject(contract=the_row(wanted.options(*contracts.NAMES)))
    if about.kind is SubjectKind.CERTIFICATE:
        mine = _certificates(user, permission).where(Certificate.id == about.id)
        return Subject(certificate=the_row(mine.options(joinedload(Certificate.corporation))))
    version = contribution_seen_by(user, about.id)
    found = subject(user, About(SubjectKind.CONTRACT, version.contract_id), permission)
    return Subject(contract=found.contract, reference=version.reference)


def subjects(user: User, about: About, permission: Permission) -> Sequence[Subject]:
    """The same, and of a certificate its copies too: one that covers more corporations stands with each as its own row,
    and whoever reports for its company with all of them shows it once. In the order of the corporations.

    Errors: NotFound.
    """
    found = subject(user, about, permission)
    known = found.certificate
    if known is None:
        return [found]
    same = (Certificate.number == known.number) & (Certificate.valid_from == known.valid_from)
    copies = _certificates(user, permission).where(same).options(joinedload(Certificate.corporation))
    return [Subject(certificate=each) for each in db.session.scalars(copies.order_by(Certificate.corporation_id))]


def evidence_of(contribution_ids: Collection[int]) -> Mapping[int, Sequence[Evidence]]:
    """By the id of a version the evidence of its contribution that holds, oldest first; versions without any left out.

    One statement. Not scoped: the caller has these versions from a scoped query.
    """
    rows = (
        select(Contribution.id, Evidence).join(Evidence, _of_contribution).where(Contribution.id.in_(contribution_ids))
    )
    found: dict[int, list[Evidence]] = {}
    for version_id, row in db.session.execute(rows.where(*_holds).order_by(Evidence.id)):
        found.setdefault(version_id, []).append(row)
    return found


def with_evidence(contribution_ids: Collection[int]) -> frozenset[int]:
    """Those of these versions whose contribution has a file, a visit or a telephone check that holds."""
    rows = select(Contribution.id).where(Contribution.id.in_(contribution_ids))
    return frozenset(db.session.scalars(rows.where(exists().where(_of_contribution, *_holds))))


def has_evidence(contribution_id: int) -> bool:
    """Whether a file, a visit or a telephone check that holds shows the contribution of this version."""
    return contribution_id in with_evidence([contribution_id])


def shown_with(about: Subject) -> Sequence[Evidence]:
    """All evidence about it, withdrawn or not, the newest first, with who added it. One statement."""
    if about.certificate is not None:
        of = Evidence.certificate_id == about.certificate.id
    else:
        assert about.contract is not None
        of = and_(Evidence.contract_id == about.contract.id, Evidence.reference.is_not_distinct_from(about.reference))
    rows = select(Evidence).where(of).options(joinedload(Evidence.added_by), joinedload(Evidence.withdrawn_by))
    return db.session.scalars(rows.order_by(Evidence.id.desc())).all()


def newest_version(evidence: Evidence) -> int | None:
    """The id of the newest version of the contribution that it shows; None when it shows no contribution."""
    if evidence.reference is None:
        return None
    newest = select(func.max(Contribution.id)).where(
        Contribution.contract_id == evidence.contract_id, Contribution.reference == evidence.reference
    )
    return db.session.scalar(newest)


def is_approved(contract_id: int, reference: str) -> bool:
    """Whether a version of the contribution is approved, so that what shows it must stay."""
    approved = exists().where(
        Contribution.contract_id == contract_id,
        Contribution.reference == reference,
        Contribution.status == Status.APPROVED,
    )
    return bool(db.session.scalar(select(approved)))


def views_of(evidence: Evidence) -> tuple[int, Sequence[View]]:
    """How often the file was opened, and the last times, the newest first."""
    opened = (AuditRecord.action == VIEW, AuditSubject.kind == KIND, AuditSubject.object_id == evidence.id)
    number = select(func.count(AuditRecord.id)).join(AuditRecord.subjects).where(*opened)
    rows = (
        select(AuditRecord.at, func.coalesce(User.name, AuditRecord.actor))
        .join(AuditRecord.subjects)
        .join(User, User.id == AuditRecord.actor_id, isouter=True)
        .where(*opened)
        .order_by(AuditRecord.id.desc())
        .limit(VIEWS_SHOWN)
    )
    return db.session.scalars(number).one(), [View(at, who) for at, who in db.session.execute(rows)]


def is_kept_for_others(evidence: Evidence) -> bool:
    """Whether other evidence, not erased, has the same file."""
    other = exists().where(Evidence.sha256 == evidence.sha256, Evidence.id != evidence.id, Evidence.erased_at.is_(None))
    return bool(db.session.scalar(select(other)))


def _certificates(user: User, permission: Permission) -> Select[Certificate]:
    """Of corporations whose suppliers `user` sees, as far as that permission goes; for a supplier its own."""
    staff = corporations_where(user, permission) & corporations_where(user, Permission.SEE_SUPPLIERS)
    covered = (
        exists()
        .where(CertificateScope.certificate_id == Certificate.id, Supplier.kvk == CertificateScope.kvk)
        .where(tuple_(Certificate.corporation_id, Supplier.id).in_(supplier_grants_where(user, permission)))
    )
    return select(Certificate).where(or_(Certificate.corporation_id.in_(staff), covered))


_of_contribution: ColumnElement[bool] = and_(
    Evidence.contract_id == Contribution.contract_id, Evidence.reference == Contribution.reference
)
_holds: tuple[ColumnElement[bool], ...] = (Evidence.withdrawn_at.is_(None), Evidence.erased_at.is_(None))
