"""The portfolio: the totals, what asks for attention first, the list as the address asks for it; and the programme."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Corporation, Role
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dossier import Programme, Status
from app.rules.tables import Kind
from app.web.listing import PAGE_SIZE
from tests import factories
from tests.people import client_of
from tests.web.counting import statements_of_request

ON = "on=2026-11-24&lang=en"
Seen = Callable[[str], str]


class Office:
    """A corporation with contracts, and who looks at them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.corporation_id = factories.corporation(name="Diezeborg", kvk="99990000").id

    @property
    def corporation(self) -> Corporation:
        return db.session.get_one(Corporation, self.corporation_id)

    def client(self, role: Role) -> FlaskClient:
        with self.app.app_context():
            user_id = factories.user(role, of=self.corporation).id
        return client_of(self.app, user_id)

    def contract(self, number: str, supplier: str, done: Decimal | None = None, **values: object) -> None:
        """A contract over 2025 and 2026 of 62,500; with a placement of so many hours over all of it."""
        with self.app.app_context():
            made = factories.contract(
                self.corporation, factories.supplier(self.corporation, name=supplier), number=number, **values
            )
            if done is not None:
                factories.placement(
                    made, starts_on=made.starts_on, ends_on=made.ends_on, hours=done, status=Status.APPROVED
                )


@pytest.fixture
def office(app: Flask) -> Office:
    """One contract behind, one on track, one fulfilled, one with a shortfall."""
    made = Office(app)
    made.contract("2025-014", "Schildersbedrijf Van Asten", Decimal(18), title="Renovatie Oosterwijk")
    made.contract("2025-031", "Bouwbedrijf Kuijpers", Decimal(29), title="Mutatieonderhoud")
    made.contract("2025-040", "Gebroeders Smits", Decimal(36), title="Badkamers", contract_sum_cents=100_000_00)
    made.contract(
        "2023-011", "Stijglift", Decimal(6), title="Liften", starts_on=date(2024, 1, 1), ends_on=date(2025, 12, 31)
    )
    return made


@pytest.fixture
def seen(office: Office) -> Seen:
    """The text of the portfolio as the project leader sees it, with plain blanks."""
    client = office.client(Role.PROJECT_LEADER)

    def look(query: str = "") -> str:
        answer = client.get(f"/portfolio?{ON}&{query}")
        assert answer.status_code == 200
        return answer.text.replace("\xa0", " ")

    return look


def numbers(text: str) -> list[str]:
    """The contracts in the list, in its order."""
    return re.findall(r'<td class="whole-row" role="cell"><a href="/contracts/99990000/([^"?]+)', text)


