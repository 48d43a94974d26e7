"""What the forms of a placement and of an activity share: what was typed stays, and the rule book finds the faults.

Each fault stands beside the field that it is about, and once more above the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, HiddenField
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from app.contributions.entries import Entry, entry_faults
from app.rules import RuleError
from app.rules.faults import MOST_HOURS_A_WEEK
from app.rules.tables import Block, Per, RateTable
from app.web import parsing
from app.web.errors import DomainError, Invalid
from app.web.fields import UNKNOWN_CHOICE, Typed
from app.web.record_form import NOTHING, RecordForm
from app.web.words import label

YES, NO = "yes", "no"
ROW = re.compile("-[0-9]{1,3}-")


def with_labels(error: DomainError | RuleError, labels: Mapping[str, str]) -> DomainError | RuleError:
    """A fault that names blocks as the reader knows them, not by their codes."""
    named: dict[str, Any] = {
        name: labels.get(error.values[name], error.values[name]) for name in ("block", "bonus") if name in error.values
    }
    if "allowed" in error.values:
        named["allowed"] = ", ".join(labels.get(code, code) for code in error.values["allowed"].split(", "))
    return RuleError(error.code, **(error.values | named))


def key_in(typed: str | None) -> UUID | None:
    """The key that a form was sent with; None when it is none."""
    try:
        return UUID(typed or "")
    except ValueError:
        return None


class Claims(Field):  # type: ignore[misc]
    """Questions with yes or no, one for each bonus: the answers stand under `<name>-<code of the bonus>`."""

    data: Any = ()
    errors: Any = ()
    is_clear = True

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        super().process(None, data)
        self.data = set(self.data or ())
        if formdata:
            answers = {key: formdata.get(key) for key in formdata if f"{key}-".startswith(f"{self.name}-")}
            self.data = {key.removeprefix(f"{self.name}-") for key, answer in answers.items() if answer == YES}
            self.is_clear = self.name not in answers and set(answers.values()) <= {YES, NO}

    def pre_validate(self, form: Any) -> None:
        """Errors: StopValidation for an answer that is neither."""
        if not self.is_clear:
            raise StopValidation(str(UNKNOWN_CHOICE))


def hours_a_week(typed: str) -> Decimal:
    """Errors: Invalid (`hours_unclear`, `hours_out_of_range`, ...)."""
    hours = parsing.hours(typed)
    if not 0 <= hours <= MOST_HOURS_A_WEEK:
        raise Invalid("hours_out_of_range", hours=hours, most=MOST_HOURS_A_WEEK)
    return hours


class Rows(FieldList):  # type: ignore[misc]
    """Rows of a form. Names that no form of ours has, "changes-²-hours", count as nothing."""

    entries: Any

    def _extract_indices(self, prefix: str, formdata: Any) -> Any:
        return super()._extract_indices(prefix, [name for name in formdata if ROW.match(name.removeprefix(prefix))])

    def leave_out(self, name: str) -> None:
        """Without the row of that name; those after it move up."""
        self.entries = [entry for entry in self.entries if entry.name != name]
        self._compact_indices()


class ChangeForm(Form):  # type: ignore[misc]
    """Other hours a week from a day on; a row that is left empty changes nothing."""

    from_day = Typed(_l("From"), parsing.day)
    hours = Typed(_l("Hours a week"), hours_a_week)

    @property
    def is_empty(self) -> bool:
        return bool(self.from_day.is_empty and self.hours.is_empty)

    def validate(self, extra_validators: Any = None) -> bool:
        self.from_day.needed = self.hours.needed = not self.is_empty
        return bool(super().validate(extra_validators))


class EntryForm(RecordForm):
    """What a placement and an activity share. `key` is the form's own: sent twice it makes one contribution."""

    # Without these it can be reckoned all the same.
    CHANGES_NO_FIGURE: ClassVar[frozenset[str]] = frozenset()

    key = HiddenField(default=lambda: str(uuid4()))
    block = Typed(_l("Building block"), str, needed=True)

    def __init__(self, table: RateTable, row: Any = None, **options: Any) -> None:
        self.table = table
        super().__init__(row, **options)

    @property
    def form_key(self) -> UUID | None:
        return key_in(self.key.data)

    @property
    def can_be_reckoned(self) -> bool:
        return all(problem.field_id in self.CHANGES_NO_FIGURE for problem in self.problems())

    @property
    def chosen(self) -> Block | None:
        """The block that is chosen, when the table has it."""
        return self.table.blocks.get(self.block.data or "")

    def blocks_by_unit(self) -> Mapping[Per, list[Block]]:
        """The blocks of the table that this form is for, by what they count by."""
        grouped: dict[Per, list[Block]] = {}
        for block in self.table.blocks.values():
            if self.is_for(block):
                grouped.setdefault(block.per, []).append(block)
        return grouped

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.can_be_reckoned:
            for fault in self.faults():
                self.show(fault)
        return not self.form_errors and not any(self.problems())

    def faults(self) -> Iterable[DomainError | RuleError]:
        return entry_faults(self.entered(), self.table)

    def show(self, error: DomainError | RuleError) -> None:
        super().show(with_labels(error, self._labels))

    def words(self, name: str, data: Any) -> str:
        if name == "block":
            return self._labels.get(data, super().words(name, data))
        if name == "bonuses":
            return ", ".join(self._labels.get(code, code) for code in sorted(data or ())) or NOTHING
        if name == "changes":
            return "; ".join(f"{row['from_day']}: {row['hours']}" for row in data or () if any(row.values())) or NOTHING
        return super().words(name, data)

    @property
    def _labels(self) -> Mapping[str, str]:
        return {code: label(block) for code, block in self.table.blocks.items()}

    def is_for(self, block: Block) -> bool:
        raise NotImplementedError

    def entered(self) -> Entry:
        raise NotImplementedError
