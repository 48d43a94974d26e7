"""What the tests of the history share: acts on an office's contract."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.accounts.models import User
from app.audit.service import command
from app.contracts.models import Amendment, Contract
from app.database import Base
from app.extensions import db
from tests.web.office import Office
from tests.web.reading import words


def do(office: Office, act: Callable[[Contract, User], Any], who: str = "leader") -> Any:
    """What `act` gives, done with the contract by somebody of the office."""
    with office.app.app_context():
        return act(office.contract, db.session.get_one(User, office.people[who]))


def edit(contract: Contract, by: User, **values: object) -> None:
    with command("contract.edit", by=by) as audit, audit.change_of(contract):
        for name, value in values.items():
            setattr(contract, name, value)
        contract.facts_changed()


def amend(contract: Contract, by: User, reference: str = "W1", **values: object) -> int:
    with command("amendment.create", by=by, corporation=contract.corporation) as audit:
        shown = {"effective_on": date(2025, 10, 1), "amount_cents": 150_000_00, "description": ""} | values
        made = Amendment(contract=contract, reference=reference, **shown)
        audit.created(made)
        contract.facts_changed()
    return made.id


def remove(kind: str, row: Base, contract: Contract, by: User) -> int:
    with command(f"{kind}.delete", by=by, corporation=contract.corporation) as audit:
        audit.deleted(row)
        if kind == "amendment":
            contract.facts_changed()
    return audit.record_id


def page(office: Office, address: str, who: str = "leader") -> str:
    answer = office.browser(who).get(address)
    assert answer.status_code == 200, answer.text
    return words(answer.text)
