"""Commands about batches: ask for one, stop it, try again what failed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.accounts.models import Language, User
from app.accounts.permissions import Permission
from app.accounts.queries import corporation_where
from app.audit.service import command
from app.batches import queries
from app.batches.models import Batch, BatchItem
from app.web.clock import now
from app.web.errors import Conflict, Invalid

MOST = 1000
"""Contracts in one batch: as many as one zip file holds."""


def ask(kvk: str, on: date, language: Language, *, again: bool, by: User) -> Batch:
    """Ask for the statements as of `on` of all contracts that ran in its year; a worker makes them.

    `again`: also of contracts of which a statement as of that day holds. Errors: NotFound (no such corporation, or
    `by` issues no statements for it); Invalid `batch_empty`, `batch_too_large`.
    """
    seen = corporation_where(by, Permission.ISSUE_STATEMENTS, kvk)
    with command("batch.ask", by=by, corporation=seen) as audit:
        corporation = corporation_where(by, Permission.ISSUE_STATEMENTS, kvk)
        contract_ids = queries.contracts_for(corporation, on, again=again)
        if not contract_ids:
            raise Invalid("batch_empty", column="on", day=on)
        if len(contract_ids) > MOST:
            raise Invalid("batch_too_large", column="on", most=MOST)
        batch = Batch(corporation=corporation, on=on, language=language, asked_by_id=by.id, asked_at=now())
        audit.created(batch)
        audit.session.add_all(BatchItem(batch=batch, contract_id=each) for each in contract_ids)
        audit.note(contracts=len(contract_ids))
    return batch


def cancel(batch_id: int, *, by: User) -> Batch:
    """Stop a batch: what has its number is finished, no further number is given out. Again: no change.

    Errors: NotFound; Conflict `batch_done` when nothing is left to stop.
    """
    seen = queries.batch_seen_by(by, batch_id)
    with command("batch.cancel", by=by, corporation=seen.corporation) as audit:
        batch = queries.batch_seen_by(by, batch_id)
        if batch.cancelled_at is None:
            if not queries.progress_of([batch])[batch.id].left:
                raise Conflict("batch_done")
            with audit.change_of(batch):
                batch.cancelled_by, batch.cancelled_at = by, now()
    return batch


def retry(batch_id: int, *, by: User) -> Batch:
    """Try again what could not be made. Errors: NotFound; Conflict `batch_cancelled`."""
    seen = queries.batch_seen_by(by, batch_id)
    with command("batch.retry", by=by, corporation=seen.corporation) as audit:
        batch = queries.batch_seen_by(by, batch_id)
        if batch.cancelled_at is not None:
            raise Conflict("batch_cancelled")
        failed = select(BatchItem).where(BatchItem.batch_id == batch.id, BatchItem.failure.is_not(None))
        items = audit.session.scalars(failed).all()
        for item in items:
            item.failure = None
        if items:
            audit.note(contracts=len(items))
            audit.concerns("batch", batch.id, batch.corporation_id)
    return batch
