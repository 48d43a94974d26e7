"""What the database already knows of what a workbook speaks of, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Corporation
from app.contracts.models import Contract
from app.contracts.queries import leaders_of
from app.contributions.models import Contribution, Person, Placement
from app.contributions.queries import share_of
from app.extensions import db
from app.rules import dossier as facts
from app.rules.dossier import Status
from app.schemes.models import Policy, RateTable
from app.schemes.queries import policies_of, tables_of
from app.suppliers.models import Certificate, Supplier, SupplierRecord
from app.suppliers.queries import certificates_of, records_of, suppliers_numbered

COUNTING = (Status.SUBMITTED, Status.APPROVED)

Reference = tuple[int, str]
"""A contribution: the id of its contract and its reference."""
PersonKey = tuple[str, str]
"""A person: the supplier's KvK number and its reference."""


@dataclass(frozen=True, slots=True)
class Mentioned:
    """What a workbook speaks of: KvK numbers of suppliers, numbers of contracts with facts on any sheet."""

    kvk_numbers: Collection[str]
    contract_numbers: Collection[str]


@dataclass(slots=True)
class Known:
    """What the database has. `contracts` are all of the corporation's, `versions` have the newest first.

    `shares` are what each person of the suppliers already does, on contracts of whatever corporation.
    """

    corporation: Corporation
    suppliers: dict[str, Supplier]
    records: dict[str, SupplierRecord]
    certificates: Mapping[tuple[str, date], Certificate]
    contracts: dict[str, Contract]
    tables: Mapping[str, RateTable]
    policies: Mapping[str, Policy]
    leaders: Mapping[str, int]
    persons: dict[tuple[int, str], Person]
    versions: Mapping[int, Mapping[str, Sequence[Contribution]]]
    shares: Mapping[PersonKey, Mapping[Reference, facts.Placement]]

    def versions_on(self, contract: Contract | None) -> Mapping[str, Sequence[Contribution]]:
        """The versions of each contribution on a contract, by reference."""
        return self.versions.get(contract.id, {}) if contract else {}


def known_about(corporation: Corporation, mentioned: Mentioned) -> Known:
    """All that an import into a corporation compares its workbook with."""
    contracts = _contracts_of(corporation)
    touched = [contracts[number] for number in mentioned.contract_numbers if number in contracts]
    kvk_numbers = {*mentioned.kvk_numbers, *(contract.supplier.kvk for contract in touched)}
    suppliers = suppliers_numbered(kvk_numbers)
    supplier_ids = [supplier.id for supplier in suppliers.values()]
    _hold(supplier_ids)
    return Known(
        corporation=corporation,
        suppliers=dict(suppliers),
        records=dict(records_of(corporation)),
        certificates=certificates_of(corporation),
        contracts=contracts,
        tables=tables_of(corporation),
        policies=policies_of(corporation),
        leaders={email: leader.id for email, leader in leaders_of(corporation).items()},
        persons=_persons_of(supplier_ids),
        versions=_versions_on([contract.id for contract in touched]),
        shares=_shares_of(supplier_ids),
    )


def _hold(supplier_ids: Collection[int]) -> None:
    """Until the import ends no other writes about these suppliers' persons, whatever corporation it is for."""
    held = select(Supplier.id).where(Supplier.id.in_(supplier_ids)).order_by(Supplier.id).with_for_update()
    db.session.execute(held)


def _contracts_of(corporation: Corporation) -> dict[str, Contract]:
    whole = (
        joinedload(Contract.supplier),
        joinedload(Contract.supplier_record),
        joinedload(Contract.rate_table),
        joinedload(Contract.policy),
        selectinload(Contract.amendments),
    )
    rows = db.session.scalars(select(Contract).where(Contract.corporation_id == corporation.id).options(*whole))
    return {row.number: row for row in rows}


def _persons_of(supplier_ids: Collection[int]) -> dict[tuple[int, str], Person]:
    rows = db.session.scalars(select(Person).where(Person.supplier_id.in_(supplier_ids), Person.reference.is_not(None)))
    return {(row.supplier_id, row.reference or ""): row for row in rows}


def _versions_on(contract_ids: Collection[int]) -> Mapping[int, Mapping[str, Sequence[Contribution]]]:
    rows = db.session.scalars(
        select(Contribution)
        .where(Contribution.contract_id.in_(contract_ids))
        .options(selectinload(Placement.hours), selectinload(Placement.bonuses))
        .order_by(Contribution.version.desc())
    )
    versions: dict[int, dict[str, list[Contribution]]] = {}
    for row in rows:
        versions.setdefault(row.contract_id, {}).setdefault(row.reference, []).append(row)
    return versions


def _shares_of(supplier_ids: Collection[int]) -> Mapping[PersonKey, Mapping[Reference, facts.Placement]]:
    """Of each contribution the newest version that is submitted or approved, as in `contributions.queries`."""
    rows = db.session.scalars(
        select(Placement)
        .join(Placement.person)
        .join(Person.supplier)
        .where(Person.supplier_id.in_(supplier_ids), Person.reference.is_not(None), Placement.status.in_(COUNTING))
        .options(contains_eager(Placement.person).contains_eager(Person.supplier))
        .order_by(Placement.version)
    )
    shares: dict[PersonKey, dict[Reference, facts.Placement]] = {}
    for row in rows:
        key = row.person.supplier.kvk, row.person.reference or ""
        shares.setdefault(key, {})[row.contract_id, row.reference] = share_of(row)
    return shares
