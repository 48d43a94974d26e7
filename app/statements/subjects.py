"""What a statement is about, as it is frozen: the documents of each kind, taken from the records of today.

The other way, from documents to a paper, is app/statements/kinds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.accounts.models import Corporation
from app.assessments.models import DossierRecord
from app.assessments.service import dossier_for_statement
from app.audit.trail import Audit
from app.closing.models import Settlement
from app.contracts.models import Contract
from app.planning.queries import agreed_efforts
from app.rules import assess
from app.rules.assessment import Standing
from app.rules.assessment_json import assessment_to_json
from app.rules.dossier_json import canonical, dossier_from_json
from app.statements.final import SETTLEMENT, settlement_json
from app.statements.kinds.contract import ASSESSMENT, DOSSIER
from app.statements.models import StatementKind
from app.statements.paper import Documents, read_canonical
from app.statements.planned import PLAN, plan_json
from app.suppliers.models import Supplier
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
    return _of_record(StatementKind.CONTRACT, contract, dossier_for_statement(audit.session, contract), on)


def final_subject(settlement: Settlement) -> Subject:
    """How a contract was settled, by the facts that it was settled by. Errors: Conflict `not_settled`."""
    if not settlement.is_settled or settlement.dossier is None:
        raise Conflict("not_settled")
    return _of_record(StatementKind.FINAL, settlement.contract, settlement.dossier, settlement.assessed_on, settlement)


def _of_record(
    kind: StatementKind, contract: Contract, record: DossierRecord, on: date, settlement: Settlement | None = None
) -> Subject:
    figures = assess(dossier_from_json(read_canonical(record.json, DOSSIER)), on)
    documents = {DOSSIER: record.json, ASSESSMENT: canonical(assessment_to_json(figures))}
    efforts = agreed_efforts([contract]).get(contract.id)
    if efforts:
        documents[PLAN] = plan_json(efforts)
    if settlement:
        documents[SETTLEMENT] = settlement_json(settlement)
    return Subject(
        kind,
        contract.corporation,
        on,
        documents,
        standing=figures.status,
        net_cents=figures.net_cents,
        credited_cents=figures.credited_cents,
        contract=contract,
        record=record,
        settlement=settlement,
    )
