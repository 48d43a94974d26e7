"""What a placement is credited: its counted days, its months and hours, its bonuses (domain.md, section 2).

A `Count` is reckoned once for the whole contract and then read at any day, so that a year of days costs no more than
one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.rules.dates import ONE_DAY, Period, add_months, months_of, period
from app.rules.dossier import Placement, Status
from app.rules.money import part_of_whole, to_cents
from app.rules.tables import Block, Per, RateTable

MONTHS_IN_YEAR = 12
JUDGED_BY = {Status.APPROVED: (Status.APPROVED,), Status.SUBMITTED: (Status.APPROVED, Status.SUBMITTED)}
"""Which placements a placement's count looks at: an approved one at approved ones only (ours)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Counted days with the same hours a week."""

    days: Period
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """A block or a bonus of one contribution, rounded to the cent. `reason` says why it is less than it could be."""

    block: str
    cents: int
    exact: Fraction
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A span up to a day: its months, and the factor that its hours and the share make of a full year."""

    span: Span
    months: Fraction
    years: Fraction


@dataclass(frozen=True, slots=True)
class Count:
    """The counted days of a placement over the whole contract; none, and `reason`, when no day counts."""

    placement: Placement
    block: Block
    spans: tuple[Span, ...] = ()
    reason: str | None = None
    limited_by: str = ""
    bonuses: tuple[Block, ...] = ()
    once: frozenset[str] = frozenset()

    @property
    def first(self) -> date:
        return self.spans[0].days.first

    def until(self, on: date) -> list[Span]:
        cut = ((span, span.days.until(on)) for span in self.spans)
        return [Span(days, span.hours) for span, days in cut if days]

    def first_worked(self) -> date | None:
        """The first counted day with hours above 0."""
        return next((span.days.first for span in self.spans if span.hours > 0), None)


def share_of(placement: Placement) -> Fraction:
    return part_of_whole(placement.share)


def is_eligible(placement: Placement, table: RateTable, starts_on: date) -> bool:
    """Hired not earlier than the table allows before the contract's start."""
    return placement.starts_on >= add_months(starts_on, -table.hired_before_start_months)


def count_all(placements: Iterable[Placement], table: RateTable, term: Period) -> list[Count]:
    """The count of each submitted or approved placement, in the order given. Time is linear in placements."""
    raw = [_unlimited(each, table, term) for each in placements if each.status in JUDGED_BY]
    starts = {status: _first_days(raw, seen) for status, seen in JUDGED_BY.items()}
    limited = [_limited(count, starts[count.placement.status]) for count in raw]
    return _with_bonuses_once(limited)


def _unlimited(placement: Placement, table: RateTable, term: Period) -> Count:
    """The counted days before the block's maximum."""
    block = table.block(placement.block)
    bonuses = tuple(table.block(code) for code in placement.bonuses)
    if not is_eligible(placement, table, term.first):
        return Count(placement, block, reason="hired_too_early", bonuses=bonuses)
    days = period(max(placement.starts_on, term.first), min(placement.ends_on or term.last, term.last))
    spans = tuple(_spans(placement, days, block)) if days else ()
    return Count(placement, block, spans, None if spans else "no_day_in_term", bonuses=bonuses)


def _spans(placement: Placement, days: Period, block: Block) -> Iterable[Span]:
    """The days by hours a week.

    With `per = "month"` a day of 0 hours is no counted day; elsewhere it counts, at nothing.
    """
    ends = [each.starts_on - ONE_DAY for each in placement.hours[1:]] + [date.max]
    for hours, last in zip(placement.hours, ends, strict=True):
        overlap = days.overlap(Period(hours.starts_on, last)) if hours.starts_on <= last else None
        if overlap and (hours.a_week > 0 or block.per is not Per.MONTH):
            yield Span(overlap, hours.a_week)


def _first_days(counts: Iterable[Count], statuses: Sequence[Status]) -> Mapping[tuple[str, str], date]:
    """The first counted day of each person reference on each block."""
    first: dict[tuple[str, str], date] = {}
    for count in counts:
        if count.spans and count.placement.status in statuses:
            key = count.placement.person, count.block.code
            first[key] = min(first.get(key, count.first), count.first)
    return first


