"""The forms of a signal (let it rest, close it), of a conversation, and of the mail that somebody wants."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.accounts.readers import SIGNALS
from app.signals.models import Conversation
from app.signals.service import Talk
from app.web import formats, parsing
from app.web.fields import Typed
from app.web.record_form import FaultsBesideFields, RecordForm

LONGEST_NAME, LONGEST_REASON, LONGEST_TEXT = 200, 500, 2000


def text_field(words: Any, longest: int, **options: Any) -> Typed:
    return Typed(words, partial(parsing.text, longest=longest), empty="", longest=longest, **options)


class ButtonForm(FlaskForm):  # type: ignore[misc]
    """Only a button."""


class SnoozeForm(FaultsBesideFields):
    READERS: ClassVar[Mapping[str, Any]] = {"reason": SIGNALS}

    until = Typed(_l("Until"), parsing.day, needed=True)
    reason = text_field(_l("Why can it wait?"), LONGEST_REASON, needed=True, id="rest-reason")


class CloseForm(FaultsBesideFields):
    READERS: ClassVar[Mapping[str, Any]] = {"reason": SIGNALS}

    reason = text_field(_l("Why is it closed?"), LONGEST_REASON, needed=True, id="close-reason")


class ConversationForm(RecordForm):
    """A conversation about a contract."""

    READERS: ClassVar[Mapping[str, Any]] = dict.fromkeys(("with_whom", "about", "action", "by_whom"), SIGNALS)

    held_on = Typed(_l("Day of the conversation"), parsing.day, needed=True)
    with_whom = text_field(
        _l("With whom"),
        LONGEST_NAME,
        needed=True,
        description=_l("A function or a name at work, for example: site manager of Van Asten."),
    )
    about = text_field(
        _l("What was said"), LONGEST_TEXT, lines=4, description=_l("No names of persons who were placed.")
    )
    action = text_field(_l("What is agreed"), LONGEST_REASON, needed=True, lines=2)
    by_whom = text_field(_l("Who does it"), LONGEST_NAME)
    due_on = Typed(_l("By when"), parsing.day, description=_l("After this day it is on the worklist."))

    @staticmethod
    def typed_from(row: Conversation) -> dict[str, Any]:
        return {
            "held_on": formats.day_typed(row.held_on),
            "with_whom": row.with_whom,
            "about": row.about,
            "action": row.action,
            "by_whom": row.by_whom,
            "due_on": formats.day_typed(row.due_on),
        }

    def said(self) -> Talk:
        """What a form that was looked through says."""
        return Talk(
            held_on=self.held_on.value,
            with_whom=self.with_whom.value,
            about=self.about.value,
            action=self.action.value,
            by_whom=self.by_whom.value,
            due_on=self.due_on.value,
        )
