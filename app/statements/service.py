"""Commands about statements: issue one, finish what a crash left, add a rendition in another language.

Issuing takes three steps, so that rendering holds no lock and a crash loses no number: a short transaction reserves the
number and freezes facts and figures; then the file is made, sealed and stored; a second short one enters it in the
register.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import current_app

from app.accounts.models import Corporation, Language, User
from app.audit.chain import NOTHING_BEFORE
from app.audit.queries import head_of
from app.audit.service import command
from app.audit.trail import Audit
from app.closing.models import Settlement
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dates import Period
from app.statements import archive, queries
from app.statements.archive import Stored
from app.statements.codes import new_code
from app.statements.extract import log_subject
from app.statements.identity import identity_of
from app.statements.in_force import take_place
from app.statements.kinds import hash_of, read_paper
from app.statements.late import render, seal
from app.statements.models import Rendition, Statement, StatementDocument, StatementState
from app.statements.paper import LOGO, Imprint
from app.statements.people import role_of
from app.statements.subjects import Subject, contract_subject, final_subject, supplier_subject
from app.statements.year import annex_of, annual_subject
from app.suppliers.models import SupplierRecord
from app.web.clock import HERE, now

log = logging.getLogger(__name__)

ABANDONED_AFTER = timedelta(minutes=10)
"""How long a reservation may be without its file before it counts as left by a crash."""
ACCENT = "#0b5a66"


def issue(contract: Contract, on: date, *, by: User | str, language: Language | None = None) -> Statement:
    """Issue the statement of a contract as of a day, in the corporation's language when none is given.

    `by` is the user, or says who else acts ("command line"). Errors: RuleError for facts that cannot be assessed.
    """
    return _finished(reserve(contract, on, by=by, language=language), by)


def reserve(contract: Contract, on: date, *, by: User | str, language: Language | None = None) -> int:
    """Freeze the facts and figures of a contract under the next number of its corporation; gives the statement's id."""
    return reserve_subject(contract.corporation, lambda audit: contract_subject(audit, contract, on), by, language)


def reserve_subject(
    corporation: Corporation, freeze: Callable[[Audit], Subject], by: User | str, language: Language | None = None
) -> int:
    """Freeze a subject of a corporation under its next number, in one transaction; gives the statement's id.

    The number's year is that of the day of issue in Amsterdam. The chain's lock, which the command holds, keeps two
    that are issued at the same moment from getting one number.
    """
    with command("statement.reserve", by=by, corporation=corporation) as audit:
        return _reserved(audit, freeze(audit), language, by).id


def reserved(audit: Audit, contract: Contract, on: date, language: Language | None, by: User | str) -> Statement:
    """The statement of a contract inside a command that is about its corporation."""
    return _reserved(audit, contract_subject(audit, contract, on), language, by)


def issue_final(settlement: Settlement, *, by: User | str, language: Language | None = None) -> Statement:
    """Issue the final statement of a settled contract: as of the day and from the facts that it was settled by.

    Again: the same one. An earlier one of the contract, whose settlement was opened again, is superseded by it.
    """
    return _finished(reserve_final(settlement, by=by, language=language), by)


def reserve_final(settlement: Settlement, *, by: User | str, language: Language | None = None) -> int:
    """Freeze how a contract was settled under the next number; gives the statement's id."""
    contract, settlement_id = settlement.contract, settlement.id
    with command("statement.reserve", by=by, corporation=contract.corporation) as audit:
        settlement = db.session.get_one(Settlement, settlement_id)
        known = queries.final_statement_of(settlement)
        if known is not None:
            return known.id
        return _reserved(audit, final_subject(settlement), language, by).id


def issue_supplier(
    record: SupplierRecord, days: Period, *, by: User | str, language: Language | None = None
) -> Statement:
    """Issue the statement of a supplier over a period: all its contracts at the corporation, as of the last day.

    Errors: Conflict `no_contracts_then`.
    """
    return _finished(reserve_subject(record.corporation, lambda _: supplier_subject(record, days), by, language), by)


def issue_extract(
    corporation: Corporation, days: Period, *, by: User | str, language: Language | None = None
) -> Statement:
    """Issue an extract of a corporation's audit log. Errors: as `log_subject`."""
    return _finished(reserve_subject(corporation, lambda _: log_subject(corporation, days), by, language), by)


def issue_annual(
    corporation: Corporation, days: Period, *, by: User | str, language: Language | None = None
) -> Statement:
    """Issue the annual report of a corporation. Errors: Conflict `no_contracts_in_year`."""
    return _finished(reserve_subject(corporation, lambda _: annual_subject(corporation, days), by, language), by)


def take_annex(corporation: Corporation, days: Period, *, by: User) -> list[Sequence[Any]]:
    """The placements that an annual report counts, with the references of people; that they were taken is logged."""
    with command("people.export", by=by, corporation=corporation) as audit:
        audit.note(file=f"{days.first} – {days.last}")
        return list(annex_of(corporation, days))


def _reserved(audit: Audit, about: Subject, language: Language | None, by: User | str) -> Statement:
    corporation = about.corporation
    identity_of(corporation.kvk, corporation.name)  # a number is for what can be sealed
    head = head_of(audit.session, corporation)
    at = now().replace(microsecond=0)
    year = at.astimezone(HERE).year
    documents = {**about.documents, **({LOGO: corporation.logo.content} if corporation.logo else {})}
    statement = Statement(
        corporation=corporation,
        contract=about.contract,
        supplier=about.supplier,
        kind=about.kind,
        year=year,
        sequence=queries.last_sequence(corporation.id, year) + 1,
        covers_from=about.covers_from,
        on=about.on,
        code=new_code(),
        language=language or corporation.language,
        standing=about.standing,
        net_cents=about.net_cents,
        credited_cents=about.credited_cents,
        document_sha256=hash_of(about.kind, about.documents),
        dossier=about.record,
        settlement=about.settlement,
        chain_sequence=head.sequence,
        chain_head=head.hash,
        issued_by=by if isinstance(by, User) else None,
        reserved_at=at,
        frozen=[StatementDocument(name=name, content=content) for name, content in documents.items()],
    )
    audit.created(statement)
    audit.session.flush()
    return statement


