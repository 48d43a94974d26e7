"""What a supplier finds on the first page: a card a contract, over all corporations that it works for.

Every read starts from what the memberships of who asks give as a supplier; the number of statements does not grow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.accounts.permissions import Permission, supplier_grants_where
from app.assessments.queries import dossiers, finals
from app.extensions import db
from app.portfolio.queries import SORTS, Row, rows_of
from app.rules import Assessment, Dossier
from app.rules.assessment import Standing
from app.rules.dossier import Status
from app.rules.ladder import Certificate as HeldCertificate
from app.rules.money import WHOLE
from app.suppliers.models import Certificate, CertificateScope, Supplier, SupplierRecord
from app.suppliers.queries import WHOLE as WITH_ALL
from app.whatif.mixes import Mix
from app.whatif.queries import proposals

RESTING = (Standing.NOT_APPLICABLE, Standing.FULFILLED)


@dataclass(frozen=True, slots=True)
class Exemption:
    """The certificate that takes all away now, and the last day of that."""

    certificate: HeldCertificate
    until: date


@dataclass(frozen=True, slots=True)
class Card:
    """A contract as its supplier sees it: what is still owed, and ways to fill it.

    `pending_cents` is what all that is submitted would be credited at the end, if it were approved.
    """

    row: Row
    dossier: Dossier
    mixes: tuple[Mix, ...]
    exemption: Exemption | None
    pending_cents: int

    @property
    def figures(self) -> Assessment:
        return self.row.figures

    @property
    def is_over(self) -> bool:
        return self.figures.on > self.figures.term.last

    @property
    def rests(self) -> bool:
        """Whether nothing is asked for any more."""
        return self.figures.status in RESTING or (self.is_over and not self.figures.remaining_cents)


def grants_of(user: User) -> frozenset[tuple[int, int]]:
    """The (corporation id, supplier id) pairs for which `user` reports."""
    return supplier_grants_where(user, Permission.ENTER_CONTRIBUTIONS)


def cards_of(user: User, on: date) -> list[Card]:
    """The contracts for which `user` reports as a supplier, those that ask most first."""
    grants = grants_of(user)
    rows = [
        row
        for row in (rows_of(user, on, Permission.ENTER_CONTRIBUTIONS) if grants else ())
        if (row.contract.corporation_id, row.contract.supplier_id) in grants
    ]
    contracts = [row.contract for row in rows]
    facts, proposed, at_end = dossiers(contracts), proposals(contracts, on), finals(contracts)
    return [
        Card(
            row,
            facts[row.contract.id],
            proposed[row.contract.id],
            exemption_of(row.figures),
            _pending_cents(at_end[row.contract.id]),
        )
        for row in sorted(rows, key=SORTS["risk"])
    ]


def exemption_of(figures: Assessment) -> Exemption | None:
    """Through which certificate a contract is exempt on the day of its figures, and how long without a gap."""
    if figures.status is not Standing.EXEMPT:
        return None
    found: Exemption | None = None
    for stretch in figures.coverage:
        if stretch.days.last < figures.on:
            continue
        if stretch.reduction < WHOLE or stretch.certificate is None:
            break
        found = Exemption(found.certificate if found else stretch.certificate, stretch.days.last)
    return found


def companies_of(user: User) -> Sequence[SupplierRecord]:
    """The companies for which `user` reports, as each corporation recorded them, by the corporation's id."""
    mine = tuple_(SupplierRecord.corporation_id, SupplierRecord.supplier_id).in_(grants_of(user))
    wanted = select(SupplierRecord).join(SupplierRecord.supplier).where(mine)
    whole = (contains_eager(SupplierRecord.supplier), joinedload(SupplierRecord.corporation))
    return db.session.scalars(wanted.options(*whole).order_by(SupplierRecord.corporation_id, Supplier.kvk)).all()


def certificates_of(user: User) -> Sequence[Certificate]:
    """The certificates of these companies, as each corporation has recorded them, the latest first."""
    covered = (
        exists()
        .where(CertificateScope.certificate_id == Certificate.id, Supplier.kvk == CertificateScope.kvk)
        .where(tuple_(Certificate.corporation_id, Supplier.id).in_(grants_of(user)))
    )
    wanted = select(Certificate).where(covered).options(*WITH_ALL)
    return db.session.scalars(wanted.order_by(Certificate.valid_until.desc(), Certificate.id)).all()


def _pending_cents(at_end: Assessment) -> int:
    return sum(each.value_cents for each in at_end.contributions if each.status is Status.SUBMITTED)
