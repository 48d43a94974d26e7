"""Evidence in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from app.evidence.models import Evidence, EvidenceKind, MediaType
from app.web import formats

KILOBYTE = 1000
LOOKS: Mapping[EvidenceKind, Any] = {
    EvidenceKind.VISIT: _l("Site visit"),
    EvidenceKind.CALL: _l("Telephone check"),
}
FORMATS: Mapping[MediaType, str] = {MediaType.PDF: "PDF", MediaType.JPEG: "JPEG", MediaType.PNG: "PNG"}


def called(evidence: Evidence) -> str:
    """What people call it: the name of the file, or how it was looked at and when."""
    if not evidence.is_file:
        return f"{LOOKS[evidence.kind]} {formats.day_long(evidence.happened_on)}"
    return evidence.name or str(_l("Erased file"))


def size_in_words(size: int) -> str:
    """A size in bytes as "340 kB" or "1.2 MB"."""
    if size < KILOBYTE**2:
        return f"{formats.number(Decimal(max(1, round(size / KILOBYTE))))} kB"
    return f"{formats.number(round(Decimal(size) / KILOBYTE**2, 1))} MB"
