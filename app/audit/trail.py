"""What a running command tells the log, and how that becomes chained records.

Rows that belong to a corporation (they have a `corporation`) are shown in its chain; rows that belong to none (users,
suppliers, persons) in the chain of the command: that of the corporation it is about, else that of the installation.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.audit import queries
from app.audit.chain import Link, Payload, canonical
from app.audit.models import AuditChain, AuditPayload, AuditRecord, AuditSubject
from app.audit.queries import Owner
from app.audit.snapshots import (
    Snapshot,
    children,
    difference,
    kind_of,
    last_version,
    name_of,
    snapshot,
    subjects_of,
)
from app.database import Base
from app.web import clock

USER = "user"


class Actor(Protocol):
    """Who acts: a user."""

    @property
    def id(self) -> int: ...


class CommandError(RuntimeError):
    """A mistake of the program in how it writes; it reaches no user."""


@dataclass(slots=True)
class Change:
    """One announced row: as it was (empty when it is new), and for a deleted one what can't be asked afterwards."""

    row: Base
    before: Snapshot
    owner: Owner | None = None
    is_deletion: bool = False

    def finished(self) -> tuple[Snapshot, Snapshot]:
        """What of it differs, before and after; of a deleted one all, so that it can be made again."""
        if self.is_deletion:
            return self.before, {}
        now = snapshot(self.row)
        return difference(self.before, now) if self.before else ({}, now)


@dataclass(slots=True)
class Entry:
    """What the record in one chain will say."""

    about: Base | None = None
    before: dict[str, Snapshot] = field(default_factory=dict)
    after: dict[str, Snapshot] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def show(self, row: Base, before: Snapshot, after: Snapshot) -> None:
        self.about = self.about or row
        if before:
            self.before[name_of(row)] = before
        if after:
            self.after[name_of(row)] = after

    def subjects(self) -> set[tuple[str, int]]:
        """The rows that it shows."""
        return subjects_of((*self.before, *self.after))

    def payload(self) -> Payload:
        return Payload(canonical(self.before), canonical(self.after), canonical(self.notes), secrets.token_hex(16))


