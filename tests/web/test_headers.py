"""Security headers and cookies, on every kind of answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, session
from flask.testing import FlaskClient

from app.web.headers import HEADERS
from tests.support import application, settings

# Cookies of the address under test; a password of nobody.
HTTPS = "https://sr.example.org"


@pytest.fixture
def remembering(app: Flask) -> FlaskClient:
    """A client of an application with a page that sets a session cookie."""
    return with_session_page(app).test_client()


def with_session_page(app: Flask) -> Flask:
    @app.get("/remember")
    def remember() -> str:
        session["seen"] = True
        return "ok"

    return app


def cookie_of(app: Flask) -> str:
    return str(with_session_page(app).test_client().get("/remember").headers["Set-Cookie"])


@pytest.mark.parametrize("address", ["/healthz", "/not-there", "/static/not-there.css"])
def test_every_answer_has_the_headers(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_policy_admits_nothing_but_our_own_files(client: FlaskClient) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]

    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for directive in ("base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"):
        assert directive in policy


def test_no_other_site_may_read_an_answer(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"Origin": "https://evil.example"})

    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]


def test_on_https_browsers_stay_there_and_the_cookie_belongs_to_this_host(tmp_path: Path, sqlite_url: str) -> None:
    config = settings(tmp_path, sqlite_url, public_url=HTTPS, environment="production", trusted_hosts=("localhost",))
    with application(config) as app:
        cookie = cookie_of(app)
        answer = app.test_client().get("/healthz")

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert cookie.startswith("__Host-wederdienst=")
    assert "Domain" not in cookie
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_on_this_machine_the_cookie_works_without_https(own_app: Flask) -> None:
    cookie = cookie_of(own_app)

    assert cookie.startswith("wederdienst=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie


def test_another_host_is_not_answered(client: FlaskClient) -> None:
    answer = client.get("/healthz", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert answer.headers["Content-Security-Policy"]


def test_forwarded_headers_count_only_from_our_own_proxies(tmp_path: Path, sqlite_url: str) -> None:
    forwarded = {"X-Forwarded-Host": "evil.example", "X-Forwarded-For": "192.0.2.1"}
    with application(settings(tmp_path, sqlite_url)) as app:
        assert app.test_client().get("/healthz", headers=forwarded).status_code == 200
    with application(settings(tmp_path, sqlite_url, proxies=1)) as app:
        assert app.test_client().get("/healthz", headers=forwarded).status_code == 400
