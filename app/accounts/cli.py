"""The commands about accounts: `corporation`, `user`, `deactivate` and `reset-second-factor`."""

from __future__ import annotations

import sys
from datetime import date, datetime

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.accounts import care, queries, service
from app.accounts.models import Role
from app.web.cli import COMMAND_LINE, command, fails_clearly


@command("corporation")
@click.argument("kvk")
@click.option("--name", required=True, help="What the corporation is called.")
@with_appcontext
@fails_clearly
def corporation(kvk: str, name: str) -> None:
    """Make the corporation with that KvK number (again: no change)."""
    made = service.make_corporation(kvk, name, by=COMMAND_LINE)
    click.echo(f"{made.kvk} {made.name}")


@command("user")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--corporation", "corporation_kvk", required=True, metavar="KVK", help="Where the user has that role.")
@click.option("--supplier", "supplier_kvk", metavar="KVK", help="Whose contracts it is about (role supplier).")
@click.option("--name", help="What the user is called; without it what stands before the @.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day (auditor, assessor: without it a year).")
@with_appcontext
@fails_clearly
def user(
    *, email: str, role: str, corporation_kvk: str, supplier_kvk: str | None, name: str | None, until: datetime | None
) -> None:
    """Make a user, or add or change its membership in a corporation.

    Asks for a password, or reads it from standard input. Of a user who is there already an empty one changes nothing.
    """
    is_new = queries.user_by_email(service.tidy_email(email)) is None
    made = service.make_user(
        email,
        Role(role),
        corporation_kvk,
        by=COMMAND_LINE,
        supplier_kvk=supplier_kvk,
        password=_password(is_new),
        name=name,
        ends_on=_day(until),
    )
    click.echo(f"{made.email} {role} {corporation_kvk}")


@command("deactivate")
@click.argument("email")
@with_appcontext
@fails_clearly
def deactivate(email: str) -> None:
    """Let nobody log in as this user any more, and end its sessions."""
    click.echo(_("%(email)s can no longer log in", email=service.deactivate(email, by=COMMAND_LINE).email))


@command("reset-second-factor")
@click.argument("email")
@with_appcontext
@fails_clearly
def reset_second_factor(email: str) -> None:
    """Take away the app, passkeys and recovery codes of who lost them: at log-in a new second step is set up."""
    user = care.reset_second_factor_of(email, by=COMMAND_LINE)
    click.echo(_("%(email)s sets up a new second step at the next log-in", email=user.email))


def is_terminal() -> bool:
    """Whether somebody sits there who can answer."""
    return sys.stdin.isatty()


def _password(is_new: bool) -> str | None:
    """What was typed, twice, or the first line of standard input; None when it is empty and may be."""
    if is_terminal():
        typed: str = click.prompt(
            _("Password") if is_new else _("Password (empty: keep the present one)"),
            default=None if is_new else "",
            hide_input=True,
            show_default=False,
            confirmation_prompt=_("Once more"),
        )
    else:
        typed = sys.stdin.readline().rstrip("\r\n")
    if is_new and not typed:
        raise click.ClickException(_("A new user needs a password: type it, or give it on standard input."))
    return typed or None


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
