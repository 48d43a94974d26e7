"""Commands on accounts: corporations, users and what they are where, log-in, sessions, passwords.

Accounts and log-ins belong to no corporation: their records stand in the chain of the installation, and those of a
membership in the chain of its corporation.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy.exc import OperationalError

from app.accounts import queries
from app.accounts.mandates import entrust
from app.accounts.models import Corporation, Language, Membership, Role, Session, User
from app.accounts.names import tidy_name
from app.accounts.passwords import hashed, is_right, needs_rehash
from app.audit.service import command, housekeeping
from app.audit.trail import Actor, Audit
from app.web.clock import now, today
from app.web.errors import Invalid
from app.web.parsing import kvk_number
from config import REQUIRED

GUESTS = frozenset({Role.AUDITOR, Role.ASSESSOR})
GUEST_DAYS = 365
TOKEN_BYTES = 32
SEEN_EVERY = timedelta(minutes=1)
VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Grant:
    """A membership as it is asked for."""

    role: Role
    corporation: Corporation
    supplier_id: int | None
    ends_on: date | None


def make_corporation(kvk: str, name: str, *, by: Actor | str) -> Corporation:
    """Make the corporation with that KvK number; when it is there already, nothing changes.

    Errors: `Invalid` (`kvk_unclear`, `name_missing`, `name_too_long`, `bsn`).
    """
    number, name = kvk_number(kvk), tidy_name(name)
    with command("corporation.make", by=by) as audit:
        corporation = queries.corporation_by_kvk(number)
        if corporation is None:
            corporation = Corporation(
                kvk=number,
                name=name,
                created_at=now(),
                requires_second_factor=current_app.config["WEDERDIENST"].second_factor == REQUIRED,
            )
            audit.created(corporation)
    return corporation


def make_user(
    email: str,
    role: Role,
    corporation_kvk: str,
    *,
    by: Actor | str,
    supplier_kvk: str | None = None,
    password: str | None = None,
    name: str | None = None,
    ends_on: date | None = None,
    is_demo: bool = False,
) -> User:
    """Make a user, or find the one with that address, and make or change the membership in that corporation.

    A membership is one for each corporation, and one more for each supplier that it names. Without a password an
    existing one is kept; a new one ends the user's sessions. Auditors and assessors are guests: without `ends_on` they
    stay as long as they were to, or a year. Errors: `Invalid` (`email_unclear`, `role_needs_supplier`,
    `role_without_supplier`, `password_too_short`, ...), `NotFound` (`no_such_corporation`, `no_such_supplier`).
    """
    address = tidy_email(email)
    if (role is Role.SUPPLIER) != (supplier_kvk is not None):
        raise Invalid("role_needs_supplier" if role is Role.SUPPLIER else "role_without_supplier")
    shown = tidy_name(name) if name is not None else None
    new_hash = _hash_of_change(address, password)
    corporation = queries.corporation_named(corporation_kvk)
    supplier_id = queries.supplier_id_of(corporation, supplier_kvk) if supplier_kvk else None
    with command("user.make", by=by, corporation=corporation) as audit:
        user = _user(audit, address, shown, is_demo)
        if new_hash is not None:
            set_password(audit, user, new_hash)
        _grant(audit, user, Grant(role, corporation, supplier_id, ends_on))
    return user


def log_in(email: str, password: str, *, address: str) -> str | None:
    """Open a session and give the token for its cookie; None when the two do not go together, whatever the reason.

    Of who has to show a second factor it is only half (strength.py). `address` is the visitor's, for the log. A refusal
    is logged too, but not an e-mail address that nobody has: people type passwords there.
    """
    user = queries.user_by_email(email)
    able = user if user and may_log_in(user) else None
    if not is_right(password, able.password_hash if able else None) or able is None:
        with command("account.refuse", by=VISITOR) as audit:
            audit.note(user=user.id if user else None, address=address)
        return None
    stronger = hashed(password) if needs_rehash(able.password_hash or "") else None
    with command("account.log_in", by=able) as audit:
        audit.note(address=address)
        if stronger:
            with audit.change_of(able):
                able.password_hash = stronger
        return open_session(audit, able)


def log_in_by_provider(email: str, *, shows_second_factor: bool, address: str) -> str | None:
    """Open a session for who has that address, which a provider verified; None when nobody has. No account is made."""
    user = queries.user_by_email(email) if email else None
    if user is None or not may_log_in(user):
        with command("account.refuse", by=VISITOR) as audit:
            audit.note(user=user.id if user else None, address=address, by_provider=True)
        return None
    with command("account.log_in", by=user) as audit:
        audit.note(address=address, by_provider=True)
        return open_session(audit, user, second_factor_at=now() if shows_second_factor else None)


def log_out(user: User, token: str) -> None:
    """End the session of this token."""
    session = queries.session_of(token_hash(token))
    if session is not None:
        with command("account.log_out", by=user) as audit:
            end_sessions(audit, [session])


def end_session(user: User, session_id: int) -> None:
    """End one of one's own sessions, on another browser. Errors: `NotFound`."""
    with command("account.end_session", by=user) as audit:
        end_sessions(audit, [queries.own_session(user, session_id)])


