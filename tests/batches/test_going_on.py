"""What stands in the way of a batch, what it does then, and how it goes on; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask_babel import force_locale
from sqlalchemy import select

from app.accounts.models import Language, Membership, Role, User
from app.batches import queries, service, working
from app.batches.failures import causes, failure_of
from app.batches.models import Batch, BatchItem
from app.batches.queries import Progress
from app.contracts import service as contracts
from app.contracts.models import Contract
from app.extensions import db
from app.rules.errors import RuleError
from app.statements import archive
from app.statements import service as statements
from app.statements.models import Statement
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid, Unavailable
from tests import factories as make
from tests.batches.test_working import ON, a_batch, numbers, progress, told

pytestmark = pytest.mark.usefixtures("each_database", "quick")


def first_contract() -> Contract:
    return db.session.scalars(select(Contract).order_by(Contract.number)).all()[0]


def expect_no_number(batch: Batch) -> None:
    items = db.session.scalars(select(BatchItem).where(BatchItem.batch_id == batch.id)).all()
    assert {item.statement_id for item in items} == {None}
    assert not db.session.scalars(select(Statement)).all()


def fail_after_the_number(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    """One item: its number is given out, its file cannot be kept."""

    def full(_content: bytes) -> archive.Stored:
        raise OSError("disk full")

    item_id = working.claim(batch.id)
    assert item_id is not None
    with monkeypatch.context() as failing:
        failing.setattr(archive, "store", full)
        working.issue(item_id)


def test_a_contract_that_is_deleted_goes_out_of_the_batch_that_waits() -> None:
    here, leader, batch = a_batch()
    item_id = working.claim(batch.id)
    assert item_id is not None
    claimed = db.session.get_one(BatchItem, item_id).contract

    contracts.delete(claimed.id, by=leader, seen_version=claimed.row_version)

    working.issue(item_id)  # its worker was at it
    assert progress(batch) == Progress(left=2)
    working.work_through(batch.id)
    assert progress(batch) == Progress(issued=2)
    assert numbers(here) == [1, 2]


def test_a_batch_of_which_all_contracts_were_deleted_is_over() -> None:
    _here, leader, batch = a_batch(1)
    contract = first_contract()
    contracts.delete(contract.id, by=leader, seen_version=contract.row_version)
    assert progress(batch) == Progress()
    assert working.work_through(batch.id) == 0


def _ends(leader: User) -> None:
    for membership in db.session.scalars(select(Membership).where(Membership.user_id == leader.id)):
        membership.ends_on = today() - timedelta(days=1)


def _becomes_auditor(leader: User) -> None:
    for membership in db.session.scalars(select(Membership).where(Membership.user_id == leader.id)):
        membership.role, membership.ends_on = Role.AUDITOR, date(2099, 1, 1)


def _is_deactivated(leader: User) -> None:
    leader.is_active = False


@pytest.mark.parametrize("leave", [_ends, _becomes_auditor, _is_deactivated])
def test_nothing_is_issued_in_the_name_of_who_may_no_longer(leave: Callable[[User], None]) -> None:
    here, leader, batch = a_batch()
    colleague = make.user(Role.PROJECT_LEADER, of=here)
    leave(leader)
    db.session.commit()

    working.work_through(batch.id)

    expect_no_number(batch)
    assert progress(batch) == Progress(failed=3)
    assert f"{leader.name}, in whose name this was asked for, may no longer" in told(batch)
    with pytest.raises(Conflict, match="batch_asker_gone"):
        service.retry(batch.id, by=colleague)
    again = service.ask(here.kvk, ON, Language.DUTCH, again=False, by=colleague)
    working.work_through(again.id)
    assert progress(again) == Progress(issued=3)


def test_a_number_that_was_given_gets_its_paper_also_when_the_asker_left(monkeypatch: pytest.MonkeyPatch) -> None:
    here, leader, batch = a_batch(2)
    colleague = make.user(Role.PROJECT_LEADER, of=here)
    fail_after_the_number(batch, monkeypatch)
    _ends(leader)
    db.session.commit()

    service.retry(batch.id, by=colleague)
    working.work_through(batch.id)

    assert progress(batch) == Progress(issued=1, failed=1)
    assert numbers(here) == [1]


def test_what_failed_after_its_number_and_was_completed_elsewhere_counts_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _here, leader, batch = a_batch()
    fail_after_the_number(batch, monkeypatch)
    assert progress(batch) == Progress(failed=1, left=2)

    assert statements.complete_reserved(by=leader) == 1

    assert progress(batch) == Progress(issued=1, left=2)
    assert queries.failures_of(batch) == []
    assert len(queries.statements_of(batch)) == 1


def test_of_a_stopped_batch_what_has_its_number_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    here, leader, batch = a_batch()
    fail_after_the_number(batch, monkeypatch)
    service.cancel(batch.id, by=leader)
    assert progress(batch) == Progress(failed=1, unmade=2)

    service.retry(batch.id, by=leader)
    working.work_through(batch.id)

    assert progress(batch) == Progress(issued=1, unmade=2)
    assert numbers(here) == [1]
    with pytest.raises(Conflict, match="batch_cancelled"):
        service.retry(batch.id, by=leader)


def test_a_stop_between_the_claim_and_the_number_leaves_no_number() -> None:
    _here, leader, batch = a_batch(1)
    item_id = working.claim(batch.id)
    assert item_id is not None
    service.cancel(batch.id, by=leader)

    working.issue(item_id)

    expect_no_number(batch)
    assert progress(batch) == Progress(unmade=1)
    service.go_on(batch.id, by=leader)
    assert working.claim(batch.id) is not None  # nobody holds it any more


def test_a_stopped_batch_goes_on_with_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    here, leader, batch = a_batch()
    fail_after_the_number(batch, monkeypatch)
    service.cancel(batch.id, by=leader)
    assert [row.number for row in queries.unmade_of(batch)] == ["2026-001", "2026-002"]

    service.go_on(batch.id, by=leader)
    service.go_on(batch.id, by=leader)

    assert batch.cancelled_by is None
    assert progress(batch) == Progress(left=3)
    working.work_through(batch.id)
    assert progress(batch) == Progress(issued=3)
    assert numbers(here) == [1, 2, 3]


def test_nobody_goes_on_in_the_name_of_who_left() -> None:
    here, leader, batch = a_batch(1)
    colleague = make.user(Role.PROJECT_LEADER, of=here)
    service.cancel(batch.id, by=leader)
    _ends(leader)
    db.session.commit()
    with pytest.raises(Conflict, match="batch_asker_gone"):
        service.go_on(batch.id, by=colleague)
    assert progress(batch) == Progress(unmade=1)


def test_who_goes_on_gives_no_second_number_to_what_was_issued_meanwhile() -> None:
    here, leader, batch = a_batch(2)
    service.cancel(batch.id, by=leader)
    statements.issue(first_contract(), ON, by=leader)

    service.go_on(batch.id, by=leader)
    working.work_through(batch.id)

    assert progress(batch) == Progress(issued=1, failed=1)
    assert "otherwise meanwhile" in told(batch)
    assert numbers(here) == [1, 2]


def test_a_contract_is_in_by_its_end_in_force() -> None:
    here = make.corporation()
    leader = make.user(Role.PROJECT_LEADER, of=here)
    long = {"starts_on": date(2023, 1, 1), "ends_on": date(2027, 12, 31)}
    ended = make.contract(here, number="ended", **long)
    make.amendment(ended, effective_on=date(2024, 1, 1), new_end=date(2024, 6, 30))
    prolonged = make.contract(here, number="prolonged", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    make.amendment(prolonged, effective_on=date(2025, 1, 1), new_end=date(2026, 3, 31))
    shortened = make.contract(here, number="shortened", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    make.amendment(shortened, effective_on=date(2024, 1, 1), reference="1", new_end=date(2026, 12, 31))
    make.amendment(shortened, effective_on=date(2024, 6, 1), reference="2", new_end=date(2024, 12, 31))

    assert service.contracts_for(here, ON, again=False) == [prolonged.id]
    assert len(service.contracts_for(here, date(2024, 5, 31), again=False)) == 3
    assert progress(service.ask(here.kvk, ON, Language.DUTCH, again=False, by=leader)).total == 1


def test_no_number_is_given_for_a_day_that_is_yet_to_come() -> None:
    here, leader, _batch = a_batch(1)
    tomorrow = today() + timedelta(days=1)
    with pytest.raises(Invalid, match="day_ahead"):
        service.ask(here.kvk, tomorrow, Language.DUTCH, again=True, by=leader)
    assert service.contracts_for(here, today(), again=True)


def test_a_refusal_says_why_nothing_is_left() -> None:
    here, leader, batch = a_batch(2)

    def why(on: date = ON) -> str:
        with pytest.raises(Invalid) as refusal:
            service.contracts_for(here, on, again=False)
        return refusal.value.code

    assert why(date(2001, 1, 1)) == "batch_none_ran"
    assert why() == "batch_all_coming"
    service.cancel(batch.id, by=leader)
    statements.issue(first_contract(), ON, by=leader)
    rest = service.ask(here.kvk, ON, Language.DUTCH, again=False, by=leader)
    assert why() == "batch_all_served"
    working.work_through(rest.id)
    assert why() == "batch_all_issued"


def test_how_long_still_follows_from_what_was_made_without_pauses() -> None:
    here, _leader, batch = a_batch(6)
    assert queries.seconds_each(batch) is None
    with time_machine.travel(now(), tick=False) as clock:
        for seconds in (4, 4, 600, 2, 2):
            item_id = working.claim(batch.id)
            assert item_id is not None
            clock.shift(seconds)
            working.issue(item_id)

    assert progress(batch) == Progress(issued=5, left=1)
    assert queries.seconds_each(batch) == pytest.approx(8 / 3)
    assert queries.seconds_usual(here, 2) == pytest.approx(8 / 3)
    assert queries.seconds_usual(make.corporation(), 2) == pytest.approx(1)


def test_a_batch_that_nobody_works_on_says_since_when() -> None:
    _here, leader, batch = a_batch(2)
    asked = now()
    assert queries.idle_since(batch) is None
    with time_machine.travel(asked + timedelta(hours=1), tick=False) as clock:
        since = queries.idle_since(batch)
        assert since is not None
        assert abs(since - asked) < timedelta(minutes=1)
        assert not queries.workers_are_busy()

        service.cancel(batch.id, by=leader)
        service.go_on(batch.id, by=leader)
        assert queries.idle_since(batch) is None  # it was woken just now

        clock.shift(timedelta(hours=1))
        assert queries.idle_since(batch) is not None
        working.claim(batch.id)
        assert queries.idle_since(batch) is None
        clock.shift(timedelta(minutes=3))
        assert queries.idle_since(batch) is not None  # whoever held it does not come back

        _there, _other, another = a_batch(1)
        working.claim(another.id)
        assert queries.workers_are_busy()


def test_causes_are_told_once_each_and_shortly_to_who_cannot_mend_them() -> None:
    _here, _leader, batch = a_batch()
    for item, error in zip(
        db.session.scalars(select(BatchItem).order_by(BatchItem.id)),
        [
            Unavailable("seal_closed", file="keys/1.p12"),
            Unavailable("seal_closed", file="keys/1.p12"),
            ZeroDivisionError(),
        ],
        strict=True,
    ):
        item.failure = failure_of(error)
    db.session.commit()

    with force_locale("en"):
        seal, program = causes(queries.failures_of(batch), to_administrator=True)
        (short,) = causes(queries.failures_of(batch), to_administrator=False)
    assert "keys/1.p12" in seal.words
    assert [row.number for row in seal.contracts] == ["2026-000", "2026-001"]
    assert "the log of the program" in program.words
    assert "administrator" in short.words
    assert "keys" not in short.words
    assert len(short.contracts) == 3


def test_a_cause_keeps_its_days_and_is_read_also_from_before() -> None:
    _here, _leader, batch = a_batch(1)
    item = db.session.scalars(select(BatchItem)).one()
    for failure, words in [
        (failure_of(RuleError("end_before_start", starts_on=date(2026, 5, 1))), "1 May 2026"),
        ("The words of before.", "The words of before."),
        ('{"code": "no_such_code", "values": {}}', "log"),
    ]:
        item.failure = failure
        db.session.commit()
        assert words in told(batch, to_administrator=True)
