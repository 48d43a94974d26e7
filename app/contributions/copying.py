"""What was done in a period, once more in the next: the same efforts with their days moved on, to begin drafts with.

A proposal only: whoever copies looks at each of them before it is submitted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

from app.contributions.entries import Entry, entry_faults
from app.contributions.models import Contribution
from app.rules import RuleError
from app.rules import dossier as facts
from app.rules.dates import Period, add_months, period
from app.rules.dossier import Status
from app.rules.tables import Per, RateTable


@dataclass(frozen=True, slots=True)
class Copy:
    """A version and what would be entered after it; `refusal` says why nothing is, or needs to be."""

    version: Contribution
    entered: Entry | None = None
    refusal: RuleError | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """From the period `last` to the period `now`, so many months later, under a rate table."""

    last: Period
    now: Period
    months: int
    table: RateTable

    def copies(self, versions: Iterable[tuple[Contribution, Entry]]) -> list[Copy]:
        """The efforts of the period before, each for this one.

        `versions` are those that wait or count on the contract, with their facts; a placement's person is the
        supplier's reference. Of a person who worked on past the period nothing is copied: the placement goes on.
        """
        held = list(versions)
        entries = [entry for _version, entry in held]
        return [self._copy(version, entry, entries) for version, entry in held if _is_in(self.last, entry)]

    def _copy(self, version: Contribution, entry: Entry, held: Sequence[Entry]) -> Copy:
        if isinstance(entry, facts.Placement) and (entry.ends_on is None or entry.ends_on > self.last.last):
            return Copy(version, refusal=RuleError("copy_goes_on"))
        moved = self._moved(entry)
        if moved is None:
            return Copy(version, refusal=RuleError("copy_after_end"))
        if any(_is_same(moved, each) for each in held):
            return Copy(version, moved, RuleError("copy_is_there"))
        fault = next(chain(entry_faults(moved, self.table)), None)
        return Copy(version, refusal=fault) if fault else Copy(version, moved)

    def _moved(self, entry: Entry) -> Entry | None:
        """With its days in the new period; None when none of them is."""
        if isinstance(entry, facts.Activity):
            on = add_months(entry.on, self.months)
            return replace(entry, reference="", status=Status.DRAFT, on=on) if on in self.now else None
        days = self._moved_days(entry)
        if days is None:
            return None
        return replace(
            entry,
            reference="",
            status=Status.DRAFT,
            starts_on=days.first,
            ends_on=days.last,
            hours=(facts.Hours(days.first, entry.hours[-1].a_week),),
            bonuses=tuple(code for code in entry.bonuses if self.table.block(code).per is not Per.ONCE),
            subsidy_until=entry.subsidy_until if _holds(entry.subsidy_until, days.first) else None,
        )

    def _moved_days(self, entry: facts.Placement) -> Period | None:
        """Who was there on the first day begins on the first; who stayed to the last stays to the last."""
        assert entry.ends_on is not None
        first = self.now.first if entry.starts_on <= self.last.first else add_months(entry.starts_on, self.months)
        until = self.now.last if entry.ends_on == self.last.last else add_months(entry.ends_on, self.months)
        return period(first, min(until, self.now.last))


def _holds(until: date | None, first: date) -> bool:
    return until is not None and until >= first


def _is_in(days: Period, entry: Entry) -> bool:
    if isinstance(entry, facts.Activity):
        return entry.on in days
    return entry.starts_on <= days.last and (entry.ends_on is None or entry.ends_on >= days.first)


def _is_same(moved: Entry, other: Entry) -> bool:
    """Whether that one says already what the copy would say."""
    if isinstance(moved, facts.Placement) and isinstance(other, facts.Placement):
        overlaps = other.ends_on is None or other.ends_on >= moved.starts_on
        begins = other.starts_on <= (moved.ends_on or other.starts_on)
        return (moved.person, moved.block) == (other.person, other.block) and overlaps and begins
    if isinstance(moved, facts.Activity) and isinstance(other, facts.Activity):
        what = (moved.block, moved.on, moved.amount_cents, moved.quantity)
        return what == (other.block, other.on, other.amount_cents, other.quantity)
    return False
