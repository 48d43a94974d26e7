"""Commands: the frame of every write. One command is one transaction and leaves one record in each chain it touches.

    with command("placement.approve", by=user) as audit:
        placement = queries.placement_to_judge(placement_id, user)
        with audit.change_of(placement):
            placement.approve(by=user)
        placement.contract.facts_changed()

The write lock is taken at the beginning: SQLite locks the database (BEGIN IMMEDIATE), PostgreSQL the row of the chain
of the corporation that is given, else that of the first announced row. What is read under it still holds at the end; so
a command that weighs several rows (shares, numbers, who may still approve) gives its corporation. A row that is written
without being announced is refused: nothing gets past the log. A command in which nothing changes and that notes nothing
leaves no record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar

from flask import Flask, current_app
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.audit import queries
from app.audit.chain import Head, Verdict, verify
from app.audit.queries import Owner
from app.audit.trail import Actor, Audit, CommandError
from app.extensions import db
from app.web.errors import Stale

RUNNING = "command"
HOOKS = "before_commit"

Hook = Callable[[Audit], None]
Look = Callable[[Session], None]

_rehearsed: ContextVar[Look | None] = ContextVar("rehearsed", default=None)


def before_commit(app: Flask, hook: Hook) -> None:
    """Let `hook` run at the end of each command of this application, before the chaining (see create_app)."""
    app.extensions.setdefault(HOOKS, []).append(hook)


@contextmanager
def command(action: str, *, by: Actor | str, corporation: Owner | None = None) -> Iterator[Audit]:
    """A write: one transaction, one audit record for each corporation that it touches.

    `by` is the user who acts, or says who else does ("command line"). `corporation` is whom it is about; when it is not
    given, that of the first announced row, or the installation. Whatever is raised inside undoes everything.

    Errors: `CommandError` when commands are nested, when something was pending before, or when a write was not
    announced; `Stale` when somebody else changed a row meanwhile.
    """
    session = db.session
    with _transaction(session, action):
        audit = Audit(session, action, by, corporation)
        event.listen(session, "before_flush", audit.see_flush)
        try:
            yield audit
            session.flush()
            audit.expect_all_announced()
        finally:
            event.remove(session, "before_flush", audit.see_flush)
        for hook in current_app.extensions.get(HOOKS, ()):
            hook(audit)
        session.flush()
        audit.append()


@contextmanager
def housekeeping(what: str) -> Iterator[Session]:
    """A write that is nobody's act and leaves no record: when a session was last seen, what has expired.

    Errors: `CommandError` as for `command`.
    """
    with _transaction(db.session, what):
        yield db.session


@contextmanager
def rehearsal(look: Look) -> Iterator[None]:
    """Commands inside it run to their very end, with all that may refuse them; `look` looks, and they are undone."""
    token = _rehearsed.set(look)
    try:
        yield
    finally:
        _rehearsed.reset(token)


def verify_chain(owner: Owner | None, known: Iterable[Head] = ()) -> Verdict:
    """Check the chain of a corporation (None: of the installation) and name its first fault.

    `known` are heads that were noted elsewhere (each statement carries one): they show a tail that was cut off or made
    anew.
    """
    chain = db.session.scalar(queries.chain_of(owner))
    if chain is None:
        return verify(queries.key_of(owner), (), known)
    with closing(queries.links(db.session, chain.id)) as links:
        return verify(chain.key, links, known)


@contextmanager
def _transaction(session: Session, name: str) -> Iterator[None]:
    """A writing transaction of its own: what was read before is read anew under the lock."""
    if RUNNING in session.info:
        raise CommandError(f"{name} inside {session.info[RUNNING]}: a command calls no command")
    if session.new or session.deleted or any(map(session.is_modified, session.dirty)):
        raise CommandError(f"{name} begins with unsaved changes")
    session.rollback()
    session.info[RUNNING] = name
    try:
        session.connection(execution_options={"write": True})
        yield
        _end(session)
    except StaleDataError as stale:
        session.rollback()
        raise Stale from stale
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.clear()


def _end(session: Session) -> None:
    look = _rehearsed.get()
    if look is None:
        session.commit()
        return
    session.flush()
    look(session)
    session.rollback()
