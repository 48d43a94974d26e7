"""The mail about signals, reports and rejections: subject and text in the language of who reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.accounts.models import Corporation, User
from app.contracts.models import Contract
from app.contributions.models import Contribution
from app.mail import outbox
from app.planning.reporting import Due
from app.signals.kinds import MailKind
from app.signals.models import Conversation
from app.signals.people import opt_out_url
from app.signals.queries import Found
from app.signals.words import TITLES, Step, reason, step_of
from app.signals.worklist import at_risk
from app.web.formats import day_long, euro_whole

MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail is for, also when the transaction that read it is over."""

    id: int
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to one reader; with a `key` it goes once."""

    reader: Reader
    kind: MailKind
    subject: str
    text: str
    key: str | None
    opt_out_url: str


def urgent(user: User, corporation: Corporation, found: Sequence[Found]) -> Letter:
    """What cannot wait, of one or more contracts."""

    def words() -> tuple[str, list[str]]:
        first = found[0]
        title = str(TITLES[first.signal.kind])
        subject = (
            _("%(title)s: contract %(number)s", title=title, number=first.contract.number)
            if len(found) == 1
            else _("%(number)s signals that cannot wait", number=len(found))
        )
        return subject, [*_listed(found), *_rest(found), _worklist(user)]

    return _letter(user, corporation, MailKind.URGENT, None, words)


def digest(
    user: User, corporation: Corporation, found: Sequence[Found], agreed: Sequence[Conversation], week: str
) -> Letter:
    """What asks for attention on the contracts that somebody leads, and what is agreed for the days that come."""

    def words() -> tuple[str, list[str]]:
        amount, number = euro_whole(at_risk(found)), len(found)
        subject = ngettext(
            "This week: %(num)s signal, %(amount)s at risk",
            "This week: %(num)s signals, %(amount)s at risk",
            number,
            amount=amount,
        )
        new = sum(each.since >= each.on for each in found)
        opening = ngettext("%(num)s of them is new today.", "%(num)s of them are new today.", new) if new else ""
        return subject, [opening, *_listed(found), *_rest(found), *_agreements(agreed), _worklist(user)]

    return _letter(user, corporation, MailKind.DIGEST, f"digest:{corporation.id}:{user.id}:{week}", words)


def report_due(user: User, corporation: Corporation, due: Sequence[Due], week: str) -> Letter:
    def words() -> tuple[str, list[str]]:
        subject = ngettext(
            "A report is due on %(num)s contract of %(corporation)s",
            "Reports are due on %(num)s contracts of %(corporation)s",
            len(due),
            corporation=corporation.name,
        )
        hint = _("Was nothing done in a period? Then say so with one button; that is a report too.")
        return subject, [*map(_due_line, due), hint]

    return _letter(user, corporation, MailKind.REPORT_DUE, f"report_due:{corporation.id}:{user.id}:{week}", words)


def rejected(user: User, corporation: Corporation, version: Contribution) -> Letter:
    def words() -> tuple[str, list[str]]:
        contract = version.contract
        named = {"reference": version.name, "number": contract.number, "title": contract.title}
        told = _("%(reference)s on contract %(number)s %(title)s is rejected.", **named)
        why = _("Reason: %(reason)s", reason=version.rejected_reason or "—")
        page = outbox.link("contributions.show", contribution_id=version.id)
        then = _("There you can correct it and submit it again: %(address)s", address=page)
        return _("%(reference)s is rejected: contract %(number)s", **named), [told, why, then]

    return _letter(user, corporation, MailKind.REJECTED, f"rejected:{version.id}:{user.id}", words)


def address_of(step: Step) -> str:
    return outbox.link(step.endpoint, **step.values) + (f"#{step.anchor}" if step.anchor else "")


def _letter(
    user: User,
    corporation: Corporation,
    kind: MailKind,
    key: str | None,
    words: Callable[[], tuple[str, Iterable[str]]],
) -> Letter:
    """Write it in the reader's language; under it how to get no more of them."""
    stop = opt_out_url(user, kind)
    with force_locale(user.language.value):
        subject, parts = words()
        closing = _("%(corporation)s, by Wederdienst", corporation=corporation.name)
        choice = _("No longer this kind of mail? %(address)s", address=stop)
        greeting = _("Dear %(name)s,", name=user.name)
        text = "\n\n".join([greeting, *filter(None, parts), closing, choice])
    reader = Reader(user.id, user.email, user.language.value)
    return Letter(reader, kind, " ".join(subject.split()), f"{text}\n", key, stop)


def _listed(found: Sequence[Found]) -> list[str]:
    return [_signal(each) for each in found[:MOST_LISTED]]


def _rest(found: Collection[Any]) -> list[str]:
    more = len(found) - MOST_LISTED
    return [ngettext("And %(num)s more.", "And %(num)s more.", more)] if more > 0 else []


def _signal(found: Found) -> str:
    contract, signal = found.contract, found.signal
    step = step_of(signal, contract)
    head = f"{TITLES[signal.kind]} · {euro_whole(signal.cents)} · {_named(contract)}"
    return "\n".join((head, reason(signal), f"{step.words}: {address_of(step)}"))


def _agreements(agreed: Sequence[Conversation]) -> list[str]:
    if not agreed:
        return []
    lines = (f"{day_long(each.due_on)}: {each.action} ({each.contract.number})" for each in agreed)
    return ["\n".join((_("Agreed for the coming days:"), *lines))]


def _due_line(due: Due) -> str:
    days = due.oldest.days
    period = _("%(start)s to %(end)s", start=day_long(days.first), end=day_long(days.last))
    page = outbox.link("planning.report", contract_id=due.contract.id)
    return "\n".join((f"{_named(due.contract)}: {period}", page))


def _named(contract: Contract) -> str:
    return f"{contract.number} {contract.title} ({contract.supplier_record.name})"


def _worklist(user: User) -> str:
    return str(_("Your worklist: %(address)s", address=outbox.link("signals.index", leader=user.id)))
