"""What a worker does: takes the items of a batch one by one, until none is left.

The database says what is left; the queue only wakes workers up. A worker holds an item for a while; when it dies
somebody else goes on with it, under the number that the item has already.
"""

from __future__ import annotations

import logging
import socket

from sqlalchemy import update

from app.audit.service import command, housekeeping
from app.batches import queries
from app.batches.failures import failure_of
from app.batches.models import LONGEST_WORKER, BatchItem
from app.batches.queries import HELD_FOR
from app.batches.service import expect_asker
from app.rules.errors import RuleError
from app.statements import service as statements
from app.web.clock import now
from app.web.errors import Conflict, DomainError

log = logging.getLogger(__name__)


def work_through(batch_id: int) -> int:
    """Make what is left of a batch and nobody else is at; gives how many items that were."""
    made = 0
    while (item_id := claim(batch_id)) is not None:
        issue(item_id)
        made += 1
    return made


def claim(batch_id: int) -> int | None:
    """Take an item that is free, for a while; None when there is none."""
    with housekeeping("batch.claim"):
        item = queries.next_free(batch_id, now())
        if item is None:
            return None
        item.claimed_by, item.claimed_until = this_host(), now() + HELD_FOR
        return item.id


def issue(item_id: int) -> None:
    """Issue the statement of an item, or go on with it; what stands in the way is noted with the item."""
    try:
        statement_id = _number(item_id)
        if statement_id is not None and (item := queries.item_whole(item_id)) is not None:
            statements.complete(statement_id, by=item.batch.asked_by)
    except Exception as error:  # whatever it is, the other contracts get theirs
        if not isinstance(error, DomainError | RuleError):
            log.exception("batch item %s", item_id)
        _note_failure(item_id, error)


def let_go_of_ours() -> None:
    """Free what workers of this machine held: they are gone when the consumer of this machine begins."""
    with housekeeping("batch.let_go") as session:
        held = update(BatchItem).where(BatchItem.claimed_by == this_host())
        session.execute(held.values(claimed_by=None, claimed_until=None))


def this_host() -> str:
    return socket.gethostname()[:LONGEST_WORKER]


def _number(item_id: int) -> int | None:
    """The statement of an item, with its number; given out together with the note of whose it is.

    None when there is nothing to make any more: the batch was stopped meanwhile, or the contract was deleted. Errors:
    Conflict `batch_asker_gone`, `batch_made_elsewhere`; as `statements.reserved`.
    """
    item = queries.item_whole(item_id)
    if item is None:
        return None
    if item.statement_id is not None:
        return item.statement_id
    with command("statement.reserve", by=item.batch.asked_by, corporation=item.batch.corporation) as audit:
        # Anew, under the lock under which a batch is stopped, a membership ends and a contract is deleted.
        item = queries.item_whole(item_id)
        if item is None:
            return None
        if item.statement_id is not None:
            return item.statement_id
        batch = item.batch
        if batch.cancelled_at is not None:
            item.claimed_by = item.claimed_until = None
            return None
        expect_asker(batch)
        if (other := queries.made_elsewhere(item)) is not None:
            raise Conflict("batch_made_elsewhere", number=other.number)
        statement = statements.reserved(audit, item.contract, batch.on, batch.language, batch.asked_by)
        item.statement_id = statement.id
        return item.statement_id


def _note_failure(item_id: int, error: Exception) -> None:
    with housekeeping("batch.fail"):
        item = queries.item_whole(item_id)
        if item is not None:
            item.claimed_by = item.claimed_until = None
            item.failure = failure_of(error)
