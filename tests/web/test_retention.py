"""The pages and the command of what is kept about people."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Role, User
from app.audit.models import AuditRecord
from app.audit.snapshots import kind_of_model
from app.contributions.models import Contribution, Person
from app.database import Base
from app.evidence.models import Evidence
from app.extensions import db
from app.retention.person import TABLES
from app.rules.dossier import Status
from tests import factories as make
from tests.people import client_of
from tests.web.matrix import Page
from tests.web.office import Office
from tests.web.reading import words
from tests.web.world import actions, digest

SAMPLED_ELSEWHERE = {"placement", "activity", "contribution"}


def placed(office: Office) -> int:
    """Somebody on the office's contract, with evidence, a question and an outcome; the id of the person."""
    with office.app.app_context():
        placement = make.placement(office.contract, status=Status.APPROVED, reference="P-7")
        make.evidence(office.contract, "P-7")
        make.confirmation(placement)
        make.after_project(placement)
        return placement.person_id


def test_what_is_past_its_time_is_shown_and_erased_after_a_tick(office: Office) -> None:
    with office.app.app_context():
        kvk, contract = office.corporation.kvk, office.contract
        make.activity(contract, status=Status.APPROVED, amount_cents=900_000_00)
        make.placement(contract, status=Status.APPROVED)
        db.session.rollback()
    with time_machine.travel("2029-06-01T09:00:00Z", tick=False):
        browser, address = office.browser("administrator"), f"/corporation/{kvk}/retention"
        page = browser.get(address).text
        assert "2025/014 a" in words(page) and "1 references of people" in words(page)
        seen, before = Page(page).fields["seen"], digest(office.app)
        for sent in ({"seen": seen}, {"seen": "another", "sure": "y"}):
            assert browser.post(address, data=sent).status_code in (409, 422)
        assert digest(office.app) == before

        done = browser.post(address, data={"seen": seen, "sure": "y"}, follow_redirects=True)

    assert "Erased: 1 references of people" in words(done.text)
    assert "Nothing is past its time." in words(done.text)
    assert actions(office.app).count("retention.erase") == 1


def test_the_command_says_what_it_would_do_and_does_it_when_asked(app: Flask) -> None:
    with app.app_context():
        contract = make.contract(contract_sum_cents=1_000_00)
        make.activity(contract, status=Status.APPROVED)
        make.placement(contract, status=Status.APPROVED)
        kvk = contract.corporation.kvk
    asked = ["retention", "--corporation", kvk, "--lang", "en"]
    with time_machine.travel("2029-06-01T09:00:00Z", tick=False):
        dry, wet = (app.test_cli_runner().invoke(args=[*asked, *more]) for more in ([], ["--erase"]))

    assert "Together 1 people, 0 files, 0 addresses" in dry.output
    assert "Nothing was erased: --erase does it." in dry.output
    assert wet.output.endswith("This is erased.\n")
    with app.app_context():
        assert db.session.scalars(select(Person.reference)).all() == [None]


@pytest.mark.parametrize("who", ["supplier", "leader", "auditor"])
def test_all_that_is_held_about_one_reference_is_counted_and_taken_along(office: Office, who: str) -> None:
    person_id = placed(office)
    browser = office.browser(who)

    page = words(browser.get(f"/person/{person_id}").text)
    assert "Placements, in all versions 1" in page and "Evidence (the files themselves are not in it) 1" in page
    answer = browser.post(f"/person/{person_id}/export")

    held = json.loads(answer.data)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert {kind: len(rows) for kind, rows in held.items() if kind != "audit_record"} == {
        "person": 1, "placement": 1, "placement_hours": 1, "claimed_bonus": 0, "confirmation": 1, "evidence": 1,
        "after_project": 1, "sample_item": 0,
    }  # fmt: skip
    assert held["person"][0]["reference"]
    assert "token_hash" not in answer.text
    assert actions(office.app).count("person.export") == 1
    assert all(("who" in each) == (who != "supplier") for each in held["audit_record"])


def test_what_became_of_somebody_else_is_not_in_it_and_each_corporation_is_told(office: Office) -> None:
    """A correction gave the contribution to another person, and the supplier placed this one elsewhere too."""
    with office.app.app_context():
        supplier, elsewhere = office.contract.supplier, make.corporation()
        make.record(supplier, elsewhere)
        user = db.session.get_one(User, office.people["supplier"])
        make.membership(user, Role.SUPPLIER, of=elsewhere, supplier_=supplier)
        mine, other = make.person(supplier), make.person(supplier)
        gone: dict[str, Any] = {"status": Status.WITHDRAWN, "withdrawn_at": make.NOW}
        make.placement(office.contract, reference="P-9", person_=mine, **gone)
        make.after_project(make.placement(office.contract, reference="P-9", version=2, person_=other))
        make.placement(make.contract(elsewhere, supplier), person_=mine)
        person_id = mine.id

    held = json.loads(office.browser("supplier").post(f"/person/{person_id}/export").data)

    assert held["after_project"] == [] and len(held["placement"]) == 2
    with office.app.app_context():
        told = select(AuditRecord.chain_id).where(AuditRecord.action == "person.export")
        assert len(set(db.session.scalars(told))) == 2


def test_it_is_for_nobody_else(office: Office) -> None:
    person_id = placed(office)
    with office.app.app_context():
        other = make.supplier(office.corporation)
        rival = make.user(Role.SUPPLIER, of=office.corporation, supplier_=other).id
    for browser in (office.browser("assessor"), office.browser("stranger"), client_of(office.app, rival)):
        theirs, nothing = browser.get(f"/person/{person_id}"), browser.get("/person/987654")
        assert theirs.status_code == nothing.status_code == browser.post(f"/person/{person_id}/export").status_code
        assert theirs.status_code in (403, 404)


def test_every_table_that_leads_to_a_person_is_in_the_export() -> None:
    about = {Person.__tablename__, Contribution.__tablename__, "placements", Evidence.__tablename__}
    leading = {
        kind_of_model(mapper.class_)
        for mapper in Base.registry.mappers
        if any(key.column.table.name in about for key in mapper.local_table.foreign_keys)  # type: ignore[attr-defined]
    }

    assert leading - SAMPLED_ELSEWHERE == {kind_of_model(model) for model in TABLES} - {"evidence"}


def test_the_same_reference_at_two_corporations_is_counted_once(office: Office) -> None:
    """What one supplier claims twice for one reference is refused, whichever corporations the contracts are of."""
    with office.app.app_context():
        supplier, elsewhere = office.contract.supplier, make.corporation()
        make.record(supplier, elsewhere)
        there = make.contract(elsewhere, supplier, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        person = make.person(supplier, "SR-0042")
        make.placement(there, person_=person, status=Status.APPROVED, starts_on=date(2026, 2, 1))
    answer = office.enter("supplier", person="SR-0042")

    assert answer.status_code == 422
    assert "the shares of this person come to 200%" in words(answer.text)
