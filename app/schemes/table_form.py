"""The form that copies a version of a rate table to a new one, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form

from app.accounts.models import Corporation
from app.rules import tables as rules
from app.rules.documents import LONGEST_TEXT
from app.rules.tables import LONGEST_NAME, WITH_VALUE, Block, Per, parse_rate_table
from app.schemes.copy_form import Change, CopyForm, Edit, changes_in, write_changes
from app.schemes.copying import as_euro, as_number, as_text, closed, drop_blocks, opened
from app.schemes.models import RateTable
from app.schemes.typed import euro_field, factor, shown_number, shown_percent, text_field, whole_field
from app.web import parsing
from app.web.errors import Invalid
from app.web.fields import Typed
from app.web.formats import day_typed, euro_typed
from app.web.record_form import Problem
from app.web.sentences import sentence
from app.web.words import label

MOST_MONTHS = 1200


class BlockForm(Form):  # type: ignore[misc]
    """One block of the copied table: what may differ of it, or that it is left out."""

    EDITS: ClassVar[Mapping[str, Edit]] = {
        "label_nl": Edit(("label", "nl"), as_text),
        "label_en": Edit(("label", "en"), as_text),
        "value": Edit(("value",), as_euro),
        "factor": Edit(("factor",), as_number),
        "maximum": Edit(("maximum_per_day",), as_euro),
        "months": Edit(("counts_for_months",), as_number),
    }

    label_nl = text_field(_l("Name in Dutch"), LONGEST_TEXT)
    label_en = text_field(_l("Name in English"), LONGEST_TEXT)
    value = euro_field(_l("Value in euro"), needed=True)
    factor = Typed(_l("Percentage of the invoice"), factor, needed=True)
    maximum = euro_field(_l("At most so much a day, in euro"))
    months = whole_field(_l("Months at most"), least=1, most=MOST_MONTHS)
    leave_out = BooleanField(_l("Leave out"))

    def __init__(self, block: Block, place: int) -> None:
        self.block, self.was = block, typed_from_block(block)
        formdata = request.form if request.method == "POST" else None
        super().__init__(formdata, prefix=f"block-{place}-", data=self.was)
        for name in self.EDITS.keys() - self.was.keys():
            del self[name]

    def changes(self, made: rules.RateTable) -> Iterator[Change]:
        """What differs of the block in the version that was made."""
        block, about = made.blocks.get(self.block.code), label(self.block)
        if block is None:
            return iter([Change(about, str(self.leave_out.label.text), _("is in it"), _("is left out"))])
        return changes_in(self, typed_from_block(block), about)


class TableCopyForm(CopyForm):
    """A new version of a rate table, block by block."""

    EDITS = {
        "code": Edit(("id",), as_text),
        "name": Edit(("name",), as_text),
        "in_force_from": Edit(("in_force_from",), date.isoformat),
        "source": Edit(("source",), as_text),
    }
    FIELDS = {"id": "code"}

    name = text_field(_l("Name"), LONGEST_NAME)
    in_force_from = Typed(
        _l("In force from"), parsing.day, needed=True, description=_l("New contracts get the version of their day.")
    )
    source = text_field(_l("Source"), LONGEST_TEXT, description=_l("Where the figures stand, or who decided them."))

    def __init__(
        self, copied: RateTable, table: rules.RateTable, corporations: Sequence[Corporation], taken: Iterable[str]
    ) -> None:
        self.blocks = [BlockForm(block, place) for place, block in enumerate(table.blocks.values())]
        super().__init__(copied, table, corporations, taken)

    @staticmethod
    def says(parsed: rules.RateTable) -> dict[str, str]:
        return {
            "code": parsed.id,
            "name": parsed.name,
            "in_force_from": day_typed(parsed.in_force_from),
            "source": parsed.source,
        }

    def proposed(self) -> dict[str, str]:
        return {"in_force_from": "", "source": self.note}

    def make(self) -> tuple[str, rules.RateTable]:
        document = opened(self.copied.content)
        write_changes(self, document)
        for block, form in zip(document["block"], self.blocks, strict=True):
            write_changes(form, block)
        drop_blocks(document, self._left_out)
        text = closed(document, self.note)
        return text, parse_rate_table(text)

    def parts_are_right(self) -> bool:
        """Blocks that are left out may say anything; a bonus that is kept still goes with a block that is kept."""
        are_right = [form.validate() or form.leave_out.data for form in self.blocks]
        out = self._left_out
        alone = [form for form in self._kept if form.block.only_with and out.issuperset(form.block.only_with)]
        for form in alone:
            form.leave_out.errors = [sentence(Invalid("scheme_bonus_alone"))]
        if not self._kept:
            self.form_errors.append(sentence(Invalid("scheme_without_blocks")))
        return bool(self._kept) and not alone and all(are_right)

    @property
    def _kept(self) -> list[BlockForm]:
        return [form for form in self.blocks if not form.leave_out.data]

    @property
    def _left_out(self) -> frozenset[str]:
        return frozenset(form.block.code for form in self.blocks if form.leave_out.data)

    def changes(self) -> list[Change]:
        return [*super().changes(), *(change for form in self.blocks for change in form.changes(self.parsed))]

    def problems(self) -> Iterator[Problem]:
        yield from super().problems()
        for form in self.blocks:
            for field in form:
                if field.errors and (field is form.leave_out or not form.leave_out.data):
                    words = f"{label(form.block)}, {field.label.text}"
                    yield Problem(field.id, words, str(field.errors[0]), getattr(field, "is_empty", False))


def typed_from_block(block: Block) -> dict[str, str]:
    """What somebody would have typed of a block; what is no matter of such a block is left out."""
    typed = {"label_nl": block.label["nl"], "label_en": block.label["en"]}
    if block.per in WITH_VALUE:
        typed["value"] = euro_typed(block.value_cents)
    if block.per is Per.INVOICE:
        typed["factor"] = shown_percent(block.factor)
    if block.per is Per.AGREED:
        typed["maximum"] = euro_typed(block.maximum_per_day_cents)
    if block.is_for_placements or block.counts_for_months:
        typed["months"] = shown_number(block.counts_for_months)
    return typed
