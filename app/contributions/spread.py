"""The form of one employment over several contracts: what is typed once, and of each contract its block and share.

It is the form of a placement (forms.py) once for each contract: they share the fields that are about the person, and
each has fields of its own, under names that begin with `c<id of the contract>-`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.contracts.models import Contract
from app.contributions.desk import Desk
from app.contributions.forms import WHOLE_SHARE, PlacementForm
from app.contributions.models import ContributionKind
from app.contributions.preview import Preview
from app.rules import Dossier, RuleError
from app.rules import dossier as facts
from app.web.errors import DomainError
from app.web.reasons import labels_of
from app.web.record_form import Problem
from app.web.sentences import sentence

OWN = ("block", "share", "bonuses")
"""The fields that each contract has for itself."""
OF_A_PART = re.compile("c[0-9]+-")


@dataclass(frozen=True, slots=True)
class Part:
    """The placement on one contract. It takes part when a block is chosen."""

    desk: Desk
    form: PlacementForm

    @property
    def contract(self) -> Contract:
        return self.desk.contract

    @property
    def takes_part(self) -> bool:
        return bool(self.form.block.data)

    @property
    def labels(self) -> Mapping[str, str]:
        return labels_of(self.desk.dossier.rate_table)

    @property
    def prefix(self) -> str:
        return f"c{self.contract.id}-"


class Spread:
    """The whole form; the first part's fields stand for those that are shared."""

    def __init__(self, parts: Sequence[Part], on: date) -> None:
        self.parts, self.on = parts, on
        self.form_errors: list[str] = []

    @property
    def shared(self) -> PlacementForm:
        return self.parts[0].form

    @property
    def chosen(self) -> list[Part]:
        return [part for part in self.parts if part.takes_part]

    @property
    def form_key(self) -> UUID | None:
        return self.shared.form_key

    def add_row(self) -> None:
        self.shared.add_row()

    def validate(self) -> bool:
        """Whether at least one contract takes part, each of those is right, and their shares are at most a whole."""
        looked = self.chosen or self.parts[:1]
        is_right = all([part.form.validate() for part in looked])
        if not self.chosen:
            self.shared.block.errors = ()
            self.form_errors.append(_("Choose a building block on each contract where the person counts."))
            return False
        total = sum((part.form.share.value or Decimal(0) for part in self.chosen), Decimal(0))
        if is_right and total > WHOLE_SHARE:
            self.show(RuleError("share_over_100", day=self.shared.starts_on.value, percent=total))
            return False
        return is_right

    def show(self, error: DomainError | RuleError) -> None:
        """What a command refuses stands above the form: it may be about any of the contracts."""
        self.form_errors.append(sentence(error))

    def problems(self) -> Iterator[Problem]:
        """Those of the shared fields once, and of each contract its own."""
        for number, part in enumerate(self.chosen or self.parts[:1]):
            own = {part.prefix + name for name in OWN}
            for problem in part.form.problems():
                if problem.field_id in own or number == 0:
                    yield problem

    def entered(self) -> Mapping[int, facts.Placement]:
        """By the id of each contract that takes part its placement."""
        return {part.contract.id: part.form.entered() for part in self.chosen}

    def worth(self) -> list[tuple[Part, Preview | None]]:
        """What each that takes part would be worth; None while something of it is not clear."""
        return [(part, self._reckoned(part)) for part in self.chosen]

    def _reckoned(self, part: Part) -> Preview | None:
        try:
            return part.desk.reckon(part.form.entered(), self.on) if part.form.can_be_reckoned else None
        except RuleError:
            return None


def spread_of(
    contracts: Sequence[Contract], known: Mapping[int, Dossier], sent: MultiDict[str, str] | None, on: date
) -> Spread:
    """The form for these contracts, the first of which it was opened from, with what was sent.

    `known` are their dossiers, by id.
    """
    desks = [Desk(contract, known[contract.id], ContributionKind.PLACEMENT) for contract in contracts]
    return Spread([_part(desk, sent) for desk in desks], on)


def _part(desk: Desk, sent: MultiDict[str, str] | None) -> Part:
    prefix = f"c{desk.contract.id}-"
    form = PlacementForm(desk.dossier.rate_table, formdata=_of_one(sent, prefix) if sent is not None else None)
    form.share.needed = True
    if sent is None:
        form.share.data = ""
    part = Part(desk, form)
    for name in OWN:
        _rename(form[name], prefix + name)
    return part


def _of_one(sent: MultiDict[str, str], prefix: str) -> MultiDict[str, str]:
    """What was sent as if only this contract were asked about."""
    shared = [(name, text) for name, text in sent.items(multi=True) if name not in OWN and not OF_A_PART.match(name)]
    own = [(name.removeprefix(prefix), text) for name, text in sent.items(multi=True) if name.startswith(prefix)]
    return MultiDict([*shared, *own])


def _rename(field: Any, name: str) -> None:
    """The page has a field of that name for each contract."""
    field.name = field.id = field.label.field_id = name
