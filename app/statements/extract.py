"""The subject of an extract of the audit log: the records of a period, with the names of who acted."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing

from sqlalchemy import select

from app.accounts.models import Corporation, User
from app.audit.chain import Head, Link
from app.audit.queries import chain_of, links, spanning
from app.extensions import db
from app.rules.dates import Period
from app.statements.kinds.log import RECORDS, Named, records_json
from app.statements.models import StatementKind
from app.statements.subjects import Subject
from app.web.clock import begin_of, end_of, today
from app.web.errors import Conflict

MOST_RECORDS = 2000
"""More would make a paper that nobody reads; the whole log is there as a file."""


def log_subject(corporation: Corporation, days: Period) -> Subject:
    """The records of a corporation's log of these days.

    Errors: Conflict `day_ahead` (what the log will say is not known), `no_records_then`, `too_many_records`.
    """
    if days.last > today():
        raise Conflict("day_ahead", day=days.last)
    chain = db.session.scalar(chain_of(corporation))
    ends = chain and spanning(db.session, chain.id, begin_of(days.first), end_of(days.last))
    if chain is None or not ends:
        raise Conflict("no_records_then", first=days.first, last=days.last)
    first, last = ends
    if last - first >= MOST_RECORDS:
        raise Conflict("too_many_records", number=last - first + 1, most=MOST_RECORDS)
    with closing(links(db.session, chain.id, first, last)) as found:
        records = list(found)
    written = records_json(chain.key, corporation.name, days, _before(records[0]), _named(records))
    return Subject(StatementKind.LOG, corporation, days.last, {RECORDS: written}, covers_from=days.first)


def _before(first: Link) -> Head:
    return Head(first.sequence - 1, first.previous_hash)


def _named(records: Iterable[Link]) -> list[Named]:
    records = list(records)
    actors = {each.actor_id for each in records if each.actor_id}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(actors)))
    names = {number: name for number, name in found}
    return [Named(each, names.get(each.actor_id or 0, "")) for each in records]
