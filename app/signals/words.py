"""Signals in words: what each kind is called, its reason with its figures, and its next step as a link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.confirmations.models import Disputed
from app.confirmations.words import DISPUTED
from app.contracts.models import Contract
from app.mail.models import MailState
from app.signals.kinds import Kind, MailKind, Signal
from app.web.formats import day_long, euro_whole
from app.web.words import State

SHOWN_REFERENCES = 5

TITLES: Mapping[Kind, Any] = {
    Kind.SHORTFALL: _l("Shortfall"),
    Kind.WITHDRAWN: _l("Certificate withdrawn"),
    Kind.DISPUTED: _l("Disputed"),
    Kind.BEHIND: _l("Behind"),
    Kind.LAPSING: _l("Certificate ends"),
    Kind.PLACEMENT: _l("Placement ends"),
    Kind.UNREPORTED: _l("Not reported"),
    Kind.WAITING: _l("Waits for a judgement"),
    Kind.UNPROVEN: _l("Evidence missing"),
    Kind.ACTION: _l("Agreement overdue"),
}
LOOKS: Mapping[Kind, tuple[str, str]] = {
    Kind.SHORTFALL: ("square", "red"),
    Kind.WITHDRAWN: ("square", "red"),
    Kind.DISPUTED: ("square", "red"),
}
"""The shape and tone of those that are not as the rest."""
THE_REST = ("triangle", "amber")
BADGES: Mapping[Kind, State] = {kind: State(words, *LOOKS.get(kind, THE_REST)) for kind, words in TITLES.items()}

MAILS: Mapping[MailKind, Any] = {
    MailKind.DIGEST: _l("Every week: what asks for attention on the contracts that you lead"),
    MailKind.URGENT: _l("At once: what cannot wait on the contracts that you lead"),
    MailKind.REPORT_DUE: _l("Every week, as long as there is one: which report is due"),
    MailKind.REJECTED: _l("At once: a contribution is rejected"),
}
"""What somebody can choose, as they read it."""
SENT: Mapping[str, Any] = {
    MailKind.DIGEST: _l("Weekly overview"),
    MailKind.URGENT: _l("What cannot wait"),
    MailKind.REPORT_DUE: _l("Report due"),
    MailKind.REJECTED: _l("Rejection"),
    "confirmation": _l("Question to the other side"),
    "invitation": _l("Invitation"),
    "reset": _l("Another password"),
}
"""What an administrator reads of the mail that was sent."""

MAIL_STATES: Mapping[MailState, State] = {
    MailState.WAITING: State(_l("Waits"), "ring", "grey"),
    MailState.SENT: State(_l("Delivered"), "tick", "green"),
    MailState.FAILED: State(_l("Not delivered"), "square", "red"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next: a page of the product."""

    words: str
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)
    anchor: str = ""


def reason(signal: Signal) -> str:
    """Why it is there, in a sentence with its figures."""
    if signal.values.get("is_past"):
        return str(_("This is over, or the facts have changed since."))
    return str(REASONS[signal.kind](signal.values))


def step_of(signal: Signal, contract: Contract) -> Step:
    """Its next step."""
    words, endpoint, of_contract, anchor = STEPS[signal.kind]
    if of_contract == BY_NUMBER:
        values = {"kvk": contract.corporation.kvk, "number": contract.number}
        return Step(str(words), endpoint, values, anchor)
    if of_contract == BY_ID:
        return Step(str(words), endpoint, {"contract_id": contract.id})
    if of_contract == BY_CERTIFICATE:
        return Step(str(words), endpoint, {"q": signal.subject})
    return Step(str(words), endpoint, {of_contract: signal.leads_to})


def _behind(values: Mapping[str, Any]) -> Any:
    return _(
        "%(behind)s of the %(due)s due to date is not credited; if all goes on as it does %(open)s stays open at the"
        " end.",
        **_euros(values, "behind", "due", "open"),
    )


def _shortfall(values: Mapping[str, Any]) -> Any:
    figures = _euros(values, "open", "net")
    until, ended = values.get("repair_until"), day_long(values["ended_on"])
    if until is None:
        return _("The contract ended on %(day)s with %(open)s of %(net)s not done.", day=ended, **figures)
    return _(
        "The contract ended on %(day)s with %(open)s of %(net)s not done. It can be repaired until %(until)s.",
        day=ended,
        until=day_long(until),
        **figures,
    )


def _withdrawn(values: Mapping[str, Any]) -> Any:
    return _(
        "Certificate %(certificate)s is withdrawn with effect from %(day)s: what it exempted after that day is owed"
        " again.",
        certificate=values["certificate"],
        day=day_long(values["on"]),
    )


