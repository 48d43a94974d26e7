"""With production settings the product does not start while one of the demo's people can log in."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import OperationalError

from app.accounts import queries
from app.accounts.models import User
from app.extensions import db
from config import Config, ConfigError


def refuse_demo_users(app: Flask) -> None:
    """Errors: `ConfigError` names them and says what to do.

    A database that does not answer is not looked into: log-in itself refuses them too.
    """
    config: Config = app.config["WEDERDIENST"]
    if not config.is_production:
        return
    with app.app_context():
        able = _demo_users()
    if able:
        raise ConfigError(
            f"people of the demo can log in here: {', '.join(able)}. Production does not start with them: use another"
            " database, or run `WEDERDIENST_ENV=development flask --app wsgi deactivate EMAIL` for each"
        )


def _demo_users() -> list[str]:
    """Their addresses; none before the first migration."""
    try:
        return list(queries.demo_users_that_can_log_in()) if inspect(db.engine).has_table(User.__tablename__) else []
    except OperationalError:
        return []
