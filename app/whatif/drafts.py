"""From a calculation to drafts: who the people are is asked here, and nowhere before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import Form, FormField, HiddenField

from app.accounts.readers import REFERENCES
from app.contributions.entries import Entry
from app.contributions.entry_form import Rows
from app.contributions.forms import LONGEST_REFERENCE
from app.rules.dossier import Placement, Status
from app.web import parsing
from app.web.errors import Invalid
from app.web.fields import Typed
from app.web.record_form import FaultsBesideFields
from app.web.sentences import sentence
from app.whatif.scenario import Scenario


class PersonRow(Form):  # type: ignore[misc]
    """Whom a placement is of."""

    reference = Typed(
        _l("Person reference"),
        partial(parsing.text, longest=LONGEST_REFERENCE),
        needed=True,
        longest=LONGEST_REFERENCE,
    )


class DraftsForm(FaultsBesideFields):
    """A person reference for each placement of a scenario. `key` is the form's own: sent twice it makes them once."""

    key = HiddenField(default=lambda: str(uuid4()))
    persons = Rows(FormField(PersonRow), label=_l("People"))

    def __init__(self, scenario: Scenario) -> None:
        self.entries = [entry for effort in scenario.efforts for entry in effort.entries("-")]
        super().__init__()
        while len(self.persons.entries) < len(self.placements):
            self.persons.append_entry()
        del self.persons.entries[len(self.placements) :]
        for row in self.persons:
            row.form.reference.readers = REFERENCES

    @property
    def placements(self) -> list[Placement]:
        return [entry for entry in self.entries if isinstance(entry, Placement)]

    @property
    def rows(self) -> list[tuple[Placement, PersonRow]]:
        """Each placement with the row that asks for its person."""
        return [(placement, row.form) for placement, row in zip(self.placements, self.persons, strict=True)]

    @property
    def form_key(self) -> UUID | None:
        try:
            return UUID(self.key.data or "")
        except ValueError:
            return None

    def validate(self, extra_validators: Any = None) -> bool:
        """Each of them is another person: that is how it was reckoned."""
        super().validate(extra_validators)
        seen: set[str] = set()
        for _placement, row in self.rows:
            if row.reference.value in seen:
                row.reference.errors = [*row.reference.errors, sentence(Invalid("person_twice"))]
            seen.add(row.reference.value or "")
        return not any(self.problems())

    def entered(self) -> Iterator[Entry]:
        """What a form that was looked through enters; its state and its references are the command's to give."""
        persons = iter([row.reference.value for _placement, row in self.rows])
        for entry in self.entries:
            named = replace(entry, reference="", status=Status.DRAFT)
            yield replace(named, person=next(persons)) if isinstance(named, Placement) else named
