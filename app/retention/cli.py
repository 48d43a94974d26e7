"""The command `retention`: what is past its time, and erase it."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.accounts.queries import corporation_named
from app.retention import service
from app.retention.queries import Due, due_of
from app.retention.words import HOLDS
from app.web.cli import COMMAND_LINE, command, fails_clearly
from app.web.clock import today
from app.web.formats import day_long


@command("retention")
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose contracts they are.")
@click.option("--erase", "erases", is_flag=True, help="Erase it; without this it is only said.")
@with_appcontext
@fails_clearly
def retention(kvk: str, erases: bool) -> None:
    """Say what of people is past its time, and erase it when asked."""
    _say(service.erase(kvk, by=COMMAND_LINE) if erases else due_of(corporation_named(kvk), today()))
    click.echo(_("This is erased.") if erases else _("Nothing was erased: --erase does it."))


def _say(due: Due) -> None:
    for line in due.lines:
        if line.term.holds:
            why = ", ".join(str(HOLDS[hold]) for hold in line.term.holds)
            click.echo(_("%(number)s: held back: %(why)s", number=line.contract.number, why=why))
        else:
            counts = {"persons": line.persons, "files": line.files, "addresses": line.addresses}
            until = day_long(line.term.until)
            click.echo(
                _(
                    "%(number)s: since %(until)s: %(persons)s people, %(files)s files, %(addresses)s addresses",
                    number=line.contract.number,
                    until=until,
                    **counts,
                )
            )
    click.echo(
        _(
            "Together %(persons)s people, %(files)s files, %(addresses)s addresses",
            persons=len(due.persons),
            files=len(due.files),
            addresses=len(due.addresses),
        )
    )
