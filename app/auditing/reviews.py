"""The monthly access review: what is odd in a month of a corporation's log, who looked at it, and what is to be signed.

A month is reviewed when it is over. To a corporation belong its own chain, and the log-ins of its people.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from hashlib import sha256

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Corporation, Membership, Role, User
from app.accounts.permissions import Permission, corporations_where
from app.accounts.queries import corporation_where
from app.audit.models import AuditChain, AuditPayload, AuditRecord
from app.auditing.models import AccessReview
from app.auditing.oddities import LOOKS, REFUSALS, Act, Odd, oddities
from app.extensions import db
from app.rules.dates import Period, add_months
from app.rules.dossier_json import canonical
from app.web.clock import HERE, today
from app.web.errors import NotFound

LOG_INS = ("account.log_in", "account.pass_second_step", *sorted(REFUSALS))
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Month:
    """A month of a corporation as its review shows it."""

    corporation: Corporation
    days: Period
    acts: Sequence[Act]
    names: Mapping[int, str]
    review: AccessReview | None

    @cached_property
    def odd(self) -> list[Odd]:
        return oddities(self.acts)

    @property
    def looks(self) -> list[tuple[str, int]]:
        """How many files and exports each opened, who opened most first."""
        counted = Counter(act.who for act in self.acts if act.action in LOOKS)
        return [(self.names[who], number) for who, number in counted.most_common()]

    @property
    def digest(self) -> str:
        """What was seen: the records that were odd, and why."""
        shown = [[each.oddity.value, *(act.record_id for act in each.acts)] for each in self.odd]
        return sha256(canonical({"records": len(self.acts), "odd": shown})).hexdigest()

    def is_about(self, user: User) -> bool:
        """Whether `user` stands in it, and so does not sign it."""
        return any(each.who == user.id for each in self.odd)


def month_of(kvk: str, written: str, user: User, permission: Permission = Permission.SEE_HISTORY) -> Month:
    """The month ("2026-10") of a corporation. Errors: NotFound, also for one that is not over."""
    corporation = corporation_where(user, permission, kvk)
    days = _days(written)
    acts = [*_of_chain(corporation, days), *_log_ins(corporation, days)]
    names = _names({act.who for act in acts})
    review = select(AccessReview).where(AccessReview.corporation_id == corporation.id, AccessReview.month == days.first)
    signed = db.session.scalar(review.options(joinedload(AccessReview.signed_by)))
    return Month(corporation, days, acts, names, signed)


def months_for(user: User) -> list[tuple[Corporation, date, AccessReview | None]]:
    """The months that are over, of each corporation whose history `user` sees, the latest first, with who signed.

    From the first that the log knows, at most a year back; in two statements.
    """
    mine = corporations_where(user, Permission.SEE_HISTORY)
    began = (
        select(Corporation, func.min(AuditRecord.at))
        .join(AuditChain, AuditChain.corporation_id == Corporation.id)
        .join(AuditRecord, AuditRecord.chain_id == AuditChain.id)
        .where(Corporation.id.in_(mine))
        .group_by(Corporation.id)
        .order_by(Corporation.name)
    )
    this = today().replace(day=1)
    earliest = add_months(this, -MONTHS_SHOWN)
    rows = select(AccessReview).where(AccessReview.corporation_id.in_(mine), AccessReview.month >= earliest)
    signed = {
        (row.corporation_id, row.month): row
        for row in db.session.scalars(rows.options(joinedload(AccessReview.signed_by)))
    }
    return [
        (corporation, month, signed.get((corporation.id, month)))
        for corporation, at in db.session.execute(began)
        for month in _months_between(max(at.astimezone(HERE).date().replace(day=1), earliest), this)
    ]


def unsigned_for(user: User) -> list[tuple[Corporation, date]]:
    """The months that wait for a signature of somebody like `user`, the oldest first."""
    mine = corporations_where(user, Permission.REVIEW_ACCESS)
    found = [(corporation, month) for corporation, month, review in months_for(user) if review is None]
    return [each for each in reversed(found) if each[0].id in mine]


def _months_between(first: date, end: date) -> list[date]:
    months = []
    month = add_months(end, -1)
    while month >= first:
        months.append(month)
        month = add_months(month, -1)
    return months


def _days(written: str) -> Period:
    """Errors: NotFound for what is no month, or one that is not over."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        raise NotFound from None
    if first.strftime("%Y-%m") != written or add_months(first, 1) > today():
        raise NotFound
    following = add_months(first, 1)
    return Period(first, date.fromordinal(following.toordinal() - 1))


def _bounds(days: Period) -> tuple[datetime, datetime]:
    return tuple(datetime.combine(day, time(), HERE) for day in (days.first, add_months(days.first, 1)))  # type: ignore[return-value]


def _of_chain(corporation: Corporation, days: Period) -> list[Act]:
    first, end = _bounds(days)
    wanted = (
        select(AuditRecord.id, AuditRecord.at, AuditRecord.actor_id, AuditRecord.action)
        .join(AuditRecord.chain)
        .where(AuditChain.corporation_id == corporation.id, AuditRecord.actor_id.is_not(None))
        .where(AuditRecord.at >= first, AuditRecord.at < end)
    )
    suppliers = _suppliers(corporation)
    return [
        Act(record_id, at.astimezone(HERE), who, action, who in suppliers)
        for record_id, at, who, action in db.session.execute(wanted)
        if who is not None
    ]


def _log_ins(corporation: Corporation, days: Period) -> list[Act]:
    """Log-ins of the corporation's people, and refusals of log-ins as one of them, which nobody did."""
    first, end = _bounds(days)
    people, suppliers = _people(corporation), _suppliers(corporation)
    wanted = (
        select(AuditRecord.id, AuditRecord.at, AuditRecord.actor_id, AuditRecord.action, AuditPayload.notes)
        .join(AuditRecord.chain)
        .join(AuditRecord.payload, isouter=True)
        .where(AuditChain.corporation_id.is_(None), AuditRecord.action.in_(LOG_INS))
        .where(AuditRecord.at >= first, AuditRecord.at < end)
        .where(or_(AuditRecord.actor_id.in_(people), AuditRecord.actor_id.is_(None)))
    )
    acts = []
    for record_id, at, actor_id, action, notes in db.session.execute(wanted):
        who = actor_id or json.loads(notes or "{}").get("user")
        if who in people:
            acts.append(Act(record_id, at.astimezone(HERE), who, action, who in suppliers))
    return acts


def _people(corporation: Corporation) -> Collection[int]:
    wanted = select(Membership.user_id).where(Membership.corporation_id == corporation.id)
    return set(db.session.scalars(wanted))


def _suppliers(corporation: Corporation) -> Collection[int]:
    wanted = select(Membership.user_id).where(Membership.corporation_id == corporation.id)
    return set(db.session.scalars(wanted.where(Membership.role == Role.SUPPLIER)))


def _names(user_ids: Collection[int]) -> Mapping[int, str]:
    return {
        user_id: name for user_id, name in db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    }
