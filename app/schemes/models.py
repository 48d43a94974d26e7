"""Rate tables and policies: the TOML text of one version each. A version never changes; a new one has a new id."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Corporation
from app.columns import check_filled, sha256_column, unique_where
from app.database import Base, UtcDateTime
from app.triggers import refuse

NEVER_CHANGED = "a version of a scheme never changes: add a new one under a new id"


class RateTable(Base):
    """One version of a rate table, known by its id (`code`). Without a corporation it was shipped with the product.

    What lists and the choice of a version need of the text stands beside it in columns.
    """

    __tablename__ = "rate_tables"
    __table_args__ = (
        CheckConstraint("selected_by IN ('publication', 'award', 'start')", name="selected_by"),
        *check_filled("code", "family", "name", "content"),
        unique_where("uq_rate_tables_shipped", "corporation_id IS NULL", "code"),
        unique_where("uq_rate_tables_own", "corporation_id IS NOT NULL", "corporation_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(100))
    corporation_id: Mapped[int | None] = mapped_column(ForeignKey("corporations.id"))
    family: Mapped[str] = mapped_column(String(100), index=True)
    name: Mapped[str] = mapped_column(String(200))
    in_force_from: Mapped[date]
    selected_by: Mapped[str] = mapped_column(String(11))
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = sha256_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    corporation: Mapped[Corporation | None] = relationship(foreign_keys=corporation_id)


class Policy(Base):
    """One version of a policy, known by its id (`code`). Without a corporation it was shipped with the product."""

    __tablename__ = "policies"
    __table_args__ = (
        *check_filled("code", "name_nl", "content"),
        unique_where("uq_policies_shipped", "corporation_id IS NULL", "code"),
        unique_where("uq_policies_own", "corporation_id IS NOT NULL", "corporation_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(100))
    corporation_id: Mapped[int | None] = mapped_column(ForeignKey("corporations.id"))
    name_nl: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = sha256_column()
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    corporation: Mapped[Corporation | None] = relationship(foreign_keys=corporation_id)


refuse(RateTable.__table__, "UPDATE", because=NEVER_CHANGED)
refuse(Policy.__table__, "UPDATE", because=NEVER_CHANGED)
