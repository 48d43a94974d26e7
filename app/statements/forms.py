"""The forms of statements: issue one, and check one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField

from app.accounts.limits import asks_draft
from app.accounts.permissions import Permission
from app.accounts.readers import seen_by
from app.accounts.words import LANGUAGES
from app.rules.dates import Period
from app.statements.checking import code_in
from app.statements.codes import is_code
from app.statements.models import Statement
from app.web import parsing
from app.web.clock import today
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields

LONGEST_REASON = 1000


class IssuingForm(FlaskForm):  # type: ignore[misc]
    """In which language a statement is issued; `replaces` has the statements that its reader knows it supersedes."""

    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)
    replaces = HiddenField()

    def knows(self, replaced: Sequence[Statement]) -> bool:
        """Whether the reader was told of these; from now on that is so."""
        told, self.replaces.data = self.replaces.data or "", " ".join(each.number for each in replaced)
        return bool(told == self.replaces.data)


class IssueForm(IssuingForm):
    """As of which day. Of a day to come there is only a draft, for its figures suppose that all goes as planned."""

    on = Typed(_l("As-of date"), parsing.day, needed=True, description=_l("What was done through this day counts."))

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.on.value > today() and not asks_draft():
            self.on.errors = [_l("A statement is issued as of today at the latest. Of a later day look at a draft.")]
            return False
        return True


class YearForm(IssuingForm):
    """Over which year."""

    year = SelectField(_l("Year"), needed=True, description=_l("Of the running year: what was done through today."))

    def __init__(self, years: Sequence[int], **values: Any) -> None:
        super().__init__(**values)
        self.year.choices = [(str(year), str(year)) for year in years]


class ExtractForm(IssuingForm):
    """Of which days."""

    first = Typed(_l("From"), parsing.day, needed=True)
    last = Typed(_l("Through"), parsing.day, needed=True)

    @property
    def days(self) -> Period:
        """The days of a form that is right."""
        return Period(self.first.value, self.last.value)

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.last.value > today():
            self.last.errors = [_l("What the log will say after today is not known.")]
        elif self.last.value < self.first.value:
            self.last.errors = [_l("The last day lies before the first.")]
        return not self.last.errors


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

    code = StringField(
        _l("Code on the statement"),
        description=_l("Sixteen letters and digits in groups of four. The address below the picture will do too."),
    )
    file = FileField(_l("Drop the PDF here, or choose it"), description=_l("It is read and not kept."))

    def has_code(self) -> bool:
        """Whether the code that was filled in can be one; if not, the field says why."""
        code = code_in(self.code.data)
        if is_code(code):
            return True
        if code.isascii() and code.isalnum():
            fault = ngettext(
                "A code has sixteen letters and digits; here stands %(num)d. Look at the paper again.",
                "A code has sixteen letters and digits; here stand %(num)d. Look at the paper again.",
                len(code),
            )
        else:
            fault = _("This is no code: that has sixteen letters and digits, such as 7F3K-2Q9D-5HXN-4MWT.")
        self.code.errors = [fault]
        return False
