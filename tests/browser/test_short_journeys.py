"""Shorter journeys: a signal, the close of a contract, an assessor for a while, and what if."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from app.accounts.models import Language, Membership, Role
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dossier import Status
from app.signals.models import Handling
from app.web.clock import today
from tests import factories as make
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.playing import Stage, Words, step
from tests.closing.ended import ended_contract
from tests.people import PASSWORD

People = dict[str, int]


def english(chromium: Browser, site: Site, size: tuple[int, int]) -> Stage:
    return Stage(chromium, site, size, Words.of(Language.ENGLISH))


def people_of(contract: Contract) -> People:
    """Two project leaders, an administrator and a supplier."""
    of = {"of": contract.corporation, "supplier_": contract.supplier, "language": Language.ENGLISH}
    people = {role.value: make.user(role, **of).id for role in Role}
    return people | {"contract": contract.id, "colleague": make.user(Role.PROJECT_LEADER, **of).id}


def typed(days: int) -> str:
    """A day so far from now, as people type it."""
    day = today() + timedelta(days=days)
    return f"{day.day}-{day.month}-{day.year}"


def running_contract() -> People:
    """Half over, of which nothing was done: a signal."""
    days = timedelta(days=300)
    return people_of(make.contract(starts_on=today() - days, ends_on=today() + days))


def days_pass(kind: type[Any], column: str) -> None:
    """As if the day that is named there had come by itself."""
    for row in db.session.scalars(select(kind).where(getattr(kind, column).is_not(None))):
        setattr(row, column, today() - timedelta(days=1))
    db.session.commit()


def test_a_signal_is_talked_about_rests_and_comes_back(chromium: Browser, lasting_site: Site) -> None:
    people = lasting_site.do(running_contract)
    with english(chromium, lasting_site, PHONE).enter(people["project_leader"]) as leader:
        with step("a leader records a conversation about a signal"):
            leader.goto("/signals")
            leader.page.locator("#worklist tbody a").first.click()
            leader.follow("Record a conversation")
            leader.fill(held_on=typed(0), with_whom="Uitvoerder", action="Plan sturen", due_on=typed(30))
            leader.press("Record it")
            expect(leader.page.locator("main")).to_contain_text("Plan sturen")
        with step("a leader lets a signal rest"):
            leader.goto("/signals")
            before = leader.page.locator("#worklist tbody tr").count()
            leader.page.locator("#worklist tbody a").first.click()
            leader.fill(**{"until": typed(7), "rest-reason": "Het plan komt."})
            leader.press("Let it rest")
            leader.goto("/signals")
            expect(leader.page.locator("#worklist tbody tr")).to_have_count(before - 1)
        lasting_site.do(lambda: days_pass(Handling, "snoozed_until"))
        with step("a signal that rested is back"):
            leader.goto("/signals")
            expect(leader.page.locator("#worklist tbody tr")).to_have_count(before)


def test_two_people_close_a_contract_and_two_excuse_another(chromium: Browser, lasting_site: Site) -> None:
    stage = english(chromium, lasting_site, DESK)
    short, blameless = (lasting_site.do(lambda: people_of(ended_contract())) for _ in range(2))
    with stage.enter(short["project_leader"]) as leader, stage.enter(short["colleague"]) as colleague:
        with step("a leader proposes the settlement"):
            leader.goto(f"/contract/{short['contract']}/settlement")
            leader.follow("Propose the settlement")
            leader.fill(instalment="5.000")
            leader.press("Propose it to a colleague")
            expect(leader.page.get_by_role("link", name="Look at it and confirm")).to_have_count(0)
        with step("a colleague confirms the settlement"):
            colleague.goto(f"/contract/{short['contract']}/settlement")
            colleague.follow("Look at it and confirm")
            colleague.press("Confirm it")
            expect(colleague.page.locator("main")).to_contain_text("€5,000.00")
            colleague.reads("The contract is settled.")
    with stage.enter(blameless["project_leader"]) as leader, stage.enter(blameless["colleague"]) as colleague:
        with step("a leader proposes to excuse the supplier"):
            leader.goto(f"/contract/{blameless['contract']}/settlement")
            leader.follow("Excuse the supplier")
            leader.fill(reason="Het werk is stilgelegd.", effort="Drie vacatures en twee gesprekken.")
            leader.press("Propose it to a colleague")
        with step("a colleague agrees, and nothing is deducted"):
            colleague.goto(f"/contract/{blameless['contract']}/settlement")
            assert colleague.figure("penalty") > 0
            colleague.follow("Look at it and agree")
            colleague.press("I agree")
            assert colleague.figure("penalty") == 0


def test_an_assessor_judges_until_the_last_day(chromium: Browser, lasting_site: Site) -> None:
    stage = english(chromium, lasting_site, DESK)
    people = lasting_site.do(running_contract)
    lasting_site.do(lambda: make.placement(of_id(people["contract"]), status=Status.SUBMITTED, reference="P1").id)
    with step("an administrator invites an assessor"), stage.enter(people["administrator"]) as administrator:
        administrator.goto("/people")
        administrator.follow("Invite somebody")
        administrator.fill(role="assessor", email="desk@oosterwijk.example", name="S. de Boer", ends_on=typed(30))
        administrator.fill(
            organisation="Gemeente Oosterwijk", mandate_reason="Samenwerking", scope="all", language="en"
        )
        administrator.press("Make the invitation")
        link = administrator.page.input_value("#link")
    with stage.enter() as assessor:
        with step("the assessor accepts and approves"):
            assessor.goto(link)
            assessor.fill(password=PASSWORD, again=PASSWORD)
            assessor.press("Begin")
            assessor.goto("/contributions/to-judge")
            assessor.open("P1", "tbody")
            assessor.press("Approve %(reference)s", reference="P1")
            expect(assessor.page.locator(".state-green").first).to_be_visible()
        approved = assessor.page.url
        lasting_site.do(lambda: days_pass(Membership, "ends_on"))
        with step("after the last day the assessor gets nowhere"):
            for address in (approved, "/contributions/to-judge", "/contracts"):
                answer = assessor.page.goto(address)
                assert answer is not None and answer.status in (403, 404)


def of_id(contract_id: int) -> Contract:
    return db.session.get_one(Contract, contract_id)


def test_what_if_is_shared_and_becomes_drafts(chromium: Browser, lasting_site: Site) -> None:
    stage = english(chromium, lasting_site, PHONE)
    people = lasting_site.do(running_contract)
    with stage.enter(people["supplier"]) as supplier, stage.enter(people["project_leader"]) as leader:
        with step("a supplier asks what if, and shares it"):
            supplier.goto(f"/contract/{people['contract']}/what-if")
            supplier.page.get_by_role("button", name="Add people").click()
            supplier.fill(**{"p-0-n": "2", "p-0-b": "participatiewet", "p-0-h": "32"})
            supplier.page.get_by_role("button", name="Calculate").last.click()
            share = supplier.page.locator("#share").input_value()
        with step("a leader opens what was shared"):
            leader.goto(share)
            assert leader.page.locator("#share").input_value() == share
        with step("a supplier makes drafts of what if"):
            supplier.goto(share)
            supplier.follow("Make drafts of this")
            for number, field in enumerate(supplier.page.locator("main input[type=text]").all()):
                field.fill(f"SR-{number}")
            supplier.press("Make the drafts")
            supplier.goto("/contributions?state=draft")
            expect(supplier.page.locator("tbody tr")).to_have_count(2)