def tiles(text: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<dd>(.*?)</dd>", text)]


def test_the_totals_add_up_the_contracts(seen: Seen) -> None:
    text = seen()

    assert tiles(text)[0] == "€192,500"  # three times 62,500, and 5,000
    assert "4 contracts, 0 exempt" in text
    assert tiles(text)[3] == "€0"


def test_a_surplus_is_named_beside_what_is_credited(seen: Seen) -> None:
    assert "of it is surplus" in seen()


def test_what_asks_for_attention_stands_first_the_shortfall_before_what_is_behind(seen: Seen) -> None:
    attention = seen().partition('id="attention-title"')[2].partition("</section>")[0]

    assert re.findall(r'<p class="name">(\S+)', attention) == ["2023-011", "2025-014"]
    assert "the repair period ended on 31 March 2026" in attention


def test_a_repair_period_that_runs_still_runs(office: Office) -> None:
    page = office.client(Role.PROJECT_LEADER).get("/portfolio?on=2026-03-31&lang=en").text

    assert "repair until 31 March 2026" in page


def test_a_certificate_that_lapses_soon_is_at_risk_with_its_contracts(office: Office, seen: Seen) -> None:
    with office.app.app_context():
        supplier = factories.supplier(office.corporation, name="Dakwerken De Linde", email="info@linde.example")
        factories.certificate(office.corporation, [supplier.kvk], valid_until=date(2026, 12, 15), number="PSO-77")
        for number in ("D-1", "D-2"):
            factories.contract(office.corporation, supplier, number=number, ends_on=date(2027, 12, 31))

    text = seen()

    assert "1 certificate ends within 90 days" in text
    assert "Dakwerken De Linde, PSO-77" in text
    assert "No longer exempt in 22 days, from 16 December 2026 on" in text
    assert "mailto:info@linde.example" in text
    assert tiles(text)[3] == "€43,493"  # twice 62,500 x 381 days of 1,095


def test_what_waits_for_a_judgement_is_counted(office: Office, seen: Seen) -> None:
    with office.app.app_context():
        contract = db.session.query(Contract).filter_by(number="2025-031").one()
        factories.placement(contract, status=Status.SUBMITTED)
        factories.placement(contract, status=Status.DRAFT)

    assert "1 contribution waits for a judgement" in seen()


def test_the_list_begins_with_the_greatest_risk(seen: Seen) -> None:
    assert numbers(seen()) == ["2023-011", "2025-014", "2025-031", "2025-040"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=oosterwijk+asten", ["2025-014"]),
        ("q=2025-0&sort=number", ["2025-014", "2025-031", "2025-040"]),
        ("status=attention&sort=number", ["2023-011", "2025-014"]),
        ("status=fulfilled", ["2025-040"]),
        ("leader=none&sort=number&dir=desc", ["2025-040", "2025-031", "2025-014", "2023-011"]),
        ("leader=12345", []),
        ("supplier=00000000", []),
        ("sort=net&q=2025-0&status=fulfilled", ["2025-040"]),
        ("sort=nonsense&status=nonsense&page=nonsense&dir=up", ["2023-011", "2025-014", "2025-031", "2025-040"]),
        ("page=999", ["2023-011", "2025-014", "2025-031", "2025-040"]),
    ],
)
def test_the_list_is_what_the_address_asks_for(seen: Seen, query: str, found: list[str]) -> None:
    assert numbers(seen(query)) == found


@pytest.mark.parametrize("key", ["number", "title", "net", "due", "credited", "forecast", "risk"])
def test_every_column_sorts_both_ways(seen: Seen, key: str) -> None:
    assert len(numbers(seen(f"sort={key}"))) == 4
    assert numbers(seen(f"sort={key}"))[0] in numbers(seen(f"sort={key}&dir=desc"))[-3:]
    assert 'aria-sort="descending"' in seen(f"sort={key}&dir=desc")


def test_a_search_that_finds_nothing_shows_the_way_back(seen: Seen) -> None:
    text = seen("q=nothing+such")

    assert "No contract answers to this search." in text
    assert "Show all contracts" in text


def test_a_long_list_comes_in_pages(office: Office, seen: Seen) -> None:
    for number in range(PAGE_SIZE):
        office.contract(f"N-{number:03d}", "Supplier")

    first, second = numbers(seen("sort=number")), numbers(seen("sort=number&page=2"))

    assert (len(first), len(second)) == (PAGE_SIZE, 4)
    assert not set(first) & set(second)


def test_the_number_of_statements_does_not_grow_with_the_contracts(office: Office) -> None:
    client = office.client(Role.PROJECT_LEADER)
    few = {page: statements_of_request(office.app, client, f"{page}?{ON}") for page in ("/portfolio", "/contracts")}
    for number in range(30):
        office.contract(f"N-{number:03d}", "Supplier", Decimal(20))

    many = {page: statements_of_request(office.app, client, f"{page}?{ON}") for page in few}

    assert many == few


def test_an_empty_portfolio_says_what_will_stand_there(app: Flask) -> None:
    text = Office(app).client(Role.PROJECT_LEADER).get(f"/portfolio?{ON}").text

    assert "Contracts will stand here" in text
    assert "Nothing asks for attention on this day." in text


