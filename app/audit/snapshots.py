"""What the audit log shows of a row: columns as JSON, child rows within it, never a secret or person's reference.

And the other way: a row as it was, from what the log shows of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.audit.chain import instant_text
from app.database import Base
from app.rules.money import decimal_text

Snapshot = dict[str, Any]
Row = TypeVar("Row", bound=Base)

VERSION_COLUMN = "row_version"
LONGEST_NUMBER = 10
"""Digits of the largest number that a row can have."""


def kind_of(row: Base) -> str:
    """The name of a row's kind in the log: "contract", "rate_table"."""
    return kind_of_model(type(row))


def kind_of_model(model: type[Base]) -> str:
    """The same of a table's class."""
    return model.__name__[0].lower() + "".join(
        f"_{letter.lower()}" if letter.isupper() else letter for letter in model.__name__[1:]
    )


def name_of(row: Base) -> str:
    """How a payload names a row: "contract:12"."""
    return f"{kind_of(row)}:{':'.join(str(part) for part in inspect(row).mapper.primary_key_from_instance(row))}"


def subjects_of(names: Iterable[str]) -> set[tuple[str, int]]:
    """The rows of a payload by kind and number; of a row with several numbers the first, which is its parent's.

    A row that is known by no number (a logo, by its hash) is found under whatever refers to it.
    """
    parts = (name.split(":") for name in names)
    return {(kind, int(number)) for kind, number, *_ in parts if number.isdecimal() and len(number) <= LONGEST_NUMBER}


def snapshot(row: Base) -> Snapshot:
    """The logged columns of a row with their values, and its logged child rows as lists."""
    mapper: Mapper[Any] = inspect(row).mapper
    columns = (each for each in mapper.column_attrs if _is_logged(each.columns[0].info, each.key))
    shown = {each.key: _as_json(getattr(row, each.key)) for each in columns}
    for key in _child_keys(mapper):
        shown[key] = [snapshot(child) for child in getattr(row, key)]
    return shown


def from_snapshot(model: type[Row], shown: Mapping[str, Any]) -> Row:
    """A new row with the values of a snapshot, and its child rows; what the log leaves out gets its default."""
    mapper: Mapper[Row] = inspect(model)
    logged = [each for each in mapper.column_attrs if each.key in shown and each.key != VERSION_COLUMN]
    values = {each.key: _from_json(_meaning(each.columns[0].type), shown[each.key]) for each in logged}
    for key in _child_keys(mapper):
        child = mapper.relationships[key].mapper.class_
        values[key] = [from_snapshot(child, each) for each in shown.get(key, ())]
    return model(**values)


def last_version(row: Base) -> Snapshot:
    """How far a row that goes had come, for who may make it again: no form that was open before it went may save."""
    return {VERSION_COLUMN: version} if (version := getattr(row, VERSION_COLUMN, None)) else {}


def children(row: Base) -> Iterator[Base]:
    """The child rows that are logged as part of `row`."""
    for key in _child_keys(inspect(row).mapper):
        yield from getattr(row, key)


def difference(before: Snapshot, after: Snapshot) -> tuple[Snapshot, Snapshot]:
    """Only what differs, as it was and as it is."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


def _is_logged(info: dict[Any, Any], key: str) -> bool:
    return key != VERSION_COLUMN and bool(info.get("logged", True))


def _child_keys(mapper: Mapper[Any]) -> list[str]:
    return [each.key for each in mapper.relationships if each.info.get("logged")]


def _as_json(value: Any) -> Any:
    match value:
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case Decimal():
            return decimal_text(value)
        case UUID():
            return str(value)
        case _:
            return value


def _meaning(kind: TypeEngine[Any]) -> type[Any]:
    """What a column's values are; our own types stand for what they are made of."""
    return kind.impl_instance.python_type if isinstance(kind, TypeDecorator) else kind.python_type


def _from_json(kind: type[Any], value: Any) -> Any:
    if value is None:
        return None
    if kind in (date, datetime):
        return kind.fromisoformat(value)
    return kind(value) if issubclass(kind, Decimal | UUID | StrEnum) else value
