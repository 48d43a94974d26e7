"""The list of certificates: each in its state, found by what is asked."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.suppliers.models import Certificate
from app.suppliers.validity import Validity, validity_of
from app.web.clock import today
from tests.web.certificates import (
    DAY,
    SISTER,
    a_certificate,
)
from tests.web.office import Office


def numbers(text: str) -> list[str]:
    return re.findall(r'<td class="whole-row" role="cell"><a href="/certificate/\d+">([^<]+)</a>', text)


@pytest.mark.parametrize("state", Validity)
def test_the_list_and_the_badge_agree_on_every_state(every_state: Office, state: Validity) -> None:
    with every_state.app.app_context():
        own = db.session.scalars(select(Certificate).where(Certificate.corporation_id == every_state.corporation.id))
        expected = {row.number for row in own if validity_of(row, today()) is state}

    assert set(numbers(every_state.browser().get(f"/certificates?state={state}").text)) == expected
    assert expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("level=basis", ["SISTERS"]),
        ("level=30%2B", ["SISTERS"]),
        (f"supplier={SISTER}", ["SISTERS"]),
        ("q=sister", ["SISTERS"]),
        (f"q={SISTER}", ["SISTERS"]),
        ("q=theirs", []),
        ("sort=number&q=ed", ["ENDED", "UNCHECKED"]),
    ],
)
def test_the_list_finds_what_is_asked(every_state: Office, query: str, expected: list[str]) -> None:
    assert numbers(every_state.browser().get(f"/certificates?{query}").text) == expected


@pytest.mark.parametrize(("days", "words"), [(0, "Ends today"), (1, "Ends in 1 day"), (30, "Ends in 30 days")])
def test_how_soon_it_ends_is_said_in_words(office: Office, leader: FlaskClient, days: int, words: str) -> None:
    a_certificate(office, valid_from=today() - 9 * DAY, valid_until=today() + days * DAY)

    assert words in leader.get("/certificates").text
