"""What workers do with a batch: every number once and without gap, whoever dies in between; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.accounts.models import Corporation, Language, Role, User
from app.batches import queries, service, working
from app.batches.failures import causes
from app.batches.models import Batch, BatchItem
from app.batches.queries import Progress
from app.batches.queue import queue_of
from app.extensions import db
from app.statements import archive
from app.statements import service as statements
from app.statements.models import Statement, StatementState
from app.web.clock import now
from app.web.errors import Conflict, Invalid, NotFound
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database", "quick")

ON = date(2026, 6, 30)


def a_batch(contracts: int = 3) -> tuple[Corporation, User, Batch]:
    here = make.corporation()
    leader = make.user(Role.PROJECT_LEADER, of=here, language=Language.ENGLISH)
    for number in range(contracts):
        make.contract(here, number=f"2026-{number:03}")
    return here, leader, service.ask(here.kvk, ON, Language.DUTCH, again=False, by=leader)


def progress(batch: Batch) -> Progress:
    return queries.progress_of([batch])[batch.id]


def told(batch: Batch, *, to_administrator: bool = False) -> str:
    """Why the statements of a batch could not be made, when there is one cause."""
    with force_locale("en"):
        (cause,) = causes(queries.failures_of(batch), to_administrator=to_administrator)
    return cause.words


def numbers(corporation: Corporation) -> list[int]:
    wanted = select(Statement.sequence).where(Statement.corporation_id == corporation.id)
    return list(db.session.scalars(wanted.order_by(Statement.sequence)))


def test_every_contract_that_ran_in_the_year_gets_its_statement() -> None:
    here, leader, batch = a_batch()
    make.contract(here, number="2020-001", starts_on=date(2020, 1, 1), ends_on=date(2021, 12, 31))
    make.contract(here, number="2027-001", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31))

    assert progress(batch) == Progress(left=3)
    with pytest.raises(Invalid, match="batch_all_coming"):  # what this one is to make, a second one does not make again
        service.ask(here.kvk, ON, Language.DUTCH, again=False, by=leader)
    assert working.work_through(batch.id) == 3

    assert progress(batch) == Progress(issued=3)
    made = queries.statements_of(batch)
    assert [(each.contract.number, each.on) for each in made if each.contract] == [
        (f"2026-{number:03}", ON) for number in range(3)
    ]
    assert {each.issued_by_id for each in made} == {leader.id}
    assert numbers(here) == [1, 2, 3]
    with pytest.raises(Invalid, match="batch_all_issued"):
        service.ask(here.kvk, ON, Language.DUTCH, again=False, by=leader)
    again = service.ask(here.kvk, ON, Language.DUTCH, again=True, by=leader)
    assert progress(again).left == 3


def test_what_a_dead_worker_held_is_finished_under_the_number_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    here, _leader, batch = a_batch()

    def killed(_content: bytes) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(archive, "store", killed)
        with pytest.raises(KeyboardInterrupt):
            working.work_through(batch.id)

    assert numbers(here) == [1]
    assert working.work_through(batch.id) == 2  # the others; the dead one's is held for a while
    assert queries.left_over(now()) == []
    with time_machine.travel(now() + working.HELD_FOR + timedelta(seconds=1), tick=False):
        assert queries.left_over(now()) == [batch.id]
        assert working.work_through(batch.id) == 1
    assert numbers(here) == [1, 2, 3]
    assert progress(batch) == Progress(issued=3)


def test_a_consumer_that_begins_frees_what_its_machine_held() -> None:
    _here, _leader, batch = a_batch(1)
    assert working.claim(batch.id) is not None
    assert working.claim(batch.id) is None

    working.let_go_of_ours()

    assert working.claim(batch.id) is not None


def test_two_workers_share_a_batch(each_database: Flask) -> None:
    here, _leader, batch = a_batch(6)
    batch_id = batch.id
    db.session.rollback()

    def work() -> int:
        with each_database.app_context():
            return working.work_through(batch_id)

    with ThreadPoolExecutor(2) as pool:
        made = [each.result() for each in [pool.submit(work) for _ in range(2)]]

    assert sum(made) == 6
    assert numbers(here) == [1, 2, 3, 4, 5, 6]


def test_a_stopped_batch_gives_no_more_numbers_and_finishes_those_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    here, leader, batch = a_batch()
    item_id = working.claim(batch.id)
    assert item_id is not None
    with monkeypatch.context() as dying:
        dying.setattr(statements, "complete", lambda _number, by: None)
        working.issue(item_id)

    service.cancel(batch.id, by=leader)
    service.cancel(batch.id, by=leader)
    working.let_go_of_ours()
    assert progress(batch) == Progress(left=1, unmade=2)
    working.work_through(batch.id)

    assert progress(batch) == Progress(issued=1, unmade=2)
    assert numbers(here) == [1]
    with pytest.raises(Conflict, match="batch_cancelled"):
        service.retry(batch.id, by=leader)


def test_what_cannot_be_made_says_why_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    here, leader, batch = a_batch()

    def store(content: bytes) -> archive.Stored:
        if b"0002" in content:
            raise OSError("disk full")
        return whole(content)

    whole = archive.store
    with monkeypatch.context() as full:
        full.setattr(archive, "store", store)
        working.work_through(batch.id)

    assert progress(batch) == Progress(issued=2, failed=1)
    (failure,) = queries.failures_of(batch)
    assert failure.number == "2026-001"
    assert "the log of the program" in told(batch, to_administrator=True)
    service.retry(batch.id, by=leader)
    assert working.work_through(batch.id) == 1
    assert numbers(here) == [1, 2, 3]
    assert progress(batch) == Progress(issued=3)
    with pytest.raises(Conflict, match="batch_done"):
        service.cancel(batch.id, by=leader)


def test_a_batch_is_for_who_issues_statements_there() -> None:
    here, _leader, batch = a_batch(1)
    for stranger in (make.user(Role.AUDITOR, of=here), make.user(Role.PROJECT_LEADER, of=make.corporation())):
        for act in (service.cancel, service.retry):
            with pytest.raises(NotFound):
                act(batch.id, by=stranger)
        with pytest.raises(NotFound):
            service.ask(here.kvk, ON, Language.DUTCH, again=False, by=stranger)
    assert db.session.scalars(select(BatchItem)).one().statement_id is None
    assert not db.session.scalars(select(Statement).where(Statement.state == StatementState.ISSUED)).all()


def test_the_queue_is_kept_on_postgresql_by_setting(each_database: Flask, postgresql_url: str) -> None:
    config = replace(each_database.config["WEDERDIENST"], queue_url=postgresql_url.replace("+psycopg", ""), workers=3)
    each_database.config["WEDERDIENST"] = config
    queue = queue_of(each_database)

    queue.wake(7)

    assert queue.huey.pending_count() == 3
    queue.huey.storage.close()
