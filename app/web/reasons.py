"""Why a figure is what it is, in sentences: each step of the rule book with its inputs written out.

`sentence_of` gives one step, `sentences_of` the steps of a figure or of a contribution; pages and papers use the same.
The inputs stand there exactly, so that a reader with a pocket calculator comes to the same result. A rule that the
published schemes leave open, and that is ours, says so and points to the page "How is this calculated?".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from app.rules.dossier import Base
from app.rules.explanation import Step, Value
from app.rules.ladder import Level
from app.rules.money import fraction_text
from app.rules.tables import RateTable
from app.web.formats import day_long, euro_exact, number, percent
from app.web.rule_words import RULES, Result
from app.web.words import label, word

Labels = Mapping[str, str]
# What a figure of the obligation adds up: one a part.
ADDED = frozenset({"part.gross", "part.exempted", "part.due", "part.due_whole", "part.not_begun"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A step in words; `result` stands apart so that a page can align it. `anchor` is its rule's on the page /how."""

    words: str
    result: str
    joined_by: str
    is_ours: bool
    anchor: str

    @property
    def text(self) -> str:
        """The whole step on one line: "€ 62.500,00 × 181 / 730 days = € 15.496,58"."""
        return f"{self.words}{self.joined_by}{self.result}" if self.result else self.words


def sentence_of(step: Step, labels: Labels | None = None, locale: str | None = None) -> str:
    """One step in words, in `locale` (the reader's own language when none is given).

    `labels` are what the dossier's rate table calls its blocks; a block without a label is named by its code.
    """
    with force_locale(locale) if locale else nullcontext():
        return _sentence(step, labels or {}).text


def sentences_of(steps: Iterable[Step], labels: Labels | None = None, locale: str | None = None) -> list[Sentence]:
    """The steps in words. A placement with the same hours all along gets its whole sum on one line."""
    with force_locale(locale) if locale else nullcontext():
        return [_sentence(step, labels or {}) for step in _on_one_line(list(steps))]


def labels_of(table: RateTable) -> Labels:
    """What a rate table calls its blocks, in the reader's language."""
    return {code: label(block) for code, block in table.blocks.items()}


def _on_one_line(steps: list[Step]) -> list[Step]:
    """Fewer steps where one says it all: a sum of one, and a placement with the same hours all along."""
    if steps[-1:] and steps[-1].rule == "sum" and sum(step.rule in ADDED for step in steps) == 1:
        steps = steps[:-1]
    spans = [step for step in steps if step.rule == "placement.years"]
    if len(spans) != 1:
        return steps
    kept = [step for step in steps if step.rule != "placement.years"]
    return [_whole(spans[0], step) if step.rule == "line.year" else step for step in kept]


def _whole(span: Step, line: Step) -> Step:
    return Step("line.whole", {**span.inputs, **line.inputs}, line.result)


def _sentence(step: Step, labels: Labels) -> Sentence:
    rule = RULES[_key(step)]
    values = {name: _written(name, value, labels) for name, value in step.inputs.items()}
    values |= _derived(step)
    part = _part_name(step)
    words = part + str(rule.words) % values
    result = "" if rule.result is Result.NONE else WRITTEN[rule.result](step.result)
    return Sentence(words, result, rule.joined_by, rule.is_ours, rule.anchor)


def _key(step: Step) -> str:
    """The rule's code, and after it which of its cases this is."""
    variant = VARIANTS.get(step.rule)
    case = variant(step.inputs, step.result) if variant else ""
    return f"{step.rule}.{case}" if case else step.rule


def _reduction_case(inputs: Mapping[str, Value], result: Any) -> str:
    if inputs["grace"]:
        return "grace"
    if inputs["level"] is not None:
        return ""
    return "carried" if result else "none"


def _gross_case(inputs: Mapping[str, Value], _result: Any) -> str:
    case = "amendment" if inputs["base"] == "amendment" else ""
    return ".".join(filter(None, (case, "scaled" if "scale" in inputs else "")))


