"""Judging: the list, the page of one contribution, four eyes, reasons, and what somebody else did in the meantime."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from app.contributions.models import ApprovedHow, Contribution
from app.extensions import db
from app.rules.dossier import Status
from tests import factories as make
from tests.web.office import Office
from tests.web.reading import plain

LIST = "/contributions/to-judge"
pytestmark = pytest.mark.usefixtures("on_24_november")


def page_of(contribution_id: int) -> str:
    return f"/contribution/{contribution_id}"


# The list


def test_the_oldest_stands_first_with_its_value_and_contract(office: Office) -> None:
    now = datetime(2026, 11, 24, tzinfo=UTC)
    office.submitted(reference="P-young", submitted_at=now)
    office.submitted(reference="P-old", submitted_at=now - timedelta(days=3))
    page = plain(office.browser().get(LIST).text)

    assert page.index("P-old") < page.index("P-young")
    assert "€24,000.00" in page
    assert "2025/014 a" in page
    assert "by yourself" in page


def test_a_waiting_correction_stands_there_at_its_own_value(office: Office) -> None:
    approved = office.submitted(status=Status.APPROVED)
    with office.app.app_context():
        row = db.session.get_one(Contribution, approved)
        make.correction(
            row,
            status=Status.SUBMITTED,
            person_=row.person,  # type: ignore[attr-defined]
            ends_on=date(2026, 6, 30),
            hours=Decimal("28.8"),
        )
    page = plain(office.browser().get(LIST).text)

    assert "W-1081 (2)" in page
    assert "€13,333.33" in page


def test_only_what_one_may_judge_stands_there(office: Office) -> None:
    office.submitted()

    assert "W-1081" in office.browser("assessor").get(LIST).text
    assert "Nothing waits." in office.browser("stranger").get(LIST).text
    assert office.browser("supplier").get(LIST).status_code == 403
    assert office.browser("auditor").get(LIST).status_code == 403


def test_a_long_list_shows_the_oldest_and_says_so(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.contributions.queries.waiting_for.__defaults__", (1,))
    office.submitted(reference="P1")
    office.submitted(reference="P2")

    assert "The 1 oldest of 2 stand here." in office.browser().get(LIST).text


def test_the_list_asks_the_database_as_often_for_many_as_for_few(office: Office) -> None:
    office.submitted(reference="P0")
    few = statements(office)
    for number in range(1, 8):
        office.submitted(reference=f"P{number}")

    assert statements(office) == few


def statements(office: Office) -> int:
    """How many statements the list takes."""
    counted: list[str] = []
    with office.app.app_context():
        engine = db.engine
    browser = office.browser()

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        counted.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    assert browser.get(LIST).status_code == 200
    event.remove(engine, "before_cursor_execute", count)
    return len(counted)


# The page of one


def test_the_page_says_what_it_will_be_worth_why_and_what_becomes_of_the_contract(office: Office) -> None:
    page = plain(office.browser("colleague").get(page_of(office.submitted())).text)

    assert "€24,000.00" in page
    assert "9 months × €40,000.00 / 12 × 28.8/36 hours" in page
    assert '<th scope="row">Credited</th><td class="amount">€0</td><td class="amount name">€24,000</td>' in page
    assert "A project_leader, 24 November 2026" in page


def test_a_rejected_version_counts_nothing_and_says_why_it_was_rejected(office: Office) -> None:
    page = plain(office.browser().get(page_of(office.submitted(status=Status.REJECTED))).text)

    assert "This version counts nothing." in page
    assert "“Het bewijsstuk ontbreekt.”" in page


def test_approved_on_import_is_shown_as_such(office: Office) -> None:
    placement = office.submitted(status=Status.APPROVED)
    with office.app.app_context():
        row = db.session.get_one(Contribution, placement)
        row.approved_how, row.approved_by, row.entered_by = ApprovedHow.IMPORT, None, None
        db.session.commit()
    page = plain(office.browser("auditor").get(page_of(placement)).text)

    assert "Approved on import: command line" in page


@pytest.mark.parametrize(
    ("who", "sees"), [("leader", True), ("supplier", True), ("auditor", True), ("assessor", False)]
)
def test_the_person_reference_is_for_the_supplier_the_corporation_and_its_auditor(
    office: Office, who: str, sees: bool
) -> None:
    placement = office.submitted()
    reference = office.stored(placement).person.reference  # type: ignore[attr-defined]

    assert (reference in office.browser(who).get(page_of(placement)).text) is sees


def test_an_erased_person_is_no_fault(office: Office) -> None:
    placement = office.submitted()
    with office.app.app_context():
        db.session.get_one(Contribution, placement).person.reference = None  # type: ignore[attr-defined]
        db.session.commit()

    assert "erased" in office.browser().get(page_of(placement)).text
    assert office.browser().get(page_of(placement) + "/correct").status_code == 200


def test_buttons_are_for_who_may_use_them_and_the_reason_stands_there_when_not(office: Office) -> None:
    placement = office.submitted()
    own = office.browser().get(page_of(placement)).text
    colleagues = office.browser("colleague").get(page_of(placement)).text
    suppliers = office.browser("supplier").get(page_of(placement)).text
    auditors = office.browser("auditor").get(page_of(placement)).text
    assessors = office.browser("assessor").get(page_of(placement)).text

    assert "/approve" not in own
    assert "You entered this yourself." in own
    assert "/approve" in colleagues
    assert "/correct" in colleagues
    assert "/approve" not in suppliers
    assert "It waits until somebody of De Brug judges it." in suppliers
    assert "/withdraw" in suppliers
    assert not any(act in auditors for act in ("/approve", "/withdraw", "/correct", "copy="))
    assert "/approve" in assessors
    assert "/withdraw" not in assessors


def test_a_stranger_finds_no_page(office: Office) -> None:
    assert office.browser("stranger").get(page_of(office.submitted())).status_code == 404


# Approving


@pytest.mark.parametrize("who", ["colleague", "administrator", "assessor"])
def test_a_colleague_approves_and_the_contract_moves(office: Office, who: str) -> None:
    placement = office.submitted()
    version = office.stored(placement).row_version
    answer = office.browser(who).post(page_of(placement) + "/approve", data={"version": version})

    assert answer.location == page_of(placement)
    stored = office.stored(placement)
    assert (stored.status, stored.approved_by_id, stored.approved_how) == (
        Status.APPROVED,
        office.people[who],
        ApprovedHow.REVIEW,
    )
    with office.app.app_context():
        kvk = db.session.get_one(make.Contract, office.contract_id).corporation.kvk
    page = office.browser().get(f"/contracts/{kvk}/2025/014%20a?on=2026-11-24").text
    assert '<data id="credited_cents" value="2400000">' in page


@pytest.mark.parametrize("act", ["approve", "reject"])
@pytest.mark.parametrize("who", ["leader", "administrator"])
def test_nobody_judges_what_they_entered(office: Office, who: str, act: str) -> None:
    own = office.submitted(who)
    data = {"version": office.stored(own).row_version, "reason": "Toch niet"}
    answer = office.browser(who).post(f"{page_of(own)}/{act}", data=data)

    assert answer.status_code == 409
    assert "You entered this yourself." in answer.text
    assert office.stored(own).status is Status.SUBMITTED


@pytest.mark.parametrize(("who", "status"), [("supplier", 403), ("auditor", 403), ("stranger", 404)])
def test_who_may_not_judge_does_not(office: Office, who: str, status: int) -> None:
    placement = office.submitted()
    data = {"version": office.stored(placement).row_version, "reason": "Nee"}

    for act in ("approve", "reject"):
        assert office.browser(who).post(f"{page_of(placement)}/{act}", data=data).status_code == status
    assert office.stored(placement).status is Status.SUBMITTED


def test_an_approval_of_what_changed_meanwhile_is_refused_and_can_be_given_again(office: Office) -> None:
    placement = office.submitted()
    seen = office.stored(placement).row_version
    with office.app.app_context():
        row = db.session.get_one(Contribution, placement)
        row.block = "bbl"
        db.session.commit()
    colleague = office.browser("colleague")
    answer = colleague.post(page_of(placement) + "/approve", data={"version": seen})

    assert answer.status_code == 409
    assert "Somebody changed this in the meantime." in answer.text
    assert f'value="{office.stored(placement).row_version}"' in answer.text
    assert office.stored(placement).status is Status.SUBMITTED


@pytest.mark.parametrize("version", ["", "x", "9" * 40, "²"])
def test_a_form_that_does_not_say_what_was_seen_approves_nothing(office: Office, version: str) -> None:
    placement = office.submitted()
    answer = office.browser("colleague").post(page_of(placement) + "/approve", data={"version": version})

    assert answer.status_code == 409
    assert office.stored(placement).status is Status.SUBMITTED


def test_a_second_click_says_how_it_stands(office: Office) -> None:
    placement = office.submitted()
    data = {"version": office.stored(placement).row_version}
    colleague = office.browser("colleague")
    colleague.post(page_of(placement) + "/approve", data=data)
    answer = colleague.post(page_of(placement) + "/approve", data=data)

    assert answer.status_code == 409
    assert "This cannot be done any more: look at how it stands now." in answer.text
    assert "Approved" in answer.text


def test_shares_over_100_among_what_is_approved_stop_an_approval(office: Office) -> None:
    with office.app.app_context():
        person = make.person(db.session.get_one(make.Contract, office.contract_id).supplier)
        number = person.id
    office.submitted(status=Status.APPROVED, reference="P1", person_id=number, person_=None)
    with office.app.app_context():
        contract = db.session.get_one(make.Contract, office.contract_id)
        kept = db.session.get_one(Contribution, 1).person  # type: ignore[attr-defined]
        second = make.placement(contract, status=Status.SUBMITTED, person_=kept).id
    data = {"version": office.stored(second).row_version}
    answer = office.browser("colleague").post(page_of(second) + "/approve", data=data)

    assert answer.status_code == 422
    assert "come to 200%" in answer.text


# Rejecting


def test_a_rejection_needs_a_reason(office: Office) -> None:
    placement = office.submitted()
    data = {"version": office.stored(placement).row_version, "reason": " "}
    answer = office.browser("colleague").post(page_of(placement) + "/reject", data=data)

    assert answer.status_code == 422
    assert "Fill this in." in answer.text.partition('id="reason-error"')[2]
    assert office.stored(placement).status is Status.SUBMITTED


def test_a_rejection_is_read_by_who_entered_it(office: Office) -> None:
    placement = office.submitted("supplier")
    data = {"version": office.stored(placement).row_version, "reason": "Klopt de eerste\nwerkdag?"}
    office.browser("colleague").post(page_of(placement) + "/reject", data=data)

    assert office.stored(placement).rejected_reason == "Klopt de eerste\nwerkdag?"
    page = plain(office.browser("supplier").get(page_of(placement)).text)
    assert "“Klopt de eerste werkdag?”" in page
    assert "Correct it" in page


def test_a_bsn_in_a_reason_is_refused_and_stays_to_be_corrected(office: Office) -> None:
    placement = office.submitted()
    data = {"version": office.stored(placement).row_version, "reason": "Burger 111222333 klopt niet"}
    answer = office.browser("colleague").post(page_of(placement) + "/reject", data=data)

    assert answer.status_code == 422
    assert "citizen service number" in answer.text
    assert "Burger 111222333 klopt niet</textarea>" in answer.text


def test_a_rejection_of_what_somebody_else_approved_loses_no_word(office: Office) -> None:
    placement = office.submitted()
    data = {"version": office.stored(placement).row_version, "reason": "Een lang verhaal"}
    office.browser("administrator").post(page_of(placement) + "/approve", data=data)
    answer = office.browser("colleague").post(page_of(placement) + "/reject", data=data)

    assert answer.status_code == 409
    assert "Een lang verhaal" in answer.text
    assert office.stored(placement).status is Status.APPROVED


# Withdrawing


def test_a_supplier_withdraws_what_waits_and_not_what_is_approved(office: Office) -> None:
    waiting = office.submitted("supplier", reference="P1")
    approved = office.submitted("supplier", reference="P2", status=Status.APPROVED)
    supplier = office.browser("supplier")
    answers = [
        supplier.post(f"{page_of(each)}/withdraw", data={"version": office.stored(each).row_version})
        for each in (waiting, approved)
    ]

    assert [answer.status_code for answer in answers] == [302, 403]
    assert "Only somebody who may approve it can withdraw it." in answers[1].text
    assert office.stored(waiting).status is Status.WITHDRAWN
    assert office.stored(approved).status is Status.APPROVED
    leader = office.browser()
    leader.post(f"{page_of(approved)}/withdraw", data={"version": office.stored(approved).row_version})
    assert office.stored(approved).status is Status.WITHDRAWN
