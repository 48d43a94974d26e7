"""The as-of day of a page: `?on=` in its address, else today. A day that cannot be read is asked for again."""

from __future__ import annotations

from datetime import date

from flask import Flask, Response, make_response, render_template, request

from app.web import parsing
from app.web.clock import today
from app.web.errors import Invalid
from app.web.sentences import sentence


class UnclearDay(Invalid):
    """The day in the address is none."""


def register(app: Flask) -> None:
    app.register_error_handler(UnclearDay, ask_again)
    app.jinja_env.globals.update(today=today)


def as_of() -> date:
    """Errors: `UnclearDay`, which becomes a page with the day as it was typed, to correct."""
    typed = request.args.get("on", "").strip()
    if not typed:
        return today()
    try:
        return parsing.day(typed)
    except Invalid as error:
        raise UnclearDay(error.code, **error.values) from None


def ask_again(error: UnclearDay) -> Response:
    page = render_template("errors/day.html", typed=error.values["typed"], words=sentence(error))
    return make_response(page, error.status)
