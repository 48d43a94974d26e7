"""What ends in the demo: a contract settled by two, an excuse that waits, what became of people, an assessor's mandate.

Everything goes through the commands that people use.
"""

from __future__ import annotations

from app.accounts.mandates import Mandate
from app.accounts.models import Corporation
from app.accounts.people import change
from app.accounts.queries import user_named
from app.closing import after, service
from app.closing.models import Became
from app.closing.queries import OFFER, people_to_ask_about, standing_settlement
from app.contracts.queries import contract_numbered
from app.demo.parties import ADMINISTRATOR, ASSESSOR, LEADER, SECOND_LEADER
from app.web.clock import today

SETTLED, SHORT = "2023-019", "2023-011"
EXCUSE = {
    "reason": "De tweede helft van het werk is op ons verzoek een jaar later begonnen.",
    "effort": "Drie vacatures uitgezet bij de gemeente, twee gesprekken met kandidaten in juni en augustus 2026.",
}
MANDATE = Mandate(
    "Gemeente Den Bosch", "De gemeente beoordeelt social return voor beide opdrachtgevers.", ("2025-014", "2024-007")
)
BECAME = (Became.AT_SUPPLIER, Became.ELSEWHERE, Became.AT_SUPPLIER, Became.UNKNOWN, Became.AT_SUPPLIER)
"""Of one person after the other, again and again; every fourth is still to be asked about."""


def close(corporation: Corporation) -> bool:
    """False when it is done already."""
    done = contract_numbered(corporation, SETTLED)
    if standing_settlement(done) is not None:
        return False
    leader, second = user_named(LEADER.email), user_named(SECOND_LEADER.email)
    made = service.propose(done.id, instalment_cents=None, note="", by=leader)
    service.confirm(done.id, by=second, seen_version=made.row_version)
    short = contract_numbered(corporation, SHORT)
    service.propose_excuse(short.id, **EXCUSE, by=second, seen_version=short.row_version)
    pages = [people_to_ask_about(leader, OFFER.choice({"page": page}), today()) for page in ("1", "2")]
    for place, each in enumerate(row for page in pages for row in page.rows):
        if place % 4:
            became = BECAME[place % len(BECAME)]
            after.record(each.version.id, became=became, asked_on=each.asked_from, by=leader, seen_version=0)
    _give_mandate()
    return True


def _give_mandate() -> None:
    (membership,) = user_named(ASSESSOR.email).memberships
    change(
        membership.id,
        role=membership.role,
        supplier_id=None,
        ends_on=membership.ends_on,
        mandate=MANDATE,
        seen_version=membership.row_version,
        by=user_named(ADMINISTRATOR.email),
    )
