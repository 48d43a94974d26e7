"""Two people change one contract at the same time: the second sees what the first changed, and chooses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts.models import Role
from app.contracts.models import Contract
from app.extensions import db
from tests import factories as make
from tests.browser.conftest import DESK, PHONE, Site, findings
from tests.people import password_hash

FIRST, SECOND = "first@example.org", "second@example.org"
Visit = Callable[..., Page]
Terms = tuple[str, int, str]


@pytest.fixture
def address(site: Site) -> str:
    """Of the form of a contract that two project leaders may change."""
    return site.do(a_contract)


def a_contract() -> str:
    here = make.corporation()
    for email in (FIRST, SECOND):
        make.membership(make.user(None, email=email, password_hash=password_hash()), Role.PROJECT_LEADER, of=here)
    contract = make.contract(here, title="Dakonderhoud", contract_sum_cents=1_000_000_00)
    return f"/contract/{contract.id}/edit"


def terms() -> Terms:
    contract = db.session.scalars(select(Contract)).one()
    return contract.title, contract.contract_sum_cents, str(contract.percentage.normalize())


def save(page: Page) -> None:
    page.click("main button[value=save]")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_second_sees_what_the_first_changed_and_chooses(
    visit: Visit, site: Site, address: str, size: tuple[int, int]
) -> None:
    first, second = visit(FIRST, size), visit(SECOND, size)
    first.goto(address)
    second.goto(address)

    first.fill("#title", "Dakonderhoud Noord")
    first.fill("#contract_sum", "1.200.000")
    save(first)
    first.wait_for_url("**/contracts/**")

    second.fill("#contract_sum", "900.000")
    second.fill("#percentage", "4")
    save(second)
    expect(second.locator("#conflict-title")).to_be_visible()
    expect(second.locator("#choose-title-theirs")).to_be_checked()
    expect(second.locator("#choose-contract_sum-yours")).to_be_checked()
    assert second.locator("#choose-percentage-theirs").count() == 0
    assert (second.input_value("#contract_sum"), second.input_value("#percentage")) == ("900.000", "4")
    assert findings(second) == []
    assert site.do(terms) == ("Dakonderhoud Noord", 1_200_000_00, "5")

    second.check("#choose-contract_sum-theirs")
    save(second)
    second.wait_for_url("**/contracts/**")
    assert site.do(terms) == ("Dakonderhoud Noord", 1_200_000_00, "4")


def test_a_double_click_and_the_back_button_do_no_harm(visit: Visit, site: Site, address: str) -> None:
    page = visit(FIRST)
    page.goto(address)
    page.fill("#title", "Dakonderhoud Noord")
    page.dblclick("main button[value=save]")
    page.wait_for_url("**/contracts/**")
    assert site.do(terms)[0] == "Dakonderhoud Noord"

    page.go_back()
    page.wait_for_url("**/edit")
    page.fill("#percentage", "4")
    save(page)
    page.wait_for_url("**/contracts/**")
    assert site.do(terms) == ("Dakonderhoud Noord", 1_000_000_00, "4")


def test_a_second_tab_that_is_older_overwrites_nothing(visit: Visit, site: Site, address: str) -> None:
    page = visit(FIRST)
    page.goto(address)
    tab = page.context.new_page()
    tab.goto(address)
    page.fill("#title", "Dakonderhoud Noord")
    save(page)
    page.wait_for_url("**/contracts/**")

    tab.fill("#percentage", "4")
    save(tab)
    expect(tab.locator("#choose-title-theirs")).to_be_checked()
    save(tab)
    tab.wait_for_url("**/contracts/**")
    assert site.do(terms) == ("Dakonderhoud Noord", 1_000_000_00, "4")
