"""All that is held about one person reference, as far as it is for who asks: to be looked at, or taken along.

`TABLES` names every table that can say something about a person, and how it leads there; a test fails for a table with
a reference to one of these that is not among them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, inspect, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where
from app.audit.chain import instant_text
from app.audit.models import AuditChain, AuditRecord, AuditSubject
from app.audit.service import command
from app.audit.snapshots import kind_of_model
from app.auditing.models import SampleItem
from app.closing.models import AfterProject
from app.confirmations.models import Confirmation
from app.contracts.models import Contract
from app.contracts.queries import ids_visible_to
from app.contributions.models import ClaimedBonus, Person, Placement, PlacementHours
from app.database import Base
from app.evidence.models import Evidence
from app.extensions import db
from app.rules.money import decimal_text
from app.web.rows import the_row

SECRET = frozenset({"token_hash", "entry_key"})
"""Columns that say nothing about a person, and open something or tie a form."""
Held = Mapping[str, Sequence[Mapping[str, Any]]]


def person_seen_by(user: User, person_id: int) -> Person:
    """Errors: NotFound, also when references of that supplier are not for `user`."""
    placed = select(Placement.person_id).where(_visible(user))
    wanted = select(Person).where(Person.id == person_id, Person.id.in_(placed))
    return the_row(wanted.options(joinedload(Person.supplier)))


def held_about(user: User, person: Person) -> Held:
    """By the name of each table the rows that are about this person, on contracts that are for `user`."""
    placements = db.session.scalars(
        select(Placement).where(Placement.person_id == person.id, _visible(user)).order_by(Placement.id)
    ).all()
    found = {"person": [_columns(person)], "placement": [_columns(each) for each in placements]}
    for model, about in TABLES.items():
        rows = db.session.scalars(_of(model, about(placements)))
        found[kind_of_model(model)] = [_columns(each) for each in rows]
    found["audit_record"] = _records(placements, corporations_where(user, Permission.SEE_HISTORY))
    return found


def export(person_id: int, *, by: User) -> Held:
    """The same, to be taken along: it leaves a record with each corporation whose contracts are in it, with no
    reference in it. Errors: NotFound.
    """
    seen = person_seen_by(by, person_id)
    with command("person.export", by=by, corporation=_corporations(by, seen)[0]) as audit:
        person = person_seen_by(by, person_id)
        for corporation in _corporations(by, person):
            audit.also(corporation)
            audit.concerns("person", person.id, corporation.id)
        return held_about(by, person)


def _corporations(user: User, person: Person) -> Sequence[Corporation]:
    """On whose contracts `user` sees placements of this person."""
    placed = select(Placement.contract_id).where(Placement.person_id == person.id, _visible(user))
    of_contracts = select(Contract.corporation_id).where(Contract.id.in_(placed))
    return db.session.scalars(
        select(Corporation).where(Corporation.id.in_(of_contracts)).order_by(Corporation.id)
    ).all()


def _visible(user: User) -> ColumnElement[bool]:
    """That a placement is on a contract of which `user` sees references of people."""
    return Placement.contract_id.in_(ids_visible_to(user, Permission.SEE_PERSONS))


Placements = Sequence[Placement]


def _of_version(column: Any) -> Callable[[Placements], ColumnElement[bool]]:
    return lambda placements: column.in_([each.id for each in placements])


def _of_reference(model: Any) -> Callable[[Placements], ColumnElement[bool]]:
    """All versions share what is known by contract and reference."""

    def same(placements: Placements) -> ColumnElement[bool]:
        pairs = {(each.contract_id, each.reference) for each in placements}
        return or_(
            *(and_(model.contract_id == contract_id, model.reference == reference) for contract_id, reference in pairs)
        )

    return same


def _of_persons(placements: Placements) -> ColumnElement[bool]:
    """A correction may have given a contribution to somebody else: what became of that one is not this one's."""
    return AfterProject.person_id.in_({each.person_id for each in placements})


TABLES: Mapping[type[Base], Callable[[Placements], ColumnElement[bool]]] = {
    PlacementHours: _of_version(PlacementHours.placement_id),
    ClaimedBonus: _of_version(ClaimedBonus.placement_id),
    Confirmation: _of_version(Confirmation.contribution_id),
    Evidence: _of_reference(Evidence),
    AfterProject: lambda placements: and_(_of_reference(AfterProject)(placements), _of_persons(placements)),
    SampleItem: _of_version(SampleItem.contribution_id),
}


def _of(model: type[Base], condition: ColumnElement[bool]) -> Select[Base]:
    return select(model).where(condition).order_by(*inspect(model).primary_key)


def _records(placements: Placements, trusted: Collection[int]) -> list[Mapping[str, Any]]:
    """What was done with these placements, and when somebody opened what shows them.

    Who it was stands there for whom the history of that corporation is (`trusted`: their ids).
    """
    evidence = select(Evidence.id).where(_of_reference(Evidence)(placements))
    about = or_(
        and_(AuditSubject.kind == "placement", AuditSubject.object_id.in_([each.id for each in placements])),
        and_(AuditSubject.kind == "evidence", AuditSubject.object_id.in_(evidence)),
    )
    columns = (AuditRecord.id, AuditRecord.at, AuditRecord.action, AuditChain.corporation_id)
    who = func.coalesce(User.name, AuditRecord.actor)
    rows = select(*columns, who).join(AuditRecord.chain).join(User, User.id == AuditRecord.actor_id, isouter=True)
    rows = rows.join(AuditRecord.subjects).where(about).distinct().order_by(AuditRecord.id)
    return [
        {"at": instant_text(at), "action": action} | ({"who": name} if owner in trusted else {})
        for _id, at, action, owner, name in db.session.execute(rows)
    ]


def _columns(row: Base) -> Mapping[str, Any]:
    return {
        each.key: _as_json(getattr(row, each.key))
        for each in inspect(row).mapper.column_attrs
        if each.key not in SECRET
    }


def _as_json(value: Any) -> Any:
    match value:
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Decimal():
            return decimal_text(value)
        case UUID() | StrEnum():
            return str(value)
        case _:
            return value
