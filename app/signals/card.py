"""What stands on the page of a contract about its signals and conversations; for templates functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, url_for
from flask.blueprints import BlueprintSetupState

from app.accounts import sessions
from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.contracts.models import Contract
from app.signals import notify, queries
from app.signals.models import Conversation
from app.signals.people import kinds_for
from app.signals.queries import Found
from app.signals.words import BADGES, MAIL_STATES, MAILS, SENT, TITLES, Step, reason, step_of
from app.web.clock import today


@dataclass(frozen=True, slots=True)
class Card:
    """Of one contract, for one reader: what is open, how many rest or are closed, and what was talked about."""

    open: Sequence[Found]
    others: int
    conversations: Sequence[Conversation]
    handles: bool


def register(state: BlueprintSetupState) -> None:
    """The words and functions of its templates, and the look at what changed after a request."""
    app = state.app
    assert isinstance(app, Flask)
    app.jinja_env.globals.update(
        SIGNALS=TITLES,
        SIGNAL_BADGES=BADGES,
        MAIL_KINDS=MAILS,
        SENT_KINDS=SENT,
        MAIL_STATES=MAIL_STATES,
        reason_of=reason,
        step_of=step_of,
        address_of_step=address_of_step,
        signals_of=signals_of,
        mail_choices=lambda: kinds_for(sessions.me(), today()),
    )
    notify.register(app)


def may_handle(user: User, contract: Contract) -> bool:
    return may(user, Permission.HANDLE_SIGNALS, **_scope(contract))


def signals_of(contract: Contract) -> Card | None:
    """None for who may not see signals."""
    me = sessions.me()
    if not may(me, Permission.SEE_SIGNALS, **_scope(contract)):
        return None
    found = queries.found_on([contract], today())
    open_ones = [each for each in found if each.is_open]
    return Card(open_ones, len(found) - len(open_ones), queries.conversations_of(contract), may_handle(me, contract))


def address_of_step(step: Step) -> str:
    return url_for(step.endpoint, **step.values, _anchor=step.anchor or None)


def _scope(contract: Contract) -> dict[str, int]:
    return {"corporation_id": contract.corporation_id, "supplier_id": contract.supplier_id}