def _lapsing(values: Mapping[str, Any]) -> Any:
    return ngettext(
        "Certificate %(certificate)s holds %(num)s more day: not renewed before %(day)s, what it exempts is owed"
        " again.",
        "Certificate %(certificate)s holds %(num)s more days: not renewed before %(day)s, what it exempts is owed"
        " again.",
        values["days"],
        certificate=values["certificate"],
        day=day_long(values["before"]),
    )


def _placement(values: Mapping[str, Any]) -> Any:
    last, could = values["last"], values["could"]
    named = {"reference": values["reference"], "last": day_long(last), "could": day_long(could)}
    if could > last:
        return _("%(reference)s ends on %(last)s, early: it could count until %(could)s. Nobody follows.", **named)
    return _("%(reference)s counts until %(last)s, and nobody follows.", **named)


def _unreported(values: Mapping[str, Any]) -> Any:
    days = values["days"]
    return ngettext(
        "Nothing is reported of the period %(first)s to %(last)s, %(late)s days after it should have been.",
        "Nothing is reported of %(num)s periods, the oldest from %(first)s to %(last)s, %(late)s days after it should"
        " have been.",
        values["number"],
        first=day_long(days.first),
        last=day_long(days.last),
        late=values["late"],
    )


def _waiting(values: Mapping[str, Any]) -> Any:
    return ngettext(
        "A contribution waits for a judgement since %(day)s, %(days)s days.",
        "%(num)s contributions wait for a judgement too long, the oldest since %(day)s, %(days)s days.",
        values["number"],
        day=day_long(values["since"]),
        days=values["days"],
    )


def _unproven(values: Mapping[str, Any]) -> Any:
    names = values["references"]
    shown = ", ".join(names[:SHOWN_REFERENCES]) + (", …" if len(names) > SHOWN_REFERENCES else "")
    return ngettext(
        "Of a contribution that waits nothing shows that it is so: %(references)s.",
        "Of %(num)s contributions that wait nothing shows that they are so: %(references)s.",
        values["number"],
        references=shown,
    )


def _disputed(values: Mapping[str, Any]) -> Any:
    return _(
        "%(organisation)s says of %(reference)s: “%(disputed)s. %(reason)s” (%(day)s)",
        organisation=values["organisation"],
        reference=values["reference"],
        disputed=DISPUTED[Disputed(values["disputed"])],
        reason=values["reason"],
        day=day_long(values["on"]),
    )


def _action(values: Mapping[str, Any]) -> Any:
    if not values["by_whom"]:
        return _("Agreed and not done by %(day)s: %(action)s", day=day_long(values["due_on"]), action=values["action"])
    return _(
        "Agreed with %(who)s and not done by %(day)s: %(action)s",
        who=values["by_whom"],
        day=day_long(values["due_on"]),
        action=values["action"],
    )


def _euros(values: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {name: euro_whole(values[name]) for name in names}


REASONS: Mapping[Kind, Callable[[Mapping[str, Any]], Any]] = {
    Kind.SHORTFALL: _shortfall,
    Kind.WITHDRAWN: _withdrawn,
    Kind.DISPUTED: _disputed,
    Kind.BEHIND: _behind,
    Kind.LAPSING: _lapsing,
    Kind.PLACEMENT: _placement,
    Kind.UNREPORTED: _unreported,
    Kind.WAITING: _waiting,
    Kind.UNPROVEN: _unproven,
    Kind.ACTION: _action,
}

BY_NUMBER, BY_ID, BY_CERTIFICATE = "by number", "by id", "by certificate"
A_CONTRIBUTION = "contribution_id"
STEPS: Mapping[Kind, tuple[Any, str, str, str]] = {
    Kind.SHORTFALL: (_l("To the settlement"), "closing.show", BY_ID, ""),
    Kind.WITHDRAWN: (_l("See the certificate"), "suppliers.certificates", BY_CERTIFICATE, ""),
    Kind.DISPUTED: (_l("See what was claimed"), "contributions.show", A_CONTRIBUTION, ""),
    Kind.BEHIND: (_l("Calculate what would settle it"), "whatif.show", BY_ID, ""),
    Kind.LAPSING: (_l("See the certificate"), "suppliers.certificates", BY_CERTIFICATE, ""),
    Kind.PLACEMENT: (_l("See the contributions"), "contracts.show", BY_NUMBER, "contributions"),
    Kind.UNREPORTED: (_l("See the reports"), "contracts.show", BY_NUMBER, "reports"),
    Kind.WAITING: (_l("Judge"), "contributions.show", A_CONTRIBUTION, ""),
    Kind.UNPROVEN: (_l("Ask for evidence"), "contributions.show", A_CONTRIBUTION, ""),
    Kind.ACTION: (_l("See what was agreed"), "signals.edit_conversation", "conversation_id", ""),
}
"""By kind the words of the link, its page, how the page is told what it is about, and where on the page."""
