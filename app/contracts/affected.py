"""The names of the parties and the certificates are facts of contracts: what changes there, changes here."""

from __future__ import annotations

from sqlalchemy import or_, select, tuple_

from app.accounts.models import changed_corporations
from app.audit.trail import Audit
from app.contracts.models import Contract
from app.suppliers.models import Supplier, changed_suppliers


def follow_parties(audit: Audit) -> None:
    """At the end of a command: the facts of every contract of a party whose facts it changed have changed too."""
    corporations, suppliers = changed_corporations(audit.session), changed_suppliers(audit.session)
    if corporations or suppliers:
        company = tuple_(Contract.corporation_id, Supplier.kvk)
        concerned = or_(Contract.corporation_id.in_(corporations), company.in_(suppliers))
        wanted = select(Contract).join(Contract.supplier).where(concerned).order_by(Contract.id)
        for contract in audit.session.scalars(wanted):
            contract.facts_changed()
