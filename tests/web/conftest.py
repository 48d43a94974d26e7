"""What tests of pages share: places to work in, and the day of the examples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.certificates import of_every_state
from tests.web.house import House, a_house
from tests.web.office import Office, a_lasting_office, an_office
from tests.web.schemes import Place, a_place


@pytest.fixture
def office(app: Flask) -> Office:
    """De Brug with a contract of Van Asten: 62,500.00 over 2025 and 2026."""
    return an_office(app)


@pytest.fixture
def leader(office: Office) -> FlaskClient:
    return office.browser()


@pytest.fixture
def house(app: Flask) -> House:
    with app.app_context():
        return a_house(app)


@pytest.fixture
def place(app: Flask) -> Place:
    with app.app_context():
        return a_place(app)


@pytest.fixture(scope="module")
def every_state(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """De Brug with a certificate in every state; no test writes here."""
    with a_lasting_office(migrated_sqlite, tmp_path_factory.mktemp("certificates")) as made:
        of_every_state(made)
        yield made


@pytest.fixture
def on_24_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms reckon as of the day of the examples."""
    for module in ("app.contributions.views", "app.editing.answer", "app.editing.decision"):
        monkeypatch.setattr(f"{module}.today", lambda: date(2026, 11, 24))
