"""Reads of a corporation's own affairs: its people, the suppliers they may work for, its logo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, exists, func, literal, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Corporation, Logo, Membership, Role, Session, Token, User
from app.accounts.permissions import Permission
from app.accounts.queries import corporations_open_to, is_open
from app.accounts.words import Presence
from app.database import UtcDateTime
from app.extensions import db
from app.organisation.house import corporations_of
from app.suppliers.models import SupplierRecord
from app.web.clock import today
from app.web.errors import NotFound
from app.web.listing import Choice, Listing, Offer, Options, Order, a_text, by_word, mentions, one_of, page_of_columns

FAR_AWAY, LONG_AGO = date(9999, 12, 31), datetime(1, 1, 1, tzinfo=UTC)

NAME = func.coalesce(Membership.invited_as, User.name)
SEEN = (
    select(func.max(Session.seen_at))
    .where(Session.user_id == User.id, Membership.invited_as.is_(None))
    .correlate(User, Membership)
    .scalar_subquery()
)
SORTS: Mapping[str, Order] = {
    "name": (func.lower(NAME), Membership.id),
    "role": (Membership.role, func.lower(NAME), Membership.id),
    "until": (func.coalesce(Membership.ends_on, FAR_AWAY), func.lower(NAME), Membership.id),
    "seen": (func.coalesce(SEEN, literal(LONG_AGO, UtcDateTime)), Membership.id),
}
OFFER = Offer(SORTS, {"role": one_of(*Role), "state": one_of(*Presence), "corporation": a_text})


def people_of(user: User, choice: Choice) -> Listing[Row[*tuple[Any, ...]]]:
    """The memberships that are this user's to look after: each with `state`, `seen` (when last) and `supplier`.

    Of somebody who has not accepted yet nothing shows but what the invitation says.
    """
    corporations = {each.kvk: each.name for each in corporations_open_to(user, Permission.ADMINISTER)}
    wanted = (
        select(Membership, _state().label("state"), SEEN.label("seen"), SupplierRecord.name.label("supplier"))
        .join(Membership.user)
        .join(Membership.corporation)
        .outerjoin(SupplierRecord, _is_record_of_membership())
        .where(Corporation.kvk.in_(corporations))
        .options(contains_eager(Membership.user), contains_eager(Membership.corporation))
    )
    for word in choice.words:
        wanted = wanted.where(mentions(word, NAME, User.email, func.coalesce(SupplierRecord.name, "")))
    if choice["role"]:
        wanted = wanted.where(Membership.role == Role(choice["role"]))
    if choice["state"]:
        wanted = wanted.where(_state() == choice["state"])
    if choice["corporation"]:
        wanted = wanted.where(Corporation.kvk == choice["corporation"])
    return page_of_columns(wanted, choice, SORTS[choice.sort], corporation=by_word(corporations))


def presence_of(membership: Membership) -> Presence:
    """How one person stands."""
    wanted = select(_state()).join(Membership.user).where(Membership.id == membership.id)
    return Presence(db.session.scalars(wanted).one())


def supplier_options(corporation: Corporation) -> Options:
    """The ids and names of the suppliers that a corporation recorded."""
    wanted = select(SupplierRecord.supplier_id, SupplierRecord.name).where(
        SupplierRecord.corporation_id == corporation.id
    )
    return by_word({str(supplier_id): name for supplier_id, name in db.session.execute(wanted)})


def logo_seen_by(user: User, kvk: str) -> Logo:
    """The logo of a corporation where the user is somebody. Errors: NotFound, also when there is none."""
    corporation = corporations_of(user).get(kvk)
    if corporation is None or corporation.logo is None:
        raise NotFound
    return corporation.logo


def has_other_user(logo: Logo, corporation: Corporation) -> bool:
    """Whether another corporation has the same logo."""
    others = select(Corporation.id).where(Corporation.logo_sha256 == logo.sha256, Corporation.id != corporation.id)
    return db.session.scalar(others) is not None


def _state() -> ColumnElement[str]:
    return case(
        (Membership.ends_on < today(), Presence.ENDED.value),
        (and_(Membership.invited_as.is_not(None), _is_invited()), Presence.INVITED.value),
        (Membership.invited_as.is_not(None), Presence.LAPSED.value),
        (User.is_active.is_(False), Presence.CLOSED.value),
        else_=Presence.ACTIVE.value,
    )


def _is_invited() -> ColumnElement[bool]:
    return exists().where(Token.membership_id == Membership.id, *is_open()).correlate(Membership)


def _is_record_of_membership() -> ColumnElement[bool]:
    return and_(
        SupplierRecord.corporation_id == Membership.corporation_id,
        SupplierRecord.supplier_id == Membership.supplier_id,
    )
