"""Invitations: made by an administrator, accepted once by who was meant, and a closed door in every other case."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import TestResponse

from app.accounts import invitations, passwords
from app.accounts.links import token_in
from app.accounts.models import Corporation, Language, Membership, Purpose, Role, Token, User
from app.accounts.service import make_user
from app.audit.models import AuditRecord
from app.audit.service import housekeeping
from app.extensions import db, limiter
from app.suppliers.models import SupplierRecord
from app.web.clock import now, today
from app.web.errors import Invalid
from tests import factories as make
from tests.people import CHEAP, PASSWORD, client_of, password_hash
from tests.web.house import House, a_house
from tests.web.matrix import MARKUP, Bad, expect_refused, opened

LINK = re.compile('id="link" value="http://localhost(/invitation/[^"?]+)')
OVER = "This invitation does not hold (any more)"
ADDRESS = "nieuw@example.org"
TYPED = {"email": ADDRESS, "name": "Nieuw Mens", "role": "project_leader", "language": "en"}
ACCEPTED = {"name": "N. Mens", "password": PASSWORD, "again": PASSWORD, "language": "en"}


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)
    passwords._hash_of_nobody.cache_clear()


def invite(house: House, **typed: str) -> TestResponse:
    sent = TYPED | typed
    return house.browser().post(
        f"/corporation/{house.kvk}/invite", data={key: text for key, text in sent.items() if text}
    )


def link_of(answer: TestResponse) -> str:
    found = LINK.search(answer.text)
    assert found, answer.text
    return found[1] + "?lang=en"


def stored(app: Flask, email: str = ADDRESS) -> tuple[User, list[Membership]]:
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == email)).one()
        memberships = list(user.memberships)
        db.session.expunge_all()
        return user, memberships


def logged_text(app: Flask) -> str:
    with app.app_context():
        payloads = [record.payload for record in db.session.scalars(select(AuditRecord))]
        return "".join(f"{each.before}{each.after}{each.notes}" for each in payloads if each)


def user_with_account(app: Flask, email: str = ADDRESS) -> int:
    with app.app_context():
        return make.user(Role.AUDITOR, email=email, name="Long Known", password_hash=password_hash()).id


# Making one


def test_an_invitation_makes_a_user_who_cannot_do_anything_yet(house: House) -> None:
    answer = invite(house)

    assert answer.status_code == 200
    assert "holds until" in answer.text
    assert "mailto:nieuw@example.org?subject=" in answer.text
    user, [membership] = stored(house.app)
    assert (user.password_hash, user.language) == (None, Language.ENGLISH)
    assert (membership.role, membership.invited_as) == (Role.PROJECT_LEADER, "Nieuw Mens")
    assert not membership.holds_on(today())


def test_the_link_is_kept_as_a_hash_and_stands_in_no_log(house: House) -> None:
    link = link_of(invite(house)).split("/")[-1].partition("?")[0]

    with house.app.app_context():
        kept = db.session.scalars(select(Token.token_hash)).one()
        token = token_in(link, Purpose.INVITATION, invitations.HOLDS)
    assert token
    assert kept not in link
    assert not {link, token, kept} & set(re.findall(r"[\w.-]{20,}", logged_text(house.app)))


BAD = [
    Bad("email", "", "Fill this in."),
    Bad("email", "x", "is not an e-mail address"),
    Bad("email", f"{'x' * 250}@example.org", "is not an e-mail address"),
    Bad("email", f"a{MARKUP}@example.org", "is not an e-mail address"),
    Bad("email", "a@example.org\r\nBcc: b@example.org", "is not an e-mail address"),
    Bad("name", "", "Fill this in."),
    Bad("name", "x" * 201, "at most 200 characters"),
    Bad("name", "Noor 111222333", "citizen service number"),
    Bad("role", "", "Choose one"),
    Bad("role", "director", "Choose one of the possibilities"),
    Bad("role", "supplier", "Choose the supplier", beside="supplier"),
    Bad("role", "assessor", "give a last day", beside="ends_on"),
    Bad("supplier", "987654321", "Choose one of the possibilities"),
    Bad("ends_on", MARKUP, "is not clear as a date"),
    Bad("ends_on", "1-1-2020", "This day is over"),
    Bad("language", "fr", "Choose one of the possibilities"),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_cannot_be_is_refused(house: House, bad: Bad) -> None:
    good = TYPED | {"supplier": "", "ends_on": ""}
    expect_refused(house.app, house.browser(), f"/corporation/{house.kvk}/invite", good, bad)


def test_who_is_in_the_list_already_is_not_invited_again(house: House) -> None:
    invite(house)

    answer = invite(house)
    assert answer.status_code == 422
    assert "stands in the list of people" in answer.text
    assert len(stored(house.app)[1]) == 1


def test_a_supplier_that_goes_at_this_moment_gets_nobody(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with house.app.app_context():
        here = db.session.scalars(select(Corporation).where(Corporation.kvk == house.kvk)).one()
        supplier_id, user_at = make.supplier(here).id, invitations._user_at

        def goes(*asked: Any, **more: Any) -> int:
            with housekeeping("a colleague") as session:
                session.execute(delete(SupplierRecord).where(SupplierRecord.supplier_id == supplier_id))
            return user_at(*asked, **more)

        monkeypatch.setattr(invitations, "_user_at", goes)
        with pytest.raises(Invalid, match="supplier_not_recorded"):
            make.invitation(here, role=Role.SUPPLIER, supplier_id=supplier_id)


def test_markup_in_a_name_is_text(house: House) -> None:
    assert "<script>alert" not in invite(house, name=MARKUP).text
    assert "<script>alert" not in house.browser().get("/people").text


def test_of_somebody_with_an_account_elsewhere_nothing_shows(house: House) -> None:
    user_with_account(house.app)
    known, unknown = invite(house), invite(house, email="andere@example.org")
    listed = house.browser().get("/people?q=Nieuw").text

    assert known.status_code == unknown.status_code == 200
    assert "Long Known" not in known.text + listed
    assert listed.count("Nieuw Mens") == 2
    with house.app.app_context():
        here = db.session.scalars(select(Corporation).where(Corporation.kvk == house.kvk)).one()
        chained = [record.action for record in db.session.scalars(select(AuditRecord)) if _is_of(record, here)]
    assert chained == ["membership.invite", "membership.invite"]


def _is_of(record: AuditRecord, corporation: Corporation) -> bool:
    return record.chain.corporation_id == corporation.id


def test_only_who_administers_invites(house: House) -> None:
    leader = client_of(house.app, house.stored(Role.PROJECT_LEADER).user_id)

    assert leader.post(f"/corporation/{house.kvk}/invite", data=TYPED).status_code == 403


# Accepting


def test_who_is_new_chooses_a_password_and_is_in(house: House, client: FlaskClient) -> None:
    link = link_of(invite(house))
    page = client.get(link)
    assert "De Brug gives you access" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"

    assert client.post(link, data=ACCEPTED).location == "/"

    assert client.get("/portfolio").status_code == 200
    user, [membership] = stored(house.app)
    assert (user.name, membership.invited_as) == ("N. Mens", None)
    assert passwords.is_right(PASSWORD, user.password_hash)


def test_an_invitation_works_on_both_databases(both_databases: Flask) -> None:
    with both_databases.app_context():
        house = a_house(both_databases)
    client = both_databases.test_client()
    link = link_of(invite(house))

    assert client.post(link, data=ACCEPTED).status_code == 302
    assert both_databases.test_client().post(link, data=ACCEPTED).status_code == 410


def test_an_address_cannot_be_made_somebody_else(house: House, client: FlaskClient) -> None:
    client.post(link_of(invite(house)), data=ACCEPTED | {"email": "ander@example.org", "role": "administrator"})

    assert stored(house.app)[1][0].role is Role.PROJECT_LEADER


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"password": ""}, "password"),
        ({"password": "te kort", "again": "te kort"}, "password"),
        ({"password": "x" * 1001, "again": "x" * 1001}, "password"),
        ({"again": "iets anders dan dat"}, "again"),
        ({"language": "fr"}, "language"),
    ],
)
def test_what_cannot_be_is_said_beside_it(
    house: House, client: FlaskClient, changed: dict[str, str], field: str
) -> None:
    link = link_of(invite(house))
    answer = client.post(link, data=ACCEPTED | changed)

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert stored(house.app)[1][0].invited_as == "Nieuw Mens"
    assert client.get(link).status_code == 200


def test_who_has_an_account_logs_in_and_never_gets_another_password(house: House, client: FlaskClient) -> None:
    user_with_account(house.app)
    link = link_of(invite(house))

    page = client.get(link)
    assert 'name="password"' not in page.text
    assert client.post(link, data=ACCEPTED | {"password": "een heel ander woord", "again": "een heel ander woord"})
    assert passwords.is_right(PASSWORD, stored(house.app)[0].password_hash)

    way = re.search(r'href="(/login\?next=[^"]+)"', page.text)
    assert way
    data = {"email": ADDRESS, "password": PASSWORD, "next": opened(client, way[1])["next"]}
    back = client.post("/login", data=data).location
    assert back == link.partition("?")[0]
    assert client.post(back).location == "/"
    user, memberships = stored(house.app)
    assert [each.invited_as for each in memberships] == [None, None]
    assert user.name == "Long Known"


def test_somebody_else_who_is_logged_in_does_not_accept(house: House) -> None:
    link = link_of(invite(house))
    answer = house.browser().post(link, data=ACCEPTED)

    assert answer.status_code == 422
    assert "this invitation is for somebody else" in answer.text
    assert stored(house.app)[1][0].invited_as == "Nieuw Mens"


def test_an_account_that_was_closed_opens_for_who_is_invited_anew(house: House) -> None:
    known = user_with_account(house.app)
    with house.app.app_context():
        user = db.session.get_one(User, known)
        user.is_active, user.memberships[0].ends_on = False, today() - timedelta(days=1)
        db.session.commit()
    invite(house)

    assert stored(house.app)[0].is_active


def test_the_command_line_lets_somebody_in_who_was_invited(house: House) -> None:
    invite(house)
    with house.app.app_context():
        make_user(ADDRESS, Role.PROJECT_LEADER, house.kvk, by="command line", password=PASSWORD)

    assert stored(house.app)[1][0].holds_on(today())


# What holds no longer


def is_over(client: FlaskClient, link: str) -> bool:
    looked, sent = client.get(link), client.post(link, data=ACCEPTED)
    assert looked.headers["Referrer-Policy"] == "no-referrer"
    return (looked.status_code, sent.status_code) == (410, 410) and OVER in looked.text and ADDRESS not in looked.text


def test_a_link_works_once(house: House, app: Flask) -> None:
    link = link_of(invite(house))
    app.test_client().post(link, data=ACCEPTED)

    assert is_over(app.test_client(), link)


def test_a_link_works_seven_days(house: House, app: Flask) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        link = link_of(invite(house))
        clock.shift(timedelta(days=7, seconds=-1))
        assert app.test_client().get(link).status_code == 200
        clock.shift(timedelta(seconds=2))
        assert is_over(app.test_client(), link)


@pytest.mark.parametrize("how", ["swapped", "cut", "longer", "unsigned", "odd"])
def test_a_link_that_was_tampered_with_does_not_work(house: House, client: FlaskClient, how: str) -> None:
    link = link_of(invite(house)).partition("?")[0]
    tampered = {
        "swapped": link[:-2] + ("A" if link[-2] != "A" else "B") + link[-1],
        "cut": link[:-6],
        "longer": link + "x",
        "unsigned": "/invitation/" + link.split("/")[-1].split(".")[0],
        "odd": "/invitation/%F0%9F%98%80",
    }[how]

    assert is_over(client, tampered + "?lang=en")


def test_another_link_makes_the_first_one_worthless(house: House, client: FlaskClient) -> None:
    first, browser = link_of(invite(house)), house.browser()
    person = f"/people/{stored(house.app)[1][0].id}"
    made = browser.post(f"{person}/invitation", data={"version": opened(browser, person)["version"]})

    assert is_over(client, first)
    assert client.get(link_of(made)).status_code == 200


def test_a_withdrawn_link_does_not_work(house: House, client: FlaskClient) -> None:
    link, browser = link_of(invite(house)), house.browser()
    person = f"/people/{stored(house.app)[1][0].id}"
    assert "Make a new invitation" in browser.get(person).text
    browser.post(f"{person}/invitation/withdraw", data={"version": opened(browser, person)["version"]})

    assert is_over(client, link)
    assert "Invitation lapsed" in browser.get("/people").text


def test_who_has_accepted_is_not_invited_again(house: House) -> None:
    browser, person = house.browser(), house.edit(Role.AUDITOR)

    answer = browser.post(f"{person}/invitation", data={"version": opened(browser, person)["version"]})
    assert answer.status_code == 409
    assert "No invitation of this person is waiting" in answer.text


def test_links_cannot_be_tried_without_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    link = link_of(invite(house))
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    client = house.app.test_client()
    for number in range(30):
        assert client.get(f"/invitation/{number}").status_code == 410

    assert client.get(link).status_code == 429
    elsewhere = {"REMOTE_ADDR": "10.0.0.1"}
    assert client.get(link, environ_overrides=elsewhere).status_code == 200
