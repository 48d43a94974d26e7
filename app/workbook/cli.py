"""The commands about workbooks: `import` and `template`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from xlsxwriter.exceptions import FileCreateError

from app.accounts.queries import corporation_named, user_named
from app.audit.outcomes import Outcome
from app.web.cli import COMMAND_LINE, asked_language, command, fails_clearly
from app.web.errors import Invalid
from app.web.locale import DEFAULT
from app.workbook.faults import WorkbookRefused
from app.workbook.service import import_workbook
from app.workbook.sheets import SHEETS
from app.workbook.store import Report
from app.workbook.template import write_template


@command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--corporation", "corporation_kvk", required=True, metavar="KVK", help="Whose workbook it is.")
@click.option("--dry-run", is_flag=True, help="Do all of it and keep nothing.")
@click.option("--by", metavar="EMAIL", help="The user who imports; without it the command line does.")
@with_appcontext
@fails_clearly
def import_command(*, file: Path, corporation_kvk: str, dry_run: bool, by: str | None) -> None:
    """Load a workbook: all or nothing. Faults are printed one a line, with sheet, row and column."""
    corporation = corporation_named(corporation_kvk)
    try:
        report = import_workbook(file, corporation, by=user_named(by) if by else COMMAND_LINE, dry_run=dry_run)
    except WorkbookRefused as refused:
        for fault in refused.faults:
            click.echo(fault.line, err=True)
        raise SystemExit(1) from None
    for warning in report.warnings:
        click.echo(_("Note: %(line)s", line=warning.line), err=True)
    for line in summary(report):
        click.echo(line)


def summary(report: Report) -> list[str]:
    """What an import did, a line for each sheet."""
    lines = [
        _(
            "%(sheet)s: %(created)s new, %(changed)s changed, %(unchanged)s unchanged",
            sheet=sheet.named,
            **_numbers(report.counts[sheet.key]),
        )
        for sheet in SHEETS
        if sheet.key in report.counts
    ]
    return [*lines, _("This was a dry run: nothing was kept.")] if report.is_dry_run else lines


def _numbers(counted: Counter[Outcome]) -> dict[str, int]:
    return {outcome.value: counted[outcome] for outcome in Outcome}


@command("template", language_help="The language of its sheets and headings, and of what is printed.")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
@fails_clearly
def template(file: Path) -> None:
    """Write an empty workbook to fill in."""
    try:
        write_template(file, asked_language() or DEFAULT)
    except (OSError, FileCreateError):
        raise Invalid("file_unwritable", file=str(file)) from None
    click.echo(str(file))
