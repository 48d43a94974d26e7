"""Suppliers, one row a KvK number, and what each corporation recorded about them: name, contact, PSO certificates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, inspect, literal_column
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Corporation, User
from app.columns import LOGGED_WITH_PARENT, Locked, YearsAfter, check_filled, check_period, digits, kvk_column
from app.database import Base, UtcDateTime, checked
from app.rules.ladder import Level

YEARS_OF_A_CERTIFICATE = 2
CHANGED = "suppliers whose facts changed"


class Supplier(Base):
    """A company, known by its KvK number. What it is called is each corporation's own record."""

    __tablename__ = "suppliers"
    __table_args__ = (CheckConstraint(digits("kvk"), name="kvk"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kvk: Mapped[str] = kvk_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SupplierRecord(Locked, Base):
    """What one corporation keeps about a supplier. It awards contracts to suppliers that it has a record of."""

    __tablename__ = "supplier_records"
    __table_args__ = (UniqueConstraint("corporation_id", "supplier_id"), *check_filled("name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))

    corporation: Mapped[Corporation] = relationship()
    supplier: Mapped[Supplier] = relationship()


class Certificate(Locked, Base):
    """A PSO certificate as a corporation recorded it, known by number and first day. It counts once it was checked.

    At most two years long. The rule book says that to the day; the database's own arithmetic may differ by one on 29
    February.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("corporation_id", "number", "valid_from"),
        check_period("valid_from", "valid_until"),
        CheckConstraint(
            YearsAfter("valid_from", YEARS_OF_A_CERTIFICATE) > literal_column("valid_until"), name="two_years"
        ),
        CheckConstraint("checked_by_id IS NULL OR checked_on IS NOT NULL", name="checked"),
        *check_filled("number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"))
    number: Mapped[str] = mapped_column(String(100))
    level: Mapped[Level] = mapped_column(checked(Level))
    thirty_plus: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    withdrawn_on: Mapped[date | None]
    checked_on: Mapped[date | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))

    corporation: Mapped[Corporation] = relationship()
    checked_by: Mapped[User | None] = relationship()
    scope: Mapped[list[CertificateScope]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="CertificateScope.kvk", info=LOGGED_WITH_PARENT
    )

    @property
    def kvk_numbers(self) -> tuple[str, ...]:
        """The companies that it covers."""
        return tuple(each.kvk for each in self.scope)

    def covers(self, kvk_numbers: Iterable[str]) -> None:
        """Set the companies that it covers."""
        kept = {each.kvk: each for each in self.scope}
        self.scope = [kept.get(kvk) or CertificateScope(kvk=kvk) for kvk in sorted(set(kvk_numbers))]
        if inspect(self).persistent and self.level:  # rows of their own: they alone would not raise `row_version`
            flag_modified(self, "level")


class CertificateScope(Base):
    """A KvK number that a certificate covers; the company need not be a supplier."""

    __tablename__ = "certificate_scopes"
    __table_args__ = (CheckConstraint(digits("kvk"), name="kvk"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id", ondelete="CASCADE"), primary_key=True)
    kvk: Mapped[str] = kvk_column(primary_key=True, index=True)


def supplier_facts_changed(session: Session, corporation_id: int, kvk_numbers: Iterable[str]) -> None:
    """Say that what a corporation recorded of these companies, and that their contracts rest on, may have changed."""
    changed: set[tuple[int, str]] = session.info.setdefault(CHANGED, set())
    changed.update((corporation_id, kvk) for kvk in kvk_numbers)


def changed_suppliers(session: Session) -> frozenset[tuple[int, str]]:
    """The companies (corporation id, KvK number) whose facts the running command changed."""
    return frozenset(session.info.get(CHANGED, ()))
