"""What deserves a look about an entry beside its contract's facts: before it is submitted, and while it waits.

An error says that it counts nothing or will be refused, a warning that it counts otherwise than one might expect or
will be asked about, a hint what is good to know. Nothing here changes a figure. The figures are those of the rule book:
the entry is put into the dossier as approved, and looked at on the contract's last day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from app.rules.assessment import Assessment, Credited, assess
from app.rules.credit import Count, count_all
from app.rules.dates import Period, add_months, period
from app.rules.dossier import Activity, Dossier, Placement, Status, with_approved
from app.rules.errors import RuleError
from app.rules.obligation import obligation_of
from app.rules.plan import Effort, as_done
from app.rules.tables import Block, Per

LATE_MONTHS = 6
"""What ended longer ago than this when it is entered is asked about (ours)."""
FAR_ABOVE_PLAN = 2
"""So many times what the plan foresees of a building block is far above it (ours)."""
COUNTING = (Status.APPROVED, Status.SUBMITTED)


class Severity(StrEnum):
    """How much a finding matters, the gravest first."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Rule(StrEnum):
    """What rule a finding rests on; the words and the place where it can be read are the reader's."""

    ELIGIBLE = "eligible"
    DAYS = "days"
    MAXIMUM = "maximum"
    HOURS = "hours"
    SHARE = "share"
    BONUS = "bonus"
    ACTIVITY = "activity"
    CAP = "cap"
    OBLIGATION = "obligation"
    PLAN = "plan"
    REPORTING = "reporting"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: a code with the values of its sentence, and the rule that it rests on."""

    severity: Severity
    code: str
    values: Mapping[str, Any]
    rule: Rule

    def named(self, labels: Mapping[str, str]) -> Finding:
        """With the block called as readers know it."""
        block = self.values.get("block")
        return self if block is None else replace(self, values={**self.values, "block": labels.get(block, block)})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a dossier does not say of an entry, on the day `on` on which is looked.

    `same_person` are the references of the person's placements on the contract; `share_fault` is the fault of the
    person's shares over all contracts of the supplier. `has_evidence` is None while nothing can be added yet,
    `entered_on` while it is not entered. `planned` is what the agreed plan foresees of each block, in cents; None when
    there is no plan.
    """

    on: date
    same_person: frozenset[str] = frozenset()
    share_fault: RuleError | None = None
    has_evidence: bool | None = None
    entered_on: date | None = None
    planned: Mapping[str, int] | None = None


def findings(dossier: Dossier, entered: Placement | Activity, facts: Facts) -> tuple[Finding, ...]:
    """What deserves a look about `entered`, the gravest first. Errors: RuleError, for facts that cannot be assessed."""
    with_it = with_approved(dossier, entered, facts.same_person)
    return findings_in(with_it, entered.reference, facts, assess(with_it, obligation_of(with_it).term.last))


def findings_in(dossier: Dossier, reference: str, facts: Facts, at_end: Assessment) -> tuple[Finding, ...]:
    """The same, of a dossier that has the entry as approved and was assessed on the contract's last day already."""
    look = _Look(dossier, reference, facts, at_end)
    return tuple(sorted(look.found(), key=lambda each: list(Severity).index(each.severity)))


def planned_by_block(dossier: Dossier, efforts: Sequence[Effort]) -> Mapping[str, int]:
    """What a plan foresees of each block at the end of the contract, in cents."""
    planned: dict[str, int] = {}
    for each in assess(as_done(dossier, efforts), obligation_of(dossier).term.last).contributions:
        planned[each.block] = planned.get(each.block, 0) + each.credited_cents
    return planned


def _error(code: str, rule: Rule, **values: Any) -> Finding:
    return Finding(Severity.ERROR, code, values, rule)


def _warning(code: str, rule: Rule, **values: Any) -> Finding:
    return Finding(Severity.WARNING, code, values, rule)


