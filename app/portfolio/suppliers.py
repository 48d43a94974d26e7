"""Suppliers with what they hold and how their contracts stand: the rows of the list, and the page of one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.portfolio.queries import Row as ContractRow
from app.rules import ladder
from app.rules.dates import Period
from app.rules.ladder import Level, Stretch
from app.suppliers.models import SupplierRecord
from app.suppliers.queries import Company
from app.suppliers.validity import Held, coverage_of_company, held_on
from app.web.listing import Choice, Listing, Offer, one_of, page_of_rows
from app.web.words import word

NO_LEVEL = "none"
WITH, WITHOUT, ATTENTION = "with", "without", "attention"


@dataclass(frozen=True, slots=True)
class Row:
    """A supplier as a corporation recorded it; `contracts` are those that the corporation awarded to it."""

    record: SupplierRecord
    held: Held | None
    contracts: Sequence[ContractRow]

    @property
    def level(self) -> str:
        """The level that it holds, as the filter names it."""
        return self.held.certificate.level if self.held else NO_LEVEL

    @property
    def urgent(self) -> int:
        """How many contracts are behind or have a shortfall."""
        return sum(row.is_urgent for row in self.contracts)

    @property
    def net_cents(self) -> int:
        return sum(row.figures.net_cents for row in self.contracts)

    @property
    def credited_cents(self) -> int:
        return sum(row.figures.credited_cents for row in self.contracts)


@dataclass(frozen=True, slots=True)
class Covered:
    """What a company holds over a term, as the bar of app/web/drawings.py wants it."""

    coverage: Sequence[Stretch]
    term: Period


SORTS: Mapping[str, Callable[[Row], Any]] = {
    "name": lambda row: (row.record.name.casefold(), row.record.id),
    "city": lambda row: ((row.record.city or "").casefold(), row.record.name.casefold(), row.record.id),
    "level": lambda row: (row.held.certificate.rank if row.held else -1, row.record.id),
    "contracts": lambda row: (len(row.contracts), row.record.id),
    "attention": lambda row: (row.urgent, row.record.id),
    "net": lambda row: (row.net_cents, row.record.id),
    "credited": lambda row: (row.credited_cents, row.record.id),
}
OFFER = Offer(SORTS, {"level": one_of(NO_LEVEL, *Level), "contracts": one_of(WITH, WITHOUT, ATTENTION)})


def suppliers_listed(
    records: Iterable[SupplierRecord],
    contracts: Iterable[ContractRow],
    certificates: Mapping[Company, Sequence[ladder.Certificate]],
    choice: Choice,
    on: date,
) -> Listing[Row]:
    """The page of these suppliers that is asked."""
    awarded: dict[tuple[int, int], list[ContractRow]] = {}
    for each in contracts:
        awarded.setdefault((each.contract.corporation_id, each.contract.supplier_id), []).append(each)
    rows = (
        Row(
            record,
            held_on(certificates.get((record.corporation_id, record.supplier.kvk), ()), record.supplier.kvk, on),
            awarded.get((record.corporation_id, record.supplier_id), ()),
        )
        for record in records
    )
    levels = [(NO_LEVEL, _("none")), *((level.value, word(level)) for level in Level)]
    return page_of_rows((row for row in rows if _is_asked(row, choice)), choice, SORTS[choice.sort], level=levels)


def covered_over(
    certificates: Sequence[ladder.Certificate], kvk: str, contracts: Sequence[ContractRow]
) -> Covered | None:
    """What a company holds from the first to the last day of its certificates and its contracts; None without any."""
    terms = [Period(each.valid_from, each.valid_until) for each in certificates]
    terms += [row.figures.term for row in contracts]
    if not terms:
        return None
    term = Period(min(each.first for each in terms), max(each.last for each in terms))
    return Covered(coverage_of_company(certificates, kvk, term), term)


def _is_asked(row: Row, choice: Choice) -> bool:
    record = row.record
    return (
        choice.finds(record.name, record.supplier.kvk, record.city or "")
        and choice["level"] in ("", row.level)
        and _has(row, choice["contracts"])
    )


def _has(row: Row, contracts: str) -> bool:
    has = {WITH: bool(row.contracts), WITHOUT: not row.contracts, ATTENTION: row.urgent > 0}
    return has.get(contracts, True)
