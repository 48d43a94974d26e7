"""Contributions (invulling): what a supplier does on a contract, as placements and as activities, in versions.

A contribution is known by contract and reference. Each correction is a new version; at most one of them is approved and
counts, and at most one waits. Four eyes are the database's own rule: who entered a version does not approve it, unless
a workbook brought it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, inspect
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Corporation, User
from app.columns import (
    CENTS,
    HOURS,
    LOGGED_WITH_PARENT,
    NOT_LOGGED,
    PERCENT,
    QUANTITY,
    Locked,
    check_filled,
    check_period,
    unique_where,
)
from app.contracts.models import Contract
from app.database import Base, UtcDateTime, checked
from app.rules import dossier as facts
from app.rules.dossier import Programme, Status
from app.suppliers.models import Supplier


class ContributionKind(StrEnum):
    """The two kinds of contribution."""

    PLACEMENT = "placement"
    ACTIVITY = "activity"


class ApprovedHow(StrEnum):
    """How an approval came about: judged by a colleague, or brought in by a workbook."""

    REVIEW = "review"
    IMPORT = "import"


class Person(Base):
    """Somebody whom a supplier placed, known by the supplier's own pseudonym. This is the only column that holds it.

    Erasing empties `reference`; placements keep pointing here, so that figures and papers stay as they were.
    """

    __tablename__ = "persons"
    __table_args__ = (UniqueConstraint("supplier_id", "reference"), *check_filled("reference"))

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    reference: Mapped[str | None] = mapped_column(String(100), info=NOT_LOGGED)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    supplier: Mapped[Supplier] = relationship()


class Contribution(Locked, Base):
    """One version of a placement or an activity.

    `entered_by`, `approved_by` and `rejected_by` are empty when the command line did it. `judged_for` is the other
    organisation for which an assessor judged it. `spread_id` joins the rows of
    one employment that is divided over contracts. `replaces` is the version that this one corrects. `entry_key` is the
    form that it was entered with: the same form sent twice makes one version.
    """

    __tablename__ = "contributions"
    __table_args__ = (
        UniqueConstraint("contract_id", "reference", "version"),
        unique_where("uq_contributions_approved", "status = 'approved'", "contract_id", "reference"),
        unique_where("uq_contributions_waiting", "status IN ('draft', 'submitted')", "contract_id", "reference"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("approved_by_id <> entered_by_id OR approved_how = 'import'", name="four_eyes"),
        CheckConstraint(
            "(approved_at IS NULL) = (approved_how IS NULL) AND (approved_by_id IS NULL OR approved_at IS NOT NULL)"
            " AND (approved_how IS NULL OR approved_how = 'import' OR approved_by_id IS NOT NULL)",
            name="approval_is_whole",
        ),
        CheckConstraint("status <> 'approved' OR approved_at IS NOT NULL", name="approved_has_approval"),
        CheckConstraint("status IN ('approved', 'withdrawn') OR approved_at IS NULL", name="approval_of_approved"),
        CheckConstraint("status <> 'rejected' OR rejected_at IS NOT NULL", name="rejected_has_rejection"),
        CheckConstraint("status IN ('rejected', 'withdrawn') OR rejected_at IS NULL", name="rejection_of_rejected"),
        CheckConstraint(
            "rejected_at IS NOT NULL OR (rejected_by_id IS NULL AND rejected_reason IS NULL)", name="rejection_is_whole"
        ),
        CheckConstraint("status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", name="submitted_has_instant"),
        CheckConstraint("(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_has_instant"),
        *check_filled("reference", "block", "rejected_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    reference: Mapped[str] = mapped_column(String(100))
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[ContributionKind] = mapped_column(checked(ContributionKind))
    status: Mapped[Status] = mapped_column(checked(Status), default=Status.DRAFT)
    block: Mapped[str] = mapped_column(String(100))
    spread_id: Mapped[UUID | None] = mapped_column(index=True)
    entry_key: Mapped[UUID | None] = mapped_column(unique=True)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("contributions.id"), index=True)
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_how: Mapped[ApprovedHow | None] = mapped_column(checked(ApprovedHow))
    rejected_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    rejected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rejected_reason: Mapped[str | None] = mapped_column(Text)
    judged_for: Mapped[str | None] = mapped_column(String(200))
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = relationship()
    replaces: Mapped[Contribution | None] = relationship(remote_side=id)
    entered_by: Mapped[User | None] = relationship(foreign_keys=entered_by_id)
    approved_by: Mapped[User | None] = relationship(foreign_keys=approved_by_id)
    rejected_by: Mapped[User | None] = relationship(foreign_keys=rejected_by_id)
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=withdrawn_by_id)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"polymorphic_on": cls.kind, "version_id_col": cls.row_version}

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    @property
    def name(self) -> str:
        """What people call this version: the reference, with the number of the version from the second on."""
        return self.reference if self.version == 1 else f"{self.reference} ({self.version})"


class Placement(Contribution):
    """A person of the target group who works or trains on the contract; `share_percent` of the employment is for it."""

    __tablename__ = "placements"
    __table_args__ = (
        check_period("starts_on", "ends_on"),
        CheckConstraint("share_percent > 0 AND share_percent <= 100", name="share"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    employer: Mapped[str] = mapped_column(String(200), default="")
    share_percent: Mapped[Decimal] = mapped_column(PERCENT, default=Decimal(100))
    subsidy_until: Mapped[date | None]
    programme: Mapped[Programme] = mapped_column(checked(Programme), default=Programme.OTHER)

    person: Mapped[Person] = relationship()
    hours: Mapped[list[PlacementHours]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="PlacementHours.from_day", info=LOGGED_WITH_PARENT
    )
    bonuses: Mapped[list[ClaimedBonus]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="ClaimedBonus.block", info=LOGGED_WITH_PARENT
    )

    __mapper_args__: dict[str, Any] = {  # noqa: RUF012
        "polymorphic_identity": ContributionKind.PLACEMENT,
        "polymorphic_load": "inline",
    }

    def records(self, said: facts.Placement, person: Person) -> None:
        """Hold what was said about the placement of a person; its state and its reference are the commands' matter."""
        self.block, self.person = said.block, person
        self.starts_on, self.ends_on, self.subsidy_until = said.starts_on, said.ends_on, said.subsidy_until
        self.employer, self.share_percent, self.programme = said.employer, said.share, said.programme
        self.works({each.starts_on: each.a_week for each in said.hours})
        self.claims(set(said.bonuses))

    def works(self, hours: Mapping[date, Decimal]) -> None:
        """Set the hours a week from each day on; the first day is the placement's own."""
        kept = {each.from_day: each for each in self.hours}
        self.hours = [kept.get(day) or PlacementHours(from_day=day) for day in sorted(hours)]
        for each in self.hours:
            each.hours = hours[each.from_day]
        self._has_changed()

    def claims(self, blocks: set[str]) -> None:
        """Set the bonuses that are claimed, by the codes of their blocks."""
        kept = {each.block: each for each in self.bonuses}
        self.bonuses = [kept.get(block) or ClaimedBonus(block=block) for block in sorted(blocks)]
        self._has_changed()

    def _has_changed(self) -> None:
        """Hours and bonuses are rows of their own: a change of them alone would not raise `row_version`."""
        if inspect(self).persistent and self.status:  # reading it loads what an earlier commit expired
            flag_modified(self, "status")


