"""Who may do what with a plan and a handover, beyond their permissions: the other side, another person, the leader."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.contracts.models import Contract
from app.planning.models import Plan, PlanStatus, Side
from app.web.errors import Conflict
from app.web.sentences import sentence


@dataclass(frozen=True, slots=True)
class PlanRights:
    """What somebody may do with a version of a plan now; `refusal` says why not agree to it, when it waits for that."""

    edits: bool
    agrees: bool
    takes_back: bool
    returns: bool
    needs_note: bool
    refusal: str | None
    begins_new: bool


def side_of(user: User, contract: Contract) -> Side:
    """On which side of a contract somebody works: the corporation's when they may change contracts there."""
    return Side.CORPORATION if may(user, Permission.EDIT_CONTRACTS, **_scope(contract)) else Side.SUPPLIER


def may_write(user: User, contract: Contract) -> bool:
    """Whether somebody may write plans and hand in reports."""
    return may(user, Permission.ENTER_CONTRIBUTIONS, **_scope(contract))


def rights_on(user: User, plan: Plan) -> PlanRights:
    writes, proposed = may_write(user, plan.contract), plan.status is PlanStatus.PROPOSED
    code = refusal_to_agree(user, plan) if proposed and writes else None
    own_side = side_of(user, plan.contract) is plan.proposed_for
    return PlanRights(
        edits=writes and plan.status is PlanStatus.DRAFT,
        agrees=writes and proposed and code is None,
        takes_back=writes and proposed and own_side,
        returns=writes and proposed and not own_side,
        needs_note=own_side,
        refusal=sentence(Conflict(code)) if code else None,
        begins_new=writes and plan.status is PlanStatus.AGREED,
    )


def refusal_to_agree(user: User, plan: Plan) -> str | None:
    """Why somebody may not agree to a proposed plan: a code; None when they may."""
    if plan.proposed_by_id == user.id:
        return "own_plan"
    same_side = side_of(user, plan.contract) is plan.proposed_for
    return "plan_of_own_side" if same_side and plan.proposed_for is Side.SUPPLIER else None


def needs_note(user: User, plan: Plan) -> bool:
    """Whether who agrees works on the side that proposed, and so says how the other side agreed."""
    return side_of(user, plan.contract) is plan.proposed_for


def may_accept(user: User, contract: Contract) -> bool:
    """Whether somebody is who a handover of this contract is for."""
    leads = contract.project_leader_id in (None, user.id)
    return leads and may(user, Permission.EDIT_CONTRACTS, **_scope(contract))


def _scope(contract: Contract) -> dict[str, int]:
    return {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
