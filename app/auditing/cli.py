"""The audit log on the command line: `flask audit verify` says whether each chain holds."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import Corporation
from app.accounts.queries import corporation_named
from app.audit.chain import Verdict
from app.audit.models import INSTALLATION
from app.audit.service import verify_chain
from app.auditing.checking import check
from app.auditing.words import FAULTS
from app.extensions import db
from app.web.cli import command, fails_clearly


@command("verify")
@click.option("--corporation", "kvk", metavar="KVK", help="Whose log; without it all, that of the installation too.")
@with_appcontext
@fails_clearly
def verify(kvk: str | None) -> None:
    """Say whether the audit log is whole; name the first record that is not, and end with status 1."""
    every = select(Corporation).order_by(Corporation.kvk)
    corporations = [corporation_named(kvk)] if kvk else db.session.scalars(every).all()
    verdicts = {f"{each.kvk} {each.name}": check(each).verdict for each in corporations}
    if not kvk:
        verdicts[INSTALLATION] = verify_chain(None)
    for name, verdict in verdicts.items():
        click.echo(f"{name}: {_told(verdict)}", err=not verdict.is_sound)
    if not all(verdict.is_sound for verdict in verdicts.values()):
        raise SystemExit(1)


def _told(verdict: Verdict) -> str:
    if verdict.fault is None:
        return str(_("whole, %(number)s records, head %(hash)s", number=verdict.head.sequence, hash=verdict.head.hash))
    return str(_("broken at record %(number)s: %(why)s", number=verdict.at_sequence, why=FAULTS[verdict.fault]))


audit = click.Group("audit", help="The audit log.", commands=[verify])