def change_password(session: Session, password: str) -> str:
    """Change one's own password: all sessions end, and this one goes on as a new one, of which this gives the token.

    The form has asked for the current one. Errors: `Invalid` (`password_too_short`, `password_too_long`).
    """
    new_hash = hashed(password)
    with command("account.change_password", by=session.user) as audit:
        set_password(audit, session.user, new_hash)
        return open_session(audit, session.user, second_factor_at=session.second_factor_at)


def change_name(user: User, name: str) -> None:
    """Errors: `Invalid` (`name_missing`, `name_too_long`, `bsn`)."""
    shown = tidy_name(name)
    with command("account.change_name", by=user) as audit, audit.change_of(user):
        user.name = shown


def choose_language(user: User, language: Language) -> None:
    """The language of this user's pages and mails."""
    with command("account.choose_language", by=user) as audit, audit.change_of(user):
        user.language = language


def deactivate(email: str, *, by: Actor | str) -> User:
    """Nobody logs in as this user any more, and all its sessions end; what it did stays. Errors: `NotFound`."""
    with command("user.deactivate", by=by) as audit:
        user = queries.user_named(email)
        close_account(audit, user)
    return user


def close_account(audit: Audit, user: User) -> None:
    """The part of a command after which nobody logs in as this user any more; its sessions end."""
    with audit.change_of(user):
        user.is_active = False
    end_sessions(audit, queries.unended_sessions_of(user))


def see(session: Session) -> None:
    """Note once a minute that a session is in use. While somebody else writes for long, it waits for the next time."""
    if now() - session.seen_at >= SEEN_EVERY:
        with suppress(OperationalError), housekeeping("session.see"):
            session.seen_at = now()


def token_hash(token: str) -> str:
    """What is kept of a token in a cookie or a link: it is random, so a plain hash cannot be guessed back."""
    return sha256(token.encode()).hexdigest()


def tidy_email(typed: str) -> str:
    """The address in lower case. Errors: `Invalid("email_unclear")`."""
    try:
        checked = validate_email(typed.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise Invalid("email_unclear", typed=typed) from None
    return checked.normalized.lower()


def may_log_in(user: User) -> bool:
    """The demo's people have a password that everybody knows: in production they get nowhere."""
    return user.is_active and not (user.is_demo and current_app.config["WEDERDIENST"].is_production)


def _hash_of_change(email: str, password: str | None) -> str | None:
    """The hash of a password that is not the user's yet; the same one again changes nothing."""
    user = queries.user_by_email(email)
    is_same = password is None or (user is not None and is_right(password, user.password_hash))
    return None if password is None or is_same else hashed(password)


def _user(audit: Audit, email: str, name: str | None, is_demo: bool) -> User:
    user = queries.user_by_email(email)
    if user is None:
        user = User(email=email, name=name or email.partition("@")[0], is_demo=is_demo, created_at=now())
        audit.created(user)
        audit.session.flush()
    elif name is not None:
        with audit.change_of(user):
            user.name = name
    return user


def _grant(audit: Audit, user: User, grant: Grant) -> None:
    membership = queries.membership_in(user, grant.corporation, grant.supplier_id)
    last_day = grant.ends_on or _last_day(grant.role, membership)
    if membership is not None:
        with audit.change_of(membership):
            if grant.role is not Role.ASSESSOR:
                entrust(membership, None)
            membership.role, membership.ends_on, membership.invited_as = grant.role, last_day, None
        return
    made = Membership(user=user, role=grant.role, corporation=grant.corporation, ends_on=last_day, created_at=now())
    made.supplier_id = grant.supplier_id
    audit.created(made)


def _last_day(role: Role, known: Membership | None) -> date | None:
    """Until when, when it was not said: guests as before or a year, others without an end."""
    if role not in GUESTS:
        return None
    if known is not None and known.ends_on is not None and known.holds_on(today()):
        return known.ends_on
    return today() + timedelta(days=GUEST_DAYS)


def set_password(audit: Audit, user: User, new_hash: str) -> None:
    """The part of a command that gives a user another password; its sessions end."""
    # The log shows no hashes, so the note says that there is a new one.
    audit.note(password_of=user.id)
    with audit.change_of(user):
        user.password_hash = new_hash
    end_sessions(audit, queries.unended_sessions_of(user))


def open_session(audit: Audit, user: User, *, second_factor_at: datetime | None = None) -> str:
    """The part of a command that opens a session; gives the token of its cookie."""
    token, at = secrets.token_urlsafe(TOKEN_BYTES), now()
    made = Session(token_hash=token_hash(token), user=user, made_at=at, seen_at=at, second_factor_at=second_factor_at)
    audit.created(made)
    return token


def end_sessions(audit: Audit, sessions: Iterable[Session]) -> None:
    """The part of a command that ends these sessions, wherever they are."""
    for session in sessions:
        with audit.change_of(session):
            session.ended_at = session.ended_at or now()
