"""The main road with a keyboard alone: what has the focus is always to be seen, and nothing holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.models import Role
from tests import factories as make
from tests.browser.conftest import DESK, PHONE, Site
from tests.people import PASSWORD, password_hash

LEADER = "leader@example.org"
MOST_STEPS = 200
# Of what has the focus: whether it is the one that was looked for, and whether it shows.
FOCUSED = """selector => {
  const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
  const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {
    isIt: it.matches(selector),
    shows: it === document.body || (marked && box.width > 0 && box.height > 0),
    what: it.outerHTML.slice(0, 200),
  };
}"""
Visit = Callable[..., Page]


@pytest.fixture
def contract(site: Site) -> str:
    """The address of a contract on which a project leader works."""
    return site.do(a_contract)


def a_contract() -> str:
    here = make.corporation()
    make.membership(make.user(None, email=LEADER, password_hash=password_hash()), Role.PROJECT_LEADER, of=here)
    return f"/contracts/{here.kvk}/{quote(make.contract(here).number)}"


@pytest.fixture
def stranger(chromium: Browser, site: Site) -> Iterator[Page]:
    """A window in which nobody is logged in."""
    context = chromium.new_context(base_url=site.address, viewport={"width": DESK[0], "height": DESK[1]})
    yield context.new_page()
    context.close()


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Go on until it has the focus; on the way every place shows that it has it."""
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        found = page.evaluate(FOCUSED, selector)
        assert found["shows"], found["what"]
        if found["isIt"]:
            return
    raise AssertionError(f"{selector} is not reached from the keyboard")


def enter(page: Page, selector: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Enter")


def type_in(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.type(text)


def test_from_logging_in_to_a_submitted_placement(stranger: Page, contract: str) -> None:
    page = stranger
    page.goto("/login")
    type_in(page, "#email", LEADER)
    type_in(page, "#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/login" not in address)

    enter(page, ".site-nav a[href='/contracts']")
    page.wait_for_url("**/contracts")
    enter(page, f"main a[href^='{contract}']")
    page.wait_for_url(f"**{contract}*")
    enter(page, "a[href$='/placements/new']")
    page.wait_for_url("**/placements/new")
    type_in(page, "#person", "SR-0042")
    type_in(page, "#block", "Participatiewet")
    type_in(page, "#starts_on", "1-2-2026")
    type_in(page, "#hours", "28,8")
    type_in(page, "#ends_on", "31-10-2026")
    enter(page, "button[value=submit]")

    page.wait_for_url("**/contribution/*")
    expect(page.locator("main h1")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_menu_opens_and_closes_and_gives_the_focus_back(visit: Visit, contract: str, size: tuple[int, int]) -> None:
    page = visit(LEADER, size)
    menu = page.locator(".site-tools details.menu")
    head = menu.locator("summary")
    page.goto(contract)
    enter(page, ".site-tools details.menu summary")
    tab_to(page, "details.menu a[href='/account']")

    page.keyboard.press("Escape")

    expect(menu).not_to_have_attribute("open", "")
    expect(head).to_be_focused()
    page.keyboard.press("Space")
    expect(menu).to_have_attribute("open", "")
    page.keyboard.press("Space")
    expect(menu).not_to_have_attribute("open", "")


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("page_of", ["/portfolio", "/contracts", "{contract}", "form"])
def test_nothing_holds_the_focus(visit: Visit, contract: str, page_of: str, size: tuple[int, int]) -> None:
    page = visit(LEADER, size)
    page.goto(contract if page_of in ("{contract}", "form") else page_of)
    if page_of == "form":
        page.goto(str(page.locator("a[href$='/placements/new']").first.get_attribute("href")))

    tab_to(page, ".site-footer a")
    tab_to(page, ".skip-link", "Shift+Tab")


def test_a_refused_form_gives_the_focus_to_why_and_leads_to_the_field(visit: Visit, contract: str) -> None:
    page = visit(LEADER)
    page.goto(contract)
    page.goto(str(page.locator("a[href$='/placements/new']").first.get_attribute("href")))
    enter(page, "button[value=submit]")
    expect(page.locator("[role=alert]")).to_be_focused()

    enter(page, "[role=alert] a[href='#starts_on']")

    expect(page.locator("#starts_on")).to_be_focused()
