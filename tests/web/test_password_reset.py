"""A forgotten password: the same answer for everybody, and a link that works once, for an hour."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import mails as account_mails
from app.accounts import passwords
from app.accounts.models import Language, Token, User
from app.audit.models import AuditRecord
from app.audit.trail import Audit
from app.extensions import db, limiter
from app.mail.models import Mail
from app.mail.outbox import put
from app.web.clock import now
from tests import factories as make
from tests.people import CHEAP, PASSWORD, client_of, password_hash
from tests.web.matrix import opened
from tests.web.world import actions

NEW = "een heel ander lang woord"
LINK = re.compile(r"http://localhost(/password/\S+)")
TYPED = {"password": NEW, "again": NEW}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts of the mails: the outbox forgets them when they are sent."""
    read: list[str] = []

    def reading(audit: Audit, **mail: Any) -> bool:
        read.append(mail["text"])
        return put(audit, **mail)

    monkeypatch.setattr(account_mails, "put", reading)
    return read


@pytest.fixture
def email(app: Flask) -> str:
    with app.app_context():
        return make.user(password_hash=password_hash(), language=Language.ENGLISH).email


def ask(client: FlaskClient, email: str) -> TestResponse:
    return client.post("/password", data={"email": email})


def mails(app: Flask) -> list[Mail]:
    with app.app_context():
        return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def link_in(texts: list[str]) -> str:
    return LINK.search(texts[-1])[1]  # type: ignore[index]


def is_in(client: FlaskClient, email: str, password: str) -> bool:
    return client.post("/login", data={"email": email, "password": password}).status_code == 302


def test_the_answer_tells_nothing_and_only_who_has_the_address_gets_a_mail(
    app: Flask, client: FlaskClient, email: str, texts: list[str]
) -> None:
    with app.app_context():
        closed = make.user(password_hash=password_hash(), is_active=False).email
        invited = make.user().email
    addresses = (f" {email.upper()} ", closed, invited, "nobody@example.org", "x\x00y")
    with time_machine.travel(now(), tick=False):  # the token of a form holds the second in which it was made
        answers = [ask(client, each) for each in addresses]

    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert [(mail.address, mail.kind, mail.language) for mail in mails(app)] == [(email, "reset", "en")]
    assert actions(app) == ["account.ask_reset"] * 5
    with app.app_context():
        log = "".join(f"{each.payload.after}{each.payload.notes}" for each in db.session.scalars(select(AuditRecord)))  # type: ignore[union-attr]
        assert "nobody@example.org" not in log
        assert db.session.scalars(select(Token.token_hash)).one() not in link_in(texts)


def test_a_link_sets_a_password_once_and_ends_all_sessions(
    app: Flask, client: FlaskClient, email: str, texts: list[str]
) -> None:
    with app.app_context():
        user_id = db.session.scalars(select(User.id).where(User.email == email)).one()
    elsewhere = client_of(app, user_id)
    ask(client, email)
    link = link_in(texts)
    page = client.get(link)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert client.post(link, data=TYPED).location == "/login"

    assert elsewhere.get("/account").status_code == 302
    assert client.get("/account").status_code == 302
    assert client.post(link, data=TYPED).status_code == 410
    assert not is_in(client, email, PASSWORD)
    assert is_in(client, email, NEW)
    assert [mail.kind for mail in mails(app)] == ["reset", "password_changed"]
    assert actions(app)[:2] == ["account.ask_reset", "account.reset_password"]


def test_a_link_holds_an_hour_and_a_newer_one_replaces_it(
    app: Flask, client: FlaskClient, email: str, texts: list[str]
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        ask(client, email)
        first = link_in(texts)
        ask(client, email)
        assert client.get(first).status_code == 410
        second = link_in(texts)
        clock.shift(timedelta(minutes=59))
        assert client.get(second).status_code == 200
        clock.shift(timedelta(minutes=2))
        assert client.post(second, data=TYPED).status_code == 410
    assert is_in(client, email, PASSWORD)


def test_what_is_no_link_of_ours_does_nothing(app: Flask, client: FlaskClient, email: str, texts: list[str]) -> None:
    with app.app_context():
        invitation = make.invitation(make.corporation()).link
    ask(client, email)
    link = link_in(texts)
    for wrong in (f"/password/{invitation}", link[:-5], link.replace(".", "x", 1), "/password/%F0%9F%98%80"):
        assert client.post(wrong, data=TYPED).status_code == 410
    refused = client.post(link, data=TYPED | {"again": "something else"})

    assert (refused.status_code, 'id="again-error"' in refused.text) == (422, True)
    assert client.post(link, data={"password": "short", "again": "short"}).status_code == 422
    assert is_in(client, email, PASSWORD)


def test_more_than_five_an_hour_wait_whether_the_address_exists_or_not(
    app: Flask, client: FlaskClient, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    for address in (email, "nobody@example.org"):
        assert [ask(client, address).status_code for _ in range(6)] == [200] * 5 + [429]

    assert len(mails(app)) == 5


def test_an_invitation_is_mailed_too(app: Flask, texts: list[str]) -> None:
    with app.app_context():
        corporation = make.corporation(name="De Brug", language=Language.ENGLISH)
        kvk, boss = corporation.kvk, make.user("administrator", of=corporation).id
    browser = client_of(app, boss)
    page = f"/corporation/{kvk}/invite"
    shown = browser.post(page, data=opened(browser, page) | {"email": "nieuw@example.org", "name": "Nieuw Mens"}).text

    mail = mails(app)[0]
    assert (mail.address, mail.kind, mail.language) == ("nieuw@example.org", "invitation", "en")
    assert re.search(r"http://localhost/invitation/\S+", texts[0])[0] in shown  # type: ignore[index]
