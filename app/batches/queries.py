"""Reads of batches: what somebody may see, how far each is, and what is left to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, not_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where, may
from app.audit.models import AuditRecord, AuditSubject
from app.batches.models import Batch, BatchItem
from app.contracts.agreement import end_in_force
from app.contracts.models import Contract
from app.extensions import db
from app.statements.models import Statement, StatementKind, StatementState
from app.suppliers.models import SupplierRecord
from app.web.clock import now
from app.web.listing import Choice, Listing, Offer, Order, page_of_records
from app.web.rows import the_row

SORTS: Mapping[str, Order] = {"newest": (Batch.id,)}
OFFER = Offer(SORTS, begins_descending=True)
NAMES = (joinedload(Batch.corporation), joinedload(Batch.asked_by), joinedload(Batch.cancelled_by))
_HOLDS = (Statement.kind == StatementKind.CONTRACT, Statement.state == StatementState.ISSUED)


HELD_FOR = timedelta(minutes=5)
"""How long a worker holds an item: longer than any statement takes to make."""
IDLE_AFTER = timedelta(minutes=2)
"""So long after the last sign of a worker a page says that nothing is done."""
USUAL_SECONDS = 2.0
"""Of one worker for one statement, as long as nothing shows how long it takes here."""
LATELY = 50
"""From so many statements that is reckoned, without pauses between two of more than a minute."""
FEWEST, PAUSE = 3, 60.0


@dataclass(frozen=True, slots=True)
class Progress:
    """How many statements of a batch are issued, could not be made, are still to be made, and were left by a stop."""

    issued: int = 0
    failed: int = 0
    left: int = 0
    unmade: int = 0

    @property
    def total(self) -> int:
        return self.issued + self.failed + self.left + self.unmade

    @property
    def not_made(self) -> int:
        return self.failed + self.unmade


@dataclass(frozen=True, slots=True)
class Candidates:
    """The contracts that a batch may be about, by id and by number.

    `issued` have a statement as of the day that holds, `coming` get it from a batch that is still to make it.
    """

    contracts: Sequence[int]
    issued: frozenset[int]
    coming: frozenset[int]

    def wanted(self, *, again: bool) -> Sequence[int]:
        """Those of which one is to be made."""
        return self.contracts if again else [each for each in self.contracts if each not in self.issued | self.coming]


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
    ids = [each.id for each in batches]
    counted = (
        select(BatchItem.batch_id, *map(_number_where, (_is_issued, _is_failed, _is_left, _is_unmade)))
        .join(BatchItem.batch)
        .join(BatchItem.statement, isouter=True)
        .where(BatchItem.batch_id.in_(ids))
        .group_by(BatchItem.batch_id)
    )
    found = {batch_id: Progress(*numbers) for batch_id, *numbers in db.session.execute(counted)}
    return {batch_id: found.get(batch_id, Progress()) for batch_id in ids}


def failures_of(batch: Batch) -> Sequence[Row[*tuple[Any, ...]]]:
    """The contracts of which no statement could be made, each with why, by number."""
    return _contracts_of(batch, _is_failed)


def unmade_of(batch: Batch) -> Sequence[Row[*tuple[Any, ...]]]:
    """The contracts that were not yet begun with when the batch was stopped, by number."""
    return _contracts_of(batch, _is_unmade)


def failed_items(batch: Batch) -> Sequence[BatchItem]:
    """The items of which no statement could be made."""
    return db.session.scalars(_items_of(select(BatchItem), batch).where(_is_failed)).all()


def asker_may(batch: Batch) -> bool:
    """Whether whoever asked for the batch can still log in and issue statements there: it goes on in their name."""
    asker = batch.asked_by
    return asker.is_active and may(asker, Permission.ISSUE_STATEMENTS, corporation_id=batch.corporation_id)


def made_elsewhere(item: BatchItem) -> Statement | None:
    """A statement of the contract as of the day that holds and came since the batch was asked for."""
    wanted = select(Statement).where(
        Statement.contract_id == item.contract_id,
        Statement.on == item.batch.on,
        Statement.reserved_at >= item.batch.asked_at.replace(microsecond=0),  # a statement keeps whole seconds
        *_HOLDS,
    )
    return db.session.scalar(wanted.order_by(Statement.id.desc()).limit(1))


def seconds_each(batch: Batch) -> float | None:
    """About how long the batch takes for one statement, by those that it made last; None as long as that is unknown."""
    return _pace(BatchItem.batch_id == batch.id)


def seconds_usual(corporation: Corporation, workers: int) -> float:
    """About how long one statement of a batch takes, by the last that were made of the corporation's."""
    return _pace(Statement.corporation_id == corporation.id) or USUAL_SECONDS / workers


