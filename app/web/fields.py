"""Form fields for what people type and choose: a text stays as it was typed, `value` is what it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField as AnySelectField
from wtforms import StringField
from wtforms.validators import StopValidation
from wtforms.widgets import TextArea

from app.rules.errors import RuleError
from app.web.errors import DomainError
from app.web.sentences import sentence

UNKNOWN_CHOICE = _l("Choose one of the possibilities.")


class SelectField(AnySelectField):  # type: ignore[misc]
    """WTForms' own, which says what to do about a choice that it does not know."""

    def pre_validate(self, form: Any) -> None:
        """Errors: StopValidation with the sentence."""
        try:
            super().pre_validate(form)
        except ValueError:
            raise StopValidation(str(UNKNOWN_CHOICE)) from None


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


class Chosen(SelectField):
    """A list to choose from in which "" is no choice; one that is `needed` does not take that."""

    errors: Any = ()

    def __init__(self, label: Any, *, needed: bool = False, **options: Any) -> None:
        super().__init__(label, choices=options.pop("choices", ()), **options)
        self.needed = needed
        self.type = "SelectField"  # it is drawn as one

    @property
    def is_empty(self) -> bool:
        return not self.data

    def pre_validate(self, form: Any) -> None:
        """Errors: StopValidation, when nothing is chosen that should be, or something that is not offered."""
        if self.data:
            super().pre_validate(form)
        elif self.needed:
            raise StopValidation(_("Choose one of these."))