def _hint(code: str, rule: Rule, **values: Any) -> Finding:
    return Finding(Severity.HINT, code, values, rule)


class _Look:
    """Looks at one entry from all sides."""

    def __init__(self, dossier: Dossier, reference: str, facts: Facts, at_end: Assessment) -> None:
        self.dossier, self.facts, self.at_end, self.term = dossier, facts, at_end, at_end.term
        self.table = dossier.rate_table
        self.credited: Credited = next(each for each in at_end.contributions if each.reference == reference)
        self.block = self.table.block(self.credited.block)
        self.reference = reference

    def found(self) -> Iterator[Finding]:
        entry = next(each for each in self._all() if each.reference == self.reference)
        yield from self._of_placement(entry) if isinstance(entry, Placement) else self._of_activity(entry)
        yield from self._of_lateness(entry)
        if self.facts.has_evidence is False:
            yield _warning("check_no_evidence", Rule.PROOF)
        yield from self._of_plan()
        yield from self._of_contract()

    def _all(self) -> Iterator[Placement | Activity]:
        yield from self.dossier.placements
        yield from self.dossier.activities

    def _of_placement(self, placement: Placement) -> Iterator[Finding]:
        if self.facts.share_fault:
            yield Finding(Severity.ERROR, self.facts.share_fault.code, self.facts.share_fault.values, Rule.SHARE)
        approved = [each for each in self.dossier.placements if each.status is Status.APPROVED]
        count = next(
            each
            for each in count_all(approved, self.table, self.term)
            if each.placement.reference == placement.reference
        )
        yield from self._why_nothing(count)
        yield from self._of_days(placement)
        yield from self._of_maximum(count)
        yield from self._of_hours(placement)
        yield from self._of_bonuses(placement)
        yield from self._of_person(placement)

    def _why_nothing(self, count: Count) -> Iterator[Finding]:
        if count.reason == "hired_too_early":
            earliest = add_months(self.term.first, -self.table.hired_before_start_months)
            yield _error("check_hired_too_early", Rule.ELIGIBLE, day=earliest)
        elif count.reason == "maximum_reached":
            yield _error("check_maximum_reached", Rule.MAXIMUM, months=self.block.counts_for_months)
        elif count.reason:
            yield _error("check_outside", Rule.DAYS, first=self.term.first, last=self.term.last)
        elif not self.credited.value_cents:
            yield _error("check_nothing", Rule.HOURS)

    def _of_days(self, placement: Placement) -> Iterator[Finding]:
        if placement.starts_on < self.term.first:
            yield _warning("check_early", Rule.DAYS, day=self.term.first)
        if placement.ends_on is None:
            yield _hint("check_no_end", Rule.DAYS, day=self.term.last)
        elif placement.ends_on > self.term.last:
            yield _hint("check_late", Rule.DAYS, day=self.term.last)

    def _of_maximum(self, count: Count) -> Iterator[Finding]:
        if count.limited_by and count.spans:
            last, months = count.spans[-1].days.last, self.block.counts_for_months
            code = "check_subsidy_ends" if count.limited_by == "subsidy" else "check_maximum"
            yield _warning(code, Rule.MAXIMUM, day=last, months=months)
        is_subsidised = count.placement.subsidy_until is not None
        if count.limited_by and self.block.counts_while_subsidised and not is_subsidised:
            yield _hint("check_subsidy_missing", Rule.MAXIMUM)
        if is_subsidised and not self.block.counts_while_subsidised:
            yield _hint("check_subsidy", Rule.MAXIMUM)

    def _of_hours(self, placement: Placement) -> Iterator[Finding]:
        full_time = self.table.full_time_hours
        if self.block.per is not Per.MONTH and any(each.a_week > full_time for each in placement.hours):
            yield _hint("check_over_full_time", Rule.HOURS, hours=full_time)

    def _of_bonuses(self, placement: Placement) -> Iterator[Finding]:
        elsewhere = {line.block for line in self.credited.lines if line.reason == "bonus_elsewhere"}
        for bonus in map(self.table.block, placement.bonuses):
            if bonus.code in elsewhere:
                yield _warning("check_bonus_elsewhere", Rule.BONUS, block=bonus.code)
            if bonus.age_from:
                yield _hint("check_age", Rule.BONUS, block=bonus.code, age=bonus.age_from)
            else:
                yield _hint("check_bonus", Rule.BONUS, block=bonus.code)

    def _of_person(self, placement: Placement) -> Iterator[Finding]:
        """Another placement of the same person in the same days is often the same one entered twice."""
        for other in self.dossier.placements:
            is_other = other.reference != placement.reference and other.person == placement.person
            if is_other and other.status in COUNTING and _days_of(other).overlap(_days_of(placement)):
                yield _warning("check_same_person", Rule.SHARE, reference=other.reference)

    def _of_activity(self, activity: Activity) -> Iterator[Finding]:
        if activity.on not in self.term:
            yield _error("check_outside", Rule.ACTIVITY, first=self.term.first, last=self.term.last)
        for other in self.dossier.activities:
            if other.reference != activity.reference and other.status in COUNTING and _are_alike(other, activity):
                yield _warning("check_same_activity", Rule.ACTIVITY, reference=other.reference)
        if self.credited.over_cap_cents:
            yield _warning("check_over_cap", Rule.CAP, cents=self.credited.over_cap_cents)
        yield from _of_agreement(activity, self.block)
        if not activity.description:
            yield _hint("check_no_description", Rule.PROOF)

    def _of_lateness(self, entry: Placement | Activity) -> Iterator[Finding]:
        days = _days_of(entry)
        if days.first > self.facts.on:
            rule = Rule.DAYS if isinstance(entry, Placement) else Rule.ACTIVITY
            yield _hint("check_ahead", rule, day=days.first)
        if add_months(min(days.last, self.term.last), LATE_MONTHS) < (self.facts.entered_on or self.facts.on):
            yield _warning("check_entered_late", Rule.REPORTING, months=LATE_MONTHS)

    def _of_plan(self) -> Iterator[Finding]:
        if self.facts.planned is None:
            return
        planned = self.facts.planned.get(self.block.code, 0)
        done = sum(each.credited_cents for each in self.at_end.contributions if each.block == self.block.code)
        if not planned:
            yield _hint("check_not_planned", Rule.PLAN, block=self.block.code)
        elif done > FAR_ABOVE_PLAN * planned:
            yield _hint("check_above_plan", Rule.PLAN, block=self.block.code, planned_cents=planned, cents=done)

    def _of_contract(self) -> Iterator[Finding]:
        if self.at_end.net_cents <= 0:
            yield _hint("check_nothing_owed", Rule.OBLIGATION)
        elif self.at_end.surplus_cents:
            yield _hint("check_surplus", Rule.OBLIGATION, cents=self.at_end.surplus_cents)


def _of_agreement(activity: Activity, block: Block) -> Iterator[Finding]:
    if block.per is not Per.AGREED:
        return
    yield _hint("check_agreed", Rule.PROOF)
    most = block.maximum_per_day_cents
    if most is not None and (activity.amount_cents or 0) > most * (activity.quantity or 1):
        yield _warning("check_day_maximum", Rule.ACTIVITY, most_cents=most)


def _are_alike(one: Activity, other: Activity) -> bool:
    """Whether two activities may be the same invoice, or the same day's work, entered twice."""
    return (one.block, one.on, one.amount_cents, one.quantity) == (
        other.block,
        other.on,
        other.amount_cents,
        other.quantity,
    )


def _days_of(entry: Placement | Activity) -> Period:
    if isinstance(entry, Activity):
        return Period(entry.on, entry.on)
    return period(entry.starts_on, entry.ends_on or date.max) or Period(entry.starts_on, date.max)
