"""Reads of batches: what somebody may see, how far each is, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where
from app.batches.models import Batch, BatchItem
from app.contracts.models import Amendment, Contract
from app.extensions import db
from app.statements.models import Statement, StatementKind, StatementState
from app.suppliers.models import SupplierRecord
from app.web.listing import Choice, Listing, Offer, Order, page_of_records
from app.web.rows import the_row

SORTS: Mapping[str, Order] = {"newest": (Batch.id,)}
OFFER = Offer(SORTS, begins_descending=True)
NAMES = (joinedload(Batch.corporation), joinedload(Batch.asked_by), joinedload(Batch.cancelled_by))


@dataclass(frozen=True, slots=True)
class Progress:
    """How many statements of a batch are issued, could not be made, and are still to be made."""

    issued: int = 0
    failed: int = 0
    left: int = 0

    @property
    def total(self) -> int:
        return self.issued + self.failed + self.left

    @property
    def done(self) -> int:
        return self.issued + self.failed


def visible_to(user: User) -> Select[Batch]:
    """The batches of the corporations for which `user` issues statements. Every query of pages starts here."""
    return select(Batch).where(Batch.corporation_id.in_(corporations_where(user, Permission.ISSUE_STATEMENTS)))


def batches_of(user: User, choice: Choice) -> Listing[Batch]:
    return page_of_records(visible_to(user).options(*NAMES), choice, SORTS[choice.sort])


def batch_seen_by(user: User, batch_id: int) -> Batch:
    """Errors: NotFound, also when it is not for `user`."""
    return the_row(visible_to(user).where(Batch.id == batch_id).options(*NAMES))


def progress_of(batches: Iterable[Batch]) -> Mapping[int, Progress]:
    """How far each of these batches is, by id, in one statement. What a cancelled one left is not left to do."""
    counted = (
        select(
            BatchItem.batch_id,
            _number_where(_is_issued),
            _number_where(BatchItem.failure.is_not(None)),
            _number_where(_is_left),
        )
        .join(BatchItem.batch)
        .join(BatchItem.statement, isouter=True)
        .where(BatchItem.batch_id.in_([each.id for each in batches]))
        .group_by(BatchItem.batch_id)
    )
    return {batch_id: Progress(*numbers) for batch_id, *numbers in db.session.execute(counted)}


def failures_of(batch: Batch) -> Sequence[Row[*tuple[Any, ...]]]:
    """The contracts of which no statement could be made, each with why, by number."""
    wanted = (
        select(Contract.number, Contract.title, SupplierRecord.name.label("supplier"), BatchItem.failure)
        .select_from(BatchItem)
        .join(BatchItem.contract)
        .join(Contract.supplier_record)
        .where(BatchItem.batch_id == batch.id, BatchItem.failure.is_not(None))
    )
    return db.session.execute(wanted.order_by(Contract.number)).all()


def statements_of(batch: Batch) -> Sequence[Statement]:
    """The statements that a batch issued, with their files, by number."""
    own = select(BatchItem.statement_id).where(BatchItem.batch_id == batch.id)
    wanted = select(Statement).join(Statement.contract).where(Statement.id.in_(own))
    contract = contains_eager(Statement.contract).selectinload(Contract.supplier)
    whole = (contract, joinedload(Statement.corporation), selectinload(Statement.renditions))
    is_issued = Statement.state != StatementState.RESERVED
    return db.session.scalars(wanted.where(is_issued).options(*whole).order_by(Statement.sequence)).all()


def contracts_for(corporation: Corporation, on: date, *, again: bool) -> Sequence[int]:
    """The ids of the contracts that had begun by `on` and ran in its year, by number.

    Without `again` not those of which a statement as of that day holds already, or is still to be made by a batch.
    """
    begins = date(on.year, 1, 1)
    goes_on = exists().where(Amendment.contract_id == Contract.id, Amendment.new_end >= begins)
    wanted = select(Contract.id).where(
        Contract.corporation_id == corporation.id,
        Contract.starts_on <= on,
        or_(Contract.ends_on >= begins, goes_on),
    )
    if not again:
        known = (Statement.kind == StatementKind.CONTRACT, Statement.state == StatementState.ISSUED)
        wanted = wanted.where(~exists().where(Statement.contract_id == Contract.id, Statement.on == on, *known))
        coming = select(BatchItem.contract_id).join(BatchItem.batch).join(BatchItem.statement, isouter=True)
        wanted = wanted.where(Contract.id.not_in(coming.where(Batch.on == on, _is_left)))
    return db.session.scalars(wanted.order_by(Contract.number)).all()


def next_free(batch_id: int, at: datetime) -> BatchItem | None:
    """An item of the batch that is left to do and that nobody is at, locked; what has its number already first."""
    wanted = (
        select(BatchItem)
        .join(BatchItem.batch)
        .join(BatchItem.statement, isouter=True)
        .where(BatchItem.batch_id == batch_id, _is_left, _is_free(at))
        .order_by(BatchItem.statement_id.is_(None), BatchItem.id)
        .limit(1)
        .with_for_update(of=BatchItem, skip_locked=True)
    )
    return db.session.scalar(wanted)


def left_over(at: datetime) -> Sequence[int]:
    """The ids of the batches with items that are left to do and that nobody is at, the oldest first."""
    wanted = select(BatchItem.batch_id).join(BatchItem.batch).join(BatchItem.statement, isouter=True)
    return db.session.scalars(wanted.where(_is_left, _is_free(at)).distinct().order_by(BatchItem.batch_id)).all()


def item_whole(item_id: int) -> BatchItem:
    """An item with its batch and contract, as a worker needs it."""
    batch = joinedload(BatchItem.batch).options(*NAMES)
    return db.session.scalars(select(BatchItem).where(BatchItem.id == item_id).options(batch)).one()


def _number_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(BatchItem.claimed_until.is_(None), BatchItem.claimed_until < at)


_has_number: ColumnElement[bool] = BatchItem.statement_id.is_not(None)
_is_issued: ColumnElement[bool] = and_(_has_number, Statement.state != StatementState.RESERVED)
# A number that was given out gets its paper, also when the batch was stopped meanwhile.
_is_left: ColumnElement[bool] = and_(
    BatchItem.failure.is_(None),
    or_(
        and_(_has_number, Statement.state == StatementState.RESERVED),
        and_(BatchItem.statement_id.is_(None), Batch.cancelled_at.is_(None)),
    ),
)
