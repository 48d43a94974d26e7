"""The message after a deletion, with the button that undoes it."""

from __future__ import annotations

from typing import Any

from flask import flash

UNDO = "undo"
"""The category of the message; templates/base.html draws it with its button."""


def flash_deleted(words: str, record_id: int) -> None:
    """Say on the next page that something is deleted; `record_id` is that of the audit record, which undo goes by."""
    message: Any = (words, record_id)  # what the cookie keeps may be any JSON
    flash(message, UNDO)
