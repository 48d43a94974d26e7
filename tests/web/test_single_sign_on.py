"""Single sign-on, with a provider of OpenID Connect that runs beside the test as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts import sso
from app.accounts.models import Language
from config import Config, ConfigError
from tests import factories as make
from tests.support import LENT, settings
from tests.web.world import actions

KNOWN, UNKNOWN = "noor@example.org", "niemand@example.org"
PEOPLE = {
    "plain": {"email": KNOWN.upper(), "email_verified": True},
    "strong": {"email": KNOWN, "email_verified": True, "amr": ["pwd", "mfa"]},
    "weak": {"email": KNOWN, "email_verified": True, "amr": ["pwd"], "acr": "urn:not:listed"},
    "unverified": {"email": KNOWN, "email_verified": False, "amr": ["mfa"]},
    "claiming": {"email": KNOWN, "email_verified": "true"},
    "unknown": {"email": UNKNOWN, "email_verified": True},
    "nameless": {},
}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider that knows these people; it asks for a nonce."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = [f"--user-claims={json.dumps({'sub': sub} | claims)}" for sub, claims in PEOPLE.items()]
    program = "import sys; from oidc_provider_mock.__main__ import run; sys.exit(run())"
    started = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, f"--port={port}", "--require-nonce=true", *people],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    deadline = time.monotonic() + 20
    while True:
        try:
            requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
            break
        except requests.ConnectionError:
            assert started.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
    yield address
    os.kill(started.pid, signal.SIGTERM)
    started.wait(10)


@pytest.fixture
def app(provider: str, sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    offered = {"oidc_issuer": provider, "oidc_client_id": "wederdienst", "oidc_client_secret": "secret of a test"}
    config = settings(tmp_path, sqlite_url, second_factor="required", oidc_name="Ons Huis", **offered)
    with LENT.application(config) as lent:
        yield lent


@pytest.fixture
def known(app: Flask) -> int:
    with app.app_context():
        return make.user(email=KNOWN, language=Language.ENGLISH).id


def begun(client: FlaskClient, then: str = "/account") -> str:
    """The address at the provider to which the button leads."""
    answer = client.get("/login/sso", query_string={"next": then})
    assert answer.status_code == 302
    return str(answer.location)


def come_back(client: FlaskClient, who: str, address: str | None = None) -> TestResponse:
    """Log in at the provider as that person, and follow the way back."""
    answer = requests.post(address or begun(client), data={"sub": who}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def test_the_button_leads_to_the_provider_with_state_nonce_and_pkce(app: Flask, client: FlaskClient) -> None:
    page = client.get("/login?next=/account&lang=en").text
    assert 'href="/login/sso?next=/account"' in page and "Log in with Ons Huis" in page

    asked = parse_qs(urlsplit(begun(client)).query)
    assert asked["redirect_uri"] == ["http://localhost/login/sso/back"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 20 for name in ("state", "nonce", "code_challenge"))
    assert set(asked["scope"][0].split()) == {"openid", "email"}


def test_a_second_factor_at_the_provider_counts_here(app: Flask, client: FlaskClient, known: int) -> None:
    answer = come_back(client, "strong")

    assert answer.location == "/account"
    assert client.get("/account").status_code == 200
    assert actions(app) == ["account.log_in"]


@pytest.mark.parametrize("who", ["plain", "weak"])
def test_without_one_our_own_step_follows(app: Flask, client: FlaskClient, known: int, who: str) -> None:
    answer = come_back(client, who)

    assert answer.location == "/login/second?next=/account"
    assert client.get("/account").location.startswith("/login/second")


@pytest.mark.parametrize("who", ["unverified", "claiming", "unknown", "nameless"])
def test_only_a_verified_address_of_somebody_here_gets_in_and_no_account_is_made(
    app: Flask, client: FlaskClient, known: int, who: str
) -> None:
    answer = come_back(client, who)

    assert (answer.status_code, answer.headers.get("Location")) == (422, None)
    assert client.get("/account").location.startswith("/login?")
    assert actions(app) == ["account.refuse"]


def test_an_answer_that_was_not_asked_for_or_comes_twice_is_refused(
    app: Flask, client: FlaskClient, known: int
) -> None:
    address = begun(client)
    answer = requests.post(address, data={"sub": "strong"}, allow_redirects=False, timeout=5)
    back = f"/login/sso/back?{urlsplit(answer.headers['Location']).query}"

    assert app.test_client().get(back).status_code == 409
    assert client.get(back.replace("code=", "code=x")).status_code == 409
    assert client.get(back).status_code == 409
    assert client.get("/login/sso/back?error=access_denied").status_code == 409
    assert client.get("/account").status_code == 302
    assert actions(app) == []


def test_no_way_leads_elsewhere_and_a_silent_provider_is_said(
    app: Flask, client: FlaskClient, known: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert come_back(client, "strong", begun(client, "https://elsewhere.example/")).location == "/"

    monkeypatch.setattr(sso, "DISCOVERY", "/nowhere")
    sso._made.cache_clear()
    silent = app.test_client().get("/login/sso")
    sso._made.cache_clear()
    assert (silent.status_code, silent.headers.get("Location")) == (503, None)


def test_settings_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    def read(**values: str) -> Config:
        return Config.from_environment(
            {f"WEDERDIENST_{name}": value for name, value in values.items()} | {"WEDERDIENST_DATA_DIR": str(tmp_path)}
        )

    for wrong in (
        {"OIDC_ISSUER": "http://sso.example.org", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"},
        {"OIDC_ISSUER": "https://sso.example.org", "OIDC_CLIENT_ID": "a"},
        {"SECOND_FACTOR": "sometimes"},
    ):
        with pytest.raises(ConfigError):
            read(**wrong)
    assert read(PUBLIC_URL="https://sr.example.org").second_factor == "required"
    offered = read(OIDC_ISSUER="https://sso.example.org/", OIDC_CLIENT_ID="a", OIDC_CLIENT_SECRET="b")
    assert (offered.oidc_issuer, offered.oidc_second_factor) == ("https://sso.example.org", ("mfa",))
