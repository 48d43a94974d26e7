"""The forms of evidence: files, what somebody of ours saw, and why something is withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf.file import MultipleFileField
from wtforms import ValidationError

from app.accounts.readers import EVIDENCE
from app.evidence.entries import Look, Sent
from app.evidence.looking import MOST_BYTES
from app.evidence.models import EvidenceKind
from app.evidence.words import LOOKS
from app.web import parsing
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields

LONGEST_NAME, LONGEST_TEXT = 200, 1000
MOST_FILES = 5
ACCEPTED = "application/pdf,image/jpeg,image/png"


class FilesForm(FaultsBesideFields):
    """Files that show something, and in a line what they show."""

    READERS: ClassVar[Mapping[str, Any]] = {"files": EVIDENCE, "description": EVIDENCE}

    files = MultipleFileField(_l("Files"), description=_l("PDF, JPEG or PNG, at most 20 MB each and five at a time."))
    description = Typed(
        _l("What it shows"),
        partial(parsing.text, longest=LONGEST_TEXT),
        empty="",
        longest=LONGEST_TEXT,
        lines=3,
        description=_l("For example: signed agreement with the school, or the invoice of May."),
    )

    def validate_files(self, field: Any) -> None:
        if not field.data:
            raise ValidationError(_("Choose a file."))
        if len(field.data) > MOST_FILES:
            raise ValidationError(
                ngettext("At most %(num)d file at a time.", "At most %(num)d files at a time.", MOST_FILES)
            )

    def sent(self) -> list[Sent]:
        """The files; of one that is too large a byte too many, so that it is refused by its name."""
        return [Sent(each.filename or "", each.stream.read(MOST_BYTES + 1)) for each in self.files.data]


class LookForm(FaultsBesideFields):
    """A site visit or a telephone check."""

    READERS: ClassVar[Mapping[str, Any]] = {"seen_by": EVIDENCE, "description": EVIDENCE}

    kind = SelectField(_l("How was it looked at?"), needed=True, choices=lambda: choices_of(LOOKS, _("Choose one")))
    happened_on = Typed(_l("Day"), parsing.day, needed=True, description=_l("For example 15-5-2026."))
    seen_by = Typed(
        _l("Who looked"),
        partial(parsing.text, longest=LONGEST_NAME),
        needed=True,
        longest=LONGEST_NAME,
        description=_l("Of your own organisation."),
    )
    description = Typed(
        _l("What was seen or said"),
        partial(parsing.text, longest=LONGEST_TEXT),
        needed=True,
        longest=LONGEST_TEXT,
        lines=4,
        description=_l("No names of the people who were placed: use their references."),
    )

    def look(self) -> Look:
        return Look(EvidenceKind(self.kind.data), self.happened_on.value, self.seen_by.value, self.description.value)


class WithdrawForm(FaultsBesideFields):
    READERS: ClassVar[Mapping[str, Any]] = {"reason": EVIDENCE}

    reason = Typed(
        _l("Why is it withdrawn?"),
        partial(parsing.text, longest=LONGEST_TEXT),
        needed=True,
        longest=LONGEST_TEXT,
        lines=2,
    )
