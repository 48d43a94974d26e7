"""Suppliers as a corporation records them: the list, the page of one, and recording, changing and deleting one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import Role
from app.assessments.queries import assessment_of, dossier_of
from app.audit.models import AuditRecord
from app.contracts.models import Contract
from app.extensions import db
from app.rules.ladder import Level
from app.suppliers.models import Supplier, SupplierRecord
from app.web.clock import today
from tests import factories as make
from tests.people import client_of
from tests.web.matrix import MARKUP, Bad, Page, expect_kept_as_text, expect_refused, opened
from tests.web.office import Office, a_lasting_office
from tests.web.reading import words

GOOD = {"kvk": "9000 0001", "name": "Dakwerken De Linde", "city": "Breda", "email": "info@linde.example"}
NEW = "/supplier/new"


@pytest.fixture(scope="module")
def lasting(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """De Brug with Stijglift too, which holds level 2 and has no contract; no test writes here."""
    with a_lasting_office(migrated_sqlite, tmp_path_factory.mktemp("suppliers")) as made:
        with made.app.app_context():
            stijglift = make.supplier(made.corporation, name="Stijglift", city="Breda", kvk="90000003")
            until = today() + timedelta(days=99)
            make.certificate(made.corporation, [stijglift.kvk], valid_from=today(), valid_until=until)
        yield made


def record_id(office: Office) -> int:
    """Of Van Asten."""
    with office.app.app_context():
        return office.contract.supplier_record.id


def recorded(office: Office, number: int) -> SupplierRecord | None:
    with office.app.app_context():
        return db.session.get(SupplierRecord, number)


def another_record(office: Office, **values: str) -> int:
    """The id of a record without contracts."""
    with office.app.app_context():
        supplier = make.supplier(office.corporation, **({"name": "Stijglift"} | values))
        return db.session.scalars(select(SupplierRecord.id).where(SupplierRecord.supplier_id == supplier.id)).one()


def names(text: str) -> list[str]:
    """The suppliers in the list, in its order."""
    return re.findall(r'<td class="whole-row" role="cell"><a href="/supplier/\d+">([^<]+)</a>', text)


# The list


def test_the_list_adds_up_the_contracts_of_each(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        contract = office.contract
        make.contract(contract.corporation, contract.supplier, contract_sum_cents=100_000_00)
        net = sum(assessment_of(each, today()).net_cents for each in db.session.scalars(select(Contract)))

    assert f"€{net // 100:,}" in words(leader.get("/suppliers").text)


def test_the_list_says_what_each_holds_and_until_when(office: Office, leader: FlaskClient) -> None:
    until = today() + timedelta(days=200)
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
        make.certificate(
            office.corporation,
            [kvk],
            level=Level.THREE,
            valid_from=today() - timedelta(days=9),
            valid_until=until,
        )

    assert f"level 3 until {until.day} {until:%b %Y}" in words(leader.get("/suppliers").text)


def test_what_is_held_goes_on_with_the_next_certificate_of_the_same_level(office: Office, leader: FlaskClient) -> None:
    end, until = today() + timedelta(days=5), today() + timedelta(days=400)
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
        make.certificate(office.corporation, [kvk], valid_from=today(), valid_until=end)
        make.certificate(office.corporation, [kvk], valid_from=end + timedelta(days=1), valid_until=until)

    assert f"level 2 until {until.day} {until:%b %Y}" in words(leader.get("/suppliers").text)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Stijglift", "Van Asten"]),
        ("q=asten", ["Van Asten"]),
        ("q=breda", ["Stijglift"]),
        ("level=2", ["Stijglift"]),
        ("level=none", ["Van Asten"]),
        ("level=3", []),
        ("contracts=with", ["Van Asten"]),
        ("contracts=without", ["Stijglift"]),
        ("sort=net&dir=desc", ["Van Asten", "Stijglift"]),
        ("level=9&sort=odd&contracts=perhaps", ["Stijglift", "Van Asten"]),
    ],
)
def test_the_list_finds_what_is_asked(lasting: Office, query: str, expected: list[str]) -> None:
    assert names(lasting.browser().get(f"/suppliers?{query}").text) == expected


def test_what_another_corporation_recorded_of_the_same_company_is_not_shown(
    office: Office, leader: FlaskClient
) -> None:
    with office.app.app_context():
        supplier = office.contract.supplier
        elsewhere = make.corporation()
        make.record(supplier, elsewhere, name="What they call it", email="secret@elsewhere.example")
        make.certificate(elsewhere, [supplier.kvk], number="THEIRS-1")

    for address in ("/suppliers", f"/supplier/{record_id(office)}"):
        text = leader.get(address).text
        assert "Van Asten" in text
        assert "What they call it" not in text
        assert "THEIRS-1" not in text


# The page of one


def test_the_page_shows_all_certificates_that_cover_its_kvk_number(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
        make.supplier(office.corporation, name="The sister", kvk="90000007")
        make.certificate(office.corporation, [kvk, "90000007"], number="PSO-BOTH")
        make.certificate(office.corporation, ["90000007"], number="PSO-SISTER")

    text = leader.get(f"/supplier/{record_id(office)}").text
    assert "PSO-BOTH" in text
    assert "The sister (90000007)" in text
    assert "PSO-SISTER" not in text


def test_the_bar_shows_levels_and_not_which_paper_gives_them(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
        make.certificate(office.corporation, [kvk], withdrawn_on=date(2025, 7, 1))
        make.certificate(office.corporation, [kvk], valid_from=date(2025, 3, 1), valid_until=date(2026, 12, 31))

    text = leader.get(f"/supplier/{record_id(office)}").text
    assert text.count('<rect class="piece-full"') == 2  # one for a desk and one for a phone
    assert "1 January 2025 to 31 December 2026: level 2" in text


def test_an_auditor_looks_and_changes_nothing(office: Office) -> None:
    auditor = office.browser("auditor")

    text = auditor.get(f"/supplier/{record_id(office)}").text
    assert "Van Asten" in text
    assert "/edit" not in text
    assert "/delete" not in text
    assert auditor.get(f"/supplier/{record_id(office)}/edit").status_code == 403


def test_a_supplier_does_not_see_what_is_recorded_of_it(office: Office) -> None:
    assert office.browser("supplier").get("/suppliers").status_code == 403


# Record one


def test_a_supplier_is_recorded(office: Office, leader: FlaskClient) -> None:
    answer = leader.post(NEW, data=GOOD)

    with office.app.app_context():
        made = db.session.scalars(select(SupplierRecord).order_by(SupplierRecord.id.desc())).first()
        assert made is not None
        assert answer.location == f"/supplier/{made.id}"
        assert (made.supplier.kvk, made.name, made.city, made.email) == ("90000001", *list(GOOD.values())[1:])
        action = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id.desc())).first()
        assert action == "supplier_record.create"


def test_a_double_click_records_one(office: Office, leader: FlaskClient) -> None:
    first, second = leader.post(NEW, data=GOOD), leader.post(NEW, data=GOOD | {"kvk": "90000001"})

    assert first.location == second.location
    with office.app.app_context():
        assert db.session.scalar(select(func.count()).where(SupplierRecord.name == GOOD["name"])) == 1


def test_a_company_that_another_corporation_recorded_is_the_same_company(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        make.supplier(make.corporation(), kvk="90000001", name="What they call it")

    assert leader.post(NEW, data=GOOD).status_code == 302
    with office.app.app_context():
        assert db.session.scalar(select(func.count()).where(Supplier.kvk == "90000001")) == 1


def test_a_company_that_two_corporations_record_at_once_is_one(both_databases: Flask) -> None:
    with both_databases.app_context():
        leaders = [make.user().id for _ in range(2)]
    browsers, begin = [client_of(both_databases, number) for number in leaders], Barrier(len(leaders))

    def record(browser: FlaskClient, kvk: str) -> int:
        begin.wait()
        return browser.post(NEW, data=GOOD | {"kvk": kvk}).status_code

    with ThreadPoolExecutor(len(browsers)) as at_once:
        for kvk in ("90000001", "90000002", "90000003"):
            assert list(at_once.map(partial(record, kvk=kvk), browsers)) == [302, 302]


def test_one_that_is_recorded_already_is_named_with_the_way_to_it(office: Office, leader: FlaskClient) -> None:
    number = another_record(office, kvk="90000001")

    page = expect_refused(office.app, leader, NEW, GOOD, Bad("name", "Another name", "as Stijglift", beside="kvk"))
    assert "Stijglift" in page.errors["kvk"]
    assert f'href="/supplier/{number}"' in leader.post(NEW, data=GOOD).text


BAD = [
    Bad("kvk", "", "Fill this in."),
    Bad("kvk", "1234567", "eight digits"),
    Bad("kvk", "123456789", "eight digits"),
    Bad("kvk", MARKUP, "eight digits"),
    Bad("name", "", "Fill this in."),
    Bad("name", "x" * 201, "at most 200 characters"),
    Bad("name", "Jan 111222333", "citizen service number"),
    Bad("city", "x" * 101, "at most 100 characters"),
    Bad("email", "info at linde", "is not an e-mail address"),
    Bad("email", MARKUP, "is not an e-mail address"),
    Bad("email", f"{'x' * 250}@linde.example", "is not an e-mail address"),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_cannot_be_is_refused(lasting: Office, bad: Bad) -> None:
    expect_refused(lasting.app, lasting.browser(), NEW, GOOD, bad)


@pytest.mark.parametrize("bad", [bad for bad in BAD if bad.field != "kvk"], ids=str)
def test_what_cannot_be_is_refused_of_a_change_too(lasting: Office, bad: Bad) -> None:
    leader, address = lasting.browser(), f"/supplier/{record_id(lasting)}/edit"

    expect_refused(lasting.app, leader, address, opened(leader, address), bad)


@pytest.mark.parametrize("field", ["name", "city"])
def test_markup_is_text(office: Office, leader: FlaskClient, field: str) -> None:
    expect_kept_as_text(leader, NEW, GOOD, field)


def test_who_works_for_several_corporations_says_for_which(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        other = make.corporation(name="Another")
        made = make.user(Role.PROJECT_LEADER, of=other, language="en")
        make.membership(made, Role.PROJECT_LEADER, of=office.corporation)
        office.people["both"] = made.id
        kvk = other.kvk
    both = office.browser("both")

    assert Page(both.get(NEW).text).options["corporation"]
    assert both.post(NEW, data=GOOD | {"corporation": kvk}).status_code == 302
    expect_refused(office.app, both, NEW, GOOD | {"name": "Once more"}, Bad("corporation", "99999999", "possibilities"))
    assert GOOD["name"] not in leader.get("/suppliers").text


# Change one


def test_the_kvk_number_stays_whatever_is_sent(office: Office, leader: FlaskClient) -> None:
    number = another_record(office, kvk="90000001")
    address = f"/supplier/{number}/edit"
    form = opened(leader, address)

    assert "kvk" not in form
    assert leader.post(address, data=form | {"kvk": "90000002", "city": "Tilburg"}).status_code == 302
    with office.app.app_context():
        row = db.session.get_one(SupplierRecord, number)
        assert (row.supplier.kvk, row.city) == ("90000001", "Tilburg")


def test_another_name_stands_in_the_facts_of_its_contracts(office: Office, leader: FlaskClient) -> None:
    address = f"/supplier/{record_id(office)}/edit"

    assert leader.post(address, data=opened(leader, address) | {"name": "Van Asten BV"}).status_code == 302
    with office.app.app_context():
        assert dossier_of(office.contract).parties.supplier_name == "Van Asten BV"


def test_two_people_change_the_same_field_and_the_second_chooses(office: Office, leader: FlaskClient) -> None:
    address = f"/supplier/{another_record(office)}/edit"
    form = opened(leader, address)
    colleague = office.browser("colleague")
    colleague.post(address, data=opened(colleague, address) | {"name": "Theirs", "email": "theirs@linde.example"})

    answer = leader.post(address, data=form | {"name": "Mine"})
    page = Page(answer.text)
    assert answer.status_code == 409
    assert page.fields["name"] == "Mine"
    assert "theirs@linde.example" in answer.text

    again = page.fields | {"choose-name": "yours", "choose-email": "theirs"}
    assert leader.post(address, data=again).status_code == 302
    row = recorded(office, int(address.split("/")[2]))
    assert row is not None
    assert (row.name, row.email) == ("Mine", "theirs@linde.example")


# Delete one


def test_a_supplier_with_contracts_stays_and_they_are_named(office: Office, leader: FlaskClient) -> None:
    address = f"/supplier/{record_id(office)}/delete"

    assert "Van Asten has contracts: 2025/014 a." in leader.get(address).text
    assert leader.post(address, data={"version": "1"}).status_code == 409
    assert recorded(office, record_id(office)) is not None


def test_a_supplier_for_whom_people_log_in_stays_and_they_are_named(office: Office, leader: FlaskClient) -> None:
    number = another_record(office)
    with office.app.app_context():
        supplier = db.session.get_one(SupplierRecord, number).supplier
        make.membership(make.user(None, name="Sam de Vries"), Role.SUPPLIER, of=office.corporation, supplier_=supplier)

    assert "Sam de Vries" in leader.get(f"/supplier/{number}/delete").text
    assert leader.post(f"/supplier/{number}/delete", data={"version": "1"}).status_code == 409


def test_a_deleted_supplier_is_gone_and_comes_back_with_undo(office: Office, leader: FlaskClient) -> None:
    number = another_record(office)
    address = f"/supplier/{number}/delete"

    listed = leader.post(address, data=opened(leader, address), follow_redirects=True)
    assert names(listed.text) == ["Van Asten"]
    assert leader.get(f"/supplier/{number}").status_code == 404

    [undo] = re.findall(r'action="(/history/undo/\d+)"', listed.text)
    leader.post(undo, data={"next": "/suppliers"})
    assert names(leader.get("/suppliers").text) == ["Stijglift", "Van Asten"]


def test_one_that_was_changed_meanwhile_is_not_deleted(office: Office, leader: FlaskClient) -> None:
    number = another_record(office)
    address = f"/supplier/{number}/delete"
    form = opened(leader, address)
    edit = f"/supplier/{number}/edit"
    leader.post(edit, data=opened(leader, edit) | {"city": "Tilburg"})

    assert leader.post(address, data=form).status_code == 409
    assert recorded(office, number) is not None
