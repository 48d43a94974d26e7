"""What the page of a settlement shows: how far it is, and what the reader may do next; and its card on a contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask.blueprints import BlueprintSetupState

from app.accounts import sessions
from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.assessments.queries import assessment_of
from app.closing import queries
from app.closing.models import Settlement
from app.closing.service import has_moved, refusal_to_settle
from app.closing.words import BECAME, SETTLEMENTS
from app.contracts.models import Contract
from app.history.then import Comparison, comparison_of
from app.rules import Assessment
from app.rules.assessment import Standing
from app.rules.closing import repair_ends_on
from app.web.clock import today
from app.web.sentences import sentence

SHOWN_FROM = (Standing.SHORTFALL, Standing.FULFILLED, Standing.EXEMPT)
"""Only where something was owed is there something to settle."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Of one contract, for one reader, as of today. `since` says what changed since the term ended."""

    contract: Contract
    figures: Assessment
    settlements: Sequence[Settlement]
    since: Comparison | None
    refusal: str | None
    settles: bool
    is_own_excuse: bool
    is_own_settlement: bool

    @property
    def standing(self) -> Settlement | None:
        return next((each for each in self.settlements if each.state in queries.STANDING), None)

    @property
    def earlier(self) -> Sequence[Settlement]:
        return [each for each in self.settlements if each is not self.standing]

    @property
    def is_over(self) -> bool:
        return self.figures.on > self.figures.term.last

    @property
    def is_short(self) -> bool:
        return self.figures.status is Standing.SHORTFALL

    @property
    def repair_until(self) -> date | None:
        return repair_ends_on(self.figures)

    @property
    def is_repairing(self) -> bool:
        return self.repair_until is not None and self.figures.on <= self.repair_until

    @property
    def statement_on(self) -> date:
        """As of which day a final statement is issued: the end of the repair period when that is over."""
        until = self.repair_until
        return until if until is not None and until < self.figures.on else self.figures.on

    @property
    def has_moved(self) -> bool:
        return self.standing is not None and has_moved(self.standing, self.figures)

    @property
    def step(self) -> int:
        """Which of the five steps is to be done now; 6 when all is done but the statement."""
        if self.standing is not None:
            return 5 if self.standing.is_settled else 4
        if self.is_repairing and not self.contract.is_excused:
            return 2
        is_undecided = self.contract.excused_reason is not None and not self.contract.is_excused
        return 3 if is_undecided or self.is_short else 4


def closing_of(user: User, contract: Contract) -> Closing:
    figures = assessment_of(contract, today())
    end, settlements = figures.term.last, queries.settlements_of(contract)
    standing = next((each for each in settlements if each.state in queries.STANDING), None)
    refusal = refusal_to_settle(contract, figures) if standing is None else None
    return Closing(
        contract=contract,
        figures=figures,
        settlements=settlements,
        since=comparison_of(contract, figures.on, end) if figures.on > end else None,
        refusal=sentence(refusal) if refusal else None,
        settles=may(user, Permission.SETTLE, corporation_id=contract.corporation_id),
        is_own_excuse=contract.excused_by_id == user.id,
        is_own_settlement=standing is not None and standing.proposed_by_id == user.id,
    )


@dataclass(frozen=True, slots=True)
class Card:
    """What a contract's page says of its settlement; `waits` says that the reader could confirm it."""

    settlement: Settlement | None
    repair_until: date | None
    waits: bool


def card_of(contract: Contract, figures: Assessment) -> Card | None:
    """None while the term runs and where nothing was owed. One statement."""
    if figures.on <= figures.term.last or figures.status not in SHOWN_FROM:
        return None
    me: User = sessions.me()
    found = queries.standing_settlement(contract)
    may_confirm = may(me, Permission.SETTLE, corporation_id=contract.corporation_id)
    waits = found is not None and not found.is_settled and found.proposed_by_id != me.id and may_confirm
    return Card(found, repair_ends_on(figures), waits)


def register(state: BlueprintSetupState) -> None:
    """The words and functions of the templates."""
    state.app.jinja_env.globals.update(
        SETTLEMENTS=SETTLEMENTS,
        BECAME=BECAME,
        settlement_card_of=card_of,
        after_projects_in=queries.after_projects_in,
    )
