"""By which values rows are named, and whose a value is: by the numbers of `neighbours.py` and texts of one row only."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import Flask
from sqlalchemy import Column, Enum, String, Table, UniqueConstraint, Uuid, select

from app.database import Base
from app.extensions import db
from tests.web.neighbours import MILLION, NEXT_DOOR, OF_THE_HOUSE, THEIRS, Stranger

# What people type that names something, and the column that it is compared with.
TYPED = {
    "kvk": "suppliers.kvk",
    "number": "contracts.number",
    "person": "persons.reference",
    "email": "users.email",
    "code": "policies.code",
    "reference": "contributions.reference",
    "key": "contributions.entry_key",
    "q": "contracts.title",
    "seed": "samples.seed",
}


@dataclass
class Values:
    """The values by which rows are named, by whose they are and by column ("contracts.number")."""

    by_home: dict[int, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def column_of(self, home: int, value: str) -> str | None:
        """The column in which somebody's own things have this value."""
        return self._columns[home].get(value)

    @cached_property
    def _columns(self) -> dict[int, dict[str, str]]:
        return {
            home: {value: column for column, values in columns.items() for value in values}
            for home, columns in self.by_home.items()
        }

    def foreign(self, stranger: Stranger, column: str) -> str | None:
        """A value of the first house that is not the stranger's too; None when there is none."""
        if stranger.home == NEXT_DOOR and column.partition(".")[0] in OF_THE_HOUSE:
            return None
        own = self.by_home[stranger.home][column]
        return next((value for value in self.by_home[THEIRS][column] if value not in own), None)


def values_of(app: Flask) -> Values:
    found = Values()
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            if "id" in table.columns and not table.c.id.foreign_keys:
                for row in db.session.execute(select(*naming_columns(table)).order_by(table.c.id)):
                    for column, value in row._mapping.items():
                        if value is not None:
                            found.by_home[row.id // MILLION][f"{table.name}.{column}"].append(str(value))
    return found


def naming_columns(table: Table) -> list[Column[Any]]:
    """What names a row: its number, and texts of which it has one that is its own."""
    unique = {column for each in table.constraints if isinstance(each, UniqueConstraint) for column in each.columns}
    unique |= {column for each in table.indexes if each.unique for column in each.columns}
    texts = [each for each in table.columns if each in unique or str(each) in TYPED.values()]
    return [table.c.id, *(each for each in texts if is_own_text(each))]


def is_own_text(column: Column[Any]) -> bool:
    is_text = isinstance(column.type, String | Uuid) and not isinstance(column.type, Enum)
    return is_text and not column.foreign_keys


def that_is_not(value: str) -> str:
    """A value of the same form that belongs to nothing."""
    return ("8" if value[0] == "9" else "9") + value[1:]
