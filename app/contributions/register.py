"""Contributions over all contracts as a list: each once, in the version that counts or else the newest.

What a row is worth no database knows; app/portfolio/contributions.py adds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload, with_polymorphic

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.contracts.models import Contract
from app.contracts.queries import ids_visible_to
from app.contributions.models import Activity, Contribution, ContributionKind, Person, Placement
from app.extensions import db
from app.rules.dossier import WAITING, Status
from app.rules.tables import Block
from app.schemes.models import RateTable
from app.schemes.queries import parsed_table
from app.suppliers.models import Supplier, SupplierRecord
from app.web.listing import Choice, Offer, Options, Order, a_number, a_text, by_word, mentions, one_of
from app.web.words import label

Blocks = Mapping[tuple[int, str], Block]
"""Building blocks by the id of their rate table and their code."""

COURSE = (Status.SUBMITTED, Status.DRAFT, Status.REJECTED, Status.APPROVED, Status.WITHDRAWN)
"""The states in the order of who has something to do."""
VALUE = "value"
"""The order that only the assessments know."""

# A placement has columns that an activity has not; this is either. Classes of the same table would be other rows.
HELD: Any = with_polymorphic(Contribution, [Placement, Activity])
_other = aliased(Contribution.__table__)
_same = and_(_other.c.contract_id == HELD.contract_id, _other.c.reference == HELD.reference)

SORTS: Mapping[str, Order] = {
    "entered": (HELD.entered_at, HELD.id),
    "reference": (HELD.reference, HELD.id),
    "starts": (func.coalesce(HELD.Placement.starts_on, HELD.Activity.on), HELD.id),
    "contract": (Contract.number, HELD.reference, HELD.id),
    "supplier": (func.lower(SupplierRecord.name), Contract.number, HELD.id),
    "state": (case({status: place for place, status in enumerate(COURSE)}, value=HELD.status), HELD.id),
    VALUE: (HELD.id,),
}
OFFER = Offer(
    SORTS,
    {
        "state": one_of(*Status),
        "kind": one_of(*ContributionKind),
        "supplier": a_text,
        "contract": a_number,
        "block": a_text,
    },
    begins_descending=True,
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A newer version that waits beside an approved one."""

    id: int
    status: Status
    entered_by_id: int | None


def blocks_seen_by(user: User) -> Blocks:
    """The blocks of the contributions that `user` sees."""
    used = select(Contract.rate_table_id, Contribution.block).join(Contribution.contract).distinct()
    pairs = db.session.execute(used.where(_sees(user))).all()
    wanted = select(RateTable).where(RateTable.id.in_({table_id for table_id, _ in pairs}))
    tables = {row.id: parsed_table(row) for row in db.session.scalars(wanted)}
    return {(table_id, code): tables[table_id].block(code) for table_id, code in pairs}


def asked_for(user: User, choice: Choice, blocks: Blocks) -> Select[Contribution]:
    """What the choice finds of what `user` sees."""
    wanted = (
        select(HELD)
        .join(HELD.contract)
        .join(Contract.supplier)
        .join(Contract.supplier_record)
        .outerjoin(Person, Person.id == HELD.Placement.person_id)
        .where(_sees(user), _is_held())
    )
    for word in choice.words:
        wanted = wanted.where(_mentions(word, user, blocks))
    return wanted.where(*_filters(choice))


def whole(wanted: Select[Contribution]) -> Select[Contribution]:
    """With what a row shows of each, and of its contract."""
    return wanted.options(
        contains_eager(HELD.contract).options(
            contains_eager(Contract.supplier_record), joinedload(Contract.corporation)
        ),
        selectinload(HELD.Placement.person),
        selectinload(HELD.Placement.hours),
    )


def options_for(user: User, blocks: Blocks) -> Mapping[str, Options]:
    """What there is to choose from: the contracts with contributions, their suppliers, and the blocks."""
    columns = (Contract.id, Contract.number, Contract.title, Supplier.kvk, SupplierRecord.name)
    contracts = select(*columns).join(Contract.supplier).join(Contract.supplier_record)
    rows = db.session.execute(contracts.where(exists().where(Contribution.contract_id == Contract.id), _sees(user)))
    return _options(rows.all(), blocks)


def waiting_beside(versions: Iterable[Contribution]) -> Mapping[tuple[int, str], Waiting]:
    """The newer version that waits beside each of these, by contract and reference."""
    shown = {(each.contract_id, each.reference): each.version for each in versions}
    columns = (Contribution.contract_id, Contribution.reference, Contribution.version, Contribution.id)
    wanted = select(*columns, Contribution.status, Contribution.entered_by_id).where(
        tuple_(Contribution.contract_id, Contribution.reference).in_(shown), Contribution.status.in_(WAITING)
    )
    return {
        (row.contract_id, row.reference): Waiting(row.id, row.status, row.entered_by_id)
        for row in db.session.execute(wanted)
        if row.version > shown[row.contract_id, row.reference]
    }


def _sees(user: User, permission: Permission = Permission.SEE_CONTRACTS) -> ColumnElement[bool]:
    return Contract.id.in_(ids_visible_to(user, permission))


def _is_held() -> ColumnElement[bool]:
    """Approved, or the newest where none of its versions is."""
    better = exists().where(_same, or_(_other.c.status == Status.APPROVED, _other.c.version > HELD.version))
    return or_(HELD.status == Status.APPROVED, ~better)


def _filters(choice: Choice) -> list[ColumnElement[bool]]:
    state, contract = choice["state"], choice["contract"]
    asked: Sequence[tuple[str, Any]] = (
        (state, or_(HELD.status == state, _waits_as(state))),
        (choice["kind"], HELD.kind == choice["kind"]),
        (choice["supplier"], Supplier.kvk == choice["supplier"]),
        (contract, HELD.contract_id == int(contract or 0)),
        (choice["block"], HELD.block == choice["block"]),
    )
    return [condition for value, condition in asked if value]


def _waits_as(state: str) -> ColumnElement[bool]:
    """That a newer version waits in that state."""
    is_waiting = _other.c.status.in_(WAITING) & (_other.c.status == state)
    return exists().where(_same, is_waiting, _other.c.version > HELD.version)


def _mentions(word: str, user: User, blocks: Blocks) -> ColumnElement[bool]:
    """Whether a text of the row has the word; the reference of a person only for who sees persons there."""
    named = [pair for pair, block in blocks.items() if word in label(block).lower()]
    sees_persons = _sees(user, Permission.ENTER_CONTRIBUTIONS) | _sees(user, Permission.SEE_PORTFOLIO)
    return or_(
        mentions(word, HELD.reference, Contract.number, Contract.title, SupplierRecord.name, Supplier.kvk),
        tuple_(Contract.rate_table_id, HELD.block).in_(named),
        mentions(word, Person.reference) & sees_persons,
    )


def _options(rows: Sequence[Row[*tuple[Any, ...]]], blocks: Blocks) -> Mapping[str, Options]:
    return {
        "contract": by_word({str(row.id): f"{row.number} {row.title}" for row in rows}),
        "supplier": by_word({row.kvk: row.name for row in rows}),
        "block": by_word({block.code: label(block) for block in blocks.values()}),
    }
