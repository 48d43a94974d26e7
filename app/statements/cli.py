"""The commands about statements: `statement`, `statements` and `verify`."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.accounts.models import Language
from app.accounts.queries import corporation_named
from app.contracts.models import Contract
from app.contracts.queries import contract_numbered
from app.extensions import db
from app.rules.errors import RuleError
from app.statements import archive, queries, service
from app.statements.models import Statement
from app.statements.verify import LARGEST_FILE, Verdict
from app.statements.verify import verify as check
from app.web.cli import COMMAND_LINE, command, fails_clearly
from app.web.errors import DomainError, Invalid
from app.web.sentences import sentence

DAY = click.DateTime(["%Y-%m-%d"])
LANGUAGES = click.Choice([language.value for language in Language])
UNFIT = re.compile(r"[^\w.-]+")


@command("statement")
@click.argument("number")
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose contract it is.")
@click.option("--on", required=True, type=DAY, help="The as-of day.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF goes.")
@click.option("--lang", type=LANGUAGES, help="Its language; without it the corporation's.")
@with_appcontext
@fails_clearly
def statement(number: str, kvk: str, on: datetime, out: Path, lang: str | None) -> None:
    """Issue the statement of a contract as of a day."""
    contract = contract_numbered(corporation_named(kvk), number)
    issued = _issue(contract, on, lang)
    _write(issued, out)
    click.echo(f"{issued.number} {out}")


@command("statements")
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose contracts they are.")
@click.option("--on", required=True, type=DAY, help="The as-of day.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of the PDFs.")
@click.option("--lang", type=LANGUAGES, help="Their language; without it the corporation's.")
@with_appcontext
@fails_clearly
def statements(kvk: str, on: datetime, out: Path, lang: str | None) -> None:
    """Issue a statement for every contract of a corporation. Says which could not be issued, and goes on."""
    corporation = corporation_named(kvk)
    service.complete_reserved(by=COMMAND_LINE, corporation_id=corporation.id)
    ids = [contract.id for contract in queries.contracts_of(corporation)]
    faults = []
    with click.progressbar(ids, label="Issuing", show_pos=True) as bar:
        for contract_id in bar:
            contract = db.session.get_one(Contract, contract_id)
            try:
                issued = _issue(contract, on, lang)
                _write(issued, out / f"{issued.number}_{UNFIT.sub('-', contract.number)}.pdf")
            except (DomainError, RuleError) as fault:
                faults.append(f"{contract.number}: {sentence(fault)}")
    click.echo(f"{len(ids) - len(faults)} issued in {out}")
    if faults:
        raise click.ClickException("\n".join([f"{len(faults)} could not be issued", *faults]))


@command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--trust", type=click.Path(exists=True, dir_okay=False), help="A certificate whose seal to accept.")
@with_appcontext
@fails_clearly
def verify(file: Path, trust: str | None) -> None:
    """Check a statement from its file alone, without a database: 0 and "valid ...", or 1 and what is wrong."""
    verdict = check(_content(file))
    if verdict.fault:
        raise verdict.fault
    if trust:
        raise Invalid("statement_unsealed")
    click.echo(_told(verdict))


def _issue(contract: Contract, on: datetime, lang: str | None) -> Statement:
    return service.issue(contract, on.date(), by=COMMAND_LINE, language=Language(lang) if lang else None)


def _write(issued: Statement, out: Path) -> None:
    """Copy the file of a statement that was just issued."""
    rendition = next(each for each in issued.renditions if each.language is issued.language)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        archive.write_whole(out, archive.read(rendition), mode=archive.AS_USUAL)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written ({error.strerror}); {issued.number} is issued") from None


def _content(file: Path) -> bytes:
    """What is in a file, unless it is larger than any statement: then its beginning, for the verdict to say so."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read ({error.strerror})") from None


def _told(verdict: Verdict) -> str:
    imprint = verdict.imprint
    assert imprint is not None
    about = f"statement {imprint.number} on contract {verdict.contract}, as of {imprint.on}, {verdict.corporation}"
    paper = (
        "the paper made again is the same, byte for byte"
        if verdict.is_compared
        else "the layout could not be compared here, it was made with other versions"
    )
    return f"valid: {about}; the figures follow from the attached facts; {paper}; not sealed"
