"""Commands on plans, reports and handovers. Each is one transaction and one audit record.

A plan is written by one side and agreed to by the other; what is agreed is replaced by a newer version and never
changed. None of it moves a figure: a plan is valued by the rule book when somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts.models import User
from app.assessments.queries import assessment_of, dossier_of
from app.audit.outcomes import keep
from app.audit.service import command
from app.audit.trail import Audit
from app.columns import Locked
from app.contracts.models import Contract
from app.planning import queries
from app.planning.efforts import efforts_of, row_of
from app.planning.models import Handover, Plan, PlanStatus, Report, ReportingChoice, ReportRemark
from app.planning.periods import ReportState, is_reported
from app.planning.reporting import done_in, is_nil, states_on
from app.planning.rights import may_accept, needs_note, refusal_to_agree, side_of
from app.rules.dates import Period
from app.rules.plan import Effort, plan_faults
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid


@dataclass(frozen=True, slots=True)
class Said:
    """A plan as somebody wrote it: each effort with a description, and an explanation of the whole."""

    efforts: Sequence[tuple[Effort, str]]
    explanation: str = ""


def write_plan(contract_id: int, said: Said, *, by: User) -> Plan:
    """Begin a version of a contract's plan, as a draft; the same draft twice is one.

    Errors: NotFound, Conflict `plan_waits` (another version is being written or waits), Invalid `plan_empty`, the
    faults that the rule book finds in its efforts.
    """
    seen = queries.contract_to_plan(contract_id, by)
    with command("plan.create", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_plan(contract_id, by)
        _expect_right(contract, said)
        known = queries.plans_of(contract)
        waiting = next((each for each in known if each.status in queries.WAITING), None)
        if waiting is not None and waiting.written_by_id == by.id and _says(waiting, said):
            return waiting
        if waiting is not None:
            raise Conflict("plan_waits", version=waiting.version)
        plan = Plan(
            contract=contract,
            version=max((each.version for each in known), default=0) + 1,
            status=PlanStatus.DRAFT,
            explanation=said.explanation,
            written_by=by,
            written_at=now(),
        )
        audit.created(plan)
        plan.consists_of([row_of(*each) for each in said.efforts])
        _concern(audit, contract)
    return plan


def edit_plan(plan_id: int, said: Said, *, by: User, seen_version: int) -> Plan:
    """Change a draft. Errors: as `write_plan`, Stale, Conflict `plan_no_draft`."""
    with _changing("edit", plan_id, by, seen_version, PlanStatus.DRAFT) as (_audit, plan):
        _expect_right(plan.contract, said)
        if not _says(plan, said):
            plan.explanation = said.explanation
            plan.consists_of([row_of(*each) for each in said.efforts])
    return plan


def delete_plan(plan_id: int, *, by: User, seen_version: int) -> int:
    """Delete a draft. Gives the id of the audit record. Errors: NotFound, Stale, Conflict `plan_no_draft`."""
    with _changing("delete", plan_id, by, seen_version, PlanStatus.DRAFT) as (audit, plan):
        audit.deleted(plan)
    return audit.record_id


def propose_plan(plan_id: int, *, by: User, seen_version: int) -> Plan:
    """Put a draft before the other side. Errors: NotFound, Stale, Conflict `plan_no_draft`, the rule book's faults."""
    with _changing("propose", plan_id, by, seen_version, PlanStatus.DRAFT) as (_audit, plan):
        _expect_no_faults(plan)
        plan.status = PlanStatus.PROPOSED
        plan.proposed_by, plan.proposed_at, plan.proposed_for = by, now(), side_of(by, plan.contract)
    return plan


def return_plan(plan_id: int, *, by: User, seen_version: int, reason: str) -> Plan:
    """Do not agree to what was proposed: it is a draft again, and who wrote it reads why.

    Errors: NotFound, Stale, Conflict `plan_not_proposed`.
    """
    with _changing("return", plan_id, by, seen_version, PlanStatus.PROPOSED) as (_audit, plan):
        _as_draft(plan)
        plan.returned_by, plan.returned_at, plan.returned_reason = by, now(), reason
    return plan


