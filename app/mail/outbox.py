"""Putting a mail in the outbox, within the transaction of the command that it tells about.

    with command("membership.invite", by=user) as audit:
        ...
        outbox.put(audit, to=address, language=language, kind="invitation", subject=..., text=...)

Nothing is sent when the command fails or is only rehearsed; what it did stands, whatever the mail server does.
"""

from __future__ import annotations

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from typing import Any, Protocol

from flask import current_app, g, has_request_context, url_for
from sqlalchemy import select

from app.audit.trail import Audit
from app.mail.models import Mail
from app.web.clock import now

PUT = "mails_put"
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
LINK = re.compile(r"\b(https?|ftp)://", re.IGNORECASE)
LONGEST_SUBJECT = 300


class Recipient(Protocol):
    """The user whom a mail is for."""

    @property
    def id(self) -> int: ...


def put(
    audit: Audit,
    *,
    to: str,
    language: str,
    kind: str,
    subject: str,
    text: str,
    user: Recipient | None = None,
    key: str | None = None,
    opt_out_url: str | None = None,
) -> bool:
    """Let a mail go to the address `to` once the running command is over; it belongs to the corporation of the command.

    `language` is that of `subject` and `text` (plain text), "nl" or "en". With a `key` it goes once: False, and
    nothing happens, when a mail with that key is there already. Links lead to this installation only (`link`); others,
    which can only come from what somebody typed, are made harmless.

    Errors: ValueError, for an address or subject with a line break or another sign that would end a header.
    """
    if key is not None and audit.session.scalar(select(Mail.id).where(Mail.key == key)) is not None:
        return False
    at = now()
    audit.session.add(
        Mail(
            corporation_id=audit.corporation.id if audit.corporation else None,
            user_id=user.id if user else None,
            address=_one_address(to),
            language=language,
            kind=kind,
            key=key,
            subject=_one_line(subject),
            text=_without_foreign_links(text),
            opt_out_url=opt_out_url,
            made_at=at,
            next_try_at=at,
        )
    )
    if has_request_context():
        setattr(g, PUT, True)
    return True


def link(endpoint: str, **values: Any) -> str:
    """The address of a page as people find it from a mail: beginning with the setting PUBLIC_URL, whoever asks."""
    if has_request_context():
        path = url_for(endpoint, _external=False, **values)
    else:
        path = current_app.url_map.bind("localhost").build(endpoint, values)
    return _here() + path


def _here() -> str:
    return str(current_app.config["WEDERDIENST"].public_url).rstrip("/")


def _one_line(subject: str) -> str:
    if CONTROL.search(subject):
        raise ValueError(f"the subject of a mail has no line breaks: {subject!r}")
    return subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1]}…"


def _one_address(to: str) -> str:
    try:
        return Address(addr_spec=to).addr_spec
    except (HeaderParseError, ValueError, IndexError) as error:
        raise ValueError(f"not the address of one person: {to!r}") from error


def _without_foreign_links(text: str) -> str:
    """Mail programs make a link of every address; a name that somebody typed must not become one under our name."""
    here = _here()

    def harmless(found: re.Match[str]) -> str:
        begins_ours = text.startswith((f"{here}/", f"{here}\n"), found.start()) or text[found.start() :] == here
        return found[0] if begins_ours else f"{found[1]}: //"

    return LINK.sub(harmless, text)
