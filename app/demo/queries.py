"""What the demo asks of the database: what of it is there already."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select

from app.accounts.models import Corporation
from app.contracts.models import Contract
from app.contracts.queries import contract_numbered
from app.contributions.models import Contribution
from app.evidence.models import Evidence
from app.extensions import db
from app.rules.dossier import Status
from app.statements.models import Statement


def has_contracts(corporation: Corporation) -> bool:
    """Whether anything was imported."""
    return bool(db.session.scalar(select(exists().where(Contract.corporation_id == corporation.id))))


def waiting(corporation: Corporation, number: str, reference: str) -> Contribution:
    """The version of a contribution that waits to be judged."""
    contract = contract_numbered(corporation, number)
    wanted = select(Contribution).where(
        Contribution.contract_id == contract.id,
        Contribution.reference == reference,
        Contribution.status == Status.SUBMITTED,
    )
    return db.session.scalars(wanted).one()


def held(contract: Contract, reference: str) -> Contribution:
    """The version of a contribution that is approved, or waits to be."""
    wanted = select(Contribution).where(Contribution.contract_id == contract.id, Contribution.reference == reference)
    states = Contribution.status.in_([Status.APPROVED, Status.SUBMITTED])
    return db.session.scalars(wanted.where(states).order_by(Contribution.status).limit(1)).one()


def has_evidence(contract: Contract) -> bool:
    return bool(db.session.scalar(select(exists().where(Evidence.contract_id == contract.id))))


def is_stated(corporation: Corporation, number: str, on: date) -> bool:
    """Whether a statement of that contract as of that day stands in the register."""
    contract = contract_numbered(corporation, number)
    return bool(db.session.scalar(select(exists().where(Statement.contract_id == contract.id, Statement.on == on))))
