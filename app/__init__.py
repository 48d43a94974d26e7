"""Wederdienst: from contract to social return statement. `create_app` is the table of contents of the application."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import commands, database, models, pages  # noqa: F401  (models: every table is known before a query names one)
from app.accounts import production, sessions, sso
from app.accounts.permissions import may_open
from app.assessments.service import keep_dossiers
from app.audit.service import before_commit
from app.contracts.affected import follow_parties
from app.extensions import alembic, babel, bootstrap, check_foreign_keys, csrf, db, limiter, login_manager
from app.mail import delivery
from app.organisation import house
from app.web import addresses, as_of, drawings, errors, formats, headers, locale, navigation, words
from config import ROOT, Config


def create_app(config: Config | None = None) -> Flask:
    """The application with these settings (those of the environment when none are given)."""
    config = config or Config.from_environment()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), instance_path=str(config.data_dir))
    app.config.from_mapping(config.for_flask())
    bind_extensions(app)
    believe_proxies(app, config.proxies)

    addresses.register(app)
    headers.register(app)
    locale.register(app)
    errors.register(app)
    formats.register(app)
    words.register(app)
    drawings.register(app)
    as_of.register(app)
    sessions.register(app)
    sso.register(app)
    navigation.register(app, may_open)
    house.register(app)
    delivery.register(app)
    before_commit(app, follow_parties)
    before_commit(app, keep_dossiers)

    pages.register(app)
    commands.register(app)
    production.refuse_demo_users(app)
    return app


def bind_extensions(app: Flask) -> None:
    app.config["ALEMBIC_CONTEXT"] = {
        "render_as_batch": True,
        "compare_type": True,
        # SQLite can do so too, once the driver leaves transactions to us: a revision happens wholly or not at all.
        "transactional_ddl": True,
        "on_version_apply": check_foreign_keys,
    }
    db.init_app(app)
    with app.app_context():
        database.set_up(db.engine)
    alembic.init_app(app)
    login_manager.init_app(app)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=locale.chosen)
    limiter.init_app(app)
    bootstrap.init_app(app)


def believe_proxies(app: Flask, hops: int) -> None:
    """Take the visitor's address, host and scheme from the headers of our own proxies, and of nobody else's."""
    if hops:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
