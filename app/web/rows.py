"""The row that a SELECT finds. It starts from what somebody may see, so not there and not for them answer alike."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Select

from app.extensions import db
from app.web.errors import NotFound

T = TypeVar("T")


def the_row(wanted: Select[T]) -> T:
    """Errors: NotFound."""
    row = db.session.scalar(wanted)
    if row is None:
        raise NotFound
    return row
