"""The commands about statements: issuing them, checking one, and the certificate that seals them."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import Language
from app.accounts.queries import corporation_named
from app.closing.queries import standing_settlement
from app.contracts.models import Contract
from app.contracts.queries import contract_numbered
from app.extensions import db
from app.rules.dates import period
from app.rules.errors import RuleError
from app.statements import archive, queries, service
from app.statements.identity import fingerprints_in, identity_of, known_fingerprints
from app.statements.models import Statement
from app.statements.subjects import year_through
from app.statements.verify import LARGEST_FILE, Verdict
from app.statements.verify import verify as check
from app.suppliers.queries import record_of
from app.web.cli import COMMAND_LINE, asked_language, command, fails_clearly
from app.web.clock import today
from app.web.errors import Conflict, DomainError, Invalid, NotFound
from app.web.parsing import YEARS
from app.web.sentences import sentence

if TYPE_CHECKING:
    from app.statements.sealed import Seal


class Day(click.DateTime):
    """A day of which there can be facts."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        found: datetime = super().convert(value, param, ctx)
        if found.year not in YEARS:
            self.fail(f"{value} does not lie in {YEARS.start} to {YEARS.stop - 1}.", param, ctx)
        return found


DAY = Day()
PAPER = "The language of the paper and of what is printed; without it the paper's is the corporation's."
AS_OF_OR_FINAL = "Give --on, the as-of day, or --final."
DAYS_IN_ORDER = "--through lies before --from."
TRUST = "A certificate (PEM) whose seal to accept, beside those that sealed here."
NOT_TRUSTED = "intact, but sealed by a certificate that is not trusted here: {}"
UNTRUSTED = 2
UNFIT = re.compile(r"[^\w.-]+")


@command("statement", language_help=PAPER)
@click.argument("number")
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose contract it is.")
@click.option("--on", type=DAY, help="The as-of day; of a final statement it is that of the settlement.")
@click.option("--final", "is_final", is_flag=True, help="The final statement of a contract that is settled.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF goes.")
@with_appcontext
@fails_clearly
def statement(number: str, kvk: str, on: datetime | None, is_final: bool, out: Path) -> None:
    """Issue the statement of a contract as of a day."""
    contract = contract_numbered(corporation_named(kvk), number)
    if (on is None) != is_final:
        raise click.ClickException(AS_OF_OR_FINAL)
    _require_folder(out)
    issued = _issue(contract, on) if on else _issue_final(contract)
    _hand_over(issued, out)


@command("statements", language_help=PAPER)
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose contracts they are.")
@click.option("--on", required=True, type=DAY, help="The as-of day.")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder of the PDFs.")
@with_appcontext
@fails_clearly
def statements(kvk: str, on: datetime, out: Path) -> None:
    """Issue a statement for every contract of a corporation. Says which could not be issued, and goes on."""
    corporation = corporation_named(kvk)
    service.complete_reserved(by=COMMAND_LINE, corporation_id=corporation.id)
    ids = [contract.id for contract in queries.contracts_of(corporation)]
    faults = []
    with click.progressbar(ids, label=_("Issuing"), show_pos=True) as bar:
        for contract_id in bar:
            contract = db.session.get_one(Contract, contract_id)
            try:
                issued = _issue(contract, on)
                _write(issued, out / f"{issued.number}_{UNFIT.sub('-', contract.number)}.pdf")
            except (DomainError, RuleError) as fault:
                faults.append(f"{contract.number}: {sentence(fault)}")
    click.echo(_("%(number)s issued in %(folder)s", number=len(ids) - len(faults), folder=out))
    if faults:
        failed = ngettext("%(num)s could not be issued:", "%(num)s could not be issued:", len(faults))
        raise click.ClickException("\n".join([failed, *faults]))


@command("supplier-statement", language_help=PAPER)
@click.argument("supplier", metavar="KVK")
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="At which corporation.")
@click.option("--year", required=True, type=click.IntRange(2000, 2999), help="Of the running year: through today.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF goes.")
@with_appcontext
@fails_clearly
def supplier_statement(supplier: str, kvk: str, year: int, out: Path) -> None:
    """Issue the statement of a supplier over a year: all its contracts at the corporation."""
    record = record_of(corporation_named(kvk), supplier)
    if record is None:
        raise NotFound("no_such_supplier", corporation=kvk, kvk=supplier)
    _require_folder(out)
    issued = service.issue_supplier(record, year_through(year, today()), by=COMMAND_LINE, language=_language())
    _hand_over(issued, out)


@command("annual-report", language_help=PAPER)
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose year it is.")
@click.option("--year", required=True, type=click.IntRange(2000, 2999), help="Of the running year: through today.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF goes.")
@with_appcontext
@fails_clearly
def annual_report(kvk: str, year: int, out: Path) -> None:
    """Issue the annual report of a corporation: people, effort and obligations of a year."""
    corporation = corporation_named(kvk)
    _require_folder(out)
    issued = service.issue_annual(corporation, year_through(year, today()), by=COMMAND_LINE, language=_language())
    _hand_over(issued, out)


