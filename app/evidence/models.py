"""Evidence (bewijsstuk): what shows that a contribution, a certificate or the work on a contract is as it was said.

A file, or a look of our own: a site visit or a telephone check. What belongs to a contribution is known by contract and
reference, so that all its versions share it. The row says what was kept (`sha256`) and what was sent (`sent_sha256`);
the content itself stands in the store (store.py). Evidence is withdrawn and never deleted: the database refuses.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Corporation, User
from app.columns import NOT_LOGGED, check_filled, sha256_column
from app.contracts.models import Contract
from app.database import Base, UtcDateTime, checked
from app.suppliers.models import Certificate
from app.triggers import refuse

EVIDENCE_OF_CONTRACT = "contract_evidence"
"""The kind under which an audit record names the contract that it brought evidence of, or took it from."""


class EvidenceKind(StrEnum):
    """A file, or who of ours looked: on the spot, or by telephone."""

    FILE = "file"
    VISIT = "visit"
    CALL = "call"


class MediaType(StrEnum):
    """The kinds of file that are taken, by what they are and not by their name."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"

    @property
    def extension(self) -> str:
        return {MediaType.PDF: "pdf", MediaType.JPEG: "jpg", MediaType.PNG: "png"}[self]


class Evidence(Base):
    """A file, or what somebody saw (`description`) on a day (`happened_on`); `seen_by` is who looked, of our side.

    It is of a contract, of one contribution on it (`reference`), or of a certificate. `name` is the file's own, made
    tidy; erasing empties it. `added_by` is empty when the command line did it.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("(contract_id IS NULL) <> (certificate_id IS NULL)", name="of_one"),
        CheckConstraint("reference IS NULL OR contract_id IS NOT NULL", name="reference_on_contract"),
        CheckConstraint(
            "(kind = 'file') = (sha256 IS NOT NULL) AND (kind = 'file') = (sent_sha256 IS NOT NULL)"
            " AND (kind = 'file') = (media_type IS NOT NULL) AND (kind = 'file') = (size IS NOT NULL)",
            name="file_is_whole",
        ),
        CheckConstraint("name IS NULL OR kind = 'file'", name="name_of_file"),
        CheckConstraint("name IS NOT NULL OR kind <> 'file' OR erased_at IS NOT NULL", name="file_has_name"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint(
            "(kind = 'file') = (happened_on IS NULL) AND (kind = 'file') = (seen_by IS NULL)", name="look_is_whole"
        ),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawal_is_whole"),
        CheckConstraint("withdrawn_by_id IS NULL OR withdrawn_at IS NOT NULL", name="withdrawn_by"),
        *check_filled("reference", "name", "seen_by", "withdrawn_reason"),
        Index(None, "contract_id", "reference"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    corporation_id: Mapped[int] = mapped_column(ForeignKey("corporations.id"), index=True)
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    reference: Mapped[str | None] = mapped_column(String(100))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(checked(EvidenceKind))
    description: Mapped[str] = mapped_column(Text, default="")
    happened_on: Mapped[date | None]
    seen_by: Mapped[str | None] = mapped_column(String(200))
    name: Mapped[str | None] = mapped_column(String(200), info=NOT_LOGGED)
    media_type: Mapped[MediaType | None] = mapped_column(checked(MediaType))
    size: Mapped[int | None]
    sha256: Mapped[str | None] = sha256_column(index=True)
    sent_sha256: Mapped[str | None] = sha256_column()
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    corporation: Mapped[Corporation] = relationship()
    contract: Mapped[Contract | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    added_by: Mapped[User | None] = relationship(foreign_keys=added_by_id)
    withdrawn_by: Mapped[User | None] = relationship(foreign_keys=withdrawn_by_id)

    @property
    def is_file(self) -> bool:
        return self.kind is EvidenceKind.FILE

    @property
    def holds(self) -> bool:
        """Whether it still shows something: neither withdrawn nor erased."""
        return self.withdrawn_at is None and self.erased_at is None


refuse(Evidence.__table__, "DELETE", because="evidence is withdrawn and never deleted")
refuse(
    Evidence.__table__,
    "UPDATE",
    columns=(
        *("corporation_id", "contract_id", "reference", "certificate_id", "kind", "media_type", "size", "sha256"),
        *("sent_sha256", "added_by_id", "added_at"),
    ),
    because="what is kept as evidence never changes",
)
