"""An effort that is only thought of, in words: "One person: BBL, 32 hours a week, 12 months"."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import ngettext

from app.rules.dates import Period, months_of
from app.rules.dossier import Dossier
from app.rules.tables import Per
from app.web.formats import day_long, euro, euro_whole, hours
from app.web.words import label
from app.whatif.scenario import Effort, People, Work

ROUND_EURO = 100


def efforts_in_words(efforts: Iterable[Effort], dossier: Dossier) -> str:
    """Efforts together, one after the other."""
    return "; ".join(effort_in_words(each, dossier) for each in efforts)


def effort_in_words(effort: Effort, dossier: Dossier) -> str:
    return _people(effort, dossier) if isinstance(effort, People) else _work(effort, dossier)


def _people(people: People, dossier: Dossier) -> str:
    called = label(dossier.rate_table.block(people.block))
    who = ngettext("One person: %(block)s", "%(num)s people: %(block)s", people.number, block=called)
    written = hours(people.hours)
    a_week = ngettext("%(hours)s hour a week", "%(hours)s hours a week", _count(people.hours), hours=written)
    return f"{who}, {a_week}, {_how_long(people)}"


def _how_long(people: People) -> str:
    """Whole months as months, other days by the last one."""
    if people.ends_on is None:
        return str(_("to the end of the contract"))
    if people.ends_on >= people.starts_on:
        months = months_of(Period(people.starts_on, people.ends_on), people.starts_on)
        if months.denominator == 1:
            return str(ngettext("%(num)s month", "%(num)s months", int(months)))
    return str(_("until %(day)s", day=day_long(people.ends_on)))


def _work(work: Work, dossier: Dossier) -> str:
    block = dossier.rate_table.block(work.block)
    if work.amount_cents is not None:
        amount = (euro if work.amount_cents % ROUND_EURO else euro_whole)(work.amount_cents)
        return f"{label(block)}: {amount}"
    quantity = work.quantity or 0
    written = hours(quantity)
    if block.per is Per.HOUR:
        many = ngettext("%(number)s hour", "%(number)s hours", _count(quantity), number=written)
    else:
        many = ngettext("%(number)s day", "%(number)s days", _count(quantity), number=written)
    return f"{label(block)}: {many}"


def _count(number: object) -> int:
    """Singular for exactly one."""
    return 1 if number == 1 else 2
