"""What is decided and asked when a contract is over: its settlement, and what became of each person three months later.

Two pairs of eyes are the database's own rule: who proposed a settlement does not confirm it. Amounts are frozen with
the proposal; whoever sees that they are wrong withdraws it and a new one is proposed.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Corporation, User
from app.assessments.models import DossierRecord
from app.columns import CENTS, Locked, check_filled, unique_where
from app.contracts.models import Contract
from app.contributions.models import Person
from app.database import Base, UtcDateTime, checked
from app.rules.assessment import Standing
from app.triggers import refuse

FROZEN = (
    "contract_id",
    "assessed_on",
    "standing",
    "net_cents",
    "credited_cents",
    "shortfall_cents",
    "penalty_cents",
    "is_excused",
    "instalment_cents",
    "deducted_cents",
    "claimed_cents",
    "note",
    "proposed_by_id",
    "proposed_at",
)


class SettlementState(StrEnum):
    """How far a settlement is."""

    PROPOSED = "proposed"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Became(StrEnum):
    """What became of a person three months after the project."""

    AT_SUPPLIER = "at_supplier"
    ELSEWHERE = "elsewhere"
    NOT_AT_WORK = "not_at_work"
    UNKNOWN = "unknown"


class Settlement(Locked, Base):
    """How a contract ended, in amounts as they were reckoned as of `assessed_on`.

    Of the penalty `deducted_cents` is kept back from the last instalment (`instalment_cents`) and `claimed_cents` is
    claimed separately. `dossier` is what it rests on, from the moment that a second person confirmed it.
    """

    __tablename__ = "settlements"
    __table_args__ = (
        unique_where("uq_settlements_standing", "state IN ('proposed', 'settled')", "contract_id"),
        CheckConstraint("shortfall_cents >= 0 AND penalty_cents >= 0", name="amounts"),
        CheckConstraint("deducted_cents >= 0 AND claimed_cents >= 0", name="shares"),
        CheckConstraint("deducted_cents + claimed_cents = penalty_cents", name="penalty_is_divided"),
        CheckConstraint("penalty_cents = 0 OR instalment_cents IS NOT NULL", name="instalment_is_known"),
        CheckConstraint("instalment_cents >= deducted_cents", name="deduction_within_instalment"),
        CheckConstraint("confirmed_by_id <> proposed_by_id", name="four_eyes"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (confirmed_by_id IS NULL) AND (confirmed_at IS NULL) = (dossier_id IS NULL)",
            name="confirmation_is_whole",
        ),
        CheckConstraint("state <> 'settled' OR confirmed_at IS NOT NULL", name="settled_is_confirmed"),
        CheckConstraint("state <> 'proposed' OR confirmed_at IS NULL", name="proposed_is_not_confirmed"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name="withdrawal_is_whole",
        ),
        *check_filled("withdrawn_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"), index=True)
    state: Mapped[SettlementState] = mapped_column(checked(SettlementState), default=SettlementState.PROPOSED)
    assessed_on: Mapped[date]
    standing: Mapped[Standing] = mapped_column(checked(Standing))
    net_cents: Mapped[int] = mapped_column(CENTS)
    credited_cents: Mapped[int] = mapped_column(CENTS)
    shortfall_cents: Mapped[int] = mapped_column(CENTS)
    penalty_cents: Mapped[int] = mapped_column(CENTS)
    is_excused: Mapped[bool]
    instalment_cents: Mapped[int | None] = mapped_column(CENTS)
    deducted_cents: Mapped[int] = mapped_column(CENTS)
    claimed_cents: Mapped[int] = mapped_column(CENTS)
    note: Mapped[str] = mapped_column(Text, default="")
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossiers.id"), index=True)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    contract: Mapped[Contract] = relationship()
    dossier: Mapped[DossierRecord | None] = relationship()
    proposed_by: Mapped[User] = relationship(foreign_keys=proposed_by_id)
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=confirmed_by_id)
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=withdrawn_by_id)

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    @property
    def is_settled(self) -> bool:
        return self.state is SettlementState.SETTLED


class AfterProject(Locked, Base):
    """What became of the person of a placement (all its versions share the reference), as asked on a day."""

    __tablename__ = "after_project"
    __table_args__ = (UniqueConstraint("contract_id", "reference"), *check_filled("reference"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    reference: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    became: Mapped[Became] = mapped_column(checked(Became))
    asked_on: Mapped[date]
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    contract: Mapped[Contract] = relationship()
    person: Mapped[Person] = relationship()
    recorded_by: Mapped[User] = relationship()

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation


refuse(
    Settlement.__table__, "UPDATE", columns=FROZEN, because="the amounts of a settlement are frozen when it is proposed"
)
refuse(Settlement.__table__, "DELETE", because="a settlement is withdrawn and never deleted")
