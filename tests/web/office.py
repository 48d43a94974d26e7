"""An office to enter and judge contributions in: a contract, people of every role who read English, their browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from shutil import copy
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Corporation, Language, Role, User
from app.contracts.models import Contract
from app.contributions.models import Contribution, Placement
from app.extensions import db
from app.rules.dossier import Status
from app.suppliers.models import Supplier
from tests import factories as make
from tests.people import client_of
from tests.support import LENT, settings

TYPED = {
    "person": "SR-0042",
    "block": "participatiewet",
    "starts_on": "1-2-2026",
    "hours": "28,8",
    "ends_on": "31-10-2026",
    "share": "100",
    "programme": "other",
    "action": "submit",
}
"""Example E1 of the field as somebody types it: 24,000.00."""


@dataclass(frozen=True, slots=True)
class Office:
    """The ids of what is there, and a browser for each who works there."""

    app: Flask
    contract_id: int
    people: dict[str, int]

    @property
    def contract(self) -> Contract:
        """Inside an application context."""
        return db.session.get_one(Contract, self.contract_id)

    @property
    def corporation(self) -> Corporation:
        """Inside an application context."""
        return self.contract.corporation

    def browser(self, who: str = "leader") -> FlaskClient:
        return client_of(self.app, self.people[who])

    def new(self, kind: str = "placements") -> str:
        return f"/contributions/{self.contract_id}/{kind}/new"

    def preview(self, kind: str = "placements") -> str:
        return f"/contributions/{self.contract_id}/{kind}/preview"

    def enter(self, who: str = "leader", kind: str = "placements", **typed: Any) -> TestResponse:
        """Send the form of a placement with these texts instead of those of `TYPED`."""
        values = {**TYPED, **typed} if kind == "placements" else {"action": "submit", **typed}
        return self.browser(who).post(self.new(kind), data={name: text for name, text in values.items() if text != ""})

    def submitted(self, who: str = "leader", **values: Any) -> int:
        """The id of a submitted placement that somebody entered."""
        with self.app.app_context():
            user = db.session.get_one(User, self.people[who])
            shown = {"status": Status.SUBMITTED, "reference": "W-1081", "hours": Decimal("28.8")} | values
            return make.placement(self.contract, entered_by=user, **shown).id

    def contributions(self) -> list[Contribution]:
        """What is stored of the contract, oldest first, read whole."""
        with self.app.app_context():
            of_contract = select(Contribution).where(Contribution.contract_id == self.contract_id)
            found = list(db.session.scalars(of_contract.order_by(Contribution.id)))
            for each in found:
                if isinstance(each, Placement):
                    _ = each.person.reference, [row.hours for row in each.hours], [row.block for row in each.bonuses]
            db.session.expunge_all()
            return found

    def stored(self, contribution_id: int) -> Contribution:
        return next(each for each in self.contributions() if each.id == contribution_id)


def an_office(app: Flask, table: str = "utrecht-2024", **values: Any) -> Office:
    with app.app_context():
        here, elsewhere = make.corporation(name="De Brug"), make.corporation()
        supplier = make.supplier(here, name="Van Asten")
        contract = make.contract(here, supplier, number="2025/014 a", rate_table=make.rate_table(table), **values)
        people = {
            "leader": _reader(Role.PROJECT_LEADER, here, supplier),
            "colleague": _reader(Role.PROJECT_LEADER, here, supplier),
            "administrator": _reader(Role.ADMINISTRATOR, here, supplier),
            "supplier": _reader(Role.SUPPLIER, here, supplier),
            "auditor": _reader(Role.AUDITOR, here, supplier),
            "assessor": _reader(Role.ASSESSOR, here, supplier),
            "stranger": make.user(of=elsewhere, language=Language.ENGLISH).id,
        }
        return Office(app, contract.id, people)


@contextmanager
def a_lasting_office(migrated_sqlite: Path, folder: Path) -> Iterator[Office]:
    """An office for all tests of a module: to look at, and to be refused in."""
    url = f"sqlite:///{copy(migrated_sqlite, folder / 'lasting.sqlite3')}"
    with LENT.application(settings(folder, url)) as app:
        yield an_office(app)


def _reader(role: Role, of: Corporation, supplier: Supplier) -> int:
    return make.user(role, of=of, supplier_=supplier, language=Language.ENGLISH, name=f"A {role.value}").id
