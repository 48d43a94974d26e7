"""The period that a supplier reports now, and what of the period before it can be copied into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts.models import User
from app.assessments.queries import assessment_of, dossier_of
from app.contracts.models import Contract
from app.contributions import queries
from app.contributions.copying import Copy, Move
from app.planning.periods import periods_of
from app.planning.queries import reports_on
from app.planning.reporting import rhythms_of, states_of_one
from app.portfolio.judging import as_entered
from app.rules.dates import Period


@dataclass(frozen=True, slots=True)
class Periods:
    """The period that is reported now and the one before it, of so many months; `others` could be reported too.

    Of a contract in its first period there is none before.
    """

    months: int
    now: Period | None = None
    last: Period | None = None
    others: Sequence[Period] = ()


def periods_on(contract: Contract, on: date, asked: date | None = None) -> Periods:
    """`now` is the period that begins on the day `asked`, else the oldest that is due, else the one that runs."""
    figures = assessment_of(contract, on)
    rhythm = rhythms_of([contract], {contract.id: figures.term})[contract.id]
    first, *known = [each for each in periods_of(figures.term, rhythm.months, figures.term.first) if each.first <= on]
    if not known:
        return Periods(rhythm.months)
    states = states_of_one(figures, rhythm, reports_on([contract]).get(contract.id, ()))
    wanted = [each for each in known if each.first == asked]
    wanted += [state.days for state in states if state.is_open and state.days in known]
    now = (*wanted, known[-1])[0]
    before = dict(zip(known, [first, *known], strict=False))
    return Periods(rhythm.months, now, before[now], [each for each in known if each != now])


def copies_on(contract: Contract, periods: Periods, user: User) -> list[Copy]:
    """What `user`, who enters on the contract, can copy, and what not and why."""
    if periods.now is None or periods.last is None:
        return []
    entries = [(version, as_entered(version)) for version in queries.held_on(contract.id, user)]
    return Move(periods.last, periods.now, periods.months, dossier_of(contract).rate_table).copies(entries)
