"""Excusing and settling by two people, and what became of people after a project."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Role, User
from app.assessments.queries import assessment_of
from app.audit.models import AuditRecord
from app.closing import after, queries, service
from app.closing.models import Became, Settlement, SettlementState
from app.contracts.models import Contract
from app.contracts.service import delete
from app.contributions.service import approve
from app.editing.effects import effects_of
from app.extensions import db
from app.rules import RuleError
from app.rules.dates import add_months
from app.rules.dossier import Status
from app.statements.in_force import withdraw_final
from app.web.clock import today
from app.web.errors import Conflict, DomainError, Invalid, NotFound, Stale
from tests import factories as make
from tests.closing.ended import ENDED, SHORT, days_ago, ended_contract

pytestmark = pytest.mark.usefixtures("inside")
on_both_databases = pytest.mark.usefixtures("each_database")

SAID = {"reason": "Het werk is stilgelegd.", "effort": "Drie vacatures, geen kandidaten."}


@pytest.fixture
def inside(request: pytest.FixtureRequest) -> Iterator[None]:
    """In an application, on SQLite where a test does not ask for both databases."""
    if "each_database" in request.fixturenames:
        yield
        return
    with request.getfixturevalue("app").app_context():
        yield


def two(contract: Contract) -> tuple[User, User]:
    """A project leader and an administrator of the corporation."""
    return make.user(of=contract.corporation), make.user(Role.ADMINISTRATOR, of=contract.corporation)


def refused(error: type[Exception], code: str) -> pytest.RaisesExc[Exception]:
    return pytest.RaisesExc(error, check=lambda raised: getattr(raised, "code", "") == code)


def excused(contract: Contract, by: User) -> Contract:
    return service.propose_excuse(contract.id, **SAID, by=by, seen_version=contract.row_version)


def penalty(contract: Contract) -> int:
    closing = assessment_of(contract, today()).closing
    assert closing is not None
    return closing.penalty_cents


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)))


# The excuse


@on_both_databases
def test_an_excuse_counts_once_a_second_person_agrees() -> None:
    contract = ended_contract()
    leader, administrator = two(contract)

    excused(contract, leader)
    assert (penalty(contract), contract.is_excused) == (SHORT, False)
    service.agree_excuse(contract.id, by=administrator, seen_version=contract.row_version)

    assert (penalty(contract), contract.is_excused) == (0, True)
    assert (contract.excused_by, contract.excused_approved_by) == (leader, administrator)
    assert actions() == ["excuse.propose", "excuse.agree"]


def test_what_agreeing_does_is_shown_before_and_saves_nothing() -> None:
    contract = ended_contract()
    leader, administrator = two(contract)
    seen = excused(contract, leader).row_version

    (effect,) = effects_of(lambda: service.agree_excuse(contract.id, by=administrator, seen_version=seen), today())

    assert effect.before and effect.before.closing and effect.after.closing
    assert (effect.moves, effect.before.closing.penalty_cents, effect.after.closing.penalty_cents) == (True, SHORT, 0)
    assert not db.session.get_one(Contract, contract.id).is_excused


@pytest.mark.parametrize("role", [Role.PROJECT_LEADER, Role.ADMINISTRATOR])
def test_nobody_agrees_to_what_they_proposed(role: Role) -> None:
    contract = ended_contract()
    person = make.user(role, of=contract.corporation)
    excused(contract, person)

    with refused(Conflict, "own_excuse"):
        service.agree_excuse(contract.id, by=person, seen_version=contract.row_version)
    contract.excused_approved_by, contract.excused_approved_at = person, contract.excused_at
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_whoever_changes_a_proposal_makes_it_theirs() -> None:
    contract = ended_contract()
    leader, administrator = two(contract)
    excused(contract, leader)
    service.propose_excuse(
        contract.id, reason="Anders", effort="x", by=administrator, seen_version=contract.row_version
    )

    with refused(Conflict, "own_excuse"):
        service.agree_excuse(contract.id, by=administrator, seen_version=contract.row_version)
    service.agree_excuse(contract.id, by=leader, seen_version=contract.row_version)


def test_an_excuse_is_withdrawn_and_the_penalty_counts_again() -> None:
    contract = ended_contract()
    leader, administrator = two(contract)
    excused(contract, leader)
    service.agree_excuse(contract.id, by=administrator, seen_version=contract.row_version)

    service.withdraw_excuse(contract.id, by=leader, seen_version=contract.row_version)

    assert (penalty(contract), contract.excused_reason, contract.excused_effort) == (SHORT, None, None)


def test_an_excuse_that_cannot_be_is_refused() -> None:
    running, short = ended_contract(ended=-30), ended_contract()
    leader, administrator = two(short)
    outsider = make.user(Role.SUPPLIER, of=short.corporation, supplier_=short.supplier)

    with refused(Conflict, "nothing_to_excuse"):
        excused(running, make.user(of=running.corporation))
    with refused(Conflict, "no_excuse"):
        service.agree_excuse(short.id, by=leader, seen_version=short.row_version)
    with pytest.raises(NotFound):
        excused(short, outsider)
    seen = short.row_version
    excused(short, leader)
    with pytest.raises(Stale):
        service.agree_excuse(short.id, by=administrator, seen_version=seen)


# The settlement


def settled(contract: Contract, first: User, second: User, instalment: int | None = 5_000_00) -> Settlement:
    made = service.propose(contract.id, instalment_cents=instalment, note="", by=first)
    return service.confirm(contract.id, by=second, seen_version=made.row_version)


@on_both_databases
def test_two_people_settle_a_contract_and_its_amounts_are_frozen() -> None:
    contract = ended_contract()
    made = settled(contract, *two(contract))

    assert (made.state, made.shortfall_cents, made.penalty_cents) == (SettlementState.SETTLED, SHORT, SHORT)
    assert (made.deducted_cents, made.claimed_cents) == (5_000_00, 3_103_42)
    assert made.dossier is not None and made.dossier.is_kept
    assert actions() == ["settlement.propose", "settlement.confirm"]
    with pytest.raises(IntegrityError):
        db.session.execute(update(Settlement).values(deducted_cents=1, claimed_cents=SHORT - 1))
    db.session.rollback()


def test_the_same_proposal_twice_is_one_and_another_is_refused() -> None:
    contract = ended_contract()
    leader, administrator = two(contract)
    first = service.propose(contract.id, instalment_cents=0, note="", by=leader)

    assert service.propose(contract.id, instalment_cents=0, note="", by=leader) is first
    with refused(Conflict, "settlement_waits"):
        service.propose(contract.id, instalment_cents=1, note="", by=leader)
    with refused(Conflict, "own_settlement"):
        service.confirm(contract.id, by=leader, seen_version=first.row_version)
    with refused(Conflict, "already_settled"):
        excused(contract, administrator)


def test_a_contract_with_a_settlement_stays() -> None:
    contract = make.contract(starts_on=days_ago(800), ends_on=days_ago(ENDED))
    leader, _ = two(contract)
    service.propose(contract.id, instalment_cents=0, note="", by=leader)

    with refused(Conflict, "contract_has_settlement"):
        delete(contract.id, by=leader, seen_version=contract.row_version)


def test_what_moved_since_the_proposal_is_not_confirmed() -> None:
    contract = ended_contract()
    leader, administrator = two(contract)
    made = service.propose(contract.id, instalment_cents=9_000_00, note="", by=leader)
    late = make.activity(contract, status=Status.SUBMITTED, amount_cents=1_000_00, on=days_ago(ENDED + 5))
    with refused(Conflict, "contributions_wait"):
        service.confirm(contract.id, by=administrator, seen_version=made.row_version)
    approve(late.id, by=leader, seen_version=late.row_version)

    with refused(Conflict, "settlement_moved"):
        service.confirm(contract.id, by=administrator, seen_version=made.row_version)
    service.withdraw(
        contract.id, reason="Nagekomen factuur", by=leader, seen_version=made.row_version, also=withdraw_final
    )
    again = settled(contract, leader, administrator, 9_000_00)

    assert (again.penalty_cents, again.deducted_cents) == (SHORT - 1_000_00, SHORT - 1_000_00)
    assert [each.state for each in queries.settlements_of(contract)] == ["settled", "withdrawn"]
    service.withdraw(contract.id, reason="Bezwaar", by=leader, seen_version=again.row_version, also=withdraw_final)
    assert queries.standing_settlement(contract) is None


@pytest.mark.parametrize(
    ("values", "error", "code"),
    [
        ({"ended": -30}, RuleError, "term_not_over"),
        ({"ended": 30}, Conflict, "repair_period_runs"),
        ({"ended": 90}, Conflict, "repair_period_runs"),
        ({}, RuleError, "instalment_missing"),
    ],
)
def test_a_settlement_that_cannot_be_yet_is_refused(values: dict[str, int], error: type[Exception], code: str) -> None:
    contract = ended_contract(**values)

    with refused(error, code):
        service.propose(contract.id, instalment_cents=None, note="", by=make.user(of=contract.corporation))


def test_without_a_penalty_there_is_nothing_to_deduct() -> None:
    fulfilled, short = ended_contract(ended=1, done=70_000_00), ended_contract(ended=10)
    leader, administrator = two(short)
    excused(short, leader)
    with refused(Conflict, "excuse_undecided"):
        service.propose(short.id, instalment_cents=None, note="", by=administrator)
    service.agree_excuse(short.id, by=administrator, seen_version=short.row_version)

    for contract, people in ((fulfilled, two(fulfilled)), (short, (leader, administrator))):
        made = settled(contract, *people, None)
        assert (made.penalty_cents, made.deducted_cents, made.instalment_cents) == (0, 0, None)


# After the project


def test_what_became_of_a_person_is_recorded_by_the_supplier_and_changed() -> None:
    contract = ended_contract(ended=200)
    supplier = make.user(Role.SUPPLIER, of=contract.corporation, supplier_=contract.supplier)
    placement = make.placement(contract, status=Status.APPROVED, starts_on=days_ago(400), ends_on=None)
    asked = add_months(days_ago(200), 3)

    made = after.record(placement.id, became=Became.UNKNOWN, asked_on=asked, by=supplier, seen_version=0)
    assert (made.reference, made.person) == (placement.reference, placement.person)
    after.record(placement.id, became=Became.ELSEWHERE, asked_on=today(), by=supplier, seen_version=made.row_version)

    assert (made.became, made.asked_on) == (Became.ELSEWHERE, today())
    assert actions() == ["after_project.create", "after_project.edit"]
    for day, code in ((asked - timedelta(days=1), "asked_too_early"), (today() + timedelta(days=1), "asked_in_future")):
        with refused(Invalid, code):
            after.record(placement.id, became=Became.UNKNOWN, asked_on=day, by=supplier, seen_version=2)


def test_what_became_of_a_person_waits_for_three_months() -> None:
    contract = ended_contract(ended=80)
    leader, _ = two(contract)
    fresh = make.placement(contract, status=Status.APPROVED, starts_on=days_ago(400), ends_on=days_ago(60))
    draft = make.placement(contract, starts_on=days_ago(400), ends_on=days_ago(300))
    for placement, code in ((fresh, "placement_too_fresh"), (draft, "placement_not_approved")):
        with refused(DomainError, code):
            after.record(placement.id, became=Became.UNKNOWN, asked_on=today(), by=leader, seen_version=0)


@on_both_databases
def test_in_totals_each_person_counts_once_by_the_last_answer() -> None:
    contract = make.contract()
    moved = make.person(contract.supplier)
    for became, person in [(Became.ELSEWHERE, None)] * 6 + [(Became.UNKNOWN, moved), (Became.AT_SUPPLIER, moved)]:
        placement = make.placement(contract, status=Status.APPROVED, person_=person or make.person(contract.supplier))
        make.after_project(placement, became=became, asked_on=date(2026, 3, 1))

    found = queries.after_projects_in(contract.corporation, 2026)
    assert (found.total, set(found.numbers.values())) == (7, {None})
    assert queries.after_projects_in(contract.corporation, 2025).total is None
