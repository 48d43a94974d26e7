"""Placements that end before their contract does: who follows whom, and what a successor who is missing would bring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.rules import Assessment, Dossier, assess
from app.rules.credit import Count, count_all
from app.rules.dates import ONE_DAY, Period
from app.rules.dossier import Hours, Placement, Status, with_approved

A_MONTH = timedelta(days=31)
"""Who begins so shortly before somebody leaves is the successor too; and so long after it is asked who follows."""


@dataclass(frozen=True, slots=True)
class Ending:
    """An approved placement with its last counted day, and until when it could count if it went on."""

    placement: Placement
    last: date
    could_until: date


def unfollowed(dossier: Dossier, term: Period, near: Period) -> Iterator[Ending]:
    """Placements that end in these days, before the contract does, without a successor; one person succeeds one."""
    counts = [each for each in count_all(dossier.placements, dossier.rate_table, term) if each.spans]
    free = sorted((each.placement for each in counts), key=lambda each: each.starts_on)
    ending = (each for each in counts if each.placement.status is Status.APPROVED)
    for count in sorted(ending, key=lambda each: (each.spans[-1].days.last, each.placement.reference)):
        placement, last = count.placement, count.spans[-1].days.last
        if last >= term.last:
            continue
        successor = next((each for each in free if _follows(each, placement, last)), None)
        if successor:
            free.remove(successor)
        elif last in near:
            yield Ending(placement, last, _could_until(dossier, count, term))


def _follows(other: Placement, placement: Placement, last: date) -> bool:
    return other.starts_on > max(placement.starts_on, last - A_MONTH)


def _could_until(dossier: Dossier, count: Count, term: Period) -> date:
    """Until when it would count without an end of its own."""
    placement = count.placement
    of_person = (each for each in dossier.placements if each.person == placement.person)
    longer = [replace(each, ends_on=None) if each is placement else each for each in of_person]
    counts = count_all(longer, dossier.rate_table, term)
    spans = next(each.spans for each in counts if each.placement.reference == placement.reference)
    return spans[-1].days.last


def worth_of_successor(dossier: Dossier, figures: Assessment, ending: Ending) -> int:
    """What somebody else in the same place would still bring, as far as the contract asks for it."""
    first, placement = max(ending.last, figures.on) + ONE_DAY, ending.placement
    if first > figures.term.last:
        return 0
    successor = replace(
        placement,
        reference=f"{placement.reference} +",
        starts_on=first,
        ends_on=None,
        hours=(Hours(first, placement.hours[-1].a_week),),
        bonuses=(),
        subsidy_until=None,
    )
    gained = assess(with_approved(dossier, successor, ()), figures.on).forecast_cents - figures.forecast_cents
    return min(gained, figures.open_cents)
