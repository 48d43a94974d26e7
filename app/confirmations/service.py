"""Commands on confirmations: ask the other side about one version, take the question back, and its answer.

Who claimed something does not confirm it: the address may not be the supplier's own, and to a supplier the link is not
shown. It goes by mail; to somebody of the corporation it is shown once as well, to be handed over.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.permissions import Permission, may
from app.accounts.service import TOKEN_BYTES, token_hash
from app.audit.service import command
from app.audit.trail import Audit
from app.confirmations import queries
from app.confirmations.entries import Question
from app.confirmations.models import Answer, Confirmation, Disputed
from app.contributions.models import Contribution
from app.contributions.queries import contribution_to_enter
from app.evidence.models import EVIDENCE_OF_CONTRACT
from app.mail import outbox
from app.rules.dossier import Status
from app.web.bsn import without_bsn
from app.web.clock import now
from app.web.errors import Conflict, Invalid
from app.web.formats import instant
from app.web.locale import DEFAULT

HOLDS = timedelta(days=14)
MOST_OPEN = 5
OTHER_SIDE = "other side"
FIXED = (Status.SUBMITTED, Status.APPROVED)
"""The states of a version in which its content does not change any more and may still count."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was just asked; `address` is that of the page, to hand over, and empty when it is not shown."""

    confirmation: Confirmation
    address: str


def ask(contribution_id: int, question: Question, *, by: User) -> Asked:
    """Ask the other side about a version, which gets a mail with the link.

    A question to the same address that is still open makes way. Errors: NotFound; Conflict (`confirm_not_fixed`,
    `confirm_enough`); Invalid `confirm_own_address`, `bsn`.
    """
    seen = contribution_to_enter(contribution_id, by)
    with command("confirmation.ask", by=by, corporation=seen.corporation) as audit:
        version = contribution_to_enter(contribution_id, by)
        _expect_askable(version, question, by)
        _make_room(audit, version, question.email)
        link, at = secrets.token_urlsafe(TOKEN_BYTES), now()
        row = Confirmation(
            contribution=version,
            organisation=without_bsn(question.organisation),
            email=question.email,
            language=question.language,
            token_hash=token_hash(link),
            was_shown=may(by, Permission.EDIT_CONTRACTS, corporation_id=version.contract.corporation_id),
            asked_by_id=by.id,
            asked_at=at,
            expires_at=at + HOLDS,
        )
        audit.created(row)
        _concerns(audit, row)
        asked_in = None if question.language == DEFAULT else question.language.value
        address = outbox.link("confirmations.answer", question=link, lang=asked_in)
        _send(audit, row, address)
    return Asked(row, address if row.was_shown else "")


def take_back(confirmation_id: int, *, by: User) -> Confirmation:
    """The link holds no longer. Errors: NotFound, Conflict `confirm_over`."""
    seen = queries.question_of(by, confirmation_id)
    with command("confirmation.withdraw", by=by, corporation=seen.corporation) as audit:
        row = queries.question_of(by, confirmation_id)
        if not row.is_open(now()):
            raise Conflict("confirm_over")
        _close(audit, row, now())
        _concerns(audit, row)
    return row


def say_yes(link: str) -> Confirmation | None:
    """The other side confirms the version; None when the link does not hold (any more)."""
    return _answer(link, Answer.YES, None, None)


def say_no(link: str, disputed: Disputed, reason: str) -> Confirmation | None:
    """The other side does not, and says what is not right and why. Errors: Invalid `bsn`."""
    return _answer(link, Answer.NO, disputed, without_bsn(reason))


def _answer(link: str, answer: Answer, disputed: Disputed | None, reason: str | None) -> Confirmation | None:
    seen = queries.open_question(link)
    if seen is None:
        return None
    with command("confirmation.answer", by=OTHER_SIDE, corporation=seen.corporation) as audit:
        row = queries.open_question(link)
        if row is None:
            return None
        with audit.change_of(row):
            row.answer, row.answered_at, row.disputed, row.reason = answer, now(), disputed, reason
        if reason:
            audit.note(reason=reason)
        _concerns(audit, row)
    return row


def _expect_askable(version: Contribution, question: Question, by: User) -> None:
    if version.status not in FIXED:
        raise Conflict("confirm_not_fixed")
    if question.email == by.email or queries.is_of_supplier(version.contract, question.email):
        raise Invalid("confirm_own_address", column="email")


def _make_room(audit: Audit, version: Contribution, email: str) -> None:
    waiting = queries.open_questions(version)
    for each in waiting:
        if each.email == email:
            _close(audit, each, now())
    if sum(each.email != email for each in waiting) >= MOST_OPEN:
        raise Conflict("confirm_enough", most=MOST_OPEN)


def _close(audit: Audit, row: Confirmation, at: datetime) -> None:
    with audit.change_of(row):
        row.expires_at = at


def _send(audit: Audit, row: Confirmation, address: str) -> None:
    contract = row.contribution.contract
    names = {"corporation": contract.corporation.name, "supplier": contract.supplier_record.name}
    with force_locale(row.language.value):
        subject = _("%(supplier)s asks you to confirm something for %(corporation)s", **names)
        text = "\n\n".join(
            (
                _("To %(organisation)s", organisation=row.organisation),
                _(
                    "%(supplier)s told %(corporation)s of one contribution to social return in which you have a part."
                    " Would you look whether it is right? It is one line and takes a minute; you need no account.",
                    **names,
                ),
                address,
                _("The link works once, until %(moment)s.", moment=instant(row.expires_at)),
                _("Don't you know what this is about? Then say no on that page, or leave it."),
            )
        )
    assert row.email is not None
    one_line = " ".join(subject.split())
    outbox.put(audit, to=row.email, language=row.language, kind="confirmation", subject=one_line, text=text)


def _concerns(audit: Audit, row: Confirmation) -> None:
    """Let it be found in the course of the contract, with the contribution that it is about."""
    contract = row.contribution.contract
    audit.note(contribution=row.contribution.reference)
    audit.concerns(EVIDENCE_OF_CONTRACT, contract.id, contract.corporation_id)
