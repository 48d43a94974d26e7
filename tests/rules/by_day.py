"""The rules of the field once more, the slow way: a loop over days, written from the words and not from app/rules.

It shares nothing with the rule book but the facts, so that a mistake in one shows as a difference.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from app.rules.dossier import Dossier, Placement, Status
from app.rules.ladder import Certificate
from app.rules.tables import Policy, Timing

DAY = timedelta(days=1)
ORDER = ["aspirant", "basis", "1", "2", "3"]


def rounded(exact: Fraction) -> int:
    sign = -1 if exact < 0 else 1
    return sign * int(abs(exact) + Fraction(1, 2))


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY


def later(day: date, months: int) -> date:
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def month_weight(anchor: date, day: date) -> Fraction:
    """What a day counts of a month, measured from the anchor."""
    number = 0
    while later(anchor, number + 1) <= day:
        number += 1
    return Fraction(1, (later(anchor, number + 1) - later(anchor, number)).days)


def counts_on(certificate: Certificate, kvk: str, day: date) -> bool:
    withdrawn = certificate.withdrawn_on is not None and certificate.withdrawn_on <= day
    inside = certificate.valid_from <= day <= certificate.valid_until
    return certificate.checked_on is not None and kvk in certificate.kvk and inside and not withdrawn


def share(certificate: Certificate, policy: Policy) -> Fraction:
    by_level = policy.reductions.get(certificate.level, Fraction(0))
    return max(by_level, policy.thirty_plus_reduction) if certificate.thirty_plus else by_level


def reduction(dossier: Dossier, day: date) -> Fraction:
    policy, kvk = dossier.policy, dossier.terms.kvk
    found = [share(each, policy) for each in dossier.certificates if counts_on(each, kvk, day)]
    sound = [c for c in dossier.certificates if c.checked_on and kvk in c.kvk and c.withdrawn_on is None]
    for ended in sound:
        for begun in sound:
            gap = (begun.valid_from - ended.valid_until).days - 1
            if 1 <= gap <= policy.grace_days and ended.valid_until < day < begun.valid_from:
                found.append(min(share(ended, policy), share(begun, policy)))
    return max(found, default=Fraction(0))


class Part:
    def __init__(self, days: list[date], amount: Fraction) -> None:
        self.days = days
        self.amount = amount

    @property
    def daily(self) -> Fraction:
        return self.amount / len(self.days)


def parts_of(dossier: Dossier) -> tuple[list[Part], date]:
    terms = dossier.terms
    rate, end = Fraction(terms.percentage) / 100, terms.ends_on
    base = terms.contract_sum_cents if terms.base == "contract_sum" else terms.base_amount_cents or 0
    made = [Part(list(days(terms.starts_on, end)), rate * base)]
    ordered = sorted(dossier.amendments, key=lambda a: (a.effective_on, a.new_end is None, a.reference or ""))
    for each in ordered:
        new_end = each.new_end or end
        effective = max(each.effective_on, terms.starts_on)
        first = end + DAY if new_end > end else effective
        spread = list(days(first, new_end)) or [new_end]
        for part in made:
            part.days = [day for day in part.days if day <= new_end] or [new_end]
        made.append(Part(spread, rate * each.amount_cents))
        end = new_end
    if terms.base != "contract_sum":
        made = [Part(list(days(terms.starts_on, end)), rate * base)]
    total = sum(part.amount for part in made)
    maximum = dossier.policy.maximum_obligation_cents
    if maximum is not None and total > maximum:
        for part in made:
            part.amount = part.amount * maximum / total
    return made, end


def reductions_of(part: Part, made: list[Part], dossier: Dossier) -> list[Fraction]:
    timing = dossier.policy.timing
    if timing is Timing.PRO_RATA:
        return [reduction(dossier, day) for day in part.days]
    if timing is Timing.AT_AWARD:
        return [reduction(dossier, dossier.terms.awarded_on or dossier.terms.starts_on)] * len(part.days)
    if part.amount >= 0:
        return [min(reduction(dossier, day) for day in part.days)] * len(part.days)
    return [lessened(day, made, dossier) for day in part.days]


def lessened(day: date, made: list[Part], dossier: Dossier) -> Fraction:
    above = [part for part in made if part.amount > 0 and day in part.days]
    weighted = sum(part.daily * min(reduction(dossier, each) for each in part.days) for part in above)
    return weighted / sum(part.daily for part in above)


def obligation(dossier: Dossier, on: date) -> tuple[int, int, int]:
    """Gross, exempted and due, in cents."""
    made, _ = parts_of(dossier)
    gross = exempted = due = 0
    for part in made:
        shares = reductions_of(part, made, dossier)
        of_part = rounded(part.amount), rounded(part.daily * sum(shares))
        gross, exempted = gross + of_part[0], exempted + of_part[1]
        if on >= part.days[-1]:
            due += of_part[0] - of_part[1]
        else:
            passed = [1 - each for day, each in zip(part.days, shares, strict=True) if day <= on]
            due += rounded(part.daily * sum(passed))
    return gross, exempted, due


def hours_on(placement: Placement, day: date) -> Fraction:
    return [Fraction(each.a_week) for each in placement.hours if each.starts_on <= day][-1]


def counted_days(placement: Placement, dossier: Dossier, end: date) -> list[date]:
    """The days that count before the block's maximum."""
    table, starts = dossier.rate_table, dossier.terms.starts_on
    if placement.starts_on < later(starts, -table.hired_before_start_months):
        return []
    found = days(max(placement.starts_on, starts), min(placement.ends_on or end, end))
    monthly = table.blocks[placement.block].per == "month"
    return [day for day in found if not monthly or hours_on(placement, day) > 0]


