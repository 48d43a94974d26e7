"""The command `demo`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from app.demo.parties import CORPORATION, CORPORATION_KVK
from app.demo.service import load_demo
from app.web.cli import COMMAND_LINE, command, fails_clearly


@command("demo")
@with_appcontext
@fails_clearly
def demo() -> None:
    """Load the demo: a corporation with its contracts, people and statements (again: no change)."""
    outcome = _("loaded") if load_demo(by=COMMAND_LINE) else _("already loaded")
    click.echo(f"{CORPORATION_KVK} {CORPORATION}: {outcome}")
