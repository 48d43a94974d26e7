"""Reads of signals: computed from the facts as they are, in a constant number of statements, beside what was done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.assessments.queries import dossiers_json, known
from app.closing.models import Settlement, SettlementState
from app.confirmations.models import Answer, Confirmation
from app.confirmations.queries import supported
from app.contracts.models import Contract
from app.contracts.queries import NAMES, ids_visible_to, visible_to
from app.contributions.models import Contribution
from app.extensions import db
from app.planning.periods import ReportState
from app.planning.reporting import states_on
from app.rules import Assessment
from app.rules.dossier import Status
from app.signals.kinds import (
    COUNTING,
    Agreed,
    Beside,
    Dispute,
    Signal,
    Submission,
    in_order,
    signals_beside,
    signals_of_dossier,
)
from app.signals.models import Conversation, Handling, OptOut
from app.web.clock import HERE
from app.web.rows import the_row

REMEMBERED = 8192


@dataclass(frozen=True, slots=True)
class Found:
    """A signal of a contract on a day, with what was done with it, if anything was."""

    contract: Contract
    signal: Signal
    on: date
    handling: Handling | None = None

    @property
    def is_closed(self) -> bool:
        return self.handling is not None and self.handling.is_closed

    @property
    def rests(self) -> bool:
        return not self.is_closed and self.handling is not None and self.handling.rests_on(self.on)

    @property
    def is_open(self) -> bool:
        return not self.is_closed and not self.rests

    @property
    def since(self) -> date:
        """When it was first seen: today, when nobody looked before."""
        return self.handling.first_seen_on if self.handling else self.on


def found_for(user: User, on: date, permission: Permission = Permission.SEE_SIGNALS) -> list[Found]:
    """The signals of the contracts with which `user` may do that."""
    mine = visible_to(user, permission).options(*NAMES).order_by(Contract.number, Contract.id)
    return found_on(db.session.scalars(mine).all(), on)


def found_on(contracts: Sequence[Contract], on: date) -> list[Found]:
    """The signals of these contracts (with their `NAMES`), whatever was done with them."""
    signals = signals_on(contracts, on)
    handled = handlings_of([contract.id for contract in contracts])
    return [
        Found(contract, signal, on, handled.get((contract.id, signal.key)))
        for contract in contracts
        for signal in signals[contract.id]
    ]


def signals_on(contracts: Sequence[Contract], on: date) -> Mapping[int, Sequence[Signal]]:
    """By contract the signals as of a day, the most euro first."""
    written = dossiers_json(contracts)
    figures = {contract.id: known(written[contract.id], on)[1] for contract in contracts}
    beside = _beside(contracts, figures)
    found = {}
    for contract in contracts:
        of_dossier = _of_dossier(written[contract.id], on, contract.corporation.reminder_days)
        rest = signals_beside(figures[contract.id], beside[contract.id], contract.corporation.judging_days)
        found[contract.id] = in_order([*of_dossier, *rest], is_settled=beside[contract.id].is_settled)
    return found


def signal_for(user: User, contract_id: int, key: str, on: date) -> Found:
    """A signal of a contract that `user` may see, as it is today or as it was when it was seen.

    Errors: NotFound, for a contract that is not theirs and for a signal that the contract never had.
    """
    return _signal(contract_for(user, contract_id), key, on)


def contract_for(user: User, contract_id: int, permission: Permission = Permission.SEE_SIGNALS) -> Contract:
    """Errors: NotFound."""
    return the_row(visible_to(user, permission).where(Contract.id == contract_id).options(*NAMES))


def _signal(contract: Contract, key: str, on: date) -> Found:
    found = next((each for each in found_on([contract], on) if each.signal.key == key), None)
    if found is not None:
        return found
    seen = the_row(select(Handling).where(Handling.contract_id == contract.id, Handling.key == key))
    return Found(contract, Signal(seen.kind, seen.subject, "", 0, {"is_past": True}), on, seen)


def handlings_of(contract_ids: Collection[int]) -> Mapping[tuple[int, str], Handling]:
    wanted = select(Handling).where(Handling.contract_id.in_(contract_ids))
    wanted = wanted.options(joinedload(Handling.snoozed_by), joinedload(Handling.closed_by))
    return {(each.contract_id, each.key): each for each in db.session.scalars(wanted)}


def conversations_of(contract: Contract) -> Sequence[Conversation]:
    """The newest first."""
    wanted = select(Conversation).where(Conversation.contract_id == contract.id)
    wanted = wanted.options(joinedload(Conversation.recorded_by))
    return db.session.scalars(wanted.order_by(Conversation.held_on.desc(), Conversation.id.desc())).all()


def conversation_to_edit(conversation_id: int, user: User) -> Conversation:
    """Errors: NotFound."""
    mine = Conversation.contract_id.in_(ids_visible_to(user, Permission.HANDLE_SIGNALS))
    wanted = select(Conversation).where(Conversation.id == conversation_id, mine)
    return the_row(wanted.options(joinedload(Conversation.contract).options(*NAMES)))


def opted_out(user_ids: Iterable[int]) -> frozenset[tuple[int, str]]:
    """The (user id, kind of mail) pairs that are not wanted."""
    wanted = select(OptOut.user_id, OptOut.kind).where(OptOut.user_id.in_(list(user_ids)))
    return frozenset((user_id, str(kind)) for user_id, kind in db.session.execute(wanted))


@lru_cache(REMEMBERED)
def _of_dossier(written: bytes, on: date, reminder_days: tuple[int, ...]) -> tuple[Signal, ...]:
    """They follow from dossier and day alone, so they are remembered by these."""
    return signals_of_dossier(*known(written, on), reminder_days)


def _beside(contracts: Sequence[Contract], figures: Mapping[int, Assessment]) -> Mapping[int, Beside]:
    ids = [contract.id for contract in contracts]
    states = states_on(contracts, figures)
    submissions, disputes, agreed = _submissions(ids), _disputes(ids), _agreed(contracts, figures)
    settled = _settled(ids)
    return {
        each: Beside(
            unreported=[period for period in states.get(each, ()) if period.state is ReportState.OVERDUE],
            submissions=submissions.get(each, ()),
            disputes=disputes.get(each, ()),
            agreed=agreed.get(each, ()),
            is_settled=each in settled,
        )
        for each in ids
    }


def _submissions(contract_ids: Collection[int]) -> Mapping[int, list[Submission]]:
    columns = Contribution.contract_id, Contribution.id, Contribution.reference, Contribution.submitted_at
    waiting = select(*columns).where(Contribution.contract_id.in_(contract_ids))
    rows = db.session.execute(waiting.where(Contribution.status == Status.SUBMITTED).order_by(Contribution.id)).all()
    shown = supported([version_id for _, version_id, _, _ in rows])
    found: dict[int, list[Submission]] = {}
    for contract_id, version_id, reference, at in rows:
        assert at is not None  # a CHECK of the table
        day = at.astimezone(HERE).date()
        found.setdefault(contract_id, []).append(Submission(version_id, reference, day, version_id in shown))
    return found


def _disputes(contract_ids: Collection[int]) -> Mapping[int, list[Dispute]]:
    """What the other side last said no to, of versions that count or may come to count."""
    found: dict[int, list[Dispute]] = {}
    latest: dict[int, Confirmation] = {}
    for each in db.session.scalars(_answers(contract_ids).order_by(Confirmation.answered_at, Confirmation.id)):
        latest[each.contribution_id] = each
    for version_id, each in latest.items():
        if each.answer is Answer.NO and each.disputed and each.answered_at:
            day, version = each.answered_at.astimezone(HERE).date(), each.contribution
            said = each.organisation, str(each.disputed), each.reason or "", day
            found.setdefault(version.contract_id, []).append(Dispute(each.id, version_id, version.reference, *said))
    return found


def _answers(contract_ids: Collection[int]) -> Select[Confirmation]:
    answered = select(Confirmation).join(Confirmation.contribution).options(contains_eager(Confirmation.contribution))
    return answered.where(
        Contribution.contract_id.in_(contract_ids),
        Contribution.status.in_(COUNTING),
        Confirmation.answer.is_not(None),
    )


def _agreed(contracts: Sequence[Contract], figures: Mapping[int, Assessment]) -> Mapping[int, list[Agreed]]:
    """What was agreed in conversations and should have been done by now."""
    wanted = select(Conversation).where(
        Conversation.contract_id.in_([contract.id for contract in contracts]),
        Conversation.done_on.is_(None),
        Conversation.due_on.is_not(None),
    )
    found: dict[int, list[Agreed]] = {}
    for each in db.session.scalars(wanted.order_by(Conversation.id)):
        if each.due_on and each.is_late(figures[each.contract_id].on):
            found.setdefault(each.contract_id, []).append(Agreed(each.id, each.action, each.by_whom, each.due_on))
    return found


def _settled(contract_ids: Collection[int]) -> frozenset[int]:
    settled = select(Settlement.contract_id).where(Settlement.contract_id.in_(contract_ids))
    return frozenset(db.session.scalars(settled.where(Settlement.state == SettlementState.SETTLED)))
