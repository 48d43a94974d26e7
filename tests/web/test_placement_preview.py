"""The live preview of a placement: its worth, what becomes of the contract, what would be refused; nothing is saved."""

from __future__ import annotations

import pytest

from app.rules.dossier import Status
from tests.web.office import TYPED, Office
from tests.web.reading import plain

pytestmark = pytest.mark.usefixtures("on_24_november")


def test_the_preview_says_what_it_is_worth_to_the_cent_and_saves_nothing(office: Office) -> None:
    page = plain(office.browser().post(office.preview(), data=TYPED).text)

    assert "€24,000.00" in page
    assert "Counts from 1 February 2026 to 31 October 2026" in page
    assert "9 months × €40,000.00 / 12 × 28.8/36 hours" in page
    assert "<html" not in page
    assert office.contributions() == []


def test_the_preview_says_what_becomes_of_the_contract(office: Office) -> None:
    page = plain(office.browser().post(office.preview(), data=TYPED | {"ends_on": ""}).text)

    assert '<th scope="row">Credited</th><td class="amount">€0</td><td class="amount name">€26,' in page
    assert '<th scope="row">Still to be done</th><td class="amount">€62,500</td>' in page
    assert "Behind" in page
    assert "Fulfilled" not in page


def test_the_preview_needs_no_person_yet(office: Office) -> None:
    page = office.browser().post(office.preview(), data=TYPED | {"person": ""}).text

    assert "24,000.00" in page


def test_the_preview_of_half_a_form_says_what_is_not_clear_and_asks_for_no_more(office: Office) -> None:
    page = plain(office.browser().post(office.preview(), data={"hours": "28,,8", "action": ""}).text)

    assert "As soon as enough is filled in" in page
    assert "Hours a week: “28,,8” is not clear" in page
    assert "Fill this in." not in page


def test_the_preview_warns_of_what_would_be_refused(office: Office) -> None:
    office.enter()
    page = office.browser().post(office.preview(), data=TYPED).text

    assert "the shares of this person come to 200%" in page
    assert "This person also stands in P1 in these days." in page


def test_the_preview_of_a_correction_takes_the_place_of_what_it_corrects(office: Office) -> None:
    placement = office.submitted(status=Status.APPROVED)
    typed = TYPED | {"ends_on": "30-6-2026", "person": office.stored(placement).person.reference}  # type: ignore[attr-defined]
    page = plain(office.browser().post(f"{office.preview()}?corrects={placement}", data=typed).text)

    assert "€13,333.33" in page
    assert '<td class="amount">€24,000</td><td class="amount name">€13,333</td>' in page
    assert "come to 200%" not in page


def test_without_javascript_a_button_calculates(office: Office) -> None:
    answer = office.enter(action="calculate", person="")

    assert answer.status_code == 200
    assert "24,000.00" in answer.text
    assert 'id="person-error"' in answer.text
    assert office.contributions() == []


def test_what_may_be_asked_is_said_before_it_is_submitted(office: Office) -> None:
    typed = TYPED | {
        "starts_on": "1-1-2025",
        "ends_on": "1-3-2027",
        "hours": "40",
        "subsidy_until": "1-6-2026",
        "bonuses-bonus-50plus": "yes",
        "bonuses-bonus-permanent": "yes",
    }
    page = plain(office.browser().post(office.preview(), data=typed).text)

    assert "Days after the end of the contract, 31 December 2026, do not count." in page
    assert "More than 36 hours a week counts as full time." in page
    assert "the wage-cost subsidy changes nothing" in page
    assert "“Bonus: older than 50” holds from the age of 50." in page
    assert "what shows that “Bonus: permanent contract” holds" in page
    assert "is not moved to another contract" in page


def test_a_placement_that_counts_nothing_says_why(office: Office) -> None:
    page = plain(office.browser().post(office.preview(), data=TYPED | {"starts_on": "1-12-2024"}).text)

    assert "€0.00" in page
    assert "lies before the start of the contract" in page
