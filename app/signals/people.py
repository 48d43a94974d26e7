"""Who gets which mail: leaders of contracts, the people of a supplier; in whose language, and whether they want it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Corporation, Membership, Role, User
from app.accounts.permissions import TABLE, Permission
from app.contracts.models import Contract
from app.extensions import db
from app.mail import outbox
from app.signals.kinds import MailKind
from app.signals.queries import opted_out

T = TypeVar("T")

SALT = "mail that somebody does not want"
STAFF_KINDS = (MailKind.DIGEST, MailKind.URGENT)
SUPPLIER_KINDS = (MailKind.REPORT_DUE, MailKind.REJECTED)
HANDLING = [role for role, permissions in TABLE.items() if Permission.HANDLE_SIGNALS in permissions]


class Readers:
    """The people of one corporation who may get mail about its contracts on a day. Two statements."""

    def __init__(self, corporation: Corporation, on: date) -> None:
        wanted = select(Membership).where(Membership.corporation_id == corporation.id).join(Membership.user)
        rows = db.session.scalars(
            wanted.where(User.is_active).options(contains_eager(Membership.user)).order_by(User.id)
        )
        self._memberships = [row for row in rows if row.holds_on(on)]
        self._unwanted = opted_out({row.user_id for row in self._memberships})

    def leading(self, contract: Contract, kind: MailKind) -> Sequence[User]:
        """Who leads the contract; where nobody does its administrators, and where these are none all who handle."""
        staff = [row for row in self._memberships if row.role in HANDLING]
        leader = [row for row in staff if row.user_id == contract.project_leader_id]
        return self._who_want(kind, leader or [row for row in staff if row.role is Role.ADMINISTRATOR] or staff)

    def of_supplier(self, supplier_id: int, kind: MailKind) -> Sequence[User]:
        return self._who_want(kind, [row for row in self._memberships if row.supplier_id == supplier_id])

    def _who_want(self, kind: MailKind, rows: Iterable[Membership]) -> Sequence[User]:
        return [row.user for row in rows if (row.user_id, kind.value) not in self._unwanted]


def kinds_for(user: User, on: date) -> Mapping[MailKind, bool]:
    """The kinds of mail that somebody may get, and whether they want them."""
    roles = {membership.role for membership in user.active_memberships(on)}
    offered = [kind for kind in STAFF_KINDS if roles & set(HANDLING)]
    offered += [kind for kind in SUPPLIER_KINDS if Role.SUPPLIER in roles]
    unwanted = opted_out([user.id])
    return {kind: (user.id, kind.value) not in unwanted for kind in offered}


def opt_out_url(user: User, kind: MailKind) -> str:
    """A link with which its reader stops this kind of mail, without logging in."""
    return outbox.link("signals.stop_mail", stop=_signer().dumps([user.id, kind.value]))


def asked_to_stop(stop: str) -> tuple[User, MailKind] | None:
    """Whom and what such a link is about; None for one that we did not make."""
    try:
        said: Any = _signer().loads(stop)
        user_id, kind = said
        user = db.session.get(User, user_id)
        return (user, MailKind(kind)) if user else None
    except (BadData, TypeError, ValueError):
        return None


def by_reader(pairs: Iterable[tuple[User, T]]) -> Mapping[User, Sequence[T]]:
    """What there is for each reader, in the order given."""
    found: dict[User, list[T]] = {}
    for user, each in pairs:
        found.setdefault(user, []).append(each)
    return found


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)
