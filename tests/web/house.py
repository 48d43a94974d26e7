"""A corporation with its people, and the browser of its administrator."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.accounts.models import Language, Membership, Role
from app.extensions import db
from tests import factories as make
from tests.people import client_of
from tests.web.matrix import opened


@dataclass(frozen=True, slots=True)
class House:
    """A corporation with one administrator who reads English, and one of each other role (ids of memberships)."""

    app: Flask
    kvk: str
    administrator_id: int
    memberships: dict[Role, int]
    supplier_ids: list[int]
    foreign_id: int
    """A membership in another corporation."""

    def browser(self) -> FlaskClient:
        return client_of(self.app, self.administrator_id)

    def edit(self, role: Role) -> str:
        return f"/people/{self.memberships[role]}"

    def change(self, who: Role, /, **typed: str) -> TestResponse:
        """Open the page of who has that role and save it with this typed instead."""
        browser = self.browser()
        return browser.post(self.edit(who), data=opened(browser, self.edit(who)) | typed)

    def end(self, role: Role, browser: FlaskClient | None = None) -> TestResponse:
        browser = browser or self.browser()
        address = f"{self.edit(role)}/end"
        return browser.post(address, data={"version": opened(browser, address)["version"]})

    def restore(self, role: Role) -> TestResponse:
        browser = self.browser()
        version = opened(browser, self.edit(role))["version"]
        return browser.post(f"{self.edit(role)}/restore", data={"version": version})

    def stored(self, role: Role) -> Membership:
        """As it is stored now, with its user."""
        with self.app.app_context():
            found = db.session.get_one(Membership, self.memberships[role])
            _ = found.user.is_active
            db.session.expunge_all()
            return found


def a_house(app: Flask) -> House:
    here, elsewhere = make.corporation(name="De Brug"), make.corporation(name="Elders")
    suppliers = [make.supplier(here, name="Van Asten"), make.supplier(here, name="Jansen")]
    memberships = {}
    for role in Role:
        person = make.user(role, of=here, supplier_=suppliers[0], name=f"A {role.value}", language=Language.ENGLISH)
        memberships[role] = person.memberships[0].id
    administrator = db.session.get_one(Membership, memberships[Role.ADMINISTRATOR]).user
    foreign = make.user(Role.PROJECT_LEADER, of=elsewhere, name="Somebody Elsewhere").memberships[0]
    return House(app, here.kvk, administrator.id, memberships, [each.id for each in suppliers], foreign.id)
