"""What the tests of the history share: acts on an office's contract, and what a page says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from typing import Any

from app.accounts.models import User
from app.audit.service import command
from app.contracts.models import Amendment, Contract
from app.database import Base
from app.extensions import db
from tests.web.office import Office


class Words(HTMLParser):
    """What a page says in its main part, without marks."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def words(text: str) -> str:
    main = text[text.index("<main") : text.index("</main>")]
    reader = Words()
    reader.feed(main)
    return re.sub(r"\s+", " ", " ".join(reader.said).replace("\N{NO-BREAK SPACE}", " "))


def do(office: Office, act: Callable[[Contract, User], Any], who: str = "leader") -> Any:
    """What `act` gives, done with the contract by somebody of the office."""
    with office.app.app_context():
        return act(db.session.get_one(Contract, office.contract_id), db.session.get_one(User, office.people[who]))


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