def take_back_plan(plan_id: int, *, by: User, seen_version: int) -> Plan:
    """Make what one's own side proposed a draft again, to change it.

    Errors: NotFound, Stale, Conflict `plan_not_proposed`, `plan_of_other_side`.
    """
    with _changing("take_back", plan_id, by, seen_version, PlanStatus.PROPOSED) as (_audit, plan):
        if side_of(by, plan.contract) is not plan.proposed_for:
            raise Conflict("plan_of_other_side")
        _as_draft(plan)
    return plan


def agree_plan(plan_id: int, *, by: User, seen_version: int, note: str | None = None) -> Plan:
    """Agree to what was proposed: from now on it holds, and the version before it is replaced.

    The other side agrees. A colleague of who proposed it at the corporation may record that the supplier agreed, with a
    note of how. Errors: NotFound, Stale, Conflict `plan_not_proposed`, `own_plan`, `plan_of_own_side`, Invalid
    `agreement_needs_note`, the rule book's faults.
    """
    with _changing("agree", plan_id, by, seen_version, PlanStatus.PROPOSED) as (audit, plan):
        if code := refusal_to_agree(by, plan):
            raise Conflict(code)
        if needs_note(by, plan) and not note:
            raise Invalid("agreement_needs_note", column="note")
        _expect_no_faults(plan)
        at = now()
        for before in queries.plans_of(plan.contract):
            if before.status is PlanStatus.AGREED:
                with audit.change_of(before):
                    before.status, before.replaced_at = PlanStatus.REPLACED, at
        audit.session.flush()  # at most one agreed version stands at any moment
        plan.status, plan.agreed_by, plan.agreed_at, plan.agreed_note = PlanStatus.AGREED, by, at, note
    return plan


