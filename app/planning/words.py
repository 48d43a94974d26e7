"""What plans, periods and reports are called where people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.planning.models import PlanStatus
from app.planning.periods import ReportState
from app.web.words import State

PLANS: Mapping[PlanStatus, State] = {
    PlanStatus.DRAFT: State(_l("Draft"), "dash", "grey"),
    PlanStatus.PROPOSED: State(_l("Proposed"), "ring", "grey"),
    PlanStatus.AGREED: State(_l("Agreed"), "tick", "green"),
    PlanStatus.REPLACED: State(_l("Replaced"), "cross", "grey"),
}
REPORTS: Mapping[ReportState, State] = {
    ReportState.RUNNING: State(_l("Runs"), "ring", "grey"),
    ReportState.DUE: State(_l("Report due"), "disc", "amber"),
    ReportState.OVERDUE: State(_l("Overdue"), "triangle", "amber"),
    ReportState.REPORTED: State(_l("Reported"), "tick", "green"),
}
RHYTHMS: Mapping[int, Any] = {
    1: _l("every month"),
    3: _l("every quarter"),
    6: _l("every half year"),
    12: _l("every year"),
}
