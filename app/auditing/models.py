"""Samples of an auditor: what could be drawn, what was drawn and by which seed, and what was found of each.

Nothing of it is ever changed or deleted, so that a draw whose outcome does not suit somebody stays where it was; a
finding is corrected by a newer version of it.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Corporation, User
from app.columns import CENTS, NOT_LOGGED, check_filled, check_period, sha256_column
from app.contracts.models import Contract
from app.contributions.models import Contribution, ContributionKind
from app.database import Base, UtcDateTime, checked
from app.suppliers.models import Supplier
from app.triggers import refuse

LONGEST_SEED = 100


class Outcome(StrEnum):
    """What was found of a drawn contribution."""

    IN_ORDER = "in_order"
    DEVIATION = "deviation"


class Sample(Base):
    """`size` contributions drawn out of a population: the approved ones that the filter found at that moment.

    `sequence` numbers the samples of a corporation without gaps. `population` is the list itself, a file of which
    `population_sha256` is the hash (app/auditing/population.py); `population_cents` is what its contributions are
    credited as of the day of drawing. An empty column of the filter asked for nothing. `is_seed_typed` says that the
    auditor brought the seed; else it is a random one of ours.
    """

    __tablename__ = "samples"
    __table_args__ = (
        UniqueConstraint("corporation_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        CheckConstraint("size >= 1 AND size <= population_size", name="size"),
        check_period("approved_from", "approved_until"),
        *check_filled("seed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"))
    sequence: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    approved_from: Mapped[date | None]
    approved_until: Mapped[date | None]
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    kind: Mapped[ContributionKind | None] = mapped_column(checked(ContributionKind))
    size: Mapped[int]
    seed: Mapped[str] = mapped_column(String(LONGEST_SEED))
    is_seed_typed: Mapped[bool]
    population: Mapped[bytes] = mapped_column(LargeBinary, info=NOT_LOGGED, deferred=True)
    population_size: Mapped[int]
    population_cents: Mapped[int] = mapped_column(CENTS)
    population_sha256: Mapped[str] = sha256_column()
    drawn_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)

    corporation: Mapped[Corporation] = relationship()
    contract: Mapped[Contract | None] = relationship()
    supplier: Mapped[Supplier | None] = relationship()
    drawn_by: Mapped[User] = relationship()
    items: Mapped[list[SampleItem]] = relationship(back_populates="sample", order_by="SampleItem.position")


class SampleItem(Base):
    """A drawn contribution; `line` is the line of the population that it was: what it looked like when it was drawn."""

    __tablename__ = "sample_items"
    __table_args__ = (
        UniqueConstraint("sample_id", "position"),
        UniqueConstraint("sample_id", "contribution_id"),
        CheckConstraint("position >= 1", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[int] = mapped_column(ForeignKey("samples.id"))
    position: Mapped[int]
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contributions.id"), index=True)
    line: Mapped[str] = mapped_column(Text)

    sample: Mapped[Sample] = relationship(back_populates="items")
    contribution: Mapped[Contribution] = relationship()
    findings: Mapped[list[SampleFinding]] = relationship(back_populates="item", order_by="SampleFinding.version")

    @property
    def corporation(self) -> Corporation:
        return self.sample.corporation

    @property
    def finding(self) -> SampleFinding | None:
        """What holds: the newest version."""
        return self.findings[-1] if self.findings else None


class SampleFinding(Base):
    """One version of what was found of a drawn contribution; a deviation says what."""

    __tablename__ = "sample_findings"
    __table_args__ = (
        UniqueConstraint("item_id", "version"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("outcome <> 'deviation' OR text <> ''", name="deviation_says_what"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("sample_items.id"))
    version: Mapped[int]
    outcome: Mapped[Outcome] = mapped_column(checked(Outcome))
    text: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    item: Mapped[SampleItem] = relationship(back_populates="findings")
    by: Mapped[User] = relationship()

    @property
    def corporation(self) -> Corporation:
        return self.item.corporation


for drawn in (Sample, SampleItem, SampleFinding):
    refuse(drawn.__table__, "UPDATE", "DELETE", because="what an auditor drew and found never changes")


class AccessReview(Base):
    """That somebody looked at a month of a corporation's log: how much was odd, in a list with this digest.

    `month` is its first day. What was done about what was odd stands in the remark.
    """

    __tablename__ = "access_reviews"
    __table_args__ = (
        UniqueConstraint("corporation_id", "month"),
        CheckConstraint("oddities >= 0 AND records >= 0", name="numbers"),
        CheckConstraint("oddities = 0 OR remark <> ''", name="oddities_have_remark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"))
    month: Mapped[date]
    oddities: Mapped[int]
    records: Mapped[int]
    digest: Mapped[str] = sha256_column()
    remark: Mapped[str] = mapped_column(Text, default="")
    signed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    corporation: Mapped[Corporation] = relationship()
    signed_by: Mapped[User] = relationship()


refuse(AccessReview.__table__, "UPDATE", "DELETE", because="a review that was signed stays as it was")
