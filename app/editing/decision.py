"""How every decision that asks first answers: a page says what would happen, or why it cannot be done; then it is done.

What would happen is found by doing it and undoing it, so the page refuses for the same reasons as the command. A button
is pressed about what was seen: when somebody changed the row meanwhile it is refused, and the page shows it as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
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
class Decision:
    """What is decided about: `row` (it has a `row_version` when people edit it), its name for the reader, and how.

    `act` gets the version that was seen and runs one command; `done` says that it is done and gives the next address;
    `back` is the address for who thinks better of it. When it is refused, `in_the_way` names (words, address) what it
    is refused for, and `more` how many others there are. `values` are what the page's template needs besides.
    """

    row: Any
    title: str
    act: Callable[[int], Any]
    done: Callable[[Any], str]
    back: str
    in_the_way: Sequence[tuple[str, str]] = ()
    more: int = 0
    template: str = "editing/delete.html"
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        return getattr(self.row, "row_version", 0)


def answer_decision(decision: Decision) -> Page:
    """Errors: NotFound, when it is not there (any more) for who asks."""
    form = SeenForm()
    if request.method == "POST" and form.validate():
        return _decided(decision, form)
    try:
        effects = effects_of(lambda: decision.act(decision.version), today())
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        return _page(decision, form, None, sentence(error))
    return _page(decision, form, effects, None)


def _decided(decision: Decision, form: SeenForm) -> Page:
    try:
        return redirect(decision.done(decision.act(form.seen_version)))
    except NotFound:
        raise
    except (DomainError, RuleError) as error:
        return _page(decision, form, None, sentence(error)), status_of(error)


def _page(decision: Decision, form: SeenForm, effects: Effects, refusal: str | None) -> str:
    form.version.data = str(decision.version)
    shown = {"form": form, "effects": effects, "refusal": refusal, "faults": ()}
    return render_template(decision.template, decision=decision, **shown, **decision.values)
