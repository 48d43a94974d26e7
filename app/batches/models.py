"""Batches: statements that were asked for together, one of each contract, made in the background.

What is done follows from the statements themselves; an item only says which statement is its own, who is at work on it
and why it could not be made. So whatever is killed, whoever goes on finds what is left.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Corporation, Language, User
from app.columns import check_filled
from app.contracts.models import Contract
from app.database import Base, UtcDateTime, checked
from app.statements.models import Statement

LONGEST_WORKER = 200


class Batch(Base):
    """One batch: as of which day, in which language, and whether somebody stopped it."""

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name="cancelled_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"), index=True)
    on: Mapped[date]
    language: Mapped[Language] = mapped_column(checked(Language))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    corporation: Mapped[Corporation] = relationship()
    asked_by: Mapped[User] = relationship(foreign_keys=asked_by_id)
    cancelled_by: Mapped[User | None] = relationship(foreign_keys=cancelled_by_id)


class BatchItem(Base):
    """A contract of a batch. Its number is reserved together with `statement_id`, so that it never gets two.

    Until `claimed_until` the worker `claimed_by` is at it. `failure` is why it could not be made (failures.py); it says
    nothing any more once the statement is issued all the same.
    """

    __tablename__ = "batch_items"
    __table_args__ = (
        UniqueConstraint("batch_id", "contract_id"),
        CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim_is_whole"),
        *check_filled("failure"),
    )
    __logged__ = False  # the batch is logged, and so is each statement

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"))
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statements.id"), unique=True)
    claimed_by: Mapped[str | None] = mapped_column(String(LONGEST_WORKER))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None] = mapped_column(Text)

    batch: Mapped[Batch] = relationship()
    contract: Mapped[Contract] = relationship()
    statement: Mapped[Statement | None] = relationship()
