"""What the forms share that copy a version of a scheme to a new one.

A form begins with what the copied version says. Only a field that means something else afterwards changes the text, so
what differs is known by the same comparison that makes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Corporation
from app.rules import RuleError
from app.schemes.copying import LONGEST_CODE, Path, next_code, put
from app.schemes.forms import SchemeForm
from app.schemes.models import Policy, RateTable
from app.schemes.typed import identifier
from app.web.errors import DomainError
from app.web.fields import Typed

OF_TEXT = frozenset({"line", "key", "path"})


@dataclass(frozen=True, slots=True)
class Edit:
    """Where the value of a field stands in the text, and how it is written there."""

    path: Path
    write: Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the copied version."""

    about: str
    what: str
    before: str
    after: str


class CopyForm(SchemeForm):
    """A new version of the scheme `copied`; `was` is what that one says, as somebody would type it."""

    REFUSED = "code"
    FIELDS: ClassVar[Mapping[str, str]] = {}
    EDITS: ClassVar[Mapping[str, Edit]]

    code = Typed(
        _l("Id of the new version"),
        identifier,
        needed=True,
        longest=LONGEST_CODE,
        description=_l("Lower-case letters, digits, points and dashes. A version keeps its id for good."),
    )

    def __init__(
        self, copied: RateTable | Policy, parsed: Any, corporations: Sequence[Corporation], taken: Iterable[str]
    ) -> None:
        self.copied, self.was = copied, self.says(parsed)
        begins: dict[str, Any] = self.was | self.proposed() | {"code": next_code(copied.code, frozenset(taken))}
        if copied.corporation is not None and copied.corporation in corporations:
            begins["corporation"] = copied.corporation.kvk
        super().__init__(corporations, begins=begins)

    @staticmethod
    def says(parsed: Any) -> dict[str, str]:
        """What somebody would have typed to say what a version says, by the names of the fields."""
        raise NotImplementedError

    @property
    def note(self) -> str:
        return str(_("Derived from %(scheme)s", scheme=self.copied.code))

    def proposed(self) -> dict[str, str]:
        """What a new version begins with instead of what the copied one says."""
        return {}

    def show(self, error: DomainError | RuleError) -> None:
        """A fault in the text that was made is one of the field that wrote it."""
        values = {name: value for name, value in error.values.items() if name not in OF_TEXT}
        super().show(type(error)(error.code, **({"column": error.values.get("key")} | values)))

    def changes(self) -> list[Change]:
        """What differs, for who looks before saving."""
        return list(changes_in(self, self.says(self.parsed), _("The version")))


def write_changes(form: Any, table: Any) -> None:
    """Write what differs in a form into the table of the text that it is about."""
    for field in changed(form):
        edit, value = form.EDITS[field.short_name], _value_of(field)
        put(table, edit.path, None if value is None else edit.write(value))


def changes_in(form: Any, now: Mapping[str, str], about: str) -> Iterator[Change]:
    """What differs between the copied version and the new one, in words, by the fields of a form."""
    for name, text in now.items():
        if text != form.was[name]:
            field = form[name]
            yield Change(about, str(field.label.text), _in_words(field, form.was[name]), _in_words(field, text))


def changed(form: Any) -> list[Any]:
    """The fields that mean something else than the copied version says."""
    return [form[name] for name in form.EDITS if name in form.was and _differs(form[name], form.was[name])]


def _differs(field: Any, was: str) -> bool:
    if (field.data or "").strip() == was:
        return False
    return not isinstance(field, Typed) or field.value != _read(field, was)


def _read(field: Typed, text: str) -> Any:
    """What the text of the copied version means; the text itself where nobody could type it here."""
    try:
        return field.parse(text) if text else field.empty
    except (DomainError, RuleError):
        return text


def _in_words(field: Any, data: str) -> str:
    words = {str(value): str(label) for value, label, *_rest in getattr(field, "iter_choices", tuple)()}
    return words.get(data, data).strip() or "—"


def _value_of(field: Any) -> Any:
    return field.value if isinstance(field, Typed) else field.data or None
