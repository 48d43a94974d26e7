"""The pages at the end of a contract: two people settle it, one excuse, and what became of people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.closing.queries import after_projects_in
from app.extensions import db
from app.rules.dossier import Status
from app.web.clock import today
from app.web.formats import day_typed
from app.web.sentences import CLOSING
from tests import factories as make
from tests.closing.ended import ENDED, days_ago
from tests.support import application_of_module
from tests.web.counting import statements_of_request
from tests.web.matrix import MARKUP, Bad, Page, expect_each_refused, opened
from tests.web.office import Office, an_office
from tests.web.reading import words

EXCUSE = {"reason": "Het werk is stilgelegd.", "effort": "Drie vacatures."}
SAVE = {"action": "save"}


def an_ended_office(app: Flask, ended: int = ENDED) -> Office:
    """8,103.42 short since its term ended."""
    office = an_office(app, starts_on=days_ago(ended + 700), ends_on=days_ago(ended))
    with app.app_context():
        make.activity(
            office.contract, status=Status.APPROVED, amount_cents=54_396_58, on=days_ago(ended + 10), reference="A-1"
        )
    return office


@pytest.fixture
def office(app: Flask) -> Office:
    return an_ended_office(app)


@pytest.fixture(scope="module")
def shown(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """To look at and be refused in."""
    with application_of_module(migrated_sqlite, tmp_path_factory) as app:
        yield an_ended_office(app)


def page_of(office: Office, more: str = "settlement") -> str:
    return f"/contract/{office.contract_id}/{more}"


def test_two_people_settle_a_contract_step_by_step(office: Office) -> None:
    leader, colleague = office.browser("leader"), office.browser("colleague")
    begin = words(leader.get(page_of(office)).text)
    assert "4. Settle" in begin and "Shortfall €8,103.42" in begin and "Propose the settlement" in begin

    live = leader.post(
        page_of(office, "settlement/new"), data={"instalment": "5.000"}, headers={"X-Requested-With": "preview"}
    )
    assert "Deducted from it €5,000.00 Claimed separately €3,103.42" in words(live.text)
    proposed = leader.post(page_of(office, "settlement/new"), data={"instalment": "5.000", "note": MARKUP} | SAVE)
    assert proposed.location == page_of(office)
    own = leader.get(page_of(office)).text
    assert "You proposed it, so a colleague confirms it." in own and "<script>alert" not in own
    assert str(CLOSING["own_settlement"]) in leader.get(page_of(office, "settlement/confirm")).text

    ask = page_of(office, "settlement/confirm")
    assert colleague.post(ask, data=opened(colleague, ask)).location == page_of(office)
    done = words(office.browser("supplier").get(page_of(office)).text)
    assert "This contract is settled: confirmed by A project_leader" in done and "Open it again" not in done
    with office.app.app_context():
        contract = f"/contracts/{office.corporation.kvk}/{office.contract.number}"
    assert "This contract is settled, on" in words(leader.get(contract).text)
    assert "Make the final statement" in words(leader.get(page_of(office)).text)
    final = f"/contract/{office.contract_id}/final-statement"
    looked = leader.post(final, data={"action": "preview", "language": "en"})
    assert looked.mimetype == "application/pdf" and looked.headers["Cache-Control"] == "private, no-store"
    issued = leader.post(final, data={"language": "en"})
    assert "Final statement" in (told := words(leader.get(issued.location).text)) and "is issued." in told
    assert leader.get(final).location == leader.post(final, data={"language": "nl"}).location == issued.location
    assert "5. Final statement done" in words(leader.get(page_of(office)).text)

    back = page_of(office, "settlement/withdraw")
    assert "is withdrawn with it" in words(leader.get(back).text)
    assert colleague.post(back, data=opened(colleague, back)).status_code == 422
    colleague.post(back, data=opened(colleague, back) | {"reason": "Bezwaar"})
    again = words(leader.get(page_of(office)).text)
    assert "Earlier settlements" in again and "“Bezwaar”" in again and "Propose the settlement" in again
    assert "“De afrekening is heropend. Bezwaar”" in words(leader.get(contract).text)
    assert leader.get(final).location == page_of(office)
    assert "Settlement confirmed" in words(leader.get(f"/history/contract/{office.contract_id}").text)


def test_two_people_excuse_a_supplier_and_the_second_sees_what_it_does(office: Office) -> None:
    leader, colleague, supplier = (office.browser(who) for who in ("leader", "colleague", "supplier"))
    assert leader.post(page_of(office, "excuse"), data=EXCUSE | SAVE).location == page_of(office)
    assert EXCUSE["reason"] in colleague.get(page_of(office)).text
    assert EXCUSE["reason"] not in supplier.get(page_of(office)).text

    ask = page_of(office, "excuse/agree")
    assert "Penalty €8,103.42 €0.00" in words(colleague.get(ask).text)
    assert str(CLOSING["own_excuse"]) in leader.get(ask).text
    stale = opened(colleague, ask)
    leader.post(page_of(office, "excuse"), data=opened(leader, page_of(office, "excuse")) | {"reason": "Anders"} | SAVE)
    assert colleague.post(ask, data=stale).status_code == 409
    assert colleague.post(ask, data=opened(colleague, ask)).status_code == 302

    seen = words(supplier.get(page_of(office)).text)
    assert "there is no penalty" in seen and "Anders" in seen
    assert "There is no penalty" in words(leader.get(page_of(office, "settlement/new")).text)
    undo = page_of(office, "excuse/withdraw")
    assert "Penalty €0.00 €8,103.42" in words(leader.get(undo).text)
    leader.post(undo, data=opened(leader, undo))
    assert Page(leader.get(page_of(office, "excuse")).text).fields["reason"] == ""


def test_what_was_repaired_since_the_term_ended_is_shown(app: Flask) -> None:
    office = an_ended_office(app, ended=20)
    leader = office.browser("leader")
    with app.app_context():
        make.dossier_as_of(office.contract, days_ago(20))
    with app.app_context():
        make.activity(
            office.contract, status=Status.APPROVED, amount_cents=1_000_00, on=days_ago(25), reference="A-late"
        )

    seen = words(leader.get(page_of(office)).text)
    assert "2. Repair now" in seen and "Credited was €54,396.58 and is €55,396.58." in seen and "A-late" in seen
    assert "can be repaired until" in words(leader.get(page_of(office, "settlement/new")).text)


def test_what_cannot_be_is_refused_beside_its_field(shown: Office) -> None:
    leader = shown.browser("leader")
    expect_each_refused(
        shown.app,
        leader,
        page_of(shown, "settlement/new"),
        {"instalment": "5000"} | SAVE,
        [
            Bad("instalment", "", "Fill this in"),
            Bad("instalment", "-1", "0 or more"),
            Bad("instalment", MARKUP, "not clear as an amount"),
            Bad("note", "x" * 1001, "too long"),
            Bad("note", "123456782", "BSN"),
        ],
    )
    bad = [Bad("reason", "", "Fill this in"), Bad("effort", "", "Fill this in"), Bad("effort", "123456782", "BSN")]
    expect_each_refused(shown.app, leader, page_of(shown, "excuse"), EXCUSE | SAVE, bad)


def test_a_contract_that_runs_says_when_it_can_be_settled(app: Flask) -> None:
    office = an_office(app, starts_on=days_ago(300), ends_on=days_ago(-30))
    leader = office.browser("leader")

    for page in ("settlement", "settlement/new"):
        assert "After that the contract" in words(leader.get(page_of(office, page)).text)
    assert str(CLOSING["no_settlement"]) in leader.get(page_of(office, "settlement/confirm")).text
    answer = leader.post(page_of(office, "settlement/new"), data=SAVE)
    assert (answer.status_code, "The term runs until" in answer.text) == (422, True)


def placed(office: Office, number: int = 1) -> list[int]:
    """The ids of placements that ended long ago."""
    with office.app.app_context():
        values = {"status": Status.APPROVED, "starts_on": days_ago(500), "ends_on": days_ago(200)}
        return [make.placement(office.contract, **values).id for _ in range(number)]


def test_a_supplier_records_what_became_of_a_person(office: Office) -> None:
    (placement,) = placed(office)
    supplier = office.browser("supplier")
    form = f"/after-project/{placement}"
    listed = supplier.get("/after-project")
    assert form in listed.text and "Still to ask 1" in words(listed.text)

    right = {"became": "elsewhere", "asked_on": day_typed(today())} | SAVE
    expect_each_refused(
        office.app,
        supplier,
        form,
        right,
        [
            Bad("became", "", "Choose one of these"),
            Bad("became", "dead", "Choose one of the possibilities"),
            Bad("asked_on", "1-1-2099", "still to come"),
            Bad("asked_on", day_typed(days_ago(190)), "three months after"),
            Bad("asked_on", MARKUP, "not clear as a date"),
        ],
    )
    assert supplier.post(form, data=right).location == "/after-project"

    assert "Still to ask 0" in words(supplier.get("/after-project").text)
    assert "At work elsewhere" in words(supplier.get("/after-project?state=recorded").text)
    assert opened(supplier, form)["became"] == "elsewhere"
    assert office.browser("stranger").get(form).status_code == 404


def test_totals_on_the_programme_page_keep_small_groups_back(office: Office) -> None:
    year = days_ago(100).year
    for placement in placed(office, 6):
        with office.app.app_context():
            row = db.session.get_one(make.Placement, placement)
            make.after_project(row, became="elsewhere", asked_on=days_ago(100))

    with office.app.app_context():
        kvk, found = office.corporation.kvk, after_projects_in(office.corporation, year)
    assert (found.total, set(found.numbers.values())) == (6, {None})
    shown = words(office.browser("leader").get(f"/programme/{kvk}/{year}").text)
    assert "At work elsewhere not shown" in shown and "Together 6" in shown


def test_the_list_and_the_card_ask_a_constant_number_of_statements(office: Office) -> None:
    leader = office.browser("leader")
    placed(office, 3)
    few = statements_of_request(office.app, leader, "/after-project")
    placed(office, 20)
    assert statements_of_request(office.app, leader, "/after-project") == few
