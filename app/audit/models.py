"""The audit log: append-only records in chains, what each is about, and apart from them what was written.

One chain for each corporation and one of the installation. A record never changes and is never deleted; a payload never
changes, and only the retention run deletes one, after it has released it and has left a record of its own.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.columns import sha256_column
from app.database import Base, UtcDateTime
from app.triggers import refuse

INSTALLATION = "installation"
FACTS_OF_CONTRACT = "contract_facts"
"""The kind under which a record names a contract whose figures may have changed."""


class AuditChain(Base):
    """A chain. Its row is what a command locks to take the next number; `key` is the KvK number or "installation"."""

    __tablename__ = "audit_chains"
    __table_args__ = (
        CheckConstraint(f"(corporation_id IS NULL) = (key = '{INSTALLATION}')", name="key_of_installation"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(12), unique=True)
    corporation_id: Mapped[int | None] = mapped_column(ForeignKey("corporations.id"), unique=True)


class AuditRecord(Base):
    """What was done, when, by whom and to what. How `hash` is made stands in audit/chain.py.

    `actor` is "user", or says who else acted ("command line"); names of people stand in `users` only. The object is the
    first of those that the payload shows.
    """

    __tablename__ = "audit_records"
    __table_args__ = (
        UniqueConstraint("chain_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        CheckConstraint("(actor = 'user') = (actor_id IS NOT NULL)", name="actor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("audit_chains.id"))
    sequence: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    actor: Mapped[str] = mapped_column(String(50))
    action: Mapped[str] = mapped_column(String(100), index=True)
    object_kind: Mapped[str | None] = mapped_column(String(50))
    object_id: Mapped[int | None]
    payload_digest: Mapped[str] = sha256_column()
    previous_hash: Mapped[str] = sha256_column()
    hash: Mapped[str] = sha256_column()

    chain: Mapped[AuditChain] = relationship()
    payload: Mapped[AuditPayload | None] = relationship(back_populates="record")
    subjects: Mapped[list[AuditSubject]] = relationship()


class AuditSubject(Base):
    """What a record is about: each row that its payload shows ("certificate", 12), to find a row's records by.

    Under the kind `FACTS_OF_CONTRACT` stands each contract whose figures may have changed: certificates and amendments
    are rows of their own. A row that has no number of its own is shown within its parent, and stands under that.
    """

    __tablename__ = "audit_subjects"
    __table_args__ = (Index(None, "kind", "object_id"),)

    record_id: Mapped[int] = mapped_column(ForeignKey("audit_records.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(50), primary_key=True)
    object_id: Mapped[int] = mapped_column(primary_key=True)


class AuditPayload(Base):
    """What a record's digest stands for: canonical JSON of each row before and after, and notes; salted."""

    __tablename__ = "audit_payloads"

    record_id: Mapped[int] = mapped_column(ForeignKey("audit_records.id"), primary_key=True)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    notes: Mapped[str] = mapped_column(Text)
    salt: Mapped[str] = mapped_column(String(32))
    is_released: Mapped[bool] = mapped_column(default=False)

    record: Mapped[AuditRecord] = relationship(back_populates="payload")


refuse(AuditRecord.__table__, "UPDATE", "DELETE", because="an audit record never changes")
refuse(AuditSubject.__table__, "UPDATE", "DELETE", because="what an audit record is about never changes")
refuse(AuditChain.__table__, "UPDATE", "DELETE", because="an audit chain never changes")
refuse(
    AuditPayload.__table__,
    "UPDATE",
    columns=("record_id", "before", "after", "notes", "salt"),
    because="the payload of an audit record never changes",
)
refuse(
    AuditPayload.__table__,
    "DELETE",
    when="NOT OLD.is_released",
    because="only the retention run deletes the payload of an audit record",
)
