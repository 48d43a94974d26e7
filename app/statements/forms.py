"""The forms of statements: issue one, and check one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField

from app.accounts.permissions import Permission
from app.accounts.readers import seen_by
from app.accounts.words import LANGUAGES
from app.rules.dates import Period
from app.web import parsing
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields

LONGEST_REASON = 1000


class IssueForm(FlaskForm):  # type: ignore[misc]
    """As of which day, and in which language."""

    on = Typed(_l("As-of date"), parsing.day, needed=True, description=_l("What was done through this day counts."))
    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)


class YearForm(FlaskForm):  # type: ignore[misc]
    """Over which year, and in which language."""

    year = SelectField(_l("Year"), needed=True, description=_l("Of the running year: what was done through today."))
    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)

    def __init__(self, years: Sequence[int], **values: Any) -> None:
        super().__init__(**values)
        self.year.choices = [(str(year), str(year)) for year in years]


class ExtractForm(FlaskForm):  # type: ignore[misc]
    """Of which days, and in which language."""

    first = Typed(_l("From"), parsing.day, needed=True)
    last = Typed(_l("Through"), parsing.day, needed=True)
    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)

    @property
    def days(self) -> Period:
        """The days of a form that is right."""
        return Period(self.first.value, self.last.value)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.last.value < self.first.value:
            self.last.errors = [_l("The last day lies before the first.")]
            return False
        return True


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """In which language the same statement is made too."""

    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)


class WithdrawForm(FaultsBesideFields):
    """Why a statement is withdrawn."""

    READERS: ClassVar[Mapping[str, Any]] = {"reason": seen_by(Permission.SEE_STATEMENTS)}

    reason = Typed(
        _l("Why?"),
        partial(parsing.text, longest=LONGEST_REASON),
        needed=True,
        longest=LONGEST_REASON,
        lines=3,
        description=_l("It stands in the register. The public page only says that the statement is withdrawn."),
    )


class CheckForm(FlaskForm):  # type: ignore[misc]
    """A code as it stands on the paper, or the PDF itself."""

    code = StringField(_l("Code on the statement"), description=_l("Sixteen characters in groups of four."))
    file = FileField(_l("Or the PDF itself"), description=_l("Nothing of it is kept."))
