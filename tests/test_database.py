"""The ground under the models: the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from app.database import NAMES, DecimalText, UtcDateTime, checked, set_up


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class PaintKind(StrEnum):
    OIL = "oil"


metadata = MetaData(naming_convention=NAMES)
things = Table(
    "things",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("things.id")),
    Column("at", UtcDateTime()),
    Column("percent", DecimalText(7, 4), CheckConstraint("percent BETWEEN 0 AND 100", name="percent")),
    Column("large", DecimalText(15, 4)),
    Column("colour", checked(Colour)),
    Column("second", checked(Colour, name="second")),
    Column("kind", checked(PaintKind)),
)


@pytest.fixture
def engine(engine_url: str) -> Iterator[Engine]:
    made = create_engine(engine_url)
    set_up(made)
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as made:
        yield made


def kept(connection: Connection, **values: Any) -> Any:
    """What comes back of one value that is put in."""
    (name,) = values
    row = connection.execute(insert(things).values(**values)).inserted_primary_key
    assert row is not None
    return connection.scalar(select(things.c[name]).where(things.c.id == row[0]))


@trials(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(number=st.decimals(-(10**11) + 1, 10**11 - 1, places=4))
def test_a_decimal_comes_back_exactly(connection: Connection, number: Decimal) -> None:
    back = kept(connection, large=number)

    assert (back, back.as_tuple().exponent) == (number, -4)


@pytest.mark.parametrize("value", [Decimal("28.80001"), Decimal(1000), Decimal("NaN"), 28.8, "28.8", True])
def test_what_a_decimal_column_cannot_keep_is_refused(connection: Connection, value: object) -> None:
    with pytest.raises((StatementError, ValueError)):
        kept(connection, percent=value)


def test_decimals_are_compared_and_sorted_as_numbers(connection: Connection) -> None:
    for number in ("100", "28.8", "5", "9.5"):
        kept(connection, percent=Decimal(number))
    found = connection.scalars(select(things.c.percent).where(things.c.percent >= Decimal("9.5")).order_by("percent"))

    assert list(found) == [Decimal("9.5"), Decimal("28.8"), Decimal(100)]


def test_shares_add_up_to_exactly_the_whole(connection: Connection) -> None:
    for share in ("33.33", "33.33", "33.34"):
        kept(connection, percent=Decimal(share))

    assert connection.scalar(select(func.sum(things.c.percent, type_=DecimalText(7, 4)))) == Decimal(100)


@pytest.mark.parametrize("percent", ["-0.0001", "100.0001"])
def test_a_check_bounds_decimals(connection: Connection, percent: str) -> None:
    with pytest.raises(IntegrityError, match="ck_things_percent"):
        kept(connection, percent=Decimal(percent))


def test_a_decimal_of_more_digits_than_a_binary_fraction_gives_back_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="15 digits"):
        DecimalText(16, 2)


def test_an_instant_comes_back_in_utc(connection: Connection) -> None:
    here = datetime(2026, 5, 14, 1, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))

    back = kept(connection, at=here)

    assert back == here
    assert back.tzinfo is UTC


def test_an_instant_without_a_time_zone_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="time zone"):
        kept(connection, at=datetime(2026, 5, 14))  # noqa: DTZ001


def test_an_enumeration_comes_back_as_itself(connection: Connection) -> None:
    assert kept(connection, colour=Colour.RED) is Colour.RED
    assert connection.scalar(text("SELECT colour FROM things")) == "red"


@pytest.mark.parametrize(
    ("column", "name"),
    [("colour", "ck_things_colour"), ("second", "ck_things_second"), ("kind", "ck_things_paint_kind")],
)
def test_the_database_itself_refuses_a_value_outside_the_enumeration(
    connection: Connection, column: str, name: str
) -> None:
    with pytest.raises(IntegrityError, match=name):
        connection.execute(text(f"INSERT INTO things ({column}) VALUES ('blue')"))


def test_nothing_is_kept_as_nothing(connection: Connection) -> None:
    assert [kept(connection, **{name: None}) for name in ("at", "percent", "colour")] == [None, None, None]


def test_a_reference_leads_to_a_row(connection: Connection) -> None:
    with pytest.raises(IntegrityError):
        kept(connection, parent_id=999)


def test_a_schema_change_that_is_rolled_back_did_not_happen(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        connection.rollback()

    assert "half" not in inspect(engine).get_table_names()


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'locks.sqlite3'}")
    set_up(made)
    metadata.create_all(made)
    yield made
    made.dispose()


def test_sqlite_keeps_every_commit_through_a_crash(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as connection:
        settings = {name: connection.scalar(text(f"PRAGMA {name}")) for name in ("synchronous", "foreign_keys")}
        journal = connection.scalar(text("PRAGMA journal_mode"))

    assert settings == {"synchronous": 2, "foreign_keys": 1}
    assert journal == ("wal" if sqlite3.sqlite_version_info >= (3, 51, 3) else "delete")


def test_a_transaction_that_will_write_takes_the_lock_at_its_beginning(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as first, sqlite_engine.connect() as second:
        first.execution_options(write=True).execute(select(things))
        second.connection.driver_connection.execute("PRAGMA busy_timeout=1")  # type: ignore[union-attr]
        with pytest.raises(OperationalError, match="locked"):
            second.execution_options(write=True).execute(select(things))


def test_who_only_reads_waits_for_nobody(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as writer, sqlite_engine.connect() as reader:
        writer.execution_options(write=True).execute(insert(things).values(percent=Decimal(1)))
        assert reader.execute(select(things)).all() == []


def test_the_next_user_of_a_pooled_connection_does_not_write_lock(sqlite_engine: Engine) -> None:
    with sqlite_engine.connect() as writer:
        writer.execution_options(write=True).execute(select(things))
    with sqlite_engine.connect() as first, sqlite_engine.connect() as second:
        first.execute(select(things))
        second.execution_options(write=True).execute(insert(things).values(percent=Decimal(1)))
        assert not first.get_execution_options().get("write")
