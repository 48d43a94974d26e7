"""Corporations, the people who log in, what each may be where, their sessions and the tokens that we gave them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship, validates
from sqlalchemy.orm import Session as OrmSession

from app.columns import (
    LOGGED_WITH_PARENT,
    NOT_LOGGED,
    Locked,
    check_filled,
    digits,
    kvk_column,
    sha256_column,
    unique_where,
)
from app.database import Base, UtcDateTime, checked
from app.web.clock import today

CHANGED = "corporations whose facts changed"


class Role(StrEnum):
    """What a membership lets a person do; who may do what stands in accounts/permissions.py."""

    ADMINISTRATOR = "administrator"
    PROJECT_LEADER = "project_leader"
    SUPPLIER = "supplier"
    AUDITOR = "auditor"
    ASSESSOR = "assessor"


class Language(StrEnum):
    """The languages of pages, mails and papers."""

    DUTCH = "nl"
    ENGLISH = "en"


class Purpose(StrEnum):
    """What a token lets its holder do, once."""

    INVITATION = "invitation"
    RESET = "reset"


class Logo(Base):
    """A corporation's logo as PNG, made by us from what was sent, known by its hash."""

    __tablename__ = "logos"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="size"),)

    sha256: Mapped[str] = sha256_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=NOT_LOGGED)
    width: Mapped[int]
    height: Mapped[int]


class Corporation(Locked, Base):
    """A housing corporation: the tenant. `accent` is its own colour on pages and papers ("#0b5a66").

    New contracts begin with its default rate table and policy (app/schemes), when it has chosen them.

    Suppliers report every `reporting_months`, what they submit is to be judged within `judging_days`, what ends is
    signalled so many `reminder_days` before, and persons are forgotten `retention_months` after a contract.
    """

    __tablename__ = "corporations"
    __table_args__ = (
        CheckConstraint("reporting_months IN (1, 3, 6, 12)", name="reporting_months"),
        CheckConstraint("judging_days > 0", name="judging_days"),
        CheckConstraint("retention_months > 0", name="retention_months"),
        CheckConstraint(digits("kvk"), name="kvk"),
        CheckConstraint("accent IS NULL OR (length(accent) = 7 AND substr(accent, 1, 1) = '#')", name="accent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kvk: Mapped[str] = kvk_column(unique=True)
    name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[Language] = mapped_column(checked(Language), default=Language.DUTCH)
    accent: Mapped[str | None] = mapped_column(String(7))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    logo_sha256: Mapped[str | None] = mapped_column(ForeignKey("logos.sha256"))
    # Both point back at their corporation: these keys are made when all three tables are there.
    default_rate_table_id: Mapped[int | None] = mapped_column(ForeignKey("rate_tables.id", use_alter=True))
    default_policy_id: Mapped[int | None] = mapped_column(ForeignKey("policies.id", use_alter=True))
    reporting_months: Mapped[int] = mapped_column(default=3)
    judging_days: Mapped[int] = mapped_column(default=14)
    reminder_days_text: Mapped[str] = mapped_column("reminder_days", String(100), default="90,30,7")
    retention_months: Mapped[int] = mapped_column(default=24)
    requires_second_factor: Mapped[bool] = mapped_column(default=True)

    logo: Mapped[Logo | None] = relationship()

    def facts_changed(self) -> None:
        """Say that its name changed, which stands in the facts of all its contracts."""
        session = cast(OrmSession, object_session(self))
        session.info.setdefault(CHANGED, set()).add(self.id)

    @property
    def reminder_days(self) -> tuple[int, ...]:
        """How many days before something ends it is signalled, the earliest signal first."""
        return tuple(int(days) for days in self.reminder_days_text.split(","))

    @reminder_days.setter
    def reminder_days(self, days: Iterable[int]) -> None:
        self.reminder_days_text = ",".join(str(each) for each in sorted(set(days), reverse=True))

    @property
    def corporation(self) -> Corporation:
        """Its own: a change of a corporation stands in that corporation's chain."""
        return self


class User(Base):
    """A person who can log in. The address is kept in lower case, so that it is one person however it is typed.

    `second_factor_since` is there as long as there is a second factor: an authenticator app (`totp_secret`, encrypted,
    with the last time step of which a code was used) or a passkey.
    """

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200), info=NOT_LOGGED)
    language: Mapped[Language] = mapped_column(checked(Language), default=Language.DUTCH)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    second_factor_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary, info=NOT_LOGGED)
    totp_step: Mapped[int | None] = mapped_column(BigInteger, info=NOT_LOGGED)

    memberships: Mapped[list[Membership]] = relationship(
        back_populates="user", foreign_keys="Membership.user_id", order_by="Membership.id"
    )

    # Flask-Login asks these; who is not active is never loaded as a user (sessions.py).
    is_authenticated = True
    is_anonymous = False

    def active_memberships(self, on: date) -> list[Membership]:
        """What this user is on that day; a membership that has ended no longer counts."""
        return [membership for membership in self.memberships if membership.holds_on(on)]

    @property
    def corporation_ids(self) -> frozenset[int]:
        """The corporations of which this user sees every contract today: not for a supplier or by a limited mandate."""
        active = self.active_memberships(today())
        return frozenset(each.corporation_id for each in active if each.supplier_id is None and not each.is_limited)

    @property
    def supplier_grants(self) -> frozenset[tuple[int, int]]:
        """The (corporation id, supplier id) pairs of which this user sees the contracts today, as a supplier."""
        active = self.active_memberships(today())
        return frozenset((each.corporation_id, each.supplier_id) for each in active if each.supplier_id is not None)

    @validates("email")
    def _in_lower_case(self, _key: str, email: str) -> str:
        return email.strip().lower()