def _limited(count: Count, first_days: Mapping[tuple[str, str], date]) -> Count:
    """At most the block's months from the person's first counted day.

    While subsidised at least to the subsidy's last day.
    """
    if not count.spans or count.block.counts_for_months is None:
        return count
    first = first_days[count.placement.person, count.block.code]
    last = add_months(first, count.block.counts_for_months) - ONE_DAY
    by = "maximum_months"
    if count.block.counts_while_subsidised and (count.placement.subsidy_until or last) > last:
        last, by = count.placement.subsidy_until or last, "subsidy"
    kept = tuple(count.until(last))
    is_cut = not kept or kept[-1].days.last < count.spans[-1].days.last
    reason = None if kept else "maximum_reached"
    return replace(count, spans=kept, reason=reason, limited_by=by if is_cut else "")


def _with_bonuses_once(counts: Sequence[Count]) -> list[Count]:
    """Give each bonus that counts once to one placement of a person (ours).

    The approved placement with the earliest worked day, then the first reference, holds it; else a submitted one.
    """
    holders: dict[tuple[str, str], tuple[bool, date, str]] = {}
    for count in counts:
        worked = count.first_worked()
        for bonus in count.bonuses:
            if bonus.per is Per.ONCE and worked:
                claim = _claim(count, worked)
                key = count.placement.person, bonus.code
                holders[key] = min(holders.get(key, claim), claim)
    return [_holding(count, holders) for count in counts]


def _claim(count: Count, worked: date) -> tuple[bool, date, str]:
    return count.placement.status is not Status.APPROVED, worked, count.placement.reference


def _holding(count: Count, holders: Mapping[tuple[str, str], tuple[bool, date, str]]) -> Count:
    worked, person = count.first_worked(), count.placement.person
    held = {b.code for b in count.bonuses if worked and holders.get((person, b.code)) == _claim(count, worked)}
    return replace(count, once=frozenset(held))


def measures(count: Count, table: RateTable, on: date) -> list[Measure]:
    """Each span up to `on` with its months and its share of a full-time year."""
    share, full_time = share_of(count.placement), table.full_time_hours
    made = []
    for span in count.until(on):
        months = months_of(span.days, count.first)
        hours = Fraction(min(span.hours, full_time)) / Fraction(full_time)
        made.append(Measure(span, months, months / MONTHS_IN_YEAR * hours * share))
    return made


def lines_of(count: Count, measured: Sequence[Measure]) -> list[Line]:
    """The base line and one for each claimed bonus, each rounded once; none when no day has counted yet."""
    if not measured:
        return []
    years = sum((each.years for each in measured), Fraction(0))
    months = sum((each.months for each in measured), Fraction(0))
    factor = months * share_of(count.placement) if count.block.per is Per.MONTH else years
    base = _line(count.block.code, count.block.value_cents * factor)
    return [base, *(_bonus_line(count, bonus, years, measured) for bonus in count.bonuses)]


def _bonus_line(count: Count, bonus: Block, years: Fraction, measured: Sequence[Measure]) -> Line:
    if bonus.per is Per.YEAR:
        return _line(bonus.code, bonus.value_cents * years)
    if bonus.code not in count.once:
        return Line(bonus.code, 0, Fraction(0), "bonus_elsewhere")
    if not any(each.span.hours > 0 for each in measured):
        return Line(bonus.code, 0, Fraction(0), "no_hours_yet")
    return _line(bonus.code, bonus.value_cents * share_of(count.placement))


def _line(block: str, exact: Fraction) -> Line:
    return Line(block, to_cents(exact), exact)


def over_full_time(placements: Iterable[Placement]) -> tuple[date, Decimal] | None:
    """The first day on which the shares of one person add up to over 100%, and that sum; None when there is none.

    The placements are those of one person reference of one supplier, over all contracts.
    """
    changes: dict[date, Decimal] = {}
    for each in placements:
        changes[each.starts_on] = changes.get(each.starts_on, Decimal(0)) + each.share
        if each.ends_on and each.ends_on < date.max:
            after = each.ends_on + ONE_DAY
            changes[after] = changes.get(after, Decimal(0)) - each.share
    total = Decimal(0)
    for day in sorted(changes):
        total += changes[day]
        if total > 100:
            return day, total
    return None
