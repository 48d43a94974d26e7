"""One paper of each kind, made from facts alone, for tests that hold for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.audit.chain import Head, Link, Payload
from app.rules import assess
from app.rules.annual import contract_in_year, follow, people_of, period_of
from app.rules.closing import settle
from app.rules.dates import Period
from app.rules.dossier import Dossier, Programme
from app.rules.dossier_json import canonical, dossier_to_json
from app.rules.in_period import in_period
from app.rules.tables import Kind
from app.statements.final import AMOUNTS, SCHEMA, SETTLEMENT
from app.statements.kinds.annual import REPORT, Rest, report_json
from app.statements.kinds.log import RECORDS, Named, records_json
from app.statements.kinds.supplier import ASSESSMENTS, DOSSIERS, facts_json, figures_json
from app.statements.models import StatementKind
from app.statements.paper import Paper
from tests.pdf.making import KVK, ON, TERMS, a1, documents_of, imprinted, long, paper

AFTER = date(2027, 6, 30)


def final(language: str) -> Paper:
    """A contract that ended with a shortfall, and a penalty of which a part is deducted."""
    facts = a1()
    outcome = settle(facts, assess(facts, AFTER), 1_000_00)
    decided = {"as": "project_leader", "on": AFTER.isoformat()}
    settled = {name: getattr(outcome, name) for name in AMOUNTS} | {"proposed": decided, "confirmed": decided}
    document = {"schema": SCHEMA, "instalment_cents": 1_000_00, "is_excused": False, "excuse": None} | settled
    documents = documents_of(facts, AFTER) | {SETTLEMENT: canonical(document)}
    return imprinted(StatementKind.FINAL, documents, on=AFTER, language=language)


def supplier(language: str) -> Paper:
    """Two contracts of a supplier over 2026."""
    other = a1(terms=replace(TERMS, number="2026-002", title="Schilderwerk Centrum"), placements=(), certificates=())
    return supplier_of(a1(), other, language=language)


def supplier_of(*facts: Dossier, **imprint: Any) -> Paper:
    """The supplier of these contracts over 2026."""
    days = Period(date(2026, 1, 1), ON)
    contracts = [in_period(each, days) for each in facts]
    documents = {
        DOSSIERS: facts_json([dossier_to_json(each.dossier) for each in contracts]),
        ASSESSMENTS: figures_json(days, contracts),
    }
    return imprinted(StatementKind.SUPPLIER, documents, **imprint)


def log(language: str) -> Paper:
    return log_of(language=language)


def log_of(who: str = "J. Hendriks", **imprint: Any) -> Paper:
    """Three records out of a longer log, of somebody who gave as reason their own name."""
    head = before = Head(7, "ab" * 32)
    records = []
    for number in range(3):
        notes = canonical({"reason": who}).decode()
        payload = Payload('{"contract:1":{"title":"A"}}', '{"contract:1":{"title":"B"}}', notes, f"{number:032x}")
        at = datetime(2026, 11, 3, 9, tzinfo=UTC) + timedelta(hours=number)
        link = Link(head.sequence + 1, at, 5, "user", "contract.edit", "contract", 1, payload.digest, head.hash)
        link = replace(link, hash=link.hash_in(KVK), payload=payload)
        head = Head(link.sequence, link.hash)
        records.append(Named(link, who))
    days = Period(date(2026, 11, 1), ON)
    document = records_json(KVK, who, days, before, records)
    at_head = {"chain_sequence": head.sequence, "chain_head": head.hash}
    return imprinted(StatementKind.LOG, {RECORDS: document}, **at_head | imprint)


def annual(language: str) -> Paper:
    """Two contracts in 2026: enough people by one way, too few by another."""
    others = tuple(replace(each, programme=Programme.YOUTH) for each in long(14).placements)
    other = a1(terms=replace(TERMS, number="2026-002", kind=Kind.PAINTING), placements=others, certificates=())
    return annual_of(a1(), other, language=language)


def annual_of(*facts: Dossier, **imprint: Any) -> Paper:
    """The year 2026 of the corporation of these contracts."""
    followed = [follow(each, ON) for each in facts]
    lines = [Rest(contract_in_year(each), "cd" * 32) for each in followed]
    name = facts[0].parties.corporation_name
    document = report_json(KVK, name, period_of(2026, ON), lines, people_of(followed))
    return imprinted(StatementKind.ANNUAL, {REPORT: document}, **imprint)


EXAMPLES: Mapping[StatementKind, Callable[[str], Paper]] = {
    StatementKind.CONTRACT: lambda language: paper(language=language),
    StatementKind.FINAL: final,
    StatementKind.SUPPLIER: supplier,
    StatementKind.ANNUAL: annual,
    StatementKind.LOG: log,
}
