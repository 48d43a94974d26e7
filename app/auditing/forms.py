"""The forms of an auditor: out of what a sample is drawn, and what was found of a drawn contribution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission
from app.accounts.readers import seen_by
from app.auditing.models import LONGEST_SEED, Outcome
from app.auditing.queries import Asked, choices_in
from app.auditing.words import KINDS, OUTCOMES
from app.contributions.models import ContributionKind
from app.web import parsing
from app.web.bsn import without_bsn
from app.web.errors import Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import FaultsBesideFields

LONGEST_TITLE, LONGEST_FINDING, LONGEST_SIZE = 200, 4000, 3
MOST = 500
"""Contributions in one sample."""
SEED = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST_SEED}}}")


def parse_size(typed: str) -> int:
    """How many to draw. Errors: Invalid `size_unclear`."""
    text = typed.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_SIZE and 0 < int(text) <= MOST):
        raise Invalid("size_unclear", most=MOST)
    return int(text)


def parse_seed(typed: str) -> str:
    """Letters, digits, points, dashes and underscores: it is the same wherever it is typed again.

    Errors: Invalid `seed_unclear`, `bsn`.
    """
    text = typed.strip()
    if not SEED.fullmatch(text):
        raise Invalid("seed_unclear", longest=LONGEST_SEED)
    return without_bsn(text)


class SampleForm(FaultsBesideFields):
    """Which contributions can be drawn, how many are, and by which seed."""

    title = Typed(
        _l("What it is for"),
        partial(parsing.text, longest=LONGEST_TITLE),
        empty="",
        longest=LONGEST_TITLE,
        description=_l("It stands on the work paper. It may stay empty."),
    )
    approved_from = Typed(_l("Approved from"), parsing.day, description=_l("Left empty: from the first."))
    approved_until = Typed(_l("Approved through"), parsing.day, description=_l("Left empty: until now."))
    contract = SelectField(_l("Contract"))
    supplier = SelectField(_l("Supplier"))
    kind = SelectField(_l("Kind"))
    size = Typed(_l("How many"), parse_size, needed=True, longest=LONGEST_SIZE)
    seed = Typed(
        _l("Seed"),
        parse_seed,
        empty="",
        longest=LONGEST_SEED,
        description=_l(
            "Left empty the program makes a random one. Whoever draws again from the same list with the same seed gets"
            " the same contributions."
        ),
    )

    def __init__(self, user: User, corporation: Corporation, **options: object) -> None:
        super().__init__(**options)
        self._corporation = corporation
        contracts, suppliers = choices_in(user, corporation)
        self.contract.choices = _any(_("All contracts"), contracts)
        self.supplier.choices = _any(_("All suppliers"), suppliers)
        self.kind.choices = choices_of(KINDS, _("Placements and activities"))

    def validate(self, extra_validators: object = None) -> bool:
        is_right = bool(super().validate(extra_validators))
        first, last = self.approved_from.value, self.approved_until.value
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.show(Invalid("period_backwards", column="approved_until"))
            return False
        return is_right

    @property
    def asked(self) -> Asked:
        """Of a form without faults."""
        return Asked(
            corporation=self._corporation,
            approved_from=self.approved_from.value,
            approved_until=self.approved_until.value,
            contract_id=int(self.contract.data) if self.contract.data else None,
            supplier_id=int(self.supplier.data) if self.supplier.data else None,
            kind=ContributionKind(self.kind.data) if self.kind.data else None,
        )


class FindingForm(FaultsBesideFields):
    """What was found; it says which version of the finding it was filled in beside."""

    outcome = SelectField(_l("Finding"), choices=lambda: choices_of(OUTCOMES, _("Choose")), needed=True)
    text = Typed(
        _l("What was seen"),
        partial(parsing.text, longest=LONGEST_FINDING),
        empty="",
        longest=LONGEST_FINDING,
        lines=4,
        description=_l("Which papers were looked at, and in what it deviates. No names of people."),
    )

    @property
    def found(self) -> Outcome:
        return Outcome(self.outcome.data)


class ReviewForm(FaultsBesideFields):
    """That a month was looked at, and what was done about what is odd; `seen` is the list that was shown."""

    READERS: ClassVar[Mapping[str, Any]] = {"remark": seen_by(Permission.SEE_HISTORY)}

    seen = HiddenField()
    remark = Typed(
        _l("What was asked and answered"),
        partial(parsing.text, longest=LONGEST_FINDING),
        empty="",
        longest=LONGEST_FINDING,
        lines=4,
        description=_l("Needed when something is odd. It may stay empty otherwise."),
    )


def _any(words: str, options: object) -> list[SelectChoice]:
    return choices_of(dict(options), words)  # type: ignore[call-overload]
