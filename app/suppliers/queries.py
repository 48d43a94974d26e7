"""Reads of suppliers: what corporations recorded about them, and their certificates.

A company is one row for all; what is recorded of it is each corporation's own, and every read starts from what somebody
may see.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Select, column, exists, func, select, table, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Corporation, Membership, User
from app.accounts.permissions import Permission, corporations_where
from app.extensions import db
from app.rules import ladder
from app.suppliers.models import Certificate, CertificateScope, Supplier, SupplierRecord
from app.suppliers.validity import facts_of
from app.web.rows import the_row

# Contracts are a feature above this one. A supplier only asks whether it has any.
CONTRACTS = table("contracts", column("number"), column("corporation_id"), column("supplier_id"))
# So is evidence: of a certificate it only asks whether there is any.
EVIDENCE = table("evidence", column("certificate_id"))

WHOLE = (selectinload(Certificate.scope), joinedload(Certificate.checked_by), joinedload(Certificate.corporation))

Company = tuple[int, str]
"""A company as a corporation sees it: the corporation's id and the KvK number."""


def visible_to(user: User, permission: Permission = Permission.SEE_SUPPLIERS) -> Select[SupplierRecord]:
    """The records with which `user` may do that, each with its supplier and its corporation."""
    recorded = select(SupplierRecord).join(SupplierRecord.supplier)
    whole = (contains_eager(SupplierRecord.supplier), joinedload(SupplierRecord.corporation))
    return recorded.where(SupplierRecord.corporation_id.in_(corporations_where(user, permission))).options(*whole)


def certificates_visible_to(user: User, permission: Permission = Permission.SEE_SUPPLIERS) -> Select[Certificate]:
    """The certificates with which `user` may do that."""
    return select(Certificate).where(Certificate.corporation_id.in_(corporations_where(user, permission)))


def record_seen_by(user: User, record_id: int) -> SupplierRecord:
    """Errors: NotFound."""
    return the_row(visible_to(user).where(SupplierRecord.id == record_id))


def record_numbered(user: User, kvk: str) -> SupplierRecord | None:
    """A record of that company that `user` may look at, if there is one."""
    return db.session.scalar(visible_to(user).where(Supplier.kvk == kvk).order_by(SupplierRecord.id).limit(1))


def record_to_edit(user: User, record_id: int) -> SupplierRecord:
    """Errors: NotFound."""
    return the_row(visible_to(user, Permission.EDIT_CONTRACTS).where(SupplierRecord.id == record_id))


def certificate_seen_by(user: User, certificate_id: int) -> Certificate:
    """A certificate with all that its page shows. Errors: NotFound."""
    return the_row(certificates_visible_to(user).where(Certificate.id == certificate_id).options(*WHOLE))


def certificate_to_edit(user: User, certificate_id: int) -> Certificate:
    """Errors: NotFound."""
    editable = certificates_visible_to(user, Permission.EDIT_CONTRACTS)
    return the_row(editable.where(Certificate.id == certificate_id).options(*WHOLE))


def records_seen_by(user: User) -> Sequence[SupplierRecord]:
    """All records that `user` may look at, by name."""
    return db.session.scalars(visible_to(user).order_by(SupplierRecord.name, SupplierRecord.id)).all()


def record_of(corporation: Corporation, kvk: str) -> SupplierRecord | None:
    """What a corporation recorded of the company with that KvK number, if anything."""
    recorded = select(SupplierRecord).join(SupplierRecord.supplier).where(Supplier.kvk == kvk)
    return db.session.scalar(recorded.where(SupplierRecord.corporation_id == corporation.id))


def records_of(corporation: Corporation) -> Mapping[str, SupplierRecord]:
    """The suppliers that a corporation recorded, by KvK number."""
    recorded = select(SupplierRecord).where(SupplierRecord.corporation_id == corporation.id)
    rows = db.session.scalars(recorded.options(joinedload(SupplierRecord.supplier)))
    return {row.supplier.kvk: row for row in rows}


def records_covered_by(certificates: Iterable[Certificate]) -> Mapping[Company, SupplierRecord]:
    """What the corporations of these certificates recorded of the companies in their scope."""
    companies = {(each.corporation_id, kvk) for each in certificates for kvk in each.kvk_numbers}
    recorded = select(SupplierRecord).join(SupplierRecord.supplier).options(contains_eager(SupplierRecord.supplier))
    rows = db.session.scalars(recorded.where(tuple_(SupplierRecord.corporation_id, Supplier.kvk).in_(companies)))
    return {(row.corporation_id, row.supplier.kvk): row for row in rows}


def suppliers_numbered(kvk_numbers: Collection[str]) -> Mapping[str, Supplier]:
    """The companies among these that are known to the product, whichever corporation recorded them."""
    rows = db.session.scalars(select(Supplier).where(Supplier.kvk.in_(kvk_numbers)))
    return {row.kvk: row for row in rows}


def certificates_of(corporation: Corporation) -> Mapping[tuple[str, date], Certificate]:
    """The certificates that a corporation recorded, by number and first day."""
    recorded = select(Certificate).where(Certificate.corporation_id == corporation.id)
    rows = db.session.scalars(recorded.options(selectinload(Certificate.scope)))
    return {(row.number, row.valid_from): row for row in rows}


def certificate_numbered(corporation: Corporation, number: str, valid_from: date) -> Certificate | None:
    """The certificate of that number and first day that a corporation recorded, if any."""
    recorded = select(Certificate).where(Certificate.corporation_id == corporation.id)
    return db.session.scalar(recorded.where(Certificate.number == number, Certificate.valid_from == valid_from))


def certificates_covering(corporation_id: int, kvk_numbers: Collection[str]) -> Sequence[Certificate]:
    """The certificates of a corporation that cover any of these companies, the latest first."""
    covers = Certificate.scope.any(CertificateScope.kvk.in_(kvk_numbers))
    recorded = select(Certificate).where(Certificate.corporation_id == corporation_id, covers)
    return db.session.scalars(recorded.options(*WHOLE).order_by(Certificate.valid_from.desc(), Certificate.id)).all()


def facts_by_company(user: User) -> Mapping[Company, Sequence[ladder.Certificate]]:
    """The certificates that `user` may look at, by the companies that they cover."""
    found: dict[Company, list[ladder.Certificate]] = {}
    for row in db.session.scalars(certificates_visible_to(user).options(selectinload(Certificate.scope))):
        for kvk in row.kvk_numbers:
            found.setdefault((row.corporation_id, kvk), []).append(facts_of(row))
    return found


def has_evidence(certificate: Certificate) -> bool:
    return bool(db.session.scalar(select(exists().where(EVIDENCE.c.certificate_id == certificate.id))))


def contract_numbers_of(record: SupplierRecord) -> list[str]:
    """The numbers of the contracts that the corporation awarded to the supplier."""
    awarded = select(CONTRACTS.c.number).where(
        CONTRACTS.c.corporation_id == record.corporation_id, CONTRACTS.c.supplier_id == record.supplier_id
    )
    return list(db.session.scalars(awarded.order_by(CONTRACTS.c.number)))


def people_of(record: SupplierRecord) -> list[str]:
    """The names of those who log in for the supplier at the corporation, did, or are invited to."""
    shown = func.coalesce(Membership.invited_as, User.name)
    of_both = select(shown).select_from(Membership).join(Membership.user)
    of_both = of_both.where(
        Membership.corporation_id == record.corporation_id, Membership.supplier_id == record.supplier_id
    )
    return list(db.session.scalars(of_both.order_by(shown, User.id)))
