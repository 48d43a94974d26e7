"""The page of a contract: every figure of the assessment, to the cent, with its reasons, for whom it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import Corporation, Role
from app.assessments.queries import dossier_of
from app.contracts.models import Contract
from app.contributions.models import Contribution
from app.extensions import db
from app.rules.dossier import Status
from app.rules.dossier_json import canonical, dossier_to_json
from app.suppliers.models import Supplier
from tests import factories
from tests.people import client_of
from tests.web.counting import statements_of_request

A1 = {
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
ON = "?on=2026-11-24"


def example_a1(of: Corporation, supplier: Supplier, **values: object) -> Contract:
    """Example A1 of domain.md, in rows."""
    made = factories.contract(of, supplier, **values)
    approved = {"status": Status.APPROVED}
    factories.placement(made, reference="W-1042", hours=Decimal("28.8"), **approved)
    factories.placement(
        made, reference="W-1077", block="bbl", starts_on=date(2026, 10, 12), ends_on=None, hours=Decimal(32), **approved
    )
    factories.activity(made, reference="I-0031", **approved)
    factories.placement(
        made,
        reference="W-1081",
        block="banenafspraak",
        starts_on=date(2026, 9, 1),
        ends_on=None,
        hours=Decimal(20),
        status=Status.SUBMITTED,
    )
    return made


class Door:
    """The page of example A1, and browsers of those who ask for it."""

    def __init__(self, app: Flask, **values: object) -> None:
        self.app = app
        with app.app_context():
            corporation = factories.corporation(kvk="99990000")
            supplier = factories.supplier(corporation, name="Schildersbedrijf Van Asten")
            factories.certificate(corporation, [supplier.kvk], withdrawn_on=date(2025, 7, 1))
            made = example_a1(corporation, supplier, **({"number": "2025-014"} | values))
            self.corporation_id, self.supplier_id = corporation.id, supplier.id
            self.path = f"/contracts/99990000/{quote(made.number)}"
            self.contract_id = made.id

    def client(self, role: Role) -> FlaskClient:
        with self.app.app_context():
            who = factories.user(None)
            of, supplier = (
                db.session.get_one(Corporation, self.corporation_id),
                db.session.get_one(Supplier, self.supplier_id),
            )
            factories.membership(who, role, of=of, supplier_=supplier)
            user_id = who.id
        return client_of(self.app, user_id)


@pytest.fixture
def door(app: Flask) -> Door:
    return Door(app)


@pytest.fixture
def leader(door: Door) -> FlaskClient:
    return door.client(Role.PROJECT_LEADER)


@pytest.fixture
def page(door: Door, leader: FlaskClient) -> Callable[[str], TestResponse]:
    """The page as the project leader sees it, in English."""
    return lambda query: leader.get(f"{door.path}{query}{'&' if query else '?'}lang=en")


def data(text: str, ident: str) -> list[str]:
    return re.findall(rf'<data id="{ident}" value="([^"]*)"', text)


def contributions(text: str) -> dict[str, int]:
    found = re.findall(r'<data data-contribution="([^"]*)" value="([^"]*)"', text)
    assert len(found) == len(dict(found))
    return {reference: int(value) for reference, value in found}


def test_example_a1_stands_on_the_page_to_the_cent(page: Callable[[str], TestResponse]) -> None:
    text = page(ON).text

    assert {figure: data(text, figure) for figure in A1} == {figure: [str(cents)] for figure, cents in A1.items()}
    assert data(text, "status") == ["behind"]
    assert contributions(text) == {"I-0031": 1_118_395, "W-1042": 2_400_000, "W-1077": 371_605, "W-1081": 648_148}


def test_the_sentence_on_top_says_how_it_stands(page: Callable[[str], TestResponse]) -> None:
    text = re.sub(r"<[^>]+>", "", page(ON).text).replace("\xa0", " ")

    assert "As of 24 November 2026 €43,836 is due and €38,900 credited." in text
    assert "If all goes on as it does, €4,962 stays open at the end." in text


def test_every_figure_has_its_reasons(page: Callable[[str], TestResponse]) -> None:
    text = page(ON).text.replace("\xa0", " ")

    assert "€62,500.00 × 181 / 730 days" in text
    assert "9 months × €40,000.00 / 12 × 28.8/36 hours × 100%" in text
    assert "withdrawn on 1 July 2025" in text


def test_another_day_gives_other_figures(page: Callable[[str], TestResponse]) -> None:
    text = page("?on=2025-03-31").text

    assert data(text, "status") == ["exempt"]
    assert data(text, "due_cents") == ["0"]


@pytest.mark.parametrize("typed", ["yesterday", "31-02-2026", "2026-13-01"])
def test_a_day_that_is_none_is_asked_again(page: Callable[[str], TestResponse], typed: str) -> None:
    answer = page(f"?on={typed}")

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert 'id="on-error"' in answer.text
    assert not data(answer.text, "net_cents")


def test_contributions_can_be_seen_by_state(page: Callable[[str], TestResponse]) -> None:
    assert set(contributions(page(f"{ON}&status=submitted").text)) == {"W-1081"}
    assert contributions(page(f"{ON}&status=rejected").text) == {}
    assert len(contributions(page(f"{ON}&status=nonsense").text)) == 4


def test_a_number_with_a_slash_has_its_page(app: Flask) -> None:
    door = Door(app, number="2025/14 b")

    assert door.client(Role.PROJECT_LEADER).get(door.path).status_code == 200


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.ADMINISTRATOR, True),
        (Role.PROJECT_LEADER, True),
        (Role.SUPPLIER, True),
        (Role.AUDITOR, True),
        (Role.ASSESSOR, False),
    ],
)
def test_the_reference_of_a_person_is_for_those_whom_it_concerns(door: Door, role: Role, sees: bool) -> None:
    text = door.client(role).get(door.path).text

    assert (re.search(r"SR-\d{4}", text) is not None) is sees


@pytest.mark.parametrize("address", ["/contracts/99990000/nothing", "/contracts/12345678/2025-014"])
def test_what_is_not_there_is_not_found(leader: FlaskClient, address: str) -> None:
    assert leader.get(address).status_code == 404


def test_a_contract_of_another_supplier_is_not_found(door: Door) -> None:
    with door.app.app_context():
        other = factories.contract(db.session.get_one(Corporation, door.corporation_id), number="2025-015")
        address = f"/contracts/99990000/{other.number}"

    assert door.client(Role.SUPPLIER).get(address).status_code == 404
    assert door.client(Role.PROJECT_LEADER).get(address).status_code == 200


def test_a_contract_without_an_obligation_has_a_page(door: Door, leader: FlaskClient) -> None:
    with door.app.app_context():
        of = db.session.get_one(Corporation, door.corporation_id)
        factories.contract(of, number="none", percentage=Decimal(0))

    answer = leader.get("/contracts/99990000/none?lang=en")

    assert data(answer.text, "status") == ["not_applicable"]
    assert data(answer.text, "gross_cents") == ["0"]


def test_a_shortfall_shows_its_penalty(page: Callable[[str], TestResponse]) -> None:
    text = page("?on=2027-02-01").text.replace("\xa0", " ")

    assert data(text, "status") == ["shortfall"]
    assert "€4,961.64" in text
    assert "from 31 March 2027 on" in text


def test_a_correction_that_waits_is_said_and_the_approved_version_counts(door: Door, leader: FlaskClient) -> None:
    with door.app.app_context():
        approved = db.session.query(Contribution).filter_by(reference="W-1042").one()
        factories.correction(approved, status=Status.SUBMITTED, hours=Decimal(36))
        db.session.get_one(Contract, door.contract_id).facts_changed()
        db.session.commit()

    text = leader.get(f"{door.path}{ON}&lang=en").text

    assert contributions(text)["W-1042"] == 2_400_000
    assert "a correction waits" in text


def stated(contract: Contract, path: str) -> None:
    """A statement of the contract as it is now, with a file."""
    content = canonical(dossier_to_json(dossier_of(contract)))
    record = factories.dossier(contract, content, facts_version=contract.facts_version)
    factories.rendition(factories.statement(contract, dossier=record), path=path)


def test_the_number_of_statements_does_not_grow_with_the_contributions(door: Door, leader: FlaskClient) -> None:
    address = f"{door.path}{ON}"
    with door.app.app_context():
        contract = db.session.get_one(Contract, door.contract_id)
        factories.placement(contract, status=Status.APPROVED, bonuses=("bonus-50plus",))
        factories.amendment(contract)
        stated(contract, "statements/1.pdf")
    few = statements_of_request(door.app, leader, address)
    with door.app.app_context():
        contract = db.session.get_one(Contract, door.contract_id)
        for _ in range(20):
            factories.placement(contract, status=Status.APPROVED, bonuses=("bonus-50plus",))
        factories.amendment(contract)
        stated(contract, "statements/2.pdf")

    assert statements_of_request(door.app, leader, address) == few


def test_nothing_on_the_page_needs_an_inline_style_or_script(page: Callable[[str], TestResponse]) -> None:
    text = page(ON).text

    assert not re.search(r"\sstyle=|<style|\son\w+=", text)
    assert not re.search(r"<script(?![^>]* src=)", text)
