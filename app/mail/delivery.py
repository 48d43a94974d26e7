"""Delivery: after a request that put mail in the outbox, and by `flask mail`, which also tries again what did not go.

Who delivers takes a mail under the write lock first, by moving on when it may be tried again: no two processes send
one mail. A process that is killed between the server's "yes" and our note of it leaves the mail waiting; it goes again
when that moment has passed, with the same Message-ID, by which mail programs know it. So never none, and only then
twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from flask import Flask, Response, current_app, g
from sqlalchemy import select

from app.audit.service import housekeeping
from app.extensions import db
from app.mail.models import Mail, MailState
from app.mail.outbox import PUT
from app.mail.smtp import Unsent, log, message_of, post
from app.web.clock import now

AGAIN_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 8 * 60, 24 * 60))
"""How long after each try the next one is; after the last of them nobody tries again."""
BATCH = 20
IN_A_REQUEST, BY_COMMAND = 5.0, 20.0
"""Seconds that the server gets to answer."""
TAKEN = timedelta(minutes=10)
"""Longer than a batch takes with a server that uses all its time."""
LONGEST_REASON = 500


def register(app: Flask) -> None:
    app.after_request(_deliver_afterwards)


def deliver(timeout: float = BY_COMMAND) -> Counter[MailState]:
    """Send all mail that may be tried now. Returns how many are sent, failed for good, and wait for another try."""
    outcome: Counter[MailState] = Counter()
    while batch := _take():
        outcome.update(_deliver(batch, timeout))
    return outcome


def deliver_some() -> None:
    """Send a batch, soon after somebody put mail there; what does not go is for `deliver`."""
    _deliver(_take(), IN_A_REQUEST)


def _deliver_afterwards(response: Response) -> Response:
    """When the answer is on its way its mail goes: no visitor waits for a mail server, and none sees its faults."""
    if g.pop(PUT, False):
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        response.call_on_close(lambda: _deliver_quietly(app))
    return response


def _deliver_quietly(app: Flask) -> None:
    with app.app_context():
        try:
            deliver_some()
        except Exception:
            log.exception("mail was not delivered after a request; `flask mail` tries again")


def _take() -> Sequence[int]:
    """The ids of mails that are ours to try; for whoever else looks they are not due."""
    at = now()
    due = select(Mail).where(Mail.state == MailState.WAITING, Mail.next_try_at <= at).order_by(Mail.id).limit(BATCH)
    with housekeeping("mail.take") as session:
        mails = session.scalars(due.with_for_update(skip_locked=True)).all()
        for mail in mails:
            mail.next_try_at = at + TAKEN
            mail.tries += 1
        return [mail.id for mail in mails]


def _deliver(batch: Sequence[int], timeout: float) -> list[MailState]:
    config = current_app.config["WEDERDIENST"]
    send = post(config, timeout)
    unreachable: Unsent | None = None
    became = []
    for mail_id in batch:
        try:
            if unreachable:
                raise unreachable
            send(message_of(db.session.get_one(Mail, mail_id), config))
        except Unsent as unsent:
            unreachable = unsent if unsent.is_unreachable else None
            became.append(_note(mail_id, unsent))
        else:
            became.append(_note(mail_id, None))
    return became


def _note(mail_id: int, unsent: Unsent | None) -> MailState:
    """Keep what became of it."""
    with housekeeping("mail.note") as session:
        mail = session.get_one(Mail, mail_id)
        if unsent is None:
            mail.state, mail.sent_at, mail.reason = MailState.SENT, now(), None
        else:
            mail.reason = unsent.reason[:LONGEST_REASON]
            if unsent.is_final or mail.tries > len(AGAIN_AFTER):
                mail.state = MailState.FAILED
            else:
                mail.next_try_at = now() + AGAIN_AFTER[mail.tries - 1]
        if mail.state != MailState.WAITING:
            mail.text = ""
        return mail.state
