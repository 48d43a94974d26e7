"""What the tests of the forms of a contract share: what is typed, and what is stored then."""

from __future__ import annotations

from datetime import date

from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.contracts.models import Contract
from app.extensions import db
from tests.web.office import Office

NEW = "/contract/new"
TYPED = {
    "number": "2026-001",
    "title": "Schilderwerk Zuid",
    "kind": "painting",
    "contract_sum": "€ 400.000,50",
    "percentage": "5",
    "base": "contract_sum",
    "base_amount": "",
    "starts_on": "1-1-2026",
    "ends_on": "31 december 2027",
    "published_on": "1-9-2025",
    "awarded_on": "1-11-2025",
    "rate_table": "utrecht-2024",
    "policy": "level-2-exempts",
    "activity_cap": "50",
}
ON = date(2026, 11, 24)


def typed(office: Office, **other: str) -> dict[str, str]:
    """The form of a new contract, filled in rightly."""
    with office.app.app_context():
        supplier = office.contract.supplier.kvk
        leader = db.session.get_one(User, office.people["leader"]).email
    return {**TYPED, "supplier": supplier, "project_leader": leader, **other}


def edit(office: Office) -> str:
    return f"/contract/{office.contract_id}/edit"


def delete(office: Office) -> str:
    return f"/contract/{office.contract_id}/delete"


def contracts(app: Flask) -> list[Contract]:
    with app.app_context():
        found = list(db.session.scalars(select(Contract).order_by(Contract.id)))
        for each in found:
            _ = each.rate_table.code, each.policy.code, each.supplier.kvk
        db.session.expunge_all()
        return found
