"""The pages as people see them: at a desk and on a phone, in both languages, light and dark, without a fault of axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from app.accounts.models import Role
from app.rules.dossier import Status
from tests import factories as make
from tests.browser.conftest import DESK, PHONE, Site, findings
from tests.people import password_hash

LEADER, SUPPLIER = "leader@example.org", "supplier@example.org"
ON = "on=2026-11-24"
LONG = "Groot" + "onderhoud" * 14
Visit = Callable[..., Page]


@pytest.fixture
def contract_page(site: Site) -> str:
    """The address of a contract with much on it and names that are too long."""
    return site.do(a_busy_contract)


def a_busy_contract() -> str:
    here = make.corporation()
    supplier = make.supplier(here, name=LONG, email="info@example.org")
    make.membership(make.user(None, email=LEADER, password_hash=password_hash()), Role.PROJECT_LEADER, of=here)
    seller = make.user(None, email=SUPPLIER, password_hash=password_hash())
    make.membership(seller, Role.SUPPLIER, of=here, supplier_=supplier)
    make.certificate(here, [supplier.kvk], withdrawn_on=date(2025, 7, 1))
    contract = make.contract(here, supplier, number="A" * 60 + "/1", title=LONG, contract_sum_cents=99_999_999_999_00)
    make.placement(
        contract, reference="R" * 80, hours=Decimal("28.8"), bonuses=["bonus-50plus"], status=Status.APPROVED
    )
    make.placement(contract, status=Status.REJECTED, rejected_reason=LONG)
    make.placement(contract, status=Status.SUBMITTED)
    make.activity(contract, status=Status.APPROVED, description=LONG)
    make.amendment(contract, description=LONG)
    return f"/contracts/{here.kvk}/{quote(contract.number)}?{ON}"


@pytest.mark.parametrize(("size", "language"), [(DESK, "nl"), (PHONE, "en")])
def test_dark_pages_can_be_used_by_everybody(
    visit: Visit, contract_page: str, size: tuple[int, int], language: str
) -> None:
    page = visit(LEADER, size)
    page.emulate_media(color_scheme="dark")
    faults = {}
    for address in (contract_page, f"/portfolio?{ON}", "/contracts?", "/suppliers?", "/how?", "/no-such-page?"):
        page.goto(f"{address}&lang={language}")
        page.evaluate("document.querySelectorAll('details.why').forEach((each) => { each.open = true })")
        faults[address] = findings(page)

    assert {address: found for address, found in faults.items() if found} == {}


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_suppliers_first_page_can_be_used_by_everybody(
    visit: Visit, contract_page: str, size: tuple[int, int]
) -> None:
    page = visit(SUPPLIER, size)
    page.goto("/")

    assert page.url.endswith("/home")
    assert findings(page) == []


def test_a_day_that_is_none_is_asked_again_beside_the_field(visit: Visit, contract_page: str) -> None:
    page = visit(LEADER, PHONE)
    page.goto(contract_page.replace(ON, "on=gisteren"))

    expect(page.locator("#on")).to_have_value("gisteren")
    assert findings(page) == []


def test_the_reasons_of_a_figure_open_without_a_script(visit: Visit, contract_page: str) -> None:
    page = visit(LEADER, javascript=False)
    page.goto(contract_page)
    steps = page.locator(".figures .steps").first
    expect(steps).to_be_hidden()

    page.locator(".figures summary").first.click()

    expect(steps).to_be_visible()


def test_a_slash_goes_to_the_search_and_finds_a_contract(visit: Visit, contract_page: str) -> None:
    page = visit(LEADER)
    page.goto("/portfolio")
    page.keyboard.press("/")
    page.keyboard.type("groot")
    page.keyboard.press("Enter")

    expect(page.locator("#contracts tbody tr")).to_have_count(1)
    expect(page.locator("#filter-q")).to_have_value("groot")


def test_the_language_changes_and_the_page_stays(visit: Visit, contract_page: str) -> None:
    page = visit(LEADER)
    page.goto(contract_page)
    page.locator(".site-header details.menu summary").click()
    page.get_by_role("button", name="English").click()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(contract_page)


def test_a_page_breaks_no_rule_of_its_own_security_policy(visit: Visit, contract_page: str) -> None:
    page = visit(LEADER)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for address in (contract_page, "/portfolio", "/how"):
        page.goto(address)

    assert said == []


def test_everything_is_reached_by_keyboard_from_the_skip_link_on(visit: Visit, contract_page: str) -> None:
    page = visit(LEADER)
    page.goto(contract_page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#content")).to_be_focused()
