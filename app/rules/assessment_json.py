"""An assessment as JSON (`assessment/1`, interfaces.md), with the steps of every figure under `explanation`."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.rules.assessment import Assessment, Credited, PartFigures
from app.rules.explanation import Steps, plain_value
from app.rules.ladder import Stretch
from app.rules.money import decimal_text

SCHEMA = "assessment/1"
FIGURES = (
    "gross_cents",
    "exempted_cents",
    "net_cents",
    "due_cents",
    "credited_cents",
    "pending_cents",
    "forecast_cents",
    "remaining_cents",
    "over_cap_cents",
)


def assessment_to_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment as plain JSON values; amounts are integer cents, days ISO dates."""
    return {
        "schema": SCHEMA,
        "rules": assessment.rules,
        "corporation": assessment.corporation,
        "contract": assessment.contract,
        "on": assessment.on.isoformat(),
        "status": str(assessment.status),
        **{key: getattr(assessment, key) for key in FIGURES},
        "term": {"from": assessment.term.first.isoformat(), "to": assessment.term.last.isoformat()},
        "parts": [_part(each) for each in assessment.parts],
        "coverage": [_stretch(each) for each in assessment.coverage],
        "contributions": [_contribution(each) for each in assessment.contributions],
        "at_risk": _at_risk(assessment),
        "settlement": _closing(assessment),
        "entry_condition": _entry(assessment),
        "reason": assessment.reason,
        "explanation": {figure: _steps(steps) for figure, steps in assessment.explanation.items()},
    }


def _steps(steps: Steps) -> list[dict[str, Any]]:
    return [step.to_json() for step in steps]


def _part(part: PartFigures) -> dict[str, Any]:
    named = {"reference": part.reference, "effective_on": plain_value(part.effective_on)}
    return {
        "origin": part.origin,
        **({} if part.origin == "contract" else named),
        "from": part.days.first.isoformat(),
        "to": part.days.last.isoformat(),
        "gross_cents": part.gross_cents,
        "exempted_cents": part.exempted_cents,
        "due_cents": part.due_cents,
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    held, percent = stretch.certificate, stretch.reduction * 100
    return {
        "from": stretch.days.first.isoformat(),
        "to": stretch.days.last.isoformat(),
        "level": str(held.level) if held else None,
        "thirty_plus": held.thirty_plus if held else False,
        "reduction_percent": _percent(percent),
        "certificate": held.number if held else None,
        "grace": stretch.grace,
    }


def _percent(percent: Fraction) -> int | str:
    """A whole percentage as a number, another as a decimal string: policies give percentages in decimals."""
    if percent.denominator == 1:
        return percent.numerator
    return decimal_text(Decimal(percent.numerator) / Decimal(percent.denominator))


def _contribution(each: Credited) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "block": each.block,
        "status": str(each.status),
        "counted_from": each.counted.first.isoformat() if each.counted else None,
        "counted_to": each.counted.last.isoformat() if each.counted else None,
        "credited_cents": each.credited_cents,
        "forecast_cents": each.forecast_cents,
        "over_cap_cents": each.over_cap_cents,
        "lines": [{"block": line.block, "cents": line.cents} for line in each.lines],
        "reason": each.reason,
        "explanation": _steps(each.steps),
    }


def _at_risk(assessment: Assessment) -> dict[str, Any] | None:
    risk = assessment.at_risk
    if risk is None:
        return None
    return {"cents": risk.cents, "before": risk.before.isoformat(), "certificate": risk.certificate}


def _closing(assessment: Assessment) -> dict[str, Any] | None:
    closing = assessment.closing
    if closing is None:
        return None
    return {
        "shortfall_cents": closing.shortfall_cents,
        "penalty_cents": closing.penalty_cents,
        "due_on": plain_value(closing.due_on),
        "excused": closing.excused,
    }


def _entry(assessment: Assessment) -> dict[str, Any] | None:
    entry = assessment.entry
    if entry is None:
        return None
    return {"required_level": str(entry.required), "on": entry.on.isoformat(), "met": entry.met}
