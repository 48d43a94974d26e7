"""The form of an amendment. What kind of change it is comes first; the other fields follow from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.contracts.agreement import LESSENING, MOVING, Change, change_of, day_of_effect, end_in_force
from app.contracts.models import Amendment, Contract
from app.rules import RuleError, faults
from app.rules import dossier as facts
from app.rules.dossier import Dossier
from app.web import formats, parsing
from app.web.errors import DomainError, Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import RecordForm
from app.web.sentences import sentence

LONGEST_REFERENCE, LONGEST_TEXT = 100, 1000
CHANGES: Mapping[Change, Any] = {
    Change.EXTRA: _l("Extra work"),
    Change.LESS: _l("Less work"),
    Change.EXTENSION: _l("Extension"),
    Change.END: _l("Ends earlier"),
}


def called(row: Amendment) -> str:
    """What people call an amendment: by its reference, or what it is and its day (the new end, when it moves that)."""
    if row.reference:
        return str(_("Amendment %(name)s", name=row.reference))
    return f"{CHANGES[change_of(row)]} {formats.day_short(row.new_end or row.effective_on)}"


class AmendmentForm(RecordForm):
    """An amendment of `contract`, new or as it is; `dossier` is what is known of the contract."""

    SHEET: ClassVar[str | None] = "amendments"

    kind = SelectField(_l("What changes?"), needed=True, choices=lambda: choices_of(CHANGES))
    new_end = Typed(_l("New last day"), parsing.day, description=_l("For example 31-12-2027."))
    amount = Typed(
        _l("Amount"),
        parsing.amount,
        description=_l("In euro, excluding VAT. Less work and work that lapses is typed without a minus too."),
    )
    effective_on = Typed(_l("Takes effect on"), parsing.day)
    reference = Typed(
        _l("Reference, if any"),
        partial(parsing.text, longest=LONGEST_REFERENCE),
        longest=LONGEST_REFERENCE,
        description=_l("The number of the order or the letter."),
    )
    description = Typed(
        _l("Description or reason"),
        partial(parsing.text, longest=LONGEST_TEXT),
        empty="",
        longest=LONGEST_TEXT,
        lines=3,
    )

    def __init__(self, contract: Contract, dossier: Dossier, row: Amendment | None = None, **options: Any) -> None:
        super().__init__(row, **options)
        self.contract, self.dossier = contract, dossier
        self.amount.needed = self.effective_on.needed = self.change not in MOVING
        self.new_end.needed = self.change in MOVING

    @property
    def end(self) -> date:
        """The last day of the contract without this amendment."""
        return end_in_force(self.contract, but=self.row)

    def days_of_effect(self) -> dict[str, str]:
        """What the day of effect is when it is left empty, by the kinds of change that can do without."""
        days = {each: formats.day_long(day_of_effect(self.contract, each, but=self.row)) for each in MOVING}
        return {
            Change.EXTENSION.value: _(
                "For an extension you can leave it empty: then %(day)s.", day=days[Change.EXTENSION]
            ),
            Change.END.value: _(
                "When the contract ends earlier you can leave it empty: then what lapses is spread over the days from"
                " %(day)s on, after the start and the last amendment.",
                day=days[Change.END],
            ),
        }

    @staticmethod
    def typed_from(row: Amendment) -> dict[str, Any]:
        change = change_of(row)
        cents = -row.amount_cents if change in LESSENING else row.amount_cents
        return {
            "kind": change.value,
            "new_end": formats.day_typed(row.new_end),
            "amount": formats.euro_typed(cents),
            "effective_on": formats.day_typed(row.effective_on),
            "reference": row.reference or "",
            "description": row.description,
        }

    @property
    def change(self) -> Change:
        """What kind of change is chosen; extra work as long as none is."""
        return Change(self.kind.data) if self.kind.data in set(Change) else Change.EXTRA

    def said(self) -> facts.Amendment:
        """What stands in a form that was looked through; fields that the kind does not need say nothing."""
        change, cents = self.change, self.amount.value or 0
        return facts.Amendment(
            effective_on=self.effective_on.value or day_of_effect(self.contract, change, but=self.row),
            amount_cents=-cents if change in LESSENING else cents,
            new_end=self.new_end.value if change in MOVING else None,
            reference=self.reference.value or None,
            description=self.description.value,
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also shows what its kind does not allow, and what the rule book refuses of the contract as it would be."""
        if super().validate(extra_validators):
            found = list(self._not_of_its_kind()) or faults(self._as_it_would_be()) or self._moved_again()
            for error in found or self._begun_too_late():
                self.show(error)
        return not self.form_errors and not any(self.problems())

    def show(self, error: DomainError | RuleError) -> None:
        """A fault of another amendment, which this one makes impossible, stands above the form."""
        name = error.values.get("reference")
        if error.values.get("sheet") == self.SHEET and name != _name(self.said()):
            self.form_errors.append(_("Amendment %(name)s: %(words)s", name=name, words=sentence(error)))
        else:
            super().show(error)

    def _not_of_its_kind(self) -> Iterator[Invalid]:
        change, cents, new_end = self.change, self.amount.value or 0, self.new_end.value
        if cents < 0:
            yield Invalid("amendment_with_minus", column="amount")
        elif not cents and change not in MOVING:
            yield Invalid("amendment_of_nothing", column="amount")
        end = end_in_force(self.contract, self.said().effective_on, but=self.row)
        if change is Change.EXTENSION and new_end <= end:
            yield Invalid("extension_not_later", column="new_end", end=end)
        if change is Change.END and new_end >= end:
            yield Invalid("end_not_earlier", column="new_end", end=end)

    def _moved_again(self) -> list[Invalid]:
        """A new end of which nothing would come, because an amendment that takes effect later moves it again."""
        said, later = self.said(), end_in_force(self.contract)
        overruled = end_in_force(self.contract, said.effective_on) != later
        if self.row is None and said.new_end and overruled:
            return [Invalid("end_moved_again", column="effective_on", end=later)]
        return []

    def _begun_too_late(self) -> Iterator[Invalid]:
        """The rule book leaves what was to begin after the new end owed in full, on that day: rarely what is meant."""
        new_end = self.new_end.value
        if self.change is not Change.END or (self.row is not None and self.row.new_end == new_end):
            return
        later = [each for each in self.contract.amendments if each is not self.row and each.effective_on > new_end]
        if sum(each.amount_cents for each in later):
            yield Invalid("end_before_amendments", column="new_end", names=", ".join(map(called, later)))

    def _as_it_would_be(self) -> Dossier:
        own = (self.row.reference, self.row.effective_on) if self.row else None
        others = [each for each in self.dossier.amendments if (each.reference, each.effective_on) != own]
        return replace(self.dossier, amendments=(*others, self.said()))


def _name(said: facts.Amendment) -> str:
    """What the rule book calls it."""
    return said.reference or str(said.effective_on)
