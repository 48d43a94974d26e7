"""An assessor of another organisation: what a mandate lets see and judge, what it does not, and its end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.mandates import Mandate
from app.accounts.models import Language, Membership, Role, User
from app.accounts.permissions import Permission, contracts_where, corporations_where, houses_where, may
from app.accounts.service import make_user
from app.contracts.queries import ids_visible_to
from app.contracts.service import delete
from app.contributions.models import Contribution
from app.extensions import db
from app.rules.dossier import Status
from app.statements.queries import visible_to as statements_visible_to
from app.web.clock import today
from tests import factories as make
from tests.people import client_of
from tests.web.matrix import MARKUP, Bad, expect_each_refused, opened
from tests.web.office import Office, an_office
from tests.web.reading import words

LATER = "31-12-2098"
MANDATE = {
    "role": "assessor",
    "organisation": "Gemeente Oosterwijk",
    "mandate_reason": "Social return doen wij samen.",
    "scope": "chosen",
    "contracts": "2025/014 a",
    "ends_on": LATER,
    "action": "save",
}


class Place:
    """De Brug with two contracts, on each of which something waits, and an assessor for the first."""

    def __init__(self, office: Office) -> None:
        self.office = office
        with office.app.app_context():
            here, supplier = office.corporation, office.contract.supplier
            other = make.contract(here, supplier, number="2025-099", title="Dakonderhoud")
            self.kvk, self.other_id = here.kvk, other.id
            self.ours, self.others = (self._waiting(contract) for contract in (office.contract, other))
            self.statement_id = make.statement(other).id
            assessor = make.mandate(here, office.contract, of_user=make.user(None, language=Language.ENGLISH))
            self.assessor_id = assessor.id

    def _waiting(self, contract: object) -> int:
        return make.activity(contract, status=Status.SUBMITTED).id  # type: ignore[arg-type]

    def assessor(self) -> FlaskClient:
        return client_of(self.office.app, self.assessor_id)


@pytest.fixture
def place(app: Flask) -> Place:
    return Place(an_office(app))


def test_the_first_page_of_an_assessor_is_what_waits_within_the_mandate(place: Place) -> None:
    browser = place.assessor()

    assert browser.get("/").location == "/contributions/to-judge"
    page = browser.get("/contributions/to-judge").text
    assert f"/contribution/{place.ours}" in page and f"/contribution/{place.others}" not in page


def test_what_a_mandate_does_not_name_does_not_exist_for_the_assessor(place: Place) -> None:
    browser, other = place.assessor(), place.other_id
    lists = ("/contracts", "/contributions", "/statements", "/contributions/to-judge")

    assert {browser.get(page).status_code for page in lists} == {200}
    assert not any("2025-099" in browser.get(page).text or "Dakonderhoud" in browser.get(page).text for page in lists)
    gone = (
        f"/contracts/{place.kvk}/2025-099",
        f"/contribution/{place.others}",
        f"/statements/{place.statement_id}",
        f"/contract/{other}/settlement",
        f"/contract/{other}/evidence/new",
        f"/contract/{other}/visits/new",
        f"/contribution/{place.others}/visits/new",
    )
    assert {address: browser.get(address).status_code for address in gone} == dict.fromkeys(gone, 404)
    posts = (f"/contribution/{place.others}/approve", f"/contribution/{place.others}/reject")
    assert [browser.post(address, data={"version": "1", "reason": "x"}).status_code for address in posts] == [404, 404]
    assert browser.get(f"/contracts/{place.kvk}/2025/014%20a").status_code == 200


def test_an_approval_says_for_which_organisation(place: Place) -> None:
    browser, page = place.assessor(), f"/contribution/{place.ours}"
    browser.post(f"{page}/approve", data=opened(browser, page))

    with place.office.app.app_context():
        stored = db.session.get_one(Contribution, place.ours)
        assert (stored.status, stored.judged_for) == (Status.APPROVED, "Gemeente Oosterwijk")
        name = stored.approved_by.name if stored.approved_by else ""
    assert f"Approved: {name}, Gemeente Oosterwijk," in words(place.office.browser("supplier").get(page).text)


def test_a_mandate_ends_the_same_day(place: Place) -> None:
    browser, page = place.assessor(), f"/contribution/{place.ours}"
    with place.office.app.app_context():
        row = db.session.scalars(select(Membership).where(Membership.user_id == place.assessor_id)).one()
        row.ends_on = today()
        db.session.commit()
        address = f"/people/{row.id}/end"
    assert browser.get(page).status_code == 200

    administrator = place.office.browser("administrator")
    administrator.post(address, data=opened(administrator, address))
    assert browser.get(page).status_code != 200


def test_every_scope_keeps_to_the_mandate(app: Flask) -> None:
    with app.app_context():
        here = make.corporation()
        one, two = make.contract(here), make.contract(here)
        statements = [make.statement(each) for each in (one, two)]
        limited, whole = make.mandate(here, one), make.mandate(here)

        def sees(user: User) -> set[int]:
            return set(db.session.scalars(ids_visible_to(user, Permission.JUDGE)))

        def reads(user: User) -> list[bool]:
            wanted = select(type(statements[0]).id).join(type(statements[0]).contract)
            found = set(db.session.scalars(wanted.where(statements_visible_to(user))))
            return [each.id in found for each in statements]

        assert (sees(limited), sees(whole)) == ({one.id}, {one.id, two.id})
        assert (reads(limited), reads(whole)) == ([True, False], [True, True])
        assert corporations_where(limited, Permission.JUDGE) == limited.corporation_ids == frozenset()
        assert contracts_where(limited, Permission.JUDGE) == {one.id}
        assert houses_where(limited, Permission.SEE_SCHEMES) == {here.id}
        judges = [may(limited, Permission.JUDGE, corporation_id=here.id, contract_id=each.id) for each in (one, two)]
        assert judges == [True, False]
        assert not may(limited, Permission.JUDGE, corporation_id=here.id)


def test_a_mandate_for_a_contract_that_is_gone_is_a_mandate_for_nothing(app: Flask) -> None:
    with app.app_context():
        here = make.corporation()
        one, _two = make.contract(here), make.contract(here)
        assessor = make.mandate(here, one)
        delete(one.id, by=make.user(of=here), seen_version=one.row_version)
        db.session.expire_all()

        assert db.session.scalars(ids_visible_to(assessor)).all() == []


def test_an_administrator_gives_a_mandate_and_changes_it(place: Place) -> None:
    office, administrator = place.office, place.office.browser("administrator")
    with office.app.app_context():
        membership = make.user(Role.PROJECT_LEADER, of=office.corporation).memberships[0]
        form, user_id = f"/people/{membership.id}", membership.user_id
    expect_each_refused(
        office.app,
        administrator,
        form,
        opened(administrator, form) | MANDATE,
        [
            Bad("organisation", "", "say which"),
            Bad("organisation", "x" * 201, "too long"),
            Bad("mandate_reason", "", "Say why"),
            Bad("contracts", "", "Name at least one"),
            Bad("contracts", "2025/014 a\n<b>", "There is no contract <b> here"),
            Bad("contracts", MARKUP, "There is no contract"),
            Bad("scope", "some", "Choose one of the possibilities"),
            Bad("ends_on", "", "give a last day"),
            Bad("ends_on", "1-1-2020", "This day is over"),
        ],
    )
    both = MANDATE | {"contracts": "2025-099\n\n 2025/014 a \n2025-099"}
    assert administrator.post(form, data=opened(administrator, form) | both).status_code == 302
    assert opened(administrator, form)["contracts"].split("\n") == ["2025-099", "2025/014 a"]
    one = opened(administrator, form) | {"contracts": "2025-099", "action": "save"}
    assert administrator.post(form, data=one).status_code == 302
    with office.app.app_context():
        stored = db.session.scalars(select(Membership).where(Membership.user_id == user_id)).one()
        assert (stored.is_limited, stored.contract_ids) == (True, {place.other_id})
        assert (stored.row_version, stored.ends_on) == (3, date(2098, 12, 31))
        history = f"/history/membership/{stored.id}"
    seen = words(administrator.get(history).text)
    assert "Gemeente Oosterwijk" in seen and "2025/014 a, 2025-099" in seen
    assert "Gemeente Oosterwijk · some contracts" in words(administrator.get("/people?role=assessor").text)

    back = opened(administrator, form) | {"role": "project_leader", "action": "save"}
    administrator.post(form, data=back)
    with office.app.app_context():
        stored = db.session.scalars(select(Membership).where(Membership.user_id == user_id)).one()
        assert (stored.organisation, stored.is_limited, stored.contract_ids) == (None, False, frozenset())


def test_an_invited_assessor_has_the_mandate_of_the_invitation(app: Flask) -> None:
    with app.app_context():
        here, elsewhere = make.corporation(), make.corporation()
        one, foreign = make.contract(here), make.contract(elsewhere)
        mandate = Mandate("Gemeente", "Samen", (one.number,))
        asked = {"role": Role.ASSESSOR, "ends_on": today() + timedelta(days=9)}
        made = make.invitation(here, mandate=mandate, **asked).membership

        assert (made.organisation, made.is_limited, made.contract_ids) == ("Gemeente", True, {one.id})
        with pytest.raises(Exception, match="no_such_contracts"):
            make.invitation(here, mandate=Mandate("Gemeente", "Samen", (foreign.number,)), **asked)


def test_the_command_line_makes_a_project_leader_of_an_assessor(app: Flask) -> None:
    with app.app_context():
        here = make.corporation()
        assessor = make.mandate(here, make.contract(here))
        make_user(assessor.email, Role.PROJECT_LEADER, here.kvk, by="command line")

        (membership,) = assessor.memberships
        assert (membership.role, membership.organisation) == (Role.PROJECT_LEADER, None)
        assert (membership.is_limited, membership.contract_ids) == (False, frozenset())
