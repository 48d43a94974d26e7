"""The next free reference of a contribution: it goes on as the contract's own references do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import count

NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>[0-9]{1,9})")


def next_reference(alike: Collection[str], taken: Collection[str], prefix: str) -> str:
    """The reference after those in `alike` (of the same kind, oldest first) that is not in `taken`.

    W-1090 is followed by W-1091 and I-0031 by I-0032. When several ways of numbering stand beside each other the most
    used one goes on, of equals the last. Without any: `prefix` and 1, or the next that is free.
    """
    numbered = [match for match in map(NUMBERED.fullmatch, alike) if match]
    uses = Counter(match["prefix"] for match in numbered)
    latest = {match["prefix"]: place for place, match in enumerate(numbered)}
    way = max(uses, key=lambda each: (uses[each], latest[each]), default=prefix)
    highest = max((match["number"] for match in numbered if match["prefix"] == way), key=int, default="0")
    width = len(highest) if highest.startswith("0") else 1
    following = (f"{way}{number:0{width}}" for number in count(int(highest) + 1))
    return next(reference for reference in following if reference not in taken)
