"""The register of statements: number, code, and the frozen dossier and assessment that every rendition shows.

What a paper may carry is frozen when the number is reserved; only the state goes on: reserved, issued, then perhaps
superseded or withdrawn. Nothing is ever deleted, so that the series of numbers has no gaps.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

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
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Corporation, Language, User
from app.assessments.models import DossierRecord
from app.closing.models import Settlement
from app.columns import CENTS, NOT_LOGGED, check_filled, made_of, sha256_column
from app.contracts.models import Contract
from app.database import Base, UtcDateTime, checked
from app.rules.assessment import Standing
from app.suppliers.models import Supplier, SupplierRecord
from app.triggers import refuse

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""
CODE_LENGTH = 16

FILE_NAMES = {Language.DUTCH: "verklaring", Language.ENGLISH: "statement"}
"""What a file is called, before its number: verklaring-2026-0042."""

FROZEN = (
    "corporation_id",
    "year",
    "sequence",
    "kind",
    "contract_id",
    "supplier_id",
    "covers_from",
    "on",
    "code",
    "language",
    "standing",
    "net_cents",
    "credited_cents",
    "document_sha256",
    "dossier_id",
    "settlement_id",
    "chain_sequence",
    "chain_head",
    "issued_by_id",
    "reserved_at",
)


class StatementKind(StrEnum):
    """What a statement is about."""

    CONTRACT = "contract"
    FINAL = "final"
    """How a contract was settled."""
    SUPPLIER = "supplier"
    """All contracts of a supplier at the corporation, over a year."""
    ANNUAL = "annual"
    """The corporation's year: people, effort, obligations."""
    LOG = "log"
    """An extract of the audit log."""


ABOUT_CONTRACT = (StatementKind.CONTRACT, StatementKind.FINAL)


class StatementState(StrEnum):
    """How far a statement is: `reserved` has its number and figures, but no file yet."""

    RESERVED = "reserved"
    ISSUED = "issued"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


def numbered(year: int, sequence: int) -> str:
    """A number as printed: 2026-0042."""
    return f"{year}-{sequence:04d}"


