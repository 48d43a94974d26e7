"""Reads of plans, reports and handovers: each from what somebody may see or do, in a constant number of statements."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.assessments.models import DossierRecord
from app.assessments.queries import dossiers_json
from app.contracts.models import Contract
from app.contracts.queries import NAMES, WHOLE, ids_visible_to, visible_to
from app.extensions import db
from app.planning.efforts import efforts_of
from app.planning.models import Handover, Plan, PlanRow, PlanStatus, Report, ReportingChoice, ReportRemark
from app.rules import Point
from app.rules.dossier_json import dossier_from_json
from app.rules.plan import Effort, plan_course
from app.web.rows import the_row

PLANS_REMEMBERED = 1024
WAITING = (PlanStatus.DRAFT, PlanStatus.PROPOSED)
PEOPLE = tuple(joinedload(each) for each in (Plan.written_by, Plan.proposed_by, Plan.returned_by, Plan.agreed_by))
OF_CONTRACT = joinedload(Plan.contract).options(*NAMES, *WHOLE)


def contract_to_plan(contract_id: int, user: User) -> Contract:
    """A contract on which `user` may write plans and hand in reports, whole. Errors: NotFound."""
    return _contract(user, contract_id, Permission.ENTER_CONTRIBUTIONS)


def contract_to_lead(contract_id: int, user: User) -> Contract:
    """A contract of which `user` may set how it is reported, and record the handover, whole. Errors: NotFound."""
    return _contract(user, contract_id, Permission.EDIT_CONTRACTS)


def plan_seen_by(user: User, plan_id: int) -> Plan:
    """Errors: NotFound."""
    return _plan(user, plan_id, Permission.SEE_PLANS)


def plan_to_write(plan_id: int, user: User) -> Plan:
    """A version that `user` may change, propose, or agree to, as far as its state and the other eyes allow it.

    Errors: NotFound.
    """
    return _plan(user, plan_id, Permission.ENTER_CONTRIBUTIONS)


def plans_of(contract: Contract) -> Sequence[Plan]:
    """All versions of a contract's plan, the newest first."""
    rows = select(Plan).where(Plan.contract_id == contract.id).options(*PEOPLE, joinedload(Plan.rows))
    return db.session.scalars(rows.order_by(Plan.version.desc())).unique().all()


def agreed_efforts(contracts: Iterable[Contract]) -> Mapping[int, tuple[Effort, ...]]:
    """What is agreed, by the id of each contract that has a plan, in one statement."""
    ids = [contract.id for contract in contracts]
    agreed = select(Plan.contract_id, PlanRow).join(PlanRow, PlanRow.plan_id == Plan.id)
    agreed = agreed.where(Plan.contract_id.in_(ids), Plan.status == PlanStatus.AGREED)
    rows: dict[int, list[PlanRow]] = {}
    for contract_id, row in db.session.execute(agreed.order_by(Plan.contract_id, PlanRow.position)):
        rows.setdefault(contract_id, []).append(row)
    return {contract_id: efforts_of(of_contract) for contract_id, of_contract in rows.items()}


def plan_courses(contracts: Iterable[Contract]) -> Mapping[int, Sequence[Point]]:
    """How each contract's agreed plan runs over its term, by the contract's id; none for one without such a plan."""
    by_id = {contract.id: contract for contract in contracts}
    agreed = agreed_efforts(by_id.values())
    written = dossiers_json([by_id[each] for each in agreed]) if agreed else {}
    return {contract_id: _course(written[contract_id], efforts) for contract_id, efforts in agreed.items()}


@lru_cache(PLANS_REMEMBERED)
def _course(written: bytes, efforts: tuple[Effort, ...]) -> Sequence[Point]:
    """It follows from facts and efforts alone, so it is remembered by these."""
    return tuple(plan_course(dossier_from_json(json.loads(written)), efforts))


def report_seen_by(user: User, report_id: int) -> Report:
    """Errors: NotFound."""
    return _report(user, report_id, Permission.SEE_PLANS)


def report_to_remark(report_id: int, user: User) -> Report:
    """Errors: NotFound."""
    return _report(user, report_id, Permission.ENTER_CONTRIBUTIONS)


def reports_on(contracts: Iterable[Contract]) -> Mapping[int, Sequence[Report]]:
    """The reports of each contract, oldest first, by the contract's id, in one statement."""
    wanted = select(Report).where(Report.contract_id.in_([contract.id for contract in contracts]))
    found: dict[int, list[Report]] = {}
    rows = db.session.scalars(wanted.options(joinedload(Report.reported_by)).order_by(Report.first_on, Report.id))
    for report in rows:
        found.setdefault(report.contract_id, []).append(report)
    return found


def choices_of(contracts: Iterable[Contract]) -> Mapping[int, ReportingChoice]:
    """How contracts are reported where that was chosen for the contract itself, by the contract's id."""
    wanted = select(ReportingChoice).where(ReportingChoice.contract_id.in_([contract.id for contract in contracts]))
    return {choice.contract_id: choice for choice in db.session.scalars(wanted)}


def recorded_days(contracts: Iterable[Contract]) -> Mapping[int, date]:
    """The day on which each contract was recorded here, which is that of its oldest dossier."""
    ids = [contract.id for contract in contracts]
    oldest = select(DossierRecord.contract_id, func.min(DossierRecord.recorded_on))
    rows = db.session.execute(oldest.where(DossierRecord.contract_id.in_(ids)).group_by(DossierRecord.contract_id))
    return {contract_id: day for contract_id, day in rows}


def handover_of(contract: Contract) -> Handover | None:
    wanted = select(Handover).where(Handover.contract_id == contract.id)
    return db.session.scalar(wanted.options(joinedload(Handover.accepted_by)))


def handover_to_accept(handover_id: int, user: User) -> Handover:
    """Errors: NotFound."""
    wanted = select(Handover).where(
        Handover.id == handover_id, Handover.contract_id.in_(ids_visible_to(user, Permission.EDIT_CONTRACTS))
    )
    return the_row(wanted.options(joinedload(Handover.contract).options(*NAMES)))


def _contract(user: User, contract_id: int, permission: Permission) -> Contract:
    return the_row(visible_to(user, permission).where(Contract.id == contract_id).options(*NAMES, *WHOLE))


def _plan(user: User, plan_id: int, permission: Permission) -> Plan:
    wanted = select(Plan).where(Plan.id == plan_id, Plan.contract_id.in_(ids_visible_to(user, permission)))
    return the_row(wanted.options(*PEOPLE, OF_CONTRACT, selectinload(Plan.rows)))


def _report(user: User, report_id: int, permission: Permission) -> Report:
    wanted: Select[Report] = select(Report).where(
        Report.id == report_id, Report.contract_id.in_(ids_visible_to(user, permission))
    )
    remarks = selectinload(Report.remarks).joinedload(ReportRemark.by)
    contract = joinedload(Report.contract).options(*NAMES, *WHOLE)
    return the_row(wanted.options(joinedload(Report.reported_by), remarks, contract))
