"""/healthz tells whether the product answers."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from tests.support import application, settings


def test_a_product_with_a_database_is_healthy(both_databases: Flask) -> None:
    answer = both_databases.test_client().get("/healthz")

    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_without_its_database_it_says_so(tmp_path: Path) -> None:
    with application(settings(tmp_path, f"sqlite:///{tmp_path / 'no' / 'folder.sqlite3'}")) as app:
        answer = app.test_client().get("/healthz")

    assert (answer.status_code, answer.json) == (503, {"status": "no database"})


def test_health_is_asked_of_the_database_each_time(client: FlaskClient) -> None:
    assert client.get("/healthz").headers["Cache-Control"] == "no-store"
