"""The pages of a batch, with a consumer of its own process beside them, as `./run` starts one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from app.accounts.models import Language, Role
from app.batches import service, working
from app.batches.duration import about
from app.batches.failures import failure_of
from app.batches.models import Batch, BatchItem
from app.contracts.models import Contract
from app.extensions import db
from app.statements import service as statements
from app.web.clock import now, today
from app.web.errors import Unavailable
from tests import factories as make
from tests.batches.consuming import consumer
from tests.people import client_of
from tests.web.matrix import Bad, expect_each_refused
from tests.web.reading import plain

GOOD = {"on": "30-6-2026", "language": "en"}
PATIENCE = 60


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    with app.app_context():
        here = make.corporation()
        for number in range(3):
            make.contract(here, number=f"2026-{number:03}", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        leader = make.user(Role.PROJECT_LEADER, of=here, language=Language.ENGLISH).id
    return client_of(app, leader)


def runs(browser: FlaskClient, address: str) -> bool:
    """What the script of the page looks at."""
    return "data-runs" in browser.get(address, headers={"X-Requested-With": "poll"}).text


def wait_until(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < ends:
        time.sleep(0.1)


def issued(browser: FlaskClient, address: str) -> int:
    return int(plain(browser.get(address).text).partition(" issued")[0].rpartition(">")[2])


def test_a_batch_is_asked_made_in_the_background_and_taken_along(app: Flask, browser: FlaskClient) -> None:
    assert "Nothing was issued together yet." in plain(browser.get("/batches").text)
    address = browser.post("/batches/new", data=GOOD).location
    assert runs(browser, address)
    assert "3 to go" in plain(browser.get(address).text)

    with consumer(app):
        wait_until(lambda: issued(browser, address) > 0)
    # It was killed with all that it was doing: the next one goes on.
    with consumer(app):
        wait_until(lambda: not runs(browser, address))

    page = plain(browser.get(address).text)
    assert "3 issued" in page
    assert "Download all 3 statements" in page
    with ZipFile(BytesIO(browser.get(f"{address}/statements.zip").data)) as file:
        assert len([name for name in file.namelist() if name.endswith(".pdf")]) == 3
    assert "3 issued" in plain(browser.get("/batches").text)


def batch_of(address: str) -> int:
    return int(address.rpartition("/")[2])


def test_a_stopped_batch_says_what_was_not_made_and_goes_on(app: Flask, browser: FlaskClient) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    page = plain(browser.post(f"{address}/cancel", follow_redirects=True).text)
    assert "Stopped: 3 statements were not made." in page
    assert 'max="3" value="0"' in browser.get(address).text
    assert "Not begun when it was stopped" in page
    assert "2026-001" in page
    assert "Try again" not in page
    assert browser.post(f"{address}/retry").status_code == 409
    assert "Go on with the rest (3)" in page

    page = plain(browser.post(f"{address}/go-on", follow_redirects=True).text)
    assert "This begins in a moment." in page
    assert "Not begun" not in page
    assert "3 to go" in page
    assert runs(browser, address)


def test_failures_are_grouped_by_cause_and_tried_again(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    with app.app_context(), monkeypatch.context() as failing:
        failing.setattr(working.statements, "complete", lambda *_, **__: 1 / 0)
        working.work_through(batch_of(address))
    page = plain(browser.get(address).text)
    assert "3 not made" in page
    assert "Ended, but 3 statements could not be made." in page
    assert page.count("an administrator has to act") == 1
    assert "3 contracts" in page
    assert "the log of the program" not in page
    assert 'max="3" value="0"' in browser.get(address).text
    assert "Try again what failed (3)" in page

    page = plain(browser.post(f"{address}/retry", follow_redirects=True).text)
    assert "3 to go" in page
    assert "tried again" not in page  # what happens the page says itself: nothing stale stands above how it ended


def test_an_administrator_reads_the_whole_cause(app: Flask, browser: FlaskClient) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    with app.app_context():
        batch = db.session.get_one(Batch, batch_of(address))
        for item in db.session.scalars(select(BatchItem)):
            item.failure = failure_of(Unavailable("seal_missing", file="keys/1.p12"))
        chief = make.user(Role.ADMINISTRATOR, of=batch.corporation, language=Language.ENGLISH).id
    assert "keys/1.p12" not in browser.get(address).text
    assert client_of(app, chief).get(address).text.count("keys/1.p12") == 1


def test_the_end_says_done_and_leads_to_the_register(app: Flask, browser: FlaskClient, quick: None) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    with app.app_context():
        working.work_through(batch_of(address))
    page = browser.get(address)
    assert "Done: all 3 statements are issued." in plain(page.text)
    with app.app_context():
        contract = db.session.scalars(select(Contract)).first()
        assert contract is not None
        statements.issue(contract, date(2026, 6, 29), by="a test")
    (link,) = re.findall(r'href="(/statements\?[^"]+)"', page.text)
    register = browser.get(unescape(link)).text
    assert all(f"2026-000{number}" in register for number in (1, 2, 3))
    assert "2026-0004" not in register


def test_a_batch_says_how_long_still(app: Flask, browser: FlaskClient, quick: None) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    with app.app_context():
        batch = db.session.get_one(Batch, batch_of(address))
        for _number in range(3):
            make.contract(batch.corporation, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    address = browser.post("/batches/new", data=GOOD | {"again": "y"}).location
    with app.app_context(), time_machine.travel(now() - timedelta(seconds=100), tick=False) as clock:
        for _number in range(4):
            clock.shift(25)
            item_id = working.claim(batch_of(address))
            assert item_id is not None
            working.issue(item_id)
    assert "At work: about 1 minute left." in plain(browser.get(address).text)
    assert "2 to go" in plain(browser.get(address).text)


def test_a_batch_without_a_worker_says_so(app: Flask, browser: FlaskClient) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    assert "flask worker" not in browser.get(address).text
    with time_machine.travel(now() + timedelta(minutes=3), tick=False):
        page = plain(browser.get(address).text)
        assert "Nothing was made since" in page
        assert "flask worker" in page
        assert "the work goes on" not in page
        with app.app_context():
            here = make.corporation()
            make.contract(here)
            leader = make.user(Role.PROJECT_LEADER, of=here)
            working.claim(service.ask(here.kvk, date(2026, 6, 30), Language.DUTCH, again=False, by=leader).id)
        assert "the work goes on with another one first" in plain(browser.get(address).text)


def test_a_batch_of_who_left_says_so_and_leads_to_a_new_one(app: Flask, browser: FlaskClient) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    with app.app_context():
        batch = db.session.get_one(Batch, batch_of(address))
        colleague = make.user(Role.PROJECT_LEADER, of=batch.corporation, language=Language.ENGLISH).id
        batch.asked_by.is_active = False
        db.session.commit()
        working.work_through(batch_of(address))
    page = client_of(app, colleague).get(address).text
    assert page.count("may no longer issue statements here") == 1
    assert "Try again" not in page
    assert f'href="/batches/new?corporation={_kvk(app, address)}"' in page


def test_a_stopped_batch_of_who_left_leads_to_a_new_one(app: Flask, browser: FlaskClient) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    browser.post(f"{address}/cancel")
    with app.app_context():
        batch = db.session.get_one(Batch, batch_of(address))
        colleague = make.user(Role.PROJECT_LEADER, of=batch.corporation, language=Language.ENGLISH).id
        batch.asked_by.is_active = False
        db.session.commit()
    other = client_of(app, colleague)
    page = other.get(address).text
    assert page.count("may no longer issue statements here") == 1
    assert "Go on with the rest" not in page
    assert f'href="/batches/new?corporation={_kvk(app, address)}"' in page
    assert other.post(f"{address}/go-on").status_code == 409


def _kvk(app: Flask, address: str) -> str:
    with app.app_context():
        return db.session.get_one(Batch, batch_of(address)).corporation.kvk


def test_the_form_says_how_many_and_about_how_long(app: Flask, browser: FlaskClient) -> None:
    def says(**typed: str) -> str:
        return plain(browser.post("/batches/count", data=GOOD | typed).text).strip()

    assert says() == "Issue 3 statements (less than a minute)"
    assert "Nothing to issue as of this day" in browser.get("/batches/new").text  # the last year: nothing ran
    assert says(on="31-12-2099") == "Nothing to issue as of this day"
    assert says(on="gisteren") == "Issue them"
    browser.post("/batches/new", data=GOOD)
    assert says() == "Nothing to issue as of this day"
    assert says(again="y") == "Issue 3 statements (less than a minute)"
    assert 'data-preview-url="/batches/count' in browser.get("/batches/new").text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "less than a minute"), (50, "about 1 minute"), (61, "about 2 minutes"), (7200, "about 2 hours")],
)
def test_how_long_is_said_roughly(app: Flask, seconds: float, words: str) -> None:
    with app.test_request_context(), force_locale("en"):
        assert about(seconds) == words


def test_what_cannot_be_is_refused_beside_its_field(app: Flask, browser: FlaskClient) -> None:
    tomorrow = today() + timedelta(days=1)
    refused = [
        Bad("on", "", "Fill this in"),
        Bad("on", "gisteren", "not clear as a date"),
        Bad("on", "31-12-2019", "No contract that had begun by 31 December 2019 ran in 2019"),
        Bad("on", f"{tomorrow.day}-{tomorrow.month}-{tomorrow.year}", "is yet to come"),
        Bad("language", "fr", "Choose"),
    ]
    expect_each_refused(app, browser, "/batches/new", GOOD, refused)


def test_a_contract_in_a_batch_that_waits_is_deleted_on_its_page(app: Flask, browser: FlaskClient) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    with app.app_context():
        contract = db.session.scalars(select(Contract)).first()
        assert contract is not None
        contract_id = contract.id
    asked = browser.get(f"/contract/{contract_id}/delete")
    assert asked.status_code == 200
    assert "3 to go" in plain(browser.get(address).text)  # only asked
    (version,) = re.findall(r'name="version"[^>]*value="(\d+)"', asked.text)
    assert browser.post(f"/contract/{contract_id}/delete", data={"version": version}).status_code == 302
    assert "2 to go" in plain(browser.get(address).text)
