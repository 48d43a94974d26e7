"""A place with rate tables and policies: those of the product, and those of two corporations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Language, Role
from app.extensions import db
from app.schemes import queries, service
from app.schemes.models import Policy, RateTable
from config import ROOT
from tests import factories as make
from tests.people import client_of

TABLE = (ROOT / "data/rate-tables/utrecht-2024.toml").read_text(encoding="utf-8")
POLICY = (ROOT / "data/policies/capped.toml").read_text(encoding="utf-8")
OWN_TABLE = TABLE.replace('id = "utrecht-2024"', 'id = "brug-2026"').replace("Gemeente Utrecht", "Tabel van De Brug")
OWN_TABLE = OWN_TABLE.replace("2024-01-01   # the page gives no date: ours", "2026-01-01")
OWN_POLICY = POLICY.replace('id = "capped"', 'id = "brug"')
SHOWN = re.compile(r'name="shown"[^>]*value="([0-9a-f]{64})"')
HUGE = "9" * 5000


@dataclass(frozen=True, slots=True)
class Place:
    """Ids of what is there, and browsers of who works there."""

    app: Flask
    people: dict[str, int]
    ids: dict[str, int]

    def browser(self, who: str = "leader") -> FlaskClient:
        return client_of(self.app, self.people[who])

    def get(self, address: str, who: str = "leader") -> TestResponse:
        return self.browser(who).get(address)

    def send(self, address: str, typed: dict[str, Any], who: str = "leader", **options: Any) -> TestResponse:
        """Look, and save what was shown."""
        browser = self.browser(who)
        looked = browser.post(address, data={**typed, "action": "calculate"})
        found = SHOWN.search(looked.text)
        if found is None:
            return looked
        return browser.post(address, data={**typed, "action": "save", "shown": found[1]}, **options)

    def tables(self) -> dict[str, str]:
        """The text of each rate table of De Brug's own, by id."""
        with self.app.app_context():
            own = select(RateTable).where(RateTable.corporation_id == self.ids["here"])
            return {row.code: row.content for row in db.session.scalars(own)}

    def policies(self) -> dict[str, str]:
        with self.app.app_context():
            own = select(Policy).where(Policy.corporation_id == self.ids["here"])
            return {row.code: row.content for row in db.session.scalars(own)}


def a_place(app: Flask) -> Place:
    with app.app_context():
        service.load_shipped()
        here, elsewhere = make.corporation(name="De Brug"), make.corporation(name="Elders")
        supplier = make.supplier(here, name="Van Asten")
        own = service.add_rate_table(OWN_TABLE, here, by="test")
        policy = service.add_policy(OWN_POLICY, here, by="test")
        theirs = service.add_rate_table(OWN_TABLE.replace("De Brug", "Elders"), elsewhere, by="test")
        people = {}
        for role in Role:
            people[role.value] = make.user(role, of=here, supplier_=supplier, language=Language.ENGLISH).id
        people["leader"] = people[Role.PROJECT_LEADER.value]
        people["stranger"] = make.user(of=elsewhere, language=Language.ENGLISH).id
        shipped, capped = queries.shipped(RateTable)["utrecht-2024"], queries.shipped(Policy)["capped"]
        contract = make.contract(here, supplier, number="2025/014 a", rate_table=shipped, policy=capped)
        make.contract(elsewhere, number="2025-099", rate_table=shipped, policy=capped)
        ids = {
            "here": here.id,
            "own": own.id,
            "policy": policy.id,
            "theirs": theirs.id,
            "shipped": shipped.id,
            "capped": capped.id,
            "supplier": supplier.id,
            "contract": contract.id,
        }
    return Place(app, people, ids)


def is_said_beside(answer: TestResponse, field: str, words: str) -> bool:
    """Whether the page names what is wrong with a field, and nothing of what was typed became markup."""
    says = words in unescape(answer.text) and f'href="#{field}"' in answer.text
    return says and "shown-title" not in answer.text and "<b>x</b>" not in answer.text


def copied(**typed: str) -> dict[str, str]:
    """What somebody types who copies a table; the rest stays as it is in the form."""
    return {"code": "utrecht-2027", "in_force_from": "1-1-2027", **typed}
