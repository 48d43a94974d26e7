"""How every deletion answers: it asks first on a page that says what would happen, or why it cannot be done.

What would happen is found by doing it and undoing it, so the page refuses for the same reasons as the command.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request

from app.editing.answer import Effects, Page
from app.editing.effects import effects_of
from app.rules import RuleError
from app.web.clock import today
from app.web.errors import DomainError, NotFound, status_of
from app.web.record_form import SeenForm
from app.web.sentences import sentence


@dataclass(frozen=True, slots=True)
class Deletion:
    """What is deleted: `row` (it has a `row_version` when people edit it), its name for the reader, and how.

    `delete` gets the version that was seen and runs one command; `done` says that it is done and gives the next
    address; `back` is the address for who thinks better of it. When it is refused, `in_the_way` names (words, address)
    what it is refused for, and `more` how many others there are.
    """

    row: Any
    title: str
    delete: Callable[[int], Any]
    done: Callable[[Any], str]
    back: str
    in_the_way: Sequence[tuple[str, str]] = ()
    more: int = 0

    @property
    def version(self) -> int:
        return getattr(self.row, "row_version", 0)


def answer_deletion(deletion: Deletion) -> Page:
    """Errors: NotFound, when it is not there (any more) for who asks."""
    form = SeenForm()
    if request.method == "POST" and form.validate():
        return _deleted(deletion, form)
    try:
        effects = effects_of(lambda: deletion.delete(deletion.version), today())
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        return _page(deletion, form, None, sentence(error))
    return _page(deletion, form, effects, None)


def _deleted(deletion: Deletion, form: SeenForm) -> Page:
    try:
        return redirect(deletion.done(deletion.delete(form.seen_version)))
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        return _page(deletion, form, None, sentence(error)), status_of(error)


def _page(deletion: Deletion, form: SeenForm, effects: Effects, refusal: str | None) -> str:
    form.version.data = str(deletion.version)
    return render_template(
        "editing/delete.html", deletion=deletion, form=form, effects=effects, refusal=refusal, faults=()
    )
