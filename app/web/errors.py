"""What can go wrong, as a small hierarchy of errors, and the page that each of them becomes.

A service raises a `DomainError` with a code and values; the sentence of the code is in `sentences.py`. Nobody ever sees
a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from app.rules.errors import RuleError
from app.web import locale
from app.web.sentences import sentence

REFUSED = 422
"""The status of a page that says what is wrong with what was sent."""
FIRST_ERROR = 400
SERVER_FAULT = 500
RETRY_SECONDS = "5"
# What a form sends beside what somebody typed, and the blueprints whose forms are about passwords and codes.
CHOICE = "choose-"
NOT_TYPED = frozenset({"action", "csrf_token", "key", "lang", "next", "seen", "shown", "version"})
SECRETIVE = frozenset({"accounts", "entrance", "second_factor"})


class DomainError(Exception):
    """Something that the product refuses: `code` names why ("own_entry"), `values` fill in the sentence about it."""

    status: ClassVar[int] = 400

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return f"{self.code} {self.values}" if self.values else self.code


class Invalid(DomainError):
    """What was typed or sent cannot be."""

    status = REFUSED


class Forbidden(DomainError):
    """Seen by the asker, but not theirs to do."""

    status = 403


class NotFound(DomainError):
    """Not there, or not for the asker: the answer is the same, so that it tells nothing."""

    status = 404

    def __init__(self, code: str = "not_found", **values: Any) -> None:
        super().__init__(code, **values)


class Conflict(DomainError):
    """Cannot be done in the state that things are in."""

    status = 409


class Stale(Conflict):
    """Somebody changed it since the asker saw it."""

    def __init__(self, code: str = "stale", **values: Any) -> None:
        super().__init__(code, **values)


class Unavailable(DomainError):
    """Something else that this needs does not answer; whoever asked can try again."""

    status = 503


# A title and what to do, by HTTP status.
PAGES: dict[int, tuple[Any, Any]] = {
    400: (_l("This request is not complete"), _l("Go back, reload the page and try again.")),
    403: (
        _l("This is not yours to open"),
        _l("Your role does not allow it. Ask the administrator of your organisation."),
    ),
    404: (
        _l("This page does not exist"),
        _l("The address is wrong, or it is not for you. Start again from the first page."),
    ),
    405: (_l("This cannot be done here"), _l("Go back to the page and use its own buttons.")),
    409: (_l("This has changed in the meantime"), _l("Go back, reload the page and look at it again.")),
    413: (_l("This is too large"), _l("Send a smaller file.")),
    422: (_l("This cannot be"), _l("Go back and correct what was filled in.")),
    429: (_l("Too many attempts"), _l("Wait a minute and try again.")),
    500: (
        _l("Something went wrong with us"),
        _l("Nothing was saved. Try again; if it happens again, tell the administrator."),
    ),
    503: (_l("The product is busy or unavailable for a moment"), _l("Nothing was saved. Try again in a moment.")),
}
CSRF_PAGE = (
    _l("This page was open too long"),
    _l("Your session has ended or the form was sent twice. Go back, reload the page and send it again."),
)


def register(app: Flask) -> None:
    app.register_error_handler(DomainError, refusal_page)
    app.register_error_handler(RuleError, refusal_page)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(OperationalError, database_error)
    app.register_error_handler(HTTPException, http_error)


def status_of(refusal: DomainError | RuleError) -> int:
    """The HTTP status of what is refused; the rule book knows none."""
    return refusal.status if isinstance(refusal, DomainError) else REFUSED


def refusal_page(refusal: DomainError | RuleError) -> Response:
    status = status_of(refusal)
    return error_page(status, PAGES[status][0], sentence(refusal), typed=what_was_typed())


def csrf_error(error: CSRFError) -> Response:
    return error_page(400, *CSRF_PAGE, typed=what_was_typed())


def database_error(error: OperationalError) -> Response:
    """The database is locked, full or gone: whoever asked can try again."""
    response = error_page(503, *PAGES[503], typed=what_was_typed())
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def http_error(error: HTTPException) -> Response | HTTPException:
    status = error.code
    if status is None or status < FIRST_ERROR or error.response is not None:
        return error  # a redirect, or it brings a page of its own
    title, advice = PAGES.get(status, PAGES[400] if status < SERVER_FAULT else PAGES[500])
    response = error_page(status, title, advice, bare=isinstance(error, SecurityError))
    for name, value in error.get_headers():
        if name != "Content-Type":  # Allow, Retry-After
            response.headers[name] = value
    return response


def what_was_typed() -> list[str]:
    """The texts of the form that was sent: nobody types them twice because its record was deleted meanwhile.

    Without what is secret or only says where the form came from.
    """
    if request.blueprint in SECRETIVE:
        return []
    sent = request.form.items(multi=True)
    return [text for name, text in sent if text.strip() and name not in NOT_TYPED and not name.startswith(CHOICE)]


def error_page(status: int, title: Any, advice: Any, *, bare: bool = False, typed: Sequence[str] = ()) -> Response:
    """The page, or a line of JSON for a script that asked for JSON. `typed` is what must not be lost.

    It is in the house style, or bare when the fault is ours: then the user or the database may be what fails, and when
    the host is not one of ours, for then no address can be built.
    """
    if request.accept_mimetypes.best == "application/json":
        return make_response({"error": str(advice)}, status)
    values = {"status": status, "title": title, "advice": advice, "typed": typed}
    page = _bare(values) if bare or status >= SERVER_FAULT else render_template("errors/error.html", **values)
    return make_response(page, status)


def _bare(values: dict[str, Any]) -> str:
    """Past everything that asks who is logged in."""
    with force_locale(locale.of_the_visitor()):
        return current_app.jinja_env.get_template("errors/bare.html").render(values)