@command("log-extract", language_help=PAPER)
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose audit log it is.")
@click.option("--from", "first", required=True, type=DAY, help="The first day.")
@click.option("--through", "last", required=True, type=DAY, help="The last day.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF goes.")
@with_appcontext
@fails_clearly
def log_extract(kvk: str, first: datetime, last: datetime, out: Path) -> None:
    """Issue an extract of the audit log of a corporation."""
    corporation = corporation_named(kvk)
    days = period(first.date(), last.date())
    if days is None:
        raise click.ClickException(DAYS_IN_ORDER)
    _require_folder(out)
    issued = service.issue_extract(corporation, days, by=COMMAND_LINE, language=_language())
    _hand_over(issued, out)


@command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--trust", type=click.Path(exists=True, dir_okay=False, path_type=Path), help=TRUST)
@with_appcontext
@fails_clearly
def verify(file: Path, trust: Path | None) -> None:
    """Check a statement from its file alone, without a database.

    Exit status 0 and "valid ...", 1 and what is wrong, or 2 when it is intact and who sealed it is not known here.
    """
    verdict = check(_content(file))
    if verdict.fault:
        raise verdict.fault
    assert verdict.imprint is not None
    if verdict.seal is None:
        raise Invalid("statement_unsealed", address=verdict.imprint.verify_address)
    trusted = known_fingerprints() | (fingerprints_in(trust) if trust else frozenset())
    if verdict.seal.fingerprint not in trusted:
        click.echo(NOT_TRUSTED.format(verdict.seal.fingerprint))
        click.get_current_context().exit(UNTRUSTED)
    click.echo(_told(verdict, verdict.seal))


@command("certificate")
@click.option("--corporation", "kvk", required=True, metavar="KVK", help="Whose certificate it is.")
@with_appcontext
@fails_clearly
def certificate(kvk: str) -> None:
    """Print the certificate that seals the statements of a corporation (PEM), for who checks them elsewhere."""
    corporation = corporation_named(kvk)
    click.echo(identity_of(corporation.kvk, corporation.name).pem, nl=False)


def _require_folder(file: Path) -> None:
    """Before a number is taken: a folder that is not there is more likely a slip than a wish.

    Errors: Invalid (`folder_missing`).
    """
    if not file.parent.is_dir():
        raise Invalid("folder_missing", folder=str(file.parent))


def _issue(contract: Contract, on: datetime) -> Statement:
    return service.issue(contract, on.date(), by=COMMAND_LINE, language=_language())


def _issue_final(contract: Contract) -> Statement:
    """Errors: Conflict `not_settled`."""
    settlement = standing_settlement(contract)
    if settlement is None:
        raise Conflict("not_settled")
    return service.issue_final(settlement, by=COMMAND_LINE, language=_language())


def _language() -> Language | None:
    """The language of the paper that was asked for; None stands for the corporation's."""
    asked = asked_language()
    return Language(asked) if asked else None


def _hand_over(issued: Statement, out: Path) -> None:
    _write(issued, out)
    click.echo(f"{issued.number} {out}")


def _write(issued: Statement, out: Path) -> None:
    """Copy the file of a statement, in the language that was asked for also when it was issued in another."""
    language = _language() or issued.language
    issued = service.add_rendition(issued, language, by=COMMAND_LINE)
    rendition = next(each for each in issued.renditions if each.language is language)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        archive.write_whole(out, archive.read(rendition), mode=archive.AS_USUAL)
    except OSError as error:
        raise click.ClickException(
            _(
                "%(file)s cannot be written (%(reason)s); statement %(number)s is issued.",
                file=out,
                reason=error.strerror,
                number=issued.number,
            )
        ) from None


def _content(file: Path) -> bytes:
    """What is in a file, unless it is larger than any statement: then its beginning, for the verdict to say so."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError:
        raise Invalid("file_unreadable", file=str(file)) from None


def _told(verdict: Verdict, seal: Seal) -> str:
    imprint = verdict.imprint
    assert imprint is not None
    about = f"statement {imprint.number} about {verdict.about}, as of {imprint.on}, {verdict.corporation}"
    paper = (
        "the paper made again is the same, byte for byte"
        if verdict.is_compared
        else "the layout could not be compared here, it was made with other versions"
    )
    clock = f"by the clock of {seal.stamped_by}" if seal.stamped_by else "by its own clock"
    sealed = f"sealed by {seal.name} at {seal.at:%Y-%m-%d %H:%M} UTC {clock}, certificate {seal.fingerprint}"
    return f"valid: {about}; the figures follow from what is attached; {paper}; {sealed}"
