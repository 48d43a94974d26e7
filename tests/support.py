"""How tests make applications and databases; the fixtures of conftest.py and tests that need another setting use it."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import URL, Dialect, Engine, create_engine, event, make_url, text

from app import create_app
from app.extensions import alembic, db, limiter
from config import Config

SECRET = "for tests only, of no value elsewhere"

_numbers = count(1)


def settings(folder: Path, database_url: str, **changed: object) -> Config:
    """The settings of a test; `changed` names those that it is about."""
    values: dict[str, object] = {
        "environment": "development",
        "public_url": "http://localhost",
        "data_dir": folder,
        "database_url": database_url,
        "secret_key": SECRET,
        "trusted_hosts": ("localhost",),
        "second_factor": "optional",
    }
    return Config(**(values | changed))  # type: ignore[arg-type]


class Kept(BytecodeCache):
    """Templates as they were compiled once in this process: every test has an application of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Kept()


@contextmanager
def application(config: Config, *, strict: bool = False) -> Iterator[Flask]:
    """An application; only a strict one asks for CSRF tokens and counts attempts."""
    # A limiter that is not enabled when an application is made never counts there; the one before may have left it so.
    limiter.enabled = True
    app = create_app(config)
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=strict)
    app.jinja_env.bytecode_cache = TEMPLATES
    limiter.enabled = strict
    if strict:
        limiter.reset()
    with app.app_context():
        _hurry(db.engine)
    yield app
    with app.app_context():
        db.engine.dispose()


def _hurry(engine: Engine) -> None:
    """No test cuts the power: SQLite need not wait for the disk. (A killed process loses nothing by that.)"""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


class Lent:
    """Applications with usual settings, which tests take by turns: making one costs more than most tests do.

    Whoever takes one gets it with settings as new, on a database of their own; nobody has it at the same time. A test
    that hangs up pages of its own makes an application of its own (`application`): Flask refuses it to one in use.
    """

    def __init__(self) -> None:
        self._free: dict[str, list[Flask]] = defaultdict(list)
        self._urls: dict[Flask, URL] = {}

    @contextmanager
    def application(self, config: Config, *, strict: bool = False) -> Iterator[Flask]:
        url = make_url(config.database_url)
        free = self._free[url.get_backend_name()]
        app = free.pop() if free else self._made(config)
        self._urls[app] = url
        app.config.clear()
        app.config.from_mapping(app.extensions["as_new"])
        app.config.from_mapping(config.for_flask())
        app.config.update(TESTING=True, WTF_CSRF_ENABLED=strict)
        app.instance_path = str(config.data_dir)
        limiter.enabled = strict
        if strict:
            limiter.reset()
        yield app
        with app.app_context():
            db.engine.dispose()
        free.append(app)

    def _made(self, config: Config) -> Flask:
        limiter.enabled = True
        app = create_app(config)
        app.extensions["as_new"] = dict(app.config)
        app.jinja_env.bytecode_cache = TEMPLATES
        with app.app_context():
            _hurry(db.engine)
            event.listen(db.engine, "do_connect", partial(self._lead, app))
        return app

    def _lead(self, app: Flask, dialect: Dialect, _row: object, args: list[Any], values: dict[str, Any]) -> None:
        """Let a new connection of its engine go to the database of who has the application now."""
        args[:], its_values = dialect.create_connect_args(self._urls[app])
        values.clear()
        values.update(its_values)


LENT = Lent()


@contextmanager
def application_of_module(migrated: Path, folders: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on a copy of a migrated SQLite file that the tests of one module look at together."""
    folder = folders.mktemp("shared")
    url = f"sqlite:///{shutil.copy(migrated, folder / 'wederdienst.sqlite3')}"
    with LENT.application(settings(folder, url)) as app:
        yield app


@contextmanager
def without_database(folder: Path) -> Iterator[Flask]:
    """An application whose database does not exist and must not be asked."""
    with application(settings(folder, "postgresql+psycopg://nobody@127.0.0.1:1/nothing")) as app:
        yield app


def migrate(config: Config) -> None:
    with application(config) as app, app.app_context():
        alembic.upgrade()


def make_database(server: str, *, template: str = "template1") -> str:
    """Make a database and give its address; from a template a copy of that."""
    name = f"test_{next(_numbers)}"
    _as_owner(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def drop_database(server: str, url: str) -> None:
    _as_owner(server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def hurry(server: str) -> None:
    """No test cuts the power: PostgreSQL need not wait for the disk either."""
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _as_owner(server, f"ALTER SYSTEM SET {setting} = off")
    _as_owner(server, "SELECT pg_reload_conf()")


def _as_owner(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
