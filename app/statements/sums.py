"""How each line of a contribution was reckoned, as a sum to redo with a pocket calculator: 9 mo. × 28.8/36 × € 40,000 / 12."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import cast

from flask_babel import gettext as _

from app.rules.explanation import Step
from app.rules.money import WHOLE
from app.statements.wording import decimal_of, fraction, plain_euro
from app.web.formats import euro, hours, number, percent


def sum_of(step: Step, steps: Sequence[Step]) -> str:
    """How a line of a contribution was reckoned, to redo with a pocket calculator; empty when `step` is no sum.

    `step` is the line's own, `steps` all of the contribution: they hold the months and hours.
    """
    measured = [each for each in steps if each.rule == "placement.years"]
    make = SUMS.get(step.rule)
    return make(step, measured) if make else ""


def _per_year(step: Step, measured: Sequence[Step]) -> str:
    """Months, each weighted by the hours: 9 mo. × 28.8/36 × € 40,000 / 12."""
    pieces = [_weighted(each) for each in measured]
    months, weight = pieces[0] if len(pieces) == 1 else (f"({' + '.join(map(''.join, pieces))})", "")
    return f"{_months(months)}{weight} × {plain_euro(_cents(step, 'value_cents'))} / 12{_share(measured[0])}"


def _weighted(step: Step) -> tuple[str, str]:
    full_time, worked = _decimal(step, "full_time_hours"), _decimal(step, "hours")
    weight = "" if worked >= full_time else f" × {hours(worked)}/{hours(full_time)}"
    return fraction(step.inputs["months"]), weight


def _per_month(step: Step, measured: Sequence[Step]) -> str:
    months = sum((cast(Fraction, each.inputs["months"]) for each in measured), Fraction(0))
    return f"{_months(fraction(months))} × {plain_euro(_cents(step, 'value_cents'))}{_share(measured[0])}"


def _once(step: Step, _measured: Sequence[Step]) -> str:
    return str(_("once %(value)s", value=plain_euro(_cents(step, "value_cents")))) + _share(step)


def _months(months: str) -> str:
    return str(_("%(months)s mo.", months=months))


def _share(step: Step) -> str:
    share = _decimal(step, "share")
    return "" if share == 100 else f" × {percent(share)}"


def _invoice(step: Step, _measured: Sequence[Step]) -> str:
    factor, amount = cast(Fraction, step.inputs["factor"]), euro(_cents(step, "amount_cents"))
    return str(_("invoice %(amount)s", amount=amount)) + (
        "" if factor == WHOLE else f" × {percent(decimal_of(factor * 100))}"
    )


def _in_hours(step: Step, _measured: Sequence[Step]) -> str:
    value = plain_euro(_cents(step, "value_cents"))
    return str(_("%(quantity)s hours", quantity=hours(_decimal(step, "quantity")))) + f" × {value}"


def _in_days(step: Step, _measured: Sequence[Step]) -> str:
    value = plain_euro(_cents(step, "value_cents"))
    return str(_("%(quantity)s days", quantity=hours(_decimal(step, "quantity")))) + f" × {value}"


def _agreed(step: Step, _measured: Sequence[Step]) -> str:
    agreed = str(_("agreed %(amount)s", amount=euro(_cents(step, "amount_cents"))))
    if "maximum_per_day_cents" not in step.inputs:
        return agreed
    limit, days = plain_euro(_cents(step, "maximum_per_day_cents")), number(_decimal(step, "days"))
    return f"{agreed}, " + str(_("at most %(days)s × %(limit)s", days=days, limit=limit))


SUMS: dict[str, Callable[[Step, Sequence[Step]], str]] = {
    "line.year": _per_year,
    "line.month": _per_month,
    "line.once": _once,
    "activity.invoice": _invoice,
    "activity.hour": _in_hours,
    "activity.day": _in_days,
    "activity.agreed": _agreed,
}


def _cents(step: Step, name: str) -> int:
    return cast(int, step.inputs[name])


def _decimal(step: Step, name: str) -> Decimal:
    return Decimal(cast(Decimal, step.inputs[name]))
