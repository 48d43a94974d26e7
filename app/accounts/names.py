"""The names of people and corporations: what is wrong with one, and one tidied up."""

from __future__ import annotations

from app.web.bsn import without_bsn
from app.web.errors import Invalid

LONGEST_NAME = 200


def tidy_name(typed: str) -> str:
    """A name without blanks around it, and without signs that nobody sees.

    Errors: `Invalid` (`name_missing`, `name_too_long`, `bsn`).
    """
    name = " ".join("".join(filter(str.isprintable, word)) for word in typed.split()).strip()
    if not name:
        raise Invalid("name_missing")
    if len(name) > LONGEST_NAME:
        raise Invalid("name_too_long", longest=LONGEST_NAME)
    return without_bsn(name)
