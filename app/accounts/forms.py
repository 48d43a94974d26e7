"""Forms of accounts: log-in, one's own name, language and password."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, StringField, ValidationError
from wtforms.validators import EqualTo, InputRequired

from app.accounts.names import tidy_name
from app.accounts.passwords import expect_good, is_right
from app.accounts.words import LANGUAGES
from app.web.addresses import own_address
from app.web.errors import DomainError
from app.web.fields import SelectField, choices_of
from app.web.sentences import sentence

FIRST_PAGE = "/"
NEEDED = InputRequired(_l("Fill this in."))


class GoesOn(FlaskForm):  # type: ignore[misc]
    """A form that knows where to go afterwards; an address of another site counts as none."""

    next = HiddenField()

    @property
    def next_address(self) -> str:
        return own_address(self.next.data) or FIRST_PAGE


class LoginForm(GoesOn):
    email = EmailField(_l("E-mail address"), [NEEDED])
    password = PasswordField(_l("Password"), [NEEDED])


class LanguageForm(GoesOn):
    language = SelectField(_l("Language"), choices=choices_of(LANGUAGES), needed=True)


class NameForm(FlaskForm):  # type: ignore[misc]
    name = StringField(_l("Name"), [NEEDED])

    def validate_name(self, field: StringField) -> None:
        try:
            tidy_name(field.data)
        except DomainError as error:
            raise ValidationError(sentence(error)) from None


def _new_password(label: Any) -> PasswordField:
    return PasswordField(label, [NEEDED, good_password])


def good_password(_form: FlaskForm, field: PasswordField) -> None:
    """Errors: ValidationError."""
    try:
        expect_good(field.data)
    except DomainError as error:
        raise ValidationError(sentence(error)) from None


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The current password, and the new one twice."""

    current = PasswordField(_l("Current password"), [NEEDED])
    new = _new_password(_l("New password"))
    again = PasswordField(
        _l("New password, once more"), [NEEDED, EqualTo("new", _l("This is not the same as the new password."))]
    )

    def __init__(self, password_hash: str | None, **options: Any) -> None:
        super().__init__(**options)
        self.password_hash = password_hash

    def validate_current(self, field: PasswordField) -> None:
        if not is_right(field.data, self.password_hash):
            raise ValidationError(_l("This is not your current password."))


class ForgotForm(FlaskForm):  # type: ignore[misc]
    """Whose password it is."""

    email = EmailField(_l("E-mail address"), [NEEDED])


class ResetForm(FlaskForm):  # type: ignore[misc]
    """Another password, twice."""

    password = _new_password(_l("New password"))
    again = PasswordField(
        _l("New password, once more"), [NEEDED, EqualTo("password", _l("This is not the same as the new password."))]
    )


class ConfirmForm(GoesOn):
    """One's password once more, before something that matters."""

    password = PasswordField(_l("Password"), [NEEDED])


class CodeForm(GoesOn):
    """The second step of a log-in."""

    code = StringField(_l("Code"), [NEEDED])


class AppForm(FlaskForm):  # type: ignore[misc]
    """The first code of a new app, and the sealed secret that it is shown beside."""

    begun = HiddenField()
    code = StringField(_l("Code of the app"), [NEEDED])


class PasskeyForm(GoesOn):
    """What the browser answered for a passkey."""

    answer = HiddenField()


class PasskeyNameForm(NameForm):
    """What a passkey is called."""


class NewPasskeyForm(NameForm):
    """A new one: its name, and what the browser made."""

    answer = HiddenField()
