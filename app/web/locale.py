"""In which language: as the address asks (`?lang=en`), else the user's own, else as chosen before, else Dutch."""

from __future__ import annotations

from flask import Flask, has_request_context, request, session
from flask_babel import get_locale
from flask_login import current_user

LANGUAGES = ("nl", "en")
DEFAULT = LANGUAGES[0]


def register(app: Flask) -> None:
    """Templates say in which language they are: `<html lang="{{ get_locale().language }}">`."""
    app.jinja_env.globals["get_locale"] = get_locale
    app.before_request(remember)


def remember() -> None:
    """Keep the language that the address asks for, for the pages after it."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and session.get("lang") != asked:
        session["lang"] = asked


def chosen() -> str:
    """The language of this request; Dutch outside one (`force_locale` of Flask-Babel sets another)."""
    if not has_request_context():
        return DEFAULT
    return _first_known(request.args.get("lang"), getattr(current_user, "language", None), session.get("lang"))


def of_the_visitor() -> str:
    """The same without asking who is logged in: for pages about a database that does not answer."""
    return _first_known(request.args.get("lang"), session.get("lang"))


def _first_known(*languages: str | None) -> str:
    return next((language for language in languages if language in LANGUAGES), DEFAULT)
