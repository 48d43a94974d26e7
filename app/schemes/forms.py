"""What the forms of schemes share, and the form that imports the text of one.

Such a form makes the text of a new version. It is shown before it is saved, and what was changed since is shown again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, ClassVar

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField
from wtforms.validators import StopValidation

from app.accounts.models import Corporation
from app.accounts.of_corporation import OfCorporation
from app.rules import RuleError
from app.rules.documents import Document, read_toml
from app.rules.tables import policy_from, rate_table_from
from app.schemes.models import Policy, RateTable
from app.schemes.remarks import Remarks, remarks_of
from app.web.errors import DomainError, Invalid
from app.web.fields import Typed
from app.web.sentences import sentence
from config import MEGABYTE

SAVE = "save"
OF_TABLES = frozenset({"block", "family", "in_force_from"})
OF_POLICIES = frozenset({"applies", "exemption", "settlement"})


class SchemeForm(OfCorporation):
    """A form that makes the text of a version (`text`), read by the rule book (`parsed`), for a corporation.

    What a command refuses without saying of which field stands beside the field that `REFUSED` names.
    """

    REFUSED: ClassVar[str]

    shown = HiddenField()

    def __init__(self, corporations: Sequence[Corporation], *, begins: Mapping[str, Any]) -> None:
        self.text = ""
        self.parsed: Any = None
        super().__init__(corporations=corporations, data=dict(begins))

    @property
    def digest(self) -> str:
        """Of the text that is shown, for the corporation that is chosen."""
        return sha256(f"{self.owner.kvk} {self.text}".encode()).hexdigest()

    @property
    def remarks(self) -> Remarks:
        return remarks_of(self.text)

    def make(self) -> tuple[str, Any]:
        """The text of the version, and what the rule book reads in it. Errors: RuleError, DomainError."""
        raise NotImplementedError

    def parts_are_right(self) -> bool:
        """Look through what is more than fields of this form, and say there what is wrong."""
        return True

    def validate(self, extra_validators: Any = None) -> bool:
        are_right = [super().validate(extra_validators), self.parts_are_right()]
        if not all(are_right):
            return False
        try:
            self.text, self.parsed = self.make()
        except (DomainError, RuleError) as error:
            self.show(error)
            return False
        if request.form.get("action") == SAVE and self.shown.data != self.digest:
            self.form_errors.append(sentence(Invalid("scheme_not_shown")))
        return not self.form_errors

    def show(self, error: DomainError | RuleError) -> None:
        if not error.values.get("column"):
            error = type(error)(error.code, **(error.values | {"column": self.REFUSED}))
        super().show(error)


class ImportForm(SchemeForm):
    """The text of a rate table or of a policy, pasted or from a file; which of the two it is shows in its keys."""

    REFUSED = "toml"

    file = FileField(
        _l("TOML file"), description=_l("At most 1 MB. Its text then stands below, where it can be mended.")
    )
    toml = Typed(
        _l("Or its text"),
        str,
        longest=MEGABYTE,
        lines=18,
        description=_l("In the format of the tables and policies that can be downloaded here."),
    )

    @property
    def kind(self) -> type[RateTable] | type[Policy]:
        return RateTable if OF_TABLES & self.parsed.document.keys() else Policy

    def validate_file(self, field: FileField) -> None:
        """What a file holds takes the place of the text. Errors: StopValidation."""
        if not field.data:
            return
        try:
            self.toml.data = _text_of(field.data)
        except DomainError as error:
            raise StopValidation(sentence(error)) from None

    def make(self) -> tuple[str, Any]:
        text = "\n".join((self.toml.data or "").splitlines()) + "\n"
        if not text.strip():
            raise Invalid("scheme_text_missing")
        return text, read_toml(text, _reader_of)


def _reader_of(document: Document) -> Any:
    """Errors: RuleError (`document_kind_unclear`)."""
    is_table, is_policy = bool(OF_TABLES & document.keys()), bool(OF_POLICIES & document.keys())
    if is_table == is_policy:
        raise RuleError("document_kind_unclear")
    read: Callable[[Document], Any] = rate_table_from if is_table else policy_from
    return read(document)


def _text_of(upload: Any) -> str:
    """Errors: Invalid (`scheme_too_large`, `file_no_text`)."""
    content = upload.read(MEGABYTE + 1)
    if len(content) > MEGABYTE:
        raise Invalid("scheme_too_large")
    try:
        return str(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Invalid("file_no_text", file=upload.filename) from None
