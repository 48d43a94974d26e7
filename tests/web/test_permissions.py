"""Every route has a rule, and the rule is kept: for nobody, for every role, and for who belongs elsewhere.

The walk asks every address of the application. A new route needs no line here, only a rule on its view; a new kind of
parameter needs an example in `world.py`. Both are found by a failing test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import current_user
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from app.accounts import permissions
from app.accounts.models import Corporation, Role
from app.accounts.permissions import OPEN_BY_NATURE, TABLE, Permission, Rule, may, public, requires, requires_login
from app.accounts.sessions import FILES
from app.extensions import db
from app.web.clock import today
from tests import factories
from tests.people import client_of
from tests.web import world
from tests.web.world import World

ROLES = tuple(Role)
LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
CSRF_INPUT = re.compile(r'<input[^>]* name="csrf_token"[^>]*>')
# Role, permission: the table as the client decided it, written out a second time.
DECIDED = {
    Permission.SEE_PORTFOLIO: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.AUDITOR},
    Permission.SEE_CONTRACTS: set(Role),
    Permission.SEE_STATEMENTS: set(Role),
    Permission.SEE_PROGRAMME: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.AUDITOR},
    Permission.SEE_SUPPLIERS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.AUDITOR},
    Permission.SEE_SCHEMES: set(Role),
    Permission.SEE_HISTORY: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.AUDITOR},
    Permission.SEE_AUDIT: {Role.ADMINISTRATOR, Role.AUDITOR},
    Permission.SAMPLE: {Role.AUDITOR},
    Permission.REVIEW_ACCESS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER},
    Permission.SEE_PERSONS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.SUPPLIER, Role.AUDITOR},
    Permission.SEE_EVIDENCE: set(Role),
    Permission.SEE_PLANS: set(Role),
    Permission.SEE_SIGNALS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.AUDITOR},
    Permission.HANDLE_SIGNALS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER},
    Permission.ENTER_CONTRIBUTIONS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.SUPPLIER},
    Permission.JUDGE: {Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.ASSESSOR},
    Permission.ISSUE_STATEMENTS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER},
    Permission.EDIT_CONTRACTS: {Role.ADMINISTRATOR, Role.PROJECT_LEADER},
    Permission.SETTLE: {Role.ADMINISTRATOR, Role.PROJECT_LEADER},
    Permission.EDIT_SCHEMES: {Role.ADMINISTRATOR, Role.PROJECT_LEADER},
    Permission.IMPORT: {Role.ADMINISTRATOR, Role.PROJECT_LEADER},
    Permission.ADMINISTER: {Role.ADMINISTRATOR},
}


@pytest.fixture
def made(app: Flask) -> World:
    return world.make(app)


def pages(app: Flask) -> list[Route]:
    """The routes that are not just files."""
    return [route for route in app.url_map.iter_rules() if route.endpoint not in FILES]


def routes(app: Flask) -> Iterator[tuple[Route, str, Rule]]:
    """Every route with every method that people use, and its rule; those without one fail a test of their own."""
    for route in pages(app):
        rule = permissions.rule_of(app, route.endpoint)
        if rule is not None:
            for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
                yield route, method, rule


def address(route: Route, values: dict[str, str]) -> str:
    """The route's address with these values for its parameters."""
    built = route.build(values)
    assert built is not None, f"an example does not fit {route}"
    return built[1]


def ask(client: FlaskClient, method: str, path: str) -> TestResponse:
    return client.open(path, method=method)


def is_sent_to_log_in(answer: TestResponse) -> bool:
    return answer.status_code == 302 and answer.location.partition("?")[0] == "/login"


def test_every_route_says_who_may_ask_for_it(app: Flask) -> None:
    silent = [str(route) for route in app.url_map.iter_rules() if permissions.rule_of(app, route.endpoint) is None]

    assert silent == []


def test_only_files_and_the_heartbeat_are_open_without_saying_so(app: Flask) -> None:
    assert {"static", "bootstrap.static", "health.healthz"} == OPEN_BY_NATURE


def test_every_parameter_of_an_address_has_an_example(app: Flask) -> None:
    names = {name for route in pages(app) for name in route.arguments}

    assert names - world.EXAMPLES.keys() == set()


def test_every_permission_is_decided_for_every_role() -> None:
    assert DECIDED.keys() == set(Permission)
    assert {role: {each for each, roles in DECIDED.items() if role in roles} for role in Role} == TABLE


