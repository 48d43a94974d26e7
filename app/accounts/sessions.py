"""Who is asking: the cookie holds a random token, the table `sessions` what it stands for.

The only module that knows Flask-Login. It never sees a user's id in the cookie: the request is looked up by its token,
and ending the row ends the session, wherever the cookie is. Who has yet to show a second factor is nobody: only the
pages of the second step (`requires_first_step`) ask for the half session.
"""

from __future__ import annotations

import flask
from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts import queries, service
from app.accounts.known_browsers import remember
from app.accounts.models import Session, User
from app.accounts.permissions import HALF, Permission, may, may_somewhere
from app.accounts.strength import is_whole
from app.extensions import login_manager

TOKEN = "token"  # noqa: S105 (the name of a key)
LANGUAGE = "lang"
FILES = frozenset({"static", "bootstrap.static", "organisation.accent"})


def register(app: Flask) -> None:
    # The cookie is signed and the token random: what the visitor's browser calls itself adds nothing.
    login_manager.session_protection = None
    login_manager.request_loader(_user_of_request)
    app.before_request(_look_up)
    app.jinja_env.globals.update(Permission=Permission, may=may, may_somewhere=may_somewhere)


def begin(token: str) -> None:
    """From now on this browser is logged in with this token; of the cookie before it only the language stays."""
    forget()
    flask.session[TOKEN] = token


def onward(token: str, address: str) -> Response:
    """Begin with a token that was just given, and lead to `address`, by way of the second step if there is one."""
    begin(token)
    session = queries.session_of(service.token_hash(token))
    if session is None:
        return redirect(url_for("accounts.login"))
    if not is_whole(session):
        flask.session[LANGUAGE] = session.user.language.value  # in which the pages of the second step are
        return redirect(url_for("second_factor.step", next=address))
    return remember(redirect(address), session.user.email)


def forget() -> None:
    """From now on this browser is nobody's."""
    kept = {key: value for key, value in flask.session.items() if key == LANGUAGE}
    flask.session.clear()
    flask.session.update(kept)


def token() -> str:
    """The token of this browser; empty when there is none."""
    return str(flask.session.get(TOKEN, ""))


def current() -> Session:
    """The session of this request, in a view that requires log-in."""
    session: Session = g.session_row
    return session


def first_step() -> Session:
    """The session of this request, whole or half, in a view that requires a first step."""
    session: Session = g.session_row if "session_row" in g else g.get(HALF)
    return session


def is_half() -> bool:
    """Whether who asks has yet to show a second factor."""
    return HALF in g


def me() -> User:
    """The user of this request itself, not Flask-Login's proxy, in a view that requires log-in."""
    return current().user


def _user_of_request(_request: flask.Request) -> User | None:
    session = queries.session_of(service.token_hash(token())) if token() else None
    if session is None:
        return None
    service.see(session)
    if not is_whole(session):
        setattr(g, HALF, session)
        return None
    g.session_row = session
    return session.user


def _look_up() -> None:
    """Before anything else of the request, so that noting that the session is in use falls in no command."""
    if request.endpoint not in FILES:
        current_user._get_current_object()
