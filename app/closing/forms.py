"""The forms at the end of a contract: an excuse, a settlement, and what became of a person."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from app.accounts.permissions import Permission
from app.accounts.readers import OF_CONTRACT, seen_by
from app.closing.models import AfterProject, Became
from app.closing.words import BECAME
from app.contracts.models import Contract
from app.rules import Assessment, Dossier
from app.rules.closing import Outcome, settle
from app.rules.errors import RuleError
from app.web import formats, parsing
from app.web.fields import SelectField, Typed, choices_of
from app.web.reasons import Sentence, labels_of, sentences_of
from app.web.record_form import FaultsBesideFields, RecordForm

LONGEST_TEXT, LONGEST_NOTE = 4000, 1000


def _text(words: Any, longest: int = LONGEST_TEXT, *, lines: int = 4, **options: Any) -> Typed:
    return Typed(words, partial(parsing.text, longest=longest), empty="", longest=longest, lines=lines, **options)


class ExcuseForm(RecordForm):
    """Why the supplier is not to blame for what is short, and what it did to prevent it."""

    READERS: ClassVar[Mapping[str, Any]] = {"reason": OF_CONTRACT, "effort": OF_CONTRACT}

    reason = _text(
        _l("Why is the supplier not to blame?"),
        needed=True,
        description=_l("For example: the work was stopped by the corporation. No names of persons."),
    )
    effort = _text(
        _l("What did the supplier do?"),
        needed=True,
        description=_l("The evidence of effort: vacancies, conversations, candidates. Files go with the contract."),
    )

    @staticmethod
    def typed_from(row: Contract) -> dict[str, Any]:
        return {"reason": row.excused_reason or "", "effort": row.excused_effort or ""}


class SettleForm(RecordForm):
    """The last instalment that a penalty is deducted from; of a contract as it is assessed."""

    READERS: ClassVar[Mapping[str, Any]] = {"note": OF_CONTRACT}

    instalment = Typed(
        _l("Last instalment"),
        parsing.amount,
        description=_l("In euro, excluding VAT, before the deduction. Nothing left to pay: 0."),
    )
    note = _text(_l("Note, if any"), LONGEST_NOTE, lines=3, description=_l("The supplier reads it too."))

    def __init__(self, dossier: Dossier, figures: Assessment, **options: Any) -> None:
        super().__init__(**options)
        self.dossier, self.figures = dossier, figures
        if not self.has_penalty:
            del self.instalment
        else:
            self.instalment.needed = True

    @property
    def has_penalty(self) -> bool:
        return self.figures.closing is not None and self.figures.closing.penalty_cents > 0

    @property
    def instalment_cents(self) -> int | None:
        return self.instalment.value if self.instalment else None

    def outcome(self) -> Outcome | None:
        """What follows from what was typed; None while that is not clear."""
        try:
            return settle(self.dossier, self.figures, self.instalment_cents)
        except RuleError:
            return None

    def explained(self, outcome: Outcome) -> list[Sentence]:
        """Why it comes to that, in sentences."""
        return sentences_of(outcome.steps, labels_of(self.dossier.rate_table))


class WithdrawForm(FaultsBesideFields):
    """Why a settlement is taken back."""

    READERS: ClassVar[Mapping[str, Any]] = {"reason": OF_CONTRACT}

    reason = _text(_l("Why?"), LONGEST_NOTE, needed=True, lines=3, description=_l("The supplier reads it too."))


class AfterForm(RecordForm):
    """What became of a person three months after the project."""

    READERS: ClassVar[Mapping[str, Any]] = {"became": seen_by(Permission.ENTER_CONTRIBUTIONS)}

    became = SelectField(_l("What became of this person?"), choices=lambda: choices_of(BECAME, ""), needed=True)
    asked_on = Typed(_l("Asked on"), parsing.day, needed=True, description=_l("For example 31-12-2027."))

    @staticmethod
    def typed_from(row: AfterProject) -> dict[str, Any]:
        return {"became": row.became.value, "asked_on": formats.day_typed(row.asked_on)}

    @property
    def said(self) -> dict[str, Any]:
        return {"became": Became(self.became.data), "asked_on": self.asked_on.value}
