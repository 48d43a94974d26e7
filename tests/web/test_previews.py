"""What a form says before it is saved leaves nothing behind, whichever form it is."""

from __future__ import annotations

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Role
from tests.people import client_of
from tests.web import world
from tests.web.matrix import opened
from tests.web.test_permissions import address, routes

CALCULATE = 'name="action" value="calculate"'
LIVE = 'data-preview-url="'
DAY, AMOUNT = "1-2-2026", "1000"
# What an empty form of each is filled with, so that there is something to reckon.
FILLED = {
    "number": "N-1", "title": "Dak", "contract_sum": AMOUNT, "percentage": "5", "starts_on": DAY, "ends_on": "1-2-2027",
    "amount": AMOUNT, "effective_on": DAY, "new_end": "1-2-2028", "valid_from": DAY, "level": "2", "kvk": "99990001",
    "checked_on": DAY, "withdrawn_on": DAY, "person": "SR-1", "block": "participatiewet", "hours": "20", "on": DAY,
}  # fmt: skip


def forms(app: Flask, client: FlaskClient, made: world.World, mark: str) -> dict[str, str]:
    """The pages with such a form, by address."""
    found = {}
    for route, method, _rule in routes(app):
        if method == "GET" and "POST" in (route.methods or ()):
            page = client.get(path := address(route, made.own(route)))
            if mark in page.text:
                found[path] = page.text
    return found


@pytest.mark.parametrize("is_live", [True, False], ids=["live", "button"])
def test_reckoning_leaves_nothing_behind(app: Flask, is_live: bool) -> None:
    made = world.make(app)
    client = client_of(app, made.people[Role.ADMINISTRATOR])
    pages = forms(app, client, made, LIVE if is_live else CALCULATE)
    before, changed = world.digest(app), []
    for path, page in pages.items():
        given = opened(client, path)
        data = {name: given.get(name) or FILLED.get(name, "") for name in given}
        sent = {"action": "save"} if is_live else {"action": "calculate"}
        where = unescape(page.partition(LIVE)[2].partition('"')[0]) if is_live else path
        answer = client.post(where, data=data | sent, headers={"X-Requested-With": "preview"} if is_live else {})
        if answer.status_code != 200 or world.digest(app) != before:
            changed.append((path, answer.status_code))

    assert len(pages) >= 9
    assert changed == []
