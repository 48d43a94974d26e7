"""The worklist in the browser: find, talk, let rest, close; mail that somebody stops; what an administrator sees."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.extensions import db
from app.mail.models import Mail, MailState
from app.rules.dossier import Status
from app.signals import notify
from app.signals.kinds import MailKind
from app.signals.models import Conversation, OptOut
from app.signals.people import opt_out_url
from app.web.clock import today
from tests import factories as make
from tests.web.counting import statements_of_request
from tests.web.office import Office


@pytest.fixture
def led(office: Office) -> Iterator[Office]:
    """The office, where the contract is led by its leader and two contributions wait."""
    with office.app.app_context():
        office.contract.project_leader_id = office.people["leader"]
        db.session.commit()
    office.submitted(reference="W-1")
    yield office


def the_signal(office: Office) -> str:
    text = office.browser().get("/signals?kind=no_evidence").text
    [link] = re.findall(r'href="(/signals/\d+/[0-9a-f]{16})"', text)
    return str(link)


def test_from_the_worklist_to_a_conversation_a_rest_and_a_close(led: Office) -> None:
    browser, page = led.browser(), the_signal(led)
    text = browser.get(page).text
    assert "Of a contribution that waits nothing shows that it is so: W-1." in text
    new = re.findall(r'href="(/contract/\d+/conversations/new\?signal=[0-9a-f]{16})"', text)[0]
    assert "W-1" in browser.get("/signals?q=asten").text

    typed = {"held_on": "1-6-2026", "with_whom": "uitvoerder", "action": "Bewijs sturen", "due_on": "8-6-2026"}
    answer = browser.post(new, data={**typed, "with_whom": ""})
    assert (answer.status_code, "Bewijs sturen" in answer.text) == (422, True)
    answer = browser.post(new, data=typed)
    assert answer.location == page
    shown = browser.get(page).text
    assert "Agreed: Bewijs sturen" in shown
    assert "not done" in shown

    assert browser.post(f"{page}/snooze", data={"until": "1-6-2020", "reason": "later"}).status_code == 422
    assert browser.post(f"{page}/snooze", data={"until": "morgen", "reason": "later"}).status_code == 422
    assert browser.post(f"{page}/close", data={"reason": ""}).status_code == 422
    assert browser.post(f"{page}/close", data={"reason": "BSN 111222333"}).status_code == 422
    assert browser.post(f"{page}/close", data={"reason": "gezien bij een bezoek"}).location == page
    assert "No signal answers to this search" in browser.get("/signals?kind=no_evidence").text
    assert "gezien bij een bezoek" in browser.get("/signals?kind=no_evidence&state=closed").text
    assert browser.post(f"{page}/reopen").location == page
    assert the_signal(led) == page


def test_a_conversation_is_changed_and_its_agreement_done(led: Office) -> None:
    with led.app.app_context():
        number = make.conversation(led.contract, db.session.get_one(User, led.people["leader"])).id
    browser, page = led.browser(), f"/conversation/{number}/edit"
    assert "Agreed and not done by 15 March 2026: Plan sturen" in browser.get("/signals").text
    typed = {"held_on": "1-3-2026", "with_whom": "uitvoerder", "action": "Plan mailen", "version": "1"}
    typed["seen"] = json.dumps({"action": "Plan sturen"})
    assert browser.post(page, data=typed).status_code == 302
    assert browser.post(page, data={**typed, "action": "iets anders"}).status_code == 409
    assert browser.post(f"/conversation/{number}/complete").status_code == 302
    with led.app.app_context():
        assert db.session.get_one(Conversation, number).done_on == today()
    assert "Plan mailen" in browser.get(contract_of(led)).text


def contract_of(office: Office) -> str:
    with office.app.app_context():
        return f"/contracts/{office.corporation.kvk}/2025/014%20a"


def test_an_auditor_looks_and_a_supplier_does_not(led: Office) -> None:
    page = the_signal(led)
    auditor = led.browser("auditor")
    text = auditor.get(page).text
    assert "Let it rest" not in text
    assert auditor.post(f"{page}/close", data={"reason": "x"}).status_code == 403
    assert led.browser("supplier").get(page).status_code == 403
    assert "signals-title" not in led.browser("supplier").get(contract_of(led)).text
    assert led.browser("stranger").get(page).status_code == 404
    assert led.browser("colleague").get(f"{page[:-1]}x").status_code == 404


def test_what_happened_meanwhile_is_told(led: Office) -> None:
    page = the_signal(led)
    assert led.browser().post(f"{page}/snooze", data={"until": "1-1-2099", "reason": "x"}).status_code == 422
    with led.app.app_context():
        notify.daily(today())
    led.submitted(reference="W-2")
    answer = led.browser().post(f"{page}/close", data={"reason": "gezien"})
    assert (answer.status_code, "its facts have changed" in answer.text) == (409, True)


def test_a_rejection_in_the_browser_is_mailed_when_the_page_is_answered(led: Office) -> None:
    number = led.submitted("colleague", reference="W-3")
    version = led.stored(number).row_version
    answer = led.browser().post(f"/contribution/{number}/reject", data={"reason": "zonder bewijs", "version": version})
    answer.close()
    assert led.stored(number).status is Status.REJECTED
    with led.app.app_context():
        [mail] = db.session.scalars(select(Mail).where(Mail.kind == MailKind.REJECTED))
        assert (mail.state, mail.user_id) == (MailState.SENT, led.people["supplier"])


def test_mail_is_stopped_from_its_link_and_chosen_again_on_ones_own_page(led: Office) -> None:
    with led.app.test_request_context():
        leader = db.session.get_one(User, led.people["leader"])
        link = opt_out_url(leader, MailKind.DIGEST).removeprefix("http://localhost")
    visitor = led.app.test_client()
    assert "No longer send it to me" in visitor.get(link).text
    assert unwanted(led) == []
    assert "You no longer get this mail" in visitor.post(link).text
    assert unwanted(led) == [MailKind.DIGEST]
    assert visitor.post(f"{link}x").status_code == 404

    own = led.browser().get("/account").text
    assert re.search(r'id="mail-urgent" value="urgent" checked', own)
    assert not re.search(r'id="mail-digest" value="digest" checked', own)
    assert led.browser().post("/account/mail", data={"mail": ["digest", "nonsense"]}).location == "/account#mail"
    assert unwanted(led) == [MailKind.URGENT]


def unwanted(office: Office) -> list[MailKind]:
    with office.app.app_context():
        return list(db.session.scalars(select(OptOut.kind)))


def test_an_administrator_sees_what_became_of_mail_and_not_what_it_says(led: Office) -> None:
    with led.app.app_context():
        leader, stranger = (db.session.get_one(User, led.people[who]) for who in ("leader", "stranger"))
        make.mail(led.corporation, leader, subject="Deze week", text="geheim")
        make.mail(led.corporation, leader, subject="Anders", state=MailState.FAILED, reason="550 no such user", tries=1)
        make.mail(stranger.memberships[0].corporation, stranger, subject="Elders")
    browser = led.browser("administrator")
    text = browser.get("/mails").text
    assert "550 no such user" in text
    assert "Deze week" in text
    assert "geheim" not in text
    assert "Elders" not in text
    assert "Deze week" not in browser.get("/mails?state=failed&q=anders&sort=to").text
    few = statements_of_request(led.app, browser, "/mails")
    with led.app.app_context():
        leader = db.session.get_one(User, led.people["leader"])
        for _ in range(30):
            make.mail(led.corporation, leader)
    assert statements_of_request(led.app, browser, "/mails") == few


def test_a_day_is_looked_at_by_the_command_line(app: Flask) -> None:
    with app.app_context():
        make.reporting_choice(make.contract(ends_on=date(2100, 12, 31)), starts_on=today())
    said = app.test_cli_runner().invoke(args=["daily", "--lang", "en"])
    assert said.output == "1 contracts, 1 open signals, 0 mails put in the outbox\n"
