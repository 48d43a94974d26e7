"""The demo as `flask demo` leaves it: the figures that the README and docs/demo.md promise."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Corporation, Role
from app.accounts.queries import corporation_named, user_named
from app.accounts.service import change_name, log_in
from app.assessments.queries import standings
from app.audit.service import verify_chain
from app.contracts.models import Contract
from app.contracts.queries import contract_numbered
from app.contributions.models import Contribution, Person, Placement
from app.contributions.queries import waiting_for
from app.contributions.service import approve
from app.database import Base
from app.demo.parties import CORPORATION_KVK, PASSWORD
from app.demo.rows import sheets
from app.demo.service import load_demo
from app.extensions import db
from app.portfolio.programme import programme_of
from app.rules.assessment import Standing
from app.rules.dossier import Programme, Status
from app.statements.models import Statement, StatementState
from app.suppliers.models import Certificate, Supplier, SupplierRecord
from tests.support import LENT, settings

ON = date(2026, 11, 24)
PEOPLE = {
    "beheer@demo.example": Role.ADMINISTRATOR,
    "projectleider@demo.example": Role.PROJECT_LEADER,
    "projectleider2@demo.example": Role.PROJECT_LEADER,
    "leverancier@demo.example": Role.SUPPLIER,
    "auditor@demo.example": Role.AUDITOR,
    "beoordelaar@demo.example": Role.ASSESSOR,
}


@pytest.fixture(scope="module")
def loaded(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which `flask demo` has run once: to copy, not to write."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    folder.mkdir()
    shutil.copy(migrated_sqlite, folder / "wederdienst.sqlite3")
    with LENT.application(settings(folder, f"sqlite:///{folder / 'wederdienst.sqlite3'}")) as app:
        command(app, "demo")
    return folder


@pytest.fixture
def demo(loaded: Path, tmp_path: Path) -> Iterator[Flask]:
    folder = shutil.copytree(loaded, tmp_path / "data")
    with LENT.application(settings(folder, f"sqlite:///{folder / 'wederdienst.sqlite3'}")) as app:
        yield app


@pytest.fixture
def corporation(demo: Flask) -> Iterator[Corporation]:
    with demo.app_context():
        yield corporation_named(CORPORATION_KVK)


def command(app: Flask, *words: str) -> str:
    result = app.test_cli_runner().invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def digest(app: Flask) -> str:
    """Of every row of every table."""
    with app.app_context():
        rows = [
            db.session.execute(table.select().order_by(*table.primary_key)) for table in Base.metadata.sorted_tables
        ]
        return sha256(repr([each.all() for each in rows]).encode()).hexdigest()


def contracts_of(corporation: Corporation) -> list[Contract]:
    return list(db.session.scalars(select(Contract).where(Contract.corporation_id == corporation.id)))


def standing_of(corporation: Corporation, number: str) -> Any:
    contract = contract_numbered(corporation, number)
    return standings([contract], ON)[contract.id]


def test_the_yearly_programme_of_2026_has_400_people(corporation: Corporation) -> None:
    report = programme_of(corporation, 2026)

    assert report.all.total == 400
    assert report.all.by_programme == {
        Programme.SHELTERED_WORK: 75,
        Programme.SOCIAL_ASSISTANCE: 100,
        Programme.YOUTH: 125,
        Programme.UWV: 25,
        Programme.SERVICES: 75,
    }


def test_those_who_count_in_2026_have_begun_by_the_day_of_the_figures(corporation: Corporation) -> None:
    counting = [
        credited
        for assessment in standings(contracts_of(corporation), ON).values()
        for credited in assessment.contributions
        if credited.status is Status.APPROVED and credited.counted and credited.counted.last >= date(2026, 1, 1)
    ]
    placements = {row["reference"] for row in sheets()["Placements"]}

    assert sum(credited.reference in placements for credited in counting) == 400


def test_every_placement_is_of_another_person(corporation: Corporation) -> None:
    persons = db.session.scalars(select(Placement.person_id)).all()
    references = db.session.scalars(select(Person.reference)).all()

    assert len(set(persons)) == len(persons) == len(set(references)) == 430


def test_example_a1_stands_in_it_to_the_cent(demo: Flask) -> None:
    printed = command(demo, "assess", "2025-014", "--corporation", CORPORATION_KVK, "--on", "2026-11-24")
    assessment = json.loads(printed)

    assert {name: assessment[name] for name in assessment if name.endswith("_cents") or name == "status"} == {
        "status": "behind",
        "gross_cents": 6_250_000,
        "exempted_cents": 1_549_658,
        "net_cents": 4_700_342,
        "due_cents": 4_383_562,
        "credited_cents": 3_890_000,
        "pending_cents": 648_148,
        "forecast_cents": 4_204_178,
        "remaining_cents": 810_342,
        "over_cap_cents": 0,
    }
    assert {each["reference"]: (each["status"], each["credited_cents"]) for each in assessment["contributions"]} == {
        "I-0031": ("approved", 1_118_395),
        "W-1042": ("approved", 2_400_000),
        "W-1077": ("approved", 371_605),
        "W-1081": ("submitted", 0),
        "W-1090": ("rejected", 0),
    }


def test_every_status_occurs_and_most_contracts_are_well(corporation: Corporation) -> None:
    found = Counter(each.status for each in standings(contracts_of(corporation), ON).values())

    assert found == {
        Standing.NOT_APPLICABLE: 1,
        Standing.NOT_STARTED: 1,
        Standing.EXEMPT: 4,
        Standing.FULFILLED: 4,
        Standing.ON_TRACK: 18,
        Standing.BEHIND: 2,
        Standing.SHORTFALL: 1,
    }


def test_the_portfolio_comes_to_what_the_docs_say(corporation: Corporation) -> None:
    figures = standings(contracts_of(corporation), ON).values()

    assert len(figures) == 31
    assert round(sum(each.net_cents for each in figures) / 1_000_000_00, 2) == 3.94
    assert round(sum(each.due_cents for each in figures) / 1_000_000_00, 2) == 1.75


def test_three_certificates_end_within_ninety_days(corporation: Corporation) -> None:
    at_risk = {
        each.contract: (each.at_risk.cents, each.at_risk.before)
        for each in standings(contracts_of(corporation), ON).values()
        if each.at_risk and (each.at_risk.before - ON).days <= 90
    }

    assert at_risk == {
        "2025-022": (4_124_316, date(2026, 12, 16)),
        "2026-003": (16_973_684, date(2027, 2, 1)),
        "2026-006": (9_604_578, date(2027, 2, 21)),
    }


def test_the_lift_contract_has_its_repair_term_running(corporation: Corporation) -> None:
    assessment = standing_of(corporation, "2023-011")

    assert (assessment.net_cents, assessment.credited_cents) == (2_500_000, 1_975_000)
    assert (assessment.closing.shortfall_cents, assessment.closing.due_on) == (525_000, date(2027, 1, 29))


def test_the_solar_panels_reach_the_cap_and_the_new_building_the_maximum(corporation: Corporation) -> None:
    assert standing_of(corporation, "2026-010").over_cap_cents == 270_000
    assert standing_of(corporation, "2026-004").gross_cents == 30_000_000


def test_no_real_company_is_meant(corporation: Corporation) -> None:
    suppliers = db.session.scalars(select(Supplier.kvk)).all()
    covered = [kvk for each in db.session.scalars(select(Certificate)) for kvk in each.kvk_numbers]
    mails = db.session.scalars(select(SupplierRecord.email)).all()

    assert all(kvk.startswith("9999") for kvk in [corporation.kvk, *suppliers, *covered])
    assert all(mail and mail.endswith(".example") for mail in mails)


@pytest.mark.parametrize(("email", "role"), PEOPLE.items())
def test_everybody_can_log_in(corporation: Corporation, email: str, role: Role) -> None:
    user = user_named(email)

    assert log_in(email, PASSWORD, address="127.0.0.1")
    assert user.is_demo
    assert [each.role for each in user.active_memberships(ON)] == [role]


def test_the_supplier_sees_the_contracts_of_van_asten(corporation: Corporation) -> None:
    (grant,) = user_named("leverancier@demo.example").supplier_grants
    contract = contract_numbered(corporation, "2025-014")

    assert grant == (corporation.id, contract.supplier_id)


def test_both_project_leaders_have_contracts(corporation: Corporation) -> None:
    leaders = Counter(
        contract.project_leader and contract.project_leader.email for contract in contracts_of(corporation)
    )

    assert leaders == {"projectleider@demo.example": 16, "projectleider2@demo.example": 15}


def test_what_waits_can_be_approved_by_the_project_leader(corporation: Corporation) -> None:
    leader = user_named("projectleider@demo.example")
    waiting = waiting_for(leader)
    assert len(waiting) == 8

    for each in waiting:
        approve(each.id, by=leader, seen_version=each.row_version)

    assert standing_of(corporation, "2025-014").status is Standing.ON_TRACK


def test_a_rejection_says_why(corporation: Corporation) -> None:
    rejected = db.session.scalars(select(Contribution).where(Contribution.status == Status.REJECTED)).all()

    assert sorted(each.reference for each in rejected) == ["W-1090", "W-2991"]
    assert all(each.rejected_reason and each.rejected_by for each in rejected)


def test_the_register_is_filled(corporation: Corporation) -> None:
    statements = db.session.scalars(select(Statement).order_by(Statement.sequence)).all()

    assert [each.contract.number for each in statements if each.contract] == ["2023-019", "2025-003", "2025-014"]
    assert all(each.state is StatementState.ISSUED and each.renditions for each in statements)


def test_the_log_is_whole(corporation: Corporation) -> None:
    assert verify_chain(corporation).is_sound


def test_loading_it_again_changes_nothing(demo: Flask) -> None:
    before = digest(demo)

    assert "already loaded" in command(demo, "demo", "--lang", "en")

    assert digest(demo) == before


def test_loading_it_again_keeps_what_people_did(demo: Flask) -> None:
    with demo.app_context():
        leader = user_named("projectleider@demo.example")
        change_name(leader, "Janneke Hendriks")
        first = waiting_for(leader)[0]
        approve(first.id, by=leader, seen_version=first.row_version)
    before = digest(demo)

    command(demo, "demo")

    assert digest(demo) == before


def test_an_interrupted_loading_goes_on(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with app.app_context(), monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("app.statements.service.render", stopped)
        load_demo(by="test")

    with app.app_context():
        assert load_demo(by="test")
        statements = db.session.scalars(select(Statement)).all()
        assert [each.state for each in statements] == [StatementState.ISSUED] * 3
        assert not load_demo(by="test")
