"""Entering placements and activities: the form, its live preview, what is refused, drafts, copies and corrections."""

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


# The live preview


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


# Copies and corrections


def test_a_copy_is_filled_in_for_another_person(office: Office) -> None:
    placement = office.submitted(bonuses=["bonus-50plus"], employer="Bakkerij Bakker")
    page = office.browser().get(f"{office.new()}?copy={placement}").text

    assert 'value="01-02-2026"' in page
    assert 'value="28.8"' in page
    assert 'value="Bakkerij Bakker"' in page
    assert 'id="bonuses-bonus-50plus-yes" value="yes" checked' in page
    assert 'name="person" type="text" value=""' in page
    assert "30,000.00" in page


def test_only_what_stands_on_the_same_contract_is_copied(office: Office) -> None:
    with office.app.app_context():
        other = make.placement().id
        activity = make.activity(db.session.get_one(make.Contract, office.contract_id)).id

    assert office.browser().get(f"{office.new()}?copy={other}").status_code == 404
    assert office.browser().get(f"{office.new()}?copy={activity}").status_code == 404
    assert office.browser().get(f"{office.new()}?copy=x").status_code == 200


def corrected(office: Office, placement: int, **typed: str) -> tuple[str, dict[str, str]]:
    """The address of a correction, and what is sent there."""
    row = office.stored(placement)
    assert isinstance(row, Placement)
    return f"/contribution/{placement}/correct", {
        **TYPED,
        "person": row.person.reference or "",
        "version": str(row.row_version),
        **typed,
    }


def test_a_correction_of_an_approved_placement_waits_as_a_new_version(office: Office) -> None:
    placement = office.submitted(status=Status.APPROVED)
    address, typed = corrected(office, placement, ends_on="30-6-2026")
    browser = office.browser()
    assert f'value="{office.stored(placement).row_version}"' in browser.get(address).text
    answer = browser.post(address, data=typed)

    old, new = office.contributions()
    assert (old.status, new.status, new.version, new.replaces_id) == (Status.APPROVED, Status.SUBMITTED, 2, old.id)
    page = browser.get(answer.location).text
    assert "W-1081 (2)" in page
    assert f'href="/contribution/{old.id}"' in page


def test_a_correction_of_what_changed_meanwhile_is_refused_once_and_nothing_typed_is_lost(office: Office) -> None:
    placement = office.submitted()
    address, typed = corrected(office, placement, ends_on="30-6-2026")
    colleague = office.browser("colleague")
    seen = office.stored(placement).row_version
    colleague.post(f"/contribution/{placement}/reject", data={"version": seen, "reason": "Nee"})

    refused = office.browser().post(address, data=typed)
    assert refused.status_code == 409
    assert "Somebody changed W-1081 in the meantime." in refused.text
    assert 'value="30-6-2026"' in refused.text
    version = office.stored(placement).row_version
    assert f'name="version" type="hidden" value="{version}"' in refused.text
    assert office.browser().post(address, data=typed | {"version": version}).status_code == 302


def test_one_goes_on_with_ones_own_draft(office: Office) -> None:
    draft = office.submitted(status=Status.DRAFT)
    address, typed = corrected(office, draft, hours="36")
    office.browser().post(address, data=typed | {"action": "draft"})
    (kept,) = office.contributions()
    assert kept.status is Status.DRAFT

    office.browser().post(address, data=typed | {"version": str(kept.row_version)})
    (sent,) = office.contributions()
    assert (sent.id, sent.version, sent.status) == (draft, 1, Status.SUBMITTED)


def test_an_activity_is_corrected_in_its_own_form(office: Office) -> None:
    with office.app.app_context():
        contract = db.session.get_one(make.Contract, office.contract_id)
        activity = make.activity(contract, status=Status.SUBMITTED, amount_cents=1_250_50).id
    page = office.browser().get(f"/contribution/{activity}/correct").text

    assert 'value="1,250.50"' in page
    assert office.browser().get(f"/contribution/{activity}/correct?lang=nl").text.count('value="1.250,50"') == 1


def test_a_strangers_correction_finds_nothing(office: Office) -> None:
    placement = office.submitted()
    address, typed = corrected(office, placement)

    assert office.browser("stranger").get(address).status_code == 404
    assert office.browser("stranger").post(address, data=typed).status_code == 404
    assert office.browser("assessor").get(address).status_code == 403
