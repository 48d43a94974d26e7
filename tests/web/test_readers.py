"""Every field in which something about a person may stand says who can see it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask

from app.accounts.permissions import Permission
from app.accounts.readers import REFERENCES, seen_by
from app.web.fields import Typed
from app.web.record_form import FaultsBesideFields
from tests.web.office import Office
from tests.web.reading import words

LONG = 150
"""A field for more characters than a number, a name of a thing or a reference has: somebody may write of people."""
NOT_OF_PEOPLE = {
    ("AmendmentForm", "description"),
    ("CertificateForm", "kvk"),
    ("ContractForm", "title"),
    ("FindingForm", "text"),
    ("ImportForm", "toml"),
    ("InviteForm", "contracts"),
    ("InviteForm", "email"),
    ("InviteForm", "mandate_reason"),
    ("InviteForm", "name"),
    ("InviteForm", "organisation"),
    ("MembershipForm", "contracts"),
    ("MembershipForm", "mandate_reason"),
    ("MembershipForm", "organisation"),
    ("PaperForm", "kvk"),
    ("PolicyCopyForm", "name_en"),
    ("PolicyCopyForm", "name_nl"),
    ("SampleForm", "title"),
    ("SettingsForm", "name"),
    ("SupplierForm", "email"),
    ("SupplierForm", "name"),
    ("TableCopyForm", "name"),
    ("TableCopyForm", "source"),
}
"""Of the work, of a company, of a rate table; of who uses the product at work."""


def all_forms(form: type = FaultsBesideFields) -> Iterator[type[FaultsBesideFields]]:
    for each in form.__subclasses__():
        if each.__module__.startswith("app."):
            yield each
            yield from all_forms(each)


def free_texts(form: type) -> Iterator[str]:
    """The names of its fields in which somebody writes what they like."""
    for name in dir(form):
        field = getattr(form, name)
        made = getattr(field, "field_class", None)
        if isinstance(made, type) and issubclass(made, Typed) and field.kwargs.get("longest", 0) > LONG:
            yield name


def test_every_field_for_free_text_says_who_reads_it(app: Flask) -> None:
    silent = {(form.__name__, name) for form in all_forms() for name in free_texts(form) if name not in form.READERS}

    assert silent == NOT_OF_PEOPLE


def test_the_sentence_follows_from_the_table_of_permissions(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert str(REFERENCES) == "Seen by the supplier, the corporation's project leaders, administrators, auditors."
        assert str(seen_by(Permission.ADMINISTER)) == "Seen by administrators."


def test_it_stands_beside_the_field(office: Office) -> None:
    page = words(office.browser("supplier").get(office.new()).text)

    assert page.count("Seen by the supplier, the corporation's project leaders, administrators, auditors.") == 1
    assert page.count("auditors, assessors.") == 5
