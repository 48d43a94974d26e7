"""Passwords: Argon2id hashes, and a check that takes as long for an address that nobody has."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.web.errors import Invalid

SHORTEST = 12
LONGEST = 1000
# RFC 9106's choice where memory is dear: 64 MB and about 0.1 s each; the rate limit keeps many at once away.
HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """The hash to keep of a new password; it holds its own salt and parameters.

    Errors: `Invalid("password_too_short")`, `Invalid("password_too_long")`. No other rule: length is what helps.
    """
    if len(password) < SHORTEST:
        raise Invalid("password_too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("password_too_long", longest=LONGEST)
    return HASHER.hash(_as_typed_anywhere(password))


def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` belongs to the hash; without one the answer is no, after the same work."""
    try:
        return HASHER.verify(kept or _hash_of_nobody(), _as_typed_anywhere(password)) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash("the password of an account that does not exist")


def _as_typed_anywhere(password: str) -> str:
    """Keyboards compose an é in different ways: one form, so that it is the same password on each."""
    return unicodedata.normalize("NFC", password)
