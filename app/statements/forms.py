"""The forms of statements: issue one, and check one."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField

from app.accounts.words import LANGUAGES
from app.web import parsing
from app.web.fields import SelectField, Typed, choices_of


class IssueForm(FlaskForm):  # type: ignore[misc]
    """As of which day, and in which language."""

    on = Typed(_l("As-of date"), parsing.day, needed=True, description=_l("What was done through this day counts."))
    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """In which language the same statement is made too."""

    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)


class CheckForm(FlaskForm):  # type: ignore[misc]
    """A code as it stands on the paper, or the PDF itself."""

    code = StringField(_l("Code on the statement"), description=_l("Sixteen characters in groups of four."))
    file = FileField(_l("Or the PDF itself"), description=_l("Nothing of it is kept."))
