"""Why statements of a batch could not be made: kept as a code with its values, told in words to who reads it.

What only an administrator can mend is told at length to administrators, and to others in one line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row

from app.rules.errors import RuleError
from app.web.errors import DomainError
from app.web.sentences import SENTENCES, sentence

OF_THE_PROGRAM = _l("Something went wrong that is not yours to mend; the log of the program says what.")
FOR_THE_ADMINISTRATOR = _l("This is not yours to mend: an administrator has to act. Tell one.")
OF_THE_SEAL = "seal_"
"""With this begin the codes of what is wrong with the key, which stands on the server."""
DAY, NUMBER = "$day", "$number"
"""What JSON has no type for."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause in words, with the contracts (number, title, supplier) of which nothing could be made because of it."""

    words: str
    contracts: Sequence[Row[*tuple[Any, ...]]]


def failure_of(error: Exception) -> str:
    """What is kept of an error; of one that nobody foresaw only that it was one."""
    if not isinstance(error, DomainError | RuleError):
        return json.dumps({})
    return json.dumps({"code": error.code, "values": error.values}, default=_encoded)


def causes(failed: Iterable[Row[*tuple[Any, ...]]], *, to_administrator: bool) -> Sequence[Cause]:
    """What failed, by cause, the most frequent first; `failed` has rows with a `failure`."""
    found: dict[str, list[Row[*tuple[Any, ...]]]] = {}
    for row in failed:
        found.setdefault(_in_words(row.failure, to_administrator=to_administrator), []).append(row)
    return [Cause(words, found[words]) for words in sorted(found, key=lambda words: -len(found[words]))]


def _in_words(failure: str, *, to_administrator: bool) -> str:
    try:
        kept = json.loads(failure, object_hook=_decoded)
        code = kept.get("code", "")
    except (ValueError, AttributeError):
        return failure  # of an earlier version of the product, which kept the words
    if not to_administrator and (not code or code.startswith(OF_THE_SEAL)):
        return str(FOR_THE_ADMINISTRATOR)
    return sentence(DomainError(code, **kept["values"])) if code in SENTENCES else str(OF_THE_PROGRAM)


def _encoded(value: Any) -> Any:
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    return {NUMBER: str(value)} if isinstance(value, Decimal) else str(value)


def _decoded(kept: dict[str, Any]) -> Any:
    if kept.keys() == {DAY}:
        return date.fromisoformat(kept[DAY])
    return Decimal(kept[NUMBER]) if kept.keys() == {NUMBER} else kept
