"""The list of mail for administrators: to whom, about what, and what became of it. Never its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, or_, select

from app.accounts.models import Membership, User
from app.accounts.permissions import Permission, corporations_where
from app.extensions import db
from app.mail.models import Mail, MailState
from app.signals.words import MAIL_STATES, SENT
from app.web.listing import Choice, Listing, Offer, a_text, by_word, mentions, one_of, page_of_records

SORTS: Mapping[str, Any] = {"made": (Mail.made_at, Mail.id), "to": (Mail.address, Mail.id)}
OFFER = Offer(SORTS, {"state": one_of(*MailState), "kind": a_text}, begins_descending=True)


def mails_for(user: User, choice: Choice) -> Listing[Mail]:
    """Of the corporations that `user` administers, and what the installation sent to people of these."""
    mine = corporations_where(user, Permission.ADMINISTER)
    people = select(Membership.user_id).where(Membership.corporation_id.in_(mine), Membership.invited_as.is_(None))
    of_people = and_(Mail.corporation_id.is_(None), Mail.user_id.in_(people))
    wanted = select(Mail).where(or_(Mail.corporation_id.in_(mine), of_people))
    kinds = db.session.scalars(wanted.with_only_columns(Mail.kind).distinct()).all()
    if choice["state"]:
        wanted = wanted.where(Mail.state == choice["state"])
    if choice["kind"]:
        wanted = wanted.where(Mail.kind == choice["kind"])
    for word in choice.words:
        wanted = wanted.where(mentions(word, Mail.address, Mail.subject))
    return page_of_records(
        wanted,
        choice,
        SORTS[choice.sort],
        kind=by_word({kind: str(SENT.get(kind, kind)) for kind in kinds}),
        state=[(state.value, str(shown.word)) for state, shown in MAIL_STATES.items()],
    )
