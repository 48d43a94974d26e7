"""What the supplier owes: parts, what a PSO certificate exempts of them, and what is due to a day.

The contract is the first part; each amendment is a part of its own, so that its days and its exemption can be followed.
Each of gross, exempted and due is rounded once per part (domain.md, section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import accumulate

from app.rules.dates import ONE_DAY, Period, months_of
from app.rules.dossier import Amendment, Base, Dossier, Terms
from app.rules.errors import RuleError
from app.rules.ladder import Ladder, Stretch, joined, within
from app.rules.money import WHOLE, part_of_whole, to_cents
from app.rules.tables import Policy, Timing


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the obligation, spread evenly over its days.

    `amount` is exact cents, `base_cents` what the percentage took.
    """

    origin: str
    days: Period
    base_cents: int
    amount: Fraction
    reference: str | None = None
    effective_on: date | None = None

    @property
    def daily(self) -> Fraction:
        return self.amount / self.days.days

    def ended_by(self, end: date) -> Part:
        """This part on its days up to `end`; on that day when none is left."""
        return self if self.days.last <= end else replace(self, days=Period(min(self.days.first, end), end))


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A part with the reduction of each of its days, and its rounded figures."""

    part: Part
    stretches: tuple[Stretch, ...]

    @property
    def gross_cents(self) -> int:
        return to_cents(self.part.amount)

    @property
    def exempted_cents(self) -> int:
        return to_cents(self.part.daily * reduced_days(self.stretches))

    def due_cents(self, on: date) -> int:
        """What of the part is due at the end of `on`.

        From its last day on all that is not exempted, so that no cent is lost.
        """
        if on >= self.part.days.last:
            return self.gross_cents - self.exempted_cents
        passed = self.passed(on)
        return to_cents(self.part.daily * (sum(each.days.days for each in passed) - reduced_days(passed)))

    def passed(self, on: date) -> list[Stretch]:
        cut = ((each, each.days.until(on)) for each in self.stretches)
        return [replace(each, days=days) for each, days in cut if days]


@dataclass(frozen=True, slots=True)
class Obligation:
    """The parts of a contract over its term in force, or none and the reason why no obligation applies."""

    term: Period
    parts: tuple[Reckoned, ...]
    coverage: tuple[Stretch, ...]
    reason: str | None = None
    scale: Fraction = WHOLE

    @property
    def gross_cents(self) -> int:
        return sum(each.gross_cents for each in self.parts)

    @property
    def exempted_cents(self) -> int:
        return sum(each.exempted_cents for each in self.parts)

    def due_cents(self, on: date) -> int:
        return sum(each.due_cents(on) for each in self.parts)


def reduced_days(stretches: Iterable[Stretch]) -> Fraction:
    """The days of the stretches, each counted for its reduction."""
    return sum((each.reduction * each.days.days for each in stretches), Fraction(0))


def obligation_of(dossier: Dossier) -> Obligation:
    """Errors: those of `lay_out`."""
    terms, policy = dossier.terms, dossier.policy
    term, parts = lay_out(terms, dossier.amendments)
    ladder = Ladder.of(dossier.certificates, terms.kvk, policy)
    coverage = ladder.coverage(term)
    total = sum((part.amount for part in parts), Fraction(0))
    reason = _why_none(terms, policy, parts, total)
    if reason:
        return Obligation(term, (), coverage, reason)
    scale = _scale(policy, total)
    scaled = [replace(part, amount=part.amount * scale) for part in parts]
    award = ladder.on(terms.awarded_on or terms.starts_on)
    return Obligation(term, reckon(scaled, coverage, policy.timing, award), coverage, scale=scale)


def _why_none(terms: Terms, policy: Policy, parts: Sequence[Part], total: Fraction) -> str | None:
    """Why no obligation applies.

    Thresholds look at the contract as first agreed, and at its sum whatever the base (ours).
    """
    if terms.contract_sum_cents < policy.minimum_sum_cents_for(terms.kind):
        return "below_minimum_sum"
    if months_of(Period(terms.starts_on, terms.ends_on), terms.starts_on) < policy.minimum_months:
        return "below_minimum_months"
    if not terms.percentage:
        return "no_percentage"
    return "nothing_left" if total <= 0 or sum(to_cents(part.amount) for part in parts) <= 0 else None


def _scale(policy: Policy, total: Fraction) -> Fraction:
    """Of the parts together no more than the policy's maximum counts, each in proportion (ours)."""
    maximum = policy.maximum_obligation_cents
    return WHOLE if maximum is None or total <= maximum else maximum / total


def lay_out(terms: Terms, amendments: Iterable[Amendment]) -> tuple[Period, list[Part]]:
    """The term in force and the parts, in the order in which they take effect.

    Errors: `end_before_start`, `new_end_before_start`, `amendment_after_end`, `less_work_below_zero`.
    """
    if terms.ends_on < terms.starts_on:
        raise RuleError("end_before_start", starts_on=terms.starts_on, ends_on=terms.ends_on)
    rate, end = part_of_whole(terms.percentage), terms.ends_on
    parts = [Part("contract", Period(terms.starts_on, end), terms.base_cents, rate * terms.base_cents)]
    for amendment in sorted(amendments, key=_order_of_effect):
        days, new_end = _days_of(amendment, terms, end)
        parts = [part.ended_by(new_end) for part in parts]
        parts.append(_part_of(amendment, days, rate))
        end = new_end
    term = Period(terms.starts_on, end)
    if terms.base is not Base.CONTRACT_SUM:
        return term, [replace(parts[0], days=term)]
    _refuse_below_zero(parts)
    return term, parts