def test_nobody_gets_past_the_door_but_where_it_is_open(app: Flask, made: World) -> None:
    wrong = []
    for route, method, rule in routes(app):
        path = address(route, made.own(route))
        answer = ask(app.test_client(), method, path)
        if is_sent_to_log_in(answer) == rule.is_public or answer.status_code in (403, 500):
            wrong.append((method, path, answer.status))

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_where_the_table_says(app: Flask, made: World, role: Role) -> None:
    wrong = []
    for route, method, rule in routes(app):
        path = address(route, made.own(route))
        answer = ask(client_of(app, made.people[role]), method, path)
        if not is_as_expected(answer, method, rule.admits(role), world.is_personal(route)):
            wrong.append((method, path, answer.status))

    assert wrong == []


def is_as_expected(answer: TestResponse, method: str, is_admitted: bool, is_personal: bool) -> bool:
    """The door opens for who is admitted: a page for a GET, anything but a closed door for an empty form."""
    if not is_admitted:
        return answer.status_code == 403
    if is_sent_to_log_in(answer) and not answer.headers.get("Clear-Site-Data"):
        return False
    if method == "GET":
        return answer.status_code < 400 or (is_personal and answer.status_code == 404)
    return answer.status_code not in (401, 403, 405, 500) and (answer.status_code != 404 or is_personal)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ASSESSOR])
def test_a_guest_whose_time_is_over_gets_nowhere(app: Flask, made: World, role: Role) -> None:
    with app.app_context():
        guest = factories.user(None)
        corporation = db.session.get_one(Corporation, made.corporation_id)
        factories.membership(guest, role, of=corporation, ends_on=today() - timedelta(days=1))
        guest_id = guest.id

    wrong = []
    for route, method, rule in routes(app):
        if rule.permission is not None:
            path = address(route, made.own(route))
            answer = ask(client_of(app, guest_id), method, path)
            if answer.status_code != 403:
                wrong.append((method, path, answer.status))

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_anothers_looks_like_what_does_not_exist(app: Flask, made: World, role: Role) -> None:
    wrong = []
    for route, method, rule in routes(app):
        if rule.is_public or not rule.admits(role) or not world.is_about_an_object(route):
            continue
        for stranger in made.strangers_to(route, role):
            client = client_of(app, stranger)
            theirs, nothing = (
                answer_to(client, method, route, values) for values in (made.own(route), made.nowhere(route))
            )
            if theirs != nothing or theirs[0] != 404:
                wrong.append((method, str(route), theirs[0], nothing[0]))

    assert wrong == []


def answer_to(client: FlaskClient, method: str, route: Route, values: dict[str, str]) -> tuple[int, str]:
    """The status and the page, without the address that was asked for, which it may repeat, and without form tokens."""
    path = address(route, values)
    answer = ask(client, method, path)
    return answer.status_code, CSRF_INPUT.sub("", answer.text.replace(path, "").replace(quote(path), ""))


def test_a_form_without_its_token_is_refused(strict_app: Flask) -> None:
    made = world.make(strict_app)
    wrong = []
    for route, method, _ in routes(strict_app):
        if method != "GET":
            path = address(route, made.own(route))
            for client in (strict_app.test_client(), client_of(strict_app, made.people[Role.ADMINISTRATOR])):
                answer = ask(client, method, path)
                if answer.status_code != 400:
                    wrong.append((method, path, answer.status))

    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_no_page_leads_where_its_reader_may_not_go(app: Flask, made: World, role: Role) -> None:
    client = client_of(app, made.people[role])
    pages = {address(route, made.own(route)) for route, method, _rule in routes(app) if method == "GET"}
    links: dict[str, str] = {}
    for page in sorted(pages):
        answer = client.get(page)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            links |= {unescape(link).partition("#")[0]: page for link in LINK.findall(answer.text)}

    assert {link: page for link, page in links.items() if client.get(link).status_code >= 400} == {}


@pytest.mark.parametrize("role", ROLES)
def test_looking_changes_nothing(app: Flask, made: World, role: Role) -> None:
    client = client_of(app, made.people[role])
    before = world.digest(app)
    for route, method, _ in routes(app):
        if method == "GET":
            ask(client, method, address(route, made.own(route)))

    assert world.digest(app) == before


# The rules themselves


@pytest.fixture
def guarded(own_app: Flask) -> Flask:
    """With a page for each kind of rule."""

    def page() -> str:
        return "a page"

    own_app.add_url_rule("/open", endpoint="open", view_func=public(page))
    own_app.add_url_rule("/inside", endpoint="inside", view_func=requires_login(page), methods=["GET", "POST"])
    own_app.add_url_rule("/judge", endpoint="judge", view_func=requires(Permission.JUDGE)(page))
    own_app.add_url_rule("/silent", endpoint="silent", view_func=lambda: "a page")
    return own_app


