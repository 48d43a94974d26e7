"""Keeps the history of dossiers: every command that changes a contract's facts leaves its new dossier."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessments.facts import AMSTERDAM, read_dossiers
from app.assessments.models import DossierRecord
from app.assessments.queries import latest_records
from app.audit.models import FACTS_OF_CONTRACT
from app.audit.trail import Audit
from app.contracts.models import Contract, changed_contracts
from app.rules import Dossier, faults
from app.rules.dossier_json import canonical, dossier_to_json


def keep_dossiers(audit: Audit) -> None:
    """At the end of a command: keep the dossier of each contract whose facts it changed, and let its record say which.

    So no command can leave facts that cannot be assessed. Errors: RuleError, the first of the rule book's `faults`.
    """
    changed = changed_contracts(audit.session)
    _keep(audit.session, changed)
    for contract in changed:
        audit.concerns(FACTS_OF_CONTRACT, contract.id, contract.corporation_id)


def dossier_for_statement(session: Session, contract: Contract) -> DossierRecord:
    """The newest dossier of a contract, kept for ever because a statement rests on it. Inside a command."""
    record = latest_records(session, [contract.id]).get(contract.id)
    if record is None or record.facts_version < contract.facts_version:
        _keep(session, [contract])
        record = latest_records(session, [contract.id])[contract.id]
    record.is_kept = True
    session.flush()
    return record


def _keep(session: Session, contracts: list[Contract]) -> None:
    if not contracts:
        return
    session.flush()
    now = datetime.now(UTC)
    dossiers = read_dossiers(session, [contract.id for contract in contracts], now)
    for contract in contracts:
        if contract.id in dossiers:
            session.refresh(contract, ["facts_version"])
            _keep_one(session, contract, dossiers[contract.id], now)
    session.flush()


def _keep_one(session: Session, contract: Contract, dossier: Dossier, now: datetime) -> None:
    """Of one day only the last is kept, and every one that a statement rests on."""
    for fault in faults(dossier):
        raise fault
    today = now.astimezone(AMSTERDAM).date()
    written = canonical(dossier_to_json(dossier))
    of_today = select(DossierRecord).where(
        DossierRecord.contract_id == contract.id, DossierRecord.recorded_on == today, ~DossierRecord.is_kept
    )
    record = session.scalar(of_today) or DossierRecord(contract_id=contract.id, recorded_on=today, is_kept=False)
    record.recorded_at = now
    record.facts_version = contract.facts_version
    record.sha256 = hashlib.sha256(written).hexdigest()
    record.json = written
    session.add(record)
