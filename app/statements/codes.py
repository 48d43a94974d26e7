"""The verify code: 16 characters of Crockford's base 32, so that nobody finds a statement by trying."""

from __future__ import annotations

import secrets

from app.statements.models import CODE_ALPHABET, CODE_LENGTH

# What people take for another character when they copy a code by hand (Crockford's own table).
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A random code: 80 bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def tidy_code(typed: str) -> str:
    """A code as somebody typed or scanned it: without dashes and blanks, in capitals, misread characters mended."""
    return "".join(typed.split()).replace("-", "").upper().translate(MISREAD)


def is_code(tidied: str) -> bool:
    return len(tidied) == CODE_LENGTH and set(tidied) <= set(CODE_ALPHABET)
