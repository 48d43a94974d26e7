"""The page that checks a statement, in a browser: a file is dropped, also without a script; the menu on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.accounts.models import Language, Role
from app.statements import archive, service
from app.web.clock import today
from tests import factories as make
from tests.browser.conftest import PHONE, Site, findings
from tests.people import password_hash

AUDITOR = "auditor@example.org"


@pytest.fixture
def statement(site: Site, tmp_path: Path) -> Path:
    """The file of a statement."""

    def issue() -> bytes:
        issued = service.issue(make.contract(), today(), by="command line", language=Language.ENGLISH)
        return archive.read(issued.renditions[0])

    file = tmp_path / "from-the-mail.pdf"
    file.write_bytes(site.do(issue))
    return file


@pytest.mark.parametrize("has_script", [True, False])
def test_a_file_is_dropped_on_the_page_and_the_answer_is_read_first(
    chromium: Browser, site: Site, statement: Path, has_script: bool
) -> None:
    context = chromium.new_context(base_url=site.address, java_script_enabled=has_script)
    page = context.new_page()
    page.goto("/verify?lang=en")

    drop(page, statement)
    page.get_by_role("button", name="Check the statement").click()

    answer = page.get_by_role("region", name="from-the-mail.pdf")
    expect(answer).to_contain_text("This is the file that was issued, unchanged.")
    expect(answer).to_be_focused()
    if has_script:
        assert findings(page) == []
    context.close()


def drop(page: Page, file: Path) -> None:
    """What a hand does with a mouse: beside the button, on the words."""
    box = page.get_by_label("Drop the PDF here").bounding_box()
    assert box
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + 30}
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data, **place})


def test_on_a_phone_the_entry_of_this_page_stands_in_sight_in_the_menu(site: Site, visit: Callable[..., Page]) -> None:
    def a_person() -> None:
        here = make.corporation()
        make.membership(make.user(None, email=AUDITOR, password_hash=password_hash()), Role.AUDITOR, of=here)

    site.do(a_person)
    page = visit(AUDITOR, PHONE)

    page.goto("/statements?lang=en")

    entry = page.get_by_role("navigation", name="Main menu").get_by_role("link", name="Statements")
    expect(entry).to_be_in_viewport(ratio=1)
