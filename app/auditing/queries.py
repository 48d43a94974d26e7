"""Reads of samples: what could be drawn, the samples of the corporations that one audits, and one of their items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where
from app.assessments.queries import standings
from app.auditing.models import Outcome, Sample, SampleFinding, SampleItem
from app.auditing.population import Line, in_order, on_one_line
from app.contracts.models import Contract
from app.contracts.queries import visible_to as contracts_visible_to
from app.contributions.models import Contribution, ContributionKind
from app.contributions.register import HELD
from app.extensions import db
from app.rules.dossier import Status
from app.suppliers.models import Supplier, SupplierRecord
from app.web.clock import HERE, begin_of, end_of
from app.web.listing import Choice, Listing, Offer, Order, by_word, page_of_records
from app.web.rows import the_row

SORTS: Mapping[str, Order] = {"newest": (Sample.id,)}
OFFER = Offer(SORTS, begins_descending=True)
COLUMNS = (
    HELD.id,
    HELD.kind,
    HELD.reference,
    HELD.version,
    HELD.block,
    HELD.contract_id,
    HELD.approved_at,
    func.coalesce(HELD.Placement.starts_on, HELD.Activity.on).label("first_day"),
    HELD.Placement.ends_on.label("last_day"),
    Contract.number.label("contract"),
    Supplier.kvk.label("supplier_kvk"),
)
NAMES = (joinedload(Sample.corporation), joinedload(Sample.drawn_by), joinedload(Sample.contract))
WITH_ITEMS = selectinload(Sample.items).selectinload(SampleItem.findings).joinedload(SampleFinding.by)


@dataclass(frozen=True, slots=True)
class Asked:
    """Out of what is drawn: the approved contributions of a corporation, of a contract, a supplier or a kind only.

    The days are those of the approval in Amsterdam, both included; None asks for nothing.
    """

    corporation: Corporation
    approved_from: date | None = None
    approved_until: date | None = None
    contract_id: int | None = None
    supplier_id: int | None = None
    kind: ContributionKind | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sample is: of how many something was found, and of how many of those a deviation."""

    done: int = 0
    deviations: int = 0


def visible_to(user: User, permission: Permission = Permission.SEE_AUDIT) -> Select[Sample]:
    """The samples of the corporations in which `user` may do that. Every query of samples starts here."""
    return select(Sample).where(Sample.corporation_id.in_(corporations_where(user, permission)))


def samples_of(user: User, choice: Choice) -> Listing[Sample]:
    """The page of samples that is asked for."""
    return page_of_records(visible_to(user).options(*NAMES), choice, SORTS[choice.sort])


def sample_seen_by(user: User, sample_id: int) -> Sample:
    """A sample whole, but for its population. Errors: NotFound, also when it is not for `user`."""
    return the_row(visible_to(user).where(Sample.id == sample_id).options(*NAMES, WITH_ITEMS))


def item_to_judge(user: User, item_id: int) -> SampleItem:
    """A drawn contribution of a sample that `user` drew. Errors: NotFound, also for somebody else's."""
    own = visible_to(user, Permission.SAMPLE).where(Sample.drawn_by_id == user.id).with_only_columns(Sample.id)
    wanted = select(SampleItem).where(SampleItem.id == item_id, SampleItem.sample_id.in_(own))
    findings = selectinload(SampleItem.findings).joinedload(SampleFinding.by)
    return the_row(wanted.options(joinedload(SampleItem.sample).options(*NAMES, WITH_ITEMS), findings, CONTRIBUTION))


CONTRIBUTION = joinedload(SampleItem.contribution).options(
    joinedload(Contribution.contract).options(joinedload(Contract.corporation), joinedload(Contract.rate_table))
)


def contributions_of(sample: Sample) -> Mapping[int, Contribution]:
    """The drawn contributions as they are now, by id, each with its contract and that one's rate table."""
    drawn = [item.contribution_id for item in sample.items]
    contract = joinedload(Contribution.contract).options(joinedload(Contract.rate_table))
    rows = db.session.scalars(select(Contribution).where(Contribution.id.in_(drawn)).options(contract))
    return {row.id: row for row in rows}


