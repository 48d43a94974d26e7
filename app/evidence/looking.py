"""Gets a file recognised and made harmless by the process that looks through it (`reader.py`), however that ends."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256

from app.evidence import reader
from app.evidence.models import MediaType
from app.web.errors import Invalid

MOST_MEGABYTES = 20
MOST_BYTES = MOST_MEGABYTES * reader.MEGABYTE
MOST_SECONDS = 60
"""The reader limits its own processor time; this is for one that waits for something."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that may be kept: its kind, what is kept of it, and the SHA-256 of what was sent."""

    media_type: MediaType
    content: bytes
    sent_sha256: str

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def expect_size(name: str, content: bytes) -> None:
    """Errors: Invalid (`evidence_empty`, `evidence_too_large`)."""
    if not content:
        raise Invalid("evidence_empty", file=name)
    if len(content) > MOST_BYTES:
        raise Invalid("evidence_too_large", file=name, megabytes=MOST_MEGABYTES)


def look_through(name: str, content: bytes) -> Looked:
    """What a file is, and what to keep of it; its name is for the sentence about it only.

    Errors: Invalid (`evidence_kind`, `evidence_unreadable`, `evidence_mixed`, `evidence_locked`, `evidence_active`,
    `evidence_too_wide`).
    """
    # -I: nothing of the environment or the current folder becomes part of the reader.
    command = [sys.executable, "-I", reader.__file__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise Invalid("evidence_unreadable", file=name) from None
    line, _, kept = done.stdout.partition(b"\n")
    if done.returncode or not line:
        raise Invalid("evidence_unreadable", file=name)
    said = json.loads(line)
    if "refused" in said:
        raise Invalid(said["refused"], file=name)
    return Looked(MediaType(said["kind"]), kept, sha256(content).hexdigest())
