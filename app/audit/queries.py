"""Reads of the audit log: a chain, its head, its records as links."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.audit.chain import Head, Link, Payload
from app.audit.models import INSTALLATION, AuditChain, AuditPayload, AuditRecord

ROWS_AT_ONCE = 1000


class Owner(Protocol):
    """Whose chain it is: a corporation. None stands for the installation."""

    @property
    def id(self) -> int: ...

    @property
    def kvk(self) -> str: ...


def key_of(owner: Owner | None) -> str:
    """The key of a chain that is yet to be made."""
    return owner.kvk if owner else INSTALLATION


def chain_of(owner: Owner | None) -> Select[AuditChain]:
    """The chain of a corporation or of the installation; there is none before its first record."""
    return select(AuditChain).where(AuditChain.corporation_id == (owner.id if owner else None))


def head(session: Session, chain_id: int) -> Head:
    """The last record of a chain."""
    columns = select(AuditRecord.sequence, AuditRecord.hash)
    found = session.execute(
        columns.where(AuditRecord.chain_id == chain_id).order_by(AuditRecord.sequence.desc()).limit(1)
    ).first()
    return Head(found.sequence, found.hash) if found else Head()


def head_of(session: Session, owner: Owner | None) -> Head:
    """The head of the chain of a corporation (or of the installation), to be noted outside the log."""
    chain = session.scalar(chain_of(owner))
    return head(session, chain.id) if chain else Head()


def links(session: Session, chain_id: int, first: int = 1, last: int | None = None) -> Generator[Link, None, None]:
    """The records of a chain in order, all or from one sequence through another, with their payloads.

    A thousand are in memory at a time.

    Close it (`closing`) when it is left before its end: PostgreSQL keeps a cursor open.
    """
    wanted = (
        select(*AuditRecord.__table__.columns, *(AuditPayload.__table__.columns))
        .join_from(AuditRecord, AuditPayload, isouter=True)
        .where(AuditRecord.chain_id == chain_id, AuditRecord.sequence >= first)
        .order_by(AuditRecord.sequence)
        .execution_options(yield_per=ROWS_AT_ONCE)
    )
    if last is not None:
        wanted = wanted.where(AuditRecord.sequence <= last)
    with session.execute(wanted) as rows:
        for row in rows:
            yield _link(row)


def spanning(session: Session, chain_id: int, begin: datetime, end: datetime) -> tuple[int, int] | None:
    """The sequences of the first and the last record that was written then; None when there was none."""
    then = (AuditRecord.chain_id == chain_id, AuditRecord.at >= begin, AuditRecord.at < end)
    ends = select(func.min(AuditRecord.sequence), func.max(AuditRecord.sequence)).where(*then)
    first, last = session.execute(ends).one()
    return None if first is None else (first, last)


def _link(row: Row[*tuple[Any, ...]]) -> Link:
    payload = None if row.salt is None else Payload(row.before, row.after, row.notes, row.salt)
    return Link(
        sequence=row.sequence,
        at=row.at,
        actor_id=row.actor_id,
        actor=row.actor,
        action=row.action,
        object_kind=row.object_kind,
        object_id=row.object_id,
        payload_digest=row.payload_digest,
        previous_hash=row.previous_hash,
        hash=row.hash,
        payload=payload,
    )
