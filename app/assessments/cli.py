"""The command `assess`: a contract's assessment as JSON."""

from __future__ import annotations

import json

import click
from flask.cli import with_appcontext

from app.accounts.queries import corporation_named
from app.assessments.queries import assessment_of
from app.contracts.queries import contract_numbered
from app.rules.assessment_json import assessment_to_json
from app.web.cli import command, fails_clearly
from app.web.parsing import day


@command("assess")
@click.argument("number")
@click.option("--corporation", "corporation_kvk", required=True, metavar="KVK", help="Who awarded the contract.")
@click.option("--on", "on", required=True, metavar="YYYY-MM-DD", help="As of the end of this day.")
@with_appcontext
@fails_clearly
def assess(number: str, corporation_kvk: str, on: str) -> None:
    """Print the assessment of a contract as of a day, as JSON."""
    contract = contract_numbered(corporation_named(corporation_kvk), number)
    click.echo(json.dumps(assessment_to_json(assessment_of(contract, day(on))), ensure_ascii=False, indent=2))
