"""Contributions over many contracts with what they are worth: all that somebody sees, and those that wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import Select, select

from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.assessments.queries import finals, standings
from app.contracts.models import Contract
from app.contributions import queries, register
from app.contributions.models import Contribution
from app.contributions.register import HELD, VALUE, Blocks, Waiting
from app.extensions import db
from app.rules import Assessment
from app.rules.dossier import Status
from app.rules.tables import Block
from app.web.listing import Choice, Listing, page_of_records, page_of_rows


class Key(Protocol):
    """What says which contribution it is, and how far: a version, or these columns of one."""

    @property
    def contract_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def status(self) -> Status: ...


Worth = Callable[[Key], int | None]
"""In cents: what is credited for an approved one, what a submitted one would get to the end; None for all others."""


@dataclass(frozen=True, slots=True)
class Row:
    """A contribution in the list; `waiting` is a newer version beside an approved one.

    `to_judge` is the id of the version that who looks may judge now.
    """

    version: Contribution
    waiting: Waiting | None
    block: Block
    cents: int | None
    sees_persons: bool
    to_judge: int | None


def listing_of(user: User, choice: Choice, on: date) -> Listing[Row]:
    """The page of the contributions that `user` sees, with their worth as of `on`, in a constant number of statements.

    Only the order by worth asks for the assessments of all that is found; any other for those of the page.
    """
    blocks = register.blocks_seen_by(user)
    wanted, options = register.asked_for(user, choice, blocks), register.options_for(user, blocks)
    by_worth = choice.sort == VALUE
    listing = _in_order_of_worth(wanted, choice, on) if by_worth else _in_order_of_columns(wanted, choice)
    worth, waiting = worth_on(listing.rows, on), register.waiting_beside(listing.rows)
    rows = [
        _row(user, version, waiting.get((version.contract_id, version.reference)), blocks, worth)
        for version in listing.rows
    ]
    return Listing(choice, rows, listing.found, listing.page, options)


def worth_on(keys: Iterable[Key], on: date) -> Worth:
    """What these contributions are worth as of `on`, from the remembered assessments of their contracts."""
    ids = {each.contract_id for each in keys}
    contracts = db.session.scalars(select(Contract).where(Contract.id.in_(ids))).all()
    credited, at_end = _values(standings(contracts, on)), _values(finals(contracts))

    def worth(each: Key) -> int | None:
        values = {Status.APPROVED: credited, Status.SUBMITTED: at_end}.get(each.status, {})
        return values.get((each.contract_id, each.reference))

    return worth


def _values(assessments: Mapping[int, Assessment]) -> Mapping[tuple[int, str], int]:
    """The value of each contribution, by contract and reference."""
    return {
        (contract_id, each.reference): each.value_cents
        for contract_id, assessment in assessments.items()
        for each in assessment.contributions
    }


def _in_order_of_columns(wanted: Select[Contribution], choice: Choice) -> Listing[Contribution]:
    return page_of_records(register.whole(wanted), choice, register.SORTS[choice.sort])


def _in_order_of_worth(wanted: Select[Contribution], choice: Choice, on: date) -> Listing[Contribution]:
    """What has no value comes first, as nothing; of equals the older."""
    columns = (HELD.id, HELD.contract_id, HELD.reference, HELD.status)
    keys = db.session.execute(wanted.with_only_columns(*columns)).all()
    worth = worth_on(keys, on)
    page = page_of_rows(keys, choice, lambda key: (worth(key) or 0, key.id))
    shown = [key.id for key in page.rows]
    found = {each.id: each for each in db.session.scalars(register.whole(wanted).where(HELD.id.in_(shown)))}
    return Listing(choice, [found[each] for each in shown], page.found, page.page)


def _row(user: User, version: Contribution, waiting: Waiting | None, blocks: Blocks, worth: Worth) -> Row:
    contract = version.contract
    return Row(
        version=version,
        waiting=waiting,
        block=blocks[contract.rate_table_id, version.block],
        cents=worth(version),
        sees_persons=queries.sees_persons(user, contract),
        to_judge=_to_judge(user, contract, waiting or version),
    )


def _to_judge(user: User, contract: Contract, version: Contribution | Waiting) -> int | None:
    """The id of a submitted version that `user` may judge: on that contract, and entered by somebody else."""
    scope = {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
    is_theirs = version.status is Status.SUBMITTED and version.entered_by_id != user.id
    return version.id if is_theirs and may(user, Permission.JUDGE, contract_id=contract.id, **scope) else None
