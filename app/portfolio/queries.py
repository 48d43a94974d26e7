"""Reads over many contracts: those of who asks with their assessments, and a list of them as the address asks for it.

Everything comes from the assessments. The number of statements does not grow with the number of contracts: searching,
filtering and sorting by figures happens here and not in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.assessments.queries import standings
from app.contracts.models import Contract
from app.contracts.queries import NAMES, visible_to
from app.contributions.models import Contribution
from app.extensions import db
from app.rules import Assessment
from app.rules.assessment import Standing
from app.rules.dossier import Status

PAGE_SIZE = 25
ATTENTION = "attention"
"""The choice of states that ask for attention."""
NOBODY = "none"
"""The choice of contracts without a project leader."""
URGENT = (Standing.SHORTFALL, Standing.BEHIND)
"""The states that ask for attention, the first of them first."""


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
class Waiting:
    """The submitted contributions that wait for a judgement, and since when the oldest does."""

    number: int
    oldest: datetime | None


# The states that ask most first; of one state the largest amount that stays open.
RISK = (*URGENT, Standing.ON_TRACK, Standing.EXEMPT, Standing.NOT_STARTED, Standing.FULFILLED, Standing.NOT_APPLICABLE)
SORTS: Mapping[str, Callable[[Row], Any]] = {
    "risk": lambda row: (RISK.index(row.figures.status), -row.open_cents, row.contract.number),
    "number": lambda row: row.contract.number,
    "title": lambda row: (row.contract.title.casefold(), row.contract.number),
    "net": lambda row: row.figures.net_cents,
    "due": lambda row: row.figures.due_cents,
    "credited": lambda row: row.figures.credited_cents,
    "forecast": lambda row: row.figures.forecast_cents,
}


def rows_of(user: User, on: date, permission: Permission = Permission.SEE_CONTRACTS) -> list[Row]:
    """The contracts with which `user` may do that, by number, each with its assessment as of `on`."""
    wanted = visible_to(user, permission).options(*NAMES).order_by(Contract.number, Contract.id)
    contracts = db.session.scalars(wanted).all()
    figures = standings(contracts, on)
    return [Row(contract, figures[contract.id]) for contract in contracts]


def waiting_on(contracts: Iterable[Contract]) -> Waiting:
    """What waits for a judgement on these contracts."""
    waiting = select(func.count(Contribution.id), func.min(Contribution.submitted_at)).where(
        Contribution.contract_id.in_([contract.id for contract in contracts]), Contribution.status == Status.SUBMITTED
    )
    number, oldest = db.session.execute(waiting).one()
    return Waiting(number, oldest)


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for; whatever it says that is none of ours counts as not said."""

    q: str = ""
    status: str = ""
    supplier: str = ""
    leader: str = ""
    sort: str = "risk"
    descends: bool = False
    page: int = 1

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Choice:
        sort, page, status = query.get("sort", ""), query.get("page", ""), query.get("status", "")
        return cls(
            q=query.get("q", "").strip(),
            status=status if status in {ATTENTION, *Standing} else "",
            supplier=query.get("supplier", ""),
            leader=query.get("leader", ""),
            sort=sort if sort in SORTS else "risk",
            descends=query.get("dir") == "desc",
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.status or self.supplier or self.leader)

    def admits(self, row: Row) -> bool:
        return self._finds(row.contract) and self._has_state(row) and self._is_of(row.contract)

    def _finds(self, contract: Contract) -> bool:
        """Every word that was typed stands somewhere in the number, the title or the supplier's name."""
        text = f"{contract.number} {contract.title} {contract.supplier_record.name}".casefold()
        return all(word in text for word in self.q.casefold().split())

    def _has_state(self, row: Row) -> bool:
        if self.status == ATTENTION:
            return row.figures.status in URGENT
        return not self.status or row.figures.status == self.status

    def _is_of(self, contract: Contract) -> bool:
        leader = str(contract.project_leader_id or NOBODY)
        return self.supplier in ("", contract.supplier.kvk) and self.leader in ("", leader)


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the rows that the choice admits, and what there is to choose from."""

    rows: tuple[Row, ...]
    found: int
    page: int
    pages: int
    choice: Choice
    suppliers: tuple[tuple[str, str], ...]
    leaders: tuple[tuple[str, str], ...]


def listing_of(rows: Sequence[Row], choice: Choice) -> Listing:
    admitted = sorted(filter(choice.admits, rows), key=SORTS[choice.sort], reverse=choice.descends)
    pages = max(1, -(-len(admitted) // PAGE_SIZE))
    page = min(choice.page, pages)
    return Listing(
        rows=tuple(admitted[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        found=len(admitted),
        page=page,
        pages=pages,
        choice=choice,
        suppliers=_by_name({row.contract.supplier.kvk: row.contract.supplier_record.name for row in rows}),
        leaders=_by_name({str(who.id): who.name for row in rows if (who := row.contract.project_leader)}),
    )


def _by_name(names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(names.items(), key=lambda pair: pair[1].casefold()))
