"""Reads of the retention run: which people, files and addresses are past their time, and what holds others back.

A person is known over all contracts of a supplier, also those of other corporations, and is erased when the time of the
last of them is over, each by the rule of its own corporation. A reference that no placement has any more, because a
draft was given another, is needed for nothing and goes at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Corporation
from app.assessments.queries import standings
from app.closing.models import Settlement, SettlementState
from app.confirmations.models import Answer, Confirmation
from app.contracts.models import Contract
from app.contracts.queries import NAMES
from app.contributions.models import Contribution, Person, Placement
from app.evidence.models import Evidence
from app.extensions import db
from app.retention.terms import Ending, Term, term_of
from app.rules.dossier import WAITING
from app.signals.kinds import Kind
from app.signals.queries import found_on
from app.suppliers.models import SupplierRecord
from app.web.clock import HERE


@dataclass(frozen=True, slots=True)
class Line:
    """A contract whose time is over: how much of it is to be erased, or what holds it back."""

    contract: Contract
    term: Term
    persons: int = 0
    files: int = 0
    addresses: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """What a run would erase of a corporation, and the contracts that it looked at."""

    lines: Sequence[Line]
    persons: Sequence[Person]
    files: Sequence[Evidence]
    addresses: Sequence[Confirmation]

    @property
    def is_empty(self) -> bool:
        return not (self.persons or self.files or self.addresses)

    @property
    def digest(self) -> str:
        """What somebody saw, to be asked for again before it is erased."""
        ids = ([row.id for row in rows] for rows in (self.persons, self.files, self.addresses))
        return sha256(repr([*ids]).encode()).hexdigest()


def due_of(corporation: Corporation, on: date) -> Due:
    """What is past its time on that day; in a constant number of statements."""
    wanted = select(Contract).where(Contract.corporation_id == corporation.id)
    contracts = db.session.scalars(wanted.options(*NAMES).order_by(Contract.number)).all()
    terms = terms_of(contracts, on)
    over = [contract for contract in contracts if terms[contract.id].is_over(on)]
    ids = {contract.id for contract in over if terms[contract.id].is_due(on)}
    persons = [*_persons(ids, on), *_placed_nowhere(corporation)]
    files, addresses = _files(ids), _addresses(ids)
    counted = _placed(ids, {person.id for person in persons})
    of_files = Counter(row.contract_id for row in files)
    of_addresses = Counter(row.contribution.contract_id for row in addresses)
    lines = [Line(each, terms[each.id], counted[each.id], of_files[each.id], of_addresses[each.id]) for each in over]
    return Due([line for line in lines if _says_something(line)], persons, files, addresses)


def terms_of(contracts: Iterable[Contract], on: date) -> Mapping[int, Term]:
    """Until when the people of these contracts are kept, by the contract's id."""
    asked = list(contracts)
    figures, waiting, settlements = standings(asked, on), _waiting(asked), _settlements(asked)
    disputed = _disputed(asked, on)
    found = {}
    for contract in asked:
        settlement = settlements.get(contract.id)
        confirmed = settlement.confirmed_at if settlement and settlement.is_settled else None
        ending = Ending(
            figures[contract.id],
            confirmed.astimezone(HERE).date() if confirmed else None,
            is_proposed=settlement is not None and not settlement.is_settled,
            has_waiting=contract.id in waiting,
            is_disputed=contract.id in disputed,
        )
        found[contract.id] = term_of(ending, contract.corporation.retention_months)
    return found


def files_left(corporation: Corporation) -> Sequence[str]:
    """The SHA-256 of files that were erased here; one that no other evidence holds should be gone from the store."""
    erased = select(Evidence.sha256).where(Evidence.corporation_id == corporation.id, Evidence.erased_at.is_not(None))
    kept = select(Evidence.sha256).where(Evidence.erased_at.is_(None), Evidence.sha256.is_not(None))
    return [digest for digest in db.session.scalars(erased.where(Evidence.sha256.not_in(kept)).distinct()) if digest]


def _says_something(line: Line) -> bool:
    return bool(line.term.holds or line.persons or line.files or line.addresses)


