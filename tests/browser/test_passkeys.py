"""A passkey in a real browser, with the authenticator that Chromium plays: made at one log-in, shown at the next."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.accounts.models import Language, Passkey
from app.extensions import db
from tests import factories as make
from tests.browser.conftest import PHONE, Site, findings
from tests.people import PASSWORD, password_hash
from tests.support import settings


@pytest.fixture
def strict_site(tmp_path: Path, sqlite_url: str) -> Iterator[Site]:
    """A site that requires a second factor, and knows the port at which browsers find it: a passkey belongs to that."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = settings(tmp_path, sqlite_url, second_factor="required", public_url=f"http://localhost:{port}")
    made = Site(config, port)
    yield made
    made.close()


def authenticator(page: Page) -> None:
    """Let the browser have a device that makes passkeys, and whose owner always agrees."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_in(page: Page, email: str) -> None:
    page.goto("/login")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")


def test_a_passkey_is_made_at_the_first_log_in_and_opens_the_second(chromium: Browser, strict_site: Site) -> None:
    email = strict_site.do(lambda: make.user(password_hash=password_hash(), language=Language.ENGLISH).email)
    context = chromium.new_context(base_url=strict_site.address, viewport={"width": PHONE[0], "height": PHONE[1]})
    page, said = context.new_page(), list[str]()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    authenticator(page)

    log_in(page, email)
    page.wait_for_url("**/account/second-factor")
    assert findings(page) == []
    page.fill("#name", "Work telephone")
    page.click(".passkey button")
    codes = page.locator("#codes code")
    codes.first.wait_for()
    assert codes.count() == 10
    assert findings(page) == []
    page.click("main .btn-primary")
    page.goto("/account/second-factor")
    assert page.get_by_role("link", name="Work telephone").is_visible()

    page.goto("/account")
    page.locator("main form[action='/logout'] button").click()
    page.wait_for_url("**/login")
    log_in(page, email)
    page.wait_for_url("**/login/second**")
    assert findings(page) == []
    page.click(".passkey button")
    page.wait_for_url(lambda address: "/login" not in address)
    page.goto("/account")
    assert page.locator("main h1").is_visible()
    kept = strict_site.do(lambda: [(key.sign_count, key.used_at) for key in db.session.scalars(select(Passkey))])
    assert len(kept) == 1 and kept[0][1] is not None
    assert said == []
    context.close()
