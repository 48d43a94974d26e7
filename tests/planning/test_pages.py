"""The pages of plans, reports and the handover: one walk, what is refused, and who reads which name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.planning.models import Handover
from app.web.sentences import PLANNING
from tests import factories as make
from tests.support import application_of_module
from tests.web.counting import statements_of_request
from tests.web.matrix import MARKUP, Bad, Page, expect_each_refused, opened
from tests.web.office import Office, an_office
from tests.web.reading import words

pytestmark = pytest.mark.usefixtures("on_24_november")

EFFORT = {
    "rows-0-block": "participatiewet",
    "rows-0-persons": "2",
    "rows-0-hours": "36",
    "rows-0-starts_on": "1-1-2026",
    "rows-0-ends_on": "31-12-2026",
    "explanation": "Met de school",
}
BOUGHT = {"rows-1-block": "social-purchase", "rows-1-month": "juni 2026", "rows-1-amount": "10.000"}
BAD = [
    Bad("rows-0-hours", "99", "99 hours a week cannot be"),
    Bad("rows-0-hours", "veel", "not clear as a number of hours"),
    Bad("rows-0-persons", "", "Fill this in"),
    Bad("rows-0-persons", "0", "1 to 100"),
    Bad("rows-0-persons", MARKUP, "1 to 100"),
    Bad("rows-0-starts_on", "31-2-2026", "does not exist"),
    Bad("rows-0-ends_on", "31-12-2025", "before the start"),
    Bad("rows-0-block", "bonus-50plus", "Choose one of the possibilities"),
    Bad("rows-1-month", "zomer 2026", "not clear as a month"),
    Bad("rows-1-amount", "", "Fill this in"),
    Bad("rows-1-amount", "-5", "may not be below zero"),
    Bad("explanation", "123456782", "BSN"),
]
HANDOVER = {
    "promised": "Twee leerlingen",
    "promised_amount": "50.000",
    "promised_persons": "2",
    "responsible_function": "uitvoerder",
    "responsible_name": "J. de Vries",
    "responsible_contact": "088 1234567",
    "handed_over_by": "Inkoop",
    "handed_over_on": "1-12-2025",
}
BAD_HANDOVER = [
    Bad("promised", "", "Fill this in"),
    Bad("promised_amount", "-1", "may not be below zero"),
    Bad("promised_persons", "101", "0 to 100"),
    Bad("handed_over_on", "gisteren", "not clear as a date"),
    Bad("responsible_function", "x" * 201, "too long"),
]


@pytest.fixture
def office(app: Flask) -> Office:
    return an_office(app)


@pytest.fixture(scope="module")
def shown(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """To look at and be refused in."""
    with application_of_module(migrated_sqlite, tmp_path_factory) as app:
        yield an_office(app)


def contract_page(office: Office) -> str:
    with office.app.app_context():
        return f"/contracts/{office.corporation.kvk}/{office.contract.number}"


def test_a_supplier_writes_a_plan_and_the_leader_agrees_to_it(office: Office) -> None:
    supplier, leader = office.browser("supplier"), office.browser("leader")
    new = f"/contract/{office.contract_id}/plan/new"
    typed = EFFORT | BOUGHT

    live = supplier.post(
        new, data=EFFORT | {"rows-1-block": "social-purchase"}, headers={"X-Requested-With": "preview"}
    )
    assert "€80,000.00" in words(live.text) and "Nothing is saved yet." in words(live.text)
    assert supplier.post(new, data=typed | {"action": "add_row"}).text.count('<fieldset class="effort">') == 4
    plan = supplier.post(new, data=typed | {"action": "save"}).location
    as_written = typed | {"rows-0-starts_on": "01-01-2026", "rows-1-month": "06-2026", "rows-1-amount": "10,000.00"}
    assert opened(supplier, f"{plan}/edit").items() >= as_written.items()
    assert supplier.get(new).location == plan

    for who, act in ((supplier, "propose"), (supplier, "agree"), (leader, "agree")):
        answer = who.post(f"{plan}/{act}", data=opened(who, plan))
    assert answer.status_code == 302
    course = words(leader.get(contract_page(office)).text)
    assert "Plan of approach €90,000" in course and "That covers the €62,500 that is owed." in course
    assert 'class="line-plan"' in leader.get("/portfolio").text
    assert opened(leader, new).items() >= as_written.items()


def test_who_proposed_reads_why_it_does_not_agree_alone_and_what_was_typed_stays(office: Office) -> None:
    leader = office.browser("leader")
    plan = leader.post(f"/contract/{office.contract_id}/plan/new", data=EFFORT | {"action": "save"}).location
    leader.post(f"{plan}/propose", data=opened(leader, plan))
    answer = leader.post(f"{plan}/agree", data=opened(leader, plan) | {"note": "Brief"})

    assert (answer.status_code, str(PLANNING["own_plan"]) in answer.text) == (409, True)
    supplier = office.browser("supplier")
    empty = supplier.post(f"{plan}/return", data=opened(supplier, plan))
    assert (empty.status_code, Page(empty.text).errors["reason"]) == (422, "Fill this in.")
    back = supplier.post(f"{plan}/return", data=opened(supplier, plan) | {"reason": MARKUP}, follow_redirects=True)
    assert "Not agreed to, because" in back.text and "<script>alert" not in back.text


def test_what_cannot_be_in_a_plan_or_a_handover_is_refused_beside_its_field(shown: Office) -> None:
    leader, contract = shown.browser("leader"), f"/contract/{shown.contract_id}"

    expect_each_refused(shown.app, leader, f"{contract}/plan/new", EFFORT | BOUGHT | {"action": "save"}, BAD)
    expect_each_refused(shown.app, leader, f"{contract}/handover", HANDOVER | {"action": "save"}, BAD_HANDOVER)
    bad_day = [Bad("starts_on", "32-1-2026", "does not exist"), Bad("months", "2", "Choose one of the possibilities")]
    expect_each_refused(shown.app, leader, f"{contract}/reporting", {"months": "6", "action": "save"}, bad_day)


def test_two_people_who_change_one_draft_are_set_beside_each_other(office: Office) -> None:
    leader, supplier = office.browser("leader"), office.browser("supplier")
    with office.app.app_context():
        edit = f"/plan/{make.plan(office.contract).id}/edit"
    first, second = opened(leader, edit), opened(supplier, edit)

    assert leader.post(edit, data=first | {"rows-0-persons": "3", "action": "save"}).status_code == 302
    met = supplier.post(edit, data=second | {"rows-0-hours": "20", "action": "save"})
    assert (met.status_code, "3 32 01-02-2026" in words(met.text)) == (409, True)
    chosen = Page(met.text).fields | {"choose-rows": "theirs", "action": "save"}
    assert supplier.post(edit, data=chosen).status_code == 302
    assert opened(leader, edit)["rows-0-persons"] == "3"


def test_who_records_what_somebody_else_recorded_meanwhile_looks_at_it_first(office: Office) -> None:
    leader, colleague = office.browser("leader"), office.browser("colleague")
    changes = (("handover", HANDOVER, {"promised": "Drie"}), ("reporting", {"months": "6"}, {"months": "1"}))
    for form, typed, other in changes:
        address = f"/contract/{office.contract_id}/{form}"
        empty = opened(leader, address) | {"action": "save"}
        assert [leader.post(address, data=empty | typed).status_code for _twice in range(2)] == [302, 302]
        late = colleague.post(address, data=empty | typed | other)
        assert (late.status_code, "Somebody changed this in the meantime" in late.text) == (409, True)


def test_a_nil_report_is_one_click_and_a_second_one_is_refused(office: Office) -> None:
    leader, supplier, report = (
        office.browser("leader"),
        office.browser("supplier"),
        f"/contract/{office.contract_id}/report",
    )
    leader.post(f"/contract/{office.contract_id}/reporting", data={"starts_on": "1-7-2026", "action": "save"})
    overdue = words(leader.get("/reports?state=overdue").text)
    assert "1 July 2026 to 30 September 2026 1 41 days overdue" in overdue
    form = opened(supplier, report)

    made = supplier.post(report, data=form)
    assert "Nil report 1 July 2026 to 30 September 2026" in words(supplier.get(made.location).text)
    again = supplier.post(report, data=form)
    assert (again.status_code, str(PLANNING["period_reported"]) in again.text) == (409, True)
    assert "No period of this contract is to be reported now." in again.text
    remarked = supplier.post(f"{made.location}/remark", data={"text": MARKUP}, follow_redirects=True)
    assert remarked.status_code == 200 and "<script>alert" not in remarked.text
    assert supplier.post(f"{made.location}/remark", data={"text": ""}).status_code == 422
    assert "No report is due." in leader.get("/reports").text


def test_what_was_done_stands_in_the_report_by_itself(office: Office) -> None:
    report = f"/contract/{office.contract_id}/report"
    with office.app.app_context():
        make.reporting_choice(office.contract, months=6)
        make.activity(office.contract, reference="I-0031", status="approved")
    supplier = office.browser("supplier")

    page = supplier.get(report)
    assert "I-0031" in page.text and "€11,183.95" in words(page.text)
    made = supplier.post(report, data=opened(supplier, report))
    assert "Report 1 January 2026 to 30 June 2026" in words(supplier.get(made.location).text)
    tampered = opened(supplier, report)
    assert supplier.post(report, data=tampered | {"first_on": "x"}).status_code == 409


def test_the_handover_is_accepted_and_a_guest_reads_no_name(office: Office) -> None:
    leader, page = office.browser("leader"), contract_page(office)
    leader.post(f"/contract/{office.contract_id}/handover", data=HANDOVER | {"action": "save"})
    with office.app.app_context():
        accept = f"/handover/{db.session.scalars(select(Handover)).one().id}/accept"

    assert leader.post(accept, data=opened(leader, page)).status_code == 302
    assert leader.post(accept, data={"version": "2"}).status_code == 409
    seen = {who: "J. de Vries" in office.browser(who).get(page).text for who in ("supplier", "auditor", "assessor")}
    assert seen == {"supplier": True, "auditor": True, "assessor": False}


def test_the_page_of_a_contract_asks_no_more_for_a_long_plan_or_many_reports(office: Office) -> None:
    leader, page = office.browser("leader"), contract_page(office)
    few = statements_of_request(office.app, leader, page)
    with office.app.app_context():
        by = office.contract.project_leader or make.user()
        agreed = {"status": "agreed", "proposed_by": by, "proposed_at": make.NOW, "proposed_for": "corporation"}
        make.plan(office.contract, **agreed, agreed_by=make.user(), agreed_at=make.NOW)
        make.report(office.contract)
        make.report(office.contract, first_on=date(2026, 4, 1), last_on=date(2026, 6, 30))

    assert statements_of_request(office.app, leader, page) == few
