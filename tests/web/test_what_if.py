"""The calculator of a contract: its address is all that there is of it, and drafts come of it only when asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html import unescape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from app.assessments.queries import dossier_of
from app.contributions.models import Activity, Placement
from app.rules.dossier import Status
from app.rules.ladder import Level
from app.whatif.form import MOST_ROWS, WhatIfForm, query_of
from app.whatif.scenario import NewLevel, People, Scenario, Work
from tests.web.matrix import Page
from tests.web.office import Office, a_lasting_office
from tests.web.world import digest

TODAY = date(2026, 11, 24)
SCENARIO = Scenario(
    (
        People("bbl", date(2026, 12, 1), Decimal("28.8"), date(2026, 12, 31), 2, ("bonus-50plus", "bonus-permanent")),
        People("banenafspraak", date(2026, 11, 1), Decimal(32)),
        Work("social-purchase", date(2026, 12, 24), 1_250_50),
        Work("initiative-hours", date(2026, 12, 3), quantity=Decimal("7.5")),
    ),
    NewLevel(Level.TWO, date(2026, 12, 1), date(2028, 11, 30), thirty_plus=True),
)
ASKED = "p-0-b=bbl&p-0-n=2&p-0-f=1-12-2026&p-0-u=31-12-2026&a-0-b=social-purchase&a-0-o=24-12-2026&a-0-m=1.000"


@pytest.fixture(autouse=True)
def _on_24_november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.whatif.views.today", lambda: TODAY)


@pytest.fixture(scope="module")
def lasting(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with a_lasting_office(migrated_sqlite, tmp_path_factory.mktemp("what-if")) as made:
        yield made


def calculator(office: Office, asked: str = "") -> str:
    return f"/contract/{office.contract_id}/what-if?{asked}"


def shown(office: Office, asked: str, who: str = "supplier") -> str:
    answer = office.browser(who).get(calculator(office, asked))
    assert answer.status_code == 200, answer.status
    return answer.text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_scenario_is_its_address_in_whichever_language(lasting: Office, language: str) -> None:
    with lasting.app.test_request_context(headers={"Accept-Language": language}):
        facts = dossier_of(lasting.contract)
        form = WhatIfForm(facts, MultiDict(query_of(SCENARIO)), TODAY)

        assert form.validate()
        assert form.scenario == SCENARIO


def test_what_is_usual_is_not_in_the_address() -> None:
    usual = Scenario((People("bbl", TODAY, Decimal(32)), Work("social-purchase", TODAY, 500_00)))

    assert query_of(usual) == [
        ("p-0-b", "bbl"),
        ("p-0-f", "24-11-2026"),
        ("a-0-b", "social-purchase"),
        ("a-0-o", "24-11-2026"),
        ("a-0-m", "500"),
    ]


def test_the_page_shows_the_outcome_beside_todays_with_its_reasons(lasting: Office) -> None:
    browser = lasting.browser("supplier")
    before = digest(lasting.app)

    page = browser.get(calculator(lasting, ASKED)).text.replace("\N{NO-BREAK SPACE}", " ")

    assert "€5,185.18" in page and "€1,000.00" in page
    assert "1 month × €35,000.00 / 12 × 32/36 hours" in page
    assert "With this" in page and "<strong>€56,315</strong> stays open on 31 December 2026" in page
    assert page.count("Shortfall") >= 2
    assert digest(lasting.app) == before


def test_it_says_what_will_be_questioned(lasting: Office) -> None:
    page = shown(lasting, f"{ASKED}&p-0-x-bonus-permanent=yes")

    assert "Whoever judges it will ask what shows that “Bonus: permanent contract” holds." in page
    assert "It lies ahead" not in page


def test_the_page_remembers_nothing_but_its_link_says_it_all(lasting: Office) -> None:
    link = re.search(r'id="share"[^>]*value="([^"]*)"', shown(lasting, ASKED))
    assert link
    parts = urlsplit(unescape(link[1]))

    again = shown(lasting, parts.query, who="leader")

    assert parts.path == f"/contract/{lasting.contract_id}/what-if"
    assert "€5,185.18" in again
    assert "stays open" not in shown(lasting, "")


def test_the_script_gets_the_piece_alone(lasting: Office) -> None:
    answer = lasting.browser().get(calculator(lasting, ASKED), headers={"X-Requested-With": "preview"})
    unclear = lasting.browser().get(
        calculator(lasting, "p-0-b=bbl&p-0-n=many"), headers={"X-Requested-With": "preview"}
    )

    assert "<html" not in answer.text and "What each counts for" in answer.text
    assert unclear.status_code == 200 and "many" in unclear.text


def test_rows_come_and_go_without_a_script(lasting: Office) -> None:
    added = Page(shown(lasting, f"{ASKED}&add=p"))
    left = Page(shown(lasting, f"{ASKED}&p-1-b=ww&p-1-f=1-12-2026&without=p-0"))
    full = Page(shown(lasting, "&".join(f"a-{place}-o=1-12-2026" for place in range(MOST_ROWS)) + "&add=a"))

    assert added.fields["p-1-b"] == "" and added.fields["p-1-f"] == "24-11-2026"
    assert left.fields["p-0-b"] == "ww" and "p-1-b" not in left.fields
    assert f"a-{MOST_ROWS - 1}-o" in full.fields and f"a-{MOST_ROWS}-o" not in full.fields
    assert "p-0-b" in Page(shown(lasting, "")).fields


@pytest.mark.parametrize(
    ("asked", "beside", "words"),
    [
        ("p-0-b=bbl&p-0-n=0", "p-0-n", "whole number, 1 to 25"),
        ("p-0-b=bbl&p-0-h=61", "p-0-h", "0 to 60"),
        ("p-0-b=bbl&p-0-f=soon", "p-0-f", "not clear as a date"),
        ("p-0-b=bbl&p-0-f=1-12-2026&p-0-u=1-11-2026", "p-0-u", "before the start"),
        ("p-0-b=social-purchase", "p-0-b", "is for activities"),
        ("p-0-b=no-such", "p-0-b", "has no building block"),
        ("a-0-b=social-purchase", "a-0-m", "needs an amount"),
        ("a-0-b=initiative-hours&a-0-m=5", "a-0-q", "needs a quantity"),
        ("c-l=2", "c-f", "day from which"),
        ("c-l=2&c-f=1-1-2026&c-u=1-1-2029", "c-u", "at most two years"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(lasting: Office, asked: str, beside: str, words: str) -> None:
    answer = lasting.browser("supplier").get(calculator(lasting, asked))

    assert answer.status_code == 422
    assert words in Page(answer.text).errors.get(beside, "")
    assert "stays open" not in answer.text


def test_drafts_are_made_in_one_go_and_once(office: Office) -> None:
    browser, address = office.browser("supplier"), f"/contract/{office.contract_id}/what-if/drafts?{ASKED}"
    fields = Page(browser.get(address).text).fields
    sent = fields | {"persons-0-reference": "SR-1", "persons-1-reference": "SR-2"}

    first, second = browser.post(address, data=sent), browser.post(address, data=sent)

    made = office.contributions()
    assert first.status_code == second.status_code == 302
    assert [(type(each), each.status, each.reference) for each in made] == [
        (Placement, Status.DRAFT, "P1"),
        (Placement, Status.DRAFT, "P2"),
        (Activity, Status.DRAFT, "A1"),
    ]
    assert [each.person.reference for each in made if isinstance(each, Placement)] == ["SR-1", "SR-2"]
    assert "SR-1" not in first.location


@pytest.mark.parametrize(
    ("persons", "words"),
    [
        (("SR-1", ""), "Fill this in"),
        (("SR-1", "SR-1"), "stands here twice"),
        (("SR-1", "111222333"), "BSN"),
    ],
)
def test_who_they_are_must_be_right_or_nothing_is_made(office: Office, persons: tuple[str, str], words: str) -> None:
    address = f"/contract/{office.contract_id}/what-if/drafts?{ASKED}"
    sent = {f"persons-{place}-reference": person for place, person in enumerate(persons)}

    answer = office.browser("supplier").post(address, data=sent)

    assert answer.status_code == 422
    assert words in Page(answer.text).errors["persons-1-reference"]
    assert office.contributions() == []


def test_without_anything_to_make_drafts_of_one_is_sent_back(lasting: Office) -> None:
    answer = lasting.browser("supplier").get(f"/contract/{lasting.contract_id}/what-if/drafts?p-0-b=bbl&p-0-n=0")

    assert answer.location == f"/contract/{lasting.contract_id}/what-if"


def test_who_only_looks_is_offered_no_drafts(lasting: Office) -> None:
    assert "Make drafts of this" in shown(lasting, ASKED, who="supplier")
    assert "Make drafts of this" not in shown(lasting, ASKED, who="auditor")


def test_a_mix_on_the_first_page_leads_here_filled_in(lasting: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.home.views.today", lambda: TODAY)
    home = lasting.browser("supplier").get("/home").text
    links = [unescape(each) for each in re.findall(r'href="(/contract/[0-9]+/what-if\?[^"]*)"', home)]

    assert len(links) == 3
    assert dict(parse_qsl(urlsplit(links[1]).query)) == {
        "a-0-b": "social-purchase",
        "a-0-o": "24-11-2026",
        "a-0-m": "62500",
    }
    assert all("With this all is met" in lasting.browser("supplier").get(link).text for link in links)
