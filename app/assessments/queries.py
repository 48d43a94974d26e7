"""What contracts owe and have done: their dossiers assessed as of a day.

An assessment follows from a dossier and a day alone, so it is remembered by just these. The dossiers come from their
history; where the rows are newer (nothing but a test writes past it) they are read from the rows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.assessments.facts import activity_of, placement_of, read_dossiers
from app.assessments.models import DossierRecord
from app.contracts.models import Contract
from app.contributions.models import Activity as ActivityRow
from app.contributions.models import Contribution
from app.contributions.models import Placement as PlacementRow
from app.extensions import db
from app.rules import Assessment, Dossier, Point, assess, course
from app.rules.dossier import Activity, Placement
from app.rules.dossier_json import canonical, dossier_from_json, dossier_to_json
from app.rules.obligation import obligation_of

DOSSIERS_REMEMBERED = 2048
ASSESSMENTS_REMEMBERED = 8192


def latest_records(session: Session, contract_ids: Collection[int]) -> dict[int, DossierRecord]:
    """The newest dossier of each contract that has one."""
    newest = (
        select(func.max(DossierRecord.id))
        .where(DossierRecord.contract_id.in_(contract_ids))
        .group_by(DossierRecord.contract_id)
    )
    rows = session.scalars(select(DossierRecord).where(DossierRecord.id.in_(newest)))
    return {row.contract_id: row for row in rows}


def dossiers_json(contracts: Sequence[Contract]) -> dict[int, bytes]:
    """The newest dossier of each contract as canonical JSON, by the contract's id."""
    records = latest_records(db.session, [contract.id for contract in contracts])
    fresh = {
        contract.id: records[contract.id].json
        for contract in contracts
        if contract.id in records and records[contract.id].facts_version >= contract.facts_version
    }
    missing = [contract.id for contract in contracts if contract.id not in fresh]
    read = read_dossiers(db.session, missing, datetime.now(UTC)) if missing else {}
    return fresh | {contract_id: canonical(dossier_to_json(dossier)) for contract_id, dossier in read.items()}


def dossier_of(contract: Contract) -> Dossier:
    """The facts of a contract as they are now."""
    return _dossier(dossiers_json([contract])[contract.id])


def facts_of(version: Contribution) -> Placement | Activity:
    """One version of a contribution as the rule book knows it; a placement's person is the id of its row."""
    return placement_of(version) if isinstance(version, PlacementRow) else activity_of(cast(ActivityRow, version))


def known(written: bytes, on: date) -> tuple[Dossier, Assessment]:
    """The facts that `dossiers_json` gave and their assessment as of a day; both are remembered."""
    return _dossier(written), _assessment(written, on)


def dossiers(contracts: Iterable[Contract]) -> Mapping[int, Dossier]:
    """The facts of each contract as they are now, by the contract's id."""
    return {contract_id: _dossier(written) for contract_id, written in dossiers_json(list(contracts)).items()}


def assessment_of(contract: Contract, on: date) -> Assessment:
    """Errors: RuleError for facts that cannot be assessed (no command leaves such facts)."""
    return _assessment(dossiers_json([contract])[contract.id], on)


def course_of(contract: Contract) -> Sequence[Point]:
    """How due and credited run over the contract's term, for its chart."""
    return _course(dossiers_json([contract])[contract.id])


def standings(contracts: Iterable[Contract], on: date) -> Mapping[int, Assessment]:
    """The assessment of each contract as of a day, by the contract's id, in a constant number of statements."""
    return {contract_id: _assessment(written, on) for contract_id, written in dossiers_json(list(contracts)).items()}


def finals(contracts: Iterable[Contract]) -> Mapping[int, Assessment]:
    """The assessment of each contract as of its last day, with extensions, by the contract's id."""
    return {contract_id: _final(written) for contract_id, written in dossiers_json(list(contracts)).items()}


def dossier_in(record: DossierRecord) -> Dossier:
    """The facts of a contract as they were known then."""
    return _dossier(record.json)


def assessment_by(record: DossierRecord, on: date) -> Assessment:
    """The assessment as of a day by what was known then."""
    return _assessment(record.json, on)


def courses(contracts: Iterable[Contract]) -> Mapping[int, Sequence[Point]]:
    """The course of each contract, by the contract's id."""
    return {contract_id: _course(written) for contract_id, written in dossiers_json(list(contracts)).items()}


@lru_cache(DOSSIERS_REMEMBERED)
def _dossier(written: bytes) -> Dossier:
    return dossier_from_json(json.loads(written))


@lru_cache(ASSESSMENTS_REMEMBERED)
def _assessment(written: bytes, on: date) -> Assessment:
    return assess(_dossier(written), on)


@lru_cache(DOSSIERS_REMEMBERED)
def _final(written: bytes) -> Assessment:
    return _assessment(written, obligation_of(_dossier(written)).term.last)


@lru_cache(DOSSIERS_REMEMBERED)
def _course(written: bytes) -> Sequence[Point]:
    return tuple(course(_dossier(written)))
