"""The pages of a batch, with a consumer of its own process beside them, as `./run` starts one."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Language, Role
from app.batches import working
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


def test_a_batch_is_stopped_and_failures_are_tried_again(
    app: Flask, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = browser.post("/batches/new", data=GOOD).location
    assert "stopped" in plain(browser.post(f"{address}/cancel", follow_redirects=True).text)
    assert browser.post(f"{address}/retry").status_code == 409

    address = browser.post("/batches/new", data=GOOD).location
    with app.app_context(), monkeypatch.context() as failing:
        failing.setattr(working.statements, "complete", lambda *_, **__: 1 / 0)
        working.work_through(int(address.rpartition("/")[2]))
    assert "3 not made" in plain(browser.get(address).text)
    assert "3 statements are tried again." in plain(browser.post(f"{address}/retry", follow_redirects=True).text)


def test_what_cannot_be_is_refused_beside_its_field(app: Flask, browser: FlaskClient) -> None:
    refused = [
        Bad("on", "", "Fill this in"),
        Bad("on", "gisteren", "not clear as a date"),
        Bad("on", "31-12-2019", "No contract is left for that day"),
        Bad("language", "fr", "Choose"),
    ]
    expect_each_refused(app, browser, "/batches/new", GOOD, refused)
