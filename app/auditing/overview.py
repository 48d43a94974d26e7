"""The first page of an auditor: per corporation how many statements there are, and how far its log goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission, corporations_where
from app.audit.models import AuditChain, AuditRecord
from app.extensions import db
from app.statements.models import Statement
from app.web.clock import today


@dataclass(frozen=True, slots=True)
class Audited:
    """A corporation that invited this auditor, until `until`. `records` is the sequence of the last one."""

    corporation: Corporation
    until: date | None
    statements: int
    records: int
    last_at: datetime | None


def audited_by(user: User) -> Sequence[Audited]:
    """In a constant number of statements, by name."""
    ids = corporations_where(user, Permission.SAMPLE)
    ends = {each.corporation_id: each.ends_on for each in user.active_memberships(today()) if not each.supplier_id}
    statements = select(func.count(Statement.id)).where(Statement.corporation_id == Corporation.id).scalar_subquery()
    last = (
        select(AuditChain.corporation_id, func.max(AuditRecord.sequence), func.max(AuditRecord.at))
        .join(AuditRecord.chain)
        .where(AuditChain.corporation_id.in_(ids))
        .group_by(AuditChain.corporation_id)
    )
    logs = {corporation_id: (records, at) for corporation_id, records, at in db.session.execute(last)}
    wanted = select(Corporation, statements).where(Corporation.id.in_(ids)).order_by(Corporation.name, Corporation.id)
    return [
        Audited(each, ends.get(each.id), number, *logs.get(each.id, (0, None)))
        for each, number in db.session.execute(wanted)
    ]
