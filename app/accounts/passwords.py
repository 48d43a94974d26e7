"""Passwords: Argon2id hashes, and a check that takes as long for an address that nobody has."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from app.web.errors import Invalid

# What stands at the top of every list of leaked passwords, here and elsewhere, and the names of this product's world.
FIRST_WORDS = (
    ("password", "passwort", "passw0rd", "wachtwoord", "welkom", "welcome", "geheim", "secret", "admin", "test")
    + ("administrator", "qwerty", "qwertyuiop", "azerty", "letmein", "iloveyou", "changeme", "dragon", "monkey")
    + ("football", "voetbal", "lente", "zomer", "herfst", "winter", "summer", "spring", "autumn", "ajax", "login")
    + ("amsterdam", "rotterdam", "utrecht", "wederdienst", "socialreturn", "woningcorporatie", "inloggen")
)
RUNS = tuple(keys * 40 for keys in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"))
SHORTEST = 12
LONGEST = 1000
# RFC 9106's choice where memory is dear: 64 MB and about 0.1 s each; the rate limit keeps many at once away.
HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """The hash to keep of a new password; it holds its own salt and parameters.

    Errors: `Invalid`, as `expect_good`.
    """
    expect_good(password)
    return HASHER.hash(_as_typed_anywhere(password))


def expect_good(password: str) -> None:
    """Errors: `Invalid` (`password_too_short`, `password_too_long`, `password_known`).

    No rule about kinds of signs: length is what helps, unless it is what everybody thinks of first.
    """
    if len(password) < SHORTEST:
        raise Invalid("password_too_short", shortest=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("password_too_long", longest=LONGEST)
    if _is_thought_of_first(password.lower()):
        raise Invalid("password_known")


def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` belongs to the hash; without one the answer is no, after the same work."""
    try:
        return HASHER.verify(kept or _hash_of_nobody(), _as_typed_anywhere(password)) and kept is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _is_thought_of_first(password: str) -> bool:
    """Whether it is one of the first words that people think of, with signs around or repeated, or runs along keys."""
    words = "|".join(FIRST_WORDS)
    is_run = any(password in run or password in run[::-1] for run in RUNS)
    return is_run or re.fullmatch(rf"[\W\d_]*(?:(?:{words})[\W\d_]*)+|(.{{1,3}})\1+", password) is not None


@cache
def _hash_of_nobody() -> str:
    return HASHER.hash("the password of an account that does not exist")


def _as_typed_anywhere(password: str) -> str:
    """Keyboards compose an é in different ways: one form, so that it is the same password on each."""
    return unicodedata.normalize("NFC", password)
