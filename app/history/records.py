"""Which records have a history of their own, who may see it, and which rows of the audit log it is made of.

Each is looked up by the scope of the record itself, so that the history of what somebody may not see answers as that of
what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where
from app.accounts.queries import membership_to_administer
from app.audit.models import FACTS_OF_CONTRACT, AuditRecord, AuditSubject
from app.contracts.models import Amendment, Contract
from app.contracts.queries import ids_visible_to, visible_to
from app.contributions.models import Contribution
from app.extensions import db
from app.schemes import queries as schemes
from app.schemes.models import Policy, RateTable
from app.suppliers import queries as suppliers
from app.suppliers.models import Certificate, SupplierRecord
from app.web.errors import NotFound
from app.web.formats import day_long
from app.web.rows import the_row

OWN = Permission.SEE_HISTORY


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose history is asked for. `contract` is the one that it belongs to, if any.

    The history of a contribution is that of all its versions: `versions` are their numbers, by id.
    """

    kind: str
    row: Any
    name: str
    contract: Contract | None = None
    versions: Mapping[int, int] = field(default_factory=dict)

    @property
    def id(self) -> int:
        number: int = self.row.id
        return number

    @property
    def about(self) -> ColumnElement[bool]:
        """Which audit records are about it: of a contract also those about its amendments, deleted ones too."""
        if self.versions:
            return names(str(self.row.kind), AuditSubject.object_id.in_(self.versions))
        own = names(self.kind, AuditSubject.object_id == self.id)
        if not isinstance(self.row, Contract):
            return own
        return or_(own, and_(names("amendment"), names(FACTS_OF_CONTRACT, AuditSubject.object_id == self.id)))

    def shows(self, kind: str, number: int, values: Mapping[str, Any]) -> bool:
        """Whether a row of such an audit record is part of this history; an import writes many rows at once."""
        if self.versions:
            return kind == self.row.kind and number in self.versions
        if isinstance(self.row, Contract) and kind == "amendment":
            return values.get("contract_id") == self.id or not self.lacks(kind, number)
        return (kind, number) == (self.kind, self.id)

    def lacks(self, kind: str, number: int) -> bool:
        """Whether that row of this history is not there any more: an amendment; else there would be no history."""
        is_amendment = isinstance(self.row, Contract) and kind == "amendment"
        return is_amendment and number not in {each.id for each in self.row.amendments}


def names(kind: str, which: ColumnElement[bool] | None = None) -> ColumnElement[bool]:
    """That an audit record is about some row of that kind."""
    found = select(AuditSubject.record_id).where(AuditSubject.kind == kind)
    return AuditRecord.id.in_(found if which is None else found.where(which))


def record_seen_by(user: User, kind: str, number: int) -> Record:
    """Errors: NotFound, for a kind that has no history, a number that is not there, and one that is not for `user`."""
    find = FINDERS.get(kind)
    if find is None:
        raise NotFound
    return find(user, number)


def _contract(user: User, number: int) -> Record:
    row = the_row(visible_to(user, OWN).where(Contract.id == number).options(*OF_CONTRACT))
    return Record("contract", row, f"{row.number} {row.title}", row)


def _amendment(user: User, number: int) -> Record:
    wanted = select(Amendment).where(Amendment.id == number, Amendment.contract_id.in_(ids_visible_to(user, OWN)))
    row = the_row(wanted.options(joinedload(Amendment.contract).options(*OF_CONTRACT)))
    return Record("amendment", row, row.reference or day_long(row.effective_on), row.contract)


def _contribution(user: User, number: int) -> Record:
    wanted = select(Contribution).where(
        Contribution.id == number, Contribution.contract_id.in_(ids_visible_to(user, OWN))
    )
    row = the_row(wanted.options(joinedload(Contribution.contract).options(*OF_CONTRACT)))
    versions = select(Contribution.id, Contribution.version).where(
        Contribution.contract_id == row.contract_id, Contribution.reference == row.reference
    )
    numbers = {version_id: version for version_id, version in db.session.execute(versions)}
    return Record("contribution", row, row.reference, row.contract, numbers)


def _supplier_record(user: User, number: int) -> Record:
    row = the_row(suppliers.visible_to(user, OWN).where(SupplierRecord.id == number))
    return Record("supplier_record", row, row.name)


def _certificate(user: User, number: int) -> Record:
    row = the_row(suppliers.certificates_visible_to(user, OWN).where(Certificate.id == number))
    return Record("certificate", row, row.number)


def _rate_table(user: User, number: int) -> Record:
    row = the_row(schemes.visible_to(user, RateTable, OWN).where(RateTable.id == number))
    return Record("rate_table", row, row.name)


def _policy(user: User, number: int) -> Record:
    row = the_row(schemes.visible_to(user, Policy, OWN).where(Policy.id == number))
    return Record("policy", row, row.name_nl)


def _membership(user: User, number: int) -> Record:
    row = membership_to_administer(user, number)
    return Record("membership", row, row.shown_name)


def _corporation(user: User, number: int) -> Record:
    administered = corporations_where(user, Permission.ADMINISTER)
    row = the_row(select(Corporation).where(Corporation.id == number, Corporation.id.in_(administered)))
    return Record("corporation", row, row.name)


OF_CONTRACT: Iterable[Any] = (
    joinedload(Contract.corporation),
    joinedload(Contract.rate_table),
)
FINDERS: Mapping[str, Callable[[User, int], Record]] = {
    "contract": _contract,
    "amendment": _amendment,
    "contribution": _contribution,
    "supplier_record": _supplier_record,
    "certificate": _certificate,
    "rate_table": _rate_table,
    "policy": _policy,
    "membership": _membership,
    "corporation": _corporation,
}
