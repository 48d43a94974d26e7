"""Reads of contracts: the scope of who asks, and one contract by its corporation's KvK number and its own."""

from __future__ import annotations

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where, supplier_grants_where
from app.contracts.models import Contract
from app.extensions import db
from app.web.errors import NotFound

# What a list shows of a contract beside its own columns; the same for all rows, so that a list asks once.
NAMES = (
    joinedload(Contract.corporation),
    joinedload(Contract.supplier),
    joinedload(Contract.supplier_record),
    joinedload(Contract.project_leader),
)


def visible_to(user: User, permission: Permission = Permission.SEE_CONTRACTS) -> Select[Contract]:
    """The contracts with which `user` may do that. Every query of contracts starts here, so that none forgets it."""
    granted = tuple_(Contract.corporation_id, Contract.supplier_id).in_(supplier_grants_where(user, permission))
    return select(Contract).where(Contract.corporation_id.in_(corporations_where(user, permission)) | granted)


def contract_seen_by(user: User, kvk: str, number: str) -> Contract:
    """The contract of that number of the corporation, with what its page shows.

    Errors: NotFound, also when it is not for `user`.
    """
    wanted = visible_to(user).join(Contract.corporation).where(Corporation.kvk == kvk, Contract.number == number)
    whole = (joinedload(Contract.rate_table), joinedload(Contract.policy), selectinload(Contract.amendments))
    found = db.session.scalar(wanted.options(*NAMES, *whole))
    if found is None:
        raise NotFound
    return found


def contract_numbered(corporation: Corporation, number: str) -> Contract:
    """For the command line, which sees all. Errors: `NotFound("no_such_contract")`."""
    wanted = select(Contract).where(Contract.corporation_id == corporation.id, Contract.number == number)
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound("no_such_contract", number=number, corporation=corporation.name)
    return found
