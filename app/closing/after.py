"""Commands on what became of people after a project."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.accounts.models import User
from app.audit.outcomes import keep
from app.audit.service import command
from app.closing import queries
from app.closing.models import AfterProject, Became
from app.closing.queries import Ended
from app.rules.dossier import Status
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid


def record(contribution_id: int, *, became: Became, asked_on: date, by: User, seen_version: int) -> AfterProject:
    """Record what became of the person of a placement, or change it. The same twice is one.

    Errors: NotFound, Stale, Conflict `placement_not_approved`, `placement_too_fresh`, Invalid `asked_too_early`,
    `asked_in_future` with the column.
    """
    seen = queries.placement_to_ask_about(contribution_id, by)
    verb = "create" if seen.known is None else "edit"
    with command(f"after_project.{verb}", by=by, corporation=seen.version.corporation) as audit:
        ended = queries.placement_to_ask_about(contribution_id, by)
        _expect_askable(ended, asked_on)
        values: dict[str, Any] = {"became": became, "asked_on": asked_on}
        known = ended.known
        if known is not None:
            if any(getattr(known, name) != value for name, value in values.items()):
                known.expect_version(seen_version)
                keep(audit, known, {**values, "recorded_by_id": by.id, "recorded_at": now()})
            return known
        version = ended.version
        made = AfterProject(
            contract=version.contract,
            reference=version.reference,
            person=version.person,
            recorded_by=by,
            recorded_at=now(),
            **values,
        )
        audit.created(made)
    return made


def refusal_to_record(ended: Ended) -> Conflict | None:
    """Why it cannot be recorded yet, if so."""
    if ended.version.status is not Status.APPROVED:
        return Conflict("placement_not_approved")
    if ended.asked_from > today():
        return Conflict("placement_too_fresh", day=ended.asked_from)
    return None


def _expect_askable(ended: Ended, asked_on: date) -> None:
    refusal = refusal_to_record(ended)
    if refusal is not None:
        raise refusal
    if asked_on > today():
        raise Invalid("asked_in_future", column="asked_on")
    if asked_on < ended.asked_from:
        raise Invalid("asked_too_early", column="asked_on", day=ended.asked_from)
