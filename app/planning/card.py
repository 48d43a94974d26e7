"""What stands on the page of a contract about its plan, its reports and its handover; for templates a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask.blueprints import BlueprintSetupState

from app.accounts import sessions
from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.contracts.models import Contract
from app.contributions.queries import sees_persons
from app.planning import queries
from app.planning.efforts import efforts_of
from app.planning.models import Handover, Plan, PlanStatus
from app.planning.periods import PeriodState
from app.planning.reporting import Rhythm, is_asked, rhythms_of, states_of_one
from app.planning.rights import may_accept, may_write
from app.planning.words import PLANS, REPORTS, RHYTHMS
from app.rules import Assessment, Dossier, Point
from app.rules.plan import Worth, plan_course, worth


@dataclass(frozen=True, slots=True)
class Planning:
    """Of one contract, for one reader. `points` is how the agreed plan runs; `periods` the newest first."""

    plans: Sequence[Plan]
    worth: Worth | None
    points: Sequence[Point]
    handover: Handover | None
    rhythm: Rhythm
    periods: Sequence[PeriodState]
    is_asked: bool
    writes: bool
    leads: bool
    accepts: bool
    sees_names: bool

    @property
    def agreed(self) -> Plan | None:
        return next((plan for plan in self.plans if plan.status is PlanStatus.AGREED), None)

    @property
    def waiting(self) -> Plan | None:
        return next((plan for plan in self.plans if plan.status in queries.WAITING), None)


def register(state: BlueprintSetupState) -> None:
    """The words and functions of its templates."""
    state.app.jinja_env.globals.update(PLANS=PLANS, REPORTS=REPORTS, RHYTHMS=RHYTHMS, planning_of=planning_of)


def planning_of(contract: Contract, dossier: Dossier, figures: Assessment) -> Planning:
    """As of the day of the figures, in five statements."""
    me: User = sessions.me()
    plans = queries.plans_of(contract)
    agreed = next((plan for plan in plans if plan.status is PlanStatus.AGREED), None)
    efforts = efforts_of(agreed.rows) if agreed else ()
    rhythm = rhythms_of([contract], {contract.id: figures.term})[contract.id]
    reports = queries.reports_on([contract]).get(contract.id, ())
    asked = is_asked(figures)
    scope = {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
    return Planning(
        plans=plans,
        worth=worth(dossier, efforts) if agreed else None,
        points=plan_course(dossier, efforts) if agreed else (),
        handover=queries.handover_of(contract),
        rhythm=rhythm,
        periods=states_of_one(figures, rhythm, reports)[::-1] if asked else (),
        is_asked=asked,
        writes=may_write(me, contract),
        leads=may(me, Permission.EDIT_CONTRACTS, **scope),
        accepts=may_accept(me, contract),
        sees_names=sees_persons(me, contract),
    )
