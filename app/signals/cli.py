"""The command `daily`: for cron, once a day or more often."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.signals import notify
from app.web.cli import command, fails_clearly
from app.web.clock import today


@command("daily")
@with_appcontext
@fails_clearly
def daily() -> None:
    """Look at all contracts: note what newly asks for attention, and put the mail about it in the outbox."""
    looked = notify.daily(today())
    click.echo(
        _(
            "%(contracts)s contracts, %(signals)s open signals, %(mails)s mails put in the outbox",
            contracts=looked.contracts,
            signals=looked.signals,
            mails=looked.mails,
        )
    )
