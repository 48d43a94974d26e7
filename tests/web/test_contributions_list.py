"""The list of all contributions: who sees which, in which version, at what worth; and how it is searched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from flask import Flask

from app.accounts.models import Corporation, Role
from app.contributions.models import Contribution, Placement
from app.contributions.register import SORTS
from app.extensions import db
from app.rules.dossier import Status
from tests import factories as make
from tests.people import client_of
from tests.support import application_of_module
from tests.web.office import Office, an_office

LIST = "/contributions"
pytestmark = pytest.mark.usefixtures("on_24_november")


def page(office: Office, query: str = "", who: str = "leader") -> str:
    answer = office.browser(who).get(f"{LIST}?{query}")
    assert answer.status_code == 200
    return " ".join(unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ").split())


def listed(text: str) -> list[str]:
    """The contributions in the list, in its order."""
    return re.findall(r'<td class="whole-row" role="cell"><a href="/contribution/\d+">([^<]+)</a>', text)


def an_activity(office: Office, **values: object) -> None:
    with office.app.app_context():
        make.activity(office.contract, **({"reference": "A1"} | values))


def corrected(office: Office, status: Status = Status.SUBMITTED) -> int:
    """The id of a correction that waits beside an approved version."""
    approved = office.submitted(status=Status.APPROVED)
    with office.app.app_context():
        row = db.session.get_one(Placement, approved)
        return make.correction(row, status=status, person_=row.person).id


def of_another_supplier(office: Office) -> None:
    with office.app.app_context():
        here = office.corporation
        make.placement(make.contract(here, make.supplier(here, name="Kuijpers"), number="K-1"), reference="K1")


# Who sees what


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("leader", ["K1", "W-1081"]),
        ("administrator", ["K1", "W-1081"]),
        ("auditor", ["K1", "W-1081"]),
        ("assessor", ["K1", "W-1081"]),
        ("supplier", ["W-1081"]),
        ("stranger", []),
    ],
)
def test_everybody_sees_the_contributions_of_their_contracts(office: Office, who: str, seen: list[str]) -> None:
    office.submitted()
    of_another_supplier(office)

    assert listed(page(office, "sort=reference", who)) == seen


def test_what_one_does_not_see_is_nothing_to_choose_from(office: Office) -> None:
    office.submitted()
    of_another_supplier(office)

    assert "Kuijpers" not in page(office, "", "supplier")
    assert "Kuijpers" in page(office)


@pytest.mark.parametrize(
    ("who", "judges"),
    [("colleague", True), ("assessor", True), ("leader", False), ("supplier", False), ("auditor", False)],
)
def test_who_may_judge_it_is_led_there(office: Office, who: str, judges: bool) -> None:
    number = office.submitted("leader")

    assert (f'"/contribution/{number}#judge"' in page(office, "", who)) is judges


@pytest.mark.parametrize(("who", "shown"), [("leader", True), ("assessor", True), ("supplier", False)])
def test_judges_see_how_many_wait(office: Office, who: str, shown: bool) -> None:
    office.submitted()

    assert ("To judge (1)" in page(office, "", who)) is shown


def test_an_empty_list_says_what_will_stand_there(office: Office) -> None:
    text = page(office)

    assert "Contributions will stand here." in text
    assert "To the contracts" in text


# Which version, at what worth


def test_an_approved_one_with_a_waiting_correction_shows_both_states(office: Office) -> None:
    waiting = corrected(office)
    text = page(office, "", "colleague")

    assert listed(text) == ["W-1081"]
    assert "Approved" in text
    assert f'href="/contribution/{waiting}">a correction waits' in text
    assert f'"/contribution/{waiting}#judge"' in text


@pytest.mark.parametrize("state", ["approved", "submitted"])
def test_it_is_found_by_either_state(office: Office, state: str) -> None:
    corrected(office)

    assert listed(page(office, f"state={state}")) == ["W-1081"]
    assert listed(page(office, "state=draft")) == []


def test_of_several_versions_without_an_approved_one_the_newest_stands_there(office: Office) -> None:
    rejected = office.submitted(status=Status.REJECTED)
    with office.app.app_context():
        make.correction(db.session.get_one(Contribution, rejected))

    assert listed(page(office)) == ["W-1081 (2)"]
    assert listed(page(office, "state=rejected")) == []


def test_what_counts_is_worth_what_is_credited_and_what_waits_what_it_would_get(office: Office) -> None:
    office.submitted(reference="W-1", status=Status.APPROVED, ends_on=None)
    office.submitted(reference="W-2", ends_on=None)
    office.submitted(reference="W-3", status=Status.REJECTED)
    one, two, three = page(office, "sort=reference").partition("<tbody")[2].split("</tr>")[:3]

    assert "€26,133.33" in one.replace("€ ", "€")
    assert "€29,333.33" in two.replace("€ ", "€")
    assert "to the end, once approved" in two
    assert "—" in three


def test_the_order_by_worth_is_that_of_what_is_shown(office: Office) -> None:
    office.submitted(reference="W-1", hours=Decimal(20))
    office.submitted(reference="W-2", hours=Decimal(36))
    office.submitted(reference="W-3", hours=Decimal(28), status=Status.APPROVED)
    an_activity(office, reference="A0", status=Status.WITHDRAWN)

    assert listed(page(office, "sort=value&dir=desc")) == ["W-2", "W-3", "W-1", "A0"]
    assert listed(page(office, "sort=value")) == ["A0", "W-1", "W-3", "W-2"]


def test_hours_and_amounts_say_their_size(office: Office) -> None:
    office.submitted()
    an_activity(office, amount_cents=1_234_56)
    an_activity(office, reference="A2", block="initiative-hours", quantity=Decimal("7.5"))
    text = page(office).replace("€ ", "€")

    assert "28.8 hours a week" in text
    assert "€1,234.56" in text
    assert "7.5 hours" in text


# Searching


@pytest.fixture(scope="module")
def searched(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with a placement of its own supplier and one of another: to look at, not to write in."""
    with application_of_module(migrated_sqlite, tmp_path_factory) as app:
        office = an_office(app)
        office.submitted()
        of_another_supplier(office)
        yield office


