"""Reads of contributions: each from what somebody may see, enter or judge, in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.contracts.models import Contract
from app.contracts.queries import ids_visible_to, visible_to
from app.contributions.models import Contribution, ContributionKind, Person, Placement
from app.extensions import db
from app.rules import RuleError
from app.rules import dossier as facts
from app.rules.dossier import WAITING, Status
from app.rules.faults import share_fault as fault_of_shares
from app.suppliers.models import Supplier
from app.web.rows import the_row

PERSONS_OFFERED = 50
LISTED = 100

OF_CONTRACT = (
    joinedload(Contract.corporation),
    joinedload(Contract.supplier_record),
    joinedload(Contract.rate_table),
)
PEOPLE = (
    Contribution.entered_by,
    Contribution.approved_by,
    Contribution.rejected_by,
    Contribution.withdrawn_by,
)


def contract_to_enter(contract_id: int, user: User) -> Contract:
    """A contract on which `user` may enter contributions. Errors: `NotFound`."""
    mine = visible_to(user, Permission.ENTER_CONTRIBUTIONS)
    return the_row(mine.where(Contract.id == contract_id).options(*OF_CONTRACT))


def contracts_to_enter(contract_ids: Collection[int], user: User) -> Sequence[Contract]:
    """Those of these contracts on which `user` may enter contributions, by id."""
    mine = visible_to(user, Permission.ENTER_CONTRIBUTIONS).where(Contract.id.in_(contract_ids))
    return db.session.scalars(mine.options(*OF_CONTRACT).order_by(Contract.id)).all()


def contracts_beside(contract: Contract, user: User, on: date) -> Sequence[Contract]:
    """The contracts of the same supplier that run on that day and on which `user` may enter, `contract` first."""
    mine = visible_to(user, Permission.ENTER_CONTRIBUTIONS).where(Contract.supplier_id == contract.supplier_id)
    mine = mine.where(or_(Contract.id == contract.id, Contract.ends_on >= on)).options(*OF_CONTRACT)
    found = db.session.scalars(mine.order_by(Contract.id != contract.id, Contract.number, Contract.id).limit(LISTED))
    return found.all()


def drafts_on(contract_id: int, user: User) -> Sequence[Contribution]:
    """The drafts on a contract on which `user` may enter, whoever entered them, by reference."""
    drafts = _versions(user, Permission.ENTER_CONTRIBUTIONS).where(Contribution.contract_id == contract_id)
    drafts = drafts.where(Contribution.status == Status.DRAFT)
    return db.session.scalars(drafts.order_by(Contribution.id)).all()


def held_on(contract_id: int, user: User) -> Sequence[Contribution]:
    """Of each contribution on such a contract the version that stands for it: the approved one, else what waits."""
    rows = _versions(user, Permission.ENTER_CONTRIBUTIONS).where(Contribution.contract_id == contract_id)
    rows = rows.where(Contribution.status.in_((*WAITING, Status.APPROVED)))
    ordered = db.session.scalars(rows.order_by(Contribution.status == Status.APPROVED, Contribution.id))
    return sorted({each.reference: each for each in ordered}.values(), key=lambda each: each.id)


def spread_beside(
    version: Contribution, user: User, permission: Permission = Permission.ENTER_CONTRIBUTIONS
) -> Sequence[Contribution]:
    """The rest of one employment over several contracts, as far as it is for `user`: the newest version of each."""
    if version.spread_id is None:
        return ()
    rows = _versions(user, permission).where(
        Contribution.spread_id == version.spread_id, Contribution.contract_id != version.contract_id
    )
    ordered = db.session.scalars(rows.order_by(Contribution.contract_id, Contribution.version))
    return list({(each.contract_id, each.reference): each for each in ordered}.values())


def contribution_seen_by(user: User, contribution_id: int) -> Contribution:
    """A version that `user` may look at, with who did what to it. Errors: `NotFound`."""
    return the_row(_versions(user, Permission.SEE_CONTRACTS).where(Contribution.id == contribution_id))


def contribution_to_enter(contribution_id: int, user: User) -> Contribution:
    """A version that `user` may correct, copy or withdraw. Errors: `NotFound`."""
    return the_row(_versions(user, Permission.ENTER_CONTRIBUTIONS).where(Contribution.id == contribution_id))


def contribution_to_judge(contribution_id: int, user: User) -> Contribution:
    """A version, in whatever state, of a contract on which `user` judges. Errors: `NotFound`."""
    return the_row(_versions(user, Permission.JUDGE).where(Contribution.id == contribution_id))


def waiting_for(user: User, limit: int = LISTED) -> Sequence[Contribution]:
    """The submitted versions that `user` may judge, or could if a colleague had entered them, oldest first."""
    waiting = _versions(user, Permission.JUDGE).where(Contribution.status == Status.SUBMITTED)
    return db.session.scalars(waiting.order_by(Contribution.submitted_at, Contribution.id).limit(limit)).all()


def number_waiting_for(user: User) -> int:
    waiting = select(func.count(Contribution.id)).where(_with(user, Permission.JUDGE))
    return db.session.scalars(waiting.where(Contribution.status == Status.SUBMITTED)).one()


def versions_of(contribution: Contribution) -> Sequence[Contribution]:
    """All versions of a contribution, the newest first, with who did what to each."""
    same = select(Contribution).where(
        Contribution.contract_id == contribution.contract_id, Contribution.reference == contribution.reference
    )
    return db.session.scalars(
        same.options(*(joinedload(person) for person in PEOPLE)).order_by(Contribution.version.desc())
    ).all()


def versions_on(contract: Contract) -> Sequence[Contribution]:
    """All versions on a contract with their persons, by reference, the oldest first."""
    rows = select(Contribution).where(Contribution.contract_id == contract.id).options(selectinload(Placement.person))
    return db.session.scalars(rows.order_by(Contribution.reference, Contribution.version)).all()


def approved_contracts_and_references(contributions: Iterable[Contribution]) -> frozenset[tuple[int, str]]:
    """The (contract id, reference) pairs among these of which some version is approved."""
    known = {(each.contract_id, each.reference) for each in contributions}
    pair = tuple_(Contribution.contract_id, Contribution.reference)
    approved = select(Contribution.contract_id, Contribution.reference).where(
        pair.in_(known), Contribution.status == Status.APPROVED
    )
    return frozenset((contract_id, reference) for contract_id, reference in db.session.execute(approved))


def last_used_persons(contract: Contract, user: User) -> Sequence[str]:
    """References of persons of the contract's supplier, as far as `user` sees contracts of it, the last used first."""
    used = (
        select(Person.reference)
        .join(Placement, Placement.person_id == Person.id)
        .where(Person.supplier_id == contract.supplier_id, Person.reference.is_not(None))
        .where(_with(user, Permission.SEE_CONTRACTS))
        .group_by(Person.id, Person.reference)
        .order_by(func.max(Contribution.id).desc())
        .limit(PERSONS_OFFERED)
    )
    return [reference for reference in db.session.scalars(used) if reference]


