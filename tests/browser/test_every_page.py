"""Every page that there is, with what axe finds on it and whether it is wider than its window.

The pages are those of the routes, with the values that tests/web/world.py gives to their parameters: a new route is
walked by itself. At a desk they are read in Dutch, on a phone in English; what is read at a desk is made as narrow as a
phone too, for its width. Two settings help whoever makes a page:
`WEDERDIENST_PAGE=/suppliers` walks only addresses that begin so, `WEDERDIENST_PICTURES=folder` keeps a picture of each.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page

from app.accounts.models import Role
from app.accounts.sessions import FILES
from app.contracts.models import Contract
from app.extensions import db
from tests.browser.conftest import DESK, PHONE, Site, findings, width_of
from tests.people import client_of
from tests.support import settings
from tests.web import world
from tests.web.busy import fill

ONLY = os.environ.get("WEDERDIENST_PAGE", "/")
PICTURES = os.environ.get("WEDERDIENST_PICTURES")
NOBODY = "nobody"
ROLES = (Role.ADMINISTRATOR, Role.SUPPLIER, Role.AUDITOR)
VIEWS = {"nl": DESK, "en": PHONE}
# An auditor sits at a desk and a supplier stands on a scaffold.
VISITS = [
    (NOBODY, "nl"),
    (NOBODY, "en"),
    (Role.ADMINISTRATOR, "nl"),
    (Role.AUDITOR, "nl"),
    (Role.SUPPLIER, "en"),
]


@dataclass(frozen=True, slots=True)
class Walk:
    """Where everybody may go, and the cookie that lets them in."""

    site: Site
    addresses: Mapping[str, list[str]]
    cookies: Mapping[str, str]
    cookie_name: str


@pytest.fixture(scope="module")
def walk(chromium: Browser, migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("every-page")
    site = Site(settings(folder, f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'walked.sqlite3')}"))
    yield site.make(partial(a_busy_walk, site))
    site.close()


def a_busy_walk(site: Site, app: Flask) -> Walk:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a page that breaks is for test_permissions.py
    made = world.make(app)
    with app.app_context():
        fill(db.session.get_one(Contract, int(made.values["contract_id"])))
    clients: dict[str, FlaskClient] = {role: client_of(app, made.people[role]) for role in ROLES}
    name = app.config["SESSION_COOKIE_NAME"]
    cookies = {who: cookie.value for who, client in clients.items() if (cookie := client.get_cookie(name))}
    clients[NOBODY] = app.test_client()
    return Walk(site, {who: list(pages_of(app, made, each)) for who, each in clients.items()}, cookies, name)


def pages_of(app: Flask, made: world.World, client: FlaskClient) -> Iterator[str]:
    """The addresses that answer this client with a page."""
    for route in app.url_map.iter_rules():
        if "GET" in (route.methods or ()) and route.endpoint not in FILES:
            built = route.build(made.own(route))
            assert built, f"the example does not fit {route}"
            if built[1].startswith(ONLY) and is_page(client, built[1]):
                yield built[1]
    yield "/no-such-page"


def is_page(client: FlaskClient, address: str) -> bool:
    answer = client.get(address)
    return answer.status_code == 200 and answer.mimetype == "text/html"


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium: Browser, walk: Walk) -> Iterator[Page]:
    """A window of this visitor, who is logged in."""
    who, language = request.param
    width, height = VIEWS[language]
    context = chromium.new_context(base_url=walk.site.address, viewport={"width": width, "height": height})
    if who in walk.cookies:
        context.add_cookies([{"name": walk.cookie_name, "value": walk.cookies[who], "url": walk.site.address}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("who", "language", "page"),
    [(*visit, visit) for visit in VISITS],
    indirect=["page"],
    ids=["-".join(visit) for visit in VISITS],
)
def test_every_page_can_be_used_by_everybody(walk: Walk, page: Page, who: str, language: str) -> None:
    found = {}
    for address in walk.addresses[who]:
        page.goto(f"{address}?lang={language}")
        keep_picture(page, f"{who}-{language}{address}")
        # Axe takes most of the time: what the administrator has at the desk too, only more of it, it reads there.
        is_read = who != Role.AUDITOR or address not in walk.addresses[Role.ADMINISTRATOR]
        found[address] = findings(page) if is_read else width_of(page)
        if language == "nl":
            found[address] += on_a_phone(page)

    assert {address: faults for address, faults in found.items() if faults} == {}


def on_a_phone(page: Page) -> list[str]:
    """What is too wide there of a page that stays open."""
    desk = page.viewport_size
    assert desk is not None
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    found = [f"on a phone: {each}" for each in width_of(page)]
    page.set_viewport_size(desk)
    return found


def keep_picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name.replace('/', '_')}.png", full_page=True)
