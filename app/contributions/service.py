"""Commands on contributions: enter, correct, approve, reject, withdraw. Each is one transaction and one audit record.

Who enters a version never judges it, administrators included. A correction is a new version: the approved one counts
until a colleague approves the new one, and stays readable afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from uuid import UUID, uuid5

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, may, organisation_of
from app.audit.service import command
from app.audit.trail import Audit, lock_chain
from app.contracts.models import Contract
from app.contributions import queries
from app.contributions.entries import Entry, entry_faults
from app.contributions.models import Activity, ApprovedHow, Contribution, ContributionKind, Person, Placement
from app.contributions.references import next_reference
from app.rules import dossier as facts
from app.rules.dossier import WAITING, Status
from app.schemes.queries import parsed_table
from app.web.bsn import without_bsn
from app.web.clock import now
from app.web.errors import Conflict, Forbidden, Stale

PREFIXES = {ContributionKind.PLACEMENT: "P", ContributionKind.ACTIVITY: "A"}


class OwnEntry(Conflict):
    """Nobody judges what they entered."""

    def __init__(self) -> None:
        super().__init__("own_entry")


class WrongStatus(Conflict):
    """It is no longer, or not yet, in the state in which that can be done."""

    def __init__(self) -> None:
        super().__init__("wrong_status")


def submit(contract_id: int, entered: Entry, *, by: User, key: UUID | None = None) -> Contribution:
    """Enter a placement or an activity and submit it: from now on it is pending until a colleague judges it.

    It gets the next free reference of the contract, and the person reference is found or made. `key` is the form's:
    the same form sent twice, with the same values, makes one contribution. Errors: NotFound (no such contract, or not
    for `by`), the RuleErrors of the rule book's faults, RuleError `share_over_100`, Invalid `bsn`.
    """
    return _enter(contract_id, entered, Status.SUBMITTED, by, key)


def save_draft(contract_id: int, entered: Entry, *, by: User, key: UUID | None = None) -> Contribution:
    """Enter it without submitting it: nobody judges it and its share of a person doesn't count yet. As `submit`."""
    return _enter(contract_id, entered, Status.DRAFT, by, key)


def save_drafts(contract_id: int, entered: Sequence[Entry], *, by: User, key: UUID | None) -> list[Contribution]:
    """Enter several on one contract without submitting them: all of them or none. Errors: as `save_draft`."""
    contract = queries.contract_to_enter(contract_id, by)
    with command("contribution.draft", by=by, corporation=contract.corporation) as audit:
        contract = queries.contract_to_enter(contract_id, by)
        return [
            put(audit, contract, each, Status.DRAFT, by=by, key=its_key)
            for each, its_key in zip(entered, _keys(key, entered), strict=True)
        ]


def are_saved(contract_id: int, entered: Sequence[Entry], *, by: User, key: UUID | None) -> bool:
    """Whether `save_drafts` was asked for just these already: somebody sent the form twice."""
    made_with = [
        _made_with(its_key, by, contract_id, Status.DRAFT, each)
        for each, its_key in zip(entered, _keys(key, entered), strict=True)
    ]
    return all(queries.entered_with(each) for each in made_with)


def correct(
    contribution_id: int,
    entered: Entry,
    *,
    by: User,
    seen_version: int,
    status: Status = Status.SUBMITTED,
    key: UUID | None = None,
) -> Contribution:
    """Correct a version: a new version under the same reference, submitted or a draft.

    An approved version counts on until the new one is approved; one that waited is withdrawn. Whoever goes on with a
    draft of their own changes that draft. Errors: as `submit`, and Stale (`correction_waits`: another version waits
    already).
    """
    seen = queries.contribution_to_enter(contribution_id, by)
    with command(f"{seen.kind}.correct", by=by, corporation=seen.corporation) as audit:
        seen = queries.contribution_to_enter(contribution_id, by)
        made_with = _made_with(key, by, seen.contract_id, status, entered)
        known = queries.entered_with(made_with)
        if known is not None:
            return known
        seen.expect_version(seen_version)
        newest = _expect_no_other_waits(seen)
        entered = _checked(seen.contract, entered, seen.reference, status)
        row = seen if seen.status is Status.DRAFT and seen.entered_by_id == by.id else None
        if row is None:
            _withdraw_waiting(audit, seen, by)
            row = _new_row(seen.contract, entered, by)
            row.version, row.replaces_id, row.spread_id = newest.version + 1, seen.id, seen.spread_id
        _store(audit, row, entered, made_with)
        seen.contract.facts_changed()
    return row