class Statement(Base):
    """One statement. `year` and `sequence` make its number, one series a corporation; `on` is the as-of day.

    `language` is that of the rendition that was asked for. `standing`, `net_cents` and `credited_cents` are those of
    the paper, for the register's list. `document_sha256` is what the paper prints, of the frozen documents; the
    hash of each file stands with its rendition. A final statement says how `settlement` ended the contract. One that
    is about no single contract covers the days from `covers_from` through `on`.
    `chain_sequence` and `chain_head` are the head of the corporation's audit chain when the number was reserved.
    `issued_by` is empty when the command line did it.
    """

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("corporation_id", "year", "sequence"),
        ForeignKeyConstraint(
            ["corporation_id", "supplier_id"], ["supplier_records.corporation_id", "supplier_records.supplier_id"]
        ),
        CheckConstraint("sequence >= 1 AND year BETWEEN 2000 AND 2999", name="number"),
        CheckConstraint(made_of("code", CODE_ALPHABET, CODE_LENGTH), name="code"),
        CheckConstraint(
            "kind NOT IN ('contract', 'final')"
            " OR (contract_id IS NOT NULL AND dossier_id IS NOT NULL AND standing IS NOT NULL)",
            name="about_contract",
        ),
        CheckConstraint(
            "kind IN ('contract', 'final') OR contract_id IS NULL AND dossier_id IS NULL AND standing IS NULL",
            name="about_no_contract",
        ),
        CheckConstraint("(kind = 'final') = (settlement_id IS NOT NULL)", name="final_has_settlement"),
        CheckConstraint("(kind = 'supplier') = (supplier_id IS NOT NULL)", name="about_supplier"),
        CheckConstraint("(kind IN ('contract', 'final')) = (covers_from IS NULL)", name="covers_period"),
        CheckConstraint("(kind = 'log') = (net_cents IS NULL)", name="has_net"),
        CheckConstraint("(net_cents IS NULL) = (credited_cents IS NULL)", name="has_credited"),
        CheckConstraint('"on" >= covers_from', name="on_not_before_covers_from"),
        CheckConstraint("(state = 'reserved') = (issued_at IS NULL)", name="issued_has_instant"),
        CheckConstraint("(state = 'superseded') = (superseded_by_id IS NOT NULL)", name="superseded_has_successor"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name="withdrawn_has_reason",
        ),
        CheckConstraint("superseded_by_id <> id", name="superseded_by_another"),
        *check_filled("withdrawn_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"))
    year: Mapped[int]
    sequence: Mapped[int]
    kind: Mapped[StatementKind] = mapped_column(checked(StatementKind), default=StatementKind.CONTRACT)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"), index=True)
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"), index=True)
    covers_from: Mapped[date | None]
    on: Mapped[date]
    state: Mapped[StatementState] = mapped_column(checked(StatementState), default=StatementState.RESERVED)
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    language: Mapped[Language] = mapped_column(checked(Language))
    standing: Mapped[Standing | None] = mapped_column(checked(Standing))
    net_cents: Mapped[int | None] = mapped_column(CENTS)
    credited_cents: Mapped[int | None] = mapped_column(CENTS)
    document_sha256: Mapped[str] = sha256_column(index=True)
    dossier_id: Mapped[int | None] = mapped_column(ForeignKey("dossiers.id"), index=True)
    settlement_id: Mapped[int | None] = mapped_column(ForeignKey("settlements.id"), unique=True)
    chain_sequence: Mapped[int]
    chain_head: Mapped[str] = sha256_column()
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    reserved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("statements.id"))
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    corporation: Mapped[Corporation] = relationship(foreign_keys=corporation_id)
    contract: Mapped[Contract | None] = relationship()
    supplier: Mapped[Supplier | None] = relationship(foreign_keys=supplier_id)
    supplier_record: Mapped[SupplierRecord | None] = relationship(
        foreign_keys="[Statement.corporation_id, Statement.supplier_id]", viewonly=True
    )
    dossier: Mapped[DossierRecord | None] = relationship()
    settlement: Mapped[Settlement | None] = relationship()
    issued_by: Mapped[User | None] = relationship(foreign_keys=issued_by_id)
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=withdrawn_by_id)
    superseded_by: Mapped[Statement | None] = relationship(remote_side=id)
    frozen: Mapped[list[StatementDocument]] = relationship(
        back_populates="statement", order_by="StatementDocument.name", lazy="select"
    )
    renditions: Mapped[list[Rendition]] = relationship(back_populates="statement", order_by="Rendition.language")

    @property
    def number(self) -> str:
        """As printed."""
        return numbered(self.year, self.sequence)

    @property
    def documents(self) -> dict[str, bytes]:
        """What was frozen with the number, by name. It may be large: ask for it only to make a file or to compare."""
        return {each.name: each.content for each in self.frozen}

    @property
    def printed_code(self) -> str:
        """The verify code in groups of four: 7F3K-2Q9D-..."""
        return "-".join(self.code[start : start + 4] for start in range(0, CODE_LENGTH, 4))


class StatementDocument(Base):
    """A document that was frozen with a statement's number; `name` is what it is called inside the PDF."""

    __tablename__ = "statement_documents"
    __table_args__ = (UniqueConstraint("statement_id", "name"), *check_filled("name"))
    __logged__ = False  # the statement is logged, with the hash of its documents

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    name: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes] = mapped_column(LargeBinary, info=NOT_LOGGED)

    statement: Mapped[Statement] = relationship(back_populates="frozen")


class Rendition(Base):
    """One file of a statement, in one language; `path` is relative to the data folder, `size` in bytes."""

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("statement_id", "language"), CheckConstraint("size > 0", name="size"))

    id: Mapped[int] = mapped_column(primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statements.id"))
    language: Mapped[Language] = mapped_column(checked(Language))
    file_sha256: Mapped[str] = sha256_column(index=True)
    path: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    statement: Mapped[Statement] = relationship(back_populates="renditions")

    @property
    def name(self) -> str:
        """What its file is called, without the ending."""
        return f"{FILE_NAMES[self.language]}-{self.statement.number}"

    @property
    def corporation(self) -> Corporation:
        return self.statement.corporation


refuse(
    Statement.__table__, "UPDATE", columns=FROZEN, because="what a statement says is frozen once its number is reserved"
)
refuse(Statement.__table__, "DELETE", because="a statement is withdrawn or superseded and never deleted")
refuse(StatementDocument.__table__, "UPDATE", "DELETE", because="what a statement says is frozen")
refuse(Rendition.__table__, "UPDATE", "DELETE", because="a file that was issued never changes")
