"""Commands on signals and conversations, and on the mail that somebody does not want.

A signal is let rest or closed with a reason. Whoever acts on one that is not there any more learns so: its facts have
changed since it was looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.audit.outcomes import keep
from app.audit.service import command
from app.audit.trail import Audit
from app.contracts.models import Contract
from app.extensions import db
from app.signals import queries
from app.signals.kinds import MailKind
from app.signals.models import Conversation, Handling, OptOut
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid

LONGEST_REST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as somebody recorded it."""

    held_on: date
    with_whom: str
    action: str
    about: str = ""
    due_on: date | None = None
    by_whom: str = ""


def snooze(contract_id: int, key: str, *, until: date, reason: str, by: User) -> Handling:
    """Let a signal rest until `until`, when it is there again.

    Errors: NotFound, Conflict `signal_over`, Invalid `rest_out_of_range`.
    """
    if not 0 < (until - today()).days <= LONGEST_REST_DAYS:
        raise Invalid("rest_out_of_range", column="until", days=LONGEST_REST_DAYS)
    with _handling("snooze", contract_id, key, by) as handling:
        handling.snoozed_until, handling.snoozed_reason, handling.snoozed_by = until, reason, by
    return handling


def close(contract_id: int, key: str, *, reason: str, by: User) -> Handling:
    """Close a signal: it comes back when its facts change, and not otherwise.

    Errors: NotFound, Conflict `signal_over`.
    """
    with _handling("close", contract_id, key, by) as handling:
        handling.closed_at, handling.closed_reason, handling.closed_by = now(), reason, by
    return handling


def reopen(contract_id: int, key: str, *, by: User) -> Handling:
    """Put a signal that rests or was closed back on the worklist. Errors: NotFound, Conflict `signal_over`."""
    with _handling("reopen", contract_id, key, by) as handling:
        handling.snoozed_until = handling.snoozed_reason = handling.snoozed_by = None
        handling.closed_at = handling.closed_reason = handling.closed_by = None
    return handling


def record_conversation(contract_id: int, talk: Talk, *, by: User) -> Conversation:
    """The same conversation twice is one. Errors: NotFound, Invalid `conversation_ahead`, `due_before_conversation`."""
    _expect_sound(talk)
    seen = queries.contract_for(by, contract_id, Permission.HANDLE_SIGNALS)
    with command("conversation.create", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_for(by, contract_id, Permission.HANDLE_SIGNALS)
        known = next((each for each in queries.conversations_of(contract) if _says(each, talk)), None)
        if known is not None:
            return known
        made = Conversation(contract=contract, recorded_by=by, recorded_at=now(), **_columns(talk))
        audit.created(made)
    return made


def edit_conversation(conversation_id: int, talk: Talk, *, by: User, seen_version: int) -> Conversation:
    """Errors: as `record_conversation`, and Stale."""
    _expect_sound(talk)
    with _changing("edit", conversation_id, by) as (audit, conversation):
        conversation.expect_version(seen_version)
        keep(audit, conversation, _columns(talk))
    return conversation


def complete(conversation_id: int, *, by: User) -> Conversation:
    """What was agreed is done. Errors: NotFound."""
    with _changing("complete", conversation_id, by) as (audit, conversation):
        if conversation.done_on is None:
            keep(audit, conversation, {"done_on": today()})
    return conversation


def opt_out(user: User, kind: MailKind) -> None:
    """No longer mail this kind to the user, who asks for it from a mail; a second time changes nothing."""
    with command("mail.opt_out", by=user) as audit:
        _choose(audit, user, unwanted={kind, *_opt_outs(user)})


def choose_mail(user: User, wanted: Collection[MailKind], offered: Collection[MailKind]) -> None:
    """Of the kinds that are offered mail those that are wanted, and the others not."""
    with command("mail.choose", by=user) as audit:
        _choose(audit, user, unwanted=(set(_opt_outs(user)) | set(offered)) - set(wanted))


def _choose(audit: Audit, user: User, unwanted: Collection[MailKind]) -> None:
    known = _opt_outs(user)
    audit.created(*(OptOut(user_id=user.id, kind=kind) for kind in unwanted if kind not in known))
    audit.deleted(*(row for kind, row in known.items() if kind not in unwanted))


def _opt_outs(user: User) -> Mapping[MailKind, OptOut]:
    return {row.kind: row for row in db.session.scalars(select(OptOut).where(OptOut.user_id == user.id))}


@contextmanager
def _handling(verb: str, contract_id: int, key: str, by: User) -> Iterator[Handling]:
    """The row of a signal that is there today, made when nobody saw it before, to be changed."""
    seen = queries.contract_for(by, contract_id, Permission.HANDLE_SIGNALS)
    with command(f"signal.{verb}", by=by, corporation=seen.corporation) as audit:
        contract = queries.contract_for(by, contract_id, Permission.HANDLE_SIGNALS)
        found = queries.signal_for(by, contract.id, key, today())
        if found.signal.values.get("is_past"):
            raise Conflict("signal_over")
        handling = found.handling or _first_seen(audit, contract, found)
        with audit.change_of(handling):
            yield handling


def _first_seen(audit: Audit, contract: Contract, found: queries.Found) -> Handling:
    signal = found.signal
    made = Handling(contract=contract, kind=signal.kind, subject=signal.subject, key=signal.key, first_seen_on=found.on)
    audit.created(made)
    return made


@contextmanager
def _changing(verb: str, conversation_id: int, by: User) -> Iterator[tuple[Audit, Conversation]]:
    seen = queries.conversation_to_edit(conversation_id, by)
    with command(f"conversation.{verb}", by=by, corporation=seen.corporation) as audit:
        yield audit, queries.conversation_to_edit(conversation_id, by)


def _expect_sound(talk: Talk) -> None:
    if talk.held_on > today():
        raise Invalid("conversation_ahead", column="held_on")
    if talk.due_on is not None and talk.due_on < talk.held_on:
        raise Invalid("due_before_conversation", column="due_on")


def _columns(talk: Talk) -> dict[str, Any]:
    return {
        "held_on": talk.held_on,
        "with_whom": talk.with_whom,
        "about": talk.about,
        "action": talk.action,
        "due_on": talk.due_on,
        "by_whom": talk.by_whom,
    }


def _says(row: Conversation, talk: Talk) -> bool:
    return all(getattr(row, name) == value for name, value in _columns(talk).items())
