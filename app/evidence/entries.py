"""What comes in as evidence, before it is looked through: a file, or what somebody of ours saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.evidence.models import EvidenceKind


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it came in."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody of ours saw, on the spot or by telephone."""

    kind: EvidenceKind
    on: date
    seen_by: str
    description: str
