"""The ground under every model: the declarative base, the column types that SQLite lacks, and how an engine is set up.

One code path serves SQLite and PostgreSQL. A model says what it means (`UtcDateTime`, `DecimalText`, `checked`) and
both databases keep it exactly; what SQLite needs beyond that (foreign keys, real transactions, a safe journal) is set
here on each connection.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, Enum, MetaData, Numeric, event
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine

# Every constraint has a name, so that a migration and a message can speak of it.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# A binary fraction gives back every decimal of at most this many digits (IEEE 754, 53 bits).
EXACT_DIGITS = 15
# Wide enough for any value of ours, so that a new member of an enumeration changes the CHECK and not the column.
CHECKED_LENGTH = 32
BUSY_MILLISECONDS = 5000
# Below this version several connections in WAL mode can corrupt a database (the WAL-reset fault).
SAFE_WAL = (3, 51, 3)


class Base(DeclarativeBase):
    """The base of all models; its metadata is what migrations are compared with."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware (UTC) out. A naive datetime is a mistake of the program and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs a time zone: {value!r}")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DecimalText(TypeDecorator[Decimal]):
    """A number that means its decimal text: `DecimalText(7, 4)` keeps 28.8 as 28.8000 and never as 28.800000000000001.

    The column is NUMERIC on both databases, so that a CHECK (`percentage BETWEEN 0 AND 100`), an index and ORDER BY
    compare numbers. PostgreSQL keeps decimals itself. SQLite keeps a binary fraction, which gives back every decimal of
    at most 15 digits: hence the limit on precision, and the writing out to `scale` decimals on the way back. (Text
    would sort "100" before "28.8" and fail the CHECK; scaled integers would need other bounds on each database.) A
    float, or more decimals than the column has, is refused.
    """

    impl = Numeric
    cache_ok = True

    def __init__(self, precision: int, scale: int) -> None:
        if not 0 <= scale <= precision <= EXACT_DIGITS:
            raise ValueError(f"a decimal has at most {EXACT_DIGITS} digits: ({precision}, {scale})")
        super().__init__(precision, scale)
        self.precision = precision
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Numeric(self.precision, self.scale, asdecimal=False))
        return dialect.type_descriptor(Numeric(self.precision, self.scale))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise TypeError(f"a decimal is needed, not {value!r}")
        exact = self._written_out(value)
        if exact != value or len(exact.as_tuple().digits) > self.precision:
            raise ValueError(f"{value} does not fit in {self.precision} digits with {self.scale} decimals")
        return exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else self._written_out(value)

    def _written_out(self, value: Decimal | float) -> Decimal:
        return Decimal(format(value, f".{self.scale}f"))


def checked(enumeration: type[StrEnum], *, name: str | None = None) -> Enum:
    """A column for `enumeration`: its values as text, with a CHECK named after it (or `name`) that admits no others.

    A table with two columns of one enumeration names the second: `mapped_column(checked(Level, name="level_before"))`.
    """
    return Enum(
        enumeration,
        name=name or _snake_case(enumeration.__name__),
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=CHECKED_LENGTH,
        values_callable=lambda members: [member.value for member in members],
    )


def set_up(engine: Engine) -> None:
    """Prepare an engine: on SQLite foreign keys, a wait for locks, a safe journal, and real transactions.

    A transaction that will write takes the write lock at its beginning when its connection has the execution option
    `write=True` (`session.connection(execution_options={"write": True})` as the first act of the transaction); others
    only read.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)


def _on_connect(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    # None: the driver begins no transaction of its own; ours (below) are the only ones and cover DDL and SELECT too.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute(f"PRAGMA journal_mode={'WAL' if sqlite3.sqlite_version_info >= SAFE_WAL else 'DELETE'}")
    connection.execute("PRAGMA synchronous=FULL")


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
