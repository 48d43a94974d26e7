"""Loads the demo the way a corporation would come in: its people, then a workbook, a judgement, some statements.

Each step looks whether it was done before, so that loading again changes nothing, also after people have worked in the
demo, and goes on where an interrupted loading stopped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from app.accounts.models import Corporation, User
from app.accounts.queries import user_by_email, user_named
from app.accounts.service import make_corporation, make_user
from app.audit.trail import Actor
from app.contracts.queries import contract_numbered
from app.contributions.service import reject
from app.demo import queries
from app.demo.auditing import draw_a_sample
from app.demo.closing import close
from app.demo.evidence import add_evidence
from app.demo.parties import (
    ADMINISTRATOR,
    CORPORATION,
    CORPORATION_KVK,
    GUESTS,
    LEADER,
    PASSWORD,
    STAFF,
    DemoUser,
)
from app.demo.planning import look_ahead
from app.demo.rows import sheets
from app.demo.signals import talk
from app.statements.service import complete_reserved, issue
from app.workbook.service import import_workbook
from app.workbook.write import write_workbook

WORKBOOK = "diezeborg-2026.xlsx"
REJECTED = {
    ("2025-014", "W-1090"): "Het begin ligt vóór de overeenkomst; klopt de eerste werkdag?",
    ("2026-021", "W-2991"): "De eerste werkdag ligt vóór de overeenkomst, en het bewijs van inschrijving ontbreekt.",
}
"""These come in submitted; the project leader rejects them with the reason that the supplier reads."""
STATEMENTS = (
    ("2023-019", date(2026, 5, 31)),
    ("2025-003", date(2026, 11, 24)),
    ("2025-014", date(2026, 11, 24)),
)


def load_demo(*, by: Actor | str) -> bool:
    """Load what is not there yet of the demo, and say whether that was anything. Takes some seconds the first time."""
    corporation = make_corporation(CORPORATION_KVK, CORPORATION, by=by)
    steps = (
        _let_in(STAFF, by),
        _import_portfolio(corporation),
        _let_in(GUESTS, by),
        look_ahead(corporation),
        add_evidence(corporation),
        _issue_statements(corporation),
        close(corporation),
        draw_a_sample(corporation),
        talk(corporation),
    )
    return any(steps)


def _let_in(people: Iterable[DemoUser], by: Actor | str) -> bool:
    """Make the users that are not there; one who is there may have chosen another name or password."""
    missing = [person for person in people if user_by_email(person.email) is None]
    for person in missing:
        make_user(
            person.email,
            person.role,
            CORPORATION_KVK,
            by=by,
            supplier_kvk=person.supplier_kvk,
            password=PASSWORD,
            name=person.name,
            ends_on=person.ends_on,
            is_demo=True,
        )
    return bool(missing)


def _import_portfolio(corporation: Corporation) -> bool:
    """All or nothing. Stopped before the judgement, what is to be rejected waits like the others."""
    if queries.has_contracts(corporation):
        return False
    with TemporaryDirectory() as folder:
        workbook = Path(folder) / WORKBOOK
        write_workbook(workbook, sheets())
        import_workbook(workbook, corporation, by=user_named(ADMINISTRATOR.email))
    _judge(corporation, by=user_named(LEADER.email))
    return True


def _judge(corporation: Corporation, *, by: User) -> None:
    for (number, reference), reason in REJECTED.items():
        version = queries.waiting(corporation, number, reference)
        reject(version.id, by=by, seen_version=version.row_version, reason=reason)


def _issue_statements(corporation: Corporation) -> bool:
    leader = user_named(LEADER.email)
    completed = complete_reserved(by=leader, corporation_id=corporation.id)
    missing = [(number, on) for number, on in STATEMENTS if not queries.is_stated(corporation, number, on)]
    for number, on in missing:
        issue(contract_numbered(corporation, number), on, by=leader)
    return bool(completed or missing)
