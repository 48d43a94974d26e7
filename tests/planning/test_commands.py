"""Writing, proposing and agreeing to plans, handing in reports, and the handover, on both databases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Role, User
from app.audit.models import AuditPayload, AuditRecord
from app.contracts.models import Contract
from app.contracts.service import delete
from app.extensions import db
from app.planning import reporting, service
from app.planning.models import Plan, PlanStatus, Report
from app.planning.service import Said
from app.rules import RuleError
from app.rules.dates import Period
from app.rules.dossier import Status
from app.rules.plan import PlannedActivity, PlannedPlacement
from app.web.errors import Conflict, DomainError, Invalid, NotFound, Stale
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database", "on_24_november")

PUPIL = PlannedPlacement("bbl", 1, Decimal(32), date(2026, 3, 1), date(2026, 10, 31))
SAID = Said([(PUPIL, "schilderwerk"), (PlannedActivity("social-purchase", date(2026, 6, 1), 5_000_00), "")], "Samen.")
Q1, Q4 = Period(date(2026, 1, 1), date(2026, 3, 31)), Period(date(2026, 10, 1), date(2026, 12, 31))


def people(contract: Contract) -> tuple[User, User, User]:
    """Two project leaders of the corporation, and somebody of the supplier."""
    here, supplier = contract.corporation, contract.supplier
    return make.user(of=here), make.user(of=here), make.user(Role.SUPPLIER, of=here, supplier_=supplier)


def proposed(contract: Contract, by: User, said: Said = SAID) -> Plan:
    plan = service.write_plan(contract.id, said, by=by)
    return service.propose_plan(plan.id, by=by, seen_version=plan.row_version)


def refused(error: type[DomainError], code: str) -> pytest.RaisesExc[DomainError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def test_the_other_side_agrees_and_a_newer_version_replaces_the_older() -> None:
    contract = make.contract()
    leader, _colleague, supplier = people(contract)

    first = proposed(contract, supplier)
    first = service.agree_plan(first.id, by=leader, seen_version=first.row_version)
    assert [(row.block, row.persons, row.description) for row in first.rows][0] == ("bbl", 1, "schilderwerk")
    second = proposed(contract, leader, Said([(PUPIL, "")]))
    second = service.agree_plan(second.id, by=supplier, seen_version=second.row_version)

    assert (first.status, second.status, second.version) == (PlanStatus.REPLACED, PlanStatus.AGREED, 2)
    assert len(first.rows) == 2
    actions = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
    assert actions == ["plan.create", "plan.propose", "plan.agree"] * 2


def test_nobody_agrees_alone_and_a_colleague_says_how_the_supplier_did() -> None:
    contract = make.contract()
    leader, colleague, supplier = people(contract)
    plan = proposed(contract, leader)
    seen = {"seen_version": plan.row_version}

    with refused(Conflict, "own_plan"):
        service.agree_plan(plan.id, by=leader, **seen)
    with refused(Invalid, "agreement_needs_note"):
        service.agree_plan(plan.id, by=colleague, **seen)
    with refused(Conflict, "plan_of_other_side"):
        service.take_back_plan(plan.id, by=supplier, **seen)
    agreed = service.agree_plan(plan.id, by=colleague, note="Brief van 3 maart", **seen)
    assert (agreed.agreed_by, agreed.agreed_note) == (colleague, "Brief van 3 maart")


def test_a_supplier_does_not_agree_to_what_its_own_side_proposed() -> None:
    contract = make.contract()
    _leader, _colleague, supplier = people(contract)
    other = make.user(Role.SUPPLIER, of=contract.corporation, supplier_=contract.supplier)
    plan = proposed(contract, supplier)

    with refused(Conflict, "plan_of_own_side"):
        service.agree_plan(plan.id, by=other, seen_version=plan.row_version, note="Goed zo")


def test_what_is_not_agreed_to_is_a_draft_again_with_the_reason() -> None:
    contract = make.contract()
    leader, _colleague, supplier = people(contract)
    plan = proposed(contract, supplier)

    plan = service.return_plan(plan.id, by=leader, seen_version=plan.row_version, reason="Eén leerling meer.")
    assert (plan.status, plan.proposed_by, plan.returned_reason) == (PlanStatus.DRAFT, None, "Eén leerling meer.")
    with pytest.raises(Stale):
        service.edit_plan(plan.id, SAID, by=supplier, seen_version=1)
    plan = service.edit_plan(plan.id, Said([(PUPIL, "")]), by=supplier, seen_version=plan.row_version)
    assert [row.description for row in plan.rows] == [""]
    service.delete_plan(plan.id, by=supplier, seen_version=plan.row_version)
    assert db.session.scalars(select(Plan)).all() == []


def test_one_version_waits_at_a_time_and_its_efforts_are_right() -> None:
    contract = make.contract()
    leader, colleague, _supplier = people(contract)
    plan = service.write_plan(contract.id, SAID, by=leader)

    assert service.write_plan(contract.id, SAID, by=leader).id == plan.id
    with refused(Conflict, "plan_waits"):
        service.write_plan(contract.id, SAID, by=colleague)
    with refused(Invalid, "plan_empty"):
        service.edit_plan(plan.id, Said([]), by=leader, seen_version=plan.row_version)
    wrong = PlannedPlacement("no-such-block", 1, Decimal(32), date(2026, 3, 1))
    with pytest.raises(RuleError, match="unknown_block"):
        service.edit_plan(plan.id, Said([(wrong, "")]), by=leader, seen_version=plan.row_version)
    with pytest.raises(NotFound):
        service.edit_plan(plan.id, SAID, by=make.user(), seen_version=plan.row_version)


def test_a_report_says_what_was_confirmed_once_and_stays() -> None:
    contract = make.contract()
    leader, _colleague, supplier = people(contract)
    service.choose_reporting(contract.id, 3, date(2026, 1, 1), by=leader, seen_version=0)

    with refused(Conflict, "report_is_nil"):
        service.report(contract.id, Q1, nil=False, remark="", by=supplier)
    made = service.report(contract.id, Q1, nil=True, remark="Wij beginnen in april.", by=supplier)
    service.remark_on(made.id, "Toch in mei.", by=supplier)
    with refused(Conflict, "period_reported"):
        service.report(contract.id, Q1, nil=True, remark="", by=leader)
    with refused(Conflict, "period_runs"):
        service.report(contract.id, Q4, nil=True, remark="", by=supplier)
    with refused(Conflict, "period_unknown"):
        service.report(contract.id, Period(date(2026, 4, 1), date(2026, 4, 30)), nil=True, remark="", by=supplier)
    assert [(each.is_nil, [r.text for r in each.remarks]) for each in db.session.scalars(select(Report))] == [
        (True, ["Wij beginnen in april.", "Toch in mei."])
    ]


def test_what_was_handed_in_for_a_period_makes_it_no_nil_report() -> None:
    contract = make.contract()
    leader, _colleague, supplier = people(contract)
    service.choose_reporting(contract.id, None, date(2026, 1, 1), by=leader, seen_version=0)
    make.placement(contract, status=Status.DRAFT, starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 31))
    make.placement(contract, status=Status.APPROVED, starts_on=date(2026, 4, 6), ends_on=date(2026, 5, 31))

    assert service.report(contract.id, Q1, nil=True, remark="", by=supplier).is_nil
    with refused(Conflict, "report_not_nil"):
        service.report(contract.id, Period(date(2026, 4, 1), date(2026, 6, 30)), nil=True, remark="", by=supplier)


def test_overdue_are_the_periods_past_their_day_of_contracts_that_owe_something() -> None:
    contract, small = make.contract(), make.contract(contract_sum_cents=0)
    for each in (contract, small):
        make.reporting_choice(each)
    make.report(contract)

    [due] = reporting.open_periods([contract, small], date(2026, 11, 24))
    assert due.contract is contract
    assert [(state.days.first, state.days_overdue) for state in due.periods] == [
        (date(2026, 4, 1), 133),
        (date(2026, 7, 1), 41),
    ]
    with refused(Conflict, "contract_has_planning"):
        delete(contract.id, by=make.user(of=contract.corporation), seen_version=contract.row_version)


def test_the_project_leader_accepts_the_handover_and_a_change_is_accepted_anew() -> None:
    contract = make.contract()
    leader, colleague, _supplier = people(contract)
    contract.project_leader = leader
    db.session.commit()
    values = {
        "promised": "Twee leerlingen",
        "promised_cents": 50_000_00,
        "responsible_function": "uitvoerder",
        "responsible_name": "J. de Vries",
        "handed_over_by": "Inkoop",
        "handed_over_on": date(2025, 12, 1),
    }
    made = service.hand_over(contract.id, values, by=colleague, seen_version=0)
    with refused(Conflict, "handover_for_leader"):
        service.accept_handover(made.id, by=colleague, seen_version=made.row_version)
    made = service.accept_handover(made.id, by=leader, seen_version=made.row_version)
    with refused(Conflict, "handover_accepted"):
        service.accept_handover(made.id, by=leader, seen_version=made.row_version)

    changed = values | {"responsible_name": "P. Smit"}
    made = service.hand_over(contract.id, changed, by=colleague, seen_version=made.row_version)
    assert (made.responsible_name, made.accepted_at) == ("P. Smit", None)
    payloads = db.session.scalars(select(AuditPayload))
    logged = "".join(each.before + each.after + each.notes for each in payloads)
    assert "Twee leerlingen" in logged and "Vries" not in logged and "Smit" not in logged


def test_the_database_itself_keeps_two_pairs_of_eyes_and_one_agreed_version() -> None:
    contract, by = make.contract(), make.user()
    came = {"proposed_by": by, "proposed_at": make.NOW, "proposed_for": "supplier", "agreed_at": make.NOW}
    with pytest.raises(IntegrityError, match="four_eyes"):
        make.plan(contract, status="agreed", agreed_by=by, **came)
    db.session.rollback()
    make.plan(contract, status="agreed", agreed_by=make.user(), **came)
    with pytest.raises(IntegrityError):
        make.plan(contract, status="agreed", agreed_by=make.user(), version=2, **came)