def sees_persons(user: User, contract: Contract) -> bool:
    """Whether references of persons are for `user`: of the supplier, of the corporation, or its auditor."""
    scope = {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
    return may(user, Permission.SEE_PERSONS, **scope)


def references_on(contract: Contract) -> Sequence[tuple[str, ContributionKind]]:
    """The references of a contract's contributions with their kind, oldest first."""
    rows = select(Contribution.reference, Contribution.kind).where(Contribution.contract_id == contract.id)
    return [(reference, kind) for reference, kind in db.session.execute(rows.order_by(Contribution.id))]


def references_of(person: Person | None, contract: Contract) -> frozenset[str]:
    """The references of a person's placements in the contract's dossier; none for somebody who is not known yet."""
    versions = select(Placement.reference, Placement.person_id, Placement.status)
    versions = versions.where(Placement.contract_id == contract.id).order_by(Placement.version)
    held: dict[str, tuple[int, Status]] = {}
    for reference, person_id, status in db.session.execute(versions) if person else ():
        if reference not in held or held[reference][1] is not Status.APPROVED:
            held[reference] = person_id, status
    return frozenset(reference for reference, (person_id, _) in held.items() if person and person_id == person.id)


def references_of_same_persons(versions: Iterable[Contribution]) -> Mapping[int, frozenset[str]]:
    """By id of each of these placements the references of its person's placements on its contract; one statement."""
    placements = [each for each in versions if isinstance(each, Placement)]
    rows = select(Placement.contract_id, Placement.reference, Placement.person_id, Placement.status)
    rows = rows.where(Placement.contract_id.in_({each.contract_id for each in placements})).order_by(Placement.version)
    held: dict[tuple[int, str], tuple[int, Status]] = {}
    for contract_id, reference, person_id, status in db.session.execute(rows) if placements else ():
        known = held.get((contract_id, reference))
        if known is None or known[1] is not Status.APPROVED:
            held[contract_id, reference] = person_id, status
    return {
        each.id: frozenset(
            reference
            for (contract_id, reference), (person_id, _) in held.items()
            if (contract_id, person_id) == (each.contract_id, each.person_id)
        )
        for each in placements
    }


def share_faults(versions: Iterable[Contribution]) -> Mapping[int, RuleError]:
    """By id the fault of the person's shares, of each of these placements that would have one; one statement."""
    placements = [each for each in versions if isinstance(each, Placement)]
    rows = select(Placement).where(
        Placement.person_id.in_({each.person_id for each in placements}),
        Placement.status.in_((Status.APPROVED, Status.SUBMITTED)),
    )
    newest: dict[int, dict[tuple[int, str], Placement]] = {}
    ordered = rows.options(selectinload(Placement.person)).order_by(Placement.version)
    for row in db.session.scalars(ordered) if placements else ():
        newest.setdefault(row.person_id, {})[row.contract_id, row.reference] = row
    faults = {}
    for each in placements:
        shares = newest.get(each.person_id, {}) | {(each.contract_id, each.reference): each}
        faults[each.id] = fault_of_shares(map(share_of, shares.values()))
    return {version_id: fault for version_id, fault in faults.items() if fault}


def entered_with(key: UUID | None) -> Contribution | None:
    """What the form with this key made already."""
    return db.session.scalar(select(Contribution).where(Contribution.entry_key == key)) if key else None


def person_known_as(supplier_id: int, reference: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.supplier_id == supplier_id, Person.reference == reference))


