"""What `flask daily` does, and the end of a request that changed facts: note what is new, mail what is to be mailed.

However often it runs, and wherever it was killed before, each mail goes once: what cannot wait by a mark on the row of
the signal, set in the transaction that puts the mail in the outbox; the rest by the key of the mail.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Flask, Response, current_app, g, has_request_context
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, contains_eager

from app.accounts.models import Corporation
from app.audit.service import before_commit, command, housekeeping
from app.audit.trail import Audit, lock_chain
from app.confirmations.models import Confirmation
from app.contracts.models import Contract, changed_contracts
from app.contracts.queries import NAMES
from app.contributions.models import Contribution
from app.extensions import db
from app.mail import outbox
from app.mail.delivery import deliver_some
from app.mail.models import Mail
from app.mail.smtp import log
from app.planning.reporting import open_periods
from app.rules.dossier import Status
from app.signals import letters
from app.signals.kinds import MailKind
from app.signals.letters import Letter
from app.signals.models import Conversation, Handling
from app.signals.people import Readers, by_reader
from app.signals.queries import Found, found_on
from app.web.clock import now, today

BY = "product"
CHANGED = "contracts_changed"
A_WEEK = timedelta(days=7)
FRESH = timedelta(days=3)
"""A rejection is mailed when it happens, or soon after when what should have mailed it did not run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many contracts were looked at, how many signals stand open, how many mails were put in the outbox."""

    contracts: int = 0
    signals: int = 0
    mails: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.contracts + other.contracts, self.signals + other.signals, self.mails + other.mails)


def register(app: Flask) -> None:
    before_commit(app, keep_changed)
    app.after_request(_look_afterwards)


def daily(on: date) -> Outcome:
    """Look at all contracts of all corporations."""
    corporations = db.session.scalars(select(Corporation.id).order_by(Corporation.id)).all()
    return sum((_look(corporation_id, on) for corporation_id in corporations), Outcome())


def notice(contract_ids: Collection[int], on: date) -> None:
    """Look at these contracts now, for what does not wait for the daily look."""
    owners = select(Contract.corporation_id).where(Contract.id.in_(contract_ids)).distinct()
    for corporation_id in db.session.scalars(owners).all():
        _look(corporation_id, on, contract_ids)


def keep_changed(audit: Audit) -> None:
    """A hook of commands: the contracts of one that is committed are looked at when its request is over."""
    if not has_request_context():
        return
    session = audit.session
    ids = {contract.id for contract in changed_contracts(session)}
    ids |= {row.contribution.contract_id for row in session if isinstance(row, Confirmation) and row.answer}
    if ids:
        event.listen(session, "after_commit", lambda _session: g.setdefault(CHANGED, set()).update(ids), once=True)


def _look_afterwards(response: Response) -> Response:
    changed: set[int] = g.pop(CHANGED, set())
    if changed:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        response.call_on_close(lambda: _look_quietly(app, changed))
    return response


def _look_quietly(app: Flask, contract_ids: Collection[int]) -> None:
    with app.app_context():
        try:
            notice(contract_ids, today())
            deliver_some()
        except Exception:
            log.exception("signals were not looked at after a request; `flask daily` does")


def _look(corporation_id: int, on: date, only: Collection[int] | None = None) -> Outcome:
    """At all contracts of a corporation with all its mail, or at these with what does not wait."""
    _note_seen(corporation_id, on, only)
    corporation = db.session.get_one(Corporation, corporation_id)
    contracts = _contracts(corporation_id, only)
    found = [each for each in found_on(contracts, on) if each.is_open]
    readers = Readers(corporation, on)
    pressing = {
        each.handling.id: each
        for each in found
        if each.signal.is_urgent and each.handling and each.handling.mailed_at is None
    }
    at_once = _urgent(corporation, readers, pressing.values())
    keyed = _rejections(corporation, readers, contracts)
    if only is None:
        keyed += _digests(corporation, readers, found, on) + _reports_due(corporation, readers, contracts, on)
    return Outcome(len(contracts), len(found), _mail(corporation, pressing, at_once, _not_there(keyed)))


def _contracts(corporation_id: int, only: Collection[int] | None) -> Sequence[Contract]:
    wanted = select(Contract).where(Contract.corporation_id == corporation_id).options(*NAMES)
    if only is not None:
        wanted = wanted.where(Contract.id.in_(only))
    return db.session.scalars(wanted.order_by(Contract.number, Contract.id)).all()


def _note_seen(corporation_id: int, on: date, only: Collection[int] | None) -> None:
    """Keep since when each signal is there, in a row to note what is done with it."""
    new = [each for each in found_on(_contracts(corporation_id, only), on) if each.handling is None]
    if not new:
        return
    made = [(each.contract.id, each.signal) for each in new]
    with housekeeping("signals.see") as session:
        lock_chain(session, session.get_one(Corporation, corporation_id))
        known = _known(session, {contract_id for contract_id, _signal in made})
        session.add_all(
            Handling(
                contract_id=contract_id,
                kind=signal.kind,
                subject=signal.subject,
                key=signal.key,
                first_seen_on=on,
            )
            for contract_id, signal in made
            if (contract_id, signal.key) not in known
        )


def _known(session: Session, contract_ids: Collection[int]) -> frozenset[tuple[int, str]]:
    rows = session.execute(select(Handling.contract_id, Handling.key).where(Handling.contract_id.in_(contract_ids)))
    return frozenset((contract_id, key) for contract_id, key in rows)


def _urgent(corporation: Corporation, readers: Readers, found: Iterable[Found]) -> list[Letter]:
    pairs = ((user, each) for each in found for user in readers.leading(each.contract, MailKind.URGENT))
    return [letters.urgent(user, corporation, of_user) for user, of_user in by_reader(pairs).items()]


def _digests(corporation: Corporation, readers: Readers, found: Sequence[Found], on: date) -> list[Letter]:
    """For each who leads something that asks for attention; the most euro first."""
    by_euro = sorted(found, key=lambda each: (-each.signal.cents, each.contract.number))
    pairs = ((user, each) for each in by_euro for user in readers.leading(each.contract, MailKind.DIGEST))
    agreed = _agreed_soon(corporation, on)
    return [
        letters.digest(
            user,
            corporation,
            of_user,
            [each for each in agreed if each.contract.project_leader_id == user.id],
            _week(on),
        )
        for user, of_user in by_reader(pairs).items()
    ]


def _agreed_soon(corporation: Corporation, on: date) -> Sequence[Conversation]:
    """What is agreed for the week that comes."""
    wanted = select(Conversation).join(Conversation.contract).options(contains_eager(Conversation.contract))
    wanted = wanted.where(
        Contract.corporation_id == corporation.id,
        Conversation.done_on.is_(None),
        Conversation.due_on.between(on, on + A_WEEK),
    )
    return db.session.scalars(wanted.order_by(Conversation.due_on, Conversation.id)).all()


def _reports_due(corporation: Corporation, readers: Readers, contracts: Sequence[Contract], on: date) -> list[Letter]:
    pairs = (
        (user, due)
        for due in open_periods(contracts, on)
        for user in readers.of_supplier(due.contract.supplier_id, MailKind.REPORT_DUE)
    )
    return [letters.report_due(user, corporation, due, _week(on)) for user, due in by_reader(pairs).items()]


def _rejections(corporation: Corporation, readers: Readers, contracts: Sequence[Contract]) -> list[Letter]:
    wanted = select(Contribution).where(
        Contribution.contract_id.in_([contract.id for contract in contracts]),
        Contribution.status == Status.REJECTED,
        Contribution.rejected_at > now() - FRESH,
    )
    return [
        letters.rejected(user, corporation, version)
        for version in db.session.scalars(wanted.order_by(Contribution.id))
        for user in readers.of_supplier(version.contract.supplier_id, MailKind.REJECTED)
    ]


def _not_there(written: Sequence[Letter]) -> list[Letter]:
    """Those whose key no mail has yet."""
    keys = [letter.key for letter in written]
    known = set(db.session.scalars(select(Mail.key).where(Mail.key.in_(keys)))) if keys else set()
    return [letter for letter in written if letter.key not in known]


def _mail(
    corporation: Corporation, pressing: Collection[int], at_once: Sequence[Letter], keyed: Sequence[Letter]
) -> int:
    """Put them in the outbox, and mark the signals that could not wait, all or nothing. Returns how many went."""
    if not (pressing or keyed):
        return 0
    with command("signals.mail", by=BY, corporation=corporation) as audit:
        sent = [*(at_once if _marked(audit, pressing) else ()), *keyed]
        number = sum(_put(audit, letter) for letter in sent)
        if number:
            audit.note(number=number)
    return number


def _marked(audit: Audit, pressing: Collection[int]) -> bool:
    """Whether nobody mailed one of these meanwhile; then the next look mails the rest."""
    unmailed = select(Handling.id).where(Handling.id.in_(pressing), Handling.mailed_at.is_(None))
    if set(audit.session.scalars(unmailed)) != set(pressing):
        return False
    audit.session.execute(update(Handling).where(Handling.id.in_(pressing)).values(mailed_at=now()))
    return True


def _put(audit: Audit, letter: Letter) -> bool:
    return outbox.put(
        audit,
        to=letter.reader.email,
        language=letter.reader.language,
        kind=letter.kind,
        subject=letter.subject,
        text=letter.text,
        user=letter.reader,
        key=letter.key,
        opt_out_url=letter.opt_out_url,
    )


def _week(on: date) -> str:
    year, week, _day = on.isocalendar()
    return f"{year}-W{week:02}"
