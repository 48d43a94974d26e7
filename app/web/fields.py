"""Form fields for what people type: the text stays as it was typed, `value` is what it means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField
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

    def fault(self, error: DomainError | RuleError) -> None:
        """Say here what is wrong, when that shows only when all is looked at together."""
        self.errors = [*self.errors, sentence(error)]
