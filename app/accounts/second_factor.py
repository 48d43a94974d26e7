"""Commands on second factors: an authenticator app, passkeys, recovery codes; and the second step of a log-in.

Whenever somebody passes the second step, or changes what it is made of, the session goes on under a new token, and when
it changed all others end: a cookie that leaked before is worth nothing after it. Each command locks the row of its
user, so that of two at once only one uses a code.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.accounts import passkeys, queries, totp
from app.accounts.models import Passkey, RecoveryCode, Session, User
from app.accounts.names import tidy_name
from app.accounts.passwords import is_right
from app.accounts.sealing import seal, unseal
from app.accounts.service import TOKEN_BYTES, end_sessions, token_hash
from app.accounts.strength import is_required_of
from app.audit.service import command, housekeeping
from app.audit.trail import Audit
from app.web.clock import now
from app.web.errors import Conflict, Invalid

CODES = 10
CODE_BYTES = 10
ENROLMENT_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Settled:
    """After a change: the session's new token, and recovery codes when they were made, to be shown this once."""

    token: str
    codes: Sequence[str] = ()


def begin_app(user: User) -> bytes:
    """A new secret for an authenticator app, sealed for this user: it counts once `add_app` has seen a code of it."""
    return seal(totp.new_secret(), _enrolment_of(user))


def secret_begun(user: User, sealed: str) -> str | None:
    """The secret that `begin_app` sealed; None when it did not, or too long ago."""
    return unseal(sealed.encode(), _enrolment_of(user), seconds=ENROLMENT_SECONDS)


def add_app(session: Session, sealed: str, typed: str) -> Settled:
    """Let the codes of that app count, now that one was typed; another app before it no longer does.

    Errors: Conflict (`enrolment_too_old`), Invalid (`code_wrong`, of the column `code`).
    """
    user = session.user
    secret = secret_begun(user, sealed)
    if secret is None:
        raise Conflict("enrolment_too_old")
    step = totp.step_of(secret, _tidy(typed), at=now(), after=None)
    if step is None:
        raise Invalid("code_wrong", column="code")
    with command("account.add_app", by=user) as audit:
        _lock(audit, user)
        audit.note(app_of=user.id)
        with audit.change_of(user):
            user.totp_secret, user.totp_step = seal(secret, _app_of(user)), step
        return _settle(audit, session)


def remove_app(session: Session) -> Settled:
    """Its codes no longer count. Errors: Conflict (`last_second_factor`)."""
    user = session.user
    with command("account.remove_app", by=user) as audit:
        _lock(audit, user)
        audit.note(app_of=user.id)
        with audit.change_of(user):
            user.totp_secret = user.totp_step = None
        return _settle(audit, session)


def begin_passkey(session: Session) -> str:
    """What the browser is asked to make a passkey, as JSON."""
    options, challenge = passkeys.to_make(session.user, queries.passkeys_of(session.user))
    _remember(session, challenge)
    return options


def add_passkey(session: Session, name: str, answer: str) -> Settled:
    """Let the passkey count that the browser made.

    Errors: Invalid (`passkey_refused`, `name_missing`, `name_too_long`, `bsn`).
    """
    user, shown = session.user, tidy_name(name)
    with command("account.add_passkey", by=user) as audit:
        _lock(audit, user)
        challenge = _challenge(audit, session)
        made = passkeys.made(answer, challenge) if challenge else None
        if made is None or queries.passkey_with(made.credential_id) is not None:
            raise Invalid("passkey_refused")
        passkey = Passkey(user_id=user.id, name=shown, credential_id=made.credential_id, made_at=now())
        passkey.public_key, passkey.sign_count = made.credential_public_key, made.sign_count
        audit.created(passkey)
        return _settle(audit, session)


def rename_passkey(user: User, passkey_id: int, name: str) -> None:
    """Errors: NotFound; Invalid (`name_missing`, `name_too_long`, `bsn`)."""
    shown = tidy_name(name)
    with command("account.rename_passkey", by=user) as audit:
        passkey = queries.own_passkey(user, passkey_id)
        with audit.change_of(passkey):
            passkey.name = shown


def remove_passkey(session: Session, passkey_id: int) -> Settled:
    """Errors: NotFound; Conflict (`last_second_factor`)."""
    with command("account.remove_passkey", by=session.user) as audit:
        _lock(audit, session.user)
        audit.deleted(queries.own_passkey(session.user, passkey_id))
        return _settle(audit, session)


def new_codes(session: Session) -> Settled:
    """Other recovery codes; those from before no longer count. Errors: Conflict (`no_second_factor`)."""
    user = session.user
    with command("account.new_codes", by=user) as audit:
        _lock(audit, user)
        if user.second_factor_since is None:
            raise Conflict("no_second_factor")
        return Settled(_renewed(audit, session), _new_codes(audit, user))


def begin_showing(session: Session) -> str:
    """What the browser is asked to show a passkey, as JSON."""
    options, challenge = passkeys.to_show(queries.passkeys_of(session.user))
    _remember(session, challenge)
    return options


