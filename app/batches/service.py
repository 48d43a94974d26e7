"""Commands about batches: ask for one, stop it, go on with what a stop left, try again what failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.accounts.models import Corporation, Language, User
from app.accounts.permissions import Permission
from app.accounts.queries import corporation_where
from app.audit.service import command
from app.batches import queries
from app.batches.models import Batch, BatchItem
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid

MOST = 1000
"""Contracts in one batch: as many as one zip file holds."""


def ask(kvk: str, on: date, language: Language, *, again: bool, by: User) -> Batch:
    """Ask for the statements as of `on` of all contracts that ran in its year; a worker makes them.

    `again`: also of contracts of which a statement as of that day holds. Errors: NotFound (no such corporation, or
    `by` issues no statements for it); as `contracts_for`.
    """
    seen = corporation_where(by, Permission.ISSUE_STATEMENTS, kvk)
    with command("batch.ask", by=by, corporation=seen) as audit:
        corporation = corporation_where(by, Permission.ISSUE_STATEMENTS, kvk)
        contract_ids = contracts_for(corporation, on, again=again)
        batch = Batch(corporation=corporation, on=on, language=language, asked_by_id=by.id, asked_at=now())
        audit.created(batch)
        audit.session.add_all(BatchItem(batch=batch, contract_id=each) for each in contract_ids)
        audit.note(contracts=len(contract_ids))
    return batch


def contracts_for(corporation: Corporation, on: date, *, again: bool) -> Sequence[int]:
    """The ids of the contracts of which a batch makes statements, by number; at least one.

    Errors: Invalid beside `on`: `day_ahead` (no number is given for a day that is yet to come), `batch_none_ran`,
    `batch_all_issued`, `batch_all_coming`, `batch_all_served` (some the one, some the other), `batch_too_large`.
    """
    if on > today():
        raise Invalid("day_ahead", column="on", day=on)
    found = queries.candidates(corporation, on)
    wanted = found.wanted(again=again)
    if not found.contracts:
        raise Invalid("batch_none_ran", column="on", day=on, year=on.year)
    if not wanted:
        some_come = found.coming - found.issued
        code = "batch_all_issued" if not some_come else "batch_all_served" if found.issued else "batch_all_coming"
        raise Invalid(code, column="on", day=on, year=on.year)
    if len(wanted) > MOST:
        raise Invalid("batch_too_large", column="on", most=MOST)
    return wanted


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


def go_on(batch_id: int, *, by: User) -> Batch:
    """Go on with what a stopped batch left, and with what failed. One that was not stopped: no change.

    Errors: NotFound; Conflict `batch_asker_gone`.
    """
    seen = queries.batch_seen_by(by, batch_id)
    with command("batch.go_on", by=by, corporation=seen.corporation) as audit:
        batch = queries.batch_seen_by(by, batch_id)
        if batch.cancelled_at is not None:
            expect_asker(batch)
            for item in queries.failed_items(batch):
                item.failure = None
            with audit.change_of(batch):
                batch.cancelled_by = batch.cancelled_at = None
    return batch


def retry(batch_id: int, *, by: User) -> Batch:
    """Try again what could not be made; of a stopped batch only what has its number, which is never left unused.

    Errors: NotFound; Conflict `batch_cancelled` or `batch_asker_gone` when nothing of it has its number.
    """
    seen = queries.batch_seen_by(by, batch_id)
    with command("batch.retry", by=by, corporation=seen.corporation) as audit:
        batch = queries.batch_seen_by(by, batch_id)
        items = queries.failed_items(batch)
        if batch.cancelled_at is not None or not queries.asker_may(batch):
            items = [each for each in items if each.statement_id is not None]
        if not items and batch.cancelled_at is not None:
            raise Conflict("batch_cancelled")
        if not items:
            expect_asker(batch)
        for item in items:
            item.failure = None
        if items:
            audit.note(contracts=len(items))
            audit.concerns("batch", batch.id, batch.corporation_id)
    return batch


def expect_asker(batch: Batch) -> None:
    """Errors: Conflict `batch_asker_gone` when whoever asked for it may no longer issue statements there."""
    if not queries.asker_may(batch):
        raise Conflict("batch_asker_gone", name=batch.asked_by.name)
