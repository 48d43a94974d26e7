"""A supplier's own place: what is owed over all corporations, what waits, and its certificates; and nobody else's."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Language, Role, User
from app.evidence.models import Evidence
from app.extensions import db
from app.home import service
from app.rules import ladder
from app.rules.dossier import Status
from app.rules.ladder import Level
from app.suppliers.models import Certificate
from app.suppliers.validity import facts_of
from tests import factories as make
from tests.evidence.making import pdf
from tests.people import client_of
from tests.web.counting import statements_of_request
from tests.web.matrix import Bad, Page, expect_each_refused
from tests.web.office import Office
from tests.web.reading import plain
from tests.web.world import actions

HAND_IN = "/home/certificates/new"
PAPER = {"number": "PSO-2026-7", "level": "2", "valid_from": "1-12-2026", "valid_until": "30-11-2028"}


@pytest.fixture(autouse=True)
def _on_24_november(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("app.home.views", "app.editing.answer"):
        monkeypatch.setattr(f"{module}.today", lambda: date(2026, 11, 24))


def text_of(browser: FlaskClient, address: str = "/home") -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", answer.text).replace("\N{NO-BREAK SPACE}", " ").split())


def paper(kvk: str, **typed: str) -> dict[str, str]:
    return PAPER | {"kvk": kvk} | typed


def elsewhere(office: Office, **values: object) -> int:
    """The supplier gets a contract at another corporation too, and its user reports there; the corporation's id."""
    with office.app.app_context():
        other, supplier = make.corporation(name="Wonen aan de Aa"), office.contract.supplier
        make.record(supplier, other, name="Van Asten")
        make.contract(other, supplier, number="2026-002", title="Planmatig schilderwerk", **values)
        make.membership(
            db.session.get_one(User, office.people["supplier"]), Role.SUPPLIER, of=other, supplier_=supplier
        )
        return other.id


def test_the_first_page_of_a_supplier_is_its_own_place(office: Office) -> None:
    assert office.browser("supplier").get("/").location == "/home"
    assert office.browser("leader").get("/").location == "/portfolio"


def test_each_contract_says_what_is_owed_until_when_and_how_to_fill_it(office: Office) -> None:
    elsewhere(office, starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31))

    page = text_of(office.browser("supplier"))

    assert "2 contracts" in page
    assert "€62,500 still to be filled until 31 December 2026 ." in page
    assert "still to be filled until 31 December 2027 ." in page
    assert "De Brug" in page and "Wonen aan de Aa" in page
    assert page.count("You can fill this like this") == 2
    assert "Purchase from a social enterprise or sheltered-work company: €62,500 €62,500" in page


def test_what_runs_and_what_is_submitted_stands_beside_what_is_left(office: Office) -> None:
    with office.app.app_context():
        make.placement(office.contract, status=Status.APPROVED, block="bbl", starts_on=date(2026, 11, 1), ends_on=None)
        make.activity(office.contract, status=Status.SUBMITTED, amount_cents=1_000_00)

    page = text_of(office.browser("supplier"))

    assert "€60,167 still to be filled" in page  # 24 of the 30 days of November: 2,333.33
    assert "What runs already brings €3,500 of it by then; €56,667 is left to arrange." in page
    assert "What you submitted brings €1,000, if it is approved." in page


def test_an_exempt_contract_says_by_what_and_until_when(office: Office) -> None:
    with office.app.app_context():
        make.certificate(office.corporation, [office.contract.supplier.kvk], valid_until=date(2026, 12, 10))

    page = text_of(office.browser("supplier"))

    assert "Exempt through PSO level 2 until 10 December 2026. After that €1,798 is to be filled" in page
    assert "You can fill this like this" not in page
    assert "it does not count from 11 December 2026 on" in page
    assert "Without a new one €1,798 comes back into what you owe." in page


def test_what_waits_stands_on_top_with_its_reason(office: Office) -> None:
    with office.app.app_context():
        rejected = make.placement(office.contract, status=Status.REJECTED, reference="W-1090")
        corrected = make.placement(office.contract, status=Status.REJECTED, reference="W-1")
        make.correction(corrected, status=Status.SUBMITTED)
        make.placement(office.contract, status=Status.DRAFT, reference="W-2000")
        address = f"/contribution/{rejected.id}/correct"

    answer = office.browser("supplier").get("/home")
    page = text_of(office.browser("supplier"))

    assert "1 of them asks something of you" in page
    assert "W-1090 is rejected" in page and "“Het bewijsstuk ontbreekt.”" in page and address in answer.text
    assert "W-2000 is a draft" in page
    assert "W-1 has no evidence yet" in page and "W-1 is rejected" not in page
    assert page.index("W-1090 is rejected") < page.index("still to be filled")


def test_it_shows_nothing_of_another_supplier(office: Office) -> None:
    with office.app.app_context():
        other = make.supplier(office.corporation)
        theirs = make.contract(office.corporation, other, number="2026-999", title="Not for Van Asten")
        make.placement(theirs, status=Status.REJECTED, reference="X-1")
        make.certificate(office.corporation, [other.kvk], number="PSO-X")

    browser = office.browser("supplier")
    seen = text_of(browser) + text_of(browser, "/home/certificates") + text_of(browser, "/home/report")

    assert not any(each in seen for each in ("2026-999", "Not for Van Asten", "X-1 ", "PSO-X"))


def test_who_reports_for_nobody_is_told_so(office: Office) -> None:
    leader = office.browser("leader")

    assert "This is the place of a supplier." in text_of(leader)
    assert "This is the place of a supplier." in text_of(leader, "/home/certificates")


