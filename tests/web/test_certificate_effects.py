"""What the form of a certificate says beforehand, beside what it then does to every contract that it covers."""

from __future__ import annotations

import re
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from app.extensions import db
from app.suppliers.register import SORTS
from app.suppliers.validity import Validity
from app.web.clock import today
from app.web.formats import day_typed
from tests import factories as make
from tests.web.certificates import (
    DAY,
    NEW,
    PREVIEW,
    SISTER,
    a_certificate,
    address_of,
    euro,
    figures,
    good,
    kvk_of,
    newest,
    shown,
)
from tests.web.matrix import opened
from tests.web.office import Office, an_office
from tests.web.reading import words


def expect_said_and_done(office: Office, client: FlaskClient, address: str, form: dict[str, str]) -> None:
    """The effect that the form shows is the assessment after saving; showing it saves nothing."""
    before = figures(office)
    said = client.post(address, data=form, headers=PREVIEW)
    assert said.status_code == 200
    assert figures(office) == before

    assert client.post(address, data=form).status_code == 302
    after = figures(office)
    assert shown(said.text, "Exempted by the PSO") == (euro(before.exempted_cents), euro(after.exempted_cents))
    assert shown(said.text, "Net") == (euro(before.net_cents), euro(after.net_cents))
    assert before.exempted_cents != after.exempted_cents


def test_a_new_certificate_does_what_its_form_said(office: Office, leader: FlaskClient) -> None:
    expect_said_and_done(office, leader, NEW, good(office))

    assert figures(office).exempted_cents == 62_500_00


def test_a_withdrawal_in_the_past_takes_away_what_was_exempted_after_it(office: Office, leader: FlaskClient) -> None:
    number = a_certificate(office)

    expect_said_and_done(office, leader, address_of(number, "/withdraw"), {"withdrawn_on": "1-7-2025", "version": "1"})
    assert figures(office).exempted_cents == 15_496_58


def test_a_company_that_leaves_the_scope_is_no_longer_exempt(office: Office, leader: FlaskClient) -> None:
    edit = address_of(a_certificate(office, SISTER), "/edit")

    expect_said_and_done(office, leader, edit, opened(leader, edit) | {"kvk": SISTER})
    assert figures(office).exempted_cents == 0


def test_a_check_makes_it_count(office: Office, leader: FlaskClient) -> None:
    number = a_certificate(office, checked_on=None)

    expect_said_and_done(office, leader, address_of(number, "/check"), {"checked_on": "20-1-2025", "version": "1"})


def test_a_check_that_is_taken_back_makes_it_count_for_nothing(office: Office, leader: FlaskClient) -> None:
    edit = address_of(a_certificate(office), "/edit")

    expect_said_and_done(office, leader, edit, opened(leader, edit) | {"checked": "no"})
    assert figures(office).exempted_cents == 0


def test_a_certificate_that_was_not_checked_moves_nothing(office: Office, leader: FlaskClient) -> None:
    form = good(office, checked="no")
    said = words(leader.post(NEW, data=form, headers=PREVIEW).text)

    assert "No figure of a contract changes." in said
    assert "Not checked yet: it takes nothing away" in said
    assert leader.post(NEW, data=form).status_code == 302
    assert figures(office).exempted_cents == 0
    assert newest(office).checked_on is None


def test_every_contract_of_every_company_in_the_scope_is_shown(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        contract = office.contract
        make.contract(contract.corporation, contract.supplier, number="A-2")
        make.contract(contract.corporation, make.supplier(contract.corporation, kvk=SISTER), number="A-3")
        elsewhere = make.record(contract.supplier).corporation
        make.contract(elsewhere, contract.supplier, number="THEIRS-4")

    said = leader.post(NEW, data=good(office, kvk=f"{kvk_of(office)}, {SISTER}"), headers=PREVIEW).text
    assert re.findall(r"<h3>(\S+)", said) == ["2025/014", "A-2", "A-3"]


def test_the_form_says_on_which_day_a_lapse_begins_to_cost(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        contract = office.contract
        contract.starts_on, contract.ends_on = today() - 100 * DAY, today() + 900 * DAY
        db.session.commit()
    until = today() + 50 * DAY
    form = good(office, valid_from=day_typed(today() - 90 * DAY), valid_until=day_typed(until), checked_on="")

    said = words(leader.post(NEW, data=form, headers=PREVIEW).text)
    leader.post(NEW, data=form)
    risk = figures(office).at_risk
    assert risk is not None
    assert risk.before == until + DAY
    day = f"{risk.before.day} {risk.before:%B %Y}"
    assert f"Without a new certificate before {day}, {euro(risk.cents)} comes back" in said


def test_both_databases_know_every_order_and_filter(both_databases: Flask) -> None:
    office = an_office(both_databases)
    a_certificate(office, withdrawn_on=date(2025, 2, 1))
    leader = office.browser()

    asked = [f"sort={sort}&q=pso" for sort in SORTS] + [f"state={state}&level=2" for state in Validity]
    assert {leader.get(f"/certificates?{query}").status_code for query in asked} == {200}
    expect_said_and_done(office, leader, NEW, good(office, valid_from="2-1-2025", valid_until="1-1-2027", level="3"))
