"""The road of a placement in a browser: logged with a live preview, approved by a colleague, and the figure moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.accounts.models import Role
from app.contracts.models import Contract
from app.contributions.models import Contribution
from app.extensions import db
from tests import factories as make
from tests.browser.conftest import DESK, PHONE, Site, findings
from tests.people import password_hash

LEADER, COLLEAGUE = "leader@example.org", "colleague@example.org"
WORTH = "#preview .worth data"
Visit = Callable[..., Page]


@pytest.fixture
def contract_page(site: Site) -> str:
    """The address of a contract of example A1, as of a day, on which two project leaders work."""
    return site.do(a_contract)


def a_contract() -> str:
    here = make.corporation()
    for email in (LEADER, COLLEAGUE):
        make.membership(make.user(None, email=email, password_hash=password_hash()), Role.PROJECT_LEADER, of=here)
    contract = make.contract(here, number="2025/014 a")
    return f"/contracts/{here.kvk}/{quote(contract.number)}?on=2026-11-24"


def a_contract_of_haaglanden() -> None:
    db.session.scalars(select(Contract)).one().rate_table = make.rate_table("haaglanden-2023")
    db.session.commit()


def a_submitted_placement() -> int:
    contract = db.session.scalars(select(Contract)).one()
    return make.placement(contract, status="submitted", bonuses=["bonus-50plus"], ends_on=date(2026, 8, 1)).id


def number_stored() -> int:
    return db.session.scalars(select(func.count(Contribution.id))).one()


def figure(page: Page, key: str) -> int:
    return int(page.locator(f"#{key}").get_attribute("value") or "")


def fill_in(page: Page, person: str = "SR-0042") -> None:
    """Example E1: 24,000.00."""
    page.fill("#person", person)
    page.select_option("#block", "participatiewet")
    page.fill("#starts_on", "1-2-2026")
    page.fill("#hours", "28,8")
    page.fill("#ends_on", "31-10-2026")


def test_a_placement_is_logged_and_the_figure_moves_once_a_colleague_approves(visit: Visit, contract_page: str) -> None:
    leader = visit(LEADER)
    leader.goto(contract_page)
    assert figure(leader, "credited_cents") == 0

    leader.click("a[href$='/placements/new']")
    fill_in(leader)
    expect(leader.locator(WORTH)).to_have_attribute("value", "2400000")
    leader.fill("#hours", "36")
    expect(leader.locator(WORTH)).to_have_attribute("value", "3000000")
    leader.fill("#hours", "28,8")
    expect(leader.locator(WORTH)).to_have_attribute("value", "2400000")
    assert findings(leader) == []
    leader.click("button[value=submit]")
    leader.wait_for_url("**/contribution/*")
    assert leader.locator("form[action$='/approve']").count() == 0
    assert findings(leader) == []

    leader.goto(contract_page)
    assert (figure(leader, "credited_cents"), figure(leader, "pending_cents")) == (0, 24_000_00)

    colleague = visit(COLLEAGUE)
    colleague.goto("/contributions/to-judge")
    assert findings(colleague) == []
    colleague.click("tbody a[href^='/contribution/']")
    assert findings(colleague) == []
    colleague.click("form[action$='/approve'] button")
    expect(colleague.locator(".state-green").first).to_be_visible()

    leader.reload()
    assert (figure(leader, "credited_cents"), figure(leader, "pending_cents")) == (24_000_00, 0)


def test_a_double_click_saves_once(visit: Visit, contract_page: str, site: Site) -> None:
    page = visit(LEADER)
    page.goto(contract_page)
    page.click("a[href$='/placements/new']")
    fill_in(page)
    page.dblclick("button[value=submit]")
    page.wait_for_url("**/contribution/*")

    assert site.do(number_stored) == 1


def test_the_questions_about_bonuses_follow_the_block(visit: Visit, site: Site, contract_page: str) -> None:
    site.do(a_contract_of_haaglanden)
    page = visit(LEADER)
    page.goto(contract_page)
    page.click("a[href$='/placements/new']")
    bonus = page.locator("#bonuses-bonus-pro-vso-yes")

    expect(bonus).to_be_hidden()
    page.select_option("#block", "banenafspraak")
    expect(bonus).to_be_visible()
    bonus.check()
    page.select_option("#block", "internship-pro-vso")
    expect(bonus).to_be_hidden()
    # What is hidden is not sent, so nothing invisible stands in the way.
    fill_in(page)
    page.select_option("#block", "internship-pro-vso")
    page.click("button[value=submit]")
    page.wait_for_url("**/contribution/*")


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    visit: Visit, contract_page: str, size: tuple[int, int], language: str
) -> None:
    page = visit(LEADER, size)
    page.goto(contract_page)
    page.goto(page.locator("a[href$='/placements/new']").first.get_attribute("href") + f"?lang={language}")  # type: ignore[operator]
    assert findings(page) == []
    fill_in(page, person="111222333")
    page.fill("#hours", "61")
    page.click("button[value=submit]")

    expect(page.locator("[role=alert]")).to_be_focused()
    expect(page.locator("#person-error")).to_be_visible()
    expect(page.locator("#hours-error")).to_be_visible()
    assert page.input_value("#ends_on") == "31-10-2026"
    assert findings(page) == []


def test_all_of_it_works_without_javascript(visit: Visit, contract_page: str, site: Site) -> None:
    page = visit(LEADER, javascript=False)
    page.goto(contract_page)
    page.click("a[href$='/placements/new']")
    fill_in(page)
    page.check("#bonuses-bonus-50plus-yes")
    page.click("button[value=add_row]")
    page.fill("#changes-0-from_day", "1-5-2026")
    page.fill("#changes-0-hours", "36")
    page.press("#changes-0-hours", "Enter")

    worth = page.locator(WORTH)
    # 3 months at 28.8 hours and 6 at 36, block and bonus: 8,000 + 20,000, 2,000 + 5,000.
    expect(worth).to_have_attribute("value", "3500000")
    assert site.do(number_stored) == 0
    page.click("button[value=submit]")
    page.wait_for_url("**/contribution/*")
    assert site.do(number_stored) == 1


def test_the_page_of_a_contribution_fits_a_phone(visit: Visit, site: Site, contract_page: str) -> None:
    number = site.do(a_submitted_placement)
    page = visit(COLLEAGUE, PHONE)
    for address in (f"/contribution/{number}", f"/contribution/{number}/correct", "/contributions/to-judge"):
        page.goto(address)
        assert (address, findings(page)) == (address, [])
