"""Commands on several contributions at once: drafts submitted or withdrawn together, one employment over contracts.

Each is one transaction, all or none. Whoever submits a draft answers for it, so only the own ones are submitted here;
who goes on with a colleague's opens it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from uuid import UUID, uuid4, uuid5

from app.accounts.models import User
from app.audit.service import command
from app.audit.trail import Audit
from app.contracts.models import Contract
from app.contributions import queries
from app.contributions.judging import Seen
from app.contributions.models import Contribution, Placement
from app.contributions.service import WrongStatus, expect_shares, first_of, lock_all, put, take_back
from app.rules import RuleError
from app.rules import dossier as facts
from app.rules.dossier import Status
from app.web.clock import now
from app.web.errors import Conflict, DomainError, NotFound

COUNTING = (Status.APPROVED, Status.SUBMITTED)


class NotAll(Conflict):
    """One of several could not be done, so none was; `reasons` says why, by the id of the version."""

    def __init__(self, reasons: Mapping[int, DomainError | RuleError]) -> None:
        super().__init__("none_of_several")
        self.reasons = reasons


def submit_drafts(contract_id: int, seen: Seen, *, by: User) -> list[Contribution]:
    """Submit drafts of one's own: all, or none. Errors: NotFound, NotAll with the reason of each that is refused."""
    with _drafts("submit", contract_id, by) as (audit, drafts):
        queries.hold(queries.contract_to_enter(contract_id, by).supplier_id)
        return _each(seen, drafts, partial(_submit, audit))


def withdraw_drafts(contract_id: int, seen: Seen, *, by: User) -> list[Contribution]:
    """Withdraw drafts of one's own: all, or none. Errors: as `submit_drafts`."""
    with _drafts("withdraw", contract_id, by) as (audit, drafts):
        return _each(seen, drafts, lambda draft: take_back(audit, draft, by))


def spread(
    entered: Mapping[int, facts.Placement], *, by: User, key: UUID | None = None, status: Status = Status.SUBMITTED
) -> list[Contribution]:
    """Enter one employment that is divided over contracts of one supplier: by the id of each contract its share.

    A row on each contract, joined by `spread_id`, each with its own reference and judged by its own corporation; a
    record in each corporation's chain. Errors: NotFound (a contract is not there, not for `by`, or another
    supplier's), and as `submit`.
    """
    corporations = {each.corporation for each in _of_one_supplier(entered, by)}
    with command("placement.spread", by=by, corporation=first_of(corporations)) as audit:
        lock_all(audit, corporations)
        contracts = _of_one_supplier(entered, by)
        key = uuid5(key, repr(sorted(entered.items()))) if key else None
        spread_id = uuid5(key, "spread") if key else uuid4()
        return [
            put(
                audit,
                contract,
                entered[contract.id],
                status,
                by=by,
                key=uuid5(key, str(contract.id)) if key else None,
                spread_id=spread_id,
            )
            for contract in contracts
        ]


def _of_one_supplier(contract_ids: Collection[int], by: User) -> list[Contract]:
    contracts = queries.contracts_to_enter(contract_ids, by)
    if len(contracts) < len(contract_ids) or len({each.supplier_id for each in contracts}) != 1:
        raise NotFound
    return list(contracts)


@contextmanager
def _drafts(verb: str, contract_id: int, by: User) -> Iterator[tuple[Audit, Mapping[int, Contribution]]]:
    contract = queries.contract_to_enter(contract_id, by)
    with command(f"contribution.{verb}", by=by, corporation=contract.corporation) as audit:
        yield audit, {each.id: each for each in queries.drafts_on(contract_id, by) if each.entered_by_id == by.id}


def _each(seen: Seen, drafts: Mapping[int, Contribution], act: Callable[[Contribution], None]) -> list[Contribution]:
    """Do it with each of them; what stands in the way of some is told together. Errors: NotAll."""
    reasons: dict[int, DomainError | RuleError] = {}
    for version_id, row_version in seen.items():
        try:
            if version_id not in drafts:
                raise WrongStatus
            drafts[version_id].expect_version(row_version)
            act(drafts[version_id])
        except (DomainError, RuleError) as error:
            reasons[version_id] = error
    if reasons:
        raise NotAll(reasons)
    return [drafts[version_id] for version_id in seen]


def _submit(audit: Audit, draft: Contribution) -> None:
    if isinstance(draft, Placement):
        expect_shares(draft.contract, queries.share_of(draft), COUNTING)
    with audit.change_of(draft):
        draft.status, draft.submitted_at = Status.SUBMITTED, now()
    draft.contract.facts_changed()
    audit.session.flush()  # the next one's shares are added to this one's