def progress_of(samples: Iterable[Sample]) -> Mapping[int, Progress]:
    """How far each of these samples is, by id, in one statement."""
    newer = aliased(SampleFinding)
    holds = ~exists().where(newer.item_id == SampleFinding.item_id, newer.version > SampleFinding.version)
    counted = (
        select(
            SampleItem.sample_id,
            func.count(),
            func.sum(case((SampleFinding.outcome == Outcome.DEVIATION, 1), else_=0)),
        )
        .join(SampleFinding.item)
        .where(SampleItem.sample_id.in_([each.id for each in samples]), holds)
        .group_by(SampleItem.sample_id)
    )
    return {sample_id: Progress(done, deviations) for sample_id, done, deviations in db.session.execute(counted)}


def population_of(user: User, asked: Asked, on: date) -> list[Line]:
    """What could be drawn now, in its order, each with what is credited for it as of `on`."""
    rows = db.session.execute(_approved(user, asked)).all()
    credited = _credited({row.contract_id for row in rows}, on)
    return in_order(_line(row, credited[row.contract_id, row.reference]) for row in rows)


def last_sequence(corporation: Corporation) -> int:
    """The number of the last sample of a corporation; 0 before the first."""
    wanted = select(func.max(Sample.sequence)).where(Sample.corporation_id == corporation.id)
    return db.session.scalar(wanted) or 0


def choices_in(user: User, corporation: Corporation) -> tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]]:
    """The contracts and the suppliers to draw from, by id, with their names."""
    columns = (Contract.id, Contract.number, Contract.title, Contract.supplier_id, SupplierRecord.name)
    wanted = contracts_visible_to(user, Permission.SAMPLE).where(Contract.corporation_id == corporation.id)
    rows = db.session.execute(wanted.join(Contract.supplier_record).with_only_columns(*columns)).all()
    contracts = by_word({str(row.id): f"{row.number} {row.title}" for row in rows})
    return contracts, by_word({str(row.supplier_id): row.name for row in rows})


def supplier_name(sample: Sample) -> str:
    """What the corporation calls the supplier that a sample was limited to; empty when it was to none."""
    wanted = select(SupplierRecord.name).where(SupplierRecord.supplier_id == sample.supplier_id)
    return db.session.scalar(wanted.where(SupplierRecord.corporation_id == sample.corporation_id)) or ""


def _approved(user: User, asked: Asked) -> Select[*tuple[Any, ...]]:
    contracts = contracts_visible_to(user, Permission.SAMPLE).with_only_columns(Contract.id)
    wanted = (
        select(*COLUMNS)
        .join(HELD.contract)
        .join(Contract.supplier)
        .where(Contract.id.in_(contracts), Contract.corporation_id == asked.corporation.id)
        .where(HELD.status == Status.APPROVED)
    )
    return wanted.where(*_limits(asked))


def _limits(asked: Asked) -> list[ColumnElement[bool]]:
    equal: Iterable[tuple[Any, Any]] = (
        (HELD.contract_id, asked.contract_id),
        (Contract.supplier_id, asked.supplier_id),
        (HELD.kind, asked.kind),
    )
    limits = [column == value for column, value in equal if value is not None]
    if asked.approved_from:
        limits.append(HELD.approved_at >= begin_of(asked.approved_from))
    if asked.approved_until:
        limits.append(HELD.approved_at < end_of(asked.approved_until))
    return limits


def _credited(contract_ids: Iterable[int], on: date) -> Mapping[tuple[int, str], int]:
    contracts = db.session.scalars(select(Contract).where(Contract.id.in_(contract_ids))).all()
    return {
        (contract_id, each.reference): each.value_cents
        for contract_id, assessment in standings(contracts, on).items()
        for each in assessment.contributions
    }


def _line(row: Row[*tuple[Any, ...]], cents: int) -> Line:
    return Line(
        key=f"{row.kind}:{row.id}",
        contract=on_one_line(row.contract),
        supplier_kvk=row.supplier_kvk,
        reference=on_one_line(row.reference),
        version=str(row.version),
        kind=str(row.kind),
        block=row.block,
        first_day=row.first_day.isoformat(),
        last_day=row.last_day.isoformat() if row.last_day else "",
        approved_on=row.approved_at.astimezone(HERE).date().isoformat(),
        credited_eur=f"{Decimal(cents) / 100:.2f}",
    )
