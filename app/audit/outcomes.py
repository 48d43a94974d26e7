"""What became of a row that a command wants to be in some state: it was made, changed, or so already."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from app.audit.trail import Audit
from app.database import Base


class Outcome(StrEnum):
    """What a command did to a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


def keep(audit: Audit, row: Base, values: dict[str, Any]) -> Outcome:
    """Give a row these values and announce it; a row that has them already is not touched."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not different:
        return Outcome.UNCHANGED
    with audit.change_of(row):
        for name, value in different.items():
            setattr(row, name, value)
    return Outcome.CHANGED
