"""A deletion is a decision that asks first, on the page that the template `editing/delete.html` makes."""

from __future__ import annotations

from app.editing.answer import Page
from app.editing.decision import Decision, answer_decision

Deletion = Decision


def answer_deletion(deletion: Deletion) -> Page:
    """Errors: NotFound, when it is not there (any more) for who asks."""
    return answer_decision(deletion)
