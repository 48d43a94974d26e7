"""What a statement is about, as it is frozen: the documents of each kind, taken from the records of today.

The other way, from documents to a paper, is app/statements/kinds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from app.accounts.models import Corporation
from app.assessments.models import DossierRecord
from app.assessments.queries import dossiers, dossiers_json
from app.assessments.service import dossier_for_statement
from app.audit.trail import Audit
from app.closing.models import Settlement
from app.contracts.models import Contract
from app.extensions import db
from app.planning.queries import agreed_efforts
from app.rules import assess
from app.rules.assessment import Standing
from app.rules.assessment_json import assessment_to_json
from app.rules.dates import Period
from app.rules.dossier_json import canonical, dossier_from_json, dossier_to_json
from app.rules.in_period import in_period
from app.statements.final import SETTLEMENT, settlement_json
from app.statements.kinds.contract import ASSESSMENT, DOSSIER
from app.statements.kinds.supplier import ASSESSMENTS, DOSSIERS, facts_json, figures_json, totals_of
from app.statements.models import StatementKind
from app.statements.paper import Documents, read_canonical
from app.statements.planned import PLAN, plan_json
from app.suppliers.models import Supplier, SupplierRecord
from app.web.errors import Conflict


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of statement with its documents, and what the register says of it. Amounts are euro cents."""

    kind: StatementKind
    corporation: Corporation
    on: date
    documents: Documents
    standing: Standing | None = None
    net_cents: int | None = None
    credited_cents: int | None = None
    contract: Contract | None = None
    record: DossierRecord | None = None
    settlement: Settlement | None = None
    supplier: Supplier | None = None
    covers_from: date | None = None


def contract_subject(audit: Audit, contract: Contract, on: date) -> Subject:
    """A contract as of a day, by today's facts."""
    record = dossier_for_statement(audit.session, contract)
    return replace(_of_facts(StatementKind.CONTRACT, contract, record.json, on), record=record)


def contract_draft(contract: Contract, on: date) -> Subject:
    """A contract as of a day, by today's facts, to be looked at: nothing is kept of it.

    Errors: RuleError for facts that cannot be assessed.
    """
    return _of_facts(StatementKind.CONTRACT, contract, dossiers_json([contract])[contract.id], on)


def final_subject(settlement: Settlement) -> Subject:
    """How a contract was settled, by the facts that it was settled by. Errors: Conflict `not_settled`."""
    if not settlement.is_settled or settlement.dossier is None:
        raise Conflict("not_settled")
    record, on = settlement.dossier, settlement.assessed_on
    about = _of_facts(StatementKind.FINAL, settlement.contract, record.json, on)
    documents = {**about.documents, SETTLEMENT: settlement_json(settlement)}
    return replace(about, documents=documents, record=record, settlement=settlement)


def year_through(year: int, day: date) -> Period:
    """A calendar year; of one that has not ended its days through `day`. Errors: Conflict `year_ahead`."""
    if year > day.year:
        raise Conflict("year_ahead", year=year)
    return Period(date(year, 1, 1), min(date(year, 12, 31), day))


def supplier_subject(record: SupplierRecord, days: Period) -> Subject:
    """All contracts of a supplier at a corporation that run in a period, as of its last day, by today's facts.

    Errors: Conflict `no_contracts_then`.
    """
    wanted = select(Contract).where(
        Contract.corporation_id == record.corporation_id, Contract.supplier_id == record.supplier_id
    )
    contracts = db.session.scalars(wanted.order_by(Contract.number)).all()
    facts = dossiers(contracts)
    running = [each for each in (in_period(facts[it.id], days) for it in contracts) if each.is_in_term]
    if not running:
        raise Conflict("no_contracts_then", first=days.first, last=days.last)
    totals = totals_of(running)
    return Subject(
        StatementKind.SUPPLIER,
        record.corporation,
        days.last,
        {
            DOSSIERS: facts_json([dossier_to_json(each.dossier) for each in running]),
            ASSESSMENTS: figures_json(days, running),
        },
        net_cents=totals["net_cents"],
        credited_cents=totals["credited_cents"],
        supplier=record.supplier,
        covers_from=days.first,
    )


def _of_facts(kind: StatementKind, contract: Contract, dossier_json: bytes, on: date) -> Subject:
    """A contract by the facts of a dossier, as of a day."""
    figures = assess(dossier_from_json(read_canonical(dossier_json, DOSSIER)), on)
    documents = {DOSSIER: dossier_json, ASSESSMENT: canonical(assessment_to_json(figures))}
    efforts = agreed_efforts([contract]).get(contract.id)
    if efforts:
        documents[PLAN] = plan_json(efforts)
    return Subject(
        kind,
        contract.corporation,
        on,
        documents,
        standing=figures.status,
        net_cents=figures.net_cents,
        credited_cents=figures.credited_cents,
        contract=contract,
    )
