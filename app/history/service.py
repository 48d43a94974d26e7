"""Undo: what a deletion removed comes back from the audit log, with the numbers that it had."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.accounts.models import Corporation, User
from app.audit.models import AuditRecord, AuditSubject
from app.audit.service import command
from app.audit.snapshots import VERSION_COLUMN, from_snapshot, kind_of_model
from app.audit.trail import Audit
from app.contracts.models import Amendment, Contract
from app.database import Base
from app.extensions import db
from app.history.queries import RESTORED, may_undo
from app.schemes.models import Policy, RateTable
from app.suppliers.models import Certificate, Supplier, SupplierRecord, supplier_facts_changed
from app.web.errors import Conflict, NotFound

# In the order in which they refer to each other.
MODELS: Sequence[type[Base]] = (Supplier, SupplierRecord, RateTable, Policy, Contract, Amendment, Certificate)
Snapshots = Mapping[str, Mapping[str, Any]]


def undo(record_id: int, *, by: User) -> list[Base]:
    """Make again what the deletion with that audit record removed, and give the rows.

    They have the numbers that they had, and a version that no form from before saw. Errors: NotFound (no such deletion,
    or not for `by` to undo), Conflict (`undo_done`, `undo_place_taken`, `undo_ground_gone`, `undo_erased`), the
    RuleErrors of facts that cannot be.
    """
    seen = _deletion(record_id, by)
    kind, corporation = seen.action.partition(".")[0], db.session.get_one(Corporation, seen.chain.corporation_id)
    try:
        with command(f"{kind}{RESTORED}", by=by, corporation=corporation) as audit:
            return _restore(audit, _deletion(record_id, by))
    except IntegrityError as fault:
        is_reference = "foreign key" in str(fault.orig).lower()
        raise Conflict("undo_ground_gone" if is_reference else "undo_place_taken") from fault


def _deletion(record_id: int, by: User) -> AuditRecord:
    whole = (joinedload(AuditRecord.payload), joinedload(AuditRecord.chain))
    record = db.session.scalar(select(AuditRecord).where(AuditRecord.id == record_id).options(*whole))
    if record is None or not may_undo(by, record.action, record.chain.corporation_id):
        raise NotFound
    return record


def _restore(audit: Audit, deletion: AuditRecord) -> list[Base]:
    """Errors: as `undo`."""
    if deletion.payload is None:
        raise Conflict("undo_erased")
    shown: Snapshots = json.loads(deletion.payload.before)
    made = [(_row(deletion, model, values), values) for model in MODELS for values in _of_model(shown, model)]
    audit.created(*(row for row, _values in made))
    audit.session.flush()
    for row, values in made:
        _raise_version(audit, row, values)
        _facts_changed(audit, row)
    return [row for row, _values in made]


def _of_model(shown: Snapshots, model: type[Base]) -> list[Mapping[str, Any]]:
    kind = kind_of_model(model)
    return [values for name, values in shown.items() if name.partition(":")[0] == kind]


def _row(deletion: AuditRecord, model: type[Base], values: Mapping[str, Any]) -> Base:
    """The row as it was. Errors: Conflict, when it came back already, whatever became of it, or another has its number.

    What was put back and deleted again comes back by that last deletion, with all that was changed in between.
    """
    kind, number = kind_of_model(model), values["id"]
    since = select(AuditRecord.id).where(AuditRecord.chain_id == deletion.chain_id, AuditRecord.id > deletion.id)
    back = since.where(AuditRecord.action.endswith(RESTORED)).join(AuditRecord.subjects)
    if db.session.scalar(back.where(AuditSubject.kind == kind, AuditSubject.object_id == number).limit(1)):
        raise Conflict("undo_done")
    if db.session.get(model, number) is not None:
        raise Conflict("undo_place_taken")
    return from_snapshot(model, values)


def _raise_version(audit: Audit, row: Base, values: Mapping[str, Any]) -> None:
    """A new row begins at version 1; who had the old one open must not save over this one."""
    if VERSION_COLUMN in values:
        (number,) = inspect(type(row)).primary_key
        raised = update(type(row)).where(number == values["id"]).values({VERSION_COLUMN: values[VERSION_COLUMN] + 1})
        audit.session.execute(raised.execution_options(synchronize_session=False))
        audit.session.refresh(row)


def _facts_changed(audit: Audit, row: Base) -> None:
    match row:
        case Contract():
            row.facts_changed()
        case Amendment():
            row.contract.facts_changed()
        case SupplierRecord():
            supplier_facts_changed(audit.session, row.corporation_id, [row.supplier.kvk])
        case Certificate():
            supplier_facts_changed(audit.session, row.corporation_id, row.kvk_numbers)