def limit(placement: Placement, dossier: Dossier, end: date) -> date:
    block = dossier.rate_table.blocks[placement.block]
    if block.counts_for_months is None:
        return date.max
    seen = (Status.APPROVED,) if placement.status is Status.APPROVED else (Status.APPROVED, Status.SUBMITTED)
    same = [p for p in dossier.placements if (p.person, p.block) == (placement.person, placement.block)]
    first = min(found[0] for p in same if p.status in seen and (found := counted_days(p, dossier, end)))
    last = later(first, block.counts_for_months) - DAY
    until = placement.subsidy_until
    return max(last, until) if block.counts_while_subsidised and until else last


def worked_days(placement: Placement, dossier: Dossier, end: date) -> list[date]:
    """The counted days, the block's maximum included, that have hours."""
    found = counted_days(placement, dossier, end)
    last = limit(placement, dossier, end) if found else end
    return [day for day in found if day <= last and hours_on(placement, day) > 0]


def holds_once(placement: Placement, bonus: str, dossier: Dossier, end: date) -> bool:
    claims = [
        (p.status is not Status.APPROVED, found[0], p.reference)
        for p in dossier.placements
        if p.person == placement.person and bonus in p.bonuses
        if p.status in (Status.APPROVED, Status.SUBMITTED) and (found := worked_days(p, dossier, end))
    ]
    return bool(claims) and min(claims)[2] == placement.reference


def credit(placement: Placement, dossier: Dossier, on: date) -> int:
    """What a placement is credited at the end of a day, in cents."""
    if placement.status not in (Status.APPROVED, Status.SUBMITTED):
        return 0
    table, block = dossier.rate_table, dossier.rate_table.blocks[placement.block]
    _, end = parts_of(dossier)
    whole = counted_days(placement, dossier, end)
    if not whole:
        return 0
    last = min(limit(placement, dossier, end), on)
    full, of_contract = Fraction(table.full_time_hours), Fraction(placement.share) / 100
    weights = [(day, month_weight(whole[0], day)) for day in whole if day <= last]
    months = sum((weight for _, weight in weights), Fraction(0))
    years = sum((weight * min(hours_on(placement, day), full) / full for day, weight in weights), Fraction(0)) / 12
    factor = months if block.per == "month" else years
    total = rounded(block.value_cents * factor * of_contract)
    for code in placement.bonuses:
        bonus = table.blocks[code]
        if bonus.per == "year":
            total += rounded(bonus.value_cents * years * of_contract)
        elif holds_once(placement, code, dossier, end) and any(hours_on(placement, day) > 0 for day, _ in weights):
            total += rounded(bonus.value_cents * of_contract)
    return total
