"""The retention run: what goes, what stays, and that a run that dies is finished by the next; on both databases."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.assessments.queries import assessment_of
from app.audit.models import AuditPayload, AuditRecord
from app.audit.service import verify_chain
from app.confirmations.models import Answer, Confirmation, Disputed
from app.contracts.models import Contract
from app.contributions.models import Contribution, Person, Placement
from app.evidence.models import Evidence
from app.evidence.store import the_store
from app.extensions import db
from app.mail.models import Mail
from app.retention import queries, service
from app.retention.terms import Hold
from app.rules.dossier import Status
from app.signals.kinds import Kind
from app.signals.queries import signals_on
from app.statements import archive
from app.statements import service as statements
from app.statements.verify import verify
from app.web.errors import Conflict, NotFound, Stale
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database")

LATER = date(2029, 1, 2)
"""More than 24 months after the end of the contracts of the factory."""


@pytest.fixture(autouse=True)
def _later() -> object:
    with time_machine.travel("2029-01-02T09:00:00Z", tick=False) as traveller:
        yield traveller


def an_ended_contract(reference: str = "SR-0042") -> Contract:
    """Fulfilled, with a person, a file and somebody who was asked."""
    contract = make.contract(contract_sum_cents=1_000_00)
    placement = make.placement(contract, status=Status.APPROVED, person_=make.person(contract.supplier, reference))
    make.activity(contract, status=Status.APPROVED)
    make.evidence(contract, placement.reference)
    make.confirmation(placement)
    return contract


def references() -> list[str | None]:
    return list(db.session.scalars(select(Person.reference).order_by(Person.id)))


def test_references_files_and_addresses_go_and_figures_and_papers_stay() -> None:
    contract = an_ended_contract()
    issued = statements.issue(contract, date(2026, 12, 31), by="command line")
    paper, before = archive.read(issued.renditions[0]), assessment_of(contract, LATER)
    kvk = contract.corporation.kvk
    assert not queries.due_of(contract.corporation, date(2028, 12, 30)).lines

    due = service.erase(kvk, by="command line")

    assert (len(due.persons), len(due.files), len(due.addresses)) == (1, 1, 1)
    assert references() == [None]
    row = db.session.scalars(select(Evidence)).one()
    assert row.name is None and row.erased_at is not None
    with pytest.raises(Conflict, match="evidence_missing"):
        the_store().read(row.sha256 or "")
    assert assessment_of(db.session.get_one(Contract, contract.id), LATER) == before
    assert verify(paper).is_valid
    assert verify_chain(contract.corporation).is_sound
    assert queries.due_of(contract.corporation, LATER).is_empty
    (note,) = db.session.scalars(
        select(AuditPayload.notes).join(AuditPayload.record).where(AuditRecord.action == "retention.erase")
    )
    assert json.loads(note) == {"persons": 1, "files": 1, "addresses": 1}


def test_no_reference_is_left_anywhere_in_the_database() -> None:
    contract = an_ended_contract("SR-CANARY-7")

    service.erase(contract.corporation.kvk, by="command line")

    for table in make_tables():
        for row in db.session.execute(select(table)).all():
            assert "SR-CANARY-7" not in repr(tuple(row)), table.name


def make_tables() -> list[object]:
    return list(Person.metadata.sorted_tables)


def test_who_still_works_elsewhere_is_kept() -> None:
    contract = an_ended_contract()
    elsewhere = make.corporation()
    make.record(contract.supplier, elsewhere)
    runs = make.contract(elsewhere, contract.supplier, starts_on=date(2028, 1, 1), ends_on=date(2029, 12, 31))
    person = db.session.scalars(select(Person)).one()
    make.placement(runs, person_=person, starts_on=date(2028, 2, 1), ends_on=date(2028, 12, 31))

    due = queries.due_of(contract.corporation, LATER)

    assert (due.persons, len(due.files)) == ([], 1)


def test_what_is_not_finished_holds_people_back() -> None:
    contract = an_ended_contract()
    make.activity(contract, status=Status.SUBMITTED)

    due = service.erase(contract.corporation.kvk, by="command line")

    assert due.is_empty and [line.term.holds for line in due.lines] == [("waiting",)]
    assert references() == ["SR-0042"]


def test_an_open_dispute_holds_people_back_until_its_signal_is_closed() -> None:
    contract = an_ended_contract()
    placement = db.session.scalars(select(Placement)).one()
    said: dict[str, Any] = {
        "answer": Answer.NO,
        "disputed": Disputed.HOURS,
        "reason": "Niet 36",
        "answered_at": make.NOW,
    }
    make.confirmation(placement, "another", **said)
    (line,) = queries.due_of(contract.corporation, LATER).lines
    assert line.term.holds == (Hold.DISPUTED,)

    (signal,) = [each for each in signals_on([contract], LATER)[contract.id] if each.kind is Kind.DISPUTED]
    make.handling(contract, signal, closed_at=make.NOW, closed_reason="Uitgezocht")

    assert len(queries.due_of(contract.corporation, LATER).persons) == 1


def test_an_address_goes_from_the_list_of_mail_too_and_other_mail_stays() -> None:
    contract = an_ended_contract()
    asked = db.session.scalars(select(Confirmation)).one()
    leader = make.user(of=contract.corporation)
    for at in (asked.asked_at, asked.asked_at + timedelta(days=1)):
        make.mail(contract.corporation, leader, address=asked.email, kind="confirmation", made_at=at)
    make.mail(contract.corporation, leader)

    service.erase(contract.corporation.kvk, by="command line")

    left = db.session.execute(select(Mail.kind, Mail.made_at).order_by(Mail.id)).all()
    assert left == [("confirmation", asked.asked_at + timedelta(days=1)), ("digest", make.NOW)]


def test_a_reference_that_no_placement_has_any_more_goes_at_once_and_of_others_none() -> None:
    running = make.contract(ends_on=date(2030, 12, 31))
    make.placement(running, person_=make.person(running.supplier, "SR-1"))
    for supplier in (running.supplier, make.supplier()):
        make.person(supplier, "J. Jansen")

    due = service.erase(running.corporation.kvk, by="command line")

    assert not due.lines and references() == ["SR-1", None, "J. Jansen"]


def test_a_run_that_died_before_the_files_went_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = an_ended_contract()
    digest = db.session.scalars(select(Evidence.sha256)).one() or ""

    def killed(_store: object, _digest: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(type(the_store()), "remove", killed)
        with pytest.raises(KeyboardInterrupt):
            service.erase(contract.corporation.kvk, by="command line")
    assert the_store().read(digest)

    assert service.erase(contract.corporation.kvk, by="command line").is_empty
    with pytest.raises(Conflict, match="evidence_missing"):
        the_store().read(digest)


def test_a_file_that_other_evidence_holds_stays_in_the_store() -> None:
    contract = an_ended_contract()
    runs = make.contract(starts_on=date(2028, 1, 1), ends_on=date(2030, 12, 31))
    kept = make.evidence(runs)

    service.erase(contract.corporation.kvk, by="command line")

    assert the_store().read(kept.sha256 or "")


def test_only_an_administrator_erases_and_only_what_was_seen() -> None:
    contract = an_ended_contract()
    kvk = contract.corporation.kvk
    seen = queries.due_of(contract.corporation, LATER).digest
    make.evidence(contract)

    with pytest.raises(Stale):
        service.erase(kvk, by=make.user(Role.ADMINISTRATOR, of=contract.corporation), seen=seen)
    for stranger in (
        make.user(Role.PROJECT_LEADER, of=contract.corporation),
        make.user(Role.ADMINISTRATOR, of=make.corporation()),
    ):
        with pytest.raises(NotFound):
            service.erase(kvk, by=stranger)
    assert references() == ["SR-0042"]


def test_placements_of_who_was_erased_can_still_be_read(each_database: Flask) -> None:
    contract = an_ended_contract()
    service.erase(contract.corporation.kvk, by="command line")

    placement = db.session.scalars(select(Placement)).one()
    assert placement.person.reference is None
    assert db.session.scalars(select(Contribution.status)).all()