def approve(contribution_id: int, *, by: User, seen_version: int) -> Contribution:
    """Approve a submitted version: from now on it is credited, and an approved version before it is not.

    Errors: NotFound (not there, or not for `by` to judge), OwnEntry, WrongStatus, Stale (changed since
    `seen_version`), RuleError `share_over_100` among what is approved.
    """
    with _judging("approve", contribution_id, by, seen_version) as (audit, version):
        if isinstance(version, Placement):
            queries.hold(version.contract.supplier_id)
            expect_shares(version.contract, queries.share_of(version), (Status.APPROVED,))
        _withdraw_approved(audit, version, by)
        version.status = Status.APPROVED
        version.approved_by, version.approved_at, version.approved_how = by, now(), ApprovedHow.REVIEW
    return version


def reject(contribution_id: int, *, by: User, seen_version: int, reason: str) -> Contribution:
    """Reject a submitted version; who entered it reads the reason. Errors: as `approve`, and Invalid `bsn`."""
    with _judging("reject", contribution_id, by, seen_version) as (_audit, version):
        version.status = Status.REJECTED
        version.rejected_by, version.rejected_at, version.rejected_reason = by, now(), without_bsn(reason)
    return version


def withdraw(contribution_id: int, *, by: User, seen_version: int, with_others: bool = False) -> Contribution:
    """Withdraw a version: it counts no longer and stays readable. An approved one only by who may judge.

    `with_others`: of one employment over several contracts also the rest, as far as `by` may withdraw it.

    Errors: NotFound, WrongStatus (rejected or withdrawn already), Stale, Forbidden `withdraw_approved`.
    """
    seen = queries.contribution_to_enter(contribution_id, by)
    others = queries.spread_beside(seen, by) if with_others else ()
    corporations = {each.corporation for each in (seen, *others)}
    with command(f"{seen.kind}.withdraw", by=by, corporation=first_of(corporations)) as audit:
        lock_all(audit, corporations)
        version = queries.contribution_to_enter(contribution_id, by)
        if version.status not in (*WAITING, Status.APPROVED):
            raise WrongStatus
        version.expect_version(seen_version)
        if not may_withdraw(by, version):
            raise Forbidden("withdraw_approved")
        take_back(audit, version, by)
        for each in queries.spread_beside(version, by) if with_others else ():
            if may_withdraw(by, each):
                take_back(audit, each, by)
    return version


def may_withdraw(user: User, version: Contribution) -> bool:
    """Whether `user`, who enters on its contract, may withdraw it as it is now: what is approved only who may judge."""
    return version.status in WAITING or (version.status is Status.APPROVED and may_judge(user, version.contract))


