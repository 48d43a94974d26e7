"""How audit records hang together: pure functions that hash them and that find the first one that was tampered with.

The hash of a record is the SHA-256 of canonical JSON (keys sorted, no blanks, UTF-8) with these keys: `schema`
("audit/1"), `chain` (the KvK number, or "installation"), `sequence`, `at` (UTC, "2026-11-24T21:35:57.000123Z"),
`actor_id`, `actor`, `action`, `object_kind`, `object_id`, `payload` (the digest below) and `previous` (the hash of the
record before; 64 zeros for the first). The digest of a payload is the SHA-256 of its salt (hexadecimal text), a line
feed and the canonical JSON of `before`, `after` and `notes`. Whoever changes, removes, adds or moves a record breaks
the chain there; whoever cuts off its tail is found by a head that was noted elsewhere: each statement prints one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

SCHEMA = "audit/1"
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The last record of a chain at some moment; an empty chain has sequence 0."""

    sequence: int = 0
    hash: str = NOTHING_BEFORE


@dataclass(frozen=True, slots=True)
class Payload:
    """What was written: the three canonical JSON texts, and the salt that keeps the digest from being guessed."""

    before: str
    after: str
    notes: str
    salt: str

    @property
    def digest(self) -> str:
        content = f'{{"after":{self.after},"before":{self.before},"notes":{self.notes}}}'
        return sha256(f"{self.salt}\n{content}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One record as the chain sees it. `payload` is None when it is not there any more."""

    sequence: int
    at: datetime
    actor_id: int | None
    actor: str
    action: str
    object_kind: str | None
    object_id: int | None
    payload_digest: str
    previous_hash: str
    hash: str = ""
    payload: Payload | None = None

    def hash_in(self, chain: str) -> str:
        """What `hash` must be in the chain of that key."""
        content = {
            "schema": SCHEMA,
            "chain": chain,
            "sequence": self.sequence,
            "at": instant_text(self.at),
            "actor_id": self.actor_id,
            "actor": self.actor,
            "action": self.action,
            "object_kind": self.object_kind,
            "object_id": self.object_id,
            "payload": self.payload_digest,
            "previous": self.previous_hash,
        }
        return sha256(canonical(content).encode()).hexdigest()


class Fault(StrEnum):
    """What is wrong with a chain at a record."""

    MISSING = "missing"
    MISLINKED = "mislinked"
    CHANGED = "changed"
    PAYLOAD_CHANGED = "payload_changed"
    TRUNCATED = "truncated"
    OTHER_PAST = "other_past"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a chain is sound: its head, the records whose payload is gone, and the first fault with where it is."""

    head: Head
    without_payload: tuple[int, ...] = ()
    fault: Fault | None = None
    at_sequence: int | None = None

    @property
    def is_sound(self) -> bool:
        return self.fault is None


def canonical(content: Any) -> str:
    """JSON in one way of writing only."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def instant_text(at: datetime) -> str:
    """An instant in UTC with microseconds: always 27 characters."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def verify(chain: str, links: Iterable[Link], known: Iterable[Head] = (), after: Head | None = None) -> Verdict:
    """Follow the links of a chain (in the order of their sequence) from the first, and stop at the first fault.

    `known` are heads that were noted elsewhere, as each statement does: the chain must still pass through them. `after`
    is the record before the first link when they are only a part of the chain.
    """
    wanted = {head.sequence: head.hash for head in known}
    head, gone = after or Head(), list[int]()
    for link in links:
        fault = _fault_of(chain, link, head) or _fault_of_past(link, wanted)
        if fault:
            return Verdict(head, tuple(gone), fault, head.sequence + 1)
        if link.payload is None:
            gone.append(link.sequence)
        head = Head(link.sequence, link.hash)
    if max(wanted, default=0) > head.sequence:
        return Verdict(head, tuple(gone), Fault.TRUNCATED, head.sequence + 1)
    return Verdict(head, tuple(gone))


def _fault_of(chain: str, link: Link, head: Head) -> Fault | None:
    if link.sequence != head.sequence + 1:
        return Fault.MISSING
    if link.previous_hash != head.hash:
        return Fault.MISLINKED
    if link.hash != link.hash_in(chain):
        return Fault.CHANGED
    if link.payload is not None and link.payload.digest != link.payload_digest:
        return Fault.PAYLOAD_CHANGED
    return None


def _fault_of_past(link: Link, wanted: dict[int, str]) -> Fault | None:
    """A chain that was made anew from some record on is sound in itself; only a noted head shows it."""
    return Fault.OTHER_PAST if wanted.get(link.sequence, link.hash) != link.hash else None
