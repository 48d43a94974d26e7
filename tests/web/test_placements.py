"""Entering placements and activities: the form, what is refused, drafts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask

from app.contributions.models import Activity, Placement
from app.extensions import db
from app.rules.dossier import Programme, Status
from tests import factories as make
from tests.web.office import TYPED, Office, an_office
from tests.web.reading import plain

pytestmark = pytest.mark.usefixtures("on_24_november")


# The form


def test_the_form_offers_the_placement_blocks_of_the_contracts_own_table(office: Office) -> None:
    page = plain(office.browser().get(office.new()).text)

    assert "Participation Act: €40,000 a year" in page
    assert "Bonus: older than 50? " in page
    assert 'value="social-purchase"' not in page
    assert 'value="bonus-50plus"' not in page


def test_blocks_are_called_as_the_reader_calls_them(office: Office) -> None:
    page = plain(office.browser().get(office.new() + "?lang=nl").text)

    assert "Mbo bbl niveau 2, 3 of 4: € 35.000" in page


def test_a_placement_is_submitted_and_its_page_says_what_comes_next(office: Office) -> None:
    browser = office.browser()
    answer = browser.post(
        office.new(),
        data={
            **TYPED,
            "changes-0-from_day": "1 juni 2026",
            "changes-0-hours": "36",
            "changes-1-from_day": "",
            "changes-1-hours": "",
            "employer": "Bakkerij Bakker",
            "bonuses-bonus-50plus": "yes",
            "bonuses-bonus-permanent": "no",
            "programme": "youth",
        },
    )

    (placement,) = office.contributions()
    assert isinstance(placement, Placement)
    assert answer.location == f"/contribution/{placement.id}"
    assert (placement.reference, placement.status, placement.person.reference) == ("P1", Status.SUBMITTED, "SR-0042")
    assert [(each.from_day, each.hours) for each in placement.hours] == [
        (date(2026, 2, 1), Decimal("28.8")),
        (date(2026, 6, 1), Decimal(36)),
    ]
    assert [each.block for each in placement.bonuses] == ["bonus-50plus"]
    assert (placement.employer, placement.programme) == ("Bakkerij Bakker", Programme.YOUTH)
    page = browser.get(answer.location).text
    assert "P1 is submitted. It counts once it is approved." in page
    assert f"copy={placement.id}" in page
    assert "Back to the contract" in page


@pytest.mark.parametrize("who", ["leader", "administrator", "supplier"])
def test_who_may_enter_enters(office: Office, who: str) -> None:
    assert office.enter(who).status_code == 302


@pytest.mark.parametrize(("who", "status"), [("auditor", 403), ("assessor", 403), ("stranger", 404)])
def test_who_may_not_enter_does_not(office: Office, who: str, status: int) -> None:
    assert office.enter(who).status_code == status
    assert office.browser(who).post(office.preview(), data=TYPED).status_code == status
    assert office.contributions() == []


def test_a_draft_waits_for_nobody(office: Office) -> None:
    office.enter(action="draft")

    (draft,) = office.contributions()
    assert draft.status is Status.DRAFT
    assert "P1" not in office.browser("colleague").get("/contributions/to-judge").text


def test_the_same_form_sent_twice_saves_once(office: Office) -> None:
    key = str(uuid4())
    first, second = office.enter(key=key), office.enter(key=key)

    assert first.location == second.location
    assert len(office.contributions()) == 1


def test_every_form_has_a_key_of_its_own(office: Office) -> None:
    browser = office.browser()
    keys = {browser.get(office.new()).text.partition('name="key"')[2].partition(">")[0] for _ in range(2)}

    assert len(keys) == 2
    assert office.enter(key="no key at all").status_code == 302


def test_a_row_for_changed_hours_is_added_without_javascript_and_keeps_what_was_typed(office: Office) -> None:
    page = office.enter(action="add_row").text

    assert 'name="changes-0-from_day"' in page
    assert 'value="SR-0042"' in page
    assert "Fill this in." not in page
    assert office.contributions() == []


def test_there_is_an_end_to_added_rows(office: Office) -> None:
    rows = {f"changes-{number}-hours": "20" for number in range(20)}
    page = office.enter(action="add_row", **rows).text

    assert 'name="changes-11-hours"' in page
    assert 'name="changes-12-hours"' not in page


def test_persons_of_the_supplier_are_offered(office: Office) -> None:
    office.submitted(person_=None)
    page = office.browser().get(office.new()).text

    assert office.stored(1).person.reference in page  # type: ignore[attr-defined]


# What is refused


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("person", "", "Fill this in."),
        ("person", "111222333", "citizen service number"),
        ("person", "x" * 101, "at most 100 characters"),
        ("employer", "Jansen 1112.22.333", "citizen service number"),
        ("employer", "x" * 201, "at most 200 characters"),
        ("block", "", "Fill this in."),
        ("block", "no-such-block", "has no building block"),
        ("block", "social-purchase", "is for activities"),
        ("block", "bonus-50plus", "“Bonus: older than 50” is a bonus."),
        ("starts_on", "31-2-2026", "does not exist"),
        ("starts_on", "soon", "not clear as a date"),
        ("starts_on", "1-1-1960", "must lie between"),
        ("ends_on", "1-1-2026", "The end lies before the start (1 February 2026)"),
        ("hours", "veel", "not clear as a number of hours"),
        ("hours", "61", "61 hours a week cannot be"),
        ("hours", "-1", "-1 hours a week cannot be"),
        ("share", "0", "give a percentage above zero"),
        ("share", "100,5", "give a percentage up to 100"),
        ("share", "half", "not clear as a percentage"),
        ("subsidy_until", "2026", "not clear as a date"),
        ("programme", "none such", "Choose one of the possibilities"),
    ],
)
def test_a_fault_is_a_sentence_beside_its_field_and_above_the_form(
    office: Office, field: str, typed: str, sentence: str
) -> None:
    answer = office.enter(**{field: typed})

    page = plain(answer.text).replace("\N{MINUS SIGN}", "-")
    beside = page.partition(f'id="{field}-error"')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert sentence in beside
    assert f'href="#{field}"' in page.partition('role="alert"')[2].partition("<form")[0]
    assert 'value="28,8"' in page or field == "hours"
    assert office.contributions() == []


def test_all_faults_that_can_be_seen_are_named_at_once(office: Office) -> None:
    page = office.enter(person="111222333", starts_on="31-2-2026", hours="61").text

    assert all(f'id="{field}-error"' in page for field in ("person", "starts_on", "hours"))


@pytest.mark.parametrize(
    ("row", "where", "sentence"),
    [
        ({"from_day": "1-6-2026"}, "changes-0-hours", "Fill this in."),
        ({"hours": "20"}, "changes-0-from_day", "Fill this in."),
        ({"from_day": "1-1-2026", "hours": "20"}, "changes-0-from_day", "are out of order"),
        ({"from_day": "1-6-2026", "hours": "70"}, "changes-0-hours", "70 hours a week cannot be"),
    ],
)
def test_a_fault_in_changed_hours_stands_in_its_row(
    office: Office, row: dict[str, str], where: str, sentence: str
) -> None:
    page = office.enter(**{f"changes-0-{name}": text for name, text in row.items()}).text

    assert sentence in page.partition(f'id="{where}-error"')[2].partition("</div>")[0]


def test_a_bonus_that_does_not_go_with_the_block_is_refused_by_name(app: Flask) -> None:
    office = an_office(app, "haaglanden-2023")
    answer = office.enter(block="internship-pro-vso", **{"bonuses-bonus-pro-vso": "yes"})

    beside = plain(answer.text).partition('id="bonuses-error"')[2].partition("</div>")[0]
    assert answer.status_code == 422
    assert "The bonus “Bonus: employed after a vso/pro internship" in beside
    assert "It goes with:" in beside
    assert office.enter(**{"bonuses-bonus-pro-vso": "yes"}).status_code == 302


def test_a_bonus_that_the_table_does_not_have_is_refused(office: Office) -> None:
    answer = office.enter(**{"bonuses-bbl": "yes"})

    assert answer.status_code == 422
    assert "has no bonus" in answer.text


def test_shares_over_100_are_refused_and_no_other_corporations_contract_is_named(office: Office) -> None:
    with office.app.app_context():
        contract = db.session.get_one(make.Contract, office.contract_id)
        other = make.corporation()
        make.record(contract.supplier, other)
        person = make.person(contract.supplier, "SR-0042")
        make.placement(
            make.contract(other, contract.supplier, number="GEHEIM-7", title="Geheim"),
            status=Status.APPROVED,
            person_=person,
            share_percent=Decimal(60),
        )
    answer = office.enter(share="50")

    assert answer.status_code == 422
    assert "On 1 February 2026 the shares of this person come to 110%." in answer.text
    assert 'id="share-error"' in answer.text
    assert "GEHEIM" not in answer.text.upper()
    assert office.enter(share="40").status_code == 302


@pytest.mark.parametrize("name", ["changes-²-hours", f"changes-{'9' * 5000}-hours", "changes--1-hours", "changes-0"])
def test_a_field_that_no_form_has_counts_as_nothing(office: Office, name: str) -> None:
    assert office.enter(**{name: "20"}).status_code == 302


def test_signs_that_nobody_sees_are_left_out(office: Office) -> None:
    office.enter(person=" SR\x00-\u200b0042 ", employer="Bakkerij\t Bakker")

    (placement,) = office.contributions()
    assert isinstance(placement, Placement)
    assert (placement.person.reference, placement.employer) == ("SR-0042", "Bakkerij Bakker")


@pytest.mark.parametrize("number", [0, 2**31, 10**30])
def test_a_number_that_no_row_has_is_not_found(office: Office, number: int) -> None:
    browser = office.browser()
    addresses = [
        f"/contribution/{number}",
        f"/contribution/{number}/correct",
        f"/contributions/{number}/placements/new",
        f"{office.new()}?copy={number}",
    ]

    assert [browser.get(address).status_code for address in addresses] == [404] * 4


# Activities


def test_an_activity_is_submitted_with_an_amount_as_people_type_it(office: Office) -> None:
    browser = office.browser()
    page = browser.get(office.new("activities")).text
    assert 'value="social-purchase"' in page
    assert 'value="participatiewet"' not in page

    office.enter(kind="activities", block="social-purchase", on="18 juni 2026", amount="€ 1.250,50", description="Verf")
    (activity,) = office.contributions()
    assert isinstance(activity, Activity)
    assert (activity.reference, activity.amount_cents, activity.on) == ("A1", 1_250_50, date(2026, 6, 18))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"amount": "1.25,0"}, "amount", "not clear as an amount"),
        ({"amount": ""}, "amount", "needs an amount"),
        ({"amount": "-5"}, "amount", "may not be below zero"),
        ({"amount": "10", "quantity": "3"}, "quantity", "does not count by a quantity"),
        ({"block": "initiative-hours", "amount": "", "quantity": "0"}, "quantity", "must be above zero"),
        ({"block": "initiative-hours", "amount": ""}, "quantity", "needs a quantity"),
        ({"block": "initiative-hours", "quantity": "3"}, "amount", "does not count by an amount"),
        ({"block": "bbl"}, "block", "is for placements"),
        ({"description": "burger 111222333"}, "description", "citizen service number"),
        ({"description": "x" * 1001}, "description", "at most 1000 characters"),
    ],
)
def test_a_fault_of_an_activity_stands_beside_its_field(
    office: Office, typed: dict[str, str], field: str, sentence: str
) -> None:
    values = {"block": "social-purchase", "on": "18-6-2026", "amount": "10", **typed}
    answer = office.enter(kind="activities", **values)

    assert answer.status_code == 422
    assert sentence in plain(answer.text).partition(f'id="{field}-error"')[2].partition("</div>")[0]


def test_an_activity_has_a_live_preview_too(office: Office) -> None:
    typed = {"block": "initiative-hours", "on": "18-6-2026", "quantity": "12,5"}
    page = plain(office.browser().post(office.preview("activities"), data=typed).text)

    assert "€1,250.00" in page


def test_agreed_work_asks_for_the_agreement_and_knows_its_maximum(app: Flask) -> None:
    office = an_office(app, "holland-rijnland-2023")
    typed = {"block": "activity-day", "on": "18-6-2026", "amount": "1400"}
    page = plain(office.browser().post(office.preview("activities"), data=typed).text)

    assert "€1,000.00" in page
    assert "will ask for the agreement" in page


def test_what_is_over_the_cap_is_said(app: Flask) -> None:
    office = an_office(app, activity_cap=Decimal(1))
    typed = {"block": "social-purchase", "on": "18-6-2026", "amount": "1000"}
    page = plain(office.browser().post(office.preview("activities"), data=typed).text)

    assert "€375.00 of it is over the cap on activities" in page
