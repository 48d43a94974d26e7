"""How every form of a record answers: opened, reckoned, refused, met by somebody else's change, or saved.

One address serves it all. A GET opens the form. A POST with the button "Calculate" shows what saving would do; so does
the live preview of the page's script, which gets the piece of the page alone. Any other POST saves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from app.editing.effects import Effect, effects_of
from app.rules import RuleError
from app.web.clock import today
from app.web.errors import REFUSED, DomainError, NotFound, Stale, status_of
from app.web.record_form import RecordForm

CALCULATE = "calculate"
Page = Response | str | tuple[str, int]
Effects = Sequence[Effect] | None


@dataclass(frozen=True, slots=True)
class Editing:
    """A form, the command that saves what it says, and where to go then.

    `save` reads the form and runs one command; it also runs in a rehearsal, so it does nothing but that. `done` gets
    what `save` gave (or the row, when somebody pressed twice), says so and gives the next address. `page` renders
    everything, with the effects when there are any. `preview` is the piece of the page that the live preview renders.
    """

    form: RecordForm
    save: Callable[[], Any]
    done: Callable[[Any], str]
    page: Callable[[Effects], str]
    preview: str = "editing/effects.html"


def answer(editing: Editing) -> Page:
    """Errors: NotFound, when what is edited is not there (any more) for who asks."""
    form = editing.form
    if request.method == "GET":
        return editing.page(None)
    is_right = form.validate()
    if request.headers.get("X-Requested-With") == "preview":
        effects = reckoned(editing) if is_right else None
        unclear = [problem for problem in form.problems() if not problem.is_empty]
        return render_template(editing.preview, form=form, effects=effects, unclear=unclear, faults=form.form_errors)
    if request.form.get("action") == CALCULATE:
        return editing.page(reckoned(editing) if is_right else None)
    return _saved(editing) if is_right else (editing.page(None), REFUSED)


def reckoned(editing: Editing) -> Effects:
    """What saving would do; None, with the reason beside the field, when it would be refused. Errors: NotFound."""
    try:
        return effects_of(editing.save, today())
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        editing.form.show(error)
        return None


def _saved(editing: Editing) -> Page:
    form = editing.form
    try:
        return redirect(editing.done(_save(editing)))
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        if not form.differences:
            form.show(error)
        return editing.page(None), status_of(error)


def _save(editing: Editing) -> Any:
    """Save; what somebody else changed meanwhile matters only where it says something else. Errors: Stale."""
    form = editing.form
    try:
        return editing.save()
    except Stale:
        form.meet()
        if form.says_the_same:
            return form.row
        if form.differences:
            raise
        return editing.save()
