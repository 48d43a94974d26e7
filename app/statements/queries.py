"""Reads of statements: the scope of who asks, one statement, and the public look by code. register.py has the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, contracts_where, corporations_where, supplier_grants_where
from app.assessments.queries import dossiers_json, known
from app.closing.models import Settlement, SettlementState
from app.contracts.agreement import end_in_force
from app.contracts.models import Contract
from app.contracts.queries import references_on
from app.contracts.queries import visible_to as contracts_visible_to
from app.extensions import db
from app.rules import Assessment, Dossier, assess
from app.statements.codes import is_code, tidy_code
from app.statements.models import Rendition, Statement, StatementKind, StatementState
from app.suppliers.models import Supplier, SupplierRecord
from app.suppliers.queries import visible_to as suppliers_visible_to
from app.web.errors import Conflict
from app.web.rows import the_row

MILLISECONDS_EACH = 7
"""What a contribution takes on a paper with many of them (`python -m bench.large`)."""
SUPPLIER_ID = func.coalesce(Contract.supplier_id, Statement.supplier_id)
"""The supplier that a statement is about, if any, of a SELECT that joins the contract."""

ALSO_NEEDED: Mapping[StatementKind, Permission] = {
    StatementKind.LOG: Permission.SEE_AUDIT,
    StatementKind.ANNUAL: Permission.SEE_PROGRAMME,
}
"""What somebody must be allowed to see to see the statement about it."""


def visible_to(user: User, permission: Permission = Permission.SEE_STATEMENTS) -> ColumnElement[bool]:
    """Which statements `user` may see, of a SELECT that joins the contract, if any. Every query starts with it.

    Whoever works for a supplier or by a mandate sees what is about that supplier or contract; an extract of the log is
    for who sees the log, an annual report for who sees the programme.
    """
    granted = tuple_(Statement.corporation_id, SUPPLIER_ID).in_(supplier_grants_where(user, permission))
    mandated = Statement.contract_id.in_(contracts_where(user, permission))
    whole = Statement.corporation_id.in_(corporations_where(user, permission))
    narrowed = [
        or_(Statement.kind != kind, Statement.corporation_id.in_(corporations_where(user, also)))
        for kind, also in ALSO_NEEDED.items()
    ]
    return or_(and_(whole, *narrowed), granted, mandated)


def statement_seen_by(user: User, statement_id: int, permission: Permission = Permission.SEE_STATEMENTS) -> Statement:
    """A statement with its contract and files. Errors: NotFound, also when it is not for `user`."""
    wanted = select(Statement).join(Statement.contract, isouter=True).where(Statement.id == statement_id)
    whole = (
        joinedload(Statement.contract),
        joinedload(Statement.corporation),
        joinedload(Statement.supplier_record),
        selectinload(Statement.renditions),
    )
    return the_row(wanted.where(visible_to(user, permission)).options(*whole))


def statements_of(contract: Contract) -> Sequence[Statement]:
    """The statements of a contract that have a number, the last first, with their files."""
    wanted = select(Statement).where(Statement.contract_id == contract.id).order_by(Statement.id.desc())
    return db.session.scalars(
        wanted.options(selectinload(Statement.renditions), joinedload(Statement.superseded_by))
    ).all()


def reports_of(user: User, corporation: Corporation, year: int) -> Sequence[Statement]:
    """The annual reports of a corporation's year that `user` may see, the last first."""
    is_of_year = Statement.covers_from == date(year, 1, 1)
    return _seen_by(user, Statement.corporation == corporation, Statement.kind == StatementKind.ANNUAL, is_of_year)


def statements_of_supplier(user: User, record: SupplierRecord) -> Sequence[Statement]:
    """The statements over a year of a supplier at a corporation that `user` may see, the last first."""
    return _seen_by(
        user,
        Statement.corporation == record.corporation,
        Statement.kind == StatementKind.SUPPLIER,
        Statement.supplier_id == record.supplier_id,
    )


def _seen_by(user: User, *conditions: ColumnElement[bool]) -> Sequence[Statement]:
    wanted = select(Statement).join(Statement.contract, isouter=True).where(visible_to(user), *conditions)
    return db.session.scalars(wanted.options(joinedload(Statement.superseded_by)).order_by(Statement.id.desc())).all()


def contradicted_by(contract: Contract, dossier: Dossier) -> Sequence[Statement]:
    """The statements in force of a contract of which `dossier` says otherwise up to their day, the last first."""
    wanted = _in_force().where(Statement.contract_id == contract.id).order_by(Statement.id.desc())
    return [each for each in db.session.scalars(wanted) if _says_otherwise(each, assess(dossier, each.on))]


def contradicted_today(statement_ids: Iterable[int]) -> frozenset[int]:
    """Those of these statements in force of which today's facts say otherwise up to their day, in three statements."""
    wanted = _in_force().where(Statement.id.in_(list(statement_ids))).options(joinedload(Statement.contract))
    found = db.session.scalars(wanted).all()
    written = dossiers_json(list({each.contract for each in found if each.contract})) if found else {}
    return frozenset(
        each.id
        for each in found
        if each.contract_id and _says_otherwise(each, known(written[each.contract_id], each.on)[1])
    )


def _in_force() -> Select[Statement]:
    """Statements that were issued and hold."""
    return select(Statement).where(Statement.state == StatementState.ISSUED)


