"""What is wrong with facts, before anything is reckoned with them.

Each fault is a RuleError whose values name the record (`sheet`, `reference`) and the `column` as the workbook calls
them, so that a form can show it beside the field and an import beside the cell. Facts without a fault can always be
assessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.rules.credit import over_full_time
from app.rules.dates import ONE_DAY, add_months
from app.rules.dossier import Activity, Base, Dossier, Placement, Terms
from app.rules.errors import RuleError
from app.rules.ladder import Certificate
from app.rules.obligation import lay_out
from app.rules.tables import BY_QUANTITY, Block, RateTable

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
MOST_HOURS_A_WEEK = 60
MOST_CENTS = 10**13
CERTIFICATE_MONTHS = 24


def faults(dossier: Dossier) -> list[RuleError]:
    """All faults of a dossier, in the order of its sheets; empty when it can be assessed."""
    found = [*terms_faults(dossier.terms), *_amendment_faults(dossier)]
    for certificate in dossier.certificates:
        found += certificate_faults(certificate)
    for placement in dossier.placements:
        found += placement_faults(placement, dossier.rate_table)
    for activity in dossier.activities:
        found += activity_faults(activity, dossier.rate_table)
    return [*found, *_double_references(dossier)]


class _Record:
    """Makes the faults of one record."""

    def __init__(self, sheet: str, reference: str | None) -> None:
        self._named = {"sheet": sheet, "reference": reference}

    def fault(self, code: str, column: str, **values: Any) -> RuleError:
        return RuleError(code, **self._named, column=column, **values)

    def dates(self, **dates: date | None) -> Iterator[RuleError]:
        for column, day in dates.items():
            if day is not None and not FIRST_DAY <= day <= LAST_DAY:
                yield self.fault("day_out_of_range", column, day=day, first=FIRST_DAY, last=LAST_DAY)

    def order(self, column: str, starts_on: date, ends_on: date | None) -> Iterator[RuleError]:
        if ends_on is not None and ends_on < starts_on:
            yield self.fault("end_before_start", column, starts_on=starts_on, ends_on=ends_on)

    def amount(self, column: str, cents: int | None, *, least: int = 0) -> Iterator[RuleError]:
        if cents is not None and not least <= cents <= MOST_CENTS:
            yield self.fault("amount_below_zero" if cents < least else "amount_too_high", column, cents=cents)

    def percent(self, column: str, percent: Decimal | None, *, above_zero: bool = False) -> Iterator[RuleError]:
        if percent is None:
            return
        if percent > 100:
            yield self.fault("percent_out_of_range", column, percent=percent)
        elif percent < 0 or (above_zero and percent == 0):
            yield self.fault("percent_not_above_zero" if above_zero else "percent_below_zero", column, percent=percent)


def terms_faults(terms: Terms) -> Iterator[RuleError]:
    record = _Record("contracts", terms.number)
    yield from record.dates(
        starts_on=terms.starts_on, ends_on=terms.ends_on, awarded_on=terms.awarded_on, published_on=terms.published_on
    )
    yield from record.order("ends_on", terms.starts_on, terms.ends_on)
    yield from record.amount("contract_sum", terms.contract_sum_cents)
    yield from record.amount("base_amount", terms.base_amount_cents)
    yield from record.percent("percentage", terms.percentage)
    yield from record.percent("activity_cap", terms.activity_cap)
    if terms.base is not Base.CONTRACT_SUM and terms.base_amount_cents is None:
        yield record.fault("base_amount_missing", "base_amount", base=str(terms.base))


def _amendment_faults(dossier: Dossier) -> Iterator[RuleError]:
    """The first fault of the amendments together; each looks at the end that those before it left."""
    for amendment in dossier.amendments:
        record = _Record("amendments", amendment.reference or str(amendment.effective_on))
        yield from record.dates(effective_on=amendment.effective_on, new_end=amendment.new_end)
        yield from record.amount("amount", amendment.amount_cents, least=-MOST_CENTS)
    if not dossier.amendments or dossier.terms.ends_on < dossier.terms.starts_on:
        return
    try:
        lay_out(dossier.terms, dossier.amendments)
    except RuleError as fault:
        column = {"new_end_before_start": "new_end", "amendment_after_end": "effective_on"}.get(fault.code, "amount")
        named = fault.values.get("reference") or str(fault.values.get("effective_on"))
        yield _Record("amendments", named).fault(
            fault.code, column, **{key: each for key, each in fault.values.items() if key != "reference"}
        )


def certificate_faults(certificate: Certificate) -> Iterator[RuleError]:
    """A certificate is valid at most two years: 2024-05-15 to 2026-05-14 is the longest."""
    record = _Record("certificates", certificate.number)
    yield from record.dates(
        valid_from=certificate.valid_from, valid_until=certificate.valid_until, withdrawn_on=certificate.withdrawn_on
    )
    yield from record.order("valid_until", certificate.valid_from, certificate.valid_until)
    latest = add_months(certificate.valid_from, CERTIFICATE_MONTHS) - ONE_DAY
    if certificate.valid_until > latest:
        yield record.fault("certificate_too_long", "valid_until", latest=latest)
    if not certificate.kvk:
        yield record.fault("certificate_without_kvk", "kvk")


def placement_faults(placement: Placement, table: RateTable) -> Iterator[RuleError]:
    """What is wrong with a placement under its contract's table."""
    record = _Record("placements", placement.reference)
    yield from record.dates(
        starts_on=placement.starts_on, ends_on=placement.ends_on, subsidy_until=placement.subsidy_until
    )
    yield from record.order("ends_on", placement.starts_on, placement.ends_on)
    yield from record.percent("share", placement.share, above_zero=True)
    yield from _hours_faults(placement, record)
    block = table.blocks.get(placement.block)
    if block is None:
        yield record.fault("unknown_block", "block", block=placement.block, table=table.name)
    elif not block.is_for_placements:
        yield record.fault(
            "bonus_without_placement" if block.bonus else "block_of_activities", "block", block=block.code
        )
    else:
        yield from _bonus_faults(placement, block, table, record)


