"""A forgotten password: a link by mail that sets another one, once, within an hour.

Whether an address is somebody's shows nowhere: the answer is the same, and so is the work but for two small rows. A
link sets a password and opens nothing: who follows it logs in afterwards, with the second factor.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from app.accounts import mails, queries
from app.accounts.links import signed, token_in
from app.accounts.models import Purpose, Token, User
from app.accounts.passwords import hashed
from app.accounts.service import TOKEN_BYTES, VISITOR, may_log_in, set_password, token_hash
from app.audit.service import command
from app.audit.trail import Audit
from app.web.clock import now

HOLDS = timedelta(hours=1)


def ask(email: str, *, address: str) -> None:
    """Mail a link to who has this address and a password; of others note that it was asked. `address` is the visitor's.

    A link that was sent before no longer holds.
    """
    user = queries.user_by_email(email)
    able = user if user and user.password_hash and may_log_in(user) else None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = signed(token, Purpose.RESET)
    with command("account.ask_reset", by=VISITOR) as audit:
        audit.note(user=able.id if able else None, address=address)
        if able is not None:
            _withdraw(audit, able)
            audit.created(_row(able, token))
            mails.reset_link(audit, able, link)


def found(link: str) -> Token | None:
    """What a link stands for; None when it was tampered with, is too old, used, or replaced."""
    token = token_in(link, Purpose.RESET, HOLDS)
    row = queries.reset_of(token_hash(token)) if token else None
    return row if row is not None and may_log_in(row.user) else None


def reset(link: str, password: str) -> User | None:
    """Set that password: all sessions of the user end. None when the link no longer holds.

    Errors: Invalid (`password_too_short`, `password_too_long`).
    """
    new_hash = hashed(password)
    seen = found(link)
    if seen is None:
        return None
    with command("account.reset_password", by=seen.user) as audit:
        audit.session.refresh(seen.user, with_for_update=True)
        row = found(link)
        if row is None:
            return None
        _withdraw(audit, row.user)
        with audit.change_of(row):
            row.used_at = now()
        set_password(audit, row.user, new_hash)
        mails.password_changed(audit, row.user)
    return row.user


def _withdraw(audit: Audit, user: User) -> None:
    for token in queries.open_resets_of(user):
        with audit.change_of(token):
            token.expires_at = now()


def _row(user: User, token: str) -> Token:
    at = now()
    return Token(token_hash=token_hash(token), purpose=Purpose.RESET, user=user, made_at=at, expires_at=at + HOLDS)
