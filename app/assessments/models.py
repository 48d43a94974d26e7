"""The history of dossiers: what we knew about a contract on which day.

A command that changes a contract's facts keeps its new dossier. Of one day only the last is kept, and every one that a
statement rests on (`is_kept`). What we knew on a day is the last dossier of that day or before it.
"""

from __future__ import annotations

import zlib
from datetime import date, datetime

from sqlalchemy import Connection, ForeignKey, Index, LargeBinary, delete, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, relationship

from app.accounts.models import Corporation
from app.columns import NOT_LOGGED, sha256_column, unique_where
from app.contracts.models import Contract
from app.database import Base, UtcDateTime
from app.triggers import refuse


class DossierRecord(Base):
    """A dossier as canonical JSON, compressed, under the SHA-256 of that JSON; `recorded_on` in Amsterdam."""

    __logged__ = False  # it follows from facts whose changes are logged
    __tablename__ = "dossiers"
    __table_args__ = (
        unique_where("uq_dossiers_day", "NOT is_kept", "contract_id", "recorded_on"),
        Index(None, "contract_id", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_on: Mapped[date]
    facts_version: Mapped[int]
    sha256: Mapped[str] = sha256_column(index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, info=NOT_LOGGED)
    is_kept: Mapped[bool] = mapped_column(default=False)

    contract: Mapped[Contract] = relationship()

    @property
    def corporation(self) -> Corporation:
        return self.contract.corporation

    @property
    def json(self) -> bytes:
        """The canonical JSON."""
        return zlib.decompress(self.content)

    @json.setter
    def json(self, canonical: bytes) -> None:
        self.content = zlib.compress(canonical, 9)


@event.listens_for(Contract, "before_delete")
def _forget(_mapper: Mapper[Contract], connection: Connection, contract: Contract) -> None:
    """A contract that is deleted takes its history of dossiers along; one that a statement rests on keeps both."""
    connection.execute(delete(DossierRecord).where(DossierRecord.contract_id == contract.id))


refuse(
    DossierRecord.__table__,
    "UPDATE",
    "DELETE",
    when="OLD.is_kept",
    because="a dossier that a statement rests on never changes",
)