def test_a_day_that_is_none_is_asked_again(office: Office) -> None:
    assert office.client(Role.AUDITOR).get("/portfolio?on=gisteren").status_code == 422


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.ADMINISTRATOR, "/portfolio"),
        (Role.PROJECT_LEADER, "/portfolio"),
        (Role.AUDITOR, "/auditing"),
        (Role.SUPPLIER, "/home"),
        (Role.ASSESSOR, "/contributions/to-judge"),
    ],
)
def test_everybody_has_a_first_page(office: Office, role: Role, page: str) -> None:
    answer = office.client(role).get("/")

    assert answer.status_code == 302
    assert answer.location == page


def test_who_has_no_role_yet_comes_to_the_account(app: Flask) -> None:
    with app.app_context():
        user_id = factories.user(None).id

    assert client_of(app, user_id).get("/").location == "/account"


def test_a_supplier_sees_its_own_contracts_in_the_list(office: Office) -> None:
    with office.app.app_context():
        mine = db.session.query(Contract).filter_by(number="2025-014").one()
        user = factories.user(None, name="Vera van Asten")
        factories.membership(user, Role.SUPPLIER, of=mine.corporation, supplier_=mine.supplier)
        user_id = user.id

    text = client_of(office.app, user_id).get(f"/contracts?{ON}").text

    assert "Renovatie Oosterwijk" in text
    assert "Mutatieonderhoud" not in text


# The yearly programme.


def placed(office: Office, of: Contract, programme: Programme, **values: object) -> None:
    factories.placement(of, **({"programme": programme, "status": Status.APPROVED} | values))


def data(text: str, ident: str) -> int:
    [value] = re.findall(rf'<data id="{ident}" value="(\d+)"', text)
    return int(value)


def test_the_programme_counts_approved_placements_that_count_in_the_year(app: Flask) -> None:
    office = Office(app)
    with app.app_context():
        painting = factories.contract(office.corporation, kind=Kind.PAINTING)
        services = factories.contract(office.corporation, kind=Kind.SERVICES)
        placed(office, painting, Programme.YOUTH)
        placed(office, painting, Programme.SHELTERED_WORK)
        placed(office, services, Programme.SHELTERED_WORK, starts_on=date(2025, 3, 1), ends_on=None)
        placed(office, services, Programme.UWV, starts_on=date(2025, 3, 1), ends_on=date(2025, 12, 31))
        placed(office, services, Programme.UWV, starts_on=date(2024, 3, 1))
        placed(office, services, Programme.UWV, status=Status.SUBMITTED)
        factories.activity(services, status=Status.APPROVED)
    client = office.client(Role.AUDITOR)

    this, last = (client.get(f"/programme/99990000/{year}?lang=en").text for year in (2026, 2025))

    assert {each: data(this, each) for each in ("placements", "sheltered_work", "youth", "uwv")} == {
        "placements": 3,
        "sheltered_work": 2,
        "youth": 1,
        "uwv": 0,
    }
    assert (data(last, "placements"), data(last, "uwv"), data(last, "sheltered_work")) == (2, 1, 1)
    assert re.search(r"Painting</th>(<td[^>]*>\d</td>)+", this)


def test_the_programme_begins_with_this_year(office: Office) -> None:
    answer = office.client(Role.PROJECT_LEADER).get("/programme")

    assert re.fullmatch(r"/programme/99990000/20\d\d", answer.location)


def test_a_year_without_placements_points_to_the_one_before(office: Office) -> None:
    text = office.client(Role.PROJECT_LEADER).get("/programme/99990000/2031?lang=en").text

    assert "No approved placement counts in 2031." in text
    assert "/programme/99990000/2030" in text


@pytest.mark.parametrize("address", ["/programme/99999999/2026", "/programme/99990000/9999"])
def test_no_other_corporation_and_no_odd_year_has_a_programme(office: Office, address: str) -> None:
    with office.app.app_context():
        factories.corporation(kvk="99999999")

    assert office.client(Role.PROJECT_LEADER).get(address).status_code == 404