def _says_otherwise(statement: Statement, figures: Assessment) -> bool:
    """Whether figures as of the statement's day are others than those that it was issued with.

    Net and credited tell: what comes after its day may move a forecast or a state, and contradicts no paper.
    """
    return (statement.net_cents, statement.credited_cents) != (figures.net_cents, figures.credited_cents)


def statement_by_code(typed: str) -> Statement | None:
    """What a verify code leads to, for everybody; of it only number, day, state and hash are shown."""
    code = tidy_code(typed)
    if not is_code(code):
        return None
    return db.session.scalar(select(Statement).where(Statement.code == code))


def rendition_of_file(file_sha256: str) -> Rendition | None:
    """The rendition whose file has this SHA-256: then it is, byte for byte, what was issued here."""
    wanted = select(Rendition).where(Rendition.file_sha256 == file_sha256)
    return db.session.scalar(wanted.options(joinedload(Rendition.statement)))


def reserved_before(instant: datetime, corporation_id: int | None = None) -> Sequence[int]:
    """The ids of statements that had a number but no file at that moment: what a crash left."""
    wanted = select(Statement.id).where(Statement.state == StatementState.RESERVED, Statement.reserved_at < instant)
    if corporation_id is not None:
        wanted = wanted.where(Statement.corporation_id == corporation_id)
    return db.session.scalars(wanted.order_by(Statement.id)).all()


def seconds_to_make(contract: Contract) -> int:
    """About how long the file of its statement takes to make, for who waits for it."""
    return len(references_on(contract)) * MILLISECONDS_EACH // 1000


def settlement_to_state(contract_id: int, user: User) -> Settlement:
    """The settlement that two people decided, of a contract of which `user` issues statements.

    Errors: NotFound; Conflict `not_settled`.
    """
    contract = the_row(contracts_visible_to(user, Permission.ISSUE_STATEMENTS).where(Contract.id == contract_id))
    wanted = select(Settlement).where(
        Settlement.contract_id == contract.id, Settlement.state == SettlementState.SETTLED
    )
    settlement = db.session.scalar(wanted.options(joinedload(Settlement.contract), joinedload(Settlement.dossier)))
    if settlement is None:
        raise Conflict("not_settled")
    return settlement


def record_to_state(user: User, record_id: int) -> SupplierRecord:
    """A supplier of whose contracts `user` issues statements. Errors: NotFound."""
    return the_row(suppliers_visible_to(user, Permission.ISSUE_STATEMENTS).where(SupplierRecord.id == record_id))


def years_of(record: SupplierRecord, day: date) -> Sequence[int]:
    """The years through that of `day` in which some contract of the supplier runs, the last first."""
    return _years(day, Contract.corporation_id == record.corporation_id, Contract.supplier_id == record.supplier_id)


def has_contracts_in(corporation: Corporation, year: int) -> bool:
    """Whether some contract of a corporation runs in a year."""
    return year in _years(date(year, 12, 31), Contract.corporation_id == corporation.id)


def _years(day: date, *conditions: ColumnElement[bool]) -> Sequence[int]:
    contracts = db.session.scalars(select(Contract).where(*conditions).options(selectinload(Contract.amendments)))
    spans = (range(each.starts_on.year, min(end_in_force(each).year, day.year) + 1) for each in contracts)
    return sorted({year for span in spans for year in span}, reverse=True)


def final_statement_of(settlement: Settlement) -> Statement | None:
    """The final statement of a settlement, when there is one."""
    return db.session.scalar(select(Statement).where(Statement.settlement_id == settlement.id))


class About(Protocol):
    """What a statement is about, whether it has a number or would get one."""

    @property
    def kind(self) -> StatementKind: ...
    @property
    def corporation(self) -> Corporation: ...
    @property
    def contract(self) -> Contract | None: ...
    @property
    def supplier(self) -> Supplier | None: ...
    @property
    def on(self) -> date: ...
    @property
    def covers_from(self) -> date | None: ...


def in_place_of(about: About) -> Sequence[Statement]:
    """The statements that hold and that are about the same thing: of these only the last can hold.

    A contract as of one day, how it was settled, a supplier's year, the corporation's year. Extracts of the log stand
    beside each other.
    """
    kind = StatementKind
    same: Mapping[StatementKind, Sequence[ColumnElement[bool]]] = {
        kind.CONTRACT: (Statement.contract == about.contract, Statement.on == about.on),
        kind.FINAL: (Statement.contract == about.contract,),
        kind.SUPPLIER: (Statement.supplier == about.supplier, Statement.covers_from == about.covers_from),
        kind.ANNUAL: (Statement.covers_from == about.covers_from,),
        kind.LOG: (false(),),
    }
    wanted = _in_force().where(Statement.corporation == about.corporation, Statement.kind == about.kind)
    return db.session.scalars(wanted.where(*same[about.kind]).order_by(Statement.id)).all()


def last_sequence(corporation_id: int, year: int) -> int:
    """The last number of the series; 0 when the year has none."""
    wanted = select(func.max(Statement.sequence))
    return db.session.scalar(wanted.where(Statement.corporation_id == corporation_id, Statement.year == year)) or 0


def contracts_of(corporation: Corporation) -> Sequence[Contract]:
    """All contracts of a corporation, by number."""
    wanted = select(Contract).where(Contract.corporation_id == corporation.id)
    return db.session.scalars(wanted.order_by(Contract.number)).all()
