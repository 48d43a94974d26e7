"""The pages: each feature brings its blueprint; here they are hung up, beside the commands of `commands.py`."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.accounts import views as accounts
from app.web import health

BLUEPRINTS: tuple[Blueprint, ...] = (health.bp, accounts.bp)


def register(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
