"""Issuing statements: numbers, what is frozen, what a crash leaves, renditions and files, on both databases."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Corporation, Language
from app.assessments.models import DossierRecord
from app.audit.chain import Head
from app.audit.models import AuditRecord
from app.audit.service import command, verify_chain
from app.contracts.models import Contract
from app.extensions import db
from app.planning.models import PlanStatus, Side
from app.rules.dossier import Status
from app.rules.plan import PlannedActivity, PlannedPlacement
from app.statements import archive, queries, service
from app.statements.archive import Stored
from app.statements.kinds import hash_of, read_paper
from app.statements.models import Rendition, Statement, StatementKind, StatementState
from app.statements.planned import plan_json, read_plan
from app.statements.verify import attachments, verify
from app.web.errors import Conflict, Invalid
from tests import factories as make
from tests.factories import NOW
from tests.pdf.making import text_of

pytestmark = pytest.mark.usefixtures("each_database")

ON = date(2026, 11, 24)
CLERK = "command line"


def a1() -> Contract:
    """Example A1 of the field, in the database."""
    contract = make.contract(number="2025-014")
    make.certificate(contract.corporation, [contract.supplier.kvk], withdrawn_on=date(2025, 7, 1))
    make.placement(contract, reference="P1", hours=Decimal("28.8"), status=Status.APPROVED)
    make.activity(contract, reference="A1", status=Status.APPROVED)
    return contract


def actions(corporation: Corporation) -> list[str]:
    wanted = (
        select(AuditRecord.action).join(AuditRecord.chain).where(AuditRecord.chain.has(corporation_id=corporation.id))
    )
    return list(db.session.scalars(wanted.order_by(AuditRecord.sequence)))


def test_a_statement_freezes_facts_and_figures_and_its_file_can_be_verified() -> None:
    contract = a1()
    leader = make.user(of=contract.corporation, name="J. Hendriks")

    issued = service.issue(contract, ON, by=leader)

    content = archive.read(issued.renditions[0])
    verdict = verify(content)
    assert verdict.is_valid
    assert verdict.is_compared
    assert verdict.imprint is not None
    assert (verdict.imprint.number, verdict.imprint.code) == (issued.number, issued.code)
    assert verdict.imprint.document_sha256 == issued.document_sha256
    assert issued.document_sha256 == hash_of(StatementKind.CONTRACT, issued.documents)
    assert (issued.state, issued.standing, issued.net_cents) == (StatementState.ISSUED, "behind", 47_003_42)
    assert json.loads(issued.documents["assessment.json"])["credited_cents"] == issued.credited_cents
    assert issued.renditions[0].size == len(content)
    assert "door J. Hendriks, projectleider" in text_of(content)


def test_a_later_change_of_facts_or_names_changes_nothing_that_was_issued() -> None:
    contract = a1()
    before = archive.read(service.issue(contract, ON, by=CLERK).renditions[0])

    with command("contract.amend", by=CLERK, corporation=contract.corporation) as audit, audit.change_of(contract):
        contract.title = "Een andere titel"
        contract.facts_changed()

    again = db.session.scalars(select(Statement)).one()
    assert archive.read(again.renditions[0]) == before
    assert verify(before).is_valid
    assert json.loads(again.documents["dossier.json"])["title"] == "Renovatie Oosterwijk"


@pytest.mark.usefixtures("quick")
def test_the_dossier_that_a_statement_rests_on_is_kept() -> None:
    issued = service.issue(make.contract(), ON, by=CLERK)

    kept = db.session.scalars(select(DossierRecord).where(DossierRecord.is_kept)).one()
    assert issued.dossier is kept
    assert kept.json == issued.documents["dossier.json"]


@pytest.mark.usefixtures("quick")
def test_numbers_run_on_per_corporation_and_year_of_the_day_in_amsterdam() -> None:
    here, elsewhere = make.contract(), make.contract()
    numbers = []

    for at, contract in (
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), here),
        (datetime(2026, 12, 31, 22, 59, 30, tzinfo=UTC), here),
        (datetime(2026, 12, 31, 22, 59, 40, tzinfo=UTC), elsewhere),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), here),
    ):
        with time_machine.travel(at, tick=False):
            numbers.append(service.issue(contract, ON, by=CLERK).number)

    assert numbers == ["2026-0001", "2026-0002", "2026-0001", "2027-0001"]


@pytest.mark.usefixtures("quick")
def test_two_that_are_issued_at_once_get_two_numbers(each_database: Flask) -> None:
    contract_id = make.contract().id
    db.session.rollback()  # a reader would keep SQLite's writers from their commit

    def issue(_: int) -> str:
        with each_database.app_context():
            return service.issue(db.session.get_one(Contract, contract_id), ON, by=CLERK).number

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(issue, range(8)))

    assert sorted(numbers) == [f"2026-{number:04d}" for number in range(1, 9)]
    *earlier, last = db.session.scalars(select(Statement).order_by(Statement.id)).all()
    assert last.state is StatementState.ISSUED
    assert {each.state for each in earlier} == {StatementState.SUPERSEDED}
    assert all(each.superseded_by_id > each.id for each in earlier), "no two took each other's place"
    assert verify_chain(db.session.get_one(Contract, contract_id).corporation).is_sound


@pytest.mark.usefixtures("quick")
def test_what_a_crash_left_is_completed_with_the_same_figures() -> None:
    contract = make.contract()
    reserved = service.reserve(contract, ON, by=CLERK, language=Language.ENGLISH)
    left = db.session.get_one(Statement, reserved)
    assert (left.state, left.issued_at, left.renditions) == (StatementState.RESERVED, None, [])
    code, document = left.code, left.document_sha256

    assert service.complete_reserved(by=CLERK) == 1

    completed = db.session.get_one(Statement, reserved)
    assert completed.state is StatementState.ISSUED
    assert (completed.code, completed.document_sha256) == (code, document)
    assert archive.read(completed.renditions[0]) == b"%PDF 2026-0001 en"
    assert service.complete_reserved(by=CLERK) == 0


@pytest.mark.usefixtures("quick")
def test_the_next_statement_completes_an_old_reservation_and_leaves_a_young_one() -> None:
    contract = make.contract()
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC)):
        old = service.reserve(contract, date(2026, 11, 23), by=CLERK)
    with time_machine.travel(datetime(2026, 11, 24, 9, 30, tzinfo=UTC)):
        young = service.reserve(contract, ON, by=CLERK)
        issued = service.issue(make.contract(contract.corporation, contract.supplier), ON, by=CLERK)

    assert issued.sequence == 3
    assert db.session.get_one(Statement, old).state is StatementState.ISSUED
    assert db.session.get_one(Statement, young).state is StatementState.RESERVED


@pytest.mark.usefixtures("quick")
def test_who_comes_second_with_the_same_file_finds_its_work_done() -> None:
    statement_id = service.reserve(make.contract(), ON, by=CLERK)
    stored = archive.store(b"%PDF of both")

    service.enter(statement_id, stored, Language.DUTCH, by=CLERK)
    service.enter(statement_id, stored, Language.DUTCH, by=CLERK)

    assert db.session.scalar(select(func.count()).select_from(Rendition)) == 1


def test_rendering_that_fails_leaves_the_number_to_be_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = make.contract()

    def breaks(_paper: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(service, "render", breaks)
    with pytest.raises(MemoryError):
        service.issue(contract, ON, by=CLERK)

    left = db.session.scalars(select(Statement)).one()
    assert (left.number, left.state) == ("2026-0001", StatementState.RESERVED)


def test_no_transaction_is_open_while_the_file_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    open_ones: list[bool] = []

    def looks(*_: object) -> bytes:
        open_ones.append(db.session.in_transaction())
        return b"%PDF"

    monkeypatch.setattr(service, "render", looks)
    monkeypatch.setattr(service, "seal", looks)
    service.issue(make.contract(), ON, by=CLERK)

    assert open_ones == [False, False]


def test_another_language_is_another_file_of_the_same_statement() -> None:
    issued = service.issue(a1(), ON, by=CLERK)

    both = service.add_rendition(issued, Language.ENGLISH, by=CLERK)
    service.add_rendition(both, Language.ENGLISH, by=CLERK)

    english, dutch = sorted(both.renditions, key=lambda each: each.language)
    assert (english.name, dutch.name) == (f"statement-{issued.number}", f"verklaring-{issued.number}")
    found = [verify(archive.read(each)) for each in (english, dutch)]
    assert all(each.is_valid for each in found)
    assert {each.imprint.document_sha256 for each in found if each.imprint} == {issued.document_sha256}


@pytest.mark.usefixtures("quick")
def test_reserving_and_issuing_are_logged_and_the_paper_notes_the_head_of_the_log() -> None:
    contract = make.contract()
    first = service.issue(contract, ON, by=CLERK)
    second = service.issue(contract, ON, by=CLERK)
    corporation = second.corporation

    assert actions(corporation) == ["statement.reserve", "statement.issue"] * 2
    assert (first.chain_sequence, second.chain_sequence) == (0, 2)
    assert verify_chain(corporation, [Head(second.chain_sequence, second.chain_head)]).is_sound


@pytest.mark.usefixtures("quick")
def test_a_file_that_was_changed_or_is_gone_is_not_given_out(each_database: Flask) -> None:
    rendition = service.issue(make.contract(), ON, by=CLERK).renditions[0]
    path = each_database.config["WEDERDIENST"].data_dir / rendition.path

    path.write_bytes(b"%PDF of somebody else")
    with pytest.raises(Conflict, match="statement_file_changed"):
        archive.read(rendition)
    path.unlink()
    with pytest.raises(Conflict, match="statement_file_missing"):
        archive.read(rendition)


def test_a_stored_file_is_ours_alone_and_never_half(each_database: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = archive.store(b"%PDF")
    folder: Path = each_database.config["WEDERDIENST"].data_dir
    assert stored == Stored(stored.path, stored.sha256, 4)
    assert (folder / stored.path).stat().st_mode & 0o777 == 0o600

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        archive.store(b"%PDF of another")
    assert [path.name for path in (folder / "statements").rglob("*") if path.is_file()] == [f"{stored.sha256}.pdf"]


@pytest.mark.usefixtures("quick")
def test_reservations_of_other_corporations_are_left_alone() -> None:
    here, elsewhere = make.contract(), make.contract()
    service.reserve(here, ON, by=CLERK)
    service.reserve(elsewhere, ON, by=CLERK)
    later = datetime.now(UTC) + timedelta(minutes=1)

    assert len(queries.reserved_before(later)) == 2
    assert service.complete_reserved(by=CLERK, corporation_id=here.corporation_id, before=later) == 1
    assert len(queries.reserved_before(later, elsewhere.corporation_id)) == 1


def test_the_line_of_the_agreed_plan_stands_beside_what_was_done() -> None:
    contract = a1()
    leader, colleague = make.user(of=contract.corporation), make.user(of=contract.corporation)
    proposed = {"proposed_by": leader, "proposed_at": NOW, "proposed_for": Side.CORPORATION}
    make.plan(contract, status=PlanStatus.AGREED, agreed_by=colleague, agreed_at=NOW, **proposed)

    issued = service.issue(contract, ON, by=CLERK, language=Language.ENGLISH)

    content = archive.read(issued.renditions[0])
    verdict = verify(content)
    assert verdict.is_valid and verdict.is_compared
    assert json.loads(attachments(content)["plan.json"])["efforts"] == [
        {"block": "participatiewet", "ends_on": None, "hours_per_week": "32", "persons": 2, "starts_on": "2026-02-01"}
    ]
    assert "plan" in text_of(content).split()
    without = service.issue(a1(), ON, by=CLERK, language=Language.ENGLISH)
    assert "plan.json" not in without.documents and "plan" not in text_of(archive.read(without.renditions[0])).split()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("written", [b"{}", b'{"efforts":[{}],"schema":"plan/1"}', b'{"efforts":1,"schema":"plan/1"}'])
def test_a_plan_that_cannot_be_read_is_refused(written: bytes) -> None:
    issued = service.issue(a1(), ON, by=CLERK)
    documents = issued.documents | {"plan.json": written}
    sha256 = hash_of(StatementKind.CONTRACT, documents)
    imprint = replace(service.imprint_of(issued, Language.DUTCH), document_sha256=sha256)

    with pytest.raises(Invalid, match="statement_attachment_unreadable"):
        read_paper(imprint, documents)


def test_every_kind_of_effort_comes_back_from_its_document() -> None:
    efforts = (
        PlannedPlacement("a", 2, Decimal("28.8"), date(2026, 2, 1), date(2026, 3, 1)),
        PlannedActivity("b", date(2026, 4, 1), amount_cents=1_000_00),
        PlannedActivity("c", date(2026, 5, 1), quantity=Decimal("7.5")),
    )

    assert read_plan(json.loads(plan_json(efforts))) == efforts