def pass_with_passkey(session: Session, answer: str, *, address: str) -> str | None:
    """Pass the second step, and give the session's new token; None when the answer is wrong."""
    user = session.user
    with command("account.pass_second_step", by=user) as audit:
        _lock(audit, user)
        challenge, passkey = _challenge(audit, session), _passkey_of(user, answer)
        shown = passkeys.shown(answer, challenge, passkey) if challenge and passkey else None
        if shown and passkey:
            with audit.change_of(passkey):
                passkey.sign_count, passkey.used_at = shown.new_sign_count, now()
            return _renewed(audit, session)
    _refused(user, address)
    return None


def pass_with_code(session: Session, typed: str, *, address: str) -> str | None:
    """Pass the second step with a code of the app or a recovery code; gives the session's new token, or None."""
    user, code = session.user, _tidy(typed)
    with command("account.pass_second_step", by=user) as audit:
        _lock(audit, user)
        if _uses_app(audit, user, code) or _uses_recovery_code(audit, user, code):
            return _renewed(audit, session)
    _refused(user, address)
    return None


def confirm(session: Session, password: str, *, address: str) -> bool:
    """Whether who is logged in knows the password; then it counts as proof for a while."""
    if not is_right(password, session.user.password_hash):
        _refused(session.user, address)
        return False
    with command("account.confirm", by=session.user) as audit, audit.change_of(session):
        session.confirmed_at = now()
    return True


def forget_second_factor(audit: Audit, user: User) -> None:
    """The part of a command that takes away all that is a second factor of this user; sessions end."""
    audit.deleted(*queries.passkeys_of(user), *queries.codes_of(user))
    with audit.change_of(user):
        user.totp_secret = user.totp_step = user.second_factor_since = None
    end_sessions(audit, queries.unended_sessions_of(user))


def _lock(audit: Audit, user: User) -> None:
    audit.session.refresh(user, with_for_update=True)


def _settle(audit: Audit, session: Session) -> Settled:
    """After a change: since when there is a second factor, recovery codes with the first, no other sessions.

    Errors: Conflict (`last_second_factor`) when none is left of somebody who has to have one.
    """
    user = session.user
    audit.session.flush()
    has_one = user.totp_secret is not None or bool(queries.passkeys_of(user))
    if not has_one and is_required_of(user):
        raise Conflict("last_second_factor")
    known = queries.codes_of(user)
    with audit.change_of(user):
        user.second_factor_since = (user.second_factor_since or now()) if has_one else None
    if not has_one:
        audit.deleted(*known)
    end_sessions(audit, [other for other in queries.unended_sessions_of(user) if other is not session])
    return Settled(_renewed(audit, session), _new_codes(audit, user) if has_one and not known else ())


def _renewed(audit: Audit, session: Session) -> str:
    """The session under a new token, its second factor shown; gives the token."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with audit.change_of(session):
        session.token_hash, session.challenge = token_hash(token), None
        session.second_factor_at = session.confirmed_at = now()
    return token


def _refused(user: User, address: str) -> None:
    """Note it."""
    with command("account.refuse_second_step", by=user) as audit:
        audit.note(address=address)


def _uses_app(audit: Audit, user: User, code: str) -> bool:
    secret = unseal(user.totp_secret, _app_of(user)) if user.totp_secret else None
    step = totp.step_of(secret, code, at=now(), after=user.totp_step) if secret else None
    if step is None:
        return False
    with audit.change_of(user):
        user.totp_step = step
    return True


def _uses_recovery_code(audit: Audit, user: User, code: str) -> bool:
    known = queries.unused_code(user, _code_hash(user, code))
    if known is None:
        return False
    with audit.change_of(known):
        known.used_at = now()
    return True


def _new_codes(audit: Audit, user: User) -> list[str]:
    """Ten codes of 80 random bits, written in groups; those from before go."""
    audit.deleted(*queries.codes_of(user))
    codes = [b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(CODES)]
    audit.created(*(RecoveryCode(user_id=user.id, code_hash=_code_hash(user, code)) for code in codes))
    return ["-".join(code[start : start + 4] for start in range(0, len(code), 4)) for code in codes]


def _code_hash(user: User, code: str) -> str:
    """The code is random: a plain hash, of this user's, cannot be guessed back."""
    return sha256(f"{user.id}:{code}".encode()).hexdigest()


def _remember(session: Session, challenge: bytes) -> None:
    with housekeeping("passkey.ask"):
        session.challenge = challenge


def _challenge(audit: Audit, session: Session) -> bytes | None:
    """What was asked; it is asked once."""
    challenge = session.challenge
    with audit.change_of(session):
        session.challenge = None
    return challenge


def _passkey_of(user: User, answer: str) -> Passkey | None:
    passkey = queries.passkey_with(passkeys.credential_of(answer))
    return passkey if passkey is not None and passkey.user_id == user.id else None


def _tidy(typed: str) -> str:
    """A code without the blanks and lines that people type between its groups."""
    return "".join(each for each in typed if each.isascii() and each.isalnum()).lower()


def _enrolment_of(user: User) -> str:
    return f"enrolment.{user.id}"


def _app_of(user: User) -> str:
    return f"totp.{user.id}"
