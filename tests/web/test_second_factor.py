"""The second step of a log-in: required, set up, passed once with each code, and taken away only by who may."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import care, passwords, second_factor, totp
from app.accounts.models import Language, RecoveryCode, Role, Session, User
from app.accounts.sealing import seal, unseal
from app.accounts.service import token_hash
from app.audit.models import AuditRecord
from app.extensions import db, limiter
from app.mail.models import Mail
from app.web.errors import Conflict
from config import OPTIONAL, REQUIRED
from tests import factories as make
from tests.people import CHEAP, PASSWORD, client_of, password_hash
from tests.support import LENT, settings
from tests.web.world import actions

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
STEP, SETUP, APP = "/login/second", "/account/second-factor", "/account/second-factor/app"
KEY = re.compile(r'<code class="key" translate="no">([A-Z2-7 ]+)</code>')
BEGUN = re.compile(r'name="begun" type="hidden" value="([^"]+)"')
CODE = re.compile(r"<li><code>([a-z2-7-]+)</code></li>")


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """As it is by default: a second factor is required."""
    with LENT.application(settings(tmp_path, sqlite_url, second_factor=REQUIRED)) as lent:
        yield lent


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


@dataclass
class Person:
    """Somebody with a browser, and with an app when it is set up."""

    app: Flask
    id: int
    email: str
    client: FlaskClient
    secret: str = ""
    codes: tuple[str, ...] = ()

    def log_in(self, client: FlaskClient | None = None, **more: str) -> TestResponse:
        return (client or self.client).post("/login", data={"email": self.email, "password": PASSWORD, **more})

    def code(self) -> str:
        return pyotp.TOTP(self.secret).at(datetime.now(UTC))

    def pass_step(self, code: str, client: FlaskClient | None = None) -> TestResponse:
        return (client or self.client).post(STEP, data={"code": code, "next": "/account"})

    def set_up(self) -> TestResponse:
        """An app, with the picture and the key that the page shows."""
        page = self.client.get(APP).text
        self.secret = KEY.search(page)[1].replace(" ", "")  # type: ignore[index]
        begun = BEGUN.search(page)[1]  # type: ignore[index]
        answer = self.client.post(APP, data={"begun": begun, "code": self.code()})
        self.codes = tuple(CODE.findall(answer.text))
        return answer

    def is_in(self, client: FlaskClient | None = None) -> bool:
        return (client or self.client).get("/account").status_code == 200


@pytest.fixture
def person(app: Flask) -> Person:
    with app.app_context():
        made = make.user(password_hash=password_hash(), language=Language.ENGLISH)
        return Person(app, made.id, made.email, app.test_client())


@pytest.fixture
def equipped(person: Person, clock: time_machine.Traveller) -> Person:
    """Somebody whose app is set up, some time ago."""
    person.log_in()
    person.set_up()
    clock.shift(timedelta(minutes=30))
    return person


def test_without_a_second_factor_only_its_set_up_is_reachable(person: Person) -> None:
    assert person.log_in().location == f"{STEP}?next=/"
    reached = {
        address: person.client.get(address) for address in ("/", "/account", "/contracts", "/people", SETUP, APP)
    }

    assert {address for address, answer in reached.items() if answer.status_code == 200} == {SETUP, APP}
    assert {answer.location.partition("?")[0] for answer in reached.values() if answer.location} == {STEP}
    assert person.client.get(STEP).location == SETUP
    assert person.client.get("/login").location == f"{STEP}?next=/"
    assert person.client.post("/account/name", data={"name": "X"}).location == STEP
    assert person.client.post("/logout").location == "/login"
    assert person.client.get(SETUP).location.startswith("/login")


def test_an_app_is_set_up_with_a_code_and_ten_recovery_codes_are_shown(
    person: Person, clock: time_machine.Traveller
) -> None:
    person.log_in()
    before = cookie_of(person.client)
    wrong = person.client.post(APP, data={"begun": BEGUN.search(person.client.get(APP).text)[1], "code": "000000"})  # type: ignore[index]
    assert (wrong.status_code, "This code is not right" in wrong.text) == (422, True)
    answer = person.set_up()

    assert len(set(person.codes)) == 10
    assert answer.status_code == 200 and "<svg" in wrong.text
    assert person.is_in()
    assert cookie_of(person.client) != before
    with person.app.app_context():
        user, log = db.session.get_one(User, person.id), logged_text()
        assert user.totp_secret and person.secret.encode() not in user.totp_secret
        assert unseal(user.totp_secret, f"totp.{person.id}") == person.secret
        assert not any(secret in log for secret in (person.secret, *person.codes, person.codes[0].replace("-", "")))
    assert actions(person.app) == ["account.log_in", "account.add_app"]


def test_an_abandoned_or_foreign_secret_is_refused(equipped: Person, app: Flask) -> None:
    with app.app_context():
        other = make.user()
        foreign = second_factor.begin_app(other).decode()
        sealed_otherwise = seal(pyotp.random_base32(), f"totp.{equipped.id}").decode()
    client = client_of(app, equipped.id)
    with app.app_context():
        db.session.scalars(select(Session).order_by(Session.id.desc())).first().second_factor_at = datetime.now(UTC)  # type: ignore[union-attr]
        db.session.commit()

    for begun in (foreign, sealed_otherwise, "", "nonsense"):
        answer = client.post(APP, data={"begun": begun, "code": "123456"})
        assert (answer.status_code, "open too long" in answer.text) == (409, True), begun


def test_a_code_lets_in_once_and_a_step_early_or_late(equipped: Person, clock: time_machine.Traveller) -> None:
    equipped.log_in()
    assert not equipped.is_in()
    page = equipped.client.get(f"{STEP}?next=/account")
    assert page.status_code == 200 and 'name="next" type="hidden" value="/account"' in page.text
    code = equipped.code()
    assert equipped.pass_step(code).location == "/account"
    assert equipped.is_in()

    again = equipped.app.test_client()
    equipped.log_in(again)
    assert equipped.pass_step(code, again).status_code == 422
    clock.shift(timedelta(seconds=30))
    slow = equipped.code()
    clock.shift(timedelta(seconds=30))
    assert equipped.pass_step(slow, again).status_code == 302
    late = equipped.app.test_client()
    equipped.log_in(late)
    stale = equipped.code()
    clock.shift(timedelta(seconds=60))
    assert equipped.pass_step(stale, late).status_code == 422
    assert not equipped.is_in(late)
    assert actions(equipped.app)[-1] == "account.refuse_second_step"


@pytest.mark.parametrize("typed", ["", "12345", "١٢٣٤٥٦", "x" * 5000, "0000-0000", "\x00"])
def test_what_is_no_code_is_refused(equipped: Person, typed: str) -> None:
    equipped.log_in()

    assert equipped.pass_step(typed).status_code == 422
    assert not equipped.is_in()


def test_a_recovery_code_works_once_however_it_is_typed(equipped: Person) -> None:
    equipped.log_in()
    typed = f" {equipped.codes[3].upper().replace('-', ' ')} "
    assert equipped.pass_step(typed).status_code == 302
    assert equipped.is_in()

    again = equipped.app.test_client()
    equipped.log_in(again)
    assert equipped.pass_step(equipped.codes[3], again).status_code == 422
    with equipped.app.app_context():
        kept = db.session.scalars(select(RecoveryCode)).all()
        assert sum(code.used_at is not None for code in kept) == 1
        assert not {code.code_hash for code in kept} & set(equipped.codes)


def test_ten_wrong_codes_make_it_wait(equipped: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    equipped.log_in()
    for _ in range(10):
        assert equipped.pass_step("000000").status_code == 422

    assert equipped.pass_step(equipped.code()).status_code == 429
    assert not equipped.is_in()


def test_what_changes_the_second_step_asks_for_the_password_and_ends_other_sessions(
    equipped: Person, clock: time_machine.Traveller
) -> None:
    elsewhere, here = equipped.app.test_client(), equipped.client
    for client in (elsewhere, here):
        equipped.log_in(client)
        equipped.pass_step(equipped.code(), client)
        clock.shift(timedelta(minutes=1))
    clock.shift(timedelta(minutes=11))
    asked = f"/account/confirm?next={SETUP}"
    assert [here.post(f"{SETUP}/codes").location, here.get(APP).location] == [asked, asked]
    assert here.post("/account/confirm", data={"password": "wrong", "next": SETUP}).status_code == 422
    assert here.post("/account/confirm", data={"password": PASSWORD, "next": SETUP}).location == SETUP

    assert here.get(SETUP).status_code == 200
    renewed = CODE.findall(here.post(f"{SETUP}/codes").text)
    assert len(renewed) == 10 and not set(renewed) & set(equipped.codes)
    refused = here.post(f"{SETUP}/app/remove")
    assert (refused.status_code, "Add another one first" in refused.text) == (409, True)
    assert equipped.is_in(elsewhere)
    old = equipped.secret
    assert equipped.set_up().location == SETUP
    assert equipped.secret != old
    assert equipped.is_in(here)
    assert not equipped.is_in(elsewhere)


def test_the_password_changes_without_a_new_second_step(equipped: Person) -> None:
    equipped.log_in()
    equipped.pass_step(equipped.code())
    new = "een heel ander lang woord"
    equipped.client.post("/account/password", data={"current": PASSWORD, "new": new, "again": new})

    assert equipped.is_in()


def test_who_is_exempt_and_who_is_not(app: Flask, sqlite_url: str, tmp_path: Path) -> None:
    with app.app_context():
        demo = make.user(is_demo=True).id
        strict, lax = make.corporation(requires_second_factor=True), make.corporation()
        of_both, of_lax = make.user(of=lax), make.user(of=lax).id
        make.membership(of_both, Role.PROJECT_LEADER, of=strict)
        both = of_both.id
    is_in = lambda user_id: client_of(app, user_id).get("/account").status_code == 200  # noqa: E731

    assert [is_in(user_id) for user_id in (demo, both, of_lax)] == [True, False, False]
    app.config["WEDERDIENST"] = settings(tmp_path, sqlite_url, second_factor=OPTIONAL)
    assert [is_in(user_id) for user_id in (demo, both, of_lax)] == [True, False, True]


def test_an_administrator_removes_a_lost_second_step(equipped: Person) -> None:
    app = equipped.app
    equipped.log_in()
    equipped.pass_step(equipped.code())
    with app.app_context():
        membership = db.session.get_one(User, equipped.id).memberships[0]
        membership_id, corporation_id = membership.id, membership.corporation_id
        of = membership.corporation
        boss_id = make.user(Role.ADMINISTRATOR, of=of, is_demo=True, language=Language.ENGLISH).id
    office = client_of(app, boss_id)
    page = office.get(f"/people/{membership_id}").text
    assert "In two steps since" in page and "Log out everywhere" in page

    assert office.post(f"/people/{membership_id}/second-factor/reset").location == f"/people/{membership_id}"
    assert not equipped.is_in()
    equipped.log_in()
    assert equipped.client.get(STEP).location == SETUP
    with app.app_context():
        mail = db.session.scalars(select(Mail)).one()
        assert (mail.kind, mail.address, mail.language) == ("second_factor_reset", equipped.email, "en")
        assert db.session.scalars(select(RecoveryCode)).all() == []
        record = db.session.scalars(
            select(AuditRecord).where(AuditRecord.action == "membership.reset_second_factor")
        ).one()
        assert (record.actor_id, record.chain.corporation_id) == (boss_id, corporation_id)
    assert office.post(f"/people/{membership_id}/second-factor/reset").status_code == 409


def test_of_who_works_elsewhere_too_only_whoever_runs_the_product_does(equipped: Person) -> None:
    with equipped.app.app_context():
        user = db.session.get_one(User, equipped.id)
        membership = user.memberships[0]
        boss = make.user(Role.ADMINISTRATOR, of=membership.corporation)
        make.membership(user, Role.PROJECT_LEADER, of=make.corporation())
        with pytest.raises(Conflict, match="account_elsewhere"):
            care.reset_second_factor(membership.id, by=boss)
        with pytest.raises(Conflict, match="own_second_factor"):
            care.reset_second_factor(boss.memberships[0].id, by=boss)
    result = equipped.app.test_cli_runner().invoke(args=["reset-second-factor", equipped.email])
    assert result.exit_code == 0
    with equipped.app.app_context():
        assert db.session.get_one(User, equipped.id).second_factor_since is None


def test_an_administrator_sees_and_ends_sessions(equipped: Person) -> None:
    app = equipped.app
    browsers = [app.test_client(), app.test_client()]
    for client, code in zip(browsers, equipped.codes, strict=False):
        equipped.log_in(client)
        equipped.pass_step(code, client)
    with app.app_context():
        membership = db.session.get_one(User, equipped.id).memberships[0]
        membership_id = membership.id
        boss = make.user(Role.ADMINISTRATOR, of=membership.corporation, is_demo=True).id
        first = db.session.scalars(select(Session.id).where(Session.token_hash == token_hash(cookie_of(browsers[0]))))
        session_id = first.one()
    office = client_of(app, boss)
    with app.app_context():
        own = db.session.scalars(select(Session.id).where(Session.user_id == boss)).one()

    assert office.post(f"/people/{membership_id}/sessions/{own}/end").status_code == 404
    office.post(f"/people/{membership_id}/sessions/{session_id}/end")
    assert [equipped.is_in(client) for client in browsers] == [False, True]
    office.post(f"/people/{membership_id}/sessions/end")
    assert not equipped.is_in(browsers[1])
    assert office.get("/account").status_code == 200


def test_the_codes_are_those_of_rfc_6238() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for second, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        at = datetime.fromtimestamp(second, UTC)
        step = totp.step_of(secret, code, at=at, after=None)
        assert step == second // 30
        assert totp.step_of(secret, code, at=at, after=step) is None


def cookie_of(client: FlaskClient) -> str:
    with client.session_transaction() as cookie:
        return str(cookie["token"])


def logged_text() -> str:
    payloads = [record.payload for record in db.session.scalars(select(AuditRecord))]
    return "".join(f"{each.before}{each.after}{each.notes}" for each in payloads if each)
