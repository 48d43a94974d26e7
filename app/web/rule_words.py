"""The words of every rule that the rule book names in its steps, one entry a code and, after a point, its case.

What stands between the brackets are the step's inputs as `app/web/reasons.py` writes them. `anchor` is the place on the
page "How is this calculated?"; `is_ours` marks what the published schemes leave open and we decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from flask_babel import lazy_gettext as _l


class Result(Enum):
    """What a step results in; NONE where the words say it already."""

    NONE = auto()
    CENTS = auto()
    PERCENT = auto()
    MONTHS = auto()
    YEARS = auto()
    FACTOR = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """How a step is told: its words, its result, and what joins the two on one line."""

    words: Any
    anchor: str
    result: Result = Result.NONE
    joined_by: str = ": "
    is_ours: bool = False


def _sum(words: Any, anchor: str, result: Result = Result.CENTS, *, is_ours: bool = False) -> Rule:
    return Rule(words, anchor, result, " = ", is_ours)


TOTALS = {
    "sum": Rule(_l("Together"), "rounding", Result.CENTS),
    "net": _sum(_l("%(gross_cents)s gross − %(exempted_cents)s exempted"), "obligation"),
    "remaining": _sum(_l("%(net_cents)s net − %(credited_cents)s credited"), "status"),
    "remaining.surplus": Rule(
        _l("%(credited_cents)s credited is more than %(net_cents)s net: a surplus is not moved to another contract"),
        "status",
        Result.CENTS,
        is_ours=True,
    ),
    "contribution": Rule("%(reference)s", "placements", Result.CENTS),
    "sum.credited": Rule(_l("Together, all that is approved"), "placements", Result.CENTS),
    "sum.credited.none": Rule(_l("Nothing that is approved has counted yet"), "placements", Result.CENTS),
    "sum.pending": Rule(_l("Together, all that is submitted and not judged yet"), "placements", Result.CENTS),
    "sum.pending.none": Rule(_l("Nothing submitted is waiting"), "placements", Result.CENTS),
    "sum.forecast": Rule(
        _l("Together, on the last day, when all that is approved runs as planned"), "status", Result.CENTS
    ),
    "sum.forecast.none": Rule(_l("Nothing that is approved will count"), "status", Result.CENTS),
    "cap": _sum(_l("The cap on activities: %(gross_cents)s × %(activity_cap)s"), "activities"),
    "cap.none": Rule(_l("The contract has no cap on activities"), "activities"),
}

STATUS = {
    "status.not_applicable": Rule(_l("No obligation applies, or nothing is owed in gross"), "status"),
    "status.not_started": Rule(_l("%(on)s lies before the term"), "status"),
    "status.exempt": Rule(_l("All that is owed in gross is exempt: nothing remains in net"), "status"),
    "status.exempt.now": Rule(_l("Nothing is due yet, and all that runs on %(on)s is exempt for 100%%"), "status"),
    "status.fulfilled": Rule(_l("%(credited_cents)s credited is at least %(net_cents)s net"), "status"),
    "status.on_track": Rule(
        _l("%(credited_cents)s credited is at least the %(due_cents)s that is due to this day"), "status"
    ),
    "status.on_track.forecast": Rule(
        _l("The forecast of %(forecast_cents)s is at least %(net_cents)s net, though less is credited than is due"),
        "status",
    ),
    "status.behind": Rule(
        _l(
            "%(credited_cents)s credited is less than the %(due_cents)s that is due to this day, and the forecast of"
            " %(forecast_cents)s is less than %(net_cents)s net"
        ),
        "status",
    ),
    "status.shortfall": Rule(
        _l("The term has ended, and %(credited_cents)s credited is less than %(net_cents)s net"), "status"
    ),
}

OBLIGATION = {
    "obligation.below_minimum_sum": Rule(
        _l("The contract sum of %(contract_sum_cents)s is below %(minimum_cents)s, from which an obligation applies"),
        "thresholds",
        is_ours=True,
    ),
    "obligation.below_minimum_months": Rule(
        _l("The term is shorter than %(minimum_months_written)s, from which an obligation applies"),
        "thresholds",
        is_ours=True,
    ),
    "obligation.no_percentage": Rule(_l("The percentage is 0"), "thresholds"),
    "obligation.nothing_left": Rule(_l("The parts together come to nothing, or to less"), "thresholds"),
    "obligation.maximum": _sum(
        _l(
            "The parts come to %(total_cents)s and count for at most %(maximum_cents)s:"
            " each for %(maximum_cents)s / %(total_cents)s"
        ),
        "maximum",
        Result.FACTOR,
        is_ours=True,
    ),
    "part.gross": _sum(_l("%(base)s %(base_cents)s × %(percentage)s"), "obligation"),
    "part.gross.scaled": _sum(_l("%(base)s %(base_cents)s × %(percentage)s × %(scale)s"), "maximum", is_ours=True),
    "part.gross.amendment": _sum(_l("%(base_cents)s × %(percentage)s"), "obligation", is_ours=True),
    "part.gross.amendment.scaled": _sum(_l("%(base_cents)s × %(percentage)s × %(scale)s"), "maximum", is_ours=True),
    "part.reduction": Rule(_l("%(days_written)s with PSO %(level)s, %(from)s to %(to)s"), "exemption", Result.PERCENT),
    "part.reduction.none": Rule(
        _l("%(days_written)s without a certificate, %(from)s to %(to)s"), "exemption", Result.PERCENT
    ),
    "part.reduction.grace": Rule(
        _l("%(days_written)s bridged between two certificates, %(from)s to %(to)s"), "exemption", Result.PERCENT
    ),
    "part.reduction.carried": Rule(
        _l("%(days_written)s with the reduction of the work that this lessens, %(from)s to %(to)s"),
        "exemption",
        Result.PERCENT,
        is_ours=True,
    ),
    "part.exempted": _sum(_l("%(gross_cents)s × %(reduced_days)s / %(days_written)s"), "exemption"),
    "part.not_begun": Rule(_l("Begins on %(from)s: nothing is due yet"), "due", Result.CENTS),
    "part.due": _sum(
        _l(
            "%(passed_days)s days have passed, of which %(reduced_days)s exempt:"
            " %(gross_cents)s × %(owing_days)s / %(days_written)s"
        ),
        "due",
    ),
    "part.due_whole": _sum(_l("All its days have passed: %(gross_cents)s − %(exempted_cents)s"), "due"),
}

PLACEMENTS = {
    "placement.counted": Rule(_l("Counts from %(from)s to %(to)s"), "months", Result.MONTHS, is_ours=True),
    "placement.counted.maximum_months": Rule(
        _l("Counts from %(from)s to %(to)s, the longest that this person counts here"),
        "months",
        Result.MONTHS,
        is_ours=True,
    ),
    "placement.counted.subsidy": Rule(
        _l("Counts from %(from)s to %(to)s, as long as the wage-cost subsidy runs"),
        "months",
        Result.MONTHS,
        is_ours=True,
    ),
    "placement.years": _sum(
        _l("%(from)s to %(to)s: %(months_written)s / 12 × %(hours)s/%(full_time_hours)s hours × %(share)s"),
        "placements",
        Result.YEARS,
    ),
    "placement.years.over": _sum(
        _l(
            "%(from)s to %(to)s: %(months_written)s / 12 × %(full_time_hours)s/%(full_time_hours)s hours"
            " (%(hours)s is over full time) × %(share)s"
        ),
        "placements",
        Result.YEARS,
    ),
    "placement.hired_too_early": Rule(
        _l("The first day, %(starts_on)s, lies before the start of the contract on %(contract_starts_on)s"),
        "placements",
        Result.CENTS,
    ),
    "placement.hired_too_early.months": Rule(
        _l(
            "The first day, %(starts_on)s, lies more than %(hired_before_start_months_written)s before the start of"
            " the contract on %(contract_starts_on)s"
        ),
        "placements",
        Result.CENTS,
    ),
    "placement.no_day_in_term": Rule(_l("No day of it lies in the term of the contract"), "placements", Result.CENTS),
    "placement.maximum_reached": Rule(
        _l("The longest that this person counts on this block had been reached before"),
        "placements",
        Result.CENTS,
        is_ours=True,
    ),
    "placement.not_yet": Rule(_l("The first day that counts is still to come"), "placements", Result.CENTS),
    "line.year": _sum(_l("%(block)s: %(value_cents)s × %(years)s year"), "placements"),
    "line.whole": _sum(
        _l("%(block)s: %(months_written)s × %(value_cents)s / 12 × %(hours)s/%(full_time_hours)s hours × %(share)s"),
        "placements",
    ),
    "line.whole.over": _sum(
        _l(
            "%(block)s: %(months_written)s × %(value_cents)s / 12 × %(full_time_hours)s/%(full_time_hours)s hours"
            " (%(hours)s is over full time) × %(share)s"
        ),
        "placements",
    ),
    "line.month": _sum(
        _l("%(block)s: %(value_cents)s a month × %(months_and_share)s, the months and the share together"),
        "placements",
        is_ours=True,
    ),
    "line.once": _sum(_l("%(block)s, once: %(value_cents)s × %(share)s"), "bonuses", is_ours=True),
    "line.bonus_elsewhere": Rule(
        _l("%(block)s: counts once for a person, and does so on another placement"),
        "bonuses",
        Result.CENTS,
        is_ours=True,
    ),
    "line.no_hours_yet": Rule(_l("%(block)s: counts from the first day that is worked"), "bonuses", Result.CENTS),
}

OTHERS = {
    "activity.outside_term": Rule(_l("%(on)s lies outside the term of the contract"), "activities", Result.CENTS),
    "activity.not_yet": Rule(_l("%(on)s is still to come"), "activities", Result.CENTS),
    "activity.hour": _sum(_l("%(quantity)s hours × %(value_cents)s"), "activities"),
    "activity.day": _sum(_l("%(quantity)s days × %(value_cents)s"), "activities"),
    "activity.agreed": Rule(_l("Agreed: %(amount_cents)s"), "activities", Result.CENTS),
    "activity.agreed.limited": Rule(
        _l("Agreed: %(amount_cents)s, at most %(maximum_per_day_cents)s × %(days_written)s"),
        "activities",
        Result.CENTS,
    ),
    "activity.invoice": _sum(_l("%(amount_cents)s excluding VAT × %(factor)s"), "activities"),
    "activity.cap": Rule(
        _l("Of %(value_cents)s the cap on activities has room for %(room_cents)s"), "activities", Result.CENTS
    ),
    "contribution.draft": Rule(_l("A draft counts nothing yet"), "placements", Result.CENTS),
    "contribution.rejected": Rule(_l("What is rejected counts nothing"), "placements", Result.CENTS),
    "contribution.withdrawn": Rule(_l("What is withdrawn counts nothing"), "placements", Result.CENTS),
}

CLOSING = {
    "closing.shortfall": _sum(_l("%(net_cents)s net − %(credited_cents)s credited: this is short"), "settlement"),
    "closing.nothing_short": Rule(
        _l("Nothing is short: %(credited_cents)s is credited of %(net_cents)s net"), "settlement"
    ),
    "closing.excused": Rule(_l("The supplier is not to blame for it: no penalty"), "settlement", Result.CENTS),
    "closing.no_penalty": Rule(_l("The policy knows no penalty"), "settlement", Result.CENTS),
    "closing.penalty": _sum(_l("%(shortfall_cents)s short × %(penalty_factor)s"), "settlement"),
    "closing.deducted": Rule(
        _l("All of it is deducted from the last instalment of %(instalment_cents)s"), "settlement", Result.CENTS
    ),
    "closing.deducted_in_part": Rule(
        _l("The last instalment is %(instalment_cents)s: no more than that is deducted"),
        "settlement",
        Result.CENTS,
        is_ours=True,
    ),
    "closing.claimed": _sum(
        _l("%(penalty_cents)s penalty − %(deducted_cents)s deducted: this is claimed separately"), "settlement"
    ),
}

RULES: Mapping[str, Rule] = {**TOTALS, **STATUS, **OBLIGATION, **PLACEMENTS, **OTHERS, **CLOSING}
