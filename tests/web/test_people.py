"""The administrator's people: the list, what somebody may do, its end, and the last administrator who stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import people
from app.accounts.models import Corporation, Language, Membership, Role, User
from app.extensions import db
from app.web.clock import today
from app.web.errors import DomainError, NotFound
from app.web.listing import PAGE_SIZE
from tests import factories as make
from tests.people import client_of
from tests.web.counting import statements_of_request
from tests.web.house import House, a_house
from tests.web.matrix import MARKUP, Bad, expect_refused, opened
from tests.web.world import actions

YESTERDAY = timedelta(days=-1)
NAMES = re.compile('<a class="name"[^>]*>([^<]*)</a>')
LATER = "31-12-2098"


def add_administrator(house: House, **values: object) -> User:
    here = db.session.scalars(select(Corporation).where(Corporation.kvk == house.kvk)).one()
    person = make.user(None, name="Second", language=Language.ENGLISH)
    make.membership(person, Role.ADMINISTRATOR, of=here, **values)
    return person


# The list


def test_the_list_shows_the_people_of_ones_own_corporations_only(house: House) -> None:
    text = house.browser().get("/people").text

    assert all(f"A {role.value}" in text for role in Role)
    assert "Somebody Elsewhere" not in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=asten", {"A supplier"}),
        ("q=a+leader", {"A project_leader"}),
        ("role=auditor", {"A auditor"}),
        ("state=ended", {"A assessor"}),
        ("state=active&role=assessor", set()),
        ("q=Somebody", set()),
    ],
)
def test_what_is_asked_of_the_list_is_found(house: House, query: str, found: set[str]) -> None:
    house.end(Role.ASSESSOR)

    assert set(NAMES.findall(house.browser().get(f"/people?{query}").text)) == found


def test_every_order_of_the_list_works_on_both_databases(both_databases: Flask) -> None:
    with both_databases.app_context():
        house = a_house(both_databases)
    browser = house.browser()

    for sort in ("name", "role", "until", "seen"):
        there, back = (NAMES.findall(browser.get(f"/people?sort={sort}{way}").text) for way in ("", "&dir=desc"))
        assert there == back[::-1]
        assert len(there) == len(Role)


def test_the_list_takes_as_many_statements_for_many_people_as_for_few(house: House) -> None:
    browser = house.browser()
    few = statements_of_request(house.app, browser, "/people")
    with house.app.app_context():
        here = db.session.get_one(Membership, house.memberships[Role.AUDITOR]).corporation
        for _ in range(40):
            make.membership(make.user(None), Role.AUDITOR, of=here)

    assert statements_of_request(house.app, browser, "/people") == few
    assert len(NAMES.findall(browser.get("/people?page=2").text)) == 45 - PAGE_SIZE


# Changing what somebody is


def test_a_role_is_changed(house: House) -> None:
    assert house.change(Role.PROJECT_LEADER, role="auditor", ends_on=LATER).status_code == 302

    stored = house.stored(Role.PROJECT_LEADER)
    assert (stored.role, stored.ends_on, stored.row_version) == (Role.AUDITOR, date(2098, 12, 31), 2)
    assert actions(house.app) == ["membership.change"]


def test_a_project_leader_becomes_a_suppliers_and_back(house: House) -> None:
    other = str(house.supplier_ids[1])
    house.change(Role.PROJECT_LEADER, role="supplier", supplier=other)
    assert house.stored(Role.PROJECT_LEADER).supplier_id == house.supplier_ids[1]

    house.change(Role.PROJECT_LEADER, role="project_leader", supplier=other)
    assert house.stored(Role.PROJECT_LEADER).supplier_id is None


BAD = [
    Bad("role", "", "Choose one"),
    Bad("role", "director", "Choose one of the possibilities"),
    Bad("role", "supplier", "Choose the supplier", beside="supplier"),
    Bad("role", "auditor", "give a last day", beside="ends_on"),
    Bad("supplier", "987654321", "Choose one of the possibilities"),
    Bad("supplier", "x" * 300, "Choose one of the possibilities"),
    Bad("ends_on", MARKUP, "is not clear as a date"),
    Bad("ends_on", "1-1-2020", "This day is over"),
    Bad("ends_on", "31-02-2030", "does not exist"),
    Bad("ends_on", "9" * 300, "is not clear as a date"),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_cannot_be_is_refused(house: House, bad: Bad) -> None:
    browser, address = house.browser(), house.edit(Role.PROJECT_LEADER)

    expect_refused(house.app, browser, address, opened(browser, address), bad)


def test_the_supplier_of_another_corporation_is_none_to_choose(house: House) -> None:
    with house.app.app_context():
        foreign = make.supplier(make.corporation()).id
    browser, address = house.browser(), house.edit(Role.SUPPLIER)

    expect_refused(
        house.app,
        browser,
        address,
        opened(browser, address),
        Bad("supplier", str(foreign), "Choose one of the possibilities"),
    )


def test_one_person_is_not_the_same_thing_twice(house: House) -> None:
    with house.app.app_context():
        membership = db.session.get_one(Membership, house.memberships[Role.SUPPLIER])
        make.membership(membership.user, Role.PROJECT_LEADER, of=membership.corporation)
    browser, address = house.browser(), house.edit(Role.SUPPLIER)
    bad = Bad("role", "auditor", "stands in the list of people")

    expect_refused(house.app, browser, address, opened(browser, address) | {"ends_on": LATER}, bad)


def test_two_who_change_the_same_person_do_not_overwrite_each_other(house: House) -> None:
    browser, address = house.browser(), house.edit(Role.PROJECT_LEADER)
    before = opened(browser, address)
    house.change(Role.PROJECT_LEADER, ends_on=LATER)

    answer = browser.post(address, data=before | {"ends_on": "1-6-2097"})

    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in answer.text
    assert house.stored(Role.PROJECT_LEADER).ends_on == date(2098, 12, 31)


def test_another_corporations_person_is_out_of_reach(house: House) -> None:
    browser = house.browser()
    for address in (f"/people/{house.foreign_id}", f"/people/{house.foreign_id}/end"):
        assert browser.get(address).status_code == 404
        assert browser.post(address, data={"version": "1", "role": "auditor", "ends_on": LATER}).status_code == 404


# Ending and giving back


def test_access_that_ends_is_over_at_the_next_request(house: House) -> None:
    leader_id = house.stored(Role.PROJECT_LEADER).user_id
    leader = client_of(house.app, leader_id)
    assert leader.get("/portfolio").status_code == 200

    house.end(Role.PROJECT_LEADER)

    assert leader.get("/portfolio").status_code == 302
    assert not house.stored(Role.PROJECT_LEADER).user.is_active
    assert actions(house.app) == ["membership.end", "user.deactivate"]


def test_who_belongs_elsewhere_too_keeps_the_account(house: House) -> None:
    with house.app.app_context():
        make.membership(db.session.get_one(Membership, house.memberships[Role.AUDITOR]).user, Role.AUDITOR)
    auditor = client_of(house.app, house.stored(Role.AUDITOR).user_id)

    answer = house.end(Role.AUDITOR)

    assert answer.status_code == 302
    assert house.stored(Role.AUDITOR).user.is_active
    assert auditor.get("/account").status_code == 200
    assert auditor.get("/contracts").status_code == 200
    assert "De Brug" not in auditor.get("/contracts").text


@pytest.mark.parametrize("role", [Role.PROJECT_LEADER, Role.ASSESSOR])
def test_access_is_given_again(house: House, role: Role) -> None:
    house.end(role)
    assert house.restore(role).status_code == 302

    stored = house.stored(role)
    assert stored.user.is_active
    assert stored.holds_on(today())
    assert (stored.ends_on is None) == (role is Role.PROJECT_LEADER)


def test_a_later_last_day_gives_access_again(house: House) -> None:
    house.end(Role.AUDITOR)
    house.change(Role.AUDITOR, ends_on=LATER)

    assert house.stored(Role.AUDITOR).user.is_active
    assert house.stored(Role.AUDITOR).holds_on(today())


def test_an_account_that_another_corporation_has_a_say_in_is_not_opened_again(house: House) -> None:
    with house.app.app_context():
        membership = db.session.get_one(Membership, house.memberships[Role.AUDITOR])
        make.membership(membership.user, Role.AUDITOR)
        membership.user.is_active = False
        db.session.commit()
    browser = house.browser()
    seen = {"version": opened(browser, house.edit(Role.AUDITOR))["version"]}
    answer = browser.post(f"{house.edit(Role.AUDITOR)}/restore", data=seen, follow_redirects=True)

    assert "The account of A auditor stays closed" in answer.text
    assert not house.stored(Role.AUDITOR).user.is_active


# The last administrator


@pytest.mark.parametrize(
    "typed", [{"role": "project_leader"}, {"ends_on": LATER}, {"role": "auditor", "ends_on": LATER}]
)
def test_the_last_administrator_stays_one(house: House, typed: dict[str, str]) -> None:
    answer = house.change(Role.ADMINISTRATOR, **typed)

    assert answer.status_code == 409
    assert "is the last administrator of De Brug. First make somebody else administrator" in answer.text
    assert house.stored(Role.ADMINISTRATOR).role is Role.ADMINISTRATOR


def test_the_last_administrator_cannot_be_ended(house: House) -> None:
    answer = house.end(Role.ADMINISTRATOR)

    assert answer.status_code == 409
    assert "First make somebody else administrator" in answer.text
    assert house.stored(Role.ADMINISTRATOR).ends_on is None
    assert actions(house.app) == []


@pytest.mark.parametrize(
    "values", [{"ends_on": date(2098, 1, 1)}, {"ends_on": today() + YESTERDAY}, {"invited_as": "Not here yet"}]
)
def test_an_administrator_for_a_time_or_not_yet_is_no_other_administrator(
    house: House, values: dict[str, object]
) -> None:
    with house.app.app_context():
        add_administrator(house, **values)

    assert house.end(Role.ADMINISTRATOR).status_code == 409


def test_an_administrator_who_cannot_log_in_is_no_other_administrator(house: House) -> None:
    with house.app.app_context():
        add_administrator(house).is_active = False
        db.session.commit()

    assert house.change(Role.ADMINISTRATOR, role="project_leader").status_code == 409


def test_one_of_two_administrators_may_go_also_by_oneself(house: House) -> None:
    with house.app.app_context():
        add_administrator(house)

    assert house.end(Role.ADMINISTRATOR).status_code == 302


def test_of_two_administrators_who_end_each_other_at_once_one_stays(both_databases: Flask) -> None:
    with both_databases.app_context():
        house = a_house(both_databases)
        second = add_administrator(house)
        pair = [(second.id, house.memberships[Role.ADMINISTRATOR]), (house.administrator_id, second.memberships[0].id)]
    barrier = Barrier(2)

    def ends(by_id: int, membership_id: int) -> Callable[[], bool]:
        def act() -> bool:
            with both_databases.app_context():
                by = db.session.get_one(User, by_id)
                version = db.session.get_one(Membership, membership_id).row_version
                barrier.wait()
                try:
                    people.end(membership_id, seen_version=version, by=by)
                except (DomainError, NotFound):
                    return False
                return True

        return act

    with ThreadPoolExecutor(2) as pool:
        went = [each.result() for each in [pool.submit(ends(*each)) for each in pair]]

    assert sorted(went) == [False, True]


def test_a_double_click_ends_once(house: House) -> None:
    browser, address = house.browser(), f"{house.edit(Role.AUDITOR)}/end"
    seen = {"version": opened(browser, address)["version"]}

    assert [browser.post(address, data=seen).status_code for _ in range(2)] == [302, 409]
    assert house.stored(Role.AUDITOR).ends_on == today() + YESTERDAY


def test_the_list_says_how_each_stands(house: House) -> None:
    house.end(Role.AUDITOR)

    text = house.browser().get("/people").text
    assert text.count("</svg>No access any more<") == 1
    assert text.count("</svg>Has access<") == 4