class Audit:
    """What a running command tells the log."""

    def __init__(self, session: Session, action: str, by: Actor | str, corporation: Owner | None) -> None:
        self.session = session
        self.action = action
        self.by = by
        self.record_id = 0
        """Afterwards the id of the record that it left, of the corporation it is about; 0 when it left none."""
        self._corporation: Owner | None = None
        self._others: list[Owner] = []
        self._notes: dict[str, Any] = {}
        self._concerned: set[tuple[int, str, int]] = set()
        self._changes: dict[Base, Change] = {}
        self._announced: set[Base] = set()
        self._flushed: set[Base] = set()
        if corporation is not None:
            self.corporation = corporation

    @property
    def corporation(self) -> Owner | None:
        """The corporation that the command is about: as it said, else that of the first row that has one."""
        return self._corporation

    @corporation.setter
    def corporation(self, corporation: Owner) -> None:
        self._corporation = corporation
        if corporation.id is not None:
            lock_chain(self.session, corporation)

    def also(self, corporation: Owner) -> None:
        """Leave a record in the chain of this corporation too, even when no row of it changes."""
        self._others.append(corporation)

    def note(self, **notes: Any) -> None:
        """Add facts that no row shows (the name of an imported file, a reason). Values must be JSON."""
        self._notes |= notes

    def concerns(self, kind: str, object_id: int, corporation_id: int) -> None:
        """Let the record of that corporation be found under something that its payload does not show."""
        self._concerned.add((corporation_id, kind, object_id))

    @contextmanager
    def change_of(self, *rows: Base) -> Iterator[None]:
        """Announce that these rows change, child rows too; the log shows what differs at the end of the command."""
        for row in rows:
            if row not in self._changes:
                owner = self._belongs_to(row)  # first the lock, then the look
                self._changes[row] = Change(row, snapshot(row), owner)
                self._announced.update(children(row))
        yield

    def created(self, *rows: Base) -> None:
        """Add new rows to the session and announce them; the log shows their values at the end of the command."""
        for row in rows:
            self.session.add(row)
            self._changes.setdefault(row, Change(row, {}, self._belongs_to(row)))

    def deleted(self, *rows: Base) -> None:
        """Delete rows and announce it; the log keeps their values."""
        for row in rows:
            with self.change_of(row):
                self._changes[row].is_deletion = True
                self._changes[row].before |= last_version(row)
                self.session.delete(row)

    def see_flush(self, session: Session, *_: Any) -> None:
        """Listener of the session: remember which rows it writes. A row is not written for what hangs on it."""
        written = (row for row in session.dirty if session.is_modified(row, include_collections=False))
        self._flushed.update(session.new, session.deleted, written)

    def expect_all_announced(self) -> None:
        """Errors: `CommandError` when a row was written that nothing announced: the log must not miss it."""
        kept = [change.row for change in self._changes.values() if not change.is_deletion]
        self._announced.update(self._changes, *map(children, kept))
        silent = {kind_of(row) for row in self._flushed - self._announced if getattr(row, "__logged__", True)}
        if silent:
            raise CommandError(f"{self.action} writes without saying so: {', '.join(sorted(silent))}")

    def append(self) -> None:
        """Chain one record for each corporation (or the installation) that was touched; none when nothing changed."""
        entries = self._entries()
        for owner in sorted(entries, key=lambda each: each.id if each else 0):
            self._append_to(owner, entries[owner])

    def _belongs_to(self, row: Base) -> Owner | None:
        owner = owner_of(row)
        if owner and self._corporation is None:
            self.corporation = owner
        return owner

    def _entries(self) -> dict[Owner | None, Entry]:
        entries: dict[Owner | None, Entry] = {}
        for change in self._changes.values():
            before, after = change.finished()
            if before or after:
                owner = change.owner or owner_of(change.row) or self._corporation
                entries.setdefault(owner, Entry()).show(change.row, before, after)
        for owner in [self._corporation, *self._others] if self._notes else self._others:
            entries.setdefault(owner, Entry()).notes = self._notes
        return entries

    def _append_to(self, owner: Owner | None, entry: Entry) -> None:
        chain = lock_chain(self.session, owner)
        head = queries.head(self.session, chain.id)
        payload = entry.payload()
        link = Link(
            sequence=head.sequence + 1,
            at=clock.now(),
            actor_id=None if isinstance(self.by, str) else self.by.id,
            actor=self.by if isinstance(self.by, str) else USER,
            action=self.action,
            object_kind=kind_of(entry.about) if entry.about else None,
            object_id=getattr(entry.about, "id", None),
            payload_digest=payload.digest,
            previous_hash=head.hash,
        )
        record = _record(chain, replace(link, hash=link.hash_in(chain.key)), payload)
        record.subjects = [AuditSubject(kind=kind, object_id=number) for kind, number in self._subjects(owner, entry)]
        self.session.add(record)
        self.session.flush()
        if owner is self._corporation or not self.record_id:
            self.record_id = record.id

    def _subjects(self, owner: Owner | None, entry: Entry) -> list[tuple[str, int]]:
        concerned = {(kind, number) for of, kind, number in self._concerned if owner and owner.id == of}
        return sorted(entry.subjects() | concerned)


def owner_of(row: Base) -> Owner | None:
    """The corporation that a row belongs to, if any (a new row that names it by id shows it once it is written)."""
    owner: Owner | None = getattr(row, "corporation", None)
    return owner


def lock_chain(session: Session, owner: Owner | None) -> AuditChain:
    """The chain of a corporation (or of the installation), made when absent, and locked until the transaction ends.

    On SQLite the whole database is locked for writing already; PostgreSQL locks the chain's row.
    """
    wanted = queries.chain_of(owner).with_for_update()
    with session.no_autoflush:  # what was just announced may not be complete yet
        chain = session.scalar(wanted)
        if chain is None:
            make = text("INSERT INTO audit_chains (key, corporation_id) VALUES (:key, :owner) ON CONFLICT DO NOTHING")
            session.execute(make, {"key": queries.key_of(owner), "owner": owner.id if owner else None})
            chain = session.scalars(wanted).one()
    return chain


def _record(chain: AuditChain, link: Link, payload: Payload) -> AuditRecord:
    return AuditRecord(
        chain_id=chain.id,
        sequence=link.sequence,
        at=link.at,
        actor_id=link.actor_id,
        actor=link.actor,
        action=link.action,
        object_kind=link.object_kind,
        object_id=link.object_id,
        payload_digest=link.payload_digest,
        previous_hash=link.previous_hash,
        hash=link.hash,
        payload=AuditPayload(before=payload.before, after=payload.after, notes=payload.notes, salt=payload.salt),
    )
