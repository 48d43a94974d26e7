"""What every list does: the same number of statements for many rows, an address that keeps what is asked, any address
taken, nobody else's rows. A new list is one line in `LISTS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.accounts.models import Corporation
from app.assessments.queries import dossier_of
from app.rules.dossier import Status
from app.rules.dossier_json import canonical, dossier_to_json
from app.web.clock import today
from app.web.listing import PAGE_SIZE
from tests import factories as make
from tests.support import application_of_module
from tests.web.counting import statements_of_request
from tests.web.office import Office, an_office

FEW, MANY = 10, 60
MARKUP = "<b>x</b>"


def some_contracts(of: Corporation, number: int) -> None:
    for _ in range(number):
        make.contract(of, title="Onderhoud")


def some_overdue_reports(of: Corporation, number: int) -> None:
    for _ in range(number):
        make.reporting_choice(make.contract(of, title="Onderhoud"))


def some_contributions(of: Corporation, number: int) -> None:
    contract = make.contract(of, title="Onderhoud")
    for _ in range(number // 2):
        make.placement(contract, status=Status.SUBMITTED)
        make.activity(contract, status=Status.SUBMITTED)


def some_ended_placements(of: Corporation, number: int) -> None:
    contract = make.contract(of, title="Onderhoud", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    for _ in range(number):
        make.placement(contract, status=Status.APPROVED, starts_on=date(2024, 2, 1), ends_on=date(2024, 10, 31))


def some_statements(of: Corporation, number: int) -> None:
    contract = make.contract(of, title="Onderhoud")
    dossier = make.dossier(contract, canonical(dossier_to_json(dossier_of(contract))))
    for _ in range(number):
        make.rendition(make.statement(contract, dossier=dossier))


def some_suppliers(of: Corporation, number: int) -> None:
    for _ in range(number):
        supplier = make.supplier(of, name="Onderhoud")
        make.contract(of, supplier)
        make.certificate(of, [supplier.kvk], valid_from=today(), valid_until=today() + timedelta(days=30))


def some_schemes(of: Corporation, number: int) -> None:
    table, policy = make.rate_table(), make.policy()
    for each in range(number):
        code = f"own-{number}-{each}"
        make.rate_table(code, corporation=of, content=table.content, name="Onderhoud")
        make.policy(code, corporation=of, content=policy.content, name_nl="Onderhoud")


@dataclass(frozen=True, slots=True)
class List:
    """A list at an address: what adds rows to it, and a query with a filter that finds more than a page of them."""

    address: str
    add: Callable[[Corporation, int], None]
    asked: str = "q=onderhoud"
    is_searched: bool = True
    is_everybodys: bool = False


LISTS = (
    List("/contracts", some_contracts, "q=onderhoud&status=attention&runs=2026"),
    List("/portfolio", some_contracts, is_searched=False),
    List("/signals", some_contracts, "q=onderhoud&kind=behind"),
    List("/contributions", some_contributions, "q=onderhoud&state=submitted"),
    List("/contributions/to-judge", some_contributions, is_searched=False),
    List("/reports", some_overdue_reports, "q=onderhoud&state=overdue"),
    List("/after-project", some_ended_placements, "q=onderhoud&state=all"),
    List("/statements", some_statements, "q=onderhoud&state=issued"),
    List("/suppliers", some_suppliers, "q=onderhoud&level=2&contracts=with"),
    List("/certificates", some_suppliers, "q=onderhoud&state=ends_soon&level=2"),
    List("/rate-tables", some_schemes, is_everybodys=True),
    List("/policies", some_schemes, is_everybodys=True),
)
SEARCHED = [each for each in LISTS if each.is_searched]
each_list = pytest.mark.parametrize("each", LISTS, ids=lambda each: each.address)
each_searched = pytest.mark.parametrize("each", SEARCHED, ids=lambda each: each.address)


@pytest.fixture(scope="module")
def crowded(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office in which every list has more than two pages: to look at, not to write in."""
    with application_of_module(migrated_sqlite, tmp_path_factory) as app:
        office = an_office(app)
        for add in {each.add for each in LISTS}:
            more(office, add, MANY)
        yield office


