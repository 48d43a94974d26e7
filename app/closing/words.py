"""What settlements, and what became of people, are called where people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.closing.models import Became, SettlementState
from app.web.words import State

SETTLEMENTS: Mapping[SettlementState, State] = {
    SettlementState.PROPOSED: State(_l("Proposed"), "ring", "grey"),
    SettlementState.SETTLED: State(_l("Settled"), "tick", "green"),
    SettlementState.WITHDRAWN: State(_l("Withdrawn"), "cross", "grey"),
}
BECAME: Mapping[Became, Any] = {
    Became.AT_SUPPLIER: _l("Still at work with the supplier"),
    Became.ELSEWHERE: _l("At work elsewhere"),
    Became.NOT_AT_WORK: _l("Not at work"),
    Became.UNKNOWN: _l("Unknown"),
}
