"""The calculator's form. What stands in it is the address of the page, so that a calculation can be shared and kept.

Field names are short for that reason: `p-0-b=bbl&p-0-h=32` is the building block and the hours of the first people.
There is no person in it, and nothing of it is ever saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, FormField

from app.contributions.entries import entry_faults
from app.contributions.entry_form import YES, Claims, Rows, hours_a_week, with_labels
from app.contributions.forms import counts_amount, counts_quantity
from app.rules import Dossier, RuleError
from app.rules.dates import ONE_DAY, add_months
from app.rules.faults import certificate_faults
from app.rules.ladder import Level
from app.rules.money import decimal_text, euro_text
from app.rules.tables import Block
from app.suppliers.validity import latest_end
from app.web import formats, parsing
from app.web.errors import DomainError, Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields
from app.web.sentences import sentence
from app.web.words import LEVELS, label
from app.whatif.mixes import USUAL_HOURS
from app.whatif.scenario import MOST_PEOPLE, Effort, NewLevel, People, Scenario, Work

MOST_ROWS = 12
LONGEST_MONTHS = 3
HEAD_COUNTS = {str(number): number for number in range(1, MOST_PEOPLE + 1)}
PEOPLE, WORKS = "p", "a"
Pairs = list[tuple[str, str]]
"""A query of an address: names with values."""


def head_count(typed: str) -> int:
    """How many people. Errors: Invalid `people_unclear`."""
    text = typed.strip()
    if text in HEAD_COUNTS:
        return HEAD_COUNTS[text]
    raise Invalid("people_unclear", typed=typed, most=MOST_PEOPLE)


def how_long(typed: str) -> int | date:
    """So many months, or the last day. Errors: Invalid (`date_unclear`, `date_does_not_exist`)."""
    text = typed.strip()
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_MONTHS and int(text)
    return int(text) if is_number else parsing.day(text)


class Row(Form):  # type: ignore[misc]
    """What the rows share: one whose building block is not chosen counts as nothing."""

    # Where a fault of the rule book stands, by its name of the column.
    FIELDS: ClassVar[Mapping[str, str]] = {}

    block = Typed(_l("Building block"), str, name="b")

    @property
    def is_empty(self) -> bool:
        return bool(self.block.is_empty)

    @property
    def is_right(self) -> bool:
        return not any(field.errors for field in self)

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_empty or bool(super().validate(extra_validators))

    def show(self, fault: DomainError | RuleError) -> None:
        column = fault.values.get("column", "")
        field = self._fields.get(self.FIELDS.get(column, column), self.block)
        field.errors = [*field.errors, sentence(fault)]

    def effort(self) -> Effort:
        raise NotImplementedError


class PeopleRow(Row):
    """People alike: how many, for what, from when, how long, how many hours a week."""

    FIELDS: ClassVar[Mapping[str, str]] = {"hours_per_week": "hours"}

    number = Typed(_l("How many people"), head_count, needed=True, default="1", longest=5, name="n")
    hours = Typed(_l("Hours a week"), hours_a_week, needed=True, default=decimal_text(USUAL_HOURS), name="h")
    starts_on = Typed(_l("From"), parsing.day, needed=True, name="f")
    ends_on = Typed(
        _l("How many months, or the last day"),
        how_long,
        name="u",
        description=_l("For example 12, or 31-12-2026. Empty: to the end of the contract."),
    )
    bonuses = Claims(_l("Bonuses"), name="x")

    def effort(self) -> People:
        ends_on = self.ends_on.value
        if isinstance(ends_on, int):
            ends_on = add_months(self.starts_on.value, ends_on) - ONE_DAY
        return People(
            self.block.value,
            self.starts_on.value,
            self.hours.value,
            ends_on,
            self.number.value,
            tuple(sorted(self.bonuses.data)),
        )


class WorkRow(Row):
    """A purchase, hours, days or agreed work."""

    on = Typed(_l("Day"), parsing.day, needed=True, name="o")
    amount = Typed(_l("Amount excluding VAT"), parsing.amount, name="m")
    quantity = Typed(_l("Hours or days"), parsing.hours, name="q")

    def effort(self) -> Work:
        return Work(self.block.value, self.on.value, self.amount.value, self.quantity.value)


class WhatIfForm(FaultsBesideFields):
    """People, activities and a PSO level. A field that the address does not name has its usual value."""

    SHEET: ClassVar[str] = "certificates"

    class Meta:
        """It changes nothing, so it needs no token; in an address a token would be given away."""

        csrf = False

    people = Rows(FormField(PeopleRow), label=_l("People"), max_entries=MOST_ROWS, name=PEOPLE)
    works = Rows(FormField(WorkRow), label=_l("Activities"), max_entries=MOST_ROWS, name=WORKS)
    level = SelectField(
        _l("PSO level"), name="c-l", choices=lambda: choices_of(LEVELS, _("No other certificate than now"))
    )
    thirty_plus = BooleanField(_l("With the mark 30+"), name="c-t")
    valid_from = Typed(_l("Valid from"), parsing.day, name="c-f", description=_l("For example 15-5-2026."))
    valid_until = Typed(
        _l("Valid until"), parsing.day, name="c-u", description=_l("Empty: two years minus a day, the longest.")
    )

    def __init__(self, dossier: Dossier, asked: MultiDict[str, str], on: date) -> None:
        self.dossier, self.table = dossier, dossier.rate_table
        self.scenario = Scenario()
        super().__init__(formdata=asked)
        self._change_rows(asked.get("without", ""), asked.get("add", ""))
        for field in self._days():
            if not field.raw_data:
                field.data = formats.day_typed(max(on, dossier.terms.starts_on))

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether what stands in it can be reckoned; then it is `scenario`."""
        super().validate(extra_validators)
        efforts = tuple(self._efforts())
        level = self._level()
        is_right = not any(self.problems())
        self.scenario = Scenario(efforts, level) if is_right else Scenario()
        return is_right

    @property
    def people_rows(self) -> list[PeopleRow]:
        return [entry.form for entry in self.people]

    @property
    def work_rows(self) -> list[WorkRow]:
        return [entry.form for entry in self.works]

    def blocks_of(self, *, people: bool) -> list[Block]:
        """The building blocks of the table for people, or for activities."""
        blocks = self.table.blocks.values()
        return [each for each in blocks if (each.is_for_placements if people else each.is_for_activities)]

    def bonuses(self) -> list[Block]:
        return [block for block in self.table.blocks.values() if block.bonus]

    def blocks_with(self, bonus: Block) -> list[str]:
        """The codes of the blocks that a bonus goes with."""
        return [block.code for block in self.table.blocks.values() if bonus.may_be_claimed_on(block)]

    def blocks_with_amount(self) -> list[str]:
        return [block.code for block in self.blocks_of(people=False) if counts_amount(block)]

    def blocks_with_quantity(self) -> list[str]:
        return [block.code for block in self.blocks_of(people=False) if counts_quantity(block)]

    def _change_rows(self, without: str, add: str) -> None:
        """Leave out the row that a button named, or add one; an empty form begins with one for people."""
        for rows in (self.people, self.works):
            rows.leave_out(without)
        is_empty = not self.people.entries and not self.works.entries
        for rows in (self.people, self.works):
            wanted = rows.name == add or (is_empty and rows.name == PEOPLE and not add)
            if wanted and len(rows.entries) < MOST_ROWS:
                rows.append_entry()

    def _days(self) -> Iterable[Typed]:
        return [*(row.starts_on for row in self.people_rows), *(row.on for row in self.work_rows)]

    def _efforts(self) -> Iterator[Effort]:
        """What the rows say; the faults of the rule book stand in them."""
        labels = {code: label(block) for code, block in self.table.blocks.items()}
        for row in (*self.people_rows, *self.work_rows):
            if not row.is_empty and row.is_right:
                effort = self._meant(row.effort())
                for fault in entry_faults(next(iter(effort.entries("-"))), self.table):
                    row.show(with_labels(fault, labels))
                yield effort

    def _meant(self, effort: Effort) -> Effort:
        """Without an amount or a quantity by which its block does not count: without a script both fields show."""
        block = self.table.blocks.get(effort.block)
        if block is None or isinstance(effort, People):
            return effort
        return replace(
            effort,
            amount_cents=effort.amount_cents if counts_amount(block) else None,
            quantity=effort.quantity if counts_quantity(block) else None,
        )

    def _level(self) -> NewLevel | None:
        """Errors stand beside the fields."""
        if not self.level.data or self.level.errors:
            return None
        first = self.valid_from.value
        if first is None:
            if self.valid_from.is_empty:
                self.show(Invalid("level_from_missing", column="valid_from"))
            return None
        made = NewLevel(
            Level(self.level.data), first, self.valid_until.value or latest_end(first), self.thirty_plus.data
        )
        for fault in certificate_faults(made.certificate("-", self.dossier.terms.kvk)):
            self.show(fault)
        return made


