"""Refusals that a constraint cannot say: rows that never change, rows that nobody deletes.

Each is declared beside its table and is the same sentence on SQLite and on PostgreSQL; the database answers with an
integrity error. The migrations remake all of them after each run, because rebuilding a table on SQLite drops its
triggers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationStep
from sqlalchemy import Connection, Inspector, MetaData, Table, event, inspect, text

Revision = str | list[str] | tuple[str, ...]
Upgrade = Callable[[Revision, MigrationContext], Iterable[MigrationStep]]

FUNCTION = "refuse_write"

MAKE_FUNCTION = f"""\
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END
$$"""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a table refuses: an UPDATE (of some columns or all) or a DELETE, when `condition` on OLD and NEW holds."""

    table: str
    event: str
    sentence: str
    columns: tuple[str, ...] = ()
    condition: str | None = None

    @property
    def name(self) -> str:
        return f"refuse_{self.event.lower()}_{self.table}"

    def statements(self, dialect: str) -> list[str]:
        """The SQL that makes it on `dialect`."""
        return self._on_postgresql() if dialect == "postgresql" else [self._on_sqlite()]

    @property
    def _head(self) -> str:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        of = f" OF {columns}" if columns else ""
        return f"CREATE TRIGGER {self.name} BEFORE {self.event}{of} ON {self.table} FOR EACH ROW"

    @property
    def _when(self) -> str:
        return f" WHEN ({self.condition})" if self.condition else ""

    def _on_sqlite(self) -> str:
        return f"{self._head}{self._when} BEGIN SELECT RAISE(ABORT, '{self.sentence}'); END"

    def _on_postgresql(self) -> list[str]:
        call = f"EXECUTE FUNCTION {FUNCTION}('{self.sentence}')"
        made = [f"{self._head}{self._when} {call}"]
        if self.event == "DELETE":  # emptying a table at once passes by the triggers of its rows
            made.append(f"CREATE TRIGGER refuse_truncate_{self.table} BEFORE TRUNCATE ON {self.table} {call}")
        return made


def refuse(table: Any, *events: str, because: str, columns: tuple[str, ...] = (), when: str | None = None) -> None:
    """Let `table` refuse UPDATE and/or DELETE; `because` is the sentence of the error (no quotes in it)."""
    assert isinstance(table, Table)
    if "refusals" not in table.info:
        event.listen(table, "after_create", _make_with_table)
    known: list[Refusal] = table.info.setdefault("refusals", [])
    known.extend(Refusal(table.name, each, because, columns if each == "UPDATE" else (), when) for each in events)


def refusals(metadata: MetaData) -> Iterator[Refusal]:
    """All refusals of the models, in the order of their tables."""
    for table in metadata.sorted_tables:
        yield from table.info.get("refusals", [])


def make_triggers(connection: Connection, metadata: MetaData) -> None:
    """Make the triggers of all tables that exist, on those of their columns that exist: older revisions have fewer."""
    there = inspect(connection)
    tables = set(there.get_table_names())
    _make(connection, [_on_its_columns(each, there) for each in refusals(metadata) if each.table in tables])


def drop_triggers(connection: Connection) -> None:
    """Drop every trigger that this module made, so that a migration may change what they protect."""
    for name, table in _made_triggers(connection):
        on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
        connection.execute(text(f"DROP TRIGGER {name}{on}"))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"DROP FUNCTION IF EXISTS {FUNCTION}()"))


def remaking_triggers(fn: Upgrade, metadata: MetaData) -> Upgrade:
    """The migration `fn`, with triggers dropped before its first step and made after its last, in its transaction."""

    def steps(revision: Revision, context: MigrationContext) -> Iterable[MigrationStep]:
        connection = context.connection
        assert connection is not None
        drop_triggers(connection)
        yield from fn(revision, context)
        make_triggers(connection, metadata)

    return steps


def _on_its_columns(refusal: Refusal, there: Inspector) -> Refusal:
    if not refusal.columns:
        return refusal
    known = {column["name"] for column in there.get_columns(refusal.table)}
    return replace(refusal, columns=tuple(column for column in refusal.columns if column in known))


def _make_with_table(table: Table, connection: Connection, **_: Any) -> None:
    _make(connection, table.info["refusals"])


def _make(connection: Connection, wanted: list[Refusal]) -> None:
    if wanted and connection.dialect.name == "postgresql":
        connection.execute(text(MAKE_FUNCTION))
    for each in wanted:
        for statement in each.statements(connection.dialect.name):
            connection.execute(text(statement))


def _made_triggers(connection: Connection) -> list[tuple[str, str]]:
    found = (
        "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
        if connection.dialect.name == "postgresql"
        else "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    )
    return [(name, table) for name, table in connection.execute(text(found)) if name.startswith("refuse_")]
