"""The forms of confirmations: whom to ask, and what the other side says is not right."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.models import Language
from app.accounts.readers import OF_CONTRACT
from app.accounts.service import tidy_email
from app.accounts.words import LANGUAGES
from app.confirmations.entries import Question
from app.confirmations.models import Disputed
from app.confirmations.words import DISPUTED
from app.web import parsing
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields

LONGEST_NAME, LONGEST_EMAIL, LONGEST_TEXT = 200, 254, 1000


class AskForm(FaultsBesideFields):
    """Whom to ask."""

    READERS: ClassVar[Mapping[str, Any]] = {"organisation": OF_CONTRACT, "email": OF_CONTRACT}

    organisation = Typed(
        _l("Organisation"),
        partial(parsing.text, longest=LONGEST_NAME),
        needed=True,
        longest=LONGEST_NAME,
        description=_l("The school, sheltered-work company, agency or subcontractor. Not a person."),
    )
    email = Typed(
        _l("E-mail address"),
        tidy_email,
        needed=True,
        longest=LONGEST_EMAIL,
        description=_l("Of somebody there who can know whether it is right."),
    )
    language = SelectField(_l("Language of the mail and the page"), needed=True, choices=lambda: choices_of(LANGUAGES))

    def question(self) -> Question:
        return Question(self.organisation.value, self.email.value, Language(self.language.data))


class DisagreeForm(FaultsBesideFields):
    """What is not right."""

    READERS: ClassVar[Mapping[str, Any]] = {"reason": OF_CONTRACT}

    disputed = SelectField(_l("What is not right?"), needed=True, choices=lambda: choices_of(DISPUTED, _("Choose one")))
    reason = Typed(
        _l("How is it, as far as you know?"),
        partial(parsing.text, longest=LONGEST_TEXT),
        needed=True,
        longest=LONGEST_TEXT,
        lines=4,
        description=_l("No names of persons."),
    )

    @property
    def what(self) -> Disputed:
        return Disputed(self.disputed.data)
