"""Reads of contracts: the scope of who asks, and one contract by its corporation's KvK number and its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, column, exists, func, or_, select, table, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Corporation, Membership, User
from app.accounts.permissions import TABLE, Permission, contracts_where, corporations_where, supplier_grants_where
from app.contracts.models import Amendment, Contract
from app.extensions import db
from app.schemes.models import Policy, RateTable
from app.web.clock import today
from app.web.errors import NotFound
from app.web.rows import the_row

# What a list shows of a contract beside its own columns; the same for all rows, so that a list asks once.
NAMES = (
    joinedload(Contract.corporation),
    joinedload(Contract.supplier),
    joinedload(Contract.supplier_record),
    joinedload(Contract.project_leader),
)

# What a contract's page and its forms need besides.
WHOLE = (joinedload(Contract.rate_table), joinedload(Contract.policy), selectinload(Contract.amendments))
LEADING = [role for role, permissions in TABLE.items() if Permission.EDIT_CONTRACTS in permissions]
# Contributions and statements are features above this one. A contract only asks whether it has any.
CONTRIBUTIONS = table("contributions", column("contract_id"), column("reference"))
STATEMENTS = table("statements", column("contract_id"))
EVIDENCE = table("evidence", column("contract_id"))
SETTLEMENTS = table("settlements", column("contract_id"))
PLANNING = tuple(table(name, column("contract_id")) for name in ("plans", "reports", "handovers"))
CONVERSATIONS = table("conversations", column("contract_id"))
BATCH_ITEMS = table("batch_items", column("contract_id"))
# The columns by which a contract names its rate table and its policy.
NAMES_OF = {RateTable: Contract.rate_table_id, Policy: Contract.policy_id}


def visible_to(user: User, permission: Permission = Permission.SEE_CONTRACTS) -> Select[Contract]:
    """The contracts with which `user` may do that. Every query of contracts starts here, so that none forgets it."""
    granted = tuple_(Contract.corporation_id, Contract.supplier_id).in_(supplier_grants_where(user, permission))
    mandated = Contract.id.in_(contracts_where(user, permission))
    of_corporations = Contract.corporation_id.in_(corporations_where(user, permission))
    return select(Contract).where(of_corporations | granted | mandated)


def ids_visible_to(user: User, permission: Permission = Permission.SEE_CONTRACTS) -> Select[int]:
    """The ids of these contracts, for the scope of what belongs to contracts."""
    return visible_to(user, permission).with_only_columns(Contract.id)


def contract_seen_by(user: User, kvk: str, number: str) -> Contract:
    """The contract of that number of the corporation, with what its page shows.

    Errors: NotFound, also when it is not for `user`.
    """
    wanted = visible_to(user).join(Contract.corporation).where(Corporation.kvk == kvk, Contract.number == number)
    return the_row(wanted.options(*NAMES, *WHOLE))


def contract_to_edit(contract_id: int, user: User) -> Contract:
    """A contract that `user` may edit, whole. Errors: NotFound."""
    mine = visible_to(user, Permission.EDIT_CONTRACTS).where(Contract.id == contract_id)
    return the_row(mine.options(*NAMES, *WHOLE))


def amendment_to_edit(amendment_id: int, user: User) -> Amendment:
    """An amendment of a contract that `user` may edit, with that contract, whole. Errors: NotFound."""
    mine = Amendment.contract_id.in_(ids_visible_to(user, Permission.EDIT_CONTRACTS))
    wanted = select(Amendment).where(Amendment.id == amendment_id, mine)
    return the_row(wanted.options(joinedload(Amendment.contract).options(*NAMES, *WHOLE)))


def contract_with_number(corporation: Corporation, number: str) -> Contract | None:
    return db.session.scalar(
        select(Contract).where(Contract.corporation_id == corporation.id, Contract.number == number)
    )


def leaders_of(corporation: Corporation, contract: Contract | None = None) -> Mapping[str, User]:
    """Who may lead a project of the corporation, by e-mail address, by name; who leads `contract` is among them."""
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.corporation_id == corporation.id, Membership.role.in_(LEADING))
        .join(Membership.user)
        .where(User.is_active)
        .options(contains_eager(Membership.user))
        .order_by(User.name, User.id)
    )
    leaders = {row.user.email: row.user for row in rows if row.holds_on(today())}
    leader = contract.project_leader if contract else None
    return leaders | ({leader.email: leader} if leader else {})


def references_on(contract: Contract) -> Sequence[str]:
    """The references of its contributions, whatever became of them."""
    asked = select(CONTRIBUTIONS.c.reference).where(CONTRIBUTIONS.c.contract_id == contract.id)
    return db.session.scalars(asked.distinct().order_by(CONTRIBUTIONS.c.reference)).all()


def has_statements(contract: Contract) -> bool:
    return bool(db.session.scalar(select(exists().where(STATEMENTS.c.contract_id == contract.id))))


def has_planning(contract: Contract) -> bool:
    """Whether something was planned, reported or handed over that stays readable."""
    asked = (exists().where(each.c.contract_id == contract.id) for each in PLANNING)
    return bool(db.session.scalar(select(or_(*asked))))


def has_evidence(contract: Contract) -> bool:
    return bool(db.session.scalar(select(exists().where(EVIDENCE.c.contract_id == contract.id))))


def has_settlements(contract: Contract) -> bool:
    return bool(db.session.scalar(select(exists().where(SETTLEMENTS.c.contract_id == contract.id))))


def has_conversations(contract: Contract) -> bool:
    return bool(db.session.scalar(select(exists().where(CONVERSATIONS.c.contract_id == contract.id))))


def numbers_naming(user: User, kind: type[RateTable | Policy]) -> Mapping[int, int]:
    """By the id of a rate table or policy, how many of the contracts that `user` sees name it."""
    column = NAMES_OF[kind]
    counted = visible_to(user).with_only_columns(column, func.count()).group_by(column)
    return {scheme_id: number for scheme_id, number in db.session.execute(counted)}


def contracts_naming(user: User, scheme: RateTable | Policy, most: int) -> Sequence[Contract]:
    """The first so many, by number, of the contracts that `user` sees and that name this rate table or policy."""
    wanted = visible_to(user).where(NAMES_OF[type(scheme)] == scheme.id).options(*NAMES)
    return db.session.scalars(wanted.order_by(Contract.number, Contract.id).limit(most)).all()


def contract_numbered(corporation: Corporation, number: str) -> Contract:
    """For the command line, which sees all. Errors: `NotFound("no_such_contract")`."""
    found = contract_with_number(corporation, number)
    if found is None:
        raise NotFound("no_such_contract", number=number, corporation=corporation.name)
    return found
