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
from wtforms import BooleanField, PasswordField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired

from app.accounts.forms import good_password
from app.accounts.mandates import Mandate
from app.accounts.models import Corporation, Language, Logo, Membership, Role
from app.accounts.names import LONGEST_NAME, tidy_name
from app.accounts.queries import numbers_of_mandate
from app.accounts.service import tidy_email
from app.accounts.strength import is_required_of_all
from app.accounts.words import LANGUAGES, ROLES
from app.organisation import colours, terms
from app.organisation.logos import MOST_BYTES, read_logo
from app.organisation.queries import supplier_options
from app.organisation.terms import Terms
from app.schemes.queries import policies_of, tables_of
from app.schemes.wording import name_of_version
from app.web import formats, parsing
from app.web.errors import Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields, RecordForm
from app.web.sentences import sentence
from app.web.words import in_reader_language

LONGEST_EMAIL, LONGEST_CITY, LONGEST_COLOUR = 254, 100, 7
PERIODS = {1: _l("each month"), 3: _l("each quarter"), 6: _l("each half year"), 12: _l("each year")}
LONGEST_ORGANISATION, LONGEST_REASON, LONGEST_NUMBERS = 200, 1000, 10_000
ALL, CHOSEN = "all", "chosen"
SCOPES = {ALL: _l("All contracts"), CHOSEN: _l("Only these")}


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


def _organisation() -> Typed:
    tidy = partial(parsing.text, longest=LONGEST_ORGANISATION)
    example = _l("For example the municipality.")
    return Typed(_l("Organisation"), tidy, longest=LONGEST_ORGANISATION, description=example)


def _mandate_reason() -> Typed:
    tidy = partial(parsing.text, longest=LONGEST_REASON)
    return Typed(_l("Why it judges for you"), tidy, longest=LONGEST_REASON, lines=2)


def _scope() -> SelectField:
    return SelectField(_l("On which contracts"), choices=lambda: choices_of(SCOPES), default=ALL)


def _contracts() -> Typed:
    return Typed(
        _l("Numbers of the contracts"),
        numbers_of,
        longest=LONGEST_NUMBERS,
        lines=4,
        empty=(),
        description=_l("One on a line."),
    )


def numbers_of(typed: str) -> tuple[str, ...]:
    """The numbers that stand on the lines of a text, each once. Errors: Invalid `text_too_long`."""
    lines = (parsing.identifier(line, LONGEST_REASON) for line in typed.splitlines())
    return tuple(dict.fromkeys(filter(None, lines)))


class _Granting:
    """What a form with a role, a supplier, a last day and a mandate says about a membership."""

    role: Any
    supplier: Any
    ends_on: Any
    organisation: Any
    mandate_reason: Any
    scope: Any
    contracts: Any

    def offer_suppliers(self, corporation: Corporation) -> None:
        self.supplier.choices = choices_of(dict(supplier_options(corporation)), _("Choose a supplier"))

    @property
    def granted(self) -> dict[str, Any]:
        """The role, the supplier, the last day and the mandate, as the commands take them."""
        role = Role(self.role.data)
        chosen = self.supplier.data if role is Role.SUPPLIER else None
        return {
            "role": role,
            "supplier_id": int(chosen) if chosen else None,
            "ends_on": self.ends_on.value,
            "mandate": self._mandate if role is Role.ASSESSOR else None,
        }

    @property
    def _mandate(self) -> Mandate:
        numbers = self.contracts.value if self.scope.data == CHOSEN else None
        return Mandate(self.organisation.value or "", self.mandate_reason.value or "", numbers)


class InviteForm(_Granting, FaultsBesideFields):
    """Somebody new."""

    email = Typed(_l("E-mail address"), tidy_email, needed=True, longest=LONGEST_EMAIL)
    name = _name()
    role = _role()
    supplier = _supplier()
    ends_on = _last_day()
    organisation = _organisation()
    mandate_reason = _mandate_reason()
    scope = _scope()
    contracts = _contracts()
    language = _language(_l("Language"))

    def __init__(self, corporation: Corporation) -> None:
        super().__init__(data={"language": corporation.language.value})
        self.offer_suppliers(corporation)


class MembershipForm(_Granting, RecordForm):
    """What somebody is in a corporation."""

    role = _role()
    supplier = _supplier()
    ends_on = _last_day()
    organisation = _organisation()
    mandate_reason = _mandate_reason()
    scope = _scope()
    contracts = _contracts()

    def __init__(self, row: Membership) -> None:
        super().__init__(row=row)
        self.offer_suppliers(row.corporation)

    @staticmethod
    def typed_from(row: Membership) -> dict[str, Any]:
        return {
            "role": row.role.value,
            "supplier": str(row.supplier_id or ""),
            "ends_on": formats.day_typed(row.ends_on),
            "organisation": row.organisation or "",
            "mandate_reason": row.mandate_reason or "",
            "scope": CHOSEN if row.is_limited else ALL,
            "contracts": "\n".join(numbers_of_mandate(row)) if row.is_limited else "",
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
    reporting_months = SelectField(
        _l("Suppliers report"),
        choices=lambda: choices_of(PERIODS),
        needed=True,
        description=_l("Contracts may differ."),
    )
    judging_days = Typed(
        _l("Days to judge within"),
        terms.whole_number(1, terms.MOST_JUDGING_DAYS),
        needed=True,
        longest=terms.LONGEST_NUMBER,
        description=_l("What a supplier submitted and waits longer becomes a signal."),
    )
    reminder_days = Typed(
        _l("Days ahead of a reminder"),
        terms.reminder_days,
        needed=True,
        description=_l("When a certificate or placement ends, for example 90, 30, 7."),
    )
    retention_months = Typed(
        _l("Months that persons are kept"),
        terms.whole_number(1, terms.MOST_RETENTION_MONTHS),
        needed=True,
        longest=terms.LONGEST_NUMBER,
        description=_l("After the end of a contract; then references of persons and evidence are erased."),
    )
    requires_second_factor = BooleanField(_l("Everybody here logs in in two steps"))

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
        if is_required_of_all():  # nothing is left to choose
            del self.requires_second_factor

    @staticmethod
    def typed_from(row: Corporation) -> dict[str, Any]:
        return {
            "name": row.name,
            "city": row.city or "",
            "language": row.language.value,
            "accent": row.accent or "",
            "rate_table": str(row.default_rate_table_id or ""),
            "policy": str(row.default_policy_id or ""),
            "reporting_months": str(row.reporting_months),
            "judging_days": str(row.judging_days),
            "reminder_days": ", ".join(str(days) for days in row.reminder_days),
            "retention_months": str(row.retention_months),
        } | ({} if is_required_of_all() else {"requires_second_factor": row.requires_second_factor})

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
            "terms": self._terms,
        }

    @property
    def _terms(self) -> Terms:
        asked = self.requires_second_factor
        return Terms(
            reporting_months=int(self.reporting_months.data),
            judging_days=self.judging_days.value,
            reminder_days=self.reminder_days.value,
            retention_months=self.retention_months.value,
            requires_second_factor=bool(asked.data) if asked else self.row.requires_second_factor,
        )


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
        [InputRequired(_l("Fill this in.")), good_password],
    )
    again = PasswordField(
        _l("Password, once more"),
        [InputRequired(_l("Fill this in.")), EqualTo("password", _l("This is not the same as the password."))],
    )
    language = _language(_l("Language"))
