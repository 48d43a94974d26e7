"""The agreed plan of approach on a paper: its line stands beside what was done, and `plan.json` says what it foresaw.

It moves no figure. Whoever has the file draws the line again from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from app.rules.dossier_json import canonical
from app.rules.money import decimal_text
from app.rules.plan import Effort, PlannedActivity, PlannedPlacement
from app.web.errors import Invalid

SCHEMA = "plan/1"
PLAN = "plan.json"


def plan_json(efforts: Sequence[Effort]) -> bytes:
    """The document of a plan: its efforts, in their order."""
    return canonical({"schema": SCHEMA, "efforts": [_written(each) for each in efforts]})


def read_plan(document: Mapping[str, Any]) -> tuple[Effort, ...]:
    """The efforts of the document. Errors: Invalid `statement_attachment_unreadable`."""
    try:
        if document["schema"] != SCHEMA:
            raise ValueError("another schema")
        return tuple(map(_read, document["efforts"]))
    except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError):
        raise Invalid("statement_attachment_unreadable", name=PLAN) from None


def _written(effort: Effort) -> dict[str, Any]:
    if isinstance(effort, PlannedActivity):
        quantity = None if effort.quantity is None else decimal_text(effort.quantity)
        return {
            "block": effort.block,
            "month": effort.month.isoformat(),
            "amount_cents": effort.amount_cents,
            "quantity": quantity,
        }
    return {
        "block": effort.block,
        "persons": effort.persons,
        "hours_per_week": decimal_text(effort.hours),
        "starts_on": effort.starts_on.isoformat(),
        "ends_on": effort.ends_on.isoformat() if effort.ends_on else None,
    }


def _read(written: Mapping[str, Any]) -> Effort:
    """Errors: KeyError, TypeError, ValueError or InvalidOperation."""
    if "month" in written:
        quantity = written["quantity"]
        amount = written["amount_cents"]
        return PlannedActivity(
            str(written["block"]),
            date.fromisoformat(written["month"]),
            None if amount is None else int(amount),
            None if quantity is None else Decimal(quantity),
        )
    ends_on = written["ends_on"]
    return PlannedPlacement(
        str(written["block"]),
        int(written["persons"]),
        Decimal(written["hours_per_week"]),
        date.fromisoformat(written["starts_on"]),
        date.fromisoformat(ends_on) if ends_on else None,
    )
