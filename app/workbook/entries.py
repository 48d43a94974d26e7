"""From rows to facts: what each whole row says, as the rule book's own records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, TypeVar

from app.contracts.agreement import Agreement
from app.rules.dossier import Activity, Amendment, Base, Hours, Placement, Programme, Terms
from app.rules.ladder import Certificate
from app.workbook.rows import Book, Row

ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier as the workbook's corporation calls it."""

    kvk: str
    name: str
    city: str | None
    email: str | None


Fact = TypeVar("Fact", Supplier, Certificate, Agreement, Amendment, Placement, Activity)


@dataclass(frozen=True, slots=True)
class Entry(Generic[Fact]):
    """What a row says, and where. `contract` is the number of the contract that it belongs to."""

    row: Row
    says: Fact

    @property
    def contract(self) -> str:
        number: str = self.row.values["contract"]
        return number


@dataclass(frozen=True, slots=True)
class Entries:
    """All that the whole rows of a workbook say. A placement's person is the supplier's own reference."""

    suppliers: Sequence[Entry[Supplier]]
    certificates: Sequence[Entry[Certificate]]
    contracts: Sequence[Entry[Agreement]]
    amendments: Sequence[Entry[Amendment]]
    placements: Sequence[Entry[Placement]]
    activities: Sequence[Entry[Activity]]

    @property
    def contributions(self) -> Sequence[Entry[Placement] | Entry[Activity]]:
        return [*self.placements, *self.activities]


def entries_of(book: Book) -> Entries:
    """What the workbook says, as far as its rows are whole."""
    return Entries(
        suppliers=_entered(book, "suppliers", _supplier),
        certificates=_entered(book, "certificates", _certificate),
        contracts=_entered(book, "contracts", _contract),
        amendments=_entered(book, "amendments", _amendment),
        placements=_entered(book, "placements", _placement),
        activities=_entered(book, "activities", _activity),
    )


def _entered(book: Book, key: str, make: Callable[[dict[str, Any]], Fact]) -> list[Entry[Fact]]:
    return [Entry(row, make(dict(row.values))) for row in book.rows[key] if row.is_whole]


def _supplier(cells: dict[str, Any]) -> Supplier:
    return Supplier(cells["kvk"], cells["name"], cells.get("city"), cells.get("email"))


def _certificate(cells: dict[str, Any]) -> Certificate:
    return Certificate(
        number=cells["number"],
        level=cells["level"],
        valid_from=cells["valid_from"],
        valid_until=cells["valid_until"],
        kvk=tuple(sorted(set(cells["kvk"]))),
        thirty_plus=cells.get("thirty_plus", False),
        withdrawn_on=cells.get("withdrawn_on"),
        checked_on=cells.get("checked_on"),
    )


def _contract(cells: dict[str, Any]) -> Agreement:
    terms = Terms(
        number=cells["number"],
        title=cells["title"],
        kvk=cells["kvk"],
        starts_on=cells["starts_on"],
        ends_on=cells["ends_on"],
        contract_sum_cents=cells["contract_sum"],
        percentage=cells["percentage"],
        kind=cells.get("kind"),
        published_on=cells.get("published_on"),
        awarded_on=cells.get("awarded_on"),
        base=cells.get("base", Base.CONTRACT_SUM),
        base_amount_cents=cells.get("base_amount"),
        activity_cap=cells.get("activity_cap"),
    )
    return Agreement(terms, cells["rate_table"], cells["policy"], cells.get("project_leader"))


def _amendment(cells: dict[str, Any]) -> Amendment:
    return Amendment(
        effective_on=cells["effective_on"],
        amount_cents=cells["amount"],
        new_end=cells.get("new_end"),
        reference=cells.get("reference"),
        description=cells.get("description", ""),
    )


def _placement(cells: dict[str, Any]) -> Placement:
    series: Sequence[tuple[date | None, Decimal]] = cells["hours_per_week"]
    return Placement(
        reference=cells["reference"],
        person=cells["person"],
        block=cells["block"],
        starts_on=cells["starts_on"],
        hours=tuple(Hours(day or cells["starts_on"], hours) for day, hours in series),
        status=cells["status"],
        ends_on=cells.get("ends_on"),
        bonuses=tuple(sorted(cells.get("bonuses", ()))),
        share=cells.get("share", ALL),
        subsidy_until=cells.get("subsidy_until"),
        employer=cells.get("employer", ""),
        programme=cells.get("programme", Programme.OTHER),
    )


def _activity(cells: dict[str, Any]) -> Activity:
    return Activity(
        reference=cells["reference"],
        block=cells["block"],
        on=cells["on"],
        status=cells["status"],
        amount_cents=cells.get("amount"),
        quantity=cells.get("quantity"),
        description=cells.get("description", ""),
    )
