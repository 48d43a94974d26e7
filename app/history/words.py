"""What was done, by whom, in words: every action of the audit log, and the notes that say something to people.

An action is `<kind>.<verb>`; both have a word, so a new command needs at most one line here. A test finds the actions
of all commands in the source and fails for one without words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

KINDS: Mapping[str, Any] = {
    "activity": _l("Activity"),
    "amendment": _l("Amendment"),
    "certificate": _l("Certificate"),
    "contract": _l("Contract"),
    "corporation": _l("Corporation"),
    "membership": _l("Membership"),
    "placement": _l("Placement"),
    "policies": _l("Policy"),
    "policy": _l("Policy"),
    "rate_table": _l("Rate table"),
    "rate_tables": _l("Rate table"),
    "statement": _l("Statement"),
    "supplier": _l("Supplier"),
    "supplier_record": _l("Supplier"),
    "user": _l("User"),
}
VERBS: Mapping[str, Any] = {
    "accept": _l("accepted"),
    "add": _l("added"),
    "approve": _l("approved"),
    "change": _l("changed"),
    "check": _l("checked"),
    "copy": _l("copied"),
    "correct": _l("corrected"),
    "create": _l("recorded"),
    "deactivate": _l("deactivated"),
    "delete": _l("deleted"),
    "draft": _l("kept as a draft"),
    "edit": _l("changed"),
    "end": _l("ended"),
    "invite": _l("invited"),
    "issue": _l("issued"),
    "make": _l("made"),
    "reactivate": _l("account opened again"),
    "reject": _l("rejected"),
    "reserve": _l("given a number"),
    "restore": _l("put back"),
    "submit": _l("submitted"),
    "withdraw": _l("withdrawn"),
}
ACTIONS: Mapping[str, Any] = {
    "account.change_name": _l("Own name changed"),
    "account.change_password": _l("Password changed"),
    "account.choose_language": _l("Language chosen"),
    "account.end_session": _l("Session ended elsewhere"),
    "account.log_in": _l("Logged in"),
    "account.log_out": _l("Logged out"),
    "account.refuse": _l("Log-in refused"),
    "schemes.load": _l("Shipped rate tables and policies loaded"),
    "workbook.import": _l("Workbook imported"),
}
"""What is said otherwise than by its kind and verb."""
ACTORS: Mapping[str, Any] = {
    "command line": _l("command line"),
    "demo": _l("the demo"),
    "product": "Wederdienst",
    "visitor": _l("a visitor"),
}
"""Who acts when nobody is logged in."""
NOTES: Mapping[str, Any] = {
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
