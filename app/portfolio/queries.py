"""Reads over many contracts: those of who asks with their assessments, and a list of them as the address asks for it.

Everything comes from the assessments. The number of statements does not grow with the number of contracts: searching,
filtering and sorting by figures happens here and not in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

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
from app.rules.tables import Kind
from app.schemes.models import RateTable
from app.suppliers.models import Supplier
from app.web.listing import Choice, Listing, Offer, a_number, a_text, by_word, one_of, page_of_rows
from app.web.words import word

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
    def is_urgent(self) -> bool:
        """Whether it asks for attention."""
        return self.figures.status in URGENT


@dataclass(frozen=True, slots=True)
class Waiting:
    """The submitted contributions that wait for a judgement, and since when the oldest does."""

    number: int
    oldest: datetime | None


# The states that ask most first; of one state the largest amount that stays open.
RISK = (*URGENT, Standing.ON_TRACK, Standing.EXEMPT, Standing.NOT_STARTED, Standing.FULFILLED, Standing.NOT_APPLICABLE)
SORTS: Mapping[str, Callable[[Row], Any]] = {
    "risk": lambda row: (RISK.index(row.figures.status), -row.figures.open_cents, row.contract.number),
    "number": lambda row: row.contract.number,
    "title": lambda row: (row.contract.title.casefold(), row.contract.number),
    "supplier": lambda row: (row.contract.supplier_record.name.casefold(), row.contract.number),
    "net": lambda row: row.figures.net_cents,
    "due": lambda row: row.figures.due_cents,
    "credited": lambda row: row.figures.credited_cents,
    "forecast": lambda row: row.figures.forecast_cents,
}


OFFER = Offer(
    SORTS,
    {
        "status": one_of(ATTENTION, *Standing),
        "supplier": a_text,
        "leader": a_text,
        "table": a_text,
        "kind": one_of(*Kind),
        "runs": a_number,
        "ends": a_number,
    },
)


def rows_of(user: User, on: date, permission: Permission = Permission.SEE_CONTRACTS) -> list[Row]:
    """The contracts with which `user` may do that, by number, each with its assessment as of `on`."""
    return _rows(visible_to(user, permission), on)


def rows_with(user: User, corporation_id: int, kvk_numbers: Collection[str], on: date) -> list[Row]:
    """The contracts of a corporation with these suppliers, of those of which `user` may look at the suppliers."""
    awarded = visible_to(user, Permission.SEE_SUPPLIERS).where(Contract.corporation_id == corporation_id)
    return _rows(awarded.join(Contract.supplier).where(Supplier.kvk.in_(kvk_numbers)), on)


def _rows(wanted: Select[Contract], on: date) -> list[Row]:
    table = joinedload(Contract.rate_table).load_only(RateTable.code, RateTable.name)
    contracts = db.session.scalars(wanted.options(*NAMES, table).order_by(Contract.number, Contract.id)).all()
    figures = standings(contracts, on)
    return [Row(contract, figures[contract.id]) for contract in contracts]


def waiting_on(contracts: Iterable[Contract]) -> Waiting:
    """What waits for a judgement on these contracts."""
    waiting = select(func.count(Contribution.id), func.min(Contribution.submitted_at)).where(
        Contribution.contract_id.in_([contract.id for contract in contracts]), Contribution.status == Status.SUBMITTED
    )
    number, oldest = db.session.execute(waiting).one()
    return Waiting(number, oldest)


def listing_of(rows: Sequence[Row], choice: Choice) -> Listing[Row]:
    """The page of these contracts that is asked, and what there is to choose from among them."""
    contracts = [row.contract for row in rows]
    leaders = {str(who.id): who.name for each in contracts if (who := each.project_leader)}
    return page_of_rows(
        (row for row in rows if _is_asked(row, choice)),
        choice,
        SORTS[choice.sort],
        supplier=by_word({each.supplier.kvk: each.supplier_record.name for each in contracts}),
        leader=[*by_word(leaders), (NOBODY, _("Without a project leader"))] if leaders else [],
        table=by_word({each.rate_table.code: each.rate_table.name for each in contracts}),
        kind=by_word({kind.value: word(kind) for each in contracts if (kind := each.kind)}),
        runs=[(year, _("Runs in %(year)s", year=year)) for year in _years(map(_years_of, rows))],
        ends=[
            (year, _("Ends in %(year)s", year=year)) for year in _years([row.figures.term.last.year] for row in rows)
        ],
    )


def _is_asked(row: Row, choice: Choice) -> bool:
    contract = row.contract
    return (
        choice.finds(contract.number, contract.title, contract.supplier_record.name, contract.supplier.kvk)
        and _has_state(row, choice["status"])
        and choice["supplier"] in ("", contract.supplier.kvk)
        and choice["leader"] in ("", str(contract.project_leader_id or NOBODY))
        and choice["table"] in ("", contract.rate_table.code)
        and choice["kind"] in ("", contract.kind)
        and (not choice["runs"] or int(choice["runs"]) in _years_of(row))
        and choice["ends"] in ("", str(row.figures.term.last.year))
    )


def _has_state(row: Row, status: str) -> bool:
    return row.is_urgent if status == ATTENTION else status in ("", row.figures.status)


def _years_of(row: Row) -> range:
    """The years in which a contract runs, with its extensions."""
    term = row.figures.term
    return range(term.first.year, term.last.year + 1)


def _years(years: Iterable[Iterable[int]]) -> list[str]:
    """Each year once, the last first."""
    return [str(year) for year in sorted(set(chain.from_iterable(years)), reverse=True)]
