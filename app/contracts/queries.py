"""Reads of contracts. Every query of contracts starts from `visible_to`, so that none can forget the scope."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Corporation, User
from app.contracts.models import Contract
from app.extensions import db
from app.suppliers.models import Certificate, CertificateScope
from app.web.errors import NotFound

WITH_NAMES = (
    joinedload(Contract.corporation),
    joinedload(Contract.supplier),
    joinedload(Contract.supplier_record),
    joinedload(Contract.project_leader),
)
"""What every page about contracts prints of them."""


WHOLE = (
    *WITH_NAMES,
    joinedload(Contract.rate_table),
    joinedload(Contract.policy),
    selectinload(Contract.amendments),
)
"""What the page of one contract shows of it."""


def visible_to(user: User) -> Select[Contract]:
    """The contracts that `user` may see: all of a corporation as its staff, its own as a supplier."""
    granted = tuple_(Contract.corporation_id, Contract.supplier_id).in_(user.supplier_grants)
    return select(Contract).where(or_(Contract.corporation_id.in_(user.corporation_ids), granted))


def contracts_of(user: User) -> Sequence[Contract]:
    """All contracts that `user` may see, with the names around them, by number."""
    return db.session.scalars(visible_to(user).options(*WITH_NAMES).order_by(Contract.number, Contract.id)).all()


def contract_by_address(user: User, kvk: str, number: str) -> Contract:
    """The contract with that number of the corporation with that KvK number. Errors: NotFound, also when not theirs."""
    wanted = visible_to(user).join(Contract.corporation).where(Corporation.kvk == kvk, Contract.number == number)
    return _one(wanted.options(*WHOLE))


def contract_by_id(user: User, contract_id: int) -> Contract:
    """Errors: NotFound, also when it is not theirs."""
    return _one(visible_to(user).where(Contract.id == contract_id).options(*WHOLE))


def _one(wanted: Select[Contract]) -> Contract:
    contract = db.session.scalar(wanted)
    if contract is None:
        raise NotFound
    return contract


def certificates_for(contract: Contract) -> Sequence[Certificate]:
    """The certificates that the corporation recorded and that cover the contract's supplier, newest first."""
    covering = select(CertificateScope.certificate_id).where(CertificateScope.kvk == contract.supplier.kvk)
    recorded = select(Certificate).where(
        Certificate.corporation_id == contract.corporation_id, Certificate.id.in_(covering)
    )
    return db.session.scalars(recorded.order_by(Certificate.valid_from.desc(), Certificate.id)).all()
