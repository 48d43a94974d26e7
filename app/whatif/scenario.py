"""Efforts and a PSO level that are only thought of, put into a contract's facts as if they were so. Nothing is saved.

Pure: a dossier and a scenario in, assessments with their reasons out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from app.rules import Assessment, Dossier, assess
from app.rules.assessment import Credited
from app.rules.checks import Facts, Finding, findings_in
from app.rules.dates import ONE_DAY
from app.rules.dossier import Activity, Hours, Placement, Status
from app.rules.ladder import Certificate, Level
from app.rules.obligation import obligation_of

Entry = Placement | Activity
SAID_OTHERWISE = frozenset(
    {"check_ahead", "check_no_description", "check_no_end", "check_nothing_owed", "check_surplus"}
)
MOST_PEOPLE = 25
"""How many people alike one effort may be of: enough for the largest contracts, and quickly reckoned."""


@dataclass(frozen=True, slots=True)
class People:
    """People who are placed, each of them another, all for the same hours a week and the same days."""

    block: str
    starts_on: date
    hours: Decimal
    ends_on: date | None = None
    number: int = 1
    bonuses: tuple[str, ...] = ()

    def entries(self, reference: str) -> Iterator[Entry]:
        """A placement for each of them, approved, under references of its own."""
        for place in range(1, self.number + 1):
            yield self.placement(reference if self.number == 1 else f"{reference}.{place}")

    def placement(self, reference: str) -> Placement:
        """Of one of them, known by the same name as the placement."""
        return Placement(
            reference=reference,
            person=reference,
            block=self.block,
            starts_on=self.starts_on,
            hours=(Hours(self.starts_on, self.hours),),
            status=Status.APPROVED,
            ends_on=self.ends_on,
            bonuses=self.bonuses,
        )


@dataclass(frozen=True, slots=True)
class Work:
    """An activity: an amount in cents (a purchase, agreed work), or hours or days."""

    block: str
    on: date
    amount_cents: int | None = None
    quantity: Decimal | None = None

    def entries(self, reference: str) -> Iterator[Entry]:
        """The activity, approved, under that reference."""
        yield Activity(reference, self.block, self.on, Status.APPROVED, self.amount_cents, self.quantity)


Effort = People | Work


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A PSO level that the supplier may come to hold, both days included."""

    level: Level
    valid_from: date
    valid_until: date
    thirty_plus: bool = False

    def certificate(self, number: str, kvk: str) -> Certificate:
        """As a certificate of that company that was checked."""
        return Certificate(
            number=number,
            level=self.level,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            kvk=(kvk,),
            thirty_plus=self.thirty_plus,
            checked_on=self.valid_from,
        )


@dataclass(frozen=True, slots=True)
class Scenario:
    """A combination of efforts, and a new level or none."""

    efforts: tuple[Effort, ...] = ()
    level: NewLevel | None = None

    def __bool__(self) -> bool:
        return bool(self.efforts or self.level)


@dataclass(frozen=True, slots=True)
class Worth:
    """What one effort counts for to the end of the contract, and what deserves a look; `each` is of its people."""

    effort: Effort
    each: tuple[Credited, ...]
    findings: tuple[Finding, ...]

    @property
    def cents(self) -> int:
        return sum(credited.value_cents for credited in self.each)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A contract without and with a scenario, as of a day and after its term."""

    before: Assessment
    after: Assessment
    end_before: Assessment
    end_after: Assessment
    worth: tuple[Worth, ...]

    @property
    def is_over(self) -> bool:
        """Whether the term has passed already, so that both days are the same."""
        return self.before.on == self.end_before.on


def with_scenario(dossier: Dossier, scenario: Scenario, name: str = "new") -> Dossier:
    """The dossier as it would be. What is added is called by `name` and a number, and by nothing that is there."""
    added = [entry for effort in named(dossier, scenario, name) for entry in effort]
    level = scenario.level
    given = (level.certificate(name, dossier.terms.kvk),) if level else ()
    return replace(
        dossier,
        placements=dossier.placements + tuple(each for each in added if isinstance(each, Placement)),
        activities=dossier.activities + tuple(each for each in added if isinstance(each, Activity)),
        certificates=dossier.certificates + given,
    )


def named(dossier: Dossier, scenario: Scenario, name: str) -> list[list[Entry]]:
    """By effort its entries, under references that the dossier does not have."""
    taken = [each.reference for each in dossier.placements] + [each.reference for each in dossier.activities]
    while any(reference.startswith(name) for reference in taken):
        name += "'"
    return [list(effort.entries(f"{name} {place}")) for place, effort in enumerate(scenario.efforts, start=1)]


def outcome_of(dossier: Dossier, scenario: Scenario, on: date, name: str = "new") -> Outcome:
    """What becomes of the contract, as of `on` and after its last day.

    Errors: RuleError, the first of the faults of what is added.
    """
    with_it = with_scenario(dossier, scenario, name)
    end = max(on, obligation_of(dossier).term.last + ONE_DAY)
    end_after = assess(with_it, end)
    credited = {each.reference: each for each in end_after.contributions}
    worth = (
        Worth(
            effort,
            tuple(credited[entry.reference] for entry in entries),
            tuple(each for each in findings_in(with_it, entries[0].reference, Facts(on), end_after) if _is_news(each)),
        )
        for effort, entries in zip(scenario.efforts, named(dossier, scenario, name), strict=True)
    )
    return Outcome(assess(dossier, on), assess(with_it, on), assess(dossier, end), end_after, tuple(worth))


def _is_news(finding: Finding) -> bool:
    """Not that it lies ahead, which is the point of it, nor what is said of the contract as a whole."""
    return finding.code not in SAID_OTHERWISE


def added_cents(dossier: Dossier, efforts: tuple[Effort, ...]) -> int:
    """What these efforts would be credited at the end of the contract, over what is credited without them.

    Under a cap on activities one may take the room of another, so it is the difference that counts.
    """
    last = obligation_of(dossier).term.last
    return assess(with_scenario(dossier, Scenario(efforts)), last).credited_cents - assess(dossier, last).credited_cents
