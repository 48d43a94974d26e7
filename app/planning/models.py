"""What is agreed and heard at the start and during a contract: its plan of approach, the reports, and the handover.

A plan has versions. At most one of them is agreed and holds, and at most one is being written or waits for the other
side; a version that was agreed never changes, and stays readable when a newer one takes its place. Two pairs of eyes
are the database's own rule: who proposed a plan does not agree to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Corporation, User
from app.columns import (
    CENTS,
    HOURS,
    LOGGED_WITH_PARENT,
    NOT_LOGGED,
    QUANTITY,
    Locked,
    check_filled,
    check_period,
    unique_where,
)
from app.contracts.models import Contract
from app.contributions.models import ContributionKind
from app.database import Base, UtcDateTime, checked
from app.rules.dates import Period


class PlanStatus(StrEnum):
    """Where a version of a plan stands between who writes it and who agrees to it."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    REPLACED = "replaced"


class Side(StrEnum):
    """The two sides of a contract."""

    CORPORATION = "corporation"
    SUPPLIER = "supplier"


class Plan(Locked, Base):
    """One version of the plan of approach of a contract: which efforts, when.

    `returned_reason` is why the other side did not agree to it as it was; then it is a draft again. `agreed_note` says
    how the supplier agreed, when a colleague of who proposed it recorded that.
    """

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("contract_id", "version"),
        unique_where("uq_plans_agreed", "status = 'agreed'", "contract_id"),
        unique_where("uq_plans_waiting", "status IN ('draft', 'proposed')", "contract_id"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("agreed_by_id <> proposed_by_id", name="four_eyes"),
        CheckConstraint("(status = 'draft') = (proposed_at IS NULL)", name="draft_is_not_proposed"),
        CheckConstraint(
            "(proposed_at IS NULL) = (proposed_by_id IS NULL) AND (proposed_at IS NULL) = (proposed_for IS NULL)",
            name="proposal_is_whole",
        ),
        CheckConstraint("(status IN ('agreed', 'replaced')) = (agreed_at IS NOT NULL)", name="agreed_has_instant"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreement_is_whole"),
        CheckConstraint("(status = 'replaced') = (replaced_at IS NOT NULL)", name="replaced_has_instant"),
        CheckConstraint(
            "(returned_at IS NULL) = (returned_by_id IS NULL) AND (returned_at IS NULL) = (returned_reason IS NULL)",
            name="return_is_whole",
        ),
        *check_filled("agreed_note", "returned_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    version: Mapped[int] = mapped_column(default=1)
    status: Mapped[PlanStatus] = mapped_column(checked(PlanStatus), default=PlanStatus.DRAFT)
    explanation: Mapped[str] = mapped_column(Text, default="")
    written_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    proposed_for: Mapped[Side | None] = mapped_column(checked(Side))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_reason: Mapped[str | None] = mapped_column(Text)
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_note: Mapped[str | None] = mapped_column(String(500))
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = relationship()
    written_by: Mapped[User] = relationship(foreign_keys=written_by_id)
    proposed_by: Mapped[User | None] = relationship(foreign_keys=proposed_by_id)
    returned_by: Mapped[User | None] = relationship(foreign_keys=returned_by_id)
    agreed_by: Mapped[User | None] = relationship(foreign_keys=agreed_by_id)
    rows: Mapped[list[PlanRow]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="PlanRow.position", info=LOGGED_WITH_PARENT
    )

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    def consists_of(self, rows: Sequence[PlanRow]) -> None:
        """Set the efforts, in this order. They are rows of their own: a change of them alone raises no version."""
        self.rows = [row for row in self.rows if row.position <= len(rows)]
        for position, said in enumerate(rows, 1):
            if position > len(self.rows):
                said.position = position
                self.rows.append(said)
            else:
                self.rows[position - 1].takes_over(said)
        flag_modified(self, "explanation")


class PlanRow(Base):
    """An effort of a plan: so many persons placed on a block from a day on, or an activity in a month.

    Of an activity `starts_on` is the first day of its month. Amounts exclude VAT.
    """

    __tablename__ = "plan_rows"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("(kind = 'placement') = (persons IS NOT NULL)", name="persons_of_placement"),
        CheckConstraint("(kind = 'placement') = (hours IS NOT NULL)", name="hours_of_placement"),
        CheckConstraint("kind = 'placement' OR ends_on IS NULL", name="end_of_placement"),
        CheckConstraint(
            "(kind = 'activity') = (amount_cents IS NOT NULL OR quantity IS NOT NULL)", name="amount_or_quantity"
        ),
        CheckConstraint("persons BETWEEN 1 AND 100", name="persons"),
        CheckConstraint("hours BETWEEN 0 AND 60", name="hours"),
        CheckConstraint("amount_cents >= 0", name="amount"),
        CheckConstraint("quantity > 0", name="quantity"),
        check_period("starts_on", "ends_on"),
        *check_filled("block"),
    )

    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ContributionKind] = mapped_column(checked(ContributionKind))
    block: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    persons: Mapped[int | None]
    hours: Mapped[Decimal | None] = mapped_column(HOURS)
    amount_cents: Mapped[int | None] = mapped_column(CENTS)
    quantity: Mapped[Decimal | None] = mapped_column(QUANTITY)
    description: Mapped[str] = mapped_column(String(300), default="")

    def takes_over(self, other: PlanRow) -> None:
        """Say what `other` says, in this place."""
        for column in ("kind", "block", "starts_on", "ends_on", "persons", "hours", "amount_cents", "quantity"):
            setattr(self, column, getattr(other, column))
        self.description = other.description or ""


class ReportingChoice(Locked, Base):
    """How a contract is reported, where that is not as its corporation does: how long a period is, and from which day.

    Without `months` the corporation's own hold; without `starts_on` the day on which the contract was recorded here.
    """

    __tablename__ = "reporting_choices"
    __table_args__ = (CheckConstraint("months IN (1, 3, 6, 12)", name="months"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id", ondelete="CASCADE"), unique=True)
    months: Mapped[int | None]
    starts_on: Mapped[date | None]

    contract: Mapped[Contract] = relationship()

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation


class Report(Base):
    """That the supplier reported a period; with `is_nil`: nothing was done in it. What was done stands on the contract.

    A report is never changed or taken back; remarks are added to it.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("contract_id", "first_on", "last_on"),
        check_period("first_on", "last_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    is_nil: Mapped[bool]
    reported_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = relationship()
    reported_by: Mapped[User] = relationship()
    remarks: Mapped[list[ReportRemark]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ReportRemark.id", info=LOGGED_WITH_PARENT
    )

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    @property
    def days(self) -> Period:
        return Period(self.first_on, self.last_on)


class ReportRemark(Base):
    """Something that was said with a report, or afterwards."""

    __tablename__ = "report_remarks"
    __table_args__ = (*check_filled("text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[User] = relationship()


class Handover(Locked, Base):
    """What whoever awarded the contract hands over to its project leader: who is responsible, and what was promised.

    Name and contact are those of somebody's work, and stand in no log. `promised_cents` is effort value.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        CheckConstraint("promised_cents >= 0", name="promised"),
        CheckConstraint("promised_persons >= 0", name="promised_persons"),
        CheckConstraint("(accepted_at IS NULL) = (accepted_by_id IS NULL)", name="acceptance_is_whole"),
        *check_filled("responsible_function", "promised", "handed_over_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), unique=True)
    responsible_function: Mapped[str] = mapped_column(String(200))
    responsible_name: Mapped[str] = mapped_column(String(200), default="", info=NOT_LOGGED)
    responsible_contact: Mapped[str] = mapped_column(String(254), default="", info=NOT_LOGGED)
    promised: Mapped[str] = mapped_column(Text)
    promised_cents: Mapped[int | None] = mapped_column(CENTS)
    promised_persons: Mapped[int | None]
    handed_over_by: Mapped[str] = mapped_column(String(200))
    handed_over_on: Mapped[date]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = relationship()
    accepted_by: Mapped[User | None] = relationship()

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation
