"""Entering, correcting, approving, rejecting and withdrawing contributions, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Role, User
from app.assessments.queries import assessment_of
from app.audit.models import AuditRecord
from app.contracts.models import Contract
from app.contributions import queries, service
from app.contributions.models import Activity, ApprovedHow, Contribution, Person, Placement
from app.extensions import db
from app.rules import RuleError
from app.rules import dossier as facts
from app.rules.dossier import Status
from app.web.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database")

AS_OF = date(2026, 11, 24)
PLACED = facts.Placement(
    reference="",
    person="SR-0001",
    block="participatiewet",
    starts_on=date(2026, 2, 1),
    hours=(facts.Hours(date(2026, 2, 1), Decimal("28.8")),),
    status=Status.DRAFT,
    ends_on=date(2026, 10, 31),
)
BOUGHT = facts.Activity("", "social-purchase", date(2026, 6, 18), Status.DRAFT, amount_cents=11_183_95)


def people(contract: Contract) -> tuple[User, User]:
    """Two project leaders of the contract's corporation."""
    return make.user(of=contract.corporation), make.user(of=contract.corporation)


def submitted(contract: Contract, by: User, entered: facts.Placement = PLACED) -> Placement:
    made = service.submit(contract.id, entered, by=by)
    assert isinstance(made, Placement)
    return made


def approved(contract: Contract, by: User, colleague: User, entered: facts.Placement = PLACED) -> Contribution:
    made = submitted(contract, by, entered)
    return service.approve(made.id, by=colleague, seen_version=made.row_version)


def actions() -> list[tuple[str, str | None]]:
    rows = db.session.scalars(select(AuditRecord).order_by(AuditRecord.id))
    return [(row.action, row.object_kind) for row in rows]


def test_a_submitted_placement_is_pending_and_an_approved_one_is_credited() -> None:
    contract = make.contract()
    leader, colleague = people(contract)

    placement = submitted(contract, leader)
    assert (placement.reference, placement.version, placement.status) == ("P1", 1, Status.SUBMITTED)
    assert placement.person.reference == "SR-0001"
    pending = assessment_of(contract, AS_OF)
    assert (pending.pending_cents, pending.credited_cents) == (24_000_00, 0)

    service.approve(placement.id, by=colleague, seen_version=placement.row_version)
    assert (placement.status, placement.approved_by, placement.approved_how) == (
        Status.APPROVED,
        colleague,
        ApprovedHow.REVIEW,
    )
    after = assessment_of(contract, AS_OF)
    assert (after.pending_cents, after.credited_cents) == (0, 24_000_00)
    assert [action for action, _ in actions()] == ["placement.submit", "placement.approve"]


def test_an_activity_goes_the_same_way() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    activity = service.submit(contract.id, BOUGHT, by=leader)
    assert isinstance(activity, Activity)
    assert activity.reference == "A1"

    service.approve(activity.id, by=colleague, seen_version=activity.row_version)
    assert assessment_of(contract, AS_OF).credited_cents == 11_183_95


def test_a_contribution_goes_on_with_the_references_of_the_contract() -> None:
    contract = make.contract()
    make.placement(contract, reference="W-1090")
    make.activity(contract, reference="I-0031")
    leader, _ = people(contract)
    assert submitted(contract, leader).reference == "W-1091"
    assert service.submit(contract.id, BOUGHT, by=leader).reference == "I-0032"


def test_a_person_is_found_by_the_suppliers_reference_or_made() -> None:
    contract = make.contract()
    known = make.person(contract.supplier, "SR-0001")
    make.person(reference="SR-0001")
    leader, _ = people(contract)
    assert submitted(contract, leader).person == known
    assert submitted(contract, leader, replace(PLACED, person="SR-0002")).person.supplier == contract.supplier


def test_the_log_does_not_hold_the_persons_reference() -> None:
    contract = make.contract()
    leader, _ = people(contract)
    submitted(contract, leader)
    payloads = [record.payload for record in db.session.scalars(select(AuditRecord))]
    assert payloads
    assert not any("SR-0001" in payload.after for payload in payloads if payload)


@pytest.mark.parametrize("role", [Role.PROJECT_LEADER, Role.ADMINISTRATOR])
def test_nobody_approves_or_rejects_what_they_entered(role: Role) -> None:
    contract = make.contract()
    by = make.user(role, of=contract.corporation)
    own = submitted(contract, by)
    with pytest.raises(service.OwnEntry):
        service.approve(own.id, by=by, seen_version=own.row_version)
    with pytest.raises(service.OwnEntry):
        service.reject(own.id, by=by, seen_version=own.row_version, reason="Toch niet")
    assert own.status is Status.SUBMITTED


