"""A contract over a period, a calendar year for one: how it stands at its end, and what was credited in it.

What is credited in a period is what is credited through its last day less what was credited through the day before its
first: so the years of a contract add up to the whole, to the cent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.rules.assessment import Assessment, assess
from app.rules.dates import ONE_DAY, Period
from app.rules.dossier import Dossier


@dataclass(frozen=True, slots=True)
class InPeriod:
    """`at` is the assessment as of the period's last day. Amounts are euro cents.

    `credited_by_reference` has what each contribution was credited in the period, 0 included.
    """

    dossier: Dossier
    days: Period
    at: Assessment
    credited_before_cents: int
    credited_by_reference: Mapping[str, int]

    @property
    def credited_cents(self) -> int:
        """What was credited in the period."""
        return self.at.credited_cents - self.credited_before_cents

    @property
    def is_in_term(self) -> bool:
        """Whether some day of the period lies in the contract's term."""
        return self.at.term.overlap(self.days) is not None


def in_period(dossier: Dossier, days: Period) -> InPeriod:
    """Errors: as `assess`."""
    at, before = assess(dossier, days.last), assess(dossier, days.first - ONE_DAY)
    earlier = {each.reference: each.credited_cents for each in before.contributions}
    return InPeriod(
        dossier,
        days,
        at,
        before.credited_cents,
        {each.reference: each.credited_cents - earlier[each.reference] for each in at.contributions},
    )
