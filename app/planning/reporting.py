"""Which periods of which contracts are reported, due or overdue, and what was done in a period.

No report is asked of a contract on which nothing is owed: none applies, or it is exempt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission
from app.assessments.queries import standings
from app.contracts.models import Contract
from app.contracts.queries import NAMES, visible_to
from app.extensions import db
from app.planning.models import Report, ReportingChoice
from app.planning.periods import PeriodState, periods_of, states_of
from app.planning.queries import choices_of, recorded_days, reports_on
from app.rules import Assessment, Dossier, assess
from app.rules.assessment import Credited, Standing
from app.rules.dates import ONE_DAY, Period
from app.rules.dossier import Activity, Placement, Status

NOTHING_ASKED = (Standing.NOT_APPLICABLE, Standing.EXEMPT)
HANDED_IN = (Status.SUBMITTED, Status.APPROVED)
SHOWN = (Status.DRAFT, *HANDED_IN)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a contract is reported: periods of so many months, from the one in which `since` lies."""

    months: int
    since: date
    choice: ReportingChoice | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A contract with its periods that have ended and are not reported, the oldest first."""

    contract: Contract
    periods: Sequence[PeriodState]

    @property
    def oldest(self) -> PeriodState:
        return self.periods[0]


@dataclass(frozen=True, slots=True)
class Done:
    """A contribution in a period: its facts, its figures at the end, and what it was credited in that period."""

    fact: Placement | Activity
    credited: Credited
    cents: int

    @property
    def is_handed_in(self) -> bool:
        return self.credited.status in HANDED_IN


def months_of(corporation: Corporation) -> int:
    """How many months a reporting period of the corporation's contracts has, unless one says otherwise."""
    return corporation.reporting_months


def rhythms_of(contracts: Sequence[Contract], terms: Mapping[int, Period]) -> Mapping[int, Rhythm]:
    """How each contract is reported, by its id, in two statements."""
    choices, recorded = choices_of(contracts), recorded_days(contracts)
    found = {}
    for contract in contracts:
        choice = choices.get(contract.id)
        since = (choice and choice.starts_on) or recorded.get(contract.id) or terms[contract.id].first
        found[contract.id] = Rhythm((choice and choice.months) or months_of(contract.corporation), since, choice)
    return found


def states_on(contracts: Sequence[Contract], figures: Mapping[int, Assessment]) -> Mapping[int, Sequence[PeriodState]]:
    """How the periods of each contract stand on the day of its figures, the oldest first, in three statements."""
    asked = [contract for contract in contracts if is_asked(figures[contract.id])]
    rhythms = rhythms_of(asked, {contract.id: figures[contract.id].term for contract in asked})
    reports = reports_on(asked)
    return {each.id: states_of_one(figures[each.id], rhythms[each.id], reports.get(each.id, ())) for each in asked}


def is_asked(figures: Assessment) -> bool:
    """Whether reports are asked of a contract that stands so."""
    return figures.status not in NOTHING_ASKED


def states_of_one(figures: Assessment, rhythm: Rhythm, reports: Sequence[Report]) -> list[PeriodState]:
    """How the periods of a contract that have begun stand on the day of its figures, the oldest first."""
    return states_of(periods_of(figures.term, rhythm.months, rhythm.since), reports, figures.on)


def open_periods(contracts: Sequence[Contract], on: date) -> list[Due]:
    """Of these contracts those with periods that have ended by `on` and are not reported; in a few statements."""
    states = states_on(contracts, standings(contracts, on))
    found = ((each, [state for state in states.get(each.id, ()) if state.is_open]) for each in contracts)
    return [Due(contract, periods) for contract, periods in found if periods]


def due_for(user: User, on: date) -> list[Due]:
    """Of the contracts of which `user` sees the reports those on which one is due or overdue, by number."""
    mine = visible_to(user, Permission.SEE_PLANS).options(*NAMES).order_by(Contract.number, Contract.id)
    return open_periods(db.session.scalars(mine).all(), on)


def done_in(days: Period, dossier: Dossier) -> list[Done]:
    """What stands on the contract of a period: entered, submitted or approved, by reference."""
    before = {each.reference: each.credited_cents for each in assess(dossier, days.first - ONE_DAY).contributions}
    facts: dict[str, Placement | Activity] = {each.reference: each for each in dossier.placements}
    facts |= {each.reference: each for each in dossier.activities}
    at_end = (each for each in assess(dossier, days.last).contributions if each.status in SHOWN)
    return [
        Done(facts[each.reference], each, each.credited_cents - before.get(each.reference, 0))
        for each in at_end
        if _is_in(days, facts[each.reference])
    ]


def is_nil(done: Iterable[Done]) -> bool:
    """Whether nothing was handed in for a period; a draft is handed in when it is submitted."""
    return not any(each.is_handed_in for each in done)


def _is_in(days: Period, fact: Placement | Activity) -> bool:
    if isinstance(fact, Activity):
        return fact.on in days
    return fact.starts_on <= days.last and (fact.ends_on is None or fact.ends_on >= days.first)
