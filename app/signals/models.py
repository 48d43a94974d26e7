"""What people do with signals, the conversations that follow, and which mail somebody does not want.

A signal itself is no row: it follows from the facts (kinds.py). A row stands for one that was seen, so that it is known
since when it is there, whether it was mailed, and whether somebody let it rest or closed it. Other facts make another
signal: what was closed comes back with them and not otherwise.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Connection, ForeignKey, Index, String, Text, UniqueConstraint, delete, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.accounts.models import Corporation, User
from app.columns import NOT_LOGGED, Locked, check_filled
from app.contracts.models import Contract
from app.database import Base, UtcDateTime, checked
from app.signals.kinds import Kind, MailKind


class Handling(Locked, Base):
    """What was done with one signal of a contract; `key` is a hash of what the signal is about and rests on."""

    __tablename__ = "signal_handlings"
    __table_args__ = (
        UniqueConstraint("contract_id", "key"),
        CheckConstraint("(snoozed_until IS NULL) = (snoozed_reason IS NULL)", name="snooze_is_whole"),
        CheckConstraint("snoozed_by_id IS NULL OR snoozed_until IS NOT NULL", name="snoozed_by"),
        CheckConstraint("(closed_at IS NULL) = (closed_reason IS NULL)", name="closing_is_whole"),
        CheckConstraint("closed_by_id IS NULL OR closed_at IS NOT NULL", name="closed_by"),
        *check_filled("key", "snoozed_reason", "closed_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    kind: Mapped[Kind] = mapped_column(checked(Kind, name="signal_kind"))
    subject: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(16))
    first_seen_on: Mapped[date]
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=NOT_LOGGED)
    snoozed_until: Mapped[date | None]
    snoozed_reason: Mapped[str | None] = mapped_column(String(500))
    snoozed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_reason: Mapped[str | None] = mapped_column(String(500))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    contract: Mapped[Contract] = relationship()
    snoozed_by: Mapped[User | None] = relationship(foreign_keys=snoozed_by_id)
    closed_by: Mapped[User | None] = relationship(foreign_keys=closed_by_id)

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    def rests_on(self, day: date) -> bool:
        """Whether somebody let it rest until after that day."""
        return self.snoozed_until is not None and day < self.snoozed_until


class Conversation(Locked, Base):
    """A good conversation about a contract: when, with whom, what was agreed, by when and by whom."""

    __tablename__ = "conversations"
    __table_args__ = (
        Index(None, "contract_id"),
        *check_filled("with_whom", "action"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    held_on: Mapped[date]
    with_whom: Mapped[str] = mapped_column(String(200))
    about: Mapped[str] = mapped_column(Text, default="")
    action: Mapped[str] = mapped_column(String(500))
    due_on: Mapped[date | None]
    by_whom: Mapped[str] = mapped_column(String(200), default="")
    done_on: Mapped[date | None]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = relationship()
    recorded_by: Mapped[User] = relationship()

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    def is_late(self, on: date) -> bool:
        """Whether what was agreed should have been done before that day."""
        return self.done_on is None and self.due_on is not None and self.due_on < on


class OptOut(Base):
    """A kind of mail that a user does not want."""

    __tablename__ = "mail_opt_outs"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    kind: Mapped[MailKind] = mapped_column(checked(MailKind), primary_key=True)


@event.listens_for(Contract, "before_delete")
def _forget(_mapper: Mapper[Contract], connection: Connection, contract: Contract) -> None:
    """Signals follow from a contract: with it goes what was noted about them."""
    connection.execute(delete(Handling).where(Handling.contract_id == contract.id))
