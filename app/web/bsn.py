"""Finds what may be a citizen service number (BSN): a product that may not hold one refuses it where it is typed.

A BSN has nine digits that pass the eleven-test: 9, 8, ... 2 times the first eight minus the ninth is a multiple of
eleven. So one in eleven arbitrary nine-digit numbers is refused as well; the sentence says what to do then.
"""

from __future__ import annotations

import re
import unicodedata

from app.web.errors import Invalid

WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
# Nine digits, at most two separators between each, that are not part of a longer number. The lookahead lets runs
# overlap: in "7 111222333" the first nine digits are no number by themselves, the last nine are.
RUN = re.compile(r"(?<![0-9])(?=(?P<run>[0-9](?:[\s.\-/_]{0,2}[0-9]){8})(?![0-9]))")
DASHES = str.maketrans(
    dict.fromkeys("\N{MINUS SIGN}\N{EN DASH}\N{EM DASH}\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{MIDDLE DOT}", "-")
)


def contains_bsn(text: str) -> bool:
    """Whether some nine digits in `text`, also with blanks, points or dashes between them, pass the eleven-test."""
    return any(passes_eleven_test(match["run"]) for match in RUN.finditer(_plain(text)))


def without_bsn(text: str) -> str:
    """`text` itself. Errors: `Invalid("bsn")`, which does not repeat the number, when it contains what may be one."""
    if contains_bsn(text):
        raise Invalid("bsn")
    return text


def passes_eleven_test(run: str) -> bool:
    """Whether the nine digits in `run` can be a BSN; nine noughts are none."""
    digits = [int(character) for character in run if character.isdigit()]
    total = sum(weight * digit for weight, digit in zip(WEIGHTS, digits, strict=True))
    return any(digits) and total % 11 == 0


def _plain(text: str) -> str:
    """Digits of all scripts as ours, dashes of all lengths as one, and no invisible characters between them."""
    ours = "".join(_digit(character) for character in unicodedata.normalize("NFKC", text))
    return ours.translate(DASHES)


def _digit(character: str) -> str:
    if unicodedata.category(character) == "Cf":
        return ""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character
