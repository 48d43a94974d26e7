"""The pages: each feature brings its blueprint; here they are hung up, beside the commands of `commands.py`."""

from __future__ import annotations

from flask import Blueprint, Flask

from app.accounts import entrance_views as entrance
from app.accounts import second_factor_views as second_factor
from app.accounts import views as accounts
from app.auditing import review_views as reviews
from app.auditing import sample_views as samples
from app.auditing import views as auditing
from app.batches import views as batches
from app.closing import views as closing
from app.confirmations import views as confirmations
from app.contracts import views as contracts
from app.contributions import several_views as several
from app.contributions import views as contributions
from app.evidence import views as evidence
from app.help import views as help_pages
from app.history import views as history
from app.home import views as home
from app.organisation import log_in_views as log_ins
from app.organisation import views as organisation
from app.planning import views as planning
from app.portfolio import views as portfolio
from app.retention import views as retention
from app.schemes import views as schemes
from app.signals import views as signals
from app.statements import views as statements
from app.suppliers import views as suppliers
from app.web import health
from app.whatif import views as whatif

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.bp,
    accounts.bp,
    entrance.bp,
    second_factor.bp,
    portfolio.bp,
    home.bp,
    contracts.bp,
    suppliers.bp,
    contributions.bp,
    several.bp,
    whatif.bp,
    evidence.bp,
    confirmations.bp,
    schemes.bp,
    statements.bp,
    batches.bp,
    portfolio.programme_bp,
    organisation.bp,
    retention.bp,
    log_ins.bp,
    history.bp,
    auditing.bp,
    samples.bp,
    reviews.bp,
    planning.bp,
    closing.bp,
    closing.after_bp,
    signals.bp,
    signals.mails_bp,
    help_pages.bp,
)


def register(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
