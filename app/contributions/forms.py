"""The forms of a placement, of an activity, and of who judges them.

The fields stand in the order in which people know them. A form reads what was typed into the rule book's own facts
(`entered`) and shows a version that is corrected or copied (`typed_from`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask_babel import lazy_gettext as _l
from wtforms import FormField, HiddenField

from app.accounts.readers import OF_CONTRACT, REFERENCES
from app.contributions.entry_form import ChangeForm, Claims, EntryForm, Rows, hours_a_week, key_in
from app.rules import RuleError
from app.rules import dossier as facts
from app.rules.dossier import Programme, Status
from app.rules.tables import BY_QUANTITY, Block, Per
from app.web import formats, parsing
from app.web.errors import DomainError, Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields
from app.web.words import PROGRAMMES

LONGEST_REFERENCE, LONGEST_NAME, LONGEST_TEXT = 100, 200, 1000
MOST_CHANGES = 12
WHOLE_SHARE = Decimal(100)


def _share(typed: str) -> Decimal:
    """Errors: Invalid (`percentage_unclear`, `percent_out_of_range`, `percent_not_above_zero`)."""
    share = parsing.percentage(typed)
    if share > WHOLE_SHARE:
        raise Invalid("percent_out_of_range", percent=share)
    if share <= 0:
        raise Invalid("percent_not_above_zero", percent=share)
    return share


class PlacementForm(EntryForm):
    """A person of the target group who works or trains on the contract."""

    SHEET = "placements"
    FIELDS: ClassVar[Mapping[str, str]] = {"hours_per_week": "hours"}
    CHANGES_NO_FIGURE: ClassVar[frozenset[str]] = frozenset({"person", "employer"})
    READERS: ClassVar[Mapping[str, Any]] = {"person": REFERENCES} | dict.fromkeys(
        ("hours", "employer", "bonuses", "subsidy_until", "programme"), OF_CONTRACT
    )

    person = Typed(
        _l("Person reference"),
        partial(parsing.text, longest=LONGEST_REFERENCE),
        needed=True,
        longest=LONGEST_REFERENCE,
        description=_l("The supplier's own reference of this person. Never a name, a date of birth or a BSN."),
    )
    # Declared again, so that the summary of errors follows the order of the page.
    block = Typed(_l("Building block"), str, needed=True)
    starts_on = Typed(_l("First day"), parsing.day, needed=True, description=_l("For example 1-2-2026."))
    hours = Typed(_l("Hours a week"), hours_a_week, needed=True, description=_l("For example 28.8. At most 60."))
    changes = Rows(FormField(ChangeForm), label=_l("The hours change on"), max_entries=MOST_CHANGES)
    ends_on = Typed(
        _l("Last day, if known"), parsing.day, description=_l("Leave it empty as long as the placement runs.")
    )
    employer = Typed(
        _l("Employer, if another than the supplier"),
        partial(parsing.text, longest=LONGEST_NAME),
        empty="",
        longest=LONGEST_NAME,
        description=_l("The organisation where the person works, never a person."),
    )
    bonuses = Claims(_l("Bonuses"))
    share = Typed(
        _l("Share of this contract"),
        _share,
        empty=WHOLE_SHARE,
        default="100",
        description=_l("In percent. Less than 100 when the person also counts on another contract."),
    )
    subsidy_until = Typed(
        _l("Wage-cost subsidy until"), parsing.day, description=_l("Only when a wage-cost subsidy runs.")
    )
    programme = SelectField(
        _l("Came by way of"),
        needed=True,
        choices=lambda: choices_of(PROGRAMMES),
        default=Programme.OTHER.value,
        description=_l("For the totals of the yearly programme; it changes no figure."),
    )

    @property
    def rows(self) -> list[ChangeForm]:
        """The changes of hours that are filled in."""
        return [entry.form for entry in self.changes if not entry.form.is_empty]

    def add_row(self) -> None:
        if len(self.changes) < MOST_CHANGES:
            self.changes.append_entry()

    def is_for(self, block: Block) -> bool:
        return block.is_for_placements

    def bonuses_of_table(self) -> list[Block]:
        """The bonuses that can be claimed on some block of the table."""
        return [block for block in self.table.blocks.values() if block.bonus]

    def blocks_with(self, bonus: Block) -> list[str]:
        """The codes of the blocks that a bonus goes with."""
        return [block.code for block in self.table.blocks.values() if bonus.may_be_claimed_on(block)]

    def entered(self) -> facts.Placement:
        changes = sorted((row.from_day.value, row.hours.value) for row in self.rows)
        return facts.Placement(
            reference="",
            person=self.person.value or "",
            block=self.block.value,
            starts_on=self.starts_on.value,
            hours=tuple(facts.Hours(*each) for each in [(self.starts_on.value, self.hours.value), *changes]),
            status=Status.DRAFT,
            ends_on=self.ends_on.value,
            bonuses=tuple(sorted(self.bonuses.data)),
            share=self.share.value,
            subsidy_until=self.subsidy_until.value,
            employer=self.employer.value,
            programme=Programme(self.programme.data),
        )

    def field_of(self, name: str, error: DomainError | RuleError) -> Any:
        """A fault of hours stands in the row that it is about."""
        if name == "hours":
            for row in self.rows:
                if error.values.get("day") == row.from_day.value:
                    return row.from_day
                if error.values.get("hours") == row.hours.value != self.hours.value:
                    return row.hours
        return super().field_of(name, error)

    @staticmethod
    def typed_from(row: Any) -> dict[str, Any]:
        """What somebody would have typed to enter this version."""
        first, *later = row.hours
        return {
            "person": row.person.reference or "",
            "block": row.block,
            "starts_on": formats.day_typed(row.starts_on),
            "hours": formats.hours(first.hours),
            "changes": [
                {"from_day": formats.day_typed(each.from_day), "hours": formats.hours(each.hours)} for each in later
            ],
            "ends_on": formats.day_typed(row.ends_on),
            "employer": row.employer,
            "bonuses": sorted(each.block for each in row.bonuses),
            "share": formats.hours(row.share_percent),
            "subsidy_until": formats.day_typed(row.subsidy_until),
            "programme": row.programme.value,
        }


class ActivityForm(EntryForm):
    """A purchase, hours, days or agreed work."""

    SHEET = "activities"
    CHANGES_NO_FIGURE: ClassVar[frozenset[str]] = frozenset({"description"})
    READERS: ClassVar[Mapping[str, Any]] = {"description": OF_CONTRACT}

    on = Typed(_l("Day"), parsing.day, needed=True, description=_l("Of the invoice, or on which it was done."))
    amount = Typed(
        _l("Amount excluding VAT"), parsing.amount, description=_l("For an invoice or for agreed work. In euro.")
    )
    quantity = Typed(_l("Quantity"), parsing.hours, description=_l("Hours or days, as the building block counts."))
    description = Typed(
        _l("Description"),
        partial(parsing.text, longest=LONGEST_TEXT),
        empty="",
        longest=LONGEST_TEXT,
        lines=3,
        description=_l("What was done or bought, and where. No names of persons."),
    )

    def is_for(self, block: Block) -> bool:
        return block.is_for_activities

    def faults(self) -> Iterable[DomainError | RuleError]:
        yield from super().faults()
        if self.chosen and self.amount.value is not None and not counts_amount(self.chosen):
            yield Invalid("amount_not_used", column="amount", block=self.chosen.code)
        if self.amount.value == 0:
            yield Invalid("amount_not_above_zero", column="amount")
        if self.chosen and self.quantity.value is not None and not counts_quantity(self.chosen):
            yield Invalid("quantity_not_used", column="quantity", block=self.chosen.code)

    def blocks_with_amount(self) -> list[str]:
        """The codes of the blocks that count by an amount."""
        return [block.code for block in self.table.blocks.values() if self.is_for(block) and counts_amount(block)]

    def blocks_with_quantity(self) -> list[str]:
        """The codes of the blocks that count by hours or days."""
        return [block.code for block in self.table.blocks.values() if self.is_for(block) and counts_quantity(block)]

    def entered(self) -> facts.Activity:
        return facts.Activity(
            reference="",
            block=self.block.value,
            on=self.on.value,
            status=Status.DRAFT,
            amount_cents=self.amount.value,
            quantity=self.quantity.value,
            description=self.description.value,
        )

    @staticmethod
    def typed_from(row: Any) -> dict[str, Any]:
        """What somebody would have typed to enter this version."""
        return {
            "block": row.block,
            "on": formats.day_typed(row.on),
            "amount": formats.euro_typed(row.amount_cents),
            "quantity": "" if row.quantity is None else formats.hours(row.quantity),
            "description": row.description,
        }


def counts_amount(block: Block) -> bool:
    """Whether an activity of this block has an amount."""
    return block.per not in BY_QUANTITY


def counts_quantity(block: Block) -> bool:
    """Whether an activity of this block has a quantity: hours, days, or the days of agreed work with a maximum."""
    return block.per in BY_QUANTITY or (block.per is Per.AGREED and block.maximum_per_day_cents is not None)


class JudgeForm(FaultsBesideFields):
    """Approve or withdraw: only a button."""


class RejectForm(JudgeForm):
    READERS: ClassVar[Mapping[str, Any]] = {"reason": OF_CONTRACT}

    reason = Typed(
        _l("Why is it rejected?"),
        partial(parsing.text, longest=LONGEST_TEXT),
        needed=True,
        longest=LONGEST_TEXT,
        lines=3,
        description=_l("Whoever entered it reads this. Say what would make it right."),
    )


class SeveralForm(FaultsBesideFields):
    """Several that are ticked; `key` is the form's own: sent twice it makes them once."""

    key = HiddenField(default=lambda: str(uuid4()))

    @property
    def form_key(self) -> UUID | None:
        return key_in(self.key.data)


class ManyForm(RejectForm):
    """Several that were chosen, to approve or to reject for one reason."""
