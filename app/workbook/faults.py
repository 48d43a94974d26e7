"""A fault in a workbook: where it stands and what is wrong, as one line in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from app.web.bsn import contains_bsn
from app.web.errors import Invalid
from app.web.sentences import Coded, sentence

LONGEST_SHOWN = 60
# What a fault of the rule book says about its place, which a line says in its own way.
PLACE = frozenset({"sheet", "reference", "column"})


@dataclass(slots=True)
class Fault:
    """What is wrong (`code` and `values`, as the sentences know them) and where, as the workbook itself calls it.

    `about` names what is meant when it does not stand in the workbook: a contribution that was there already.
    """

    code: str
    values: dict[str, Any] = field(default_factory=dict)
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    about: str | None = None

    @property
    def line(self) -> str:
        """ "Plaatsingen, rij 7, kolom uren per week: ...", with as much of the place as there is."""
        words = sentence(self)
        if self.about:
            words = _("%(about)s: %(words)s", about=self.about, words=words)
        place = {"sheet": shown(self.sheet or ""), "row": self.row, "column": shown(self.column or ""), "words": words}
        if self.sheet is None:
            return words
        if self.row is None:
            return str(_("%(sheet)s: %(words)s", **place))
        if self.column is None:
            return str(_("%(sheet)s, row %(row)s: %(words)s", **place))
        return str(_("%(sheet)s, row %(row)s, column %(column)s: %(words)s", **place))


class WorkbookRefused(Invalid):
    """A workbook with faults: nothing of it was kept. `faults` has all of them, in the order of the workbook."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("workbook_has_faults", number=len(faults))
        self.faults = faults


def values_of(error: Coded) -> dict[str, Any]:
    """The values of an error's sentence, without its place; what was typed is never a whole page, nor a BSN."""
    return {
        name: shown(value) if isinstance(value, str) else value
        for name, value in error.values.items()
        if name not in PLACE
    }


def shown(text: str) -> str:
    """A text of the workbook as a line shows it: not too long, and without the digits of what may be a BSN."""
    short = text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
    return "".join("•" if sign.isdigit() else sign for sign in short) if contains_bsn(text) else short
