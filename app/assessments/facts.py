"""From rows to facts: reads everything that contracts' dossiers hold, in a number of statements that does not grow.

The only place where tables become the rule book's dossiers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.contracts.models import Amendment, Contract
from app.contributions.models import Activity, Contribution, Placement
from app.rules import dossier as facts
from app.rules.dossier import Dossier, Status
from app.schemes.queries import parsed_policy, parsed_table
from app.suppliers.models import Certificate, CertificateScope
from app.suppliers.validity import facts_of as certificate_facts

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
Row = TypeVar("Row", Amendment, Contribution)


def read_dossiers(session: Session, contract_ids: Iterable[int], recorded_at: datetime) -> dict[int, Dossier]:
    """The dossiers of contracts as their rows are now, by the contract's id; `recorded_at` is an instant."""
    contracts = _contracts(session, list(contract_ids))
    ids = [contract.id for contract in contracts]
    amendments = _grouped(session.scalars(select(Amendment).where(Amendment.contract_id.in_(ids))))
    contributions = _grouped(_newest_versions(session, ids))
    certificates = _certificates(session, contracts)
    written = recorded_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        contract.id: _dossier(
            contract,
            amendments.get(contract.id, []),
            certificates.get((contract.corporation_id, contract.supplier.kvk), []),
            contributions.get(contract.id, []),
            written,
        )
        for contract in contracts
    }


def _contracts(session: Session, ids: list[int]) -> Sequence[Contract]:
    whole = (
        joinedload(Contract.corporation),
        joinedload(Contract.supplier),
        joinedload(Contract.supplier_record),
        joinedload(Contract.rate_table),
        joinedload(Contract.policy),
    )
    return session.scalars(select(Contract).where(Contract.id.in_(ids)).options(*whole)).all()


def _grouped(rows: Iterable[Row]) -> dict[int, list[Row]]:
    grouped: dict[int, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.contract_id, []).append(row)
    return grouped


def _newest_versions(session: Session, contract_ids: list[int]) -> Iterable[Contribution]:
    """One version of each contribution: the approved one, else the newest."""
    rows = session.scalars(
        select(Contribution)
        .where(Contribution.contract_id.in_(contract_ids))
        .options(selectinload(Placement.hours), selectinload(Placement.bonuses))
        .order_by(Contribution.contract_id, Contribution.reference, Contribution.version)
    )
    kept: dict[tuple[int, str], Contribution] = {}
    for row in rows:
        known = kept.get((row.contract_id, row.reference))
        if known is None or known.status is not Status.APPROVED:
            kept[row.contract_id, row.reference] = row
    return kept.values()


def _certificates(session: Session, contracts: Sequence[Contract]) -> Mapping[tuple[int, str], list[Certificate]]:
    """The certificates that each corporation recorded, by the supplier's KvK number that they cover."""
    held: dict[tuple[int, str], list[Certificate]] = {}
    rows = session.execute(
        select(CertificateScope.kvk, Certificate)
        .join(Certificate, Certificate.id == CertificateScope.certificate_id)
        .where(CertificateScope.kvk.in_({contract.supplier.kvk for contract in contracts}))
        .where(Certificate.corporation_id.in_({contract.corporation_id for contract in contracts}))
        .options(selectinload(Certificate.scope))
    )
    for kvk, certificate in rows:
        held.setdefault((certificate.corporation_id, kvk), []).append(certificate)
    return held


def _dossier(
    contract: Contract,
    amendments: Iterable[Amendment],
    certificates: Iterable[Certificate],
    contributions: Iterable[Contribution],
    recorded_at: str,
) -> Dossier:
    rows = list(contributions)
    corporation = contract.corporation
    return Dossier(
        parties=facts.Parties(corporation.kvk, corporation.name, contract.supplier_record.name),
        terms=terms_of(contract),
        rate_table=parsed_table(contract.rate_table),
        policy=parsed_policy(contract.policy),
        amendments=tuple(amendment_of(each) for each in amendments),
        certificates=tuple(map(certificate_facts, certificates)),
        placements=facts.with_numbered_persons(placement_of(each) for each in rows if isinstance(each, Placement)),
        activities=tuple(activity_of(each) for each in rows if isinstance(each, Activity)),
        recorded_at=recorded_at,
    )


def terms_of(contract: Contract) -> facts.Terms:
    return facts.Terms(
        number=contract.number,
        title=contract.title,
        kvk=contract.supplier.kvk,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        contract_sum_cents=contract.contract_sum_cents,
        percentage=contract.percentage,
        kind=contract.kind,
        published_on=contract.published_on,
        awarded_on=contract.awarded_on,
        base=contract.base,
        base_amount_cents=contract.base_amount_cents,
        activity_cap=contract.activity_cap,
        excused=contract.is_excused,
    )


def amendment_of(row: Amendment) -> facts.Amendment:
    return facts.Amendment(row.effective_on, row.amount_cents, row.new_end, row.reference, row.description)


def placement_of(row: Placement) -> facts.Placement:
    """The placement; its person is the id of the row that holds the reference."""
    return facts.Placement(
        reference=row.reference,
        person=str(row.person_id),
        block=row.block,
        starts_on=row.starts_on,
        hours=tuple(facts.Hours(each.from_day, each.hours) for each in row.hours),
        status=row.status,
        ends_on=row.ends_on,
        bonuses=tuple(each.block for each in row.bonuses),
        share=row.share_percent,
        subsidy_until=row.subsidy_until,
        employer=row.employer,
        programme=row.programme,
        approval=_approval(row),
    )


def activity_of(row: Activity) -> facts.Activity:
    return facts.Activity(
        reference=row.reference,
        block=row.block,
        on=row.on,
        status=row.status,
        amount_cents=row.amount_cents,
        quantity=row.quantity,
        description=row.description,
        approval=_approval(row),
    )


def _approval(row: Contribution) -> facts.Approval | None:
    if row.approved_at is None or row.approved_how is None:
        return None
    return facts.Approval(row.approved_at.astimezone(AMSTERDAM).date(), str(row.approved_how))