def _hours_faults(placement: Placement, record: _Record) -> Iterator[RuleError]:
    if not placement.hours or placement.hours[0].starts_on != placement.starts_on:
        yield record.fault("hours_from_first_day", "hours_per_week", starts_on=placement.starts_on)
    for before, after in pairwise(placement.hours):
        if after.starts_on <= before.starts_on:
            yield record.fault("hours_out_of_order", "hours_per_week", day=after.starts_on)
    for each in placement.hours:
        if not 0 <= each.a_week <= MOST_HOURS_A_WEEK:
            yield record.fault("hours_out_of_range", "hours_per_week", hours=each.a_week, most=MOST_HOURS_A_WEEK)


def _bonus_faults(placement: Placement, block: Block, table: RateTable, record: _Record) -> Iterator[RuleError]:
    for code in placement.bonuses:
        bonus = table.blocks.get(code)
        if bonus is None or not bonus.bonus:
            yield record.fault("unknown_bonus", "bonuses", bonus=code, table=table.name)
        elif not bonus.may_be_claimed_on(block):
            allowed = ", ".join(bonus.only_with)
            yield record.fault("bonus_not_on_block", "bonuses", bonus=code, block=block.code, allowed=allowed)
    if len(set(placement.bonuses)) < len(placement.bonuses):
        yield record.fault("bonus_twice", "bonuses")


def activity_faults(activity: Activity, table: RateTable) -> Iterator[RuleError]:
    """What is wrong with an activity under its contract's table."""
    record = _Record("activities", activity.reference)
    yield from record.dates(on=activity.on)
    block = table.blocks.get(activity.block)
    if block is None:
        yield record.fault("unknown_block", "block", block=activity.block, table=table.name)
        return
    if not block.is_for_activities:
        code = "bonus_without_placement" if block.bonus else "block_of_placements"
        yield record.fault(code, "block", block=block.code)
        return
    yield from record.amount("amount", activity.amount_cents)
    needed, value = ("quantity", activity.quantity) if block.per in BY_QUANTITY else ("amount", activity.amount_cents)
    if value is None:
        yield record.fault(f"{needed}_missing", needed, block=block.code)
    if activity.quantity is not None and not 0 < activity.quantity <= MOST_CENTS:
        yield record.fault("quantity_not_above_zero", "quantity", quantity=activity.quantity)


def share_fault(placements: Iterable[Placement]) -> RuleError | None:
    """The fault of shares of one person reference of one supplier that come to over 100% on some day."""
    over = over_full_time(placements)
    return RuleError("share_over_100", column="share", day=over[0], percent=over[1]) if over else None


def _double_references(dossier: Dossier) -> Iterator[RuleError]:
    """References are unique over the placements and activities of a contract, numbers-and-days over certificates."""
    seen: set[str] = set()
    for sheet, each in [
        *(("placements", placement.reference) for placement in dossier.placements),
        *(("activities", activity.reference) for activity in dossier.activities),
    ]:
        if each in seen:
            yield _Record(sheet, each).fault("double_reference", "reference")
        seen.add(each)
