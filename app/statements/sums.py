"""The sums of a paper, for who redoes them with a pocket calculator.

A page writes counted months as one exact fraction (2 181/186); a paper as they are counted: 24/31 + 2 + 5/30 months,
days over the days of their own month and the whole months between. Of years without end
eight decimals are written: as many as the cent takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any

from babel.numbers import format_decimal
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.rules.dates import ONE_DAY, Period, add_months
from app.rules.explanation import Step
from app.web.formats import MINUS, NO_BREAK_SPACE, day_short, euro_exact, hours, number, percent
from app.web.reasons import Labels, sentence_of, sentences_of

FULL_SHARE = 100
EIGHTH = Decimal("1E-8")
IN_DAYS = ("reduced_days", "owing_days")
BELOW_ZERO = re.compile(rf"{MINUS}€{NO_BREAK_SPACE}?[\d.,]*\d")


def told(step: Step, labels: Labels | None = None) -> str:
    """A step of the obligation in words, days that are exempt in part as decimals: 174,75."""
    days = {name: decimals(Fraction(str(step.inputs[name]))) for name in IN_DAYS if name in step.inputs}
    return sentence_of(replace(step, inputs={**step.inputs, **days}), labels)


def kept_together(text: str) -> Markup:
    """The text as HTML in which no line ends between a minus and its amount."""
    return Markup(BELOW_ZERO.sub(r'<span class="one">\g<0></span>', str(escape(text))))  # noqa: S704 (escaped above)


def decimals(exact: Fraction) -> str:
    """A number with its decimals; of more than eight the first, and three dots."""
    cut = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(EIGHTH, rounding=ROUND_DOWN)
    dots = "" if Fraction(cut) == exact else "…"
    return format_decimal(cut, "#,##0.########", locale=get_locale() or "nl") + dots


def placement_sums(steps: Sequence[Step], anchor: date, block: str, labels: Labels) -> tuple[list[str], list[str]]:
    """Of a placement on a block, counted from `anchor`: what comes before its lines, and the words of each line."""
    spans = [step for step in steps if step.rule == "placement.years"]
    lines = [step for step in steps if step.rule.startswith("line.")]
    is_cut = len(spans) > 1 and any(step.rule == "line.year" for step in lines)
    before = [_span(step, anchor) for step in spans] if is_cut else []
    return before, [_line(step, spans, anchor, block, labels) for step in lines]


def months_written(days: Iterable[Period], anchor: date) -> str:
    """The months of these days as they are counted from `anchor`: "(24/31 + 2 + 5/30) months", "9 months"."""
    months = [month for each in days for month in _by_month(each, anchor)]
    pieces, whole = list[str](), 0
    for counted, length in [*months, (0, 0)]:
        if counted == length and length:
            whole += 1
            continue
        pieces += [number(whole)] if whole else []
        pieces += [f"{counted}/{length}"] if length else []
        whole = 0
    joined = f"{NO_BREAK_SPACE}+ ".join(pieces)
    total = sum(Fraction(counted, length) for counted, length in months)
    written = f"({joined})" if len(pieces) > 1 else joined
    return str(ngettext("%(count)s month", "%(count)s months", 1 if total <= 1 else 2, count=written))


def _by_month(days: Period, anchor: date) -> Iterator[tuple[int, int]]:
    """Of each month from the anchor that has some of these days: how many, and how many days it has itself."""
    place = max(0, (days.first.year - anchor.year) * 12 + days.first.month - anchor.month - 1)
    while (first := add_months(anchor, place)) <= days.last:
        place += 1
        month = Period(first, add_months(anchor, place) - ONE_DAY)
        held = month.overlap(days)
        if held:
            yield held.days, month.days


def _span(step: Step, anchor: date) -> str:
    """Days with the same hours, and the years that they make."""
    days = _days(step)
    sum_ = _times(f"{months_written([days], anchor)} / 12", _hours(step), _share(step))
    years = _("%(count)s year", count=decimals(Fraction(str(step.result))))
    return f"{day_short(days.first)} – {day_short(days.last)}: {sum_} = {years}"


def _line(step: Step, spans: Sequence[Step], anchor: date, block: str, labels: Labels) -> str:
    """What a line comes from, without its amount; the block itself goes without its name."""
    inputs: Any = step.inputs
    value, months = euro_exact(inputs["value_cents"]), months_written(map(_days, spans), anchor)
    match step.rule:
        case "line.year" if len(spans) == 1:
            words = _times(f"{months} × {value} / 12", _hours(spans[0]), _share(spans[0]))
        case "line.year":
            words = _times(value, _("%(count)s year", count=decimals(inputs["years"])))
        case "line.month":
            words = _times(_("%(value)s a month", value=value), months, _share(spans[0]))
        case "line.once":
            words = _times(_("%(value)s once", value=value), _share(step))
        case _:
            return sentences_of([step], labels)[0].words
    code = inputs["block"]
    return words if code == block else f"{labels.get(code, code)}: {words}"


def _days(span: Step) -> Period:
    inputs: Any = span.inputs
    return Period(inputs["from"], inputs["to"])


def _hours(span: Step) -> str:
    inputs: Any = span.inputs
    full_time, a_week = hours(inputs["full_time_hours"]), hours(inputs["hours"])
    if inputs["hours"] > inputs["full_time_hours"]:
        words = _("%(full_time)s/%(full_time)s hours (%(hours)s is over full time)", full_time=full_time, hours=a_week)
        return str(words)
    return str(_("%(hours)s/%(full_time)s hours", full_time=full_time, hours=a_week))


def _share(step: Step) -> str:
    """The share of the contract in the person's work, where it is not the whole of it."""
    share: Any = step.inputs["share"]
    return "" if share == FULL_SHARE else str(_("share of %(percent)s", percent=percent(share)))


def _times(*factors: Any) -> str:
    return " × ".join(str(each) for each in factors if each)