def may_judge(user: User, contract: Contract) -> bool:
    """Whether `user` judges contributions on this contract (but for those of their own)."""
    scope = {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
    return may(user, Permission.JUDGE, contract_id=contract.id, **scope)


def proposed_reference(contract: Contract, entered: Entry) -> str:
    """The reference that it gets when it is entered now."""
    kind = _kind_of(entered)
    known = queries.references_on(contract)
    alike = [reference for reference, its_kind in known if its_kind is kind]
    return next_reference(alike, {reference for reference, _ in known}, PREFIXES[kind])


def _enter(contract_id: int, entered: Entry, status: Status, by: User, key: UUID | None) -> Contribution:
    contract = queries.contract_to_enter(contract_id, by)
    verb = "submit" if status is Status.SUBMITTED else "draft"
    with command(f"{_kind_of(entered)}.{verb}", by=by, corporation=contract.corporation) as audit:
        contract = queries.contract_to_enter(contract_id, by)
        return put(audit, contract, entered, status, by=by, key=key)


def put(
    audit: Audit,
    contract: Contract,
    entered: Entry,
    status: Status,
    *,
    by: User,
    key: UUID | None,
    spread_id: UUID | None = None,
) -> Contribution:
    """Inside a command: a new contribution, or the one that the same sending of the form made already."""
    made_with = _made_with(key, by, contract.id, status, entered)
    known = queries.entered_with(made_with)
    if known is not None:
        return known
    entered = _checked(contract, entered, proposed_reference(contract, entered), status)
    row = _new_row(contract, entered, by)
    row.spread_id = spread_id
    _store(audit, row, entered, made_with)
    contract.facts_changed()
    return row


def _keys(key: UUID | None, entered: Sequence[Entry]) -> list[UUID | None]:
    """Of each that is entered with one form its own key."""
    return [uuid5(key, str(place)) if key else None for place in range(len(entered))]


def _kind_of(entered: Entry) -> ContributionKind:
    return ContributionKind.PLACEMENT if isinstance(entered, facts.Placement) else ContributionKind.ACTIVITY


def _made_with(key: UUID | None, by: User, contract_id: int, status: Status, entered: Entry) -> UUID | None:
    """The key of one sending: another when somebody goes back, changes what stands in the form and sends it again."""
    return uuid5(key, repr((by.id, contract_id, status.value, entered))) if key else None


def _checked(contract: Contract, entered: Entry, reference: str, status: Status) -> Entry:
    """What was entered, under its reference, when nothing is wrong with it. A draft's shares don't count yet."""
    entered = replace(entered, reference=reference, status=status)
    _expect_no_bsn(entered)
    for fault in entry_faults(entered, parsed_table(contract.rate_table)):
        raise fault
    if isinstance(entered, facts.Placement):
        queries.hold(contract.supplier_id)
        if status is Status.SUBMITTED:
            expect_shares(contract, entered, (Status.APPROVED, Status.SUBMITTED))
    return entered


def _expect_no_bsn(entered: Entry) -> None:
    texts = (entered.person, entered.employer) if isinstance(entered, facts.Placement) else (entered.description,)
    for text in texts:
        without_bsn(text)


def expect_shares(contract: Contract, entered: facts.Placement, counting: tuple[Status, ...]) -> None:
    """Errors: RuleError `share_over_100`."""
    fault = queries.share_fault(contract, entered, counting)
    if fault is not None:
        raise fault


def _new_row(contract: Contract, entered: Entry, by: User) -> Contribution:
    make = Placement if isinstance(entered, facts.Placement) else Activity
    return make(contract=contract, reference=entered.reference, version=1, entered_by_id=by.id, entered_at=now())


def _store(audit: Audit, row: Contribution, entered: Entry, made_with: UUID | None) -> None:
    """Write what was entered to a new version, or to a draft that its maker goes on with."""
    person = _person(audit, row.contract, entered) if isinstance(entered, facts.Placement) else None
    is_new = row.id is None
    with nullcontext() if is_new else audit.change_of(row):
        row.status, row.entry_key = entered.status, made_with
        row.submitted_at = now() if entered.status is Status.SUBMITTED else None
        if isinstance(row, Placement) and isinstance(entered, facts.Placement) and person:
            row.records(entered, person)
        elif isinstance(row, Activity) and isinstance(entered, facts.Activity):
            row.records(entered)
    if is_new:
        audit.created(row)


def _person(audit: Audit, contract: Contract, entered: facts.Placement) -> Person:
    """The person whom the supplier knows by that reference, made when it is the first time."""
    known = queries.person_known_as(contract.supplier_id, entered.person)
    if known is not None:
        return known
    person = Person(supplier_id=contract.supplier_id, reference=entered.person, created_at=now())
    audit.created(person)
    return person


def _expect_no_other_waits(seen: Contribution) -> Contribution:
    """The newest version, when no other than `seen` waits to be submitted or judged."""
    versions = queries.versions_of(seen)
    for version in versions:
        if version.status in WAITING and version.id != seen.id:
            raise Stale("correction_waits", version=version.version)
    return versions[0]


def _withdraw_waiting(audit: Audit, version: Contribution, by: User) -> None:
    if version.status in WAITING:
        take_back(audit, version, by)
        audit.session.flush()  # at most one version waits: it makes room before the new one comes


def _withdraw_approved(audit: Audit, corrected: Contribution, by: User) -> None:
    """The approved version that a correction takes the place of."""
    for version in queries.versions_of(corrected):
        if version.status is Status.APPROVED:
            take_back(audit, version, by)
            audit.session.flush()  # at most one version is approved: it makes room first


def take_back(audit: Audit, version: Contribution, by: User) -> None:
    """Inside a command: withdraw a version."""
    with audit.change_of(version):
        version.status, version.withdrawn_by, version.withdrawn_at = Status.WITHDRAWN, by, now()
    version.contract.facts_changed()


def first_of(corporations: Iterable[Corporation]) -> Corporation:
    """Of several corporations the one that a command names: always the same, so that no two wait for each other."""
    return min(corporations, key=lambda each: each.id)


def lock_all(audit: Audit, corporations: Iterable[Corporation]) -> None:
    """Hold the chains of all of them, in their order, before anything is read that must still hold at the end."""
    for corporation in sorted(set(corporations), key=lambda each: each.id):
        lock_chain(audit.session, corporation)


@contextmanager
def _judging(verb: str, contribution_id: int, by: User, seen_version: int) -> Iterator[tuple[Audit, Contribution]]:
    seen = queries.contribution_to_judge(contribution_id, by)
    with command(f"{seen.kind}.{verb}", by=by, corporation=seen.corporation) as audit:
        version = queries.contribution_to_judge(contribution_id, by)
        if version.status is not Status.SUBMITTED:
            raise WrongStatus
        if version.entered_by_id == by.id:
            raise OwnEntry
        version.expect_version(seen_version)
        with audit.change_of(version):
            version.judged_for = organisation_of(by, version.contract.corporation_id)
            yield audit, version
        version.contract.facts_changed()
