"""One database of each kind for all tests of a module: each makes rows of its own and only looks at those."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.support import LENT, drop_database, make_database, settings


@pytest.fixture(scope="module", params=("sqlite", "postgresql"))
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated database, once of each kind."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_sqlite")
        yield f"sqlite:///{shutil.copy(migrated, tmp_path_factory.mktemp('shared') / 'wederdienst.sqlite3')}"
        return
    server: str = request.getfixturevalue("postgresql_server")
    url = make_database(server, template=request.getfixturevalue("migrated_postgresql"))
    yield url
    drop_database(server, url)


@pytest.fixture(scope="module")
def shared_app(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with LENT.application(settings(tmp_path_factory.mktemp("data"), shared_url)) as app:
        yield app


@pytest.fixture
def shared_database(shared_app: Flask) -> Iterator[Flask]:
    """An application context on a database that the tests of the module share."""
    with shared_app.app_context():
        yield shared_app
