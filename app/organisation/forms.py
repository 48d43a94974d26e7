"""Forms of the administrator: a membership, an invitation, the settings of a corporation, its logo.

Whoever was invited has one too: the form in which they say who they are.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired, Length

from app.accounts.models import Corporation, Language, Logo, Membership, Role
from app.accounts.names import LONGEST_NAME, tidy_name
from app.accounts.passwords import LONGEST, SHORTEST
from app.accounts.service import tidy_email
from app.accounts.words import LANGUAGES, ROLES
from app.organisation import colours
from app.organisation.logos import MOST_BYTES, read_logo
from app.organisation.queries import supplier_options
from app.schemes.queries import policies_of, tables_of
from app.schemes.wording import name_of_version
from app.web import formats, parsing
from app.web.errors import Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields, RecordForm
from app.web.sentences import sentence
from app.web.words import in_reader_language

LONGEST_EMAIL, LONGEST_CITY, LONGEST_COLOUR = 254, 100, 7


def _roles() -> list[SelectChoice]:
    return choices_of({role: str(words).capitalize() for role, words in ROLES.items()})


def _name() -> Typed:
    return Typed(_l("Name"), tidy_name, needed=True, longest=LONGEST_NAME)


def _language(label: Any) -> SelectField:
    return SelectField(label, choices=choices_of(LANGUAGES), default=Language.DUTCH.value, needed=True)


def _role() -> SelectField:
    return SelectField(_l("Role"), choices=_roles, default=Role.PROJECT_LEADER.value, needed=True)


def _supplier() -> SelectField:
    return SelectField(_l("Supplier"), description=_l("Whose contracts this person works on."))


def _last_day() -> Typed:
    return Typed(
        _l("Last day"),
        parsing.day,
        description=_l("For example 31-12-2027. An auditor or assessor needs one; of others it may stay empty."),
    )


class _Granting:
    """What a form with a role, a supplier and a last day says about a membership."""

    role: Any
    supplier: Any
    ends_on: Any

    def offer_suppliers(self, corporation: Corporation) -> None:
        self.supplier.choices = choices_of(dict(supplier_options(corporation)), _("Choose a supplier"))

    @property
    def granted(self) -> dict[str, Any]:
        """The role, the supplier and the last day, as the commands take them."""
        role = Role(self.role.data)
        chosen = self.supplier.data if role is Role.SUPPLIER else None
        return {"role": role, "supplier_id": int(chosen) if chosen else None, "ends_on": self.ends_on.value}


class InviteForm(_Granting, FaultsBesideFields):
    """Somebody new."""

    email = Typed(_l("E-mail address"), tidy_email, needed=True, longest=LONGEST_EMAIL)
    name = _name()
    role = _role()
    supplier = _supplier()
    ends_on = _last_day()
    language = _language(_l("Language"))

    def __init__(self, corporation: Corporation) -> None:
        super().__init__(data={"language": corporation.language.value})
        self.offer_suppliers(corporation)


class MembershipForm(_Granting, RecordForm):
    """What somebody is in a corporation."""

    role = _role()
    supplier = _supplier()
    ends_on = _last_day()

    def __init__(self, row: Membership) -> None:
        super().__init__(row=row)
        self.offer_suppliers(row.corporation)

    @staticmethod
    def typed_from(row: Membership) -> dict[str, Any]:
        return {
            "role": row.role.value,
            "supplier": str(row.supplier_id or ""),
            "ends_on": formats.day_typed(row.ends_on),
        }


class SettingsForm(RecordForm):
    """How a corporation is called and looks, and what its new contracts begin with."""

    name = _name()
    city = Typed(_l("City"), partial(parsing.text, longest=LONGEST_CITY), longest=LONGEST_CITY)
    language = _language(_l("Language of new people and papers"))
    accent = Typed(
        _l("Accent colour"),
        colours.colour,
        longest=LONGEST_COLOUR,
        description=_l("On pages and papers, like #0b5a66. Left empty it is the colour of the product."),
    )
    rate_table = SelectField(_l("Rate table"), description=_l("New contracts begin with it."))
    policy = SelectField(_l("Policy"), description=_l("What a PSO certificate of the supplier exempts."))

    def __init__(self, row: Corporation, *, as_is: bool = False) -> None:
        """`as_is`: as the corporation stands, when what is sent is about something else on the page."""
        super().__init__(row=row, **{"formdata": None} if as_is else {})
        tables = {str(each.id): name_of_version(each) for each in tables_of(row).values()}
        policies = {
            str(each.id): in_reader_language({"nl": each.name_nl, "en": each.name_en})
            for each in policies_of(row).values()
        }
        for field, names in ((self.rate_table, tables), (self.policy, policies)):
            field.choices = choices_of(names, _("Each contract chooses"))

    @staticmethod
    def typed_from(row: Corporation) -> dict[str, Any]:
        return {
            "name": row.name,
            "city": row.city or "",
            "language": row.language.value,
            "accent": row.accent or "",
            "rate_table": str(row.default_rate_table_id or ""),
            "policy": str(row.default_policy_id or ""),
        }

    @property
    def settings(self) -> dict[str, Any]:
        """As the command takes them."""
        return {
            "name": self.name.value,
            "city": self.city.value,
            "language": Language(self.language.data),
            "accent": self.accent.value,
            "rate_table_id": int(self.rate_table.data) if self.rate_table.data else None,
            "policy_id": int(self.policy.data) if self.policy.data else None,
        }


class LogoForm(FaultsBesideFields):
    """The picture beside the product's mark."""

    logo = FileField(_l("Logo"), [FileRequired(_l("Choose a file."))])
    picture: Logo | None = None

    def validate_logo(self, field: FileField) -> None:
        try:
            self.picture = read_logo(field.data.read(MOST_BYTES + 1))
        except Invalid as error:
            raise ValidationError(sentence(error)) from None


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """Who was invited says who they are, and chooses a password."""

    name = _name()
    password = PasswordField(
        _l("Password"),
        [
            InputRequired(_l("Fill this in.")),
            Length(SHORTEST, LONGEST, _l("A password has at least %(min)d characters, and at most %(max)d.")),
        ],
    )
    again = PasswordField(
        _l("Password, once more"),
        [InputRequired(_l("Fill this in.")), EqualTo("password", _l("This is not the same as the password."))],
    )
    language = _language(_l("Language"))