def more(office: Office, add: Callable[[Corporation, int], None], number: int) -> None:
    with office.app.app_context():
        add(office.corporation, number)


def page(office: Office, address: str, who: str = "leader") -> str:
    answer = office.browser(who).get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def found(text: str) -> int:
    [number, *_] = re.findall(r'<span class="count">(\d+)</span>', text)
    return int(number)


def head(text: str) -> str:
    return text.partition('<table class="table as-cards"')[2].partition("</thead>")[0]


def rows(text: str) -> str:
    return text.partition('<table class="table as-cards"')[2].partition("<tbody")[2].partition("</tbody>")[0]


def asked_by_links(text: str, after: str = "") -> list[dict[str, str]]:
    """What the links ask for, of those with `after` behind the address."""
    return [dict(parse_qsl(urlsplit(unescape(link)).query)) for link in re.findall(rf'<a href="([^"]+)"{after}', text)]


@each_list
def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(office: Office, each: List) -> None:
    leader = office.browser()
    more(office, each.add, FEW)
    few = statements_of_request(office.app, leader, each.address)
    more(office, each.add, MANY - FEW)

    assert statements_of_request(office.app, leader, each.address) == few
    assert rows(leader.get(each.address).text).count("<tr") >= PAGE_SIZE


@each_searched
def test_what_is_asked_stays_while_sorting_and_paging(crowded: Office, each: List) -> None:
    text, asked = page(crowded, f"{each.address}?{each.asked}&page=2"), dict(parse_qsl(each.asked))
    orders, pages = asked_by_links(head(text)), asked_by_links(text, ' rel="(?:prev|next)"')

    assert orders
    assert all(order.items() >= asked.items() and "sort" in order and "page" not in order for order in orders)
    assert pages == [asked | {"page": "1"}, asked | {"page": "3"}]


@each_searched
def test_a_filter_keeps_the_order_and_begins_at_the_first_page(crowded: Office, each: List) -> None:
    form = page(crowded, f"{each.address}?sort=number&dir=desc&page=2").partition('class="filters"')[2]
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)"', form.partition("</form>")[0]))

    assert kept == {"sort": "number", "dir": "desc"}


@each_searched
def test_every_order_shows_a_page(crowded: Office, each: List) -> None:
    for sort in {order["sort"] for order in asked_by_links(head(page(crowded, each.address)))}:
        assert rows(page(crowded, f"{each.address}?sort={sort}&dir=desc")).count("<tr") == PAGE_SIZE


@each_searched
def test_what_an_address_says_that_is_none_of_ours_counts_as_not_said(crowded: Office, each: List) -> None:
    odd = "sort=evil&page=-1&state=evil&status=evil&kind=evil&year=evil&contract=evil&runs=99999999999&unknown=1"

    assert rows(page(crowded, f"{each.address}?{odd}")) == rows(page(crowded, each.address))


@each_searched
@pytest.mark.parametrize("beyond", ["9999", "2147483647"])
def test_a_page_beyond_the_last_is_the_last(crowded: Office, each: List, beyond: str) -> None:
    assert re.search(r"Page (\d+) of \1\b", page(crowded, f"{each.address}?page={beyond}"))


@each_searched
@pytest.mark.parametrize("typed", [MARKUP, "%25_'\\", "%00", "x" * 5000, "%F0%9F%92%A9"])
def test_whatever_is_searched_is_text(crowded: Office, each: List, typed: str) -> None:
    text = page(crowded, f"{each.address}?q={typed}")

    assert MARKUP not in text
    assert (unescape(text).count(MARKUP) > 0) == (typed == MARKUP)


@each_list
def test_a_stranger_finds_nothing(crowded: Office, each: List) -> None:
    assert (found(page(crowded, each.address, "stranger")) == 0) is not each.is_everybodys
