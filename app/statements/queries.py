"""Reads of the register of statements: the scope of who asks, its list, one statement, and the public look by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, func, or_, select, tuple_
from sqlalchemy.orm import defer, joinedload, selectinload

from app.accounts.models import Corporation, Language, User
from app.accounts.permissions import Permission, corporations_where, supplier_grants_where
from app.contracts.models import Contract
from app.extensions import db
from app.statements.codes import is_code, tidy_code
from app.statements.models import FILE_NAMES, Rendition, Statement, StatementState, numbered
from app.suppliers.models import SupplierRecord
from app.web.errors import NotFound

PAGE_SIZE = 25
NEWEST = "newest"
SORTS: Mapping[str, tuple[SQLColumnExpression[Any], ...]] = {
    NEWEST: (Statement.reserved_at.desc(), Statement.id.desc()),
    "number": (Statement.year, Statement.sequence),
    "contract": (Contract.number, Statement.id),
    "supplier": (func.lower(SupplierRecord.name), Statement.id),
    "on": (Statement.on, Statement.id),
    "net": (Statement.net_cents, Statement.id),
    "credited": (Statement.credited_cents, Statement.id),
}
# What is frozen may be large: only making a file reads it.
LIGHT = (defer(Statement.dossier_json), defer(Statement.assessment_json))
COLUMNS = (
    Statement.id,
    Statement.year,
    Statement.sequence,
    Statement.on,
    Statement.state,
    Statement.standing,
    Statement.net_cents,
    Statement.credited_cents,
    Statement.issued_at,
    Contract.number.label("contract"),
    Contract.title,
    SupplierRecord.name.label("supplier"),
    Corporation.kvk.label("corporation_kvk"),
    Corporation.name.label("corporation"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address of the register asks for; whatever it says that is none of ours counts as not said."""

    q: str = ""
    state: str = ""
    year: int | None = None
    sort: str = NEWEST
    descends: bool = False
    page: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Choice:
        state, sort = query.get("state", ""), query.get("sort", "")
        return cls(
            q=query.get("q", "").strip()[:100],
            state=state if state in set(StatementState) else "",
            year=_small_number(query.get("year", "")),
            sort=sort if sort in SORTS else NEWEST,
            descends=query.get("dir") == "desc",
            page=_small_number(query.get("page", "")) or 1,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.year)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a statement: its language, and its name without the ending."""

    language: Language
    name: str


@dataclass(frozen=True, slots=True)
class Register:
    """One page of the register, and what there is to choose from; `files` are those of its rows, by statement id."""

    rows: Sequence[Row[Any]]
    files: Mapping[int, Sequence[File]]
    found: int
    page: int
    pages: int
    years: Sequence[int]
    choice: Choice


def visible_to(user: User, permission: Permission = Permission.SEE_STATEMENTS) -> ColumnElement[bool]:
    """Which statements `user` may see, of a SELECT that joins the contract. Every query here starts with it."""
    granted = tuple_(Contract.corporation_id, Contract.supplier_id).in_(supplier_grants_where(user, permission))
    return or_(Statement.corporation_id.in_(corporations_where(user, permission)), granted)


def register_of(user: User, choice: Choice) -> Register:
    """The page of the register that was asked for, in a constant number of statements."""
    wanted = _narrowed(select(*COLUMNS).where(visible_to(user)), choice)
    found = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-found // PAGE_SIZE))
    page = min(choice.page, pages)
    order = SORTS[choice.sort]
    ordered = wanted.order_by(*(each.desc() for each in order) if choice.descends and choice.sort != NEWEST else order)
    rows = db.session.execute(ordered.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()
    return Register(rows, _files([row.id for row in rows]), found, page, pages, _years(user), choice)


def _narrowed(wanted: Select[*tuple[Any, ...]], choice: Choice) -> Select[*tuple[Any, ...]]:
    wanted = (
        wanted.select_from(Statement)
        .join(Contract, Contract.id == Statement.contract_id)
        .join(Corporation, Corporation.id == Statement.corporation_id)
        .join(
            SupplierRecord,
            (SupplierRecord.corporation_id == Contract.corporation_id)
            & (SupplierRecord.supplier_id == Contract.supplier_id),
        )
    )
    for word in choice.q.split():
        wanted = wanted.where(_mentions(word))
    if choice.state:
        wanted = wanted.where(Statement.state == StatementState(choice.state))
    return wanted.where(Statement.year == choice.year) if choice.year else wanted


def _mentions(word: str) -> ColumnElement[bool]:
    """Whether the number, the contract or the supplier has this word in it; a whole statement number finds its own."""
    texts = (Contract.number, Contract.title, SupplierRecord.name)
    found = [func.lower(text).contains(word.lower(), autoescape=True) for text in texts]
    year, separator, sequence = word.partition("-")
    if separator and year.isdecimal() and sequence.isdecimal() and len(word) < 15:
        found.append((Statement.year == int(year)) & (Statement.sequence == int(sequence)))
    return or_(*found)


def _files(statement_ids: Sequence[int]) -> dict[int, list[File]]:
    files: dict[int, list[File]] = {}
    wanted = (
        select(Rendition.statement_id, Rendition.language, Statement.year, Statement.sequence)
        .join(Rendition.statement)
        .where(Rendition.statement_id.in_(statement_ids))
        .order_by(Rendition.language.desc())
    )
    for statement_id, language, year, sequence in db.session.execute(wanted):
        name = f"{FILE_NAMES[language]}-{numbered(year, sequence)}"
        files.setdefault(statement_id, []).append(File(language, name))
    return files


def _years(user: User) -> Sequence[int]:
    """The years of which there are statements, the last first."""
    joined = select(Statement.year).join(Contract, Contract.id == Statement.contract_id).where(visible_to(user))
    return db.session.scalars(joined.distinct().order_by(Statement.year.desc())).all()


def statement_seen_by(user: User, statement_id: int, permission: Permission = Permission.SEE_STATEMENTS) -> Statement:
    """A statement with its contract and files. Errors: NotFound, also when it is not for `user`."""
    wanted = select(Statement).join(Statement.contract).where(Statement.id == statement_id)
    whole = (joinedload(Statement.contract), joinedload(Statement.corporation), selectinload(Statement.renditions))
    found = db.session.scalar(wanted.where(visible_to(user, permission)).options(*whole, *LIGHT))
    if found is None:
        raise NotFound
    return found


def statements_of(contract: Contract) -> Sequence[Statement]:
    """The statements of a contract that have a number, the last first, with their files."""
    wanted = select(Statement).where(Statement.contract_id == contract.id).options(selectinload(Statement.renditions))
    return db.session.scalars(wanted.order_by(Statement.id.desc()).options(*LIGHT)).all()


def statement_by_code(typed: str) -> Statement | None:
    """What a verify code leads to, for everybody; of it only number, day, state and hash are shown."""
    code = tidy_code(typed)
    if not is_code(code):
        return None
    return db.session.scalar(select(Statement).where(Statement.code == code).options(*LIGHT))


def rendition_of_file(file_sha256: str) -> Rendition | None:
    """The rendition whose file has this SHA-256: then it is, byte for byte, what was issued here."""
    wanted = select(Rendition).where(Rendition.file_sha256 == file_sha256)
    statement = joinedload(Rendition.statement)
    return db.session.scalar(
        wanted.options(statement.defer(Statement.dossier_json), statement.defer(Statement.assessment_json))
    )


def reserved_before(instant: datetime, corporation_id: int | None = None) -> Sequence[int]:
    """The ids of statements that had a number but no file at that moment: what a crash left."""
    wanted = select(Statement.id).where(Statement.state == StatementState.RESERVED, Statement.reserved_at < instant)
    if corporation_id is not None:
        wanted = wanted.where(Statement.corporation_id == corporation_id)
    return db.session.scalars(wanted.order_by(Statement.id)).all()


def last_sequence(corporation_id: int, year: int) -> int:
    """The last number of the series; 0 when the year has none."""
    wanted = select(func.max(Statement.sequence))
    return db.session.scalar(wanted.where(Statement.corporation_id == corporation_id, Statement.year == year)) or 0


def contracts_of(corporation: Corporation) -> Sequence[Contract]:
    """All contracts of a corporation, by number."""
    wanted = select(Contract).where(Contract.corporation_id == corporation.id)
    return db.session.scalars(wanted.order_by(Contract.number)).all()


def _small_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else None
