"""Who is asking: the cookie holds a random token, the table `sessions` what it stands for.

The only module that knows Flask-Login. It never sees a user's id in the cookie: the request is looked up by its token,
and ending the row ends the session, wherever the cookie is.
"""

from __future__ import annotations

import flask
from flask import Flask, g, request
from flask_login import current_user

from app.accounts import queries, service
from app.accounts.models import Session, User
from app.accounts.permissions import Permission, may, may_somewhere
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


def me() -> User:
    """The user of this request itself, not Flask-Login's proxy, in a view that requires log-in."""
    return current().user


def _user_of_request(_request: flask.Request) -> User | None:
    session = queries.session_of(service.token_hash(token())) if token() else None
    if session is None:
        return None
    service.see(session)
    g.session_row = session
    return session.user


def _look_up() -> None:
    """Before anything else of the request, so that noting that the session is in use falls in no command."""
    if request.endpoint not in FILES:
        current_user._get_current_object()
