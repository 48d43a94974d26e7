"""A contract whose term and repair period are over, with something short; its term is told from today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.contracts.models import Contract
from app.rules.dossier import Status
from app.web.clock import today
from tests import factories as make

SHORT = 8_103_42
"""Of 62,500.00 owed 54,396.58 is credited; the policy asks once what is short."""
REPAIR = 90
ENDED = 100


def days_ago(days: int) -> date:
    return today() - timedelta(days=days)


def ended_contract(ended: int = ENDED, done: int = 54_396_58, **values: Any) -> Contract:
    """One that ended so many days ago, of which so many cents are credited."""
    shown = {"starts_on": days_ago(ended + 700), "ends_on": days_ago(ended)} | values
    contract = make.contract(**shown)
    make.activity(contract, status=Status.APPROVED, amount_cents=done, on=days_ago(ended + 10))
    return contract