def _over_full_time(inputs: Mapping[str, Any], _result: Any) -> str:
    return "over" if inputs["hours"] > inputs["full_time_hours"] else ""


def _empty_case(inputs: Mapping[str, Value], _result: Any) -> str:
    return "" if inputs["contributions"] else "none"


VARIANTS: Mapping[str, Callable[[Mapping[str, Any], Any], str]] = {
    "part.reduction": _reduction_case,
    "part.gross": _gross_case,
    "placement.counted": lambda inputs, _: inputs.get("cut_by", ""),
    "placement.years": _over_full_time,
    "line.whole": _over_full_time,
    "placement.hired_too_early": lambda inputs, _: "months" if inputs["hired_before_start_months"] else "",
    "activity.agreed": lambda inputs, _: "limited" if "maximum_per_day_cents" in inputs else "",
    "remaining": lambda inputs, _: "surplus" if inputs["credited_cents"] > inputs["net_cents"] else "",
    "status.on_track": lambda inputs, _: "" if inputs["credited_cents"] >= inputs["due_cents"] else "forecast",
    "status.exempt": lambda inputs, _: "now" if inputs["net_cents"] > 0 else "",
    "sum.credited": _empty_case,
    "sum.pending": _empty_case,
    "sum.forecast": _empty_case,
}


def _part_name(step: Step) -> str:
    """Which part of the obligation a step is about; nothing for the contract itself."""
    if step.inputs.get("origin") != "amendment":
        return ""
    name = step.inputs["reference"] or _write_day(step.inputs["effective_on"])
    return str(_("Amendment %(name)s: ", name=name))


def _written(name: str, value: Value, labels: Labels) -> str:
    """An input as the reader writes it, exactly."""
    if value is None:
        return ""
    if name in NAMED:
        return NAMED[name](value, labels)
    if name.endswith("_cents"):
        return euro_exact(cast(Fraction | int, value))
    if isinstance(value, date):
        return _write_day(value)
    if isinstance(value, Fraction):
        return fraction_text(value)
    return number(value) if isinstance(value, Decimal | int) else str(value)


def _derived(step: Step) -> dict[str, str]:
    """Counts with their unit, which a language may bend: 1 day, 9 months."""
    inputs = step.inputs
    units = {"days": _days, "months": _months, "minimum_months": _months, "hired_before_start_months": _months}
    return {f"{name}_written": write(inputs[name]) for name, write in units.items() if name in inputs}


def _write_day(value: Any) -> str:
    return day_long(value if isinstance(value, date) else date.fromisoformat(str(value)))


def _days(count: Any) -> str:
    return str(ngettext("%(count)s day", "%(count)s days", 1 if count == 1 else 2, count=number(count)))


def _months(count: Any) -> str:
    written = fraction_text(Fraction(count))
    return str(ngettext("%(count)s month", "%(count)s months", 1 if count == 1 else 2, count=written))


def _years(count: Any) -> str:
    return str(_("%(count)s year", count=fraction_text(Fraction(count))))


def _percentage(value: Any, _labels: Labels | None = None) -> str:
    """A percentage with at most four decimals, else as a fraction: 33 1/3%."""
    exact = Fraction(value)
    if 10_000 % exact.denominator:
        return f"{fraction_text(exact)}%"
    return percent(Decimal(exact.numerator) / Decimal(exact.denominator))


NAMED: Mapping[str, Callable[[Any, Labels], str]] = {
    "block": lambda code, labels: labels.get(code, code),
    "level": lambda level, _labels: word(Level(level)),
    "base": lambda base, _labels: "" if base == "amendment" else word(Base(base)),
    "percentage": _percentage,
    "activity_cap": _percentage,
    "share": _percentage,
    "factor": lambda factor, _labels: _percentage(Fraction(factor) * 100),
}
WRITTEN: Mapping[Result, Callable[[Any], str]] = {
    Result.CENTS: euro_exact,
    Result.PERCENT: _percentage,
    Result.MONTHS: _months,
    Result.YEARS: _years,
    Result.FACTOR: lambda value: fraction_text(Fraction(value)),
}
