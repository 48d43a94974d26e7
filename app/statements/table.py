"""`contributions.csv`: the contributions of a contract as a table, for who opens it in a spreadsheet.

It says nothing that the facts and figures do not say, so that it can be made again from them: a row a contribution, in
the order of reference; keys, dates and numbers as in the JSON whatever the language of the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from app.rules.assessment import Assessment, Credited
from app.rules.dossier import Activity, Dossier, Placement
from app.rules.money import decimal_text
from app.web.csv_file import MARK, line_of

CONTRIBUTIONS = "contributions.csv"
HEAD = (
    "reference",
    "block",
    "status",
    "person",
    "first_day",
    "last_day",
    "hours_per_week",
    "bonuses",
    "counted_from",
    "counted_to",
    "value_eur",
    "credited_eur",
    "approved_on",
    "approved_how",
)


def contributions_csv(dossier: Dossier, figures: Assessment) -> bytes:
    """The file, in UTF-8 with its mark."""
    return (MARK + "".join(map(line_of, (HEAD, *_rows(dossier, figures))))).encode()


def _rows(dossier: Dossier, figures: Assessment) -> Iterator[Sequence[Any]]:
    facts: dict[str, Placement | Activity] = {each.reference: each for each in dossier.placements}
    facts |= {each.reference: each for each in dossier.activities}
    for each in figures.contributions:
        fact = facts[each.reference]
        yield (each.reference, each.block, each.status, *_recorded(fact), *_counted(each), *_approved(fact))


def _recorded(fact: Placement | Activity) -> Sequence[Any]:
    if isinstance(fact, Activity):
        return "", fact.on, fact.on, "", ""
    series = "; ".join(f"{each.starts_on}: {decimal_text(each.a_week)}" for each in fact.hours)
    return fact.person, fact.starts_on, fact.ends_on, series, ", ".join(fact.bonuses)


def _counted(credited: Credited) -> Sequence[Any]:
    days = credited.counted
    return (
        days and days.first,
        days and days.last,
        *(f"{Decimal(cents) / 100:.2f}" for cents in (credited.value_cents, credited.credited_cents)),
    )


def _approved(fact: Placement | Activity) -> Sequence[Any]:
    return (fact.approval.on, fact.approval.how) if fact.approval else ("", "")
