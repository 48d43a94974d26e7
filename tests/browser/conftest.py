"""A real browser on a real server: Debian's Chromium and the application on a port of this machine."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from app.extensions import db
from config import Config
from tests.mail.server import Mailbox, smtp_server
from tests.people import PASSWORD
from tests.support import application, settings

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Chromium talks to nobody but the server of the test; without a sandbox it also runs as root.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
)
DESK, PHONE = (1280, 900), (360, 740)
T = TypeVar("T")


class Site:
    """The application on a port of this machine, as people meet it: with CSRF tokens and rate limits.

    It lives in threads of its own: where Playwright is, an event loop runs, beside which Flask ends no context.
    """

    def __init__(self, config: Config, port: int = 0) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._made = application(config, strict=True)
        self._app = self._thread.submit(self._made.__enter__).result()
        self._server = make_server("127.0.0.1", port, self._app, threaded=True)
        self._serving = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._serving.start()
        self.address = f"http://localhost:{self._server.port}"

    def do(self, act: Callable[[], T]) -> T:
        """What `act` gives, in a context of the application.

        Each of its transactions takes the write lock at its beginning, as the product's own do: a page may be written
        meanwhile, and SQLite gives no lock to who reads first and asks for it then.
        """

        def in_context() -> T:
            with self._app.app_context():
                db.session.bind = db.engine.execution_options(write=True)
                return act()

        return self._thread.submit(in_context).result()

    def make(self, act: Callable[[Flask], T]) -> T:
        """What `act` makes of the application, outside its contexts."""
        return self._thread.submit(act, self._app).result()

    def close(self) -> None:
        self._server.shutdown()
        self._serving.join()
        self._server.server_close()
        self._thread.submit(self._made.__exit__, None, None, None).result()
        self._thread.shutdown()


@pytest.fixture(scope="module")
def chromium(migrated_sqlite: Path) -> Iterator[Browser]:
    """For one module: the tests after it need the thread that Playwright takes. The migrations have run before."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path, f"none of {', '.join(NAMES)} is installed (./run test installs one)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def site(tmp_path: Path, sqlite_url: str) -> Iterator[Site]:
    made = Site(settings(tmp_path, sqlite_url))
    yield made
    made.close()


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A page of somebody who is logged in, each in a browser of its own."""
    contexts: list[BrowserContext] = []

    def logged_in(email: str, size: tuple[int, int] = DESK, *, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            viewport={"width": size[0], "height": size[1]},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/login")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda address: "/login" not in address)
        return page

    yield logged_in
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    with smtp_server() as box:
        yield box


@pytest.fixture(scope="module")
def lasting_site(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Site]:
    """One site for all journeys; each has a corporation of its own. Links in mails lead to it."""
    folder = tmp_path_factory.mktemp("journeys")
    port = free_port()
    url = f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'journeys.sqlite3')}"
    made = Site(settings(folder, url, smtp_url=mailbox.url, public_url=f"http://localhost:{port}"), port)
    # A browser that asks anew for seven files with every page takes half of the time.
    made.make(lambda app: app.config.update(SEND_FILE_MAX_AGE_DEFAULT=3600))
    yield made
    made.close()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def findings(page: Page) -> list[str]:
    """What axe finds on a page, and whether it is wider than its window."""
    return [*(violation["id"] for violation in Axe().run(page).response["violations"]), *width_of(page)]


def width_of(page: Page) -> list[str]:
    """Whether a page is wider than its window."""
    return ["wider than the window"] * page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
