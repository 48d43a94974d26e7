"""Contracts and what was changed in them since: the terms that an obligation follows from."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import cast

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    inspect,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from app.accounts.models import Corporation, User
from app.columns import CENTS, NOT_LOGGED, PERCENT, Locked, check_filled, check_period, unique_where
from app.database import Base, UtcDateTime, checked
from app.rules.dossier import Base as ObligationBase
from app.rules.tables import Kind
from app.schemes.models import Policy, RateTable
from app.suppliers.models import Supplier, SupplierRecord
from app.web.formats import day_short

CHANGED = "contracts whose facts changed"


class Contract(Locked, Base):
    """What a corporation awarded to a supplier. The sum excludes VAT; `percentage` and `activity_cap` are percents.

    `facts_version` rises with every write that may change a figure (of a contribution, a certificate, an amendment
    too), without touching `row_version`: whoever edits the terms meanwhile is not disturbed by a placement.
    """

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("corporation_id", "number"),
        ForeignKeyConstraint(
            ["corporation_id", "supplier_id"], ["supplier_records.corporation_id", "supplier_records.supplier_id"]
        ),
        check_period("starts_on", "ends_on"),
        CheckConstraint("contract_sum_cents >= 0", name="contract_sum"),
        CheckConstraint("base_amount_cents >= 0", name="base_amount"),
        CheckConstraint("base = 'contract_sum' OR base_amount_cents IS NOT NULL", name="base_has_amount"),
        CheckConstraint("percentage BETWEEN 0 AND 100", name="percentage"),
        CheckConstraint("activity_cap BETWEEN 0 AND 100", name="activity_cap"),
        CheckConstraint(
            "(excused_reason IS NULL) = (excused_by_id IS NULL) AND (excused_reason IS NULL) = (excused_at IS NULL)",
            name="excuse_is_whole",
        ),
        CheckConstraint(
            "(excused_approved_by_id IS NULL) = (excused_approved_at IS NULL)", name="excuse_approval_is_whole"
        ),
        CheckConstraint(
            "excused_approved_by_id IS NULL OR (excused_by_id IS NOT NULL AND excused_approved_by_id <> excused_by_id)",
            name="excuse_four_eyes",
        ),
        CheckConstraint("excused_effort IS NULL OR excused_reason IS NOT NULL", name="excused_effort_of_excuse"),
        *check_filled("number", "title", "excused_reason", "excused_effort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"))
    number: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(300))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    kind: Mapped[Kind | None] = mapped_column(checked(Kind))
    published_on: Mapped[date | None]
    awarded_on: Mapped[date | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    contract_sum_cents: Mapped[int] = mapped_column(CENTS)
    base: Mapped[ObligationBase] = mapped_column(checked(ObligationBase), default=ObligationBase.CONTRACT_SUM)
    base_amount_cents: Mapped[int | None] = mapped_column(CENTS)
    percentage: Mapped[Decimal] = mapped_column(PERCENT)
    rate_table_id: Mapped[int] = mapped_column(ForeignKey("rate_tables.id"), index=True)
    policy_id: Mapped[int] = mapped_column(ForeignKey("policies.id"), index=True)
    activity_cap: Mapped[Decimal | None] = mapped_column(PERCENT)
    project_leader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    excused_reason: Mapped[str | None] = mapped_column(Text)
    excused_effort: Mapped[str | None] = mapped_column(Text)
    excused_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    excused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    excused_approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    excused_approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    facts_version: Mapped[int] = mapped_column(default=1, info=NOT_LOGGED)

    corporation: Mapped[Corporation] = relationship()
    supplier: Mapped[Supplier] = relationship(foreign_keys=supplier_id)
    supplier_record: Mapped[SupplierRecord] = relationship(
        foreign_keys="[Contract.corporation_id, Contract.supplier_id]", viewonly=True
    )
    rate_table: Mapped[RateTable] = relationship()
    policy: Mapped[Policy] = relationship()
    project_leader: Mapped[User | None] = relationship(foreign_keys=project_leader_id)
    excused_by: Mapped[User | None] = relationship(foreign_keys=excused_by_id)
    excused_approved_by: Mapped[User | None] = relationship(foreign_keys=excused_approved_by_id)
    amendments: Mapped[list[Amendment]] = relationship(
        back_populates="contract", cascade="all, delete-orphan", order_by="Amendment.effective_on, Amendment.id"
    )

    @property
    def is_excused(self) -> bool:
        """Whether a second person agreed that the supplier is not to blame for a shortfall."""
        return self.excused_approved_at is not None

    def facts_changed(self) -> None:
        """Say that a figure of this contract may have changed: at the end of the command its new dossier is kept."""
        session = cast(Session, object_session(self))
        changed: dict[Contract, None] = session.info.setdefault(CHANGED, {})
        if self in changed:
            return
        changed[self] = None
        if inspect(self).persistent:
            raised = update(Contract).where(Contract.id == self.id).values(facts_version=Contract.facts_version + 1)
            session.execute(raised)


class Amendment(Locked, Base):
    """A dated change of a contract's sum (negative for less work), of its end, or of both.

    Known by its reference; without one by its effective day.
    """

    __tablename__ = "amendments"
    __table_args__ = (
        unique_where("uq_amendments_reference", "reference IS NOT NULL", "contract_id", "reference"),
        unique_where("uq_amendments_effective_on", "reference IS NULL", "contract_id", "effective_on"),
        *check_filled("reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    reference: Mapped[str | None] = mapped_column(String(100))
    effective_on: Mapped[date]
    new_end: Mapped[date | None]
    amount_cents: Mapped[int] = mapped_column(CENTS)
    description: Mapped[str] = mapped_column(Text, default="")

    contract: Mapped[Contract] = relationship(back_populates="amendments")

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    @property
    def name(self) -> str:
        """What it is called: its reference, or else its day."""
        return self.reference or day_short(self.effective_on)


def changed_contracts(session: Session) -> list[Contract]:
    """The contracts whose facts the running command changed, each once."""
    return list(session.info.get(CHANGED, {}))