def test_a_view_says_its_rule(guarded: Flask) -> None:
    found = {name: permissions.rule_of(guarded, name) for name in ("open", "inside", "judge", "silent")}

    assert found == {
        "open": Rule(is_public=True),
        "inside": Rule(),
        "judge": Rule(permission=Permission.JUDGE),
        "silent": None,
    }


def test_nobody_is_sent_to_log_in_and_back(guarded: Flask) -> None:
    client = guarded.test_client()

    assert client.get("/open").text == "a page"
    assert client.get("/judge?on=2026-01-01").location == "/login?next=/judge?on%3D2026-01-01"
    assert client.post("/inside").location == "/login"


def test_who_holds_the_permission_nowhere_is_refused(guarded: Flask) -> None:
    with guarded.app_context():
        auditor, assessor, nothing = (factories.user(role).id for role in (Role.AUDITOR, Role.ASSESSOR, None))

    assert client_of(guarded, auditor).get("/judge").status_code == 403
    assert client_of(guarded, nothing).get("/judge").status_code == 403
    assert client_of(guarded, nothing).get("/inside").text == "a page"
    assert client_of(guarded, assessor).get("/judge").text == "a page"


def test_a_staff_membership_counts_for_its_whole_corporation_only(app: Flask) -> None:
    with app.app_context():
        here, there = factories.corporation(), factories.corporation()
        leader = factories.user(Role.PROJECT_LEADER, of=here)

        assert may(leader, Permission.JUDGE, corporation_id=here.id)
        assert may(leader, Permission.JUDGE, corporation_id=here.id, supplier_id=5)
        assert not may(leader, Permission.JUDGE, corporation_id=there.id)
        assert not may(leader, Permission.ADMINISTER, corporation_id=here.id)
        assert permissions.corporations_where(leader, Permission.JUDGE) == {here.id}
        assert permissions.supplier_grants_where(leader, Permission.SEE_CONTRACTS) == frozenset()
        assert leader.corporation_ids == {here.id}
        assert leader.supplier_grants == frozenset()


def test_a_suppliers_membership_counts_for_that_supplier_in_that_corporation_only(app: Flask) -> None:
    with app.app_context():
        here, there = factories.corporation(), factories.corporation()
        own, other = factories.supplier(here), factories.supplier(here)
        factories.record(own, there)
        supplier = factories.user(None)
        factories.membership(supplier, Role.SUPPLIER, of=here, supplier_=own)

        def sees(corporation_id: int, supplier_id: int | None = None) -> bool:
            return may(supplier, Permission.SEE_CONTRACTS, corporation_id=corporation_id, supplier_id=supplier_id)

        assert sees(here.id, own.id)
        assert not sees(here.id)
        assert not sees(here.id, other.id)
        assert not sees(there.id, own.id)
        assert permissions.corporations_where(supplier, Permission.SEE_CONTRACTS) == frozenset()
        assert permissions.supplier_grants_where(supplier, Permission.SEE_CONTRACTS) == {(here.id, own.id)}
        assert permissions.supplier_grants_where(supplier, Permission.JUDGE) == frozenset()
        assert supplier.supplier_grants == {(here.id, own.id)}
        assert supplier.corporation_ids == frozenset()


def test_a_membership_counts_on_its_last_day_and_not_after_it(app: Flask) -> None:
    with app.app_context():
        here = factories.corporation()
        last, late = factories.user(None), factories.user(None)
        factories.membership(last, Role.AUDITOR, of=here, ends_on=today())
        factories.membership(late, Role.AUDITOR, of=here, ends_on=today() - timedelta(days=1))

        assert last.corporation_ids == {here.id}
        assert may(last, Permission.SEE_PORTFOLIO, corporation_id=here.id)
        assert late.corporation_ids == frozenset()
        assert not may(late, Permission.SEE_PORTFOLIO, corporation_id=here.id)
        assert late.active_memberships(today() - timedelta(days=1)) == late.memberships


def test_who_is_not_logged_in_may_nothing(app: Flask) -> None:
    with app.test_request_context():
        nobody = current_user

        assert not may(nobody, Permission.SEE_CONTRACTS, corporation_id=1)
        assert not permissions.may_somewhere(nobody, Permission.SEE_CONTRACTS)