def idle_since(batch: Batch) -> datetime | None:
    """Since when nobody did anything about the batch: neither a worker nor who asked; None while somebody does."""
    told = select(func.max(AuditRecord.at)).join(AuditSubject, AuditSubject.record_id == AuditRecord.id)
    of_items = _items_of(select(func.max(Statement.issued_at), func.max(BatchItem.claimed_until)), batch)
    issued, held = db.session.execute(of_items).one()
    asked = db.session.scalar(told.where(AuditSubject.kind == "batch", AuditSubject.object_id == batch.id))
    last = max(filter(None, (batch.asked_at, asked, issued, held and held - HELD_FOR)))
    return last if now() - last > IDLE_AFTER else None


def workers_are_busy() -> bool:
    """Whether a worker began with something just now, of whatever batch."""
    since = now() + HELD_FOR - IDLE_AFTER
    return db.session.scalar(select(BatchItem.id).where(BatchItem.claimed_until > since).limit(1)) is not None


def statements_of(batch: Batch) -> Sequence[Statement]:
    """The statements that a batch issued, with their files, by number."""
    own = select(BatchItem.statement_id).where(BatchItem.batch_id == batch.id)
    wanted = select(Statement).join(Statement.contract).where(Statement.id.in_(own))
    contract = contains_eager(Statement.contract).selectinload(Contract.supplier)
    whole = (contract, joinedload(Statement.corporation), selectinload(Statement.renditions))
    is_issued = Statement.state != StatementState.RESERVED
    return db.session.scalars(wanted.where(is_issued).options(*whole).order_by(Statement.sequence)).all()


def candidates(corporation: Corporation, on: date) -> Candidates:
    """The contracts that had begun by `on` and whose term, after all amendments, reaches its year."""
    begun = select(Contract).where(Contract.corporation_id == corporation.id, Contract.starts_on <= on)
    whole = begun.options(selectinload(Contract.amendments)).order_by(Contract.number)
    ran = [each.id for each in db.session.scalars(whole) if end_in_force(each) >= date(on.year, 1, 1)]
    issued = select(Statement.contract_id).where(
        Statement.corporation_id == corporation.id, Statement.on == on, *_HOLDS
    )
    coming = select(BatchItem.contract_id).join(BatchItem.batch).join(BatchItem.statement, isouter=True)
    coming = coming.where(Batch.corporation_id == corporation.id, Batch.on == on, _is_left)
    return Candidates(
        ran,
        frozenset(ran).intersection(db.session.scalars(issued)),
        frozenset(ran).intersection(db.session.scalars(coming)),
    )


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


def item_whole(item_id: int) -> BatchItem | None:
    """An item with its batch, as a worker needs it; None when it went with its contract."""
    batch = joinedload(BatchItem.batch).options(*NAMES)
    return db.session.scalar(select(BatchItem).where(BatchItem.id == item_id).options(batch))


def _items_of(wanted: Select[*tuple[Any, ...]], batch: Batch) -> Select[*tuple[Any, ...]]:
    """Of the items of a batch, with their statements."""
    beside = wanted.select_from(BatchItem).join(BatchItem.batch).join(BatchItem.statement, isouter=True)
    return beside.where(BatchItem.batch_id == batch.id)


def _contracts_of(batch: Batch, condition: ColumnElement[bool]) -> Sequence[Row[*tuple[Any, ...]]]:
    columns = (
        Contract.number,
        Contract.title,
        SupplierRecord.name.label("supplier"),
        BatchItem.failure,
        _has_number.label("has_number"),
    )
    wanted = _items_of(select(*columns), batch).join(BatchItem.contract).join(Contract.supplier_record)
    return db.session.execute(wanted.where(condition).order_by(Contract.number)).all()


def _pace(of: ColumnElement[bool]) -> float | None:
    """The mean of the seconds between two statements that batches made; None of too few."""
    wanted = select(Statement.issued_at).join(BatchItem, BatchItem.statement_id == Statement.id)
    known = wanted.where(of, Statement.issued_at.is_not(None)).order_by(Statement.issued_at.desc()).limit(LATELY)
    at = [each for each in db.session.scalars(known) if each is not None]
    between = [(later - earlier).total_seconds() for later, earlier in pairwise(at)]
    without_pauses = [seconds for seconds in between if seconds <= PAUSE]
    return sum(without_pauses) / len(without_pauses) if len(without_pauses) >= FEWEST else None


def _number_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(BatchItem.claimed_until.is_(None), BatchItem.claimed_until < at)


_has_number: ColumnElement[bool] = BatchItem.statement_id.is_not(None)
_is_issued: ColumnElement[bool] = and_(_has_number, Statement.state != StatementState.RESERVED)
# Also of what failed after its number and was completed elsewhere.
_is_failed: ColumnElement[bool] = and_(BatchItem.failure.is_not(None), not_(_is_issued))
_is_unmade: ColumnElement[bool] = and_(
    BatchItem.failure.is_(None), BatchItem.statement_id.is_(None), Batch.cancelled_at.is_not(None)
)
# A number that was given out gets its paper, also when the batch was stopped meanwhile.
_is_left: ColumnElement[bool] = and_(
    BatchItem.failure.is_(None),
    or_(
        and_(_has_number, Statement.state == StatementState.RESERVED),
        and_(BatchItem.statement_id.is_(None), Batch.cancelled_at.is_(None)),
    ),
)
