"""Columns and constraints that several models share, in words that SQLite and PostgreSQL both understand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ColumnElement, Date, Index, String, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler

from app.database import DecimalText
from app.web.errors import Stale

# What the audit log leaves out: secrets, references of persons (they stand in one column only), contents with a hash.
NOT_LOGGED = {"logged": False}
# Child rows that the audit log shows as part of their parent.
LOGGED_WITH_PARENT = {"logged": True}

CENTS = BigInteger()
"""An amount in euro cents; 32 bits would end at 21 million euro."""
PERCENT = DecimalText(7, 4)
"""A percentage; 5.25 is 5.25%."""
HOURS = DecimalText(6, 4)
"""Hours a week."""
QUANTITY = DecimalText(14, 4)
"""Hours or days of an activity."""


def kvk_column(**options: Any) -> Mapped[str]:
    """A KvK number; its table adds the CHECK `digits`."""
    return mapped_column(String(8), **options)


def sha256_column(**options: Any) -> Mapped[str]:
    """A SHA-256 as 64 lower-case hexadecimal digits."""
    return mapped_column(String(64), **options)


def digits(column: str, length: int = 8) -> str:
    """SQL: `column` is exactly `length` digits (what is left after taking off digits at the left is nothing)."""
    return made_of(column, "0123456789", length)


def made_of(column: str, alphabet: str, length: int) -> str:
    """SQL: `column` is exactly `length` characters of `alphabet`."""
    return f"length({column}) = {length} AND ltrim({column}, '{alphabet}') = ''"


def check_period(first: str, last: str) -> CheckConstraint:
    """A CHECK that the day in `last`, when there is one, is not before the one in `first`."""
    return CheckConstraint(f"{last} >= {first}", name=f"{last}_not_before_{first}")


def check_filled(*columns: str) -> list[CheckConstraint]:
    """CHECKs that texts that name something are not empty; a text that is not there passes."""
    return [CheckConstraint(f"{column} <> ''", name=f"{column}_filled") for column in columns]


def unique_where(name: str, condition: str, *columns: str) -> Index:
    """A unique index over the rows for which `condition` holds."""
    where = text(condition)
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


class YearsAfter(ColumnElement[Any]):
    """The same day so many years after the day in a column, in the database's own words."""

    type = Date()
    inherit_cache = True

    def __init__(self, column: str, years: int) -> None:
        self.column = column
        self.years = years


@compiles(YearsAfter)
def _years_after(element: YearsAfter, _compiler: SQLCompiler, **_: Any) -> str:
    return f"{element.column} + interval '{element.years} years'"


@compiles(YearsAfter, "sqlite")
def _years_after_on_sqlite(element: YearsAfter, _compiler: SQLCompiler, **_: Any) -> str:
    return f"date({element.column}, '+{element.years} years')"


class Locked:
    """A row that people edit: a save that saw an older `row_version` is refused, so that none overwrites another's."""

    row_version: Mapped[int] = mapped_column()

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.row_version}

    def expect_version(self, seen: int) -> None:
        """Refuse when the row was changed since somebody saw version `seen`. Errors: `Stale`."""
        if self.row_version != seen:
            raise Stale
