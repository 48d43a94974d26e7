"""The steps behind the figures: each rule at work, with the inputs and the result that redo the sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from app.rules.activities import Valued, cap_cents
from app.rules.credit import Count, Line, Measure
from app.rules.dossier import Dossier, Status
from app.rules.explanation import Step, Steps, Value
from app.rules.ladder import Stretch
from app.rules.money import WHOLE
from app.rules.obligation import Obligation, Reckoned, reduced_days
from app.rules.tables import BY_QUANTITY, Per

Inputs = dict[str, Value]


class Counted(Protocol):
    """What the totals ask of a contribution."""

    @property
    def reference(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def credited_cents(self) -> int: ...
    @property
    def forecast_cents(self) -> int: ...
    @property
    def value_cents(self) -> int: ...


def _cap(dossier: Dossier, gross: int) -> Steps:
    cap = cap_cents(dossier.terms.activity_cap, gross)
    if cap is None:
        return [Step("cap.none", {}, None)]
    return [Step("cap", {"gross_cents": gross, "activity_cap": dossier.terms.activity_cap}, cap)]


def of_figures(
    dossier: Dossier, obligation: Obligation, credited: Sequence[Counted], on: date, status: str
) -> Mapping[str, Steps]:
    """The steps of each figure, under its key in the JSON."""
    gross, exempted, due = obligation.gross_cents, obligation.exempted_cents, obligation.due_cents(on)
    net, done = gross - exempted, sum(each.credited_cents for each in credited)
    forecast = sum(each.forecast_cents for each in credited)
    return {
        "gross_cents": _gross(dossier, obligation),
        "exempted_cents": [step for part in obligation.parts for step in _exempted(part)] + [_sum(exempted)],
        "net_cents": [Step("net", {"gross_cents": gross, "exempted_cents": exempted}, net)],
        "due_cents": [step for part in obligation.parts for step in _due(part, on)] + [_sum(due)],
        "credited_cents": _total(credited, "credited", lambda each: each.credited_cents, Status.APPROVED),
        "pending_cents": _total(credited, "pending", lambda each: each.value_cents, Status.SUBMITTED),
        "forecast_cents": _total(credited, "forecast", lambda each: each.forecast_cents, Status.APPROVED),
        "remaining_cents": [Step("remaining", {"net_cents": net, "credited_cents": done}, max(0, net - done))],
        "over_cap_cents": _cap(dossier, gross),
        "status": [Step(f"status.{status}", {"credited_cents": done, "due_cents": due, "net_cents": net,
                                             "forecast_cents": forecast, "on": on}, status)],
    }  # fmt: skip


def _sum(cents: int) -> Step:
    return Step("sum", {}, cents)


def _part_name(part: Reckoned) -> Inputs:
    return {"origin": part.part.origin, "reference": part.part.reference, "effective_on": part.part.effective_on}


def _gross(dossier: Dossier, obligation: Obligation) -> Steps:
    if obligation.reason:
        return [_none(dossier, obligation)]
    steps: list[Step] = []
    if obligation.scale != WHOLE:
        before = sum((each.part.amount for each in obligation.parts), Fraction(0)) / obligation.scale
        maximum: Inputs = {"total_cents": before, "maximum_cents": dossier.policy.maximum_obligation_cents}
        steps.append(Step("obligation.maximum", maximum, obligation.scale))
    for each in obligation.parts:
        base = str(dossier.terms.base) if each.part.origin == "contract" else "amendment"
        inputs: Inputs = {"base": base, "base_cents": each.part.base_cents, "percentage": dossier.terms.percentage}
        scale: Inputs = {"scale": obligation.scale} if obligation.scale != WHOLE else {}
        steps.append(Step("part.gross", {**_part_name(each), **inputs, **scale}, each.gross_cents))
    return [*steps, _sum(obligation.gross_cents)]


def _none(dossier: Dossier, obligation: Obligation) -> Step:
    """Why no obligation applies."""
    terms, policy = dossier.terms, dossier.policy
    inputs: Inputs = {
        "contract_sum_cents": terms.contract_sum_cents,
        "minimum_cents": policy.minimum_sum_cents_for(terms.kind),
        "minimum_months": policy.minimum_months,
        "percentage": terms.percentage,
    }
    return Step(f"obligation.{obligation.reason}", inputs, 0)


def _exempted(each: Reckoned) -> Iterable[Step]:
    for stretch in each.stretches:
        yield Step("part.reduction", {**_part_name(each), **_stretch(stretch)}, stretch.reduction * 100)
    inputs: Inputs = {
        "gross_cents": each.part.amount,
        "days": each.part.days.days,
        "reduced_days": reduced_days(each.stretches),
    }
    yield Step("part.exempted", {**_part_name(each), **inputs}, each.exempted_cents)


def _stretch(stretch: Stretch) -> Inputs:
    held = stretch.certificate
    return {
        "from": stretch.days.first,
        "to": stretch.days.last,
        "days": stretch.days.days,
        "level": str(held.level) if held else None,
        "certificate": held.number if held else None,
        "grace": stretch.grace,
    }


def _due(each: Reckoned, on: date) -> Iterable[Step]:
    if on < each.part.days.first:
        yield Step("part.not_begun", {**_part_name(each), "from": each.part.days.first}, 0)
        return
    if on >= each.part.days.last:
        inputs: Inputs = {"gross_cents": each.gross_cents, "exempted_cents": each.exempted_cents}
        yield Step("part.due_whole", {**_part_name(each), **inputs}, each.due_cents(on))
        return
    passed = each.passed(on)
    days = sum(stretch.days.days for stretch in passed)
    spread: Inputs = {"gross_cents": each.part.amount, "days": each.part.days.days, "passed_days": days}
    owing: Inputs = {"reduced_days": reduced_days(passed), "owing_days": days - reduced_days(passed)}
    yield Step("part.due", {**_part_name(each), **spread, **owing}, each.due_cents(on))


def _total(credited: Sequence[Counted], figure: str, value: Callable[[Counted], int], status: Status) -> Steps:
    counting = [each for each in credited if each.status is status and value(each)]
    steps = [Step("contribution", {"reference": each.reference}, value(each)) for each in counting]
    return [*steps, Step(f"sum.{figure}", {"contributions": len(counting)}, sum(value(each) for each in counting))]


def of_placement(count: Count, measured: Sequence[Measure], lines: Sequence[Line], dossier: Dossier) -> Steps:
    """Why a placement is credited what it is: its counted days, its months by hours, its lines."""
    if not measured:
        return [_uncounted(count, dossier)]
    table = dossier.rate_table
    counted: Inputs = {"from": count.first, "to": measured[-1].span.days.last}
    cut: Inputs = {"cut_by": count.limited_by} if count.limited_by else {}
    steps = [Step("placement.counted", {**counted, **cut}, sum((each.months for each in measured), Fraction(0)))]
    for each in measured:
        span: Inputs = {"from": each.span.days.first, "to": each.span.days.last, "months": each.months}
        hours: Inputs = {
            "hours": each.span.hours,
            "full_time_hours": table.full_time_hours,
            "share": count.placement.share,
        }
        steps.append(Step("placement.years", {**span, **hours}, each.years))
    years = sum((each.years for each in measured), Fraction(0))
    return [*steps, *(_line_step(line, count, years, dossier) for line in lines)]


def _uncounted(count: Count, dossier: Dossier) -> Step:
    placement, table = count.placement, dossier.rate_table
    inputs: Inputs = {
        "starts_on": placement.starts_on,
        "contract_starts_on": dossier.terms.starts_on,
        "hired_before_start_months": table.hired_before_start_months,
    }
    return Step(f"placement.{count.reason or 'not_yet'}", inputs, 0)


def _line_step(line: Line, count: Count, years: Fraction, dossier: Dossier) -> Step:
    block = dossier.rate_table.block(line.block)
    value: Inputs = {"block": line.block, "value_cents": block.value_cents}
    share: Inputs = {"share": count.placement.share}
    if line.reason:
        return Step(f"line.{line.reason}", value, line.cents)
    if block.per is Per.ONCE:
        return Step("line.once", {**value, **share}, line.cents)
    if block.per is Per.MONTH:
        months = line.exact / block.value_cents if block.value_cents else Fraction(0)
        return Step("line.month", {**value, "months_and_share": months}, line.cents)
    return Step("line.year", {**value, "years": years}, line.cents)


def of_activity(valued: Valued) -> Steps:
    """Why an activity is credited what it is: its value, and what the cap leaves of it."""
    activity, block = valued.activity, valued.block
    if valued.reason:
        return [Step(f"activity.{valued.reason}", {"on": activity.on}, 0)]
    steps = [_value_step(valued)]
    if valued.room_cents is not None:
        room: Inputs = {"value_cents": valued.value_cents, "room_cents": valued.room_cents, "block": block.code}
        steps.append(Step("activity.cap", room, valued.counted_cents))
    return steps


def _value_step(valued: Valued) -> Step:
    activity, block = valued.activity, valued.block
    if block.per in BY_QUANTITY:
        inputs: Inputs = {"quantity": activity.quantity, "value_cents": block.value_cents}
        return Step(f"activity.{block.per}", inputs, valued.value_cents)
    amount: Inputs = {"amount_cents": activity.amount_cents}
    if block.per is Per.AGREED:
        limit: Inputs = {"maximum_per_day_cents": block.maximum_per_day_cents, "days": activity.quantity or 1}
        return Step(
            "activity.agreed",
            amount if block.maximum_per_day_cents is None else {**amount, **limit},
            valued.value_cents,
        )
    return Step("activity.invoice", {**amount, "factor": block.factor}, valued.value_cents)
