"""The command `mail`: for cron, every few minutes."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.mail.delivery import deliver
from app.mail.models import MailState
from app.web.cli import command, fails_clearly


@command("mail")
@with_appcontext
@fails_clearly
def mail() -> None:
    """Send the mail that waits, and try again what did not go before."""
    outcome = deliver()
    click.echo(
        _(
            "Mail: %(sent)s sent, %(waiting)s to be tried again, %(failed)s given up",
            sent=outcome[MailState.SENT],
            waiting=outcome[MailState.WAITING],
            failed=outcome[MailState.FAILED],
        )
    )
