"""A supplier's name and its certificates are facts of its contracts: what changes there, changes here."""

from __future__ import annotations

from sqlalchemy import select, tuple_

from app.audit.trail import Audit
from app.contracts.models import Contract
from app.suppliers.models import Supplier, changed_suppliers


def follow_suppliers(audit: Audit) -> None:
    """At the end of a command: the facts of every contract of a supplier whose facts it changed have changed too."""
    changed = changed_suppliers(audit.session)
    if changed:
        company = tuple_(Contract.corporation_id, Supplier.kvk)
        wanted = select(Contract).join(Contract.supplier).where(company.in_(changed)).order_by(Contract.id)
        for contract in audit.session.scalars(wanted):
            contract.facts_changed()
