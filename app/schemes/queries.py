"""Reads of rate tables and policies: by id, as a corporation may use them, parsed once in the process.

A corporation may use what was shipped with the product and what it added itself; an id never means two of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol, TypeVar

from sqlalchemy import Select, column, func, or_, select, table

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where, houses_where
from app.extensions import db
from app.rules import tables as rules
from app.rules.tables import parse_policy, parse_rate_table
from app.schemes.models import Policy, RateTable
from app.web.rows import the_row

Row = TypeVar("Row", RateTable, Policy)

# Contracts are a feature above this one. A version only asks how many name it.
CONTRACTS = table("contracts", column("rate_table_id"), column("policy_id"))
NAMED_BY = {RateTable: CONTRACTS.c.rate_table_id, Policy: CONTRACTS.c.policy_id}
DEFAULTS = {RateTable: Corporation.default_rate_table_id, Policy: Corporation.default_policy_id}

# A version never changes, so what its text was parsed to is kept by the hash of the text.
_parsed_tables: dict[str, rules.RateTable] = {}
_parsed_policies: dict[str, rules.Policy] = {}

CHOSEN_BY = {"publication": "published_on", "award": "awarded_on", "start": "starts_on"}


class Dates(Protocol):
    """The dates of a contract that choose the version of a table."""

    @property
    def published_on(self) -> date | None: ...
    @property
    def awarded_on(self) -> date | None: ...
    @property
    def starts_on(self) -> date | None: ...


def tables_of(corporation: Corporation) -> Mapping[str, RateTable]:
    """All rate tables that a corporation may use, by id."""
    return _all_of(RateTable, corporation)


def policies_of(corporation: Corporation) -> Mapping[str, Policy]:
    """All policies that a corporation may use, by id."""
    return _all_of(Policy, corporation)


def shipped(kind: type[Row]) -> Mapping[str, Row]:
    """What was shipped with the product, by id."""
    rows = db.session.scalars(select(kind).where(kind.corporation_id.is_(None)))
    return {row.code: row for row in rows}


def own_of(kind: type[Row], code: str, corporation: Corporation) -> Row | None:
    """What a corporation added itself under that id."""
    return db.session.scalar(select(kind).where(kind.code == code, kind.corporation_id == corporation.id))


def visible_to(user: User, kind: type[Row], permission: Permission = Permission.SEE_SCHEMES) -> Select[Row]:
    """What was shipped, and what is of corporations where `user` may do that. Every page of schemes starts here."""
    known = houses_where(user, permission)
    return select(kind).where(or_(kind.corporation_id.is_(None), kind.corporation_id.in_(known)))


def scheme_seen_by(user: User, kind: type[Row], scheme_id: int) -> Row:
    """Errors: NotFound, also when it is another corporation's."""
    return the_row(visible_to(user, kind).where(kind.id == scheme_id))


def scheme_to_delete(user: User, kind: type[Row], scheme_id: int) -> Row:
    """One of a corporation's own, for who edits there. Errors: NotFound, also for what was shipped."""
    edited = corporations_where(user, Permission.EDIT_SCHEMES)
    return the_row(select(kind).where(kind.id == scheme_id, kind.corporation_id.in_(edited)))


def number_of_contracts(row: RateTable | Policy) -> int:
    """How many contracts name this version, whoever may see them."""
    named = select(func.count()).select_from(CONTRACTS).where(NAMED_BY[type(row)] == row.id)
    return db.session.scalar(named) or 0


def is_a_default(row: RateTable | Policy) -> bool:
    """Whether new contracts of some corporation begin with this version."""
    return db.session.scalar(select(Corporation.id).where(DEFAULTS[type(row)] == row.id).limit(1)) is not None


def other_version_meant(table: RateTable, dates: Dates, tables: Iterable[RateTable]) -> tuple[RateTable, date] | None:
    """The version of the family of `table` that the contract's own date points to, when it is another; and that date.

    The family says by which date of a contract it is chosen: of publication, of award, or of start.
    """
    on: date | None = getattr(dates, CHOSEN_BY[table.selected_by])
    meant = version_in_force(table, on, tables) if on else table
    return (meant, on) if on and meant is not table else None


def version_in_force(table: RateTable, on: date, tables: Iterable[RateTable]) -> RateTable:
    """The version of the family of `table` that was in force on a day; the table itself when none was yet."""
    begun = [each for each in tables if each.family == table.family and each.in_force_from <= on]
    return max(begun, key=lambda each: (each.in_force_from, each.code), default=table)


def parsed_table(row: RateTable) -> rules.RateTable:
    """The rate table that the rule book reckons with."""
    known = _parsed_tables.get(row.sha256)
    if known is None:
        known = _parsed_tables[row.sha256] = parse_rate_table(row.content)
    return known


def parsed_policy(row: Policy) -> rules.Policy:
    """The policy that the rule book reckons with."""
    known = _parsed_policies.get(row.sha256)
    if known is None:
        known = _parsed_policies[row.sha256] = parse_policy(row.content)
    return known


def _all_of(kind: type[Row], corporation: Corporation) -> Mapping[str, Row]:
    """Shipped ones first, so that one of its own stays what it was when a later product ships the same id."""
    wanted = select(kind).where(or_(kind.corporation_id.is_(None), kind.corporation_id == corporation.id))
    rows = db.session.scalars(wanted.order_by(kind.corporation_id.is_not(None), kind.code))
    return {row.code: row for row in rows}
