"""The form of a plan: a row for each effort, valued while it is typed, each fault beside the field of its row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Form, FormField

from app.accounts.readers import PLANS
from app.contributions.entry_form import Rows, hours_a_week
from app.contributions.forms import counts_amount, counts_quantity
from app.planning.forms import LONGEST_TEXT, persons, text_field
from app.planning.models import Plan, PlanRow
from app.planning.service import Said
from app.rules import Dossier, RuleError
from app.rules.plan import Effort, PlannedActivity, PlannedPlacement, Worth, place_of, plan_faults, worth
from app.rules.tables import Block, Per, RateTable
from app.web import formats, parsing
from app.web.errors import DomainError, Invalid
from app.web.fields import UNKNOWN_CHOICE, Typed
from app.web.record_form import NOTHING, RecordForm
from app.web.words import label

FIRST_ROWS, MOST_ROWS = 3, 20
LONGEST_DESCRIPTION = 300
NUMERIC_MONTH = re.compile(r"(?P<month>[0-9]{1,2})[-/. ](?P<year>[0-9]{4})")
ISO_MONTH = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})")
OF_ACTIVITIES: Mapping[str, Callable[[Block], bool]] = {"amount": counts_amount, "quantity": counts_quantity}
# Where a fault of the rule book stands, when the field of the row is called otherwise.
FIELDS = {"hours_per_week": "hours", "on": "month"}


def month(typed: str) -> date:
    """The first day of a month: "3-2026", "2026-03", "maart 2026", or of any day in it. Errors: Invalid."""
    tidy = " ".join(typed.split())
    match = NUMERIC_MONTH.fullmatch(tidy) or ISO_MONTH.fullmatch(tidy)
    for attempt in [f"1-{match['month']}-{match['year']}"] if match else [tidy, f"1 {tidy}"]:
        try:
            return parsing.day(attempt).replace(day=1)
        except Invalid:
            continue
    raise Invalid("month_unclear", typed=typed)


class EffortForm(Form):  # type: ignore[misc]
    """One effort; a row without a building block is left out. The block says which fields it needs."""

    block = Typed(_l("Building block"), str)
    persons = Typed(_l("Persons"), persons, description=_l("For example 2."))
    hours = Typed(_l("Hours a week, each"), hours_a_week, description=_l("For example 28.8. At most 60."))
    starts_on = Typed(_l("From"), parsing.day, description=_l("For example 1-2-2026."))
    ends_on = Typed(_l("To"), parsing.day, description=_l("Empty: to the end of the contract."))
    month = Typed(_l("In which month"), month, description=_l("For example 3-2026."))
    amount = Typed(_l("Amount excluding VAT"), parsing.amount, description=_l("In euro."))
    quantity = Typed(_l("Quantity"), parsing.hours, description=_l("Hours or days, as the building block counts."))
    description = text_field(_l("Which work, if you want to say it"), LONGEST_DESCRIPTION)

    chosen: Block | None = None

    @property
    def is_empty(self) -> bool:
        return bool(self.block.is_empty)

    @property
    def needed_fields(self) -> Sequence[str]:
        if self.chosen is None:
            return ()
        if self.chosen.is_for_placements:
            return ("persons", "hours", "starts_on")
        return ("month", "quantity" if self.chosen.per in (Per.HOUR, Per.DAY) else "amount")

    def choose_from(self, table: RateTable) -> None:
        """Know the block that is chosen, and by it which fields must be filled in. A bonus alone is no effort."""
        block = table.blocks.get(self.block.data or "")
        self.chosen = block if block and (block.is_for_placements or block.is_for_activities) else None
        for name in ("persons", "hours", "starts_on", "month", "amount", "quantity"):
            self._fields[name].needed = name in self.needed_fields

    @property
    def effort(self) -> Effort | None:
        """What stands in a row that was looked through; None as long as it is not clear or not whole."""
        if self.chosen is None or any(field.errors for field in self):
            return None
        if any(self._fields[name].is_empty for name in self.needed_fields):
            return None
        if self.chosen.is_for_placements:
            return PlannedPlacement(
                self.chosen.code, self.persons.value, self.hours.value, self.starts_on.value, self.ends_on.value
            )
        amount = self.amount.value if counts_amount(self.chosen) else None
        quantity = self.quantity.value if counts_quantity(self.chosen) else None
        return PlannedActivity(self.chosen.code, self.month.value, amount, quantity)


class PlanForm(RecordForm):
    """A version of the plan of a contract, of which `dossier` holds the facts."""

    READERS: ClassVar[Mapping[str, Any]] = {"explanation": PLANS}

    rows = Rows(FormField(EffortForm), label=_l("Efforts"), min_entries=FIRST_ROWS, max_entries=MOST_ROWS)
    explanation = text_field(
        _l("Explanation, if any"),
        LONGEST_TEXT,
        lines=3,
        description=_l("For example with which school or partner, and what is still uncertain. No names of persons."),
    )

    def __init__(self, dossier: Dossier, row: Plan | None = None, **options: Any) -> None:
        self.dossier, self.table = dossier, dossier.rate_table
        super().__init__(row, **options)
        self._know_blocks()
        if not self.is_submitted():
            self._look_through()  # what stands in it from the start is valued too

    @property
    def efforts(self) -> list[EffortForm]:
        """All rows, also those that are left out."""
        return [entry.form for entry in self.rows]

    @property
    def filled(self) -> list[EffortForm]:
        return [row for row in self.efforts if not row.is_empty]

    def add_row(self) -> None:
        """One more row; what is not filled in yet in the others is no fault now."""
        self._look_through()
        for field in (field for row in self.efforts for field in row if field.is_empty):
            field.errors = ()
        if len(self.rows) < MOST_ROWS:
            self.rows.append_entry()

    def validate(self, extra_validators: Any = None) -> bool:
        """Also shows what the rule book refuses, as far as the rows are clear."""
        super().validate(extra_validators)
        self._know_blocks()  # what was chosen from somebody else's rows is in them only now
        self._look_through()
        if not any(self.problems()):
            for fault in plan_faults(self.dossier, [effort for row in self.filled if (effort := row.effort)]):
                self.show(fault)
        return not self.form_errors and not any(self.problems())

    def _know_blocks(self) -> None:
        for row in self.efforts:
            row.choose_from(self.table)

    def _look_through(self) -> None:
        for row in self.efforts:
            row.validate()
            if not row.is_empty and row.chosen is None:
                row.block.errors = [str(UNKNOWN_CHOICE)]

    def field_of(self, name: str, error: DomainError | RuleError) -> Any:
        if error.values.get("sheet") not in ("placements", "activities"):
            return super().field_of(name, error)
        row = self.filled[place_of(error) - 1] if isinstance(error, RuleError) else self.efforts[0]
        return row._fields.get(FIELDS.get(name, name), row.block)

    def said(self) -> Said:
        """What stands in a form that was looked through."""
        rows = [(effort, row.description.value) for row in self.filled if (effort := row.effort)]
        return Said(rows, self.explanation.value)

    def worth(self) -> Worth | None:
        """What the rows that are whole would be worth; None while there is none."""
        efforts = [effort for row in self.filled if (effort := row.effort)]
        return worth(self.dossier, efforts) if efforts else None

    def valued(self) -> list[tuple[str, int]]:
        """The rows that are whole, by the name of their block, each with its value."""
        found = self.worth()
        named = [label(row.chosen) for row in self.filled if row.effort and row.chosen]
        return list(zip(named, found.by_effort, strict=True)) if found else []

    def blocks(self) -> Mapping[str, list[Block]]:
        """What can be chosen, placements and activities apart."""
        blocks = self.table.blocks.values()
        return {
            "placements": [block for block in blocks if block.is_for_placements],
            "activities": [block for block in blocks if block.is_for_activities],
        }

    def blocks_with(self, name: str) -> list[str]:
        """The codes of the blocks that use a field of a row."""
        if name not in ("month", *OF_ACTIVITIES):
            return [block.code for block in self.blocks()["placements"]]
        activities = self.blocks()["activities"]
        return [block.code for block in activities if name == "month" or OF_ACTIVITIES[name](block)]

    def words(self, name: str, data: Any) -> str:
        if name != "rows":
            return super().words(name, data)
        return "; ".join(self._words_of(row) for row in data or () if row.get("block")) or NOTHING

    def _words_of(self, row: Mapping[str, str]) -> str:
        block = self.table.blocks.get(row["block"])
        said = (row.get(each) or "" for each in ("persons", "hours", "starts_on", "ends_on", "month", "amount"))
        return " ".join([label(block) if block else row["block"], *filter(None, said)])

    @staticmethod
    def typed_from(row: Plan) -> dict[str, Any]:
        return {"rows": [typed_row(each) for each in row.rows], "explanation": row.explanation}


def typed_row(row: PlanRow) -> dict[str, str]:
    """What somebody would have typed to make the row."""
    is_placement = row.persons is not None
    return {
        "block": row.block,
        "persons": str(row.persons or ""),
        "hours": "" if row.hours is None else formats.hours(row.hours),
        "starts_on": formats.day_typed(row.starts_on) if is_placement else "",
        "ends_on": formats.day_typed(row.ends_on),
        "month": "" if is_placement else row.starts_on.strftime("%m-%Y"),
        "amount": formats.euro_typed(row.amount_cents),
        "quantity": "" if row.quantity is None else formats.hours(row.quantity),
        "description": row.description,
    }
