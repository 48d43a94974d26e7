"""Form fields for what people type and choose: a text stays as it was typed, `value` is what it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField as AnySelectField
from wtforms import StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import TextArea

from app.rules.errors import RuleError
from app.web.errors import DomainError
from app.web.sentences import sentence


class Typed(StringField):  # type: ignore[misc]
    """A field of which `parse` reads the value, as those of app/web/parsing.py do; what it refuses becomes a sentence.

    Left empty its value is `empty`; a field that is `needed` then says so.
    """

    errors: Any = ()

    def __init__(
        self,
        label: Any,
        parse: Callable[[str], Any],
        *,
        empty: Any = None,
        needed: bool = False,
        longest: int = 100,
        lines: int = 1,
        **options: Any,
    ) -> None:
        if lines > 1:
            options["widget"] = TextArea()
        super().__init__(label, **options)
        self.parse, self.empty, self.needed, self.longest, self.lines = parse, empty, needed, longest, lines
        self.value: Any = empty

    @property
    def is_empty(self) -> bool:
        return not (self.data or "").strip()

    def pre_validate(self, form: Any) -> None:
        """Errors: StopValidation with the sentence about what was typed."""
        self.value = self.empty
        if self.is_empty:
            if self.needed:
                raise StopValidation(_("Fill this in."))
            return
        try:
            self.value = self.parse(self.data)
        except (DomainError, RuleError) as error:
            raise StopValidation(sentence(error)) from None


UNKNOWN_CHOICE = _l("Choose one of the possibilities.")


class SelectField(AnySelectField):  # type: ignore[misc]
    """A list to choose from in which "" is no choice; one that is `needed` does not take that."""

    errors: Any = ()

    def __init__(self, label: Any, *, needed: bool = False, **options: Any) -> None:
        super().__init__(label, choices=options.pop("choices", ()), **options)
        self.needed = needed

    @property
    def is_empty(self) -> bool:
        return not self.data

    def pre_validate(self, form: Any) -> None:
        """Errors: StopValidation, when nothing is chosen that should be, or something that is not offered."""
        if self.is_empty:
            if self.needed:
                raise StopValidation(_("Choose one of these."))
            return
        try:
            super().pre_validate(form)
        except ValueError:
            raise StopValidation(str(UNKNOWN_CHOICE)) from None


def choices_of(words: Mapping[Any, Any], none: Any = None) -> list[SelectChoice]:
    """Values with their words as choices, after `none`: what "" is called, where it is one."""
    first = [] if none is None else [SelectChoice("", str(none))]
    return first + [SelectChoice(value, str(each)) for value, each in words.items()]