def _finished(statement_id: int, by: User | str) -> Statement:
    """A reserved statement with its file; afterwards what a crash left of its corporation is completed too."""
    statement = complete(statement_id, by=by)
    complete_reserved(by=by, corporation_id=statement.corporation_id, before=now() - ABANDONED_AFTER)
    return db.session.get_one(Statement, statement_id)


def complete(statement_id: int, *, by: User | str) -> Statement:
    """Make and store the file of a reserved statement and enter it; an issued one stays as it is."""
    statement = db.session.get_one(Statement, statement_id)
    if statement.state is StatementState.RESERVED:
        language = statement.language
        enter(statement_id, archive.store(made(statement, language)), language, by=by)
    return db.session.get_one(Statement, statement_id)


def complete_reserved(*, by: User | str, corporation_id: int | None = None, before: datetime | None = None) -> int:
    """Complete every reservation from before that instant (default: all), and say how many that were.

    One that cannot be completed now stands in nobody's way; the log of the program says why.
    """
    completed = 0
    for statement_id in queries.reserved_before(before or now(), corporation_id):
        try:
            complete(statement_id, by=by)
            completed += 1
        except Exception:  # whatever it is: it is not about what was asked for
            db.session.rollback()
            log.exception("statement %s cannot be completed", statement_id)
    return completed


def add_rendition(statement: Statement, language: Language, *, by: User | str) -> Statement:
    """The same statement, under its own number, in another language too; again: no change."""
    statement_id = statement.id
    if not any(each.language is language for each in statement.renditions):
        enter(statement_id, archive.store(made(statement, language)), language, by=by)
    return db.session.get_one(Statement, statement_id)


def made(statement: Statement, language: Language) -> bytes:
    """The file of a statement, from what is frozen, sealed. Reads what it needs, and then holds no transaction.

    Errors: `Unavailable` when it cannot be sealed now; the statement stays reserved and can be completed later.
    """
    identity = identity_of(statement.corporation.kvk, statement.corporation.name)
    imprint = imprint_of(statement, language)
    paper = read_paper(imprint, statement.documents)
    db.session.rollback()
    return seal(render(paper), identity, now())


def draft(about: Subject, language: Language) -> bytes:
    """What the statement about a subject would be today, as a file that is none: without number, code, data and seal.

    Nothing is written.
    """
    corporation, logo = about.corporation, about.corporation.logo
    documents = {**about.documents, **({LOGO: logo.content} if logo else {})}
    imprint = Imprint(
        kind=str(about.kind),
        number="",
        code="",
        language=str(language),
        on=about.on,
        issued_at=now().replace(microsecond=0),
        issued_by="",
        issued_as="",
        city=corporation.city or "",
        accent=corporation.accent or ACCENT,
        public_url=current_app.config["WEDERDIENST"].public_url,
        document_sha256=hash_of(about.kind, documents),
        chain_sequence=0,
        chain_head=NOTHING_BEFORE,
        logo_sha256=sha256(logo.content).hexdigest() if logo else "",
    )
    paper = read_paper(imprint, documents)
    db.session.rollback()
    return render(paper)


def enter(statement_id: int, stored: Stored, language: Language, *, by: User | str) -> None:
    """Enter a stored file in the register; the first one makes the statement issued.

    When two finish the same reservation the second finds its work done.
    """
    with command("statement.issue", by=by) as audit:
        statement = db.session.get_one(Statement, statement_id)
        audit.corporation = statement.corporation
        audit.session.refresh(statement)  # under the chain's lock: what it says now holds until the end
        if not any(each.language is language for each in statement.renditions):
            _enter(audit, statement, stored, language)


def _enter(audit: Audit, statement: Statement, stored: Stored, language: Language) -> None:
    at = now()
    with audit.change_of(statement):
        rendition = Rendition(
            statement=statement,
            language=language,
            file_sha256=stored.sha256,
            path=stored.path,
            size=stored.size,
            made_at=at,
        )
        audit.created(rendition)
        if statement.state is StatementState.RESERVED:
            statement.state, statement.issued_at = StatementState.ISSUED, at
            take_place(audit, statement)


def imprint_of(statement: Statement, language: Language) -> Imprint:
    """What the paper of a statement says about itself in that language."""
    corporation, issuer, logo = statement.corporation, statement.issued_by, statement.documents.get(LOGO)
    return Imprint(
        kind=str(statement.kind),
        number=statement.number,
        code=statement.code,
        language=str(language),
        on=statement.on,
        issued_at=statement.reserved_at,
        issued_by=issuer.name if issuer else "",
        issued_as=role_of(issuer, corporation.id) if issuer else "",
        city=corporation.city or "",
        accent=corporation.accent or ACCENT,
        public_url=current_app.config["WEDERDIENST"].public_url,
        document_sha256=statement.document_sha256,
        chain_sequence=statement.chain_sequence,
        chain_head=statement.chain_head,
        logo_sha256=sha256(logo).hexdigest() if logo else "",
    )