def test_a_rejected_contribution_keeps_its_reason_and_counts_nothing() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    placement = submitted(contract, leader)
    service.reject(placement.id, by=colleague, seen_version=placement.row_version, reason="Het bewijsstuk ontbreekt.")
    assert (placement.status, placement.rejected_reason) == (Status.REJECTED, "Het bewijsstuk ontbreekt.")
    assert assessment_of(contract, AS_OF).pending_cents == 0


def test_what_was_judged_is_not_judged_again() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    placement = submitted(contract, leader)
    seen = placement.row_version
    service.approve(placement.id, by=colleague, seen_version=seen)
    with pytest.raises(service.WrongStatus):
        service.reject(placement.id, by=colleague, seen_version=seen, reason="Te laat")
    with pytest.raises(service.WrongStatus):
        service.approve(placement.id, by=colleague, seen_version=placement.row_version)


def test_who_saw_an_older_version_approves_nothing() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    placement = submitted(contract, leader)
    with pytest.raises(Stale):
        service.approve(placement.id, by=colleague, seen_version=placement.row_version + 1)
    assert placement.status is Status.SUBMITTED


def test_only_who_may_enter_enters_and_only_who_may_judge_judges() -> None:
    contract = make.contract()
    leader, _ = people(contract)
    elsewhere, auditor = make.user(), make.user(Role.AUDITOR, of=contract.corporation)
    supplier = make.user(None)
    make.membership(supplier, Role.SUPPLIER, of=contract.corporation, supplier_=contract.supplier)
    other_supplier = make.user(Role.SUPPLIER, of=contract.corporation)
    for stranger in (elsewhere, auditor, other_supplier):
        with pytest.raises(NotFound):
            service.submit(contract.id, PLACED, by=stranger)
    placement = submitted(contract, supplier)
    for stranger in (elsewhere, auditor, other_supplier, supplier):
        with pytest.raises(NotFound):
            service.approve(placement.id, by=stranger, seen_version=placement.row_version)
    service.approve(placement.id, by=leader, seen_version=placement.row_version)
    assert placement.entered_by == supplier


def test_a_correction_counts_only_once_it_is_approved_and_the_old_version_stays() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    first = approved(contract, leader, colleague)

    shorter = replace(PLACED, ends_on=date(2026, 6, 30))
    second = service.correct(first.id, shorter, by=leader, seen_version=first.row_version)
    assert (second.reference, second.version, second.status, second.replaces) == ("P1", 2, Status.SUBMITTED, first)
    assert first.status is Status.APPROVED
    assert assessment_of(contract, AS_OF).credited_cents == 24_000_00

    service.approve(second.id, by=colleague, seen_version=second.row_version)
    assert (first.status, first.withdrawn_by, first.approved_by) == (Status.WITHDRAWN, colleague, colleague)
    assert isinstance(first, Placement)
    assert first.ends_on == date(2026, 10, 31)
    assert assessment_of(contract, AS_OF).credited_cents == 13_333_33


def test_a_rejected_correction_leaves_the_approved_version_as_it_is() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    first = approved(contract, leader, colleague)
    second = service.correct(first.id, replace(PLACED, ends_on=None), by=leader, seen_version=first.row_version)
    service.reject(second.id, by=colleague, seen_version=second.row_version, reason="Is gestopt")
    assert assessment_of(contract, AS_OF).credited_cents == 24_000_00

    third = service.correct(second.id, PLACED, by=leader, seen_version=second.row_version)
    assert (third.version, third.replaces) == (3, second)


def test_only_one_correction_waits_at_a_time() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    first = approved(contract, leader, colleague)
    second = service.correct(first.id, PLACED, by=leader, seen_version=first.row_version)
    with pytest.raises(Conflict, match="correction_waits"):
        service.correct(first.id, PLACED, by=colleague, seen_version=first.row_version)

    third = service.correct(second.id, PLACED, by=colleague, seen_version=second.row_version)
    assert (second.status, third.version, third.status) == (Status.WITHDRAWN, 3, Status.SUBMITTED)


def test_ones_own_draft_is_gone_on_with_and_a_colleagues_gets_a_new_version() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    draft = service.save_draft(contract.id, PLACED, by=leader)
    assert (draft.status, draft.submitted_at) == (Status.DRAFT, None)

    longer = replace(
        PLACED, hours=(*PLACED.hours, facts.Hours(date(2026, 5, 1), Decimal(36))), bonuses=("bonus-50plus",)
    )
    same = service.correct(draft.id, longer, by=leader, seen_version=draft.row_version, status=Status.DRAFT)
    assert same == draft
    assert isinstance(same, Placement)
    assert [each.hours for each in same.hours] == [Decimal("28.8"), Decimal(36)]

    next_one = service.correct(draft.id, PLACED, by=colleague, seen_version=same.row_version)
    assert (next_one.version, next_one.entered_by, draft.status) == (2, colleague, Status.WITHDRAWN)


