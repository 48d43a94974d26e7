"""What a command would do to figures: it runs to its end, is looked at, and is undone.

So what a form shows before it is saved is what saving does: the same checks, the same rule book, every contract that it
touches.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.assessments.queries import latest_records, standings
from app.audit.service import rehearsal
from app.contracts.models import Contract, changed_contracts
from app.extensions import db
from app.rules import Assessment, Dossier, assess
from app.rules.dossier_json import dossier_from_json


@dataclass(frozen=True, slots=True)
class Effect:
    """A contract before (None: it is new) and after a command, both as of one day."""

    dossier: Dossier
    before: Assessment | None
    after: Assessment

    @property
    def moves(self) -> bool:
        """Whether any figure that is shown becomes another."""
        return self.before is None or _shown(self.before) != _shown(self.after)


def effects_of(act: Callable[[], object], on: date) -> list[Effect]:
    """What `act`, a command, would do to each contract whose facts it touches, by number. Nothing is saved.

    Errors: whatever the command refuses.
    """
    after: dict[int, Dossier] = {}
    with rehearsal(partial(_look, after)):
        act()
    before = _before(after.keys(), on)
    found = [Effect(dossier, before.get(each), assess(dossier, on)) for each, dossier in after.items()]
    return sorted(found, key=lambda effect: effect.dossier.terms.number)


def _look(found: dict[int, Dossier], session: Session) -> None:
    touched = [contract.id for contract in changed_contracts(session)]
    records = latest_records(session, touched)
    found |= {each: dossier_from_json(json.loads(record.json)) for each, record in records.items()}


def _before(contract_ids: Iterable[int], on: date) -> dict[int, Assessment]:
    contracts = db.session.scalars(select(Contract).where(Contract.id.in_(contract_ids))).all()
    return dict(standings(contracts, on))


def _shown(figures: Assessment) -> tuple[object, ...]:
    return (
        figures.net_cents,
        figures.exempted_cents,
        figures.due_cents,
        figures.credited_cents,
        figures.forecast_cents,
        figures.status,
        figures.at_risk,
        figures.closing,
    )
