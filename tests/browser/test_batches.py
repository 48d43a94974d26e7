"""A batch as somebody follows it: the page keeps up while the focus is on its buttons, and says how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts.models import Language, Role
from app.batches import working
from app.batches.models import BatchItem
from app.extensions import db
from app.web.clock import today
from tests import factories as make
from tests.batches.consuming import hurry_files
from tests.browser.conftest import DESK, PHONE, Site, findings
from tests.people import password_hash

EMAIL = "leider@example.org"
LAST_YEAR = today().year - 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry_files(monkeypatch)


@pytest.fixture
def leader(site: Site) -> None:
    """A project leader with four contracts that ran in the last year."""

    def people() -> None:
        here = make.corporation()
        who = {"email": EMAIL, "password_hash": password_hash(), "language": Language.ENGLISH}
        make.user(Role.PROJECT_LEADER, of=here, **who)
        for number in range(4):
            days = {"starts_on": date(LAST_YEAR, 1, 1), "ends_on": date(LAST_YEAR, 12, 31)}
            make.contract(here, number=f"C-{number}", **days)

    site.do(people)


def make_some(site: Site, number: int) -> None:
    """What a worker does with so many contracts; the files are not what this is about."""

    def work() -> None:
        batch_id = db.session.scalars(select(BatchItem.batch_id).limit(1)).one()
        for _each in range(number):
            item_id = working.claim(batch_id)
            assert item_id is not None
            working.issue(item_id)

    site.do(work)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


@pytest.mark.usefixtures("leader", "quick")
def test_the_page_keeps_up_while_the_focus_is_on_its_button(visit: Callable[..., Page], site: Site) -> None:
    page = visit(EMAIL)
    page.goto("/batches/new")
    expect(page.locator("main button[type=submit]")).to_have_text("Issue 4 statements (less than a minute)")
    page.fill("#on", f"31-12-{LAST_YEAR - 1}")
    expect(page.locator("#batch-asks")).to_have_text("Nothing to issue as of this day")
    page.fill("#on", f"31-12-{LAST_YEAR}")
    expect(page.locator("#batch-asks")).to_contain_text("Issue 4 statements")
    page.locator("main button[type=submit]").click()
    expect(page.get_by_role("status")).to_contain_text("This begins in a moment.")

    page.focus("#batch-stop")
    make_some(site, 2)
    expect(page.locator("[data-piece=far]")).to_contain_text("2 issued, 2 to go")
    assert focused(page) == "batch-stop"
    assert page.locator("progress").get_attribute("value") == "2"

    make_some(site, 2)
    expect(page.get_by_role("status")).to_contain_text("Done: all 4 statements are issued.")
    assert focused(page) == "card-body"  # the button is gone: from here the next Tab comes to what can be done now
    page.keyboard.press("Tab")
    assert focused(page) == "batch-download"
    assert not findings(page)


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.usefixtures("leader", "quick")
def test_a_batch_is_stopped_and_gone_on_with(visit: Callable[..., Page], site: Site, size: tuple[int, int]) -> None:
    page = visit(EMAIL, size)
    page.goto("/batches/new")
    page.locator("main button[type=submit]").click()
    make_some(site, 1)
    page.locator("#batch-stop").click()
    expect(page.get_by_role("status")).to_contain_text("Stopped: 3 statements were not made.")
    expect(page.locator("main")).to_contain_text("C-3")
    assert not findings(page)
    page.locator("#batch-go-on").click()
    expect(page.locator("[data-piece=far]")).to_contain_text("1 issued, 3 to go")
    make_some(site, 3)
    expect(page.get_by_role("status")).to_contain_text("Done: all 4 statements are issued.")
    page.locator("#batch-register").click()
    expect(page.locator("main tbody tr")).to_have_count(4)
