"""A corporation's year: its contracts as of one day, what was credited in the year and in those before it, and how many
people were placed.

Of each contract that runs in the year the gross obligation is what was exempted through the PSO, what was met and what
is outstanding, together, to the cent; what was credited beyond the net obligation of a contract is surplus and meets
nothing else. Numbers of people are shown as `small_groups` lets them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar, cast

from app.rules.assessment import Standing, assess
from app.rules.dates import ONE_DAY, Period
from app.rules.dossier import Dossier, Placement, Programme, Status
from app.rules.small_groups import Shown, shown
from app.rules.tables import Kind

YEARS_BEFORE = 4
"""How many years before it the trend shows."""

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class ContractInYear:
    """A contract as of the day. Amounts are euro cents; `credited_by_year` has what was credited in each year."""

    number: str
    title: str
    kind: Kind | None
    supplier: str
    supplier_name: str
    term: Period
    status: Standing
    gross_cents: int
    exempted_cents: int
    net_cents: int
    remaining_cents: int
    credited_cents: int
    credited_by_year: Mapping[int, int]

    @property
    def met_cents(self) -> int:
        """What of the net obligation is credited."""
        return self.net_cents - self.remaining_cents


@dataclass(frozen=True, slots=True)
class Sums:
    """Over some contracts that run in the year: gross is exempted, met and outstanding together."""

    contracts: int
    gross_cents: int
    exempted_cents: int
    met_cents: int
    outstanding_cents: int
    net_cents: int
    credited_cents: int
    in_year_cents: int


@dataclass(frozen=True, slots=True)
class People:
    """How many people were placed in the year, by the way they came, by supplier and by kind, and in each year."""

    by_programme: Shown[Programme]
    by_supplier: Shown[str]
    by_kind: Shown[Kind | None]
    by_year: Mapping[int, int | None]


def years_of(days: Period) -> range:
    """The years of the trend: that of the report and those before it."""
    return range(days.last.year - YEARS_BEFORE, days.last.year + 1)


def period_of(year: int, on: date) -> Period:
    """A calendar year, that of `on` through that day."""
    return Period(date(year, 1, 1), min(date(year, 12, 31), on))


def contract_in_year(dossier: Dossier, on: date) -> ContractInYear:
    """Errors: as `assess`."""
    figures, terms, years = assess(dossier, on), dossier.terms, years_of(Period(on, on))
    ends = [assess(dossier, period_of(years[0], on).first - ONE_DAY).credited_cents]
    ends += [assess(dossier, period_of(year, on).last).credited_cents for year in years]
    return ContractInYear(
        number=terms.number,
        title=terms.title,
        kind=terms.kind,
        supplier=terms.kvk,
        supplier_name=dossier.parties.supplier_name,
        term=figures.term,
        status=figures.status,
        gross_cents=figures.gross_cents,
        exempted_cents=figures.exempted_cents,
        net_cents=figures.net_cents,
        remaining_cents=figures.remaining_cents,
        credited_cents=figures.credited_cents,
        credited_by_year={year: ends[n + 1] - ends[n] for n, year in enumerate(years)},
    )


def sums_of(contracts: Iterable[ContractInYear], days: Period) -> Sums:
    """The sums of those that run in the period, which is (a part of) one calendar year."""
    running = [each for each in contracts if each.term.overlap(days)]
    return Sums(
        contracts=len(running),
        gross_cents=sum(each.gross_cents for each in running),
        exempted_cents=sum(each.exempted_cents for each in running),
        met_cents=sum(each.met_cents for each in running),
        outstanding_cents=sum(each.remaining_cents for each in running),
        net_cents=sum(each.net_cents for each in running),
        credited_cents=sum(each.credited_cents for each in running),
        in_year_cents=sum(each.credited_by_year[days.last.year] for each in running),
    )


def people_of(dossiers: Sequence[Dossier], on: date) -> People:
    """The people with an approved placement of which some day counts in the year through `on`.

    A person counts once for a contract; who is known to two suppliers counts with each, for nothing tells that it is
    one person.
    """
    found = [(dossier.terms, _placed(dossier, period_of(on.year, on))) for dossier in dossiers]
    programmes, suppliers, kinds = Counter[Programme](), Counter[str](), Counter[Kind | None]()
    for terms, placed in found:
        programmes.update(placed.values())
        suppliers[terms.kvk] += len(placed)
        kinds[terms.kind] += len(placed)
    by_supplier, by_kind = shown(+suppliers), shown(+kinds)
    totals = {year: _total(dossiers, year, on) for year in years_of(Period(on, on))}
    return People(
        by_programme=shown(+programmes),
        by_supplier=by_supplier,
        by_kind=by_kind if _is_whole(by_supplier) and _is_whole(by_kind) else _kept_back(by_kind),
        by_year={year: shown({year: number}).total for year, number in totals.items()},
    )


def _is_whole(table: Shown[Any]) -> bool:
    return None not in table.numbers.values()


def _kept_back(table: Shown[Group]) -> Shown[Group]:
    """Nothing of a table but its total. Who supplies which kind of work is public, so that what one of two tables keeps
    back would follow from the other."""
    return Shown(dict.fromkeys(table.numbers), table.total)


def _total(dossiers: Sequence[Dossier], year: int, on: date) -> int:
    return sum(len(_placed(dossier, period_of(year, on))) for dossier in dossiers)


def placed_in(dossier: Dossier, days: Period) -> Iterator[Placement]:
    """The approved placements of which some day counts in the period, in the order of reference."""
    facts = {each.reference: each for each in dossier.placements}
    for credited in assess(dossier, days.last).contributions:
        fact = facts.get(credited.reference)
        if fact is None or credited.status is not Status.APPROVED:
            continue
        spans = (step.inputs["to"] for step in credited.steps if step.rule == "placement.years")
        if any(cast(date, last) >= days.first for last in spans):
            yield fact


def _placed(dossier: Dossier, days: Period) -> Mapping[str, Programme]:
    """The people of a contract in a period, each by the way of the first placement that counts then."""
    placed: dict[str, Programme] = {}
    for each in placed_in(dossier, days):
        placed.setdefault(each.person, each.programme)
    return placed
