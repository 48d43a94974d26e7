"""The forms of a plan's answers, of a report, of how a contract is reported, and of the handover at the award."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from app.accounts.readers import PLANS
from app.planning.models import Handover, ReportingChoice
from app.planning.words import RHYTHMS
from app.rules.dates import Period, period
from app.web import formats, parsing
from app.web.errors import Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields, RecordForm

LONGEST_NAME, LONGEST_NOTE, LONGEST_TEXT = 200, 500, 2000
MOST_PERSONS = 100


def persons(typed: str, least: int = 1) -> int:
    """Errors: Invalid `persons_out_of_range`."""
    tidy = typed.strip()
    number = int(tidy) if tidy.isascii() and tidy.isdigit() and len(tidy) <= len(str(MOST_PERSONS)) else -1
    if not least <= number <= MOST_PERSONS:
        raise Invalid("persons_out_of_range", least=least, most=MOST_PERSONS)
    return number


def text_field(words: Any, longest: int = LONGEST_NAME, **options: Any) -> Typed:
    return Typed(words, partial(parsing.text, longest=longest), empty="", longest=longest, **options)


class AnswerForm(FaultsBesideFields):
    """Propose a plan, take it back, delete a draft, accept a handover: only a button."""


class AgreeForm(AnswerForm):
    READERS: ClassVar[Mapping[str, Any]] = {"note": PLANS}

    note = text_field(
        _l("How did the supplier agree?"), LONGEST_NOTE, description=_l("For example: by letter of 3 March 2026.")
    )


class ReturnForm(AnswerForm):
    READERS: ClassVar[Mapping[str, Any]] = {"reason": PLANS}

    reason = text_field(
        _l("What should be different?"),
        LONGEST_TEXT,
        needed=True,
        lines=3,
        description=_l("Whoever wrote the plan reads this."),
    )


class RemarkForm(AnswerForm):
    READERS: ClassVar[Mapping[str, Any]] = {"text": PLANS}

    text = text_field(
        _l("Remark"), LONGEST_TEXT, needed=True, lines=3, description=_l("Both sides read it. No names of persons.")
    )


class ReportForm(AnswerForm):
    """The report of a period; the days and whether it is nil are what whoever reports saw."""

    READERS: ClassVar[Mapping[str, Any]] = {"remark": PLANS}

    first_on = HiddenField()
    last_on = HiddenField()
    is_nil = HiddenField()
    remark = text_field(
        _l("Remark, if any"),
        LONGEST_TEXT,
        lines=3,
        description=_l("For example what is coming, or why it is less than planned. No names of persons."),
    )

    def stand_for(self, days: Period, *, is_nil: bool) -> None:
        """Say what is shown now."""
        self.first_on.data, self.last_on.data = days.first.isoformat(), days.last.isoformat()
        self.is_nil.data = "1" if is_nil else ""

    @property
    def days(self) -> Period | None:
        """None when the hidden fields do not say two days."""
        try:
            return period(date.fromisoformat(self.first_on.data or ""), date.fromisoformat(self.last_on.data or ""))
        except ValueError:
            return None


class ReportingForm(RecordForm):
    """How a contract is reported. `of_corporation` is how many months a period has at its corporation."""

    months = SelectField(_l("Reports"))
    starts_on = Typed(
        _l("Reports are asked from"),
        parsing.day,
        description=_l(
            "Leave it empty for the day on which the contract was recorded here. Periods that ended before are not"
            " asked."
        ),
    )

    def __init__(self, of_corporation: int, row: ReportingChoice | None = None, **options: Any) -> None:
        super().__init__(row, **options)
        own = _("as the corporation: %(rhythm)s", rhythm=RHYTHMS[of_corporation])
        self.months.choices = choices_of({str(months): words for months, words in RHYTHMS.items()}, none=own)

    @staticmethod
    def typed_from(row: ReportingChoice) -> dict[str, Any]:
        return {"months": str(row.months or ""), "starts_on": formats.day_typed(row.starts_on)}

    @property
    def chosen(self) -> int | None:
        """The months of a form that was looked through."""
        return int(self.months.data) if self.months.data else None


class HandoverForm(RecordForm):
    """What is handed over at the award."""

    READERS: ClassVar[Mapping[str, Any]] = dict.fromkeys(
        ("promised", "responsible_function", "responsible_name", "responsible_contact", "handed_over_by"), PLANS
    )

    promised = text_field(
        _l("What was promised in the bid"),
        LONGEST_TEXT,
        needed=True,
        lines=4,
        description=_l("In the words of the bid: it is what the supplier was chosen for. No names of persons."),
    )
    promised_amount = Typed(
        _l("Promised value, if the bid names one"), parsing.amount, description=_l("In euro: value of the effort.")
    )
    promised_persons = Typed(_l("Promised persons, if the bid names a number"), partial(persons, least=0))
    responsible_function = text_field(
        _l("Who is responsible at the supplier"),
        needed=True,
        description=_l("The function, for example: site manager."),
    )
    responsible_name = text_field(
        _l("Name, if you want to record it"),
        description=_l("Only in a role at work."),
    )
    responsible_contact = text_field(_l("Telephone or e-mail address at work"))
    handed_over_by = text_field(
        _l("Handed over by"), needed=True, description=_l("The function or department, for example: Procurement.")
    )
    handed_over_on = Typed(_l("Handed over on"), parsing.day, needed=True)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if self.promised_amount.value is not None and self.promised_amount.value < 0:
            self.show(Invalid("amount_below_zero", column="promised_amount"))
        return not self.form_errors and not any(self.problems())

    def values(self) -> dict[str, Any]:
        """The columns of a form that was looked through."""
        named = ("promised", "promised_persons", "responsible_function", "responsible_name", "responsible_contact")
        columns = {name: self._fields[name].value for name in (*named, "handed_over_by", "handed_over_on")}
        return columns | {"promised_cents": self.promised_amount.value}

    @staticmethod
    def typed_from(row: Handover) -> dict[str, Any]:
        return {
            "promised": row.promised,
            "promised_amount": formats.euro_typed(row.promised_cents),
            "promised_persons": "" if row.promised_persons is None else str(row.promised_persons),
            "responsible_function": row.responsible_function,
            "responsible_name": row.responsible_name,
            "responsible_contact": row.responsible_contact,
            "handed_over_by": row.handed_over_by,
            "handed_over_on": formats.day_typed(row.handed_over_on),
        }
