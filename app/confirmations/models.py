"""Confirmations: what a school, sheltered-work company, agency or subcontractor says of one version of a contribution.

Whoever asks gives a name and an address; a link goes there that holds once, for fourteen days. The database keeps the
hash of the link's token only. An answer is about the version that was asked about: a later version has none of its own.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Corporation, Language, User
from app.columns import NOT_LOGGED, check_filled, sha256_column
from app.contributions.models import Contribution
from app.database import Base, UtcDateTime, checked
from app.triggers import refuse


class Answer(StrEnum):
    """What the other side says."""

    YES = "yes"
    NO = "no"


class Disputed(StrEnum):
    """What of the line is not right, as the other side sees it."""

    UNKNOWN_HERE = "unknown_here"
    PERIOD = "period"
    HOURS = "hours"
    AMOUNT = "amount"
    OTHER = "other"


class Confirmation(Base):
    """A question to an organisation about one version, and its answer.

    `was_shown` says that the link was also shown to who asked, of the corporation, to be handed over. `email` is left
    out of the log, and emptied when it is erased.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answer_is_whole"),
        CheckConstraint(
            "(coalesce(answer, '') = 'no') = (disputed IS NOT NULL)"
            " AND (coalesce(answer, '') = 'no') = (reason IS NOT NULL)",
            name="disagreement_is_whole",
        ),
        *check_filled("organisation", "email", "reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), index=True)
    organisation: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), info=NOT_LOGGED)
    language: Mapped[Language] = mapped_column(checked(Language))
    token_hash: Mapped[str] = sha256_column(unique=True, info=NOT_LOGGED)
    was_shown: Mapped[bool]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[Answer | None] = mapped_column(checked(Answer))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disputed: Mapped[Disputed | None] = mapped_column(checked(Disputed))
    reason: Mapped[str | None] = mapped_column(Text)

    contribution: Mapped[Contribution] = relationship()
    asked_by: Mapped[User | None] = relationship()

    @property
    def corporation(self) -> Corporation:
        return self.contribution.corporation

    def is_open(self, at: datetime) -> bool:
        """Whether it can still be answered."""
        return self.answer is None and at < self.expires_at


refuse(Confirmation.__table__, "DELETE", because="a question to the other side is never deleted")
refuse(
    Confirmation.__table__,
    "UPDATE",
    columns=("answer", "answered_at", "disputed", "reason"),
    when="OLD.answered_at IS NOT NULL",
    because="an answer of the other side never changes",
)
