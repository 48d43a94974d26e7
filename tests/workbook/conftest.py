"""An installation to import into: the shipped schemes, a corporation, a project leader and an administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts.models import Corporation, Role, User
from app.database import Base
from app.extensions import db
from app.workbook.faults import WorkbookRefused
from app.workbook.service import import_workbook
from app.workbook.store import Report
from tests import factories
from tests.workbook.making import Sheets, saved

KVK = "12345678"
LEADER = "leider@example.org"
Load = Callable[..., Report]


@pytest.fixture
def corporation(each_database: Flask) -> Corporation:
    """On each database, inside an application context."""
    return factories.corporation(kvk=KVK, name="De Brug")


@pytest.fixture
def leader(corporation: Corporation) -> User:
    return factories.user(Role.PROJECT_LEADER, of=corporation, email=LEADER)


@pytest.fixture
def load(corporation: Corporation, tmp_path: Path) -> Load:
    """Import sheets, or a file, as the command line or as a user."""

    def loads(
        sheets: Sheets | Path, *, by: Any = "command line", dry_run: bool = False, language: str = "en"
    ) -> Report:
        path = sheets if isinstance(sheets, Path) else saved(tmp_path, sheets, language)
        return import_workbook(path, corporation, by=by, dry_run=dry_run)

    return loads


@pytest.fixture
def lines(load: Load) -> Callable[..., list[str]]:
    """The lines of the faults of a workbook; none when it was imported."""

    def lines_of(sheets: Sheets | Path, **options: Any) -> list[str]:
        try:
            load(sheets, **options)
        except WorkbookRefused as refused:
            return [fault.line for fault in refused.faults]
        return []

    return lines_of


def digest() -> str:
    """A hash of all that is in the database."""
    found = sha256()
    db.session.rollback()
    for table in Base.metadata.sorted_tables:
        rows = sorted(repr(tuple(row)) for row in db.session.execute(table.select()))
        found.update(f"{table.name}{rows}".encode())
    db.session.rollback()
    return found.hexdigest()


@pytest.fixture
def statements(each_database: Flask) -> Iterator[Callable[[], int]]:
    """How many statements the database has been asked so far."""
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield lambda: len(asked)
    event.remove(db.engine, "before_cursor_execute", note)