def test_more_contracts_take_no_more_statements(office: Office) -> None:
    with office.app.app_context():
        make.placement(office.contract, status=Status.SUBMITTED)
    browser = office.browser("supplier")
    few = {each: statements_of_request(office.app, browser, each) for each in ("/home", "/home/report")}

    with office.app.app_context():
        for number in range(6):
            more = make.contract(office.corporation, office.contract.supplier, number=f"N-{number}")
            make.placement(more, status=Status.REJECTED)
            make.activity(more, status=Status.SUBMITTED)
    many = {each: statements_of_request(office.app, browser, each) for each in few}

    assert many == few


# Handing in a certificate


def test_each_corporation_gets_its_own_record_for_somebody_to_check(office: Office) -> None:
    other_id = elsewhere(office)
    with office.app.app_context():
        kvk, here_id = office.contract.supplier.kvk, office.corporation.id
    browser = office.browser("supplier")

    assert Page(browser.get(HAND_IN).text).fields["kvk"] == kvk
    for _twice in range(2):
        assert browser.post(HAND_IN, data=paper(f"{kvk}, 90000007")).location == "/certificate/1/evidence/new"

    with office.app.app_context():
        rows = db.session.scalars(select(Certificate).order_by(Certificate.corporation_id)).all()
        assert [row.corporation_id for row in rows] == [here_id, other_id]
        assert {facts_of(row) for row in rows} == {
            ladder.Certificate(
                "PSO-2026-7", Level.TWO, date(2026, 12, 1), date(2028, 11, 30), tuple(sorted((kvk, "90000007")))
            )
        }
    assert actions(office.app).count("certificate.hand_in") == 2  # one in the chain of each corporation
    assert text_of(browser, "/home/certificates").count("not checked yet") == 2


def test_the_paper_is_added_once_for_all_of_them(office: Office) -> None:
    elsewhere(office)
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
    browser = office.browser("supplier")
    address = browser.post(HAND_IN, data=paper(kvk)).location

    assert "De Brug, Wonen aan de Aa" in text_of(browser, address)
    answer = browser.post(address, data={"files": (BytesIO(pdf()), "pso.pdf")}, follow_redirects=True)

    assert "1 file is added." in plain(answer.text)
    with office.app.app_context():
        rows = db.session.scalars(select(Evidence)).all()
        assert len({row.corporation_id for row in rows}) == len({row.certificate_id for row in rows}) == 2
    assert actions(office.app).count("evidence.add") == 2


def test_it_takes_nothing_away_until_it_is_checked_and_the_leader_finds_it(office: Office) -> None:
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
    office.browser("supplier").post(HAND_IN, data=paper(kvk, valid_from="1-1-2025", valid_until="31-12-2026"))

    page = text_of(office.browser("leader"), "/certificates")

    assert "To check (1)" in page
    assert "PSO-2026-7" in text_of(office.browser("leader"), "/certificates?state=not_checked")
    assert "€62,500 still to be filled" in text_of(office.browser("supplier"))


def test_handing_in_again_corrects_what_nobody_has_checked(office: Office) -> None:
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
    browser = office.browser("supplier")
    browser.post(HAND_IN, data=paper(kvk))

    browser.post(HAND_IN, data=paper(kvk, level="3"))

    with office.app.app_context():
        (row,) = db.session.scalars(select(Certificate))
        assert (row.level, row.checked_on) == (Level.THREE, None)


def test_a_certificate_that_cannot_be_is_refused_beside_its_field(office: Office) -> None:
    with office.app.app_context():
        kvk = office.contract.supplier.kvk
        make.certificate(office.corporation, [kvk], number="PSO-CHECKED", valid_from=date(2026, 12, 1),
                         valid_until=date(2028, 11, 30))  # fmt: skip
        make.certificate(office.corporation, ["90000007"], number="PSO-OTHERS", valid_from=date(2026, 12, 1),
                         valid_until=date(2028, 11, 30), checked_on=None)  # fmt: skip
    refused = [
        Bad("kvk", "90000007", "Your own KvK number is not among them"),
        Bad("number", "PSO-OTHERS", "it says something else"),
        Bad("valid_until", "1-12-2029", "at most two years"),
        Bad("level", "", "Choose one of these"),
    ]

    expect_each_refused(office.app, office.browser("supplier"), HAND_IN, paper(kvk), refused)
    expect_each_refused(
        office.app,
        office.browser("supplier"),
        HAND_IN,
        paper(kvk, level="3"),
        [Bad("number", "PSO-CHECKED", "it says something else")],
    )


def test_what_the_corporation_has_already_stays_as_it_is(office: Office) -> None:
    with office.app.app_context():
        supplier = office.contract.supplier
        make.certificate(office.corporation, [supplier.kvk], number="PSO-CHECKED", level=Level.TWO)
        known = facts_of(db.session.scalars(select(Certificate)).one())
        by = db.session.get_one(User, office.people["supplier"])

        (row,) = service.hand_in(known, by=by)

        assert facts_of(row) == known and row.checked_on == date(2025, 1, 15)


def test_a_supplier_of_two_companies_hands_in_for_those_on_the_paper(app: Flask) -> None:
    with app.app_context():
        here, there = make.corporation(), make.corporation()
        one, two = make.supplier(here), make.supplier(there)
        user = make.user(Role.SUPPLIER, of=here, supplier_=one, language=Language.ENGLISH)
        make.membership(user, Role.SUPPLIER, of=there, supplier_=two)
        user_id, kvk, there_id = user.id, two.kvk, there.id

    client_of(app, user_id).post(HAND_IN, data=paper(kvk))

    with app.app_context():
        assert [row.corporation_id for row in db.session.scalars(select(Certificate))] == [there_id]