def test_a_correction_of_what_somebody_else_changed_is_stale() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    placement = submitted(contract, leader)
    seen = placement.row_version
    service.reject(placement.id, by=colleague, seen_version=seen, reason="Nee")
    with pytest.raises(Stale):
        service.correct(placement.id, PLACED, by=leader, seen_version=seen)


def test_the_same_form_sent_twice_makes_one_contribution_and_other_values_make_another() -> None:
    contract = make.contract()
    leader, _ = people(contract)
    key = uuid4()
    first = service.submit(contract.id, PLACED, by=leader, key=key)
    assert service.submit(contract.id, PLACED, by=leader, key=key) == first
    assert service.submit(contract.id, replace(PLACED, person="SR-2"), by=leader, key=key) != first
    assert len(actions()) == 2


def test_a_correction_sent_twice_makes_one_version() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    first = approved(contract, leader, colleague)
    key, seen = uuid4(), first.row_version
    second = service.correct(first.id, PLACED, by=leader, seen_version=seen, key=key)
    assert service.correct(first.id, PLACED, by=leader, seen_version=seen, key=key) == second
    draft = service.save_draft(contract.id, replace(PLACED, person="SR-2"), by=leader)
    seen, submit = draft.row_version, {"by": leader, "key": uuid4()}
    other = replace(PLACED, person="SR-2")
    sent = service.correct(draft.id, other, seen_version=seen, **submit)  # type: ignore[arg-type]
    assert service.correct(draft.id, other, seen_version=seen, **submit) == sent == draft  # type: ignore[arg-type]


def test_who_may_enter_withdraws_what_waits_and_only_who_may_judge_what_is_approved() -> None:
    contract = make.contract()
    leader, _ = people(contract)
    supplier = make.user(None)
    make.membership(supplier, Role.SUPPLIER, of=contract.corporation, supplier_=contract.supplier)
    waiting = submitted(contract, supplier)
    service.withdraw(waiting.id, by=supplier, seen_version=waiting.row_version)
    assert waiting.status is Status.WITHDRAWN
    with pytest.raises(service.WrongStatus):
        service.withdraw(waiting.id, by=supplier, seen_version=waiting.row_version)

    counted = approved(contract, supplier, leader)
    with pytest.raises(Forbidden):
        service.withdraw(counted.id, by=supplier, seen_version=counted.row_version)
    service.withdraw(counted.id, by=leader, seen_version=counted.row_version)
    assert assessment_of(contract, AS_OF).credited_cents == 0


def elsewhere(contract: Contract) -> tuple[Contract, User, User]:
    """A contract of another corporation with the same supplier, and two of its people."""
    other = make.corporation(name="Andere corporatie")
    make.record(contract.supplier, other)
    second = make.contract(other, contract.supplier, number="GEHEIM-7")
    return second, *people(second)


def test_one_person_is_not_placed_for_over_100_percent_also_over_corporations() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    approved(contract, leader, colleague, replace(PLACED, share=Decimal(60)))
    second, other_leader, _ = elsewhere(contract)

    with pytest.raises(RuleError, match="share_over_100") as refused:
        submitted(
            second,
            other_leader,
            replace(
                PLACED,
                share=Decimal(50),
                starts_on=date(2026, 10, 1),
                hours=(facts.Hours(date(2026, 10, 1), Decimal(36)),),
            ),
        )
    assert refused.value.values == {"column": "share", "day": date(2026, 10, 1), "percent": Decimal(110)}
    assert db.session.scalar(select(func.count(Person.id))) == 1
    assert submitted(second, other_leader, replace(PLACED, share=Decimal(40))).person.reference == "SR-0001"


def test_a_draft_and_another_suppliers_person_take_no_share() -> None:
    contract = make.contract()
    leader, _ = people(contract)
    service.save_draft(contract.id, PLACED, by=leader)
    make.placement(
        make.contract(contract.corporation), status=Status.APPROVED, person_=make.person(reference="SR-0001")
    )
    assert submitted(contract, leader).status is Status.SUBMITTED


