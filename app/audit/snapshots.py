"""What the audit log shows of a row: columns as JSON, child rows within it, never a secret or person's reference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper

from app.audit.chain import instant_text
from app.database import Base
from app.rules.money import decimal_text

Snapshot = dict[str, Any]

VERSION_COLUMN = "row_version"


def kind_of(row: Base) -> str:
    """The name of a row's kind in the log: "contract", "rate_table"."""
    return type(row).__name__[0].lower() + "".join(
        f"_{letter.lower()}" if letter.isupper() else letter for letter in type(row).__name__[1:]
    )


def name_of(row: Base) -> str:
    """How a payload names a row: "contract:12"."""
    return f"{kind_of(row)}:{':'.join(str(part) for part in inspect(row).mapper.primary_key_from_instance(row))}"


def snapshot(row: Base) -> Snapshot:
    """The logged columns of a row with their values, and its logged child rows as lists."""
    mapper: Mapper[Any] = inspect(row).mapper
    columns = (each for each in mapper.column_attrs if _is_logged(each.columns[0].info, each.key))
    shown = {each.key: _as_json(getattr(row, each.key)) for each in columns}
    for key in _child_keys(mapper):
        shown[key] = [snapshot(child) for child in getattr(row, key)]
    return shown


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
