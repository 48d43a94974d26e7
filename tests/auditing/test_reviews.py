"""The access review: a month is looked at by somebody who does not stand in it, and signed once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask.testing import FlaskClient

from app.accounts.models import Role, User
from app.auditing import reviews
from app.evidence import service as evidence
from app.extensions import db
from tests import factories as make
from tests.web.matrix import Page
from tests.web.office import Office, an_office
from tests.web.reading import words
from tests.web.world import actions, digest

SUNDAY_NIGHT = "2026-10-04T01:30:00Z"
NOVEMBER = "2026-11-24T10:00:00Z"


@pytest.fixture
def office(app: object) -> Iterator[Office]:
    """In which the leader opened a file on a Sunday night in October."""
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        made = an_office(app)  # type: ignore[arg-type]
        with made.app.app_context():
            file = make.evidence(made.contract)
            leader = db.session.get_one(User, made.people["leader"])
            evidence.open_file(file.id, by=leader)
    with time_machine.travel(NOVEMBER, tick=False):
        yield made


def address(office: Office, month: str = "2026-10") -> str:
    with office.app.app_context():
        return f"/corporation/{office.corporation.kvk}/access/{month}"


def send(browser: FlaskClient, at: str, remark: str) -> tuple[int, str]:
    seen = Page(browser.get(at).text).fields.get("seen", "")
    answer = browser.post(f"{at}/sign", data={"seen": seen, "remark": remark}, follow_redirects=True)
    return answer.status_code, words(answer.text)


def test_what_is_odd_is_listed_with_who_and_when(office: Office) -> None:
    page = words(office.browser("colleague").get(address(office)).text)

    assert "What is odd 1" in page
    assert "4 October 2026 At night or in a weekend." in page
    assert "03:30 Evidence opened" in page
    assert "Who opened files and took data along" in page


def test_a_colleague_signs_with_a_remark_and_once(office: Office) -> None:
    browser, at = office.browser("colleague"), address(office)
    assert "The access review of October 2026 waits" in words(browser.get("/signals").text)

    assert send(browser, at, "") == (422, send(browser, at, "")[1])
    assert "write what was asked and answered" in send(browser, at, "")[1]
    status, page = send(browser, at, "Asked: the judging had to be done by Monday.")

    assert status == 200 and "Asked: the judging had to be done by Monday." in page
    assert actions(office.app).count("access_review.sign") == 1
    assert "waits for a signature" not in words(browser.get("/signals").text)
    assert "signed by" in words(browser.get("/access-reviews").text)
    again = browser.post(f"{at}/sign", data={"seen": "", "remark": "Again"})
    assert again.status_code == 409 and "signed already" in words(again.text)


def test_who_stands_in_the_list_does_not_sign_it(office: Office) -> None:
    browser, before = office.browser("leader"), digest(office.app)

    assert "a colleague signs it" in words(browser.get(address(office)).text)
    with office.app.app_context():
        leader = db.session.get_one(User, office.people["leader"])
        seen = reviews.month_of(office.corporation.kvk, "2026-10", leader).digest
    answer = browser.post(address(office) + "/sign", data={"seen": seen, "remark": "All is well."})

    assert answer.status_code == 409 and "You stand in this list yourself." in words(answer.text)
    assert digest(office.app) == before


def test_a_list_that_became_another_is_looked_at_again(office: Office) -> None:
    answer = office.browser("administrator").post(address(office) + "/sign", data={"seen": "0" * 64, "remark": "Fine."})

    assert answer.status_code == 409 and "Somebody changed this in the meantime" in words(answer.text)


@pytest.mark.parametrize("month", ["2026-11", "2027-01", "2026-13", "2026-1", "october", "2026-10-01"])
def test_what_is_no_month_that_is_over_is_not_there(office: Office, month: str) -> None:
    assert office.browser("colleague").get(address(office, month)).status_code == 404


def test_auditors_look_suppliers_and_others_do_not(office: Office) -> None:
    assert "Sign it" not in words(office.browser("auditor").get(address(office)).text)
    assert office.browser("auditor").post(address(office) + "/sign", data={"remark": "x"}).status_code == 403
    assert office.browser("stranger").get(address(office)).status_code == 404
    assert office.browser("supplier").get(address(office)).status_code == 403


def test_log_ins_of_the_corporations_people_count_and_of_others_do_not(office: Office) -> None:
    from app.audit.service import command

    with office.app.app_context():
        other = make.user(Role.PROJECT_LEADER, of=make.corporation()).id
        mine = office.people["colleague"]
        with time_machine.travel("2026-10-20T09:00:00Z", tick=False):
            for who in (mine, other):
                for _time in range(5):
                    with command("account.refuse", by="visitor") as audit:
                        audit.note(user=who, address="192.0.2.1")
        month = reviews.month_of(
            office.corporation.kvk, "2026-10", db.session.get_one(User, office.people["administrator"])
        )

    assert [(each.oddity, each.who, each.on) for each in month.odd] == [
        ("odd_hours", office.people["leader"], date(2026, 10, 4)),
        ("refused", mine, date(2026, 10, 20)),
    ]


def test_a_look_at_evidence_is_found_in_the_log_by_its_contract(office: Office) -> None:
    browser = office.browser("auditor")

    assert "Evidence opened" in words(
        browser.get(f"/auditing/log?contract={office.contract_id}&action=evidence.view").text
    )
    assert "No record answers" in words(browser.get("/auditing/log?contract=987654&action=evidence.view").text)
