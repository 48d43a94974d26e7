"""How many SQL statements a request takes."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.extensions import db


def statements_of_request(app: Flask, client: FlaskClient, address: str) -> int:
    """Ask for the page and count; the answer must be 200."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(each.lstrip().upper().startswith(("SELECT", "WITH")) for each in seen)
