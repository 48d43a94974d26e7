"""A form that edits a record: what is wrong stands beside its field, and two people never overwrite each other.

The form carries the version of the row that it was opened beside and what stood in it then. When somebody else saved
meanwhile, `meet` compares three texts of each field (as opened, as typed, as it is now): what was typed stays, what the
other changed is shown, and where both changed the same field the second one chooses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField

from app.rules.errors import RuleError
from app.web.errors import CHOICE, DomainError
from app.web.fields import SelectField
from app.web.sentences import sentence

THEIRS = "theirs"
NOTHING = "—"
LONGEST_VERSION = 9


class Problem(NamedTuple):
    """What is wrong in a field, and whether that is only that it is empty."""

    field_id: str
    label: str
    words: str
    is_empty: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else changed meanwhile, in words; `is_yours` says that it was changed here too."""

    name: str
    label: str
    before: str
    theirs: str
    yours: str
    is_yours: bool


class SeenForm(FlaskForm):  # type: ignore[misc]
    """A form that says which version of the row it was filled in beside."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """0 when there is no row yet, or the form does not say."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_VERSION else 0


class FaultsBesideFields(SeenForm):
    """A form that shows what a command or the rule book refuses beside the field that it is about."""

    # Where a fault stands, by the rule book's name of the column, when that is not the name of the field.
    FIELDS: ClassVar[Mapping[str, str]] = {}
    # Who can see what stands in a field, by its name: of every field that may say something about a person.
    READERS: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        for name, readers in self.READERS.items():
            if name in self._fields:
                self._fields[name].readers = readers

    def show(self, error: DomainError | RuleError) -> None:
        """Show what is wrong beside the field that it is about, or else above the form."""
        name = error.values.get("column", "")
        field = self.field_of(self.FIELDS.get(name, name), error)
        if field is None:
            self.form_errors.append(sentence(error))
        else:
            field.errors = [*field.errors, sentence(error)]

    def field_of(self, name: str, _error: DomainError | RuleError) -> Any:
        """The field that a fault is about; None when it is about no field of this form."""
        return self._fields.get(name)

    def problems(self) -> Iterator[Problem]:
        """Each fault, for the summary above the form."""
        for field in flat(self):
            for error in field.errors:
                yield Problem(field.id, str(field.label.text), str(error), getattr(field, "is_empty", False))


class RecordForm(FaultsBesideFields):
    """The form of a record: of `row`, or of a new one.

    A subclass says in `typed_from` what somebody would have typed to make the row, by the names of its fields.
    """

    # The rule book's sheet that the record is on: a fault of another sheet's record stands above the form.
    SHEET: ClassVar[str | None] = None

    seen = HiddenField()

    def __init__(self, row: Any = None, **options: Any) -> None:
        self.differences: list[Difference] = []
        data: dict[str, Any] = options.pop("data", {})
        self.stand_beside(row)
        if row is not None:
            data = data | self.now | {"version": str(row.row_version), "seen": json.dumps(self.now)}
        super().__init__(data=data, **options)

    def stand_beside(self, row: Any) -> None:
        """Compare from now on with this row, as it is now."""
        self.row = row
        self.now: dict[str, Any] = self.typed_from(row) if row is not None else {}

    @staticmethod
    def typed_from(_row: Any) -> dict[str, Any]:
        """By field its text, True or False of a checkbox, a list of rows: whatever it is, it can be written as JSON."""
        raise NotImplementedError

    def field_of(self, name: str, error: DomainError | RuleError) -> Any:
        sheet = error.values.get("sheet")
        return super().field_of(name, error) if sheet in (None, self.SHEET) else None

    def validate(self, extra_validators: Any = None) -> bool:
        """Look through what was typed, after what was chosen from somebody else's values is put in."""
        for name, theirs in self.now.items():
            if request.form.get(CHOICE + name) == THEIRS:
                _put(self._fields[name], theirs)
        return bool(super().validate(extra_validators))

    def notes(self) -> Iterable[str]:
        """What to look at in a form that is right, though it is no fault: sentences beside the effects."""
        return ()

    def meet(self) -> None:
        """Compare with what somebody else saved meanwhile; from now on the form stands beside the row as it is now."""
        opened, self.now = self._opened(), self.typed_from(self.row)  # it may have changed in this very request
        changed = [name for name, theirs in self.now.items() if opened.get(name) != theirs]
        self.differences = [self._difference(name, opened) for name in changed if not self._says(name, self.now[name])]
        self.version.data, self.seen.data = str(self.row.row_version), json.dumps(self.now)
        if self.differences:
            self.form_errors.append(_("Somebody else changed this meanwhile. Choose below what should stand."))

    @property
    def says_the_same(self) -> bool:
        """Whether the row already is as the form wants it: somebody pressed the button twice."""
        return all(self._says(name, theirs) for name, theirs in self.now.items())

    def words(self, name: str, data: Any) -> str:
        """What a field with these data says to a reader."""
        field = self._fields[name]
        if isinstance(field, BooleanField):
            return str(_("yes") if data else _("no"))
        if isinstance(field, SelectField):
            labels = {str(value): str(label) for value, label, *_rest in field.iter_choices()}
            return labels.get(str(data), NOTHING)
        return str(data or "").strip() or NOTHING

    def _difference(self, name: str, opened: Mapping[str, Any]) -> Difference:
        field, before = self._fields[name], opened.get(name)
        was, theirs, yours = (self.words(name, data) for data in (before, self.now[name], field.data))
        return Difference(name, str(field.label.text), was, theirs, yours, not self._says(name, before))

    def _says(self, name: str, data: Any) -> bool:
        """Whether what stands in the field means the same as these data, however they are written."""
        field = self._fields[name]
        return bool(_meaning(field, field.data) == _meaning(field, data))

    def _opened(self) -> Mapping[str, Any]:
        """What stood in the form when it was opened; nothing when the hidden field was tampered with."""
        try:
            opened = json.loads(self.seen.data or "")
        except (ValueError, RecursionError):
            return {}
        data = opened if isinstance(opened, dict) else {}
        return {name: each for name, each in data.items() if name in self._fields and _fits(self._fields[name], each)}


def flat(fields: Iterable[Any]) -> Iterator[Any]:
    """The fields of a form and of the rows in it."""
    for field in fields:
        if hasattr(field, "entries"):
            yield from flat(row for entry in field.entries for row in entry.form)
        else:
            yield field


def _put(field: Any, data: Any) -> None:
    if hasattr(field, "entries"):
        field.process(None, data)
    else:
        field.data = data


def _fits(field: Any, data: Any) -> bool:
    """Whether data that came back from a browser are of the kind that the field has."""
    if hasattr(field, "entries"):
        return isinstance(data, list) and all(isinstance(row, dict) for row in data)
    return not isinstance(data, list) or all(isinstance(each, str) for each in data)


def _meaning(field: Any, data: Any) -> Any:
    """The value that a field reads from its data; a text as it is when it reads none."""
    if hasattr(field, "entries"):
        return [
            {name: str(text or "").strip() for name, text in row.items()} for row in data or () if any(row.values())
        ]
    if isinstance(data, set | list | tuple):
        return set(data)
    if isinstance(field, BooleanField):
        return bool(data)
    text = str(data or "").strip()
    try:
        return field.parse(text) if text and hasattr(field, "parse") else text
    except (DomainError, RuleError):
        return text
