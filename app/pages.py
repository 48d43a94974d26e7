"""The pages: each feature brings its blueprint; here they are hung up, beside the commands of `commands.py`."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.accounts import views as accounts
from app.contracts import views as contracts
from app.contributions import views as contributions
from app.help import views as help_pages
from app.history import views as history
from app.organisation import views as organisation
from app.portfolio import views as portfolio
from app.schemes import views as schemes
from app.statements import views as statements
from app.suppliers import views as suppliers
from app.web import health

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.bp,
    accounts.bp,
    portfolio.bp,
    contracts.bp,
    suppliers.bp,
    contributions.bp,
    schemes.bp,
    statements.bp,
    portfolio.programme_bp,
    organisation.bp,
    history.bp,
    help_pages.bp,
)


def register(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
