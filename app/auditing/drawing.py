"""How a sample is drawn: so that anybody who has the list and the seed draws the same, with whatever tool they have.

Of each contribution in the population the SHA-256 of the seed, a colon and its key is taken (in UTF-8, as hexadecimal
text). The contributions with the lowest hashes are the sample, in that order. Nobody can tell beforehand which these
are, and nobody can change the seed or the list afterwards without another outcome.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256

from app.web.bsn import contains_bsn

SEED_BYTES = 16
AGAIN = (
    "tail -n +2 {file} | cut -d';' -f1 | while read -r key; do"
    " printf '%s %s\\n' \"$(printf '%s:%s' '{seed}' \"$key\" | sha256sum | cut -c1-64)\" \"$key\";"
    " done | LC_ALL=C sort | head -n {size} | cut -d' ' -f2"
)
"""The same in a shell, for whoever trusts nothing of ours: it prints the keys of the sample in order."""


def new_seed() -> str:
    """A random seed of 128 bits in which nothing looks like a BSN, for somebody may type it again."""
    seed = secrets.token_hex(SEED_BYTES)
    return new_seed() if contains_bsn(seed) else seed


def rank(seed: str, key: str) -> str:
    """By what a contribution is chosen."""
    return sha256(f"{seed}:{key}".encode()).hexdigest()


def drawn(seed: str, keys: Iterable[str], size: int) -> list[str]:
    """The keys of the sample, in the order in which they are drawn."""
    return sorted(keys, key=lambda key: rank(seed, key))[:size]


def command_to_draw_again(seed: str, size: int, file: str) -> str:
    """`seed` is one of ours or what `parse_seed` lets pass: it needs no escape in a shell."""
    return AGAIN.format(seed=seed, size=size, file=file)
