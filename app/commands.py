"""The command line: `flask --app wsgi ...`. Each feature brings its commands; here they are hung up.

A fault of the user's is one line on standard error and exit status 1, never a traceback: `app.web.cli.fails_clearly`.
"""

from __future__ import annotations

import click
from flask import Flask

from app.accounts import cli as accounts
from app.assessments import cli as assessments
from app.auditing import cli as auditing
from app.batches import cli as batches
from app.demo import cli as demo
from app.mail import cli as mail
from app.retention import cli as retention
from app.schemes import cli as schemes
from app.signals import cli as signals
from app.statements import cli as statements
from app.workbook import cli as workbook

COMMANDS: tuple[click.Command, ...] = (
    accounts.corporation,
    accounts.user,
    accounts.deactivate,
    accounts.reset_second_factor,
    schemes.db,
    schemes.rate_table,
    schemes.policy,
    assessments.assess,
    statements.statement,
    statements.statements,
    statements.supplier_statement,
    statements.annual_report,
    statements.log_extract,
    statements.verify,
    statements.certificate,
    batches.worker,
    workbook.import_command,
    workbook.template,
    auditing.audit,
    mail.mail,
    retention.retention,
    signals.daily,
    demo.demo,
)


def register(app: Flask) -> None:
    for command in COMMANDS:
        app.cli.add_command(command)