class Membership(Locked, Base):
    """What a user is in a corporation. One of a supplier names it, and shows the contracts of the two only.

    `invited_as` is the name under which somebody was invited who has not accepted yet; until then it gives nothing, and
    nothing else of that user is shown: whoever invites an address learns nothing about it.

    An assessor's is a mandate: of which `organisation` the assessor is and why (`mandate_reason`); one that
    `is_limited` is for the contracts of `mandated` only.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        ForeignKeyConstraint(
            ["corporation_id", "supplier_id"], ["supplier_records.corporation_id", "supplier_records.supplier_id"]
        ),
        CheckConstraint("(role = 'supplier') = (supplier_id IS NOT NULL)", name="supplier_of_role"),
        CheckConstraint("role NOT IN ('auditor', 'assessor') OR ends_on IS NOT NULL", name="guests_end"),
        CheckConstraint(
            "role = 'assessor' OR (organisation IS NULL AND mandate_reason IS NULL AND NOT is_limited)",
            name="mandate_of_assessor",
        ),
        *check_filled("organisation", "mandate_reason"),
        unique_where("uq_memberships_staff", "supplier_id IS NULL", "user_id", "corporation_id"),
        UniqueConstraint("user_id", "corporation_id", "supplier_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    role: Mapped[Role] = mapped_column(checked(Role))
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"), index=True)
    supplier_id: Mapped[int | None] = mapped_column(index=True)
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    invited_as: Mapped[str | None] = mapped_column(String(200))
    organisation: Mapped[str | None] = mapped_column(String(200))
    mandate_reason: Mapped[str | None] = mapped_column(Text)
    is_limited: Mapped[bool] = mapped_column(default=False)

    user: Mapped[User] = relationship(back_populates="memberships", foreign_keys=user_id)
    corporation: Mapped[Corporation] = relationship()
    mandated: Mapped[list[MandateContract]] = relationship(
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="MandateContract.contract_id",
        info=LOGGED_WITH_PARENT,
    )

    @property
    def shown_name(self) -> str:
        """The name that the people of the corporation see."""
        return self.invited_as or self.user.name

    def holds_on(self, day: date) -> bool:
        """Whether it was accepted and still holds on `day`, its last day included."""
        return self.invited_as is None and not self.ended_before(day)

    def ended_before(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < day

    @property
    def contract_ids(self) -> frozenset[int]:
        """The ids of the contracts that a limited mandate is for."""
        return frozenset(each.contract_id for each in self.mandated)


class MandateContract(Base):
    """A contract that a limited mandate is for."""

    __tablename__ = "mandate_contracts"

    membership_id: Mapped[int] = mapped_column(ForeignKey("memberships.id", ondelete="CASCADE"), primary_key=True)
    contract_id: Mapped[int] = mapped_column(
        ForeignKey("contracts.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Session(Base):
    """A log-in on one browser. The cookie holds a random token, the row its hash; ended rows stay for looking back.

    `second_factor_at` is when the second factor was shown, `confirmed_at` when its user last proved to be who they are.
    `challenge` is what a passkey is asked to sign, once.
    """

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = sha256_column(unique=True, info=NOT_LOGGED)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    second_factor_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary, info=NOT_LOGGED)

    user: Mapped[User] = relationship()


class RecoveryCode(Base):
    """A code to write down, that stands in for the second factor once; stored hashed."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = sha256_column(unique=True, info=NOT_LOGGED)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A key that a device or a password manager keeps for a user; we know its public half.

    `sign_count` is what the device last counted: a lower one shows a copy.
    """

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("name <> ''", name="name_filled"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=NOT_LOGGED)
    public_key: Mapped[bytes] = mapped_column(LargeBinary, info=NOT_LOGGED)
    sign_count: Mapped[int] = mapped_column(BigInteger, info=NOT_LOGGED)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Token(Base):
    """An invitation (to one membership) or a reset: stored hashed, good for one use until it expires."""

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint("(purpose = 'invitation') = (membership_id IS NOT NULL)", name="membership_of_invitation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = sha256_column(unique=True, info=NOT_LOGGED)
    purpose: Mapped[Purpose] = mapped_column(checked(Purpose))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("memberships.id"), index=True)

    user: Mapped[User] = relationship()
    membership: Mapped[Membership | None] = relationship()


def changed_corporations(session: OrmSession) -> frozenset[int]:
    """The ids of the corporations whose facts the running command changed."""
    return frozenset(session.info.get(CHANGED, ()))
