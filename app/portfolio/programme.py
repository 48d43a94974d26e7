"""The yearly programme: how many people a corporation's suppliers placed in a year, by the way they came.

Counted are the approved placements of which some day counts in that year, by the rule book's own counting; what is
planned until the end of the year is counted with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.accounts.models import Corporation
from app.assessments.queries import dossiers, standings
from app.contracts.models import Contract
from app.contracts.queries import NAMES
from app.extensions import db
from app.rules.annual import placed_since
from app.rules.dossier import Programme
from app.rules.tables import Kind


@dataclass(frozen=True, slots=True)
class Placed:
    """A placement that counts in the year."""

    contract: Contract
    programme: Programme


@dataclass(frozen=True, slots=True)
class Line:
    """How many placements by programme, of one kind of contract or one supplier."""

    name: str
    by_programme: Counter[Programme]

    @property
    def total(self) -> int:
        return self.by_programme.total()


@dataclass(frozen=True, slots=True)
class Report:
    """The programme of one year."""

    year: int
    all: Line
    by_kind: tuple[tuple[Kind | None, Line], ...]
    by_supplier: tuple[Line, ...]

    @property
    def programmes(self) -> list[Programme]:
        """The ways by which people came; "other" only where somebody did."""
        return [each for each in Programme if each is not Programme.OTHER or self.all.by_programme[each]]


def programme_of(corporation: Corporation, year: int) -> Report:
    placed = list(_placed(corporation, year))
    kinds = [*Kind, None]
    of_kinds = ((kind, _line("", (each for each in placed if each.contract.kind is kind))) for kind in kinds)
    records = {each.contract.supplier_record for each in placed}
    suppliers = sorted(records, key=lambda record: (record.name.casefold(), record.id))
    return Report(
        year=year,
        all=_line("", placed),
        by_kind=tuple((kind, line) for kind, line in of_kinds if line.total),
        by_supplier=tuple(
            _line(record.name, (each for each in placed if each.contract.supplier_record is record))
            for record in suppliers
        ),
    )


def _line(name: str, placed: Iterable[Placed]) -> Line:
    return Line(name, Counter(each.programme for each in placed))


def _placed(corporation: Corporation, year: int) -> Iterable[Placed]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    wanted = select(Contract).where(Contract.corporation_id == corporation.id).options(*NAMES)
    contracts = db.session.scalars(wanted.order_by(Contract.number)).all()
    facts, figures = dossiers(contracts), standings(contracts, last)
    for contract in contracts:
        for placement in placed_since(first, facts[contract.id], figures[contract.id]):
            yield Placed(contract, placement.programme)
