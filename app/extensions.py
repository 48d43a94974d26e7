"""The extensions, made here and bound to an application in `create_app`.

The session (`db.session`), the migrations (`flask db ...`), log-in, CSRF, translations, the rate limiter and Bootstrap.
"""

from __future__ import annotations

import logging
from typing import Any

from alembic.runtime.migration import MigrationContext
from flask import request
from flask_alembic import Alembic
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection

from app.database import Base
from app.triggers import Upgrade, remaking_triggers


class Migrations(Alembic):
    """Flask-Alembic that runs SQLite's migrations with foreign keys off: batch mode remakes tables others point to.

    Triggers stand aside meanwhile and are remade from the models afterwards. `check_foreign_keys` (below) looks after
    each revision, inside its transaction, whether every reference still leads somewhere.
    """

    def run_migrations(self, fn: Upgrade, **kwargs: Any) -> None:
        connection = self.migration_context.connection
        assert connection is not None
        # A generator where Alembic asks for a list: it only runs through it.
        steps: Any = remaking_triggers(fn, Base.metadata)
        if connection.dialect.name != "sqlite":
            super().run_migrations(steps, **kwargs)
            return
        # SQLite ignores this pragma inside a transaction, and a reading one may have begun.
        connection.rollback()
        connection.execution_options(write=True)
        _set_foreign_keys(connection, "OFF")
        try:
            super().run_migrations(steps, **kwargs)
        finally:
            connection.rollback()
            _set_foreign_keys(connection, "ON")


def _set_foreign_keys(connection: Connection, state: str) -> None:
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA foreign_keys={state}")


def check_foreign_keys(ctx: MigrationContext, **_step: Any) -> None:
    """Alembic's `on_version_apply`: refuse a revision that leaves a reference without its row."""
    connection = ctx.connection
    assert connection is not None
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration leaves references without their row: {broken[:5]}")


def client_address() -> str:
    """Whom a rate limit counts: the address of the visitor, after ProxyFix."""
    return request.remote_addr or "unknown"


# Flask-Alembic lets Alembic tell what it does; which parts it is made of, nobody asks.
logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)

db = SQLAlchemy()
alembic = Migrations(metadatas=Base.metadata, run_mkdir=False)
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()
limiter = Limiter(client_address)
bootstrap = Bootstrap5()
