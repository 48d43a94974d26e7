"""The commands about schemes: `rate-table` and `policy`, and `db upgrade`, which also loads the shipped ones."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_alembic.cli import cli as migrations

from app.accounts.queries import corporation_named
from app.extensions import alembic
from app.schemes import service
from app.web.cli import COMMAND_LINE, command, fails_clearly
from app.web.errors import Invalid

NEWEST = "heads"


@click.group("db", commands=dict(migrations.commands))
@click.pass_context
@with_appcontext
def db(context: click.Context) -> None:
    """Bring the database to another schema, or look how it stands."""
    context.obj = current_app.extensions["alembic"]


@command("upgrade")
@click.argument("target", default=NEWEST)
@with_appcontext
@fails_clearly
def upgrade(target: str) -> None:
    """Bring the database to the newest schema, and load the rate tables and policies that are shipped."""
    alembic.upgrade(target)
    if target == NEWEST:
        service.load_shipped()


db.add_command(upgrade)


@command("rate-table")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--corporation", "corporation_kvk", required=True, metavar="KVK", help="Whose table it is.")
@with_appcontext
@fails_clearly
def rate_table(file: Path, corporation_kvk: str) -> None:
    """Add a rate table of the corporation's own, in the format of data/rate-tables (again: no change)."""
    added = service.add_rate_table(_text_of(file), corporation_named(corporation_kvk), by=COMMAND_LINE)
    click.echo(f"{added.code} {added.name}")


@command("policy")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--corporation", "corporation_kvk", required=True, metavar="KVK", help="Whose policy it is.")
@with_appcontext
@fails_clearly
def policy(file: Path, corporation_kvk: str) -> None:
    """Add a policy of the corporation's own, in the format of data/policies (again: no change)."""
    added = service.add_policy(_text_of(file), corporation_named(corporation_kvk), by=COMMAND_LINE)
    click.echo(f"{added.code} {added.name_nl}")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError:
        raise Invalid("file_unreadable", file=str(file)) from None
    except UnicodeDecodeError:
        raise Invalid("file_no_text", file=str(file)) from None
