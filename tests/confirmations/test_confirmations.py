"""The other side confirms one line, or says what is not right: through a link, once, and seeing nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.audit.trail import Audit
from app.confirmations import queries
from app.confirmations.models import Confirmation
from app.contributions.models import Contribution
from app.extensions import db
from app.mail import outbox
from app.rules.dossier import Status
from app.web.clock import now
from tests import factories as make
from tests.web import world
from tests.web.office import Office, a_lasting_office, an_office
from tests.web.reading import words

LINK = re.compile(r"http://localhost/confirm/[\w-]+(?:\?lang=en)?")
ASKED = {"organisation": "Werkbedrijf De Linde", "email": "Plaatsing@Linde.example", "language": "en"}
NO = {"answer": "no", "disputed": "hours", "reason": "Zestien uur, niet achtentwintig."}
ABSENT = 404


@pytest.fixture(autouse=True)
def mails(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the mails that are put in the outbox: what was delivered has none any more."""
    texts: list[str] = []
    put = outbox.put

    def noted(audit: Audit, **mail: Any) -> bool:
        texts.append(mail["text"])
        return put(audit, **mail)

    monkeypatch.setattr(outbox, "put", noted)
    return texts


@pytest.fixture(scope="module")
def office(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One to be refused in."""
    with a_lasting_office(migrated_sqlite, tmp_path_factory.mktemp("confirmations")) as made:
        yield made


def ask(office: Office, contribution_id: int, who: str = "leader", **typed: Any) -> TestResponse:
    return office.browser(who).post(f"/contribution/{contribution_id}/confirmations/new", data=ASKED | typed)


def link_in(mails: list[str]) -> str:
    """The link of the last mail."""
    found = LINK.search(mails[-1])
    assert found
    return found[0]


def test_a_line_is_confirmed_without_an_account_and_nothing_else_is_shown(app: Flask, mails: list[str]) -> None:
    office = an_office(app)
    contribution_id = office.submitted("supplier")
    assert ask(office, contribution_id, "supplier").location == f"/contribution/{contribution_id}"
    visitor, link = app.test_client(), link_in(mails)

    page = visitor.get(link).text
    for shown in ("De Brug", "Van Asten", "Participation Act", "1 February 2026", "31 October 2026", "28.8 hours"):
        assert shown in page
    for kept in ("SR-", "2025/014", "W-1081", "Renovatie", "24,000"):
        assert kept not in page

    assert visitor.post(link, data={"answer": "yes"}).location == "/confirm"
    assert world.actions(app)[-2:] == ["confirmation.ask", "confirmation.answer"]
    for again in (visitor.get(link), visitor.post(link, data=NO), visitor.get("/confirm/unknown")):
        assert (again.status_code, "answered already" in again.text) == (ABSENT, True)

    card = office.browser("leader").get(f"/contribution/{contribution_id}").text.partition("confirmations-title")[2]
    assert ("confirmed" in card, "about version 1" in card, "not this one" in card) == (True, True, False)
    with app.app_context():
        assert queries.supported([contribution_id]) == {contribution_id}


def test_a_later_version_does_not_keep_the_confirmation_of_an_earlier_one(app: Flask, mails: list[str]) -> None:
    office = an_office(app)
    contribution_id = office.submitted("supplier")
    ask(office, contribution_id)
    app.test_client().post(link_in(mails), data={"answer": "yes"})
    typed = {"person": "SR-1", "block": "participatiewet", "starts_on": "1-2-2026", "hours": "20", "share": "100"}
    address = f"/contribution/{contribution_id}/correct"
    version = str(office.stored(contribution_id).row_version)
    sent = office.browser("supplier").post(
        address, data=typed | {"programme": "other", "action": "submit", "version": version}
    )
    newer = office.contributions()[-1].id
    assert sent.location == f"/contribution/{newer}"
    card = office.browser("leader").get(f"/contribution/{newer}").text.partition("confirmations-title")[2]
    assert ("about version 1" in card, "not this one" in card) == (True, True)
    with app.app_context():
        assert queries.confirmed([contribution_id, newer]) == {contribution_id}


def test_a_disagreement_says_what_and_why(app: Flask, mails: list[str]) -> None:
    office = an_office(app)
    contribution_id = office.submitted("supplier")
    shown = ask(office, contribution_id)
    link = link_in(mails)
    assert link.replace("&", "&amp;") in shown.text  # to the corporation it is shown, this once
    visitor = app.test_client()
    for typed, said in (
        ({}, "Say yes or no."),
        ({"answer": "no"}, "Fill this in."),
        (NO | {"disputed": "nonsense"}, "Choose one of the possibilities."),
        (NO | {"reason": "BSN 111222333"}, "citizen service number"),
    ):
        refused = visitor.post(link, data=typed)
        assert (refused.status_code, said in refused.text) == (422, True), said
    assert visitor.post(link, data=NO).status_code == 302

    page = office.browser("supplier").get(f"/contribution/{contribution_id}").text
    assert "The hours or the quantity are not right: “Zestien uur, niet achtentwintig.”" in page
    with app.app_context():
        (found,) = queries.of_contract(office.contract_id)
        assert (found.answer, found.disputed, found.contribution.reference) == ("no", "hours", "W-1081")
        assert queries.confirmed([contribution_id]) == queries.supported([contribution_id]) == frozenset()


@pytest.mark.parametrize(
    ("typed", "said", "status"),
    [
        ({"organisation": ""}, "Fill this in.", 422),
        ({"email": "nobody"}, "e-mail", 422),
        ({"language": "fr"}, "Choose one of the possibilities.", 422),
        ({"organisation": "BSN 111222333"}, "citizen service number", 422),
        ({"email": "own"}, "This address is yours, or of the supplier.", 422),
    ],
)
def test_whom_to_ask_is_looked_through(office: Office, typed: dict[str, str], said: str, status: int) -> None:
    contribution_id = office.submitted("supplier", reference=f"W-{len(said)}-{len(str(typed))}")
    with office.app.app_context():
        own = db.session.get_one(Contribution, contribution_id).entered_by
        assert own is not None
        typed = {name: own.email if text == "own" else text for name, text in typed.items()}
    leader = office.browser("leader")
    before = world.digest(office.app)
    refused = leader.post(f"/contribution/{contribution_id}/confirmations/new", data=ASKED | typed)
    assert (refused.status_code, said in refused.text) == (status, True)
    assert world.digest(office.app) == before


def test_only_what_is_submitted_or_approved_is_asked_about(office: Office) -> None:
    for status in (Status.DRAFT, Status.REJECTED, Status.WITHDRAWN):
        with office.app.app_context():
            contribution_id = make.placement(office.contract, status=status).id
        assert ask(office, contribution_id).status_code == 409
        assert "Ask the other side" not in office.browser("leader").get(f"/contribution/{contribution_id}").text


def test_a_link_that_holds_no_longer_answers_as_one_that_is_unknown(office: Office, mails: list[str]) -> None:
    contribution_id = office.submitted("supplier", reference="W-2000")
    visitor, links = office.app.test_client(), []
    for _again in range(3):
        ask(office, contribution_id)
        links.append(link_in(mails))
    with office.app.app_context():
        last = db.session.scalars(select(Confirmation).order_by(Confirmation.id.desc())).first()
        assert last is not None
        last_id = last.id
    assert [visitor.get(link).status_code for link in links] == [ABSENT, ABSENT, 200]
    assert office.browser("supplier").post(f"/confirmation/{last_id}/withdraw").status_code == 302
    assert office.browser("supplier").post(f"/confirmation/{last_id}/withdraw").status_code == 409
    ask(office, contribution_id)
    old = link_in(mails)
    with office.app.app_context():
        db.session.get_one(Confirmation, last_id + 1).expires_at = now() - timedelta(seconds=1)
        db.session.commit()
    unknown = "http://localhost/confirm/unknown?lang=en"
    pages = {words(visitor.get(link).text) for link in (old, links[0], links[2], unknown)}
    assert len(pages) == 1


def test_five_questions_about_one_version_are_enough(office: Office) -> None:
    contribution_id = office.submitted("supplier", reference="W-3000")
    answers = [ask(office, contribution_id, email=f"u{number}@linde.example").status_code for number in range(6)]
    assert answers == [200] * 5 + [409]


def test_whoever_tries_links_is_made_to_wait(strict_app: Flask) -> None:
    visitor = strict_app.test_client()
    assert [visitor.get(f"/confirm/{number}").status_code for number in range(31)] == [ABSENT] * 30 + [429]
