"""What was talked about in the demo: two conversations, of which one was not kept, and a signal that rests.

Days are reckoned from the day of loading, so that the demo can be loaded on any day.
"""

from __future__ import annotations

from datetime import timedelta

from app.accounts.models import Corporation, User
from app.accounts.queries import user_named
from app.contracts.models import Contract
from app.contracts.queries import contract_numbered, has_conversations
from app.demo.parties import LEADER, SECOND_LEADER
from app.signals import notify, service
from app.signals.kinds import Kind
from app.signals.queries import signals_on
from app.signals.service import Talk
from app.web.clock import today

KEPT, NOT_KEPT, RESTING = "2025-014", "2024-007", "2023-011"
REST_DAYS = 21


def talk(corporation: Corporation) -> bool:
    """Conversations, a rest, and the first look of `flask daily` with its mail; False when they are there already."""
    main = contract_numbered(corporation, KEPT)
    if has_conversations(main):
        return False
    leader, other = user_named(LEADER.email), user_named(SECOND_LEADER.email)
    _record(
        main,
        leader,
        days_ago=12,
        days_to_go=9,
        with_whom="bedrijfsleider Van Asten",
        about="Het certificaat komt niet terug; een tweede leerling is wel mogelijk.",
        action="Leerling aanmelden bij de vakschool en de plaatsing opgeven",
        by_whom="bedrijfsleider Van Asten",
    )
    _record(
        contract_numbered(corporation, NOT_KEPT),
        other,
        days_ago=40,
        days_to_go=-8,
        with_whom="projectleider Gebroeders Smits",
        about="",
        action="Bewijs van de drie plaatsingen sturen",
        by_whom="projectleider Gebroeders Smits",
    )
    _let_rest(contract_numbered(corporation, RESTING), leader)
    notify.daily(today())
    return True


def _record(contract: Contract, by: User, *, days_ago: int, days_to_go: int, **said: str) -> None:
    held_on, due_on = today() - timedelta(days=days_ago), today() + timedelta(days=days_to_go)
    service.record_conversation(contract.id, Talk(held_on=held_on, due_on=due_on, **said), by=by)


def _let_rest(contract: Contract, by: User) -> None:
    """The shortfall, while its repair period runs; before and after that there is none to let rest."""
    found = signals_on([contract], today())[contract.id]
    for signal in found:
        if signal.kind is Kind.SHORTFALL:
            until = today() + timedelta(days=REST_DAYS)
            service.snooze(contract.id, signal.key, until=until, reason="Herstelplan is toegezegd.", by=by)
