"""Whatever goes wrong, people get a page that says what to do, and never a traceback."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from app.accounts.models import Role
from app.extensions import login_manager
from app.rules.errors import RuleError
from app.web import errors
from app.web.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from tests import factories as make
from tests.people import client_of
from tests.web.office import Office

SECRET = "what only the log may say"


@pytest.fixture
def failing(own_app: Flask) -> Callable[[Exception], FlaskClient]:
    """A client of an application whose page /fail fails with what it is given."""
    own_app.config["PROPAGATE_EXCEPTIONS"] = False

    def fails_with(error: Exception) -> FlaskClient:
        @own_app.get("/fail")
        def fail() -> str:
            raise error

        return own_app.test_client()

    return fails_with


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("date_unclear", typed="x"), 422),
        (RuleError("amount_in_parts_of_cents", amount="1"), 422),
        (Forbidden("not_found"), 403),
        (NotFound(), 404),
        (Conflict("stale"), 409),
        (Stale(), 409),
        (DomainError("stale"), 400),
        (OperationalError(SECRET, {}, Exception(SECRET)), 503),
        (RuntimeError(SECRET), 500),
    ],
)
def test_an_error_becomes_a_page(failing: Callable[[Exception], FlaskClient], error: Exception, status: int) -> None:
    answer = failing(error).get("/fail")

    assert answer.status_code == status
    assert "<h1" in answer.text
    assert "Traceback" not in answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize("status", sorted(errors.PAGES.keys() - {405}))
def test_each_status_has_a_page_of_its_own(own_app: Flask, status: int) -> None:
    own_app.add_url_rule("/fail", view_func=lambda: abort(status), endpoint="fail")
    with own_app.test_request_context():
        title = str(errors.PAGES[status][0])

    answer = own_app.test_client().get("/fail")

    assert answer.status_code == status
    assert title in answer.text


def test_an_unusual_status_has_a_page_too(own_app: Flask) -> None:
    own_app.add_url_rule("/teapot", view_func=lambda: abort(418), endpoint="teapot")
    own_app.add_url_rule("/later", view_func=lambda: abort(504), endpoint="later")

    assert own_app.test_client().get("/teapot").status_code == 418
    assert own_app.test_client().get("/later").status_code == 504


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.post("/healthz")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_busy_database_says_when_to_come_back(failing: Callable[[Exception], FlaskClient]) -> None:
    answer = failing(OperationalError("", {}, Exception())).get("/fail")

    assert answer.headers["Retry-After"] == errors.RETRY_SECONDS


def test_too_large_a_request_is_refused(own_app: Flask) -> None:
    own_app.config["MAX_CONTENT_LENGTH"] = 100
    own_app.add_url_rule("/upload", view_func=lambda: str(request.form), methods=["POST"], endpoint="upload")

    assert own_app.test_client().post("/upload", data={"text": "x" * 200}).status_code == 413


def test_a_form_without_its_token_gets_a_clear_page(own_app: Flask) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = True
    own_app.add_url_rule("/form", view_func=lambda: "saved", methods=["POST"], endpoint="form")
    with own_app.test_request_context():
        title = str(errors.CSRF_PAGE[0])

    answer = own_app.test_client().post("/form", data={"a": "b"})

    assert answer.status_code == 400
    assert title in answer.text


def test_a_redirect_stays_a_redirect(own_app: Flask) -> None:
    own_app.add_url_rule("/folder/", view_func=lambda: "ok", endpoint="folder")

    assert own_app.test_client().get("/folder").status_code == 308


def test_a_script_that_asks_for_json_gets_it(client: FlaskClient) -> None:
    answer = client.get("/not-there", headers={"Accept": "application/json"})

    assert answer.status_code == 404
    assert set(answer.get_json()) == {"error"}


def test_an_error_says_its_code_and_values() -> None:
    assert str(Stale()) == "stale"
    assert str(Invalid("date_unclear", typed="x")) == "date_unclear {'typed': 'x'}"


def test_the_page_about_a_database_that_is_gone_asks_nothing_of_it(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_request: object) -> None:
        raise OperationalError("", {}, Exception())

    monkeypatch.setattr(login_manager, "_request_callback", gone)
    own_app.add_url_rule("/mine", view_func=lambda: str(current_user.is_authenticated), endpoint="mine")

    answer = own_app.test_client().get("/mine")

    assert answer.status_code == 503
    assert "<h1>" in answer.text


def test_a_number_in_an_address_that_no_database_holds_does_not_exist(client: FlaskClient) -> None:
    assert client.get(f"/statements/{2**63}").status_code == 404


NOWHERE = (
    "/contracts/a%00b/1",
    "/contract/new?corporation=a%00b",
    "/corporation/a%00b/settings",
    "/corporation/a%00b/invite",
    "/programme/a%00b/2026",
)


def test_an_address_that_no_database_can_look_for_is_not_there(both_databases: Flask) -> None:
    with both_databases.app_context():
        number = make.user(Role.ADMINISTRATOR).id
    browser = client_of(both_databases, number)

    assert [browser.get(address).status_code for address in NOWHERE] == [404] * len(NOWHERE)
    refused = both_databases.test_client().post("/login", data={"email": "a\0@b.example", "password": "x"})
    assert refused.status_code < errors.SERVER_FAULT


def test_what_was_typed_for_a_record_that_is_gone_is_not_lost(office: Office) -> None:
    typed = {
        "number": "2026/7",
        "title": "<b>Roof</b> of the <i>Kade</i>",
        "csrf_token": "t-1",
        "seen": "{}",
        "version": "3",
    }

    gone = office.browser().post("/contract/4711/edit", data=typed)

    assert gone.status_code == 404
    assert "&lt;b&gt;Roof&lt;/b&gt; of the &lt;i&gt;Kade&lt;/i&gt;" in gone.text
    assert "2026/7" in gone.text
    assert "t-1" not in gone.text


def test_a_password_is_never_shown_again(own_app: Flask) -> None:
    own_app.config["WTF_CSRF_ENABLED"] = True

    answer = own_app.test_client().post("/login", data={"email": "a@b.example", "password": "correct horse"})

    assert answer.status_code == 400
    assert "correct horse" not in answer.text
