"""Reads over many contracts: the portfolio of who asks with its totals and course, and what waits for a judgement.

Everything comes from the assessments; here they are only added up. The number of statements does not grow with the
number of contracts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.assessments.queries import courses, standings
from app.contracts.models import Contract
from app.contracts.queries import NAMES, visible_to
from app.contributions.models import Contribution
from app.extensions import db
from app.rules import Assessment, Point
from app.rules.assessment import Standing
from app.rules.dates import ONE_DAY, add_months
from app.rules.dossier import Status
from app.web.charts import summed

MONTHS_BACK, MONTHS_AHEAD = 12, 6


@dataclass(frozen=True, slots=True)
class Row:
    """A contract and how it stands on the as-of day."""

    contract: Contract
    figures: Assessment

    @property
    def open_cents(self) -> int:
        """What stays open at the end when all goes on as it does; after the term what is open."""
        if self.figures.status is Standing.SHORTFALL:
            return self.figures.remaining_cents
        return max(0, self.figures.net_cents - self.figures.forecast_cents)


@dataclass(frozen=True, slots=True)
class Totals:
    """The figures of all contracts together. `surplus_cents` is what was credited over a contract's own net."""

    contracts: int
    exempt: int
    net_cents: int
    due_cents: int
    credited_cents: int
    surplus_cents: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The submitted contributions that wait for a judgement, and since when the oldest does."""

    number: int
    oldest: datetime | None


def rows_of(user: User, on: date, permission: Permission = Permission.SEE_CONTRACTS) -> list[Row]:
    """The contracts with which `user` may do that, by number, each with its assessment as of `on`."""
    wanted = visible_to(user, permission).options(*NAMES).order_by(Contract.number, Contract.id)
    contracts = db.session.scalars(wanted).all()
    figures = standings(contracts, on)
    return [Row(contract, figures[contract.id]) for contract in contracts]


def totals_of(rows: Sequence[Row]) -> Totals:
    figures = [row.figures for row in rows]
    return Totals(
        contracts=len(rows),
        exempt=sum(each.status is Standing.EXEMPT for each in figures),
        net_cents=sum(each.net_cents for each in figures),
        due_cents=sum(each.due_cents for each in figures),
        credited_cents=sum(each.credited_cents for each in figures),
        surplus_cents=sum(max(0, each.credited_cents - each.net_cents) for each in figures),
    )


def course_of_all(rows: Sequence[Row], on: date) -> list[Point]:
    """What was due and credited together at the end of each month around `on`, and on the day itself."""
    totals = totals_of(rows)
    known = courses(row.contract for row in rows)
    points = summed(known.values(), [day for day in _month_ends(on) if day != on])
    return sorted([*points, Point(on, totals.due_cents, totals.credited_cents)], key=lambda point: point.on)


def _month_ends(on: date) -> list[date]:
    this = on.replace(day=1)
    return [add_months(this, month) - ONE_DAY for month in range(1 - MONTHS_BACK, MONTHS_AHEAD + 2)]


def waiting_on(contracts: Iterable[Contract]) -> Waiting:
    """What waits for a judgement on these contracts."""
    waiting = select(func.count(Contribution.id), func.min(Contribution.submitted_at)).where(
        Contribution.contract_id.in_([contract.id for contract in contracts]), Contribution.status == Status.SUBMITTED
    )
    number, oldest = db.session.execute(waiting).one()
    return Waiting(number, oldest)