def test_a_person_moves_to_another_contract_and_both_are_submitted_at_once() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    first = approved(contract, leader, colleague, replace(PLACED, ends_on=None))
    second = make.contract(contract.corporation, contract.supplier)
    moved = replace(PLACED, starts_on=date(2026, 8, 1), hours=(facts.Hours(date(2026, 8, 1), Decimal(36)),))
    with pytest.raises(RuleError, match="share_over_100"):
        submitted(second, leader, moved)

    ended = service.correct(
        first.id, replace(PLACED, ends_on=date(2026, 7, 31)), by=leader, seen_version=first.row_version
    )
    begun = submitted(second, leader, moved)
    # As long as the correction is not approved, the first one counts on: the second waits for it.
    with pytest.raises(RuleError, match="share_over_100"):
        service.approve(begun.id, by=colleague, seen_version=begun.row_version)
    service.approve(ended.id, by=colleague, seen_version=ended.row_version)
    assert service.approve(begun.id, by=colleague, seen_version=begun.row_version).status is Status.APPROVED


@pytest.mark.parametrize(
    ("entered", "code"),
    [
        (replace(PLACED, block="unknown"), "unknown_block"),
        (replace(PLACED, ends_on=date(2026, 1, 1)), "end_before_start"),
        (replace(PLACED, hours=(facts.Hours(date(2026, 2, 1), Decimal(61)),)), "hours_out_of_range"),
        (replace(PLACED, bonuses=("bbl",)), "unknown_bonus"),
        (replace(BOUGHT, amount_cents=None), "amount_missing"),
    ],
)
def test_facts_that_cannot_be_assessed_are_refused(entered: facts.Placement | facts.Activity, code: str) -> None:
    contract = make.contract()
    leader, _ = people(contract)
    with pytest.raises(RuleError, match=code):
        service.submit(contract.id, entered, by=leader)
    assert db.session.scalar(select(func.count(Contribution.id))) == 0


@pytest.mark.parametrize(
    "entered",
    [
        replace(PLACED, person="111222333"),
        replace(PLACED, employer="Bakkerij, medewerker 111222333"),
        replace(BOUGHT, description="1112 22 333"),
    ],
)
def test_what_may_be_a_bsn_is_refused(entered: facts.Placement | facts.Activity) -> None:
    contract = make.contract()
    leader, _ = people(contract)
    with pytest.raises(Invalid, match="bsn"):
        service.submit(contract.id, entered, by=leader)


def at_once(app: Flask, act: Callable[[int], object], times: int) -> list[object]:
    """What each of these acts gives or raises, all in threads of their own at the same time."""

    def alone(number: int) -> object:
        with app.app_context():
            try:
                return act(number)
            except (Conflict, RuleError) as refused:
                return type(refused).__name__

    db.session.rollback()  # a reader would keep SQLite's writers from their commit
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


def test_the_same_form_sent_many_times_at_once_makes_one_contribution(each_database: Flask) -> None:
    contract = make.contract()
    leader, _ = people(contract)
    key, contract_id, user_id = uuid4(), contract.id, leader.id

    def send(_number: int) -> int:
        return service.submit(contract_id, PLACED, by=db.session.get_one(User, user_id), key=key).id

    assert len(set(at_once(each_database, send, 8))) == 1


def test_two_corporations_at_once_do_not_place_one_person_twice(each_database: Flask) -> None:
    contract = make.contract()
    leader, _ = people(contract)
    second, other, _ = elsewhere(contract)
    sides = [(contract.id, leader.id), (second.id, other.id)]

    def send(number: int) -> str:
        contract_id, user_id = sides[number]
        return service.submit(contract_id, PLACED, by=db.session.get_one(User, user_id)).status

    assert sorted(map(str, at_once(each_database, send, 2))) == ["RuleError", "submitted"]


def test_lists_start_from_what_somebody_may_judge() -> None:
    contract = make.contract()
    leader, colleague = people(contract)
    stranger, auditor = make.user(), make.user(Role.AUDITOR, of=contract.corporation)
    first = submitted(contract, leader)
    second = service.submit(contract.id, BOUGHT, by=colleague)
    service.save_draft(contract.id, replace(PLACED, person="SR-2"), by=leader)
    assert list(queries.waiting_for(leader)) == [first, second]
    assert queries.number_waiting_for(leader) == 2
    assert not queries.waiting_for(stranger)
    assert not queries.waiting_for(auditor)


def test_persons_are_offered_as_far_as_somebody_sees_their_contracts() -> None:
    contract = make.contract()
    leader, _ = people(contract)
    second, other_leader, _ = elsewhere(contract)
    make.placement(contract, person_=make.person(contract.supplier, "SR-1"))
    make.placement(second, person_=make.person(contract.supplier, "SR-2"))
    make.placement(contract, person_=make.person(contract.supplier, "SR-3"))
    assert queries.last_used_persons(contract, leader) == ["SR-3", "SR-1"]
    assert queries.last_used_persons(second, other_leader) == ["SR-2"]
