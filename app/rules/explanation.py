"""Why a figure is what it is: steps that each name a rule, its inputs and its result.

The steps of one figure suffice to redo it with a pocket calculator. The words belong to whoever shows them; rules are
named by a code (`part.exempted`), which docs/how-it-is-calculated.md explains and app/web/reasons.py turns into
sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from app.rules.money import decimal_text, fraction_text

Value = int | str | date | Decimal | Fraction | bool | None


@dataclass(frozen=True, slots=True)
class Step:
    """One rule at work.

    Inputs and results whose name ends in `_cents` are euro cents; a Fraction of them is not yet rounded.
    """

    rule: str
    inputs: Mapping[str, Value]
    result: Value

    def to_json(self) -> dict[str, Any]:
        inputs = {name: plain_value(value) for name, value in self.inputs.items()}
        return {"rule": self.rule, "inputs": inputs, "result": plain_value(self.result)}


Steps = Sequence[Step]


def plain_value(value: Value) -> Any:
    """A value as JSON knows it; exact numbers as text."""
    if isinstance(value, Fraction):
        return fraction_text(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, date) else value
