"""What was done, by whom, in words: every action of the audit log, and the notes that say something to people.

An action is `<kind>.<verb>`; both have a word, so a new command needs at most one line here. A test finds the actions
of all commands in the source and fails for one without words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = {
    "access_review": _l("Access review"),
    "activity": _l("Activity"),
    "after_project": _l("What became of a person"),
    "amendment": _l("Amendment"),
    "batch": _l("Batch of statements"),
    "certificate": _l("Certificate"),
    "contract": _l("Contract"),
    "contribution": _l("Contribution"),
    "conversation": _l("Conversation"),
    "confirmation": _l("Confirmation by the other side"),
    "corporation": _l("Corporation"),
    "excuse": _l("Excuse"),
    "handover": _l("Handover"),
    "evidence": _l("Evidence"),
    "membership": _l("Membership"),
    "people": _l("List of people placed"),
    "placement": _l("Placement"),
    "plan": _l("Plan of approach"),
    "policies": _l("Policy"),
    "policy": _l("Policy"),
    "rate_table": _l("Rate table"),
    "rate_tables": _l("Rate table"),
    "report": _l("Report"),
    "reporting_choice": _l("Reporting"),
    "rendition": _l("File"),
    "retention": _l("Retention"),
    "person": _l("Person reference"),
    "sample": _l("Sample"),
    "sample_finding": _l("Finding"),
    "sample_item": _l("Drawn contribution"),
    "signal": _l("Signal"),
    "settlement": _l("Settlement"),
    "statement": _l("Statement"),
    "supplier": _l("Supplier"),
    "supplier_record": _l("Supplier"),
    "user": _l("User"),
}
VERBS: Mapping[str, Any] = {
    "accept": _l("accepted"),
    "add": _l("added"),
    "agree": _l("agreed"),
    "answer": _l("answered"),
    "approve": _l("approved"),
    "ask": _l("asked for"),
    "cancel": _l("stopped"),
    "change": _l("changed"),
    "check": _l("checked"),
    "close": _l("closed"),
    "complete": _l("done"),
    "confirm": _l("confirmed"),
    "copy": _l("copied"),
    "correct": _l("corrected"),
    "create": _l("recorded"),
    "deactivate": _l("deactivated"),
    "delete": _l("deleted"),
    "draft": _l("kept as a draft"),
    "draw": _l("drawn"),
    "edit": _l("changed"),
    "end": _l("ended"),
    "erase": _l("erased"),
    "export": _l("taken along"),
    "go_on": _l("gone on with"),
    "hand_in": _l("handed in"),
    "invite": _l("invited"),
    "issue": _l("issued"),
    "make": _l("made"),
    "propose": _l("proposed"),
    "note": _l("noted"),
    "reactivate": _l("account opened again"),
    "reject": _l("rejected"),
    "reopen": _l("put back on the worklist"),
    "remark": _l("given a remark"),
    "reserve": _l("given a number"),
    "restore": _l("put back"),
    "retry": _l("tried again"),
    "return": _l("not agreed to"),
    "sign": _l("signed"),
    "spread": _l("divided over contracts"),
    "snooze": _l("left to rest"),
    "submit": _l("submitted"),
    "take_back": _l("taken back"),
    "view": _l("opened"),
    "withdraw": _l("withdrawn"),
}
ACTIONS: Mapping[str, Any] = {
    "account.add_app": _l("App with codes added"),
    "account.add_passkey": _l("Passkey added"),
    "account.ask_reset": _l("New password asked for"),
    "account.change_name": _l("Own name changed"),
    "account.change_password": _l("Password changed"),
    "account.choose_language": _l("Language chosen"),
    "account.confirm": _l("Password given once more"),
    "account.end_session": _l("Session ended elsewhere"),
    "account.log_in": _l("Logged in"),
    "account.log_out": _l("Logged out"),
    "account.new_codes": _l("Recovery codes made"),
    "account.pass_second_step": _l("Second step passed"),
    "account.refuse": _l("Log-in refused"),
    "account.refuse_second_step": _l("Second step refused"),
    "account.remove_app": _l("App with codes removed"),
    "account.remove_passkey": _l("Passkey removed"),
    "account.rename_passkey": _l("Passkey given another name"),
    "account.reset_password": _l("Password changed by a link"),
    "contribution.draft": _l("Contributions kept as drafts"),
    "membership.end_session": _l("Logged out elsewhere by an administrator"),
    "membership.end_sessions": _l("Logged out everywhere by an administrator"),
    "membership.reset_second_factor": _l("Second step of log-in removed by an administrator"),
    "mail.choose": _l("Mail chosen"),
    "mail.opt_out": _l("Mail stopped"),
    "signals.mail": _l("Mail about signals put in the outbox"),
    "schemes.load": _l("Shipped rate tables and policies loaded"),
    "user.reset_second_factor": _l("Second step of log-in removed"),
    "workbook.import": _l("Workbook imported"),
}
"""What is said otherwise than by its kind and verb."""
ACTORS: Mapping[str, Any] = {
    "command line": _l("command line"),
    "demo": _l("the demo"),
    "other side": _l("the other side"),
    "product": "Wederdienst",
    "visitor": _l("a visitor"),
}
"""Who acts when nobody is logged in."""
NOTES: Mapping[str, Any] = {
    "contribution": _l("Contribution"),
    "file": _l("File"),
    "reason": _l("Reason"),
}
"""The notes of a record that are for people; addresses and hashes are not."""


def has_words(action: str) -> bool:
    kind, _, verb = action.partition(".")
    return action in ACTIONS or (kind in KINDS and verb in VERBS)


def said(action: str, name: str = "") -> str:
    """What was done: "Certificate PSO-3 checked". An action of an older product without words is named itself."""
    kind, _, verb = action.partition(".")
    if action in ACTIONS or not has_words(action):
        return str(ACTIONS.get(action, action))
    return " ".join(filter(None, (str(KINDS[kind]), name, str(VERBS[verb]))))


def who(actor: str, name: str | None) -> str:
    """The name of the user who acted, or what else did."""
    return name or str(ACTORS.get(actor, actor))


def notes_shown(notes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, label in NOTES.items():
        if notes.get(key):
            yield str(label), str(notes[key])
