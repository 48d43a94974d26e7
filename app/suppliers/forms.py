"""The forms of a supplier and of a PSO certificate."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField

from app.accounts.models import Corporation
from app.accounts.of_corporation import OfCorporation
from app.accounts.service import tidy_email
from app.rules import ladder
from app.rules.faults import certificate_faults
from app.rules.ladder import Level
from app.suppliers import queries
from app.suppliers.models import Certificate
from app.suppliers.validity import aspirant_again, facts_of, gaps_before, latest_end
from app.web import formats, parsing
from app.web.clock import today
from app.web.errors import Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import RecordForm
from app.web.sentences import sentence
from app.web.words import LEVELS

LONGEST_NAME, LONGEST_CITY, LONGEST_EMAIL, LONGEST_NUMBER = 200, 100, 254, 100
MOST_COMPANIES = 100
LONGEST_SCOPE = 2000
YES, NO = "yes", "no"
BETWEEN = re.compile(r"[,;\n]")


class SupplierForm(OfCorporation):
    """A supplier as a corporation records it. Its KvK number is who it is, and stays."""

    SHEET: ClassVar[str | None] = "suppliers"

    kvk = Typed(
        _l("KvK number"),
        parsing.kvk_number,
        needed=True,
        longest=20,
        description=_l("Eight digits. It says which company this is and cannot be changed later."),
    )
    name = Typed(
        _l("Name"),
        partial(parsing.text, longest=LONGEST_NAME),
        needed=True,
        longest=LONGEST_NAME,
        description=_l("As it should stand on statements."),
    )
    city = Typed(_l("City"), partial(parsing.text, longest=LONGEST_CITY), longest=LONGEST_CITY)
    email = Typed(
        _l("E-mail address"),
        tidy_email,
        longest=LONGEST_EMAIL,
        description=_l("Of the company, for questions about its contracts."),
    )

    def __init__(self, row: Any = None, **options: Any) -> None:
        super().__init__(row, **options)
        if row is not None:
            del self.kvk

    @staticmethod
    def typed_from(row: Any) -> dict[str, Any]:
        return {"name": row.name, "city": row.city or "", "email": row.email or ""}

    @property
    def shown(self) -> dict[str, str | None]:
        """What the record should show."""
        return {"name": self.name.value, "city": self.city.value, "email": self.email.value}


def kvk_numbers(typed: str) -> tuple[str, ...]:
    """KvK numbers, one a line or separated by commas, each once. Errors: Invalid (`kvk_unclear`, `kvk_too_many`)."""
    found = {parsing.kvk_number(each) for each in BETWEEN.split(typed) if each.strip()}
    if len(found) > MOST_COMPANIES:
        raise Invalid("kvk_too_many", most=MOST_COMPANIES)
    return tuple(sorted(found))


class PaperForm(RecordForm):
    """A PSO certificate as it stands on the paper."""

    SHEET: ClassVar[str | None] = "certificates"

    number = Typed(
        _l("Number of the certificate"),
        partial(parsing.identifier, longest=LONGEST_NUMBER),
        needed=True,
        longest=LONGEST_NUMBER,
    )
    level = SelectField(_l("Level"), needed=True, choices=lambda: choices_of(LEVELS, _("Choose a level")))
    thirty_plus = BooleanField(
        _l("With the mark 30+"),
        description=_l("It stands beside the level; at least 30 percent of the people employed."),
    )
    valid_from = Typed(_l("Valid from"), parsing.day, needed=True, description=_l("For example 15-5-2026."))
    valid_until = Typed(_l("Valid until"), parsing.day, description=_l("Empty: two years minus a day, the longest."))
    kvk = Typed(
        _l("KvK numbers that it covers"),
        kvk_numbers,
        needed=True,
        empty=(),
        longest=LONGEST_SCOPE,
        lines=3,
        description=_l("One a line, or separated by commas. A sister company that is not here is not certified."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """With the days that are proposed filled in, and what the rule book finds beside its fields."""
        is_right = super().validate(extra_validators)
        self._propose()
        if not is_right:
            return False
        faults = list(certificate_faults(self.seen_certificate))
        for fault in faults:
            self.show(fault)
        return not faults

    @property
    def seen_certificate(self) -> ladder.Certificate:
        """What a form that was looked through says."""
        return ladder.Certificate(
            number=self.number.value,
            level=Level(self.level.data),
            valid_from=self.valid_from.value,
            valid_until=self.valid_until.value,
            kvk=self.kvk.value,
            thirty_plus=self.thirty_plus.data,
        )

    def _propose(self) -> None:
        if self.valid_until.is_empty and self.valid_from.value:
            _fill(self.valid_until, latest_end(self.valid_from.value))


class CertificateForm(PaperForm, OfCorporation):
    """A PSO certificate as it was seen, and whether somebody looked it up in the public register."""

    checked = SelectField(
        _l("Checked in the public register?"),
        needed=True,
        choices=lambda: choices_of({NO: _("Not yet"), YES: _("Yes")}),
        description=_l("It counts once somebody has found it there."),
    )
    checked_on = Typed(_l("Checked on"), parsing.day, description=_l("Empty: today. Your name is kept with it."))
    withdrawn_on = Typed(
        _l("Withdrawn on"),
        parsing.day,
        description=_l("Only when it was withdrawn: the first day it no longer counts."),
    )

    @staticmethod
    def typed_from(row: Any) -> dict[str, Any]:
        return typed_certificate(facts_of(row))

    @property
    def seen_certificate(self) -> ladder.Certificate:
        """What a form that was looked through says."""
        return replace(
            super().seen_certificate,
            withdrawn_on=self.withdrawn_on.value,
            checked_on=self.checked_on.value if self.checked.data == YES else None,
        )

    @property
    def covered(self) -> Sequence[tuple[str, str]]:
        """The companies that stand in the form and that the corporation knows: KvK number and name."""
        try:
            typed = kvk_numbers(self.kvk.data or "")
        except Invalid:
            return ()
        known = {kvk: record.name for each in self.owners for kvk, record in queries.records_of(each).items()}
        return [(kvk, known[kvk]) for kvk in typed if kvk in known]

    @property
    def owners(self) -> Sequence[Corporation]:
        return [self.row.corporation] if self.row is not None else list(self.corporations.values())

    def notes(self) -> Iterator[str]:
        """What to look at in a form that is right, though it is no fault."""
        if any(self.problems()):
            return
        seen = self.seen_certificate
        others = queries.certificates_covering(self.owner.id, seen.kvk)
        yield from remarks(seen, [each for each in others if each is not self.row])

    def _propose(self) -> None:
        super()._propose()
        if self.checked.data == YES and self.checked_on.is_empty:
            _fill(self.checked_on, today())


class CheckForm(RecordForm):
    """On which day it was found in the public register."""

    checked_on = Typed(_l("Checked on"), parsing.day, needed=True, description=_l("Your name is kept with it."))

    @staticmethod
    def typed_from(row: Any) -> dict[str, Any]:
        return {"checked_on": formats.day_typed(row.checked_on or today())}


class WithdrawForm(RecordForm):
    """From which day on it no longer counts."""

    withdrawn_on = Typed(
        _l("Withdrawn on"), parsing.day, needed=True, description=_l("The first day it no longer counts.")
    )

    @staticmethod
    def typed_from(row: Any) -> dict[str, Any]:
        return {"withdrawn_on": formats.day_typed(row.withdrawn_on)}


def typed_certificate(seen: ladder.Certificate) -> dict[str, Any]:
    """What somebody would type to record this certificate."""
    return {
        "number": seen.number,
        "level": seen.level.value,
        "thirty_plus": seen.thirty_plus,
        "valid_from": formats.day_typed(seen.valid_from),
        "valid_until": formats.day_typed(seen.valid_until),
        "kvk": "\n".join(seen.kvk),
        "checked": YES if seen.checked_on else NO,
        "checked_on": formats.day_typed(seen.checked_on),
        "withdrawn_on": formats.day_typed(seen.withdrawn_on),
    }


def remarks(seen: ladder.Certificate, others: Iterable[Certificate]) -> Iterator[str]:
    """What to look at in a certificate beside the others of its corporation."""
    known = [facts_of(each) for each in others]
    if seen.checked_on is None:
        yield _("Not checked yet: it takes nothing away until somebody has found it in the public register.")
    for warning in aspirant_again(seen, [(each.level, each.valid_from, each.kvk) for each in known]):
        yield sentence(warning)
    for kvk, gap in gaps_before(seen, known):
        yield ngettext(
            "KvK number %(kvk)s: %(days)s day is not covered, from %(first)s to %(last)s, unless the policy bridges"
            " it.",
            "KvK number %(kvk)s: %(days)s days are not covered, from %(first)s to %(last)s, unless the policy bridges"
            " them.",
            gap.days,
            kvk=kvk,
            days=gap.days,
            first=formats.day_long(gap.first),
            last=formats.day_long(gap.last),
        )


def _fill(field: Typed, day: Any) -> None:
    field.data, field.value = formats.day_typed(day), day