def _order_of_effect(amendment: Amendment) -> tuple[date, bool, str]:
    """By day; of one day those with a new end first, then by reference, those without one first."""
    return amendment.effective_on, amendment.new_end is None, amendment.reference or ""


def _part_of(amendment: Amendment, days: Period, rate: Fraction) -> Part:
    cents = amendment.amount_cents
    return Part("amendment", days, cents, rate * cents, amendment.reference, amendment.effective_on)


def _days_of(amendment: Amendment, terms: Terms, end: date) -> tuple[Period, date]:
    """The days over which an amendment's amount is spread, and the end in force after it."""
    new_end = amendment.new_end or end
    named = {"reference": amendment.reference, "effective_on": amendment.effective_on, "end": end}
    if new_end < terms.starts_on:
        raise RuleError("new_end_before_start", **named, new_end=new_end, starts_on=terms.starts_on)
    if new_end > end:
        return Period(end + ONE_DAY, new_end), new_end
    if amendment.effective_on > end:
        raise RuleError("amendment_after_end", **named)
    first = max(amendment.effective_on, terms.starts_on)
    return Period(min(first, new_end), new_end), new_end


def daily_sums(parts: Iterable[Part], value: Callable[[Part], Fraction]) -> list[tuple[date, Fraction]]:
    """The sum of `value` over the parts that hold a day, as a list of the days from which a new sum holds."""
    changes: dict[date, Fraction] = {}
    for part in parts:
        for day, change in ((part.days.first, value(part)), (part.days.last + ONE_DAY, -value(part))):
            changes[day] = changes.get(day, Fraction(0)) + change
    days = sorted(changes)
    return list(zip(days, accumulate(changes[day] for day in days), strict=True))


def _refuse_below_zero(parts: Sequence[Part]) -> None:
    """Less work may lessen a day's amount to nothing and no further; so exempted lies between 0 and gross."""
    for day, amount in daily_sums(parts, lambda part: part.daily):
        if amount < 0:
            raise RuleError("less_work_below_zero", day=day, reference=_lessening(parts, day))


def _lessening(parts: Iterable[Part], day: date) -> str | None:
    """The last of the amendments for less work that weigh on a day."""
    blamed = [part for part in parts if part.amount < 0 and day in part.days]
    return (blamed[-1].reference or str(blamed[-1].effective_on)) if blamed else None


def reckon(parts: Sequence[Part], coverage: Sequence[Stretch], timing: Timing, award: Stretch) -> tuple[Reckoned, ...]:
    """Each part with the reduction of its days, by the policy's timing. `award` is what held on the award date."""
    if timing is Timing.PRO_RATA:
        return tuple(Reckoned(part, tuple(within(coverage, part.days))) for part in parts)
    if timing is Timing.AT_AWARD:
        return tuple(Reckoned(part, (replace(award, days=part.days),)) for part in parts)
    return _reckon_every_day(parts, coverage)


def _reckon_every_day(parts: Sequence[Part], coverage: Sequence[Stretch]) -> tuple[Reckoned, ...]:
    """The lowest reduction of a part's days holds for all.

    Less work carries what the parts carry that it lessens (ours).
    """
    lowest = {id(part): _lowest(part, coverage) for part in parts if part.amount >= 0}
    above_zero = [part for part in parts if part.amount > 0]
    daily = daily_sums(above_zero, lambda part: part.daily)
    weighted = daily_sums(above_zero, lambda part: part.daily * lowest[id(part)].reduction)
    lessened = {
        day: each / total if total else Fraction(0) for (day, total), (_, each) in zip(daily, weighted, strict=True)
    }
    return tuple(
        Reckoned(part, (lowest[id(part)],) if part.amount >= 0 else _carried(part, lessened)) for part in parts
    )


def _lowest(part: Part, coverage: Sequence[Stretch]) -> Stretch:
    return replace(min(within(coverage, part.days), key=lambda each: each.reduction), days=part.days)


def _carried(part: Part, lessened: dict[date, Fraction]) -> tuple[Stretch, ...]:
    """The average reduction of the parts above zero on each day of a part for less work."""
    held = [day for day in lessened if day <= part.days.first]
    before = lessened[max(held)] if held else Fraction(0)
    pieces = part.days.cut(lessened)
    return joined(Stretch(piece, lessened.get(piece.first, before)) for piece in pieces)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """The euro that come back into the obligation when the certificate that holds is not renewed before a day."""

    cents: int
    before: date
    certificate: str | None


def at_risk(dossier: Dossier, obligation: Obligation, on: date) -> AtRisk | None:
    """What a renewal up to the end of the term would still exempt.

    The difference between what is exempted and what would be if the reduction that holds on `on` went on; so nothing
    with `at_award`, and the whole part with `every_day`. None when nothing lapses.
    """
    day = max(on, obligation.term.first)
    now = next((each for each in obligation.coverage if day in each.days), None)
    if now is None or not now.reduction or dossier.policy.timing is Timing.AT_AWARD:
        return None
    lapse = next(
        (e.days.first for e in obligation.coverage if e.days.first > day and e.reduction < now.reduction), None
    )
    if lapse is None:
        return None
    renewed = [_renewed(each, now.reduction, lapse) for each in obligation.coverage]
    parts = [each.part for each in obligation.parts]
    exempted = sum(each.exempted_cents for each in reckon(parts, renewed, dossier.policy.timing, now))
    certificate = now.certificate.number if now.certificate else None
    return AtRisk(exempted - obligation.exempted_cents, lapse, certificate)


def _renewed(stretch: Stretch, reduction: Fraction, lapse: date) -> Stretch:
    lapsed = stretch.days.first >= lapse and stretch.reduction < reduction
    return replace(stretch, reduction=reduction) if lapsed else stretch