def _persons(contract_ids: Collection[int], on: date) -> Sequence[Person]:
    """Those placed on these contracts of whom all contracts are past their time."""
    here = select(Placement.person_id).where(Placement.contract_id.in_(contract_ids))
    known = db.session.scalars(select(Person).where(Person.id.in_(here), Person.reference.is_not(None))).all()
    of_person = select(Placement.person_id, Placement.contract_id).distinct()
    everywhere: dict[int, set[int]] = {}
    for person_id, contract_id in db.session.execute(of_person.where(Placement.person_id.in_([p.id for p in known]))):
        everywhere.setdefault(person_id, set()).add(contract_id)
    others = {each for ids in everywhere.values() for each in ids} - set(contract_ids)
    elsewhere = db.session.scalars(select(Contract).where(Contract.id.in_(others)).options(*NAMES)).all()
    terms = terms_of(elsewhere, on) if elsewhere else {}
    done = set(contract_ids) | {contract_id for contract_id, term in terms.items() if term.is_due(on)}
    return [person for person in known if everywhere[person.id] <= done]


def _placed_nowhere(corporation: Corporation) -> Sequence[Person]:
    """Those of the corporation's suppliers whom no placement names any more."""
    suppliers = select(SupplierRecord.supplier_id).where(SupplierRecord.corporation_id == corporation.id)
    wanted = select(Person).where(Person.supplier_id.in_(suppliers), Person.reference.is_not(None))
    return db.session.scalars(wanted.where(~exists().where(Placement.person_id == Person.id)).order_by(Person.id)).all()


def _placed(contract_ids: Collection[int], person_ids: Collection[int]) -> Counter[int]:
    """How many of these people each contract placed."""
    pairs = select(Placement.contract_id, Placement.person_id).distinct()
    rows = pairs.where(Placement.contract_id.in_(contract_ids), Placement.person_id.in_(person_ids))
    return Counter(contract_id for contract_id, _person_id in db.session.execute(rows))


def _files(contract_ids: Collection[int]) -> Sequence[Evidence]:
    wanted = select(Evidence).where(
        Evidence.contract_id.in_(contract_ids), Evidence.sha256.is_not(None), Evidence.erased_at.is_(None)
    )
    return db.session.scalars(wanted.order_by(Evidence.id)).all()


def _addresses(contract_ids: Collection[int]) -> Sequence[Confirmation]:
    wanted = select(Confirmation).join(Confirmation.contribution)
    wanted = wanted.where(Contribution.contract_id.in_(contract_ids), Confirmation.email.is_not(None))
    whole = joinedload(Confirmation.contribution).joinedload(Contribution.contract).joinedload(Contract.corporation)
    return db.session.scalars(wanted.options(whole).order_by(Confirmation.id)).all()


def _waiting(contracts: Sequence[Contract]) -> frozenset[int]:
    ids = [contract.id for contract in contracts]
    rows = select(Contribution.contract_id).where(Contribution.contract_id.in_(ids))
    return frozenset(db.session.scalars(rows.where(Contribution.status.in_(WAITING))))


def _disputed(contracts: Sequence[Contract], on: date) -> frozenset[int]:
    """Where the signal of a dispute is not closed; signals are computed only where the other side ever said no."""
    said_no = select(Contribution.contract_id).join(Confirmation, Confirmation.contribution_id == Contribution.id)
    ids = said_no.where(Confirmation.answer == Answer.NO, Contribution.contract_id.in_([each.id for each in contracts]))
    asked = set(db.session.scalars(ids))
    found = found_on([each for each in contracts if each.id in asked], on) if asked else []
    return frozenset(each.contract.id for each in found if each.signal.kind is Kind.DISPUTED and not each.is_closed)


def _settlements(contracts: Sequence[Contract]) -> Mapping[int, Settlement]:
    ids = [contract.id for contract in contracts]
    rows = select(Settlement).where(Settlement.contract_id.in_(ids), Settlement.state != SettlementState.WITHDRAWN)
    return {each.contract_id: each for each in db.session.scalars(rows)}
