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
from typing import TypeVar, cast

from app.rules.assessment import Assessment, Standing, assess
from app.rules.dates import Period
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


@dataclass(frozen=True, slots=True)
class Followed:
    """A contract as it stands at the end of each year of the trend, the last one on the day of the report."""

    dossier: Dossier
    at_end_of: Mapping[int, Assessment]
    """Also of the year before the first: from there on is what a year adds."""

    @property
    def years(self) -> Sequence[int]:
        """The years of the trend."""
        return list(self.at_end_of)[1:]

    def runs_in(self, year: int) -> bool:
        """Whether some day of the year, as far as the report goes, lies in the term."""
        at = self.at_end_of[year]
        return at.term.overlap(period_of(year, at.on)) is not None

    def placed_in(self, year: int) -> Mapping[str, Programme]:
        """The people of a year, each by the way of the first placement that counts then."""
        placed: dict[str, Programme] = {}
        for each in placed_since(date(year, 1, 1), self.dossier, self.at_end_of[year]):
            placed.setdefault(each.person, each.programme)
        return placed


def follow(dossier: Dossier, on: date) -> Followed:
    """A contract through the years of a report as of `on`. Errors: as `assess`."""
    years = years_of(Period(on, on))
    return Followed(dossier, {year: assess(dossier, period_of(year, on).last) for year in (years[0] - 1, *years)})


def contract_in_year(followed: Followed) -> ContractInYear:
    """How a contract stands in a report, and what each year of the trend added."""
    ends, years, terms = followed.at_end_of, followed.years, followed.dossier.terms
    figures = ends[years[-1]]
    return ContractInYear(
        number=terms.number,
        title=terms.title,
        kind=terms.kind,
        supplier=terms.kvk,
        supplier_name=followed.dossier.parties.supplier_name,
        term=figures.term,
        status=figures.status,
        gross_cents=figures.gross_cents,
        exempted_cents=figures.exempted_cents,
        net_cents=figures.net_cents,
        remaining_cents=figures.remaining_cents,
        credited_cents=figures.credited_cents,
        credited_by_year={year: ends[year].credited_cents - ends[year - 1].credited_cents for year in years},
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


def people_of(contracts: Sequence[Followed]) -> People:
    """The people with an approved placement of which some day counts in the year of the report.

    A person counts once for a contract; who is known to two suppliers counts with each, for nothing tells that it is
    one person.
    """
    years = contracts[0].years if contracts else ()
    programmes, suppliers, kinds = Counter(dict.fromkeys(Programme, 0)), Counter[str](), Counter[Kind | None]()
    totals = Counter[int]()
    for each in contracts:
        placed = {year: each.placed_in(year) for year in years}
        totals.update({year: len(people) for year, people in placed.items()})
        if each.runs_in(years[-1]):
            programmes.update(placed[years[-1]].values())
            suppliers[each.dossier.terms.kvk] += len(placed[years[-1]])
            kinds[each.dossier.terms.kind] += len(placed[years[-1]])
    by_supplier, by_kind = shown(suppliers), shown(kinds)
    return People(
        by_programme=shown(programmes),
        by_supplier=by_supplier,
        by_kind=by_kind if by_supplier.is_whole and by_kind.is_whole else _kept_back(by_kind),
        by_year={year: shown({year: totals[year]}).total for year in years},
    )


def placed_since(first: date, dossier: Dossier, figures: Assessment) -> Iterator[Placement]:
    """The approved placements of which some day counts from `first` through the day of the assessment, by reference."""
    facts = {each.reference: each for each in dossier.placements}
    for credited in figures.contributions:
        fact = facts.get(credited.reference)
        if fact is None or credited.status is not Status.APPROVED:
            continue
        spans = (step.inputs["to"] for step in credited.steps if step.rule == "placement.years")
        if any(cast(date, last) >= first for last in spans):
            yield fact


def _kept_back(table: Shown[Group]) -> Shown[Group]:
    """Nothing of a table but its total. Who supplies which kind of work is public, so that what one of two tables keeps
    back would follow from the other."""
    return Shown(dict.fromkeys(table.numbers), table.total)
