"""The pages of several contributions at once, as a supplier uses them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import Role, User
from app.contributions import service
from app.contributions.models import Placement
from app.extensions import db
from app.rules import dossier as facts
from app.rules.dossier import Status
from tests import factories as make
from tests.web.matrix import Page
from tests.web.office import Office
from tests.web.reading import words
from tests.web.world import actions, digest

PLACED = facts.Placement(
    reference="",
    person="SR-0042",
    block="participatiewet",
    starts_on=date(2026, 4, 1),
    hours=(facts.Hours(date(2026, 4, 1), Decimal(24)),),
    status=Status.DRAFT,
    ends_on=date(2026, 6, 30),
)
BOUGHT = facts.Activity("", "social-purchase", date(2026, 5, 14), Status.DRAFT, amount_cents=1_000_00)


@pytest.fixture(autouse=True)
def _in_october() -> object:
    with time_machine.travel("2026-10-05T10:00:00Z", tick=False) as traveller:
        yield traveller


def supplier(office: Office) -> User:
    return db.session.get_one(User, office.people["supplier"])


def chosen(page: str, *, only_ticked: bool = False) -> list[str]:
    """What the check boxes of a page would send, all of them ticked or as they are."""
    boxes = [part.partition(">")[0] for part in page.split("<input") if 'name="chosen"' in part]
    return [box.partition('value="')[2].partition('"')[0] for box in boxes if " checked" in box or not only_ticked]


def test_the_period_before_is_copied_looked_at_and_submitted(office: Office) -> None:
    with office.app.app_context():
        leader = db.session.get_one(User, office.people["leader"])
        for entry in (PLACED, BOUGHT):
            made = service.submit(office.contract_id, entry, by=supplier(office))
            service.approve(made.id, by=leader, seen_version=made.row_version)
    browser, address = office.browser("supplier"), f"/contributions/{office.contract_id}/copy?period=2026-07-01"

    page = browser.get(address).text
    assert "From the period 1 April 2026 – 30 June 2026 to the period 1 July 2026 – 30 September 2026." in words(page)
    assert "To copy 2" in words(page)
    sent = {"chosen": chosen(page), "key": Page(page).fields["key"]}
    answers = [browser.post(address, data=sent) for _twice in range(2)]

    assert len({answer.location for answer in answers}) == 1
    drafts = browser.get(answers[0].location, follow_redirects=True).text
    assert "Not submitted yet 2" in words(drafts)
    held = [(each.reference, each.status) for each in office.contributions() if each.status is Status.DRAFT]
    assert len(held) == 2
    answer = browser.post(
        f"/contributions/{office.contract_id}/drafts", data={"chosen": chosen(drafts), "action": "submit"}
    )
    assert "2 drafts are submitted" in words(browser.get(answer.location).text)
    assert [each.status for each in office.contributions()].count(Status.SUBMITTED) == 2
    assert "It stands there already." in words(browser.get(address).text)


def test_what_was_copied_is_taken_back_as_one(office: Office) -> None:
    with office.app.app_context():
        service.submit(office.contract_id, BOUGHT, by=supplier(office))
        service.save_draft(office.contract_id, replace(PLACED, person="SR-0043"), by=supplier(office))
    browser, address = office.browser("supplier"), f"/contributions/{office.contract_id}/copy?period=2026-07-01"
    page = browser.get(address).text
    location = browser.post(address, data={"chosen": chosen(page)}).location
    drafts = browser.get(location).text

    answer = browser.post(
        f"/contributions/{office.contract_id}/drafts",
        data={"chosen": chosen(drafts, only_ticked=True), "action": "withdraw"},
        follow_redirects=True,
    )

    assert "drafts are withdrawn" in words(answer.text) or "1 draft is withdrawn" in words(answer.text)
    assert "Not submitted yet 1" in words(answer.text)


def test_none_is_submitted_when_one_cannot_be_and_each_says_why(office: Office) -> None:
    with office.app.app_context():
        for person in ("SR-1", "SR-1", "SR-2"):
            service.save_draft(office.contract_id, replace(PLACED, person=person), by=supplier(office))
    browser, address = office.browser("supplier"), f"/contributions/{office.contract_id}/drafts"
    page = browser.get(address).text
    assert page.count(" checked") == 3 and "SR-2" in words(page)
    assert browser.post(address, data={"action": "submit"}).text.count(" checked") == 0

    answer = browser.post(address, data={"chosen": chosen(page)[:2], "action": "submit"})

    assert answer.status_code == 409
    assert "not all of it could be" in words(answer.text)
    assert "the shares of this person come to 200%" in words(answer.text)
    assert answer.text.count(" checked") == 2
    assert {each.status for each in office.contributions()} == {Status.DRAFT}


def test_nothing_chosen_is_said_and_a_colleagues_draft_is_not_offered(office: Office) -> None:
    with office.app.app_context():
        service.save_draft(office.contract_id, PLACED, by=db.session.get_one(User, office.people["leader"]))
    browser, before = office.browser("supplier"), digest(office.app)
    page = browser.get(f"/contributions/{office.contract_id}/drafts").text

    assert 'name="chosen"' not in page and "open it to go on with it" in words(page)
    for address, said in (("drafts", "Choose at least one draft."), ("copy", "Choose what you want to copy.")):
        answer = browser.post(f"/contributions/{office.contract_id}/{address}", data={"action": "submit"})
        assert (answer.status_code, said in words(answer.text)) == (422, True)
    assert digest(office.app) == before


def elsewhere(office: Office) -> int:
    """A contract of the same supplier at another corporation, where its user reports too."""
    with office.app.app_context():
        other, its_supplier = make.corporation(name="Wonen aan de Aa"), office.contract.supplier
        make.record(its_supplier, other, name="Van Asten")
        contract = make.contract(other, its_supplier, number="2026-002", rate_table=make.rate_table("utrecht-2024"))
        make.membership(supplier(office), Role.SUPPLIER, of=other, supplier_=its_supplier)
        return contract.id


def typed(*contracts: int, share: str = "50", **values: str) -> dict[str, str]:
    own = {
        f"c{each}-{name}": text for each in contracts for name, text in (("block", "participatiewet"), ("share", share))
    }
    shared = {"person": "SR-0042", "starts_on": "1-2-2026", "hours": "24", "programme": "other", "action": "submit"}
    return shared | own | values


def test_one_employment_is_entered_once_and_each_corporation_sees_its_own(office: Office) -> None:
    other, here = elsewhere(office), office.contract_id
    browser, address = office.browser("supplier"), f"/contributions/{here}/placements/spread"

    page = words(browser.get(address).text)
    assert "De Brug" in page and "Wonen aan de Aa" in page
    worth = words(browser.post(f"{address}/preview", data=typed(here, other)).text)
    assert worth.count("€") == 2
    assert office.contributions() == []
    location = browser.post(address, data=typed(here, other)).location

    shown = words(browser.get(location).text)
    assert "The same employment on other contracts" in shown and "2026-002" in shown
    assert "2026-002" not in words(office.browser("leader").get(location).text)
    assert actions(office.app).count("placement.spread") == 2
    with office.app.app_context():
        rows = db.session.scalars(select(Placement)).all()
        assert [(each.contract_id, each.share_percent) for each in rows] == [(here, 50), (other, 50)]


def test_a_spread_that_cannot_be_is_refused_and_keeps_what_was_typed(office: Office) -> None:
    other, here = elsewhere(office), office.contract_id
    browser, address, before = (
        office.browser("supplier"),
        f"/contributions/{here}/placements/spread",
        digest(office.app),
    )
    refused = [
        (typed(here, other, share="60"), "come to 120%"),
        (typed(), "Choose a building block on each contract"),
        (typed(here, other, person=""), "Fill this in"),
        (typed(here, other, person="111222333"), "citizen service number"),
        (typed(here, other, **{f"c{other}-share": ""}), "Fill this in"),
        (typed(here, other, **{f"c{other}-block": "no-such-block"}), "has no building block"),
        (typed(here, other, hours="99"), "60"),
    ]

    for sent, said in refused:
        answer = browser.post(address, data=sent)
        assert (answer.status_code, said in words(answer.text)) == (422, True), (said, Page(answer.text).errors)
        fields = Page(answer.text).fields
        assert {name: fields.get(name) for name in sent if name in ("person", f"c{here}-share", "hours")} == {
            name: text for name, text in sent.items() if name in ("person", f"c{here}-share", "hours")
        }
    assert digest(office.app) == before
