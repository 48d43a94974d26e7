"""The outbox: each mail once, with what became of it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import check_filled
from app.database import Base, UtcDateTime, checked


class MailState(StrEnum):
    """What became of a mail."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Mail(Base):
    """A mail to one address. `key` names what may be mailed once only ("digest:3:2026-W48").

    `next_try_at` is when it may be tried (again); whoever tries moves it on first, so that nobody else tries meanwhile.
    `reason` is what the other side said when it did not go. Its text is gone once nothing more is to be sent: links to
    log in with stand in it, which are kept nowhere else.
    """

    __tablename__ = "mails"
    __table_args__ = (
        CheckConstraint("language IN ('nl', 'en')", name="language"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_instant"),
        CheckConstraint("tries >= 0", name="tries"),
        *check_filled("address", "kind", "subject", "key"),
        Index(None, "state", "next_try_at"),
    )
    __logged__ = False  # it follows from the command that put it there, which is logged

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int | None] = mapped_column(ForeignKey("corporations.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    opt_out_url: Mapped[str | None] = mapped_column(String(500))
    state: Mapped[MailState] = mapped_column(checked(MailState), default=MailState.WAITING)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None] = mapped_column(String(500))
