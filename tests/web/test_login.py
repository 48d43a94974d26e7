"""Log-in, log-out, sessions, and a user's own page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts import passwords
from app.accounts.models import Session, User
from app.accounts.service import deactivate
from app.audit.models import AuditRecord
from app.extensions import db, limiter
from app.web.addresses import own_address
from app.web.clock import now
from config import Config
from tests import factories
from tests.people import CHEAP, PASSWORD, client_of, password_hash
from tests.support import application, settings
from tests.web.world import actions

NEW_PASSWORD = "een heel ander lang woord"
UNKNOWN = "niemand@example.org"
ELSEWHERE = ["//e", "/\\e", "\\\\e", "https:e", "https://e/", "javascript:alert(1)", "/\t/e", "\t//e", " //e", "/ /e"]
ELSEWHERE += ["/\n/e", "e", "", "?x", "/\u2215/e", "/\uff0fe", "///e", "/a\\b", "/a\x00"]


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    passwords._hash_of_nobody.cache_clear()


@pytest.fixture
def leader(app: Flask) -> str:
    """The address of a project leader who has a password."""
    with app.app_context():
        return factories.user(password_hash=password_hash()).email


@pytest.fixture
def leader_id(app: Flask, leader: str) -> int:
    with app.app_context():
        return user(leader).id


def user(email: str) -> User:
    return db.session.scalars(select(User).where(User.email == email)).one()


def log_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/login", data={"email": email, "password": password, **more})


def is_logged_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def logged_text(app: Flask) -> str:
    """All that the audit log holds, as text."""
    with app.app_context():
        payloads = [record.payload for record in db.session.scalars(select(AuditRecord))]
        return "".join(f"{each.before}{each.after}{each.notes}" for each in payloads if each)


def test_who_gives_the_right_password_is_logged_in(app: Flask, client: FlaskClient, leader: str) -> None:
    answer = log_in(client, leader)

    assert (answer.status_code, answer.location) == (302, "/")
    assert is_logged_in(client)
    assert actions(app) == ["account.log_in"]


def test_log_in_and_log_out_work_on_both_databases(both_databases: Flask) -> None:
    with both_databases.app_context():
        email = factories.user(password_hash=password_hash()).email
    client = both_databases.test_client()
    log_in(client, email)

    assert is_logged_in(client)
    client.post("/logout")
    assert not is_logged_in(client)
    assert log_in(client, email, "not the password").status_code == 422
    assert actions(both_databases) == ["account.log_in", "account.log_out", "account.refuse"]


def test_the_address_may_be_typed_in_capitals_and_with_blanks(client: FlaskClient, leader: str) -> None:
    log_in(client, f" {leader.upper()} ")

    assert is_logged_in(client)


def test_whoever_is_logged_in_needs_no_form(app: Flask, leader_id: int) -> None:
    assert client_of(app, leader_id).get("/login?next=/account").location == "/account"


def test_every_refusal_looks_the_same(app: Flask, client: FlaskClient, leader: str) -> None:
    with app.app_context():
        without = factories.user().email
        left = factories.user(password_hash=password_hash(), is_active=False).email

    tries = [(leader, "not the password"), (UNKNOWN, PASSWORD), (without, PASSWORD), (left, PASSWORD)]
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), tick=False):  # a form's token holds the second
        answers = [log_in(client, email, password) for email, password in tries]

    assert {answer.status_code for answer in answers} == {422}
    texts = {answer.text.replace(email, "") for answer, (email, _) in zip(answers, tries, strict=True)}
    assert len(texts) == 1
    assert not is_logged_in(client)


def test_a_refusal_costs_one_hash_whether_the_address_exists_or_not(
    client: FlaskClient, leader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            checked.append(kept)
            return CHEAP.verify(kept, password)

        def hash(self, password: str) -> str:
            return CHEAP.hash(password)

    monkeypatch.setattr(passwords, "HASHER", Counting())
    log_in(client, leader, "not the password")
    log_in(client, UNKNOWN, "not the password")

    assert len(checked) == 2


def test_what_was_typed_stays_but_never_the_password(client: FlaskClient, leader: str) -> None:
    answer = log_in(client, leader, "not the password")

    assert f'value="{leader}"' in answer.text
    assert "not the password" not in answer.text


@pytest.mark.parametrize("missing", ["email", "password"])
def test_an_empty_field_is_said_beside_it(client: FlaskClient, leader: str, missing: str) -> None:
    answer = client.post("/login", data={"email": leader, "password": PASSWORD} | {missing: ""})

    assert answer.status_code == 422
    assert f'id="{missing}-error"' in answer.text


def test_the_log_holds_no_address_that_nobody_has(app: Flask, client: FlaskClient, leader: str) -> None:
    log_in(client, UNKNOWN)
    log_in(client, leader, "not the password")

    assert actions(app) == ["account.refuse", "account.refuse"]
    assert UNKNOWN not in logged_text(app)
    assert "not the password" not in logged_text(app)


def test_the_log_never_holds_the_token_or_its_hash(app: Flask, client: FlaskClient, leader: str) -> None:
    log_in(client, leader)

    with client.session_transaction() as cookie, app.app_context():
        kept = db.session.scalars(select(Session.token_hash)).one()
        assert cookie["token"] not in logged_text(app)
        assert kept not in logged_text(app)
        assert cookie["token"] != kept


def test_a_weaker_hash_is_renewed_at_log_in(
    app: Flask, client: FlaskClient, leader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "HASHER", type(CHEAP)(time_cost=2, memory_cost=16, parallelism=1))
    log_in(client, leader)

    with app.app_context():
        renewed = user(leader).password_hash
        assert renewed != password_hash()
        assert passwords.is_right(PASSWORD, renewed)


def test_the_cookie_before_the_log_in_is_worth_nothing_after_it(app: Flask, client: FlaskClient, leader: str) -> None:
    log_in(client, leader)
    with client.session_transaction() as cookie:
        first = cookie["token"]
    client.post("/logout")
    log_in(client, leader)

    with client.session_transaction() as cookie:
        assert cookie["token"] != first
        cookie["token"] = first
    assert not is_logged_in(client)


def test_what_a_stranger_put_in_the_session_does_not_survive_the_log_in(client: FlaskClient, leader: str) -> None:
    with client.session_transaction() as cookie:
        cookie["planted"] = "x"
    log_in(client, leader)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie


def test_the_cookie_is_for_this_site_only_and_not_for_scripts(config: Config) -> None:
    secure = settings(config.data_dir, config.database_url, public_url="https://sr.example.org", trusted_hosts=())
    with application(secure) as app:
        with app.app_context():
            email = factories.user(password_hash=password_hash()).email
        client = app.test_client()
        answer = client.post("/login", data={"email": email, "password": PASSWORD}, base_url="https://localhost")

    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"__Host-wederdienst", "__Host-known"}
    assert all({"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")) for cookie in cookies)


def test_logging_out_ends_the_session_wherever_the_cookie_is(app: Flask, client: FlaskClient, leader: str) -> None:
    log_in(client, leader)
    with client.session_transaction() as cookie:
        copied = cookie["token"]

    answer = client.post("/logout")

    assert answer.location == "/login"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["token"] = copied
    assert not is_logged_in(thief)
    assert actions(app) == ["account.log_in", "account.log_out"]


def test_a_link_cannot_log_anybody_out(app: Flask, leader_id: int) -> None:
    assert client_of(app, leader_id).get("/logout").status_code == 405


# Where the log-in leads to


@pytest.mark.parametrize("asked", ["/account", "/contracts/99990001/2025-014?on=2026-01-01", "/a/%C3%A9"])
def test_the_page_that_was_asked_for_comes_after_the_log_in(client: FlaskClient, leader: str, asked: str) -> None:
    assert log_in(client, leader, next=asked).location == asked


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_no_link_leads_to_another_site(client: FlaskClient, leader: str, elsewhere: str) -> None:
    assert own_address(elsewhere) is None
    assert log_in(client, leader, next=elsewhere).location == "/"


@given(st.text() | st.text("/\\\t:@e.?#").map(lambda text: f"/{text}"))
@example("/.//e")
@example("/@e")
def test_an_own_address_stays_on_the_site_as_browsers_read_it(text: str) -> None:
    address = own_address(text)

    if address is not None:
        as_read = re.sub(r"[\t\r\n]", "", address).strip().replace("\\", "/")
        assert urlsplit(urljoin("https://here/x", as_read)).netloc == "here"


def test_the_address_of_the_form_keeps_where_to_go(client: FlaskClient) -> None:
    assert 'name="next" type="hidden" value="/account"' in client.get("/login?next=/account").text


# How long a session holds


def test_a_session_ends_when_nobody_uses_it(app: Flask, leader_id: int) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), tick=False) as clock:
        client = client_of(app, leader_id)
        clock.shift(timedelta(minutes=29))
        assert is_logged_in(client)
        clock.shift(timedelta(minutes=29))
        assert is_logged_in(client)
        clock.shift(timedelta(minutes=31))
        assert not is_logged_in(client)


def test_a_session_ends_after_half_a_day_however_busy(app: Flask, leader_id: int) -> None:
    with time_machine.travel(datetime(2026, 11, 24, 8, 0, tzinfo=UTC), tick=False) as clock:
        client = client_of(app, leader_id)
        for _ in range(35):
            clock.shift(timedelta(minutes=20))
            assert is_logged_in(client)
        clock.shift(timedelta(minutes=20))
        assert not is_logged_in(client)


def test_how_long_is_a_setting(config: Config) -> None:
    brief = settings(config.data_dir, config.database_url, session_idle_minutes=5)
    with application(brief) as app:
        with app.app_context():
            user_id = factories.user().id
        client = client_of(app, user_id, made_at=now() - timedelta(minutes=6))
        assert not is_logged_in(client)


def test_a_token_that_was_never_given_is_nobodys(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["token"] = "x" * 43

    assert not is_logged_in(client)


def test_who_is_deactivated_is_out_at_once(app: Flask, leader: str, leader_id: int) -> None:
    client = client_of(app, leader_id)
    with app.app_context():
        deactivate(leader, by="command line")

    assert not is_logged_in(client)
    log_in(client, leader)
    assert not is_logged_in(client)


def test_the_demos_people_get_nowhere_in_production(config: Config) -> None:
    production = settings(config.data_dir, config.database_url, environment="production")
    with application(production) as app:
        with app.app_context():
            email = factories.user(password_hash=password_hash(), is_demo=True).email
        client = app.test_client()
        log_in(client, email)
        assert not is_logged_in(client)


# Too many attempts


@pytest.fixture
def limited_app(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """With limits that count, from nothing."""
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    return app


def test_after_ten_failures_an_account_waits(limited_app: Flask, leader: str) -> None:
    for number in range(10):
        from_there = {"REMOTE_ADDR": f"10.0.0.{number}"}
        data = {"email": leader, "password": "not the password"}
        answer = limited_app.test_client().post("/login", data=data, environ_overrides=from_there)
        assert answer.status_code == 422

    client = limited_app.test_client()
    answer = client.post("/login", data={"email": leader.upper(), "password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1
    assert re.search(r"\d\d:\d\d", answer.text)
    assert not is_logged_in(client)


def test_who_guesses_from_elsewhere_locks_nobody_out_at_the_own_desk(limited_app: Flask, leader: str) -> None:
    desk, elsewhere = limited_app.test_client(), limited_app.test_client()
    log_in(desk, leader)
    desk.post("/logout")
    for number in range(11):
        from_there = {"REMOTE_ADDR": f"10.0.0.{number}"}
        data = {"email": leader, "password": "not the password"}
        last = elsewhere.post("/login", data=data, environ_overrides=from_there)

    assert last.status_code == 429
    assert log_in(desk, leader).status_code == 302
    desk.post("/logout")
    assert [log_in(desk, leader, "not the password").status_code for _ in range(11)] == [422] * 10 + [429]
    assert log_in(desk, "another@example.org", "not the password").status_code == 422


def test_after_thirty_failures_a_network_address_waits(limited_app: Flask, leader: str) -> None:
    client = limited_app.test_client()
    for number in range(30):
        assert log_in(client, f"user{number}@example.net").status_code == 422

    assert log_in(client, leader).status_code == 429
    elsewhere = limited_app.test_client()
    data = {"email": leader, "password": PASSWORD}
    assert elsewhere.post("/login", data=data, environ_overrides={"REMOTE_ADDR": "10.0.0.1"}).status_code == 302


def test_who_succeeds_is_not_counted(limited_app: Flask, leader: str) -> None:
    for _ in range(12):
        assert log_in(limited_app.test_client(), leader).status_code == 302


def test_after_the_wait_it_can_be_tried_again(limited_app: Flask, leader: str) -> None:
    client = limited_app.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(10):
            log_in(client, leader, "not the password")
        assert log_in(client, leader).status_code == 429
        clock.shift(timedelta(minutes=16))
        assert log_in(client, leader).status_code == 302


def test_a_current_password_cannot_be_guessed_without_end(limited_app: Flask, leader_id: int) -> None:
    client = client_of(limited_app, leader_id)
    wrong = {"current": "not the password", "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    for _ in range(10):
        assert client.post("/account/password", data=wrong).status_code == 422

    assert client.post("/account/password", data=wrong | {"current": PASSWORD}).status_code == 429


# One's own page


def test_the_page_shows_roles_also_those_that_ended(app: Flask, leader_id: int) -> None:
    with app.app_context():
        auditor = factories.user("auditor", of=factories.corporation(name="Woonstad Test"))
        auditor.memberships[0].ends_on = datetime(2025, 3, 1, tzinfo=UTC).date()
        db.session.commit()
        auditor_id = auditor.id

    text = client_of(app, auditor_id).get("/account").text
    assert "Woonstad Test" in text
    assert "1 maart 2025" in text


def test_a_changed_name_is_shown(app: Flask, leader: str, leader_id: int) -> None:
    client = client_of(app, leader_id)
    assert client.post("/account/name", data={"name": "  Noor   de Vries "}).status_code == 302

    with app.app_context():
        assert user(leader).name == "Noor de Vries"
    assert actions(app) == ["account.change_name"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "Noor 111222333"])
def test_a_name_that_cannot_be_is_said_beside_it(app: Flask, leader: str, leader_id: int, name: str) -> None:
    answer = client_of(app, leader_id).post("/account/name", data={"name": name})

    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text
    with app.app_context():
        assert user(leader).name != name


def test_the_language_stays_with_the_user(app: Flask, leader: str, leader_id: int) -> None:
    client = client_of(app, leader_id)
    assert client.post("/language", data={"language": "en", "next": "/account"}).location == "/account"

    assert '<html lang="en"' in client.get("/account").text
    assert '<html lang="en"' in client_of(app, leader_id).get("/account").text


def test_a_visitor_chooses_a_language_too(client: FlaskClient) -> None:
    assert client.post("/language", data={"language": "en", "next": "//e"}).location == "/"

    assert '<html lang="en"' in client.get("/login").text


def test_the_language_survives_log_in_and_log_out(app: Flask, client: FlaskClient, leader: str) -> None:
    client.post("/language", data={"language": "en"})
    log_in(client, leader)
    client.post("/logout")

    assert '<html lang="en"' in client.get("/login").text


def test_a_language_that_we_do_not_speak_changes_nothing(app: Flask, leader_id: int) -> None:
    client = client_of(app, leader_id)
    client.post("/language", data={"language": "fr"})

    assert '<html lang="nl"' in client.get("/account").text


def test_a_new_password_ends_all_other_sessions_and_renews_this_one(app: Flask, leader: str, leader_id: int) -> None:
    here, there = client_of(app, leader_id), client_of(app, leader_id)
    with here.session_transaction() as cookie:
        before = cookie["token"]

    change = {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.post("/account/password", data=change).status_code == 302

    assert is_logged_in(here)
    assert not is_logged_in(there)
    with here.session_transaction() as cookie:
        assert cookie["token"] != before
    again = app.test_client()
    assert log_in(again, leader).status_code == 422
    assert log_in(again, leader, NEW_PASSWORD).status_code == 302
    assert "account.change_password" in actions(app)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"current": "not the password"}, "current"),
        ({"new": "elf letters", "again": "elf letters"}, "new"),
        ({"new": "x" * 1001, "again": "x" * 1001}, "new"),
        ({"again": "something else entirely"}, "again"),
        ({"new": ""}, "new"),
    ],
)
def test_a_password_that_cannot_be_is_said_beside_it(
    app: Flask, leader: str, leader_id: int, changed: dict[str, str], field: str
) -> None:
    data = {"current": PASSWORD, "new": NEW_PASSWORD, "again": NEW_PASSWORD} | changed
    answer = client_of(app, leader_id).post("/account/password", data=data)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with app.app_context():
        assert user(leader).password_hash == password_hash()


@given(st.text(min_size=9, max_size=77).filter(lambda text: text.isprintable()))
def test_any_long_enough_password_works(typed: str) -> None:
    password = f"{typed}één"  # nobody thinks of it first
    kept = passwords.hashed(password)

    assert passwords.is_right(password, kept)
    assert not passwords.is_right(password + "x", kept)
    assert not passwords.is_right(password[:-1], kept)


@pytest.mark.parametrize("first", ["Welkom2026!!", "passwordpassword", "123456789012", "mnbvcxzlkjhg", "aaaaaaaaaaaa"])
def test_what_everybody_thinks_of_first_is_refused_beside_its_field(app: Flask, leader_id: int, first: str) -> None:
    change = {"current": PASSWORD, "new": first, "again": first}
    answer = client_of(app, leader_id).post("/account/password", data=change)

    assert (answer.status_code, 'id="new-error"' in answer.text) == (422, True)


def test_composed_and_decomposed_letters_are_the_same_password() -> None:
    assert passwords.is_right("cafe\u0301 met terras", passwords.hashed("caf\u00e9 met terras"))


def test_one_sees_and_ends_ones_own_sessions(app: Flask, leader_id: int) -> None:
    here, there = client_of(app, leader_id), client_of(app, leader_id)
    ends = re.findall(r'action="(/account/sessions/\d+/end)"', here.get("/account").text)

    assert len(ends) == 1
    assert here.post(ends[0]).status_code == 302
    assert is_logged_in(here)
    assert not is_logged_in(there)


def test_nobody_ends_anothers_session(app: Flask, leader_id: int) -> None:
    with app.app_context():
        other_id = factories.user().id
    other = client_of(app, other_id)
    with app.app_context():
        session_id = db.session.scalars(select(Session.id).where(Session.user_id == other_id)).one()

    assert client_of(app, leader_id).post(f"/account/sessions/{session_id}/end").status_code == 404
    assert is_logged_in(other)
