"""Reads of suppliers: what a corporation recorded about them, and their certificates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Corporation
from app.extensions import db
from app.suppliers.models import Certificate, Supplier, SupplierRecord


def records_of(corporation: Corporation) -> Mapping[str, SupplierRecord]:
    """The suppliers that a corporation recorded, by KvK number."""
    recorded = select(SupplierRecord).where(SupplierRecord.corporation_id == corporation.id)
    rows = db.session.scalars(recorded.options(joinedload(SupplierRecord.supplier)))
    return {row.supplier.kvk: row for row in rows}


def suppliers_numbered(kvk_numbers: Collection[str]) -> Mapping[str, Supplier]:
    """The companies among these that are known to the product, whichever corporation recorded them."""
    rows = db.session.scalars(select(Supplier).where(Supplier.kvk.in_(kvk_numbers)))
    return {row.kvk: row for row in rows}


def certificates_of(corporation: Corporation) -> Mapping[tuple[str, date], Certificate]:
    """The certificates that a corporation recorded, by number and first day."""
    recorded = select(Certificate).where(Certificate.corporation_id == corporation.id)
    rows = db.session.scalars(recorded.options(selectinload(Certificate.scope)))
    return {(row.number, row.valid_from): row for row in rows}
