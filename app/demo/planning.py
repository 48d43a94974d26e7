"""What was planned, reported and handed over in the demo: plans in three states, reports that came and that did not.

Everything goes through the commands that people use. A period that has not ended yet is not reported, so that the demo
can be loaded on any day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from app.accounts.models import Corporation, User
from app.accounts.queries import user_named
from app.assessments.queries import dossier_of
from app.contracts.models import Contract
from app.contracts.queries import contract_numbered, has_planning
from app.demo.parties import ADMINISTRATOR, LEADER, SECOND_LEADER, SUPPLIER
from app.planning import service
from app.planning.models import Plan
from app.planning.reporting import done_in, is_nil, open_periods
from app.planning.service import Said
from app.rules.dates import Period
from app.rules.plan import PlannedActivity, PlannedPlacement
from app.web.clock import today

AGREED, BY_LETTER, WAITING = "2025-014", "2026-003", "2026-021"
PLANS: Mapping[str, Said] = {
    AGREED: Said(
        [
            (PlannedPlacement("participatiewet", 1, Decimal(24), date(2025, 9, 1), date(2026, 8, 31)), "schilderwerk"),
            (PlannedPlacement("bbl", 1, Decimal(32), date(2026, 6, 1)), "leerling schilder, met de vakschool"),
            (PlannedActivity("social-purchase", date(2026, 4, 1), 5_000_00), "bedrijfskleding"),
        ],
        "De leerling begint zodra de school een plaats heeft.",
    ),
    BY_LETTER: Said([(PlannedPlacement("participatiewet", 3, Decimal(36), date(2026, 3, 1), date(2027, 12, 31)), "")]),
    WAITING: Said([(PlannedPlacement("bbl", 4, Decimal(32), date(2026, 9, 1)), "leerlingen van twee scholen")]),
}
ASKED_FROM: Mapping[str, date] = {
    AGREED: date(2026, 1, 1),
    "2026-002": date(2026, 1, 1),
    "2025-022": date(2026, 7, 1),
    "2025-031": date(2026, 4, 1),
}
UNREPORTED: Mapping[str, int] = {"2026-002": 1, "2025-022": 1, "2025-031": 2}
"""So many periods, the last ones, are still to be reported."""
HANDOVER = {
    "promised": "Twee leerlingen schilder de hele looptijd, begeleid door een leermeester.",
    "promised_cents": 70_000_00,
    "promised_persons": 2,
    "responsible_function": "Hoofd uitvoering",
    "responsible_contact": "kantoor@vanasten.example",
    "handed_over_by": "Inkoop",
    "handed_over_on": date(2024, 11, 28),
}


def look_ahead(corporation: Corporation) -> bool:
    """Plans, reports and a handover; False when they are there already."""
    main = contract_numbered(corporation, AGREED)
    if has_planning(main):
        return False
    leader, supplier = user_named(LEADER.email), user_named(SUPPLIER.email)
    made = service.hand_over(main.id, HANDOVER, by=user_named(ADMINISTRATOR.email), seen_version=0)
    service.accept_handover(made.id, by=leader, seen_version=made.row_version)
    _agree(_proposed(main, supplier), leader)
    _agree(
        _proposed(contract_numbered(corporation, BY_LETTER), user_named(SECOND_LEADER.email)),
        user_named(ADMINISTRATOR.email),
        note="Brief van de leverancier, 12 januari 2026.",
    )
    _proposed(contract_numbered(corporation, WAITING), leader)
    for number, day in ASKED_FROM.items():
        _report(contract_numbered(corporation, number), day, leader, supplier)
    return True


def _proposed(contract: Contract, by: User) -> Plan:
    plan = service.write_plan(contract.id, PLANS[contract.number], by=by)
    return service.propose_plan(plan.id, by=by, seen_version=plan.row_version)


def _agree(plan: Plan, by: User, note: str | None = None) -> None:
    service.agree_plan(plan.id, by=by, seen_version=plan.row_version, note=note)


def _report(contract: Contract, asked_from: date, leader: User, supplier: User) -> None:
    """Hand in what has ended but for the last periods; for who does not log in the leader does, as it was told."""
    service.choose_reporting(contract.id, None, asked_from, by=leader, seen_version=0)
    own = any(each.supplier_id == contract.supplier_id for each in supplier.memberships)
    by, remark = (supplier, "") if own else (leader, "Telefonisch doorgegeven door de leverancier.")
    for days in _ended(contract):
        nil = is_nil(done_in(days, dossier_of(contract)))
        service.report(contract.id, days, nil=nil, remark=remark, by=by)


def _ended(contract: Contract) -> Sequence[Period]:
    open_ones = [state.days for due in open_periods([contract], today()) for state in due.periods]
    return open_ones[: len(open_ones) - UNREPORTED.get(contract.number, 0)]
