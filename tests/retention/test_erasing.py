"""The retention run: what goes, what stays, and that a run that dies is finished by the next; on both databases."""

from __future__ import annotations

import json
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role
from app.assessments.queries import assessment_of
from app.audit.models import AuditPayload, AuditRecord
from app.audit.service import verify_chain
from app.contracts.models import Contract
from app.contributions.models import Contribution, Person, Placement
from app.evidence.models import Evidence
from app.evidence.store import the_store
from app.extensions import db
from app.retention import queries, service
from app.rules.dossier import Status
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