class PlacementHours(Base):
    """Hours a week from a day on; 0 is a leave that keeps the placement running."""

    __tablename__ = "placement_hours"
    __table_args__ = (CheckConstraint("hours BETWEEN 0 AND 60", name="hours"),)

    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id", ondelete="CASCADE"), primary_key=True)
    from_day: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[Decimal] = mapped_column(HOURS)


class ClaimedBonus(Base):
    """A bonus of the rate table that the supplier claims on a placement."""

    __tablename__ = "claimed_bonuses"

    placement_id: Mapped[int] = mapped_column(ForeignKey("placements.id", ondelete="CASCADE"), primary_key=True)
    block: Mapped[str] = mapped_column(String(100), primary_key=True)


class Activity(Contribution):
    """Any other contribution: an invoice or an agreed amount (excluding VAT), or a quantity of hours or days."""

    __tablename__ = "activities"
    __table_args__ = (
        CheckConstraint("amount_cents IS NOT NULL OR quantity IS NOT NULL", name="amount_or_quantity"),
        CheckConstraint("amount_cents >= 0", name="amount"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[int] = mapped_column(ForeignKey("contributions.id", ondelete="CASCADE"), primary_key=True)
    on: Mapped[date]
    amount_cents: Mapped[int | None] = mapped_column(CENTS)
    quantity: Mapped[Decimal | None] = mapped_column(QUANTITY)
    description: Mapped[str] = mapped_column(Text, default="")

    __mapper_args__: dict[str, Any] = {  # noqa: RUF012
        "polymorphic_identity": ContributionKind.ACTIVITY,
        "polymorphic_load": "inline",
    }

    def records(self, said: facts.Activity) -> None:
        """Hold what was said about the activity; its state and its reference are the commands' matter."""
        self.block, self.on, self.description = said.block, said.on, said.description
        self.amount_cents, self.quantity = said.amount_cents, said.quantity