def query_of(scenario: Scenario) -> Pairs:
    """The scenario as the query of an address: what the form would send, without what is usual."""
    people = [each for each in scenario.efforts if isinstance(each, People)]
    works = [each for each in scenario.efforts if isinstance(each, Work)]
    rows = [(f"{PEOPLE}-{place}", _people_said(each)) for place, each in enumerate(people)]
    rows += [(f"{WORKS}-{place}", _work_said(each)) for place, each in enumerate(works)]
    said = [(f"{row}-{name}", text) for row, values in rows for name, text in values if text]
    return said + (_level_said(scenario.level) if scenario.level else [])


def _people_said(people: People) -> Pairs:
    return [
        ("b", people.block),
        ("n", str(people.number) if people.number > 1 else ""),
        ("h", decimal_text(people.hours) if people.hours != USUAL_HOURS else ""),
        ("f", formats.day_typed(people.starts_on)),
        ("u", formats.day_typed(people.ends_on)),
        *((f"x-{code}", YES) for code in people.bonuses),
    ]


def _work_said(work: Work) -> Pairs:
    amount = "" if work.amount_cents is None else euro_text(work.amount_cents).removesuffix(".00")
    quantity = "" if work.quantity is None else decimal_text(work.quantity)
    return [("b", work.block), ("o", formats.day_typed(work.on)), ("m", amount), ("q", quantity)]


def _level_said(level: NewLevel) -> Pairs:
    days = [("c-f", formats.day_typed(level.valid_from)), ("c-u", formats.day_typed(level.valid_until))]
    return [("c-l", level.level.value), *([("c-t", "y")] if level.thirty_plus else []), *days]