def hold(supplier_id: int) -> None:
    """Until the command ends no other writes about this supplier's persons; on SQLite none writes at all."""
    db.session.execute(select(Supplier.id).where(Supplier.id == supplier_id).with_for_update())


def share_fault(contract: Contract, entered: facts.Placement, counting: tuple[Status, ...]) -> RuleError | None:
    """The fault of one person's shares over all contracts of the supplier, with `entered` (on `contract`) among them.

    The person of `entered` is its reference. Of each other contribution counts the newest version that is in one of the
    states `counting`. The fault names a day and a sum, and no contract: it may be another corporation's.
    """
    rows = db.session.scalars(
        select(Placement)
        .join(Placement.person)
        .where(Person.supplier_id == contract.supplier_id, Person.reference == entered.person)
        .where(Placement.status.in_(counting))
        .options(contains_eager(Placement.person))
        .order_by(Placement.version)
    )
    newest = {(row.contract_id, row.reference): row for row in rows}
    newest.pop((contract.id, entered.reference), None)
    return fault_of_shares([*map(share_of, newest.values()), entered])


def share_of(row: Placement) -> facts.Placement:
    """What shares are added up from: the days, the share, and the person by reference."""
    person = row.person.reference or ""
    return facts.Placement(
        row.reference, person, row.block, row.starts_on, (), row.status, row.ends_on, share=row.share_percent
    )


def _with(user: User, permission: Permission) -> ColumnElement[bool]:
    """That a contribution is on a contract with which `user` may do that."""
    return Contribution.contract_id.in_(ids_visible_to(user, permission))


def _versions(user: User, permission: Permission) -> Select[Contribution]:
    """Versions on such contracts, with all that a page shows of one."""
    rows = select(Contribution).where(_with(user, permission))
    return rows.options(
        joinedload(Contribution.contract).options(*OF_CONTRACT),
        *(joinedload(person) for person in PEOPLE),
        selectinload(Placement.person),
        selectinload(Placement.hours),
        selectinload(Placement.bonuses),
    )
