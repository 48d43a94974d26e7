"""What the pages of a report work with: a period of a contract, and what was done in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.accounts.models import User
from app.assessments.queries import assessment_of, dossier_of
from app.contracts.models import Contract
from app.planning.models import Report
from app.planning.periods import PeriodState
from app.planning.reporting import Done, done_in, is_nil, states_on
from app.planning.rights import may_write
from app.rules.dates import Period
from app.web.clock import today
from app.web.reasons import labels_of


@dataclass(frozen=True, slots=True)
class Desk:
    """A period, or none when none is to be reported; `others` are those that are to be reported besides."""

    days: Period | None
    state: PeriodState | None
    done: Sequence[Done]
    labels: Mapping[str, str]
    writes: bool
    others: Sequence[PeriodState] = ()

    @property
    def is_nil(self) -> bool:
        return is_nil(self.done)

    @property
    def drafts(self) -> int:
        """What is entered for the period and not submitted."""
        return sum(not each.is_handed_in for each in self.done)


def desk_of(user: User, contract: Contract, first: str) -> Desk:
    """The period to report that begins on `first` (ISO), or else the oldest that is to be reported."""
    figures, dossier = assessment_of(contract, today()), dossier_of(contract)
    states = states_on([contract], {contract.id: figures}).get(contract.id, ())
    open_ones = [each for each in states if each.is_open]
    asked = [each for each in open_ones if each.days.first.isoformat() == first] or open_ones
    labels, writes = labels_of(dossier.rate_table), may_write(user, contract)
    if not asked:
        return Desk(None, None, (), labels, writes)
    state = asked[0]
    others = [each for each in open_ones if each is not state]
    return Desk(state.days, state, done_in(state.days, dossier), labels, writes, others)


def desk_of_report(user: User, report: Report) -> Desk:
    """The period of a report, with what stands in it today."""
    dossier = dossier_of(report.contract)
    labels, writes = labels_of(dossier.rate_table), may_write(user, report.contract)
    return Desk(report.days, None, done_in(report.days, dossier), labels, writes)
