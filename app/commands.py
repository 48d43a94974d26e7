"""The command line: `flask --app wsgi ...`. Each feature brings its commands; here they are hung up.

A fault of the user's is one line on standard error and exit status 1, never a traceback: `app.web.cli.fails_clearly`.
"""

from __future__ import annotations

import click
from flask import Flask

from app.accounts import cli as accounts
from app.statements import cli as statements

COMMANDS: tuple[click.Command, ...] = (
    accounts.corporation,
    accounts.user,
    accounts.deactivate,
    statements.statement,
    statements.statements,
    statements.verify,
)


def register(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