@pytest.mark.parametrize(
    "query",
    [
        "q=w-1081",
        "q=2025/014",
        "q=oosterwijk",
        "q=van+asten",
        "q=participation",
        "q=asten+participation+w-10",
        "kind=placement",
        "block=participatiewet",
        "state=submitted",
        "contract=1",
        "sort=starts",
    ],
)
def test_it_is_found_by_its_texts_and_filters(searched: Office, query: str) -> None:
    assert "W-1081" in listed(page(searched, query))


@pytest.mark.parametrize(
    "query",
    ["q=w-9", "kind=activity", "block=none", "state=approved", "contract=999", "supplier=1", "q=asten+kuijpers"],
)
def test_what_does_not_answer_is_not_found(searched: Office, query: str) -> None:
    text = page(searched, query)

    assert listed(text) == []
    assert "No contribution answers to this search." in text
    assert f'href="{LIST}"' in text


@pytest.mark.parametrize(
    ("who", "finds"), [("leader", True), ("auditor", True), ("supplier", True), ("assessor", False)]
)
def test_a_person_is_found_by_who_sees_persons_only(office: Office, who: str, finds: bool) -> None:
    with office.app.app_context():
        contract = office.contract
        make.placement(contract, reference="W-7", person_=make.person(contract.supplier, "D-0815"))
    text = page(office, "q=d-0815", who)

    assert (listed(text) == ["W-7"]) is finds
    assert ("D-0815" in text) is finds


def test_both_databases_answer_in_every_order(both_databases: Flask) -> None:
    office = an_office(both_databases)
    corrected(office)
    an_activity(office, status=Status.APPROVED)

    for sort in SORTS:
        text = page(office, f"q=van&state=approved&contract={office.contract_id}&sort={sort}&dir=desc")
        assert sorted(listed(text)) == ["A1", "W-1081"]


# The other lists


@pytest.mark.parametrize("query", ["2025/014", "OOSTERWIJK", "asten+renovatie"])
def test_the_search_of_every_page_finds_contracts(office: Office, query: str) -> None:
    assert "2025/014 a" in office.browser().get(f"/contracts?q={query}").text


def test_a_contract_is_found_by_its_suppliers_kvk_number(office: Office) -> None:
    with office.app.app_context():
        contract = office.contract
        kvk = contract.supplier.kvk
        make.contract(contract.corporation, number="another")
    text = office.browser().get(f"/contracts?q={kvk}").text

    assert "2025/014 a</a>" in text
    assert "another</a>" not in text


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ("kind=painting", True),
        ("kind=services", False),
        ("table=utrecht-2024", True),
        ("table=utrecht-2019", False),
        ("runs=2025", True),
        ("runs=2027", False),
        ("ends=2026", True),
        ("ends=2025", False),
    ],
)
def test_contracts_are_filtered_by_kind_table_and_years(app: Flask, query: str, finds: bool) -> None:
    office = an_office(app, kind="painting")

    assert ("2025/014 a</a>" in office.browser().get(f"/contracts?{query}").text) is finds


@pytest.mark.parametrize(
    ("address", "empty"), [("/home", "Your contracts will stand here"), ("/contracts?q=x", "Show all contracts")]
)
def test_a_supplier_whose_search_finds_nothing_is_shown_the_way_back(app: Flask, address: str, empty: str) -> None:
    with app.app_context():
        here: Corporation = make.corporation()
        seller = make.user(None, language="en")
        make.membership(seller, Role.SUPPLIER, of=here)
        seller_id = seller.id

    assert empty in client_of(app, seller_id).get(address).text


@pytest.mark.parametrize(("field", "value"), [("contract", "1"), ("supplier", "{kvk}")])
def test_statements_are_filtered_by_contract_and_supplier(office: Office, field: str, value: str) -> None:
    with office.app.app_context():
        contract = office.contract
        mine, other = make.statement(contract).number, make.statement(make.contract(contract.corporation)).number
        kvk = contract.supplier.kvk
    text = office.browser().get(f"/statements?{field}={value.format(kvk=kvk)}").text

    assert f"{mine}</a>" in text
    assert f"{other}</a>" not in text