def report(contract_id: int, days: Period, *, nil: bool, remark: str, by: User) -> Report:
    """Hand in the report of a period. `nil` is what was confirmed: that nothing was done.

    Errors: NotFound, Conflict `period_unknown`, `period_runs`, `period_reported`, `report_not_nil` and
    `report_is_nil` (something was handed in, or withdrawn, since who reports looked).
    """
    seen = queries.contract_to_plan(contract_id, by)
    with command("report.create", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_plan(contract_id, by)
        _expect_reportable(contract, days)
        if is_nil(done_in(days, dossier_of(contract))) is not nil:
            raise Conflict("report_not_nil" if nil else "report_is_nil")
        made = Report(
            contract=contract, first_on=days.first, last_on=days.last, is_nil=nil, reported_by=by, reported_at=now()
        )
        if remark:
            made.remarks.append(ReportRemark(text=remark, by=by, at=now()))
        audit.created(made)
        _concern(audit, contract)
    return made


def remark_on(report_id: int, text: str, *, by: User) -> Report:
    """Add a remark to a report; the report itself stays as it was handed in. Errors: NotFound."""
    seen = queries.report_to_remark(report_id, by)
    with command("report.remark", by=by, corporation=seen.corporation) as audit:
        found = queries.report_to_remark(report_id, by)
        with audit.change_of(found):
            if not any(each.text == text and each.by_id == by.id for each in found.remarks):
                found.remarks.append(ReportRemark(text=text, by=by, at=now()))
        _concern(audit, found.contract)
    return found


def choose_reporting(
    contract_id: int, months: int | None, starts_on: date | None, *, by: User, seen_version: int
) -> ReportingChoice:
    """Say how a contract is reported; None is as its corporation does. Errors: NotFound, Stale."""
    seen = queries.contract_to_lead(contract_id, by)
    with command("reporting_choice.edit", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_lead(contract_id, by)
        known = queries.choices_of([contract]).get(contract.id)
        values = {"months": months, "starts_on": starts_on}
        if known is None:
            known = ReportingChoice(contract=contract, **values)
            audit.created(known)
        elif any(getattr(known, name) != value for name, value in values.items()):
            _expect_seen(known, seen_version)
            keep(audit, known, values)
        _concern(audit, contract)
    return known


def hand_over(contract_id: int, values: dict[str, Any], *, by: User, seen_version: int) -> Handover:
    """Record what is handed over at the award, or change it; what was accepted is then to be accepted anew.

    Errors: NotFound, Stale.
    """
    seen = queries.contract_to_lead(contract_id, by)
    with command("handover.edit", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_to_lead(contract_id, by)
        known = queries.handover_of(contract)
        if known is None:
            known = Handover(contract=contract, **values)
            audit.created(known)
        elif any(getattr(known, name) != value for name, value in values.items()):
            _expect_seen(known, seen_version)
            keep(audit, known, values | {"accepted_by_id": None, "accepted_at": None})
            audit.note(changed=True)  # of names and contacts the log keeps only that they changed
        _concern(audit, contract)
    return known


def accept_handover(handover_id: int, *, by: User, seen_version: int) -> Handover:
    """Accept a contract that was handed over: by its project leader, or while it has none by who may change it.

    Errors: NotFound, Stale, Conflict `handover_for_leader` or `handover_accepted`.
    """
    seen = queries.handover_to_accept(handover_id, by)
    with command("handover.accept", by=by, corporation=seen.corporation) as audit:
        handover = queries.handover_to_accept(handover_id, by)
        handover.expect_version(seen_version)
        if handover.accepted_at is not None:
            raise Conflict("handover_accepted")
        if not may_accept(by, handover.contract):
            raise Conflict("handover_for_leader")
        with audit.change_of(handover):
            handover.accepted_by, handover.accepted_at = by, now()
        _concern(audit, handover.contract)
    return handover


@contextmanager
def _changing(verb: str, plan_id: int, by: User, seen_version: int, status: PlanStatus) -> Iterator[tuple[Audit, Plan]]:
    """What is the same for every change of a version that waits. Errors: NotFound, Stale, Conflict."""
    seen = queries.plan_to_write(plan_id, by)
    with command(f"plan.{verb}", by=by, corporation=seen.corporation) as audit:
        plan = queries.plan_to_write(plan_id, by)
        plan.expect_version(seen_version)
        if plan.status is not status:
            raise Conflict("plan_no_draft" if status is PlanStatus.DRAFT else "plan_not_proposed")
        with audit.change_of(plan):
            yield audit, plan
        _concern(audit, plan.contract)


def _expect_seen(row: Locked, seen_version: int) -> None:
    """Errors: Stale; Conflict `stale` for who saw none, and so has nothing to compare with."""
    if not seen_version:
        raise Conflict("stale")
    row.expect_version(seen_version)


def _as_draft(plan: Plan) -> None:
    plan.status = PlanStatus.DRAFT
    plan.proposed_by = plan.proposed_at = plan.proposed_for = None


def _concern(audit: Audit, contract: Contract) -> None:
    """Let it stand in the history of the contract."""
    audit.concerns("contract", contract.id, contract.corporation_id)


def _expect_right(contract: Contract, said: Said) -> None:
    if not said.efforts:
        raise Invalid("plan_empty")
    for fault in plan_faults(dossier_of(contract), [effort for effort, _words in said.efforts]):
        raise fault


def _expect_no_faults(plan: Plan) -> None:
    """The contract may have another table, or another term, since the plan was written."""
    for fault in plan_faults(dossier_of(plan.contract), efforts_of(plan.rows)):
        raise fault


def _says(plan: Plan, said: Said) -> bool:
    there = list(zip(efforts_of(plan.rows), (row.description for row in plan.rows), strict=True))
    return plan.explanation == said.explanation and there == list(said.efforts)


def _expect_reportable(contract: Contract, days: Period) -> None:
    if is_reported(days, queries.reports_on([contract]).get(contract.id, ())):
        raise Conflict("period_reported")
    states = states_on([contract], {contract.id: assessment_of(contract, today())}).get(contract.id, ())
    state = next((each for each in states if each.days == days), None)
    if state is None:
        raise Conflict("period_unknown")
    if state.state is ReportState.RUNNING:
        raise Conflict("period_runs", day=days.last)
