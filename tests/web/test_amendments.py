"""Amendments: extra work, less work, an extension, a contract that ends earlier; and what of them cannot be."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import AuditRecord
from app.contracts.models import Amendment
from app.extensions import db
from app.rules.dossier import Base, Status
from tests import factories as make
from tests.web.effects import figures_of, preview, shown_in
from tests.web.matrix import MARKUP, Bad, Page, expect_each_refused, expect_kept_as_text, expect_refused, opened
from tests.web.office import Office, an_office
from tests.web.world import digest

pytestmark = pytest.mark.usefixtures("on_24_november")

ON = date(2026, 11, 24)
NUMBER = "2025/014 a"
EXTRA = {
    "kind": "extra",
    "amount": "150.000",
    "effective_on": "1-10-2025",
    "reference": "W1",
    "description": "Ook de kozijnen",
}
LESS = EXTRA | {"kind": "less", "amount": "50.000", "reference": "W2"}
EXTENSION = {"kind": "extension", "new_end": "30-6-2027", "amount": "200.000", "reference": "V1"}
END = {"kind": "end", "new_end": "31-3-2026", "amount": "500.000", "description": "De supplier stopt ermee"}
ALL = {"extra": EXTRA, "less": LESS, "extension": EXTENSION, "end": END}


@pytest.fixture
def office(app: Flask) -> Office:
    """Its contract runs over 2025 and 2026, for 1,250,000; the supplier was exempt in the first half of 2025."""
    office = an_office(app)
    with app.app_context():
        contract = office.contract
        make.certificate(contract.corporation, [contract.supplier.kvk], valid_until=date(2025, 6, 30))
    office.submitted(reference="P1", status=Status.APPROVED, ends_on=None)
    return office


def new(office: Office) -> str:
    return f"/contract/{office.contract_id}/amendments/new"


def amended(office: Office, **values: object) -> str:
    """Make an amendment, extra work W9 of 100,000 from 1 June 2026, and give the start of its addresses."""
    shown = {"reference": "W9", "effective_on": date(2026, 6, 1), "amount_cents": 100_000_00} | values
    with office.app.app_context():
        return f"/amendment/{make.amendment(office.contract, **shown).id}"


def amendments(office: Office) -> list[Amendment]:
    with office.app.app_context():
        found = list(db.session.scalars(select(Amendment).order_by(Amendment.id)))
        db.session.expunge_all()
        return found


# Recording


@pytest.mark.parametrize(
    ("kind", "cents", "new_end", "effective_on"),
    [
        ("extra", 150_000_00, None, date(2025, 10, 1)),
        ("less", -50_000_00, None, date(2025, 10, 1)),
        ("extension", 200_000_00, date(2027, 6, 30), date(2027, 1, 1)),
        ("end", -500_000_00, date(2026, 3, 31), date(2025, 1, 1)),
    ],
)
def test_each_kind_of_change_is_recorded(
    office: Office, kind: str, cents: int, new_end: date | None, effective_on: date
) -> None:
    answer = office.browser().post(new(office), data=ALL[kind])

    (made,) = amendments(office)
    assert answer.location.endswith("/2025/014%20a")
    assert (made.amount_cents, made.new_end, made.effective_on) == (cents, new_end, effective_on)
    assert (made.reference, made.description) == (ALL[kind].get("reference"), ALL[kind].get("description", ""))


def test_the_contract_page_lists_changes_and_what_can_be_done(office: Office) -> None:
    browser = office.browser()
    browser.post(new(office), data=EXTENSION)
    page = browser.get(f"/contracts/{kvk(office)}/2025/014 a").text
    address = f"/amendment/{amendments(office)[0].id}"

    assert "V1 · 1 January 2027" in page
    assert f"{address}/edit" in page
    assert f"{address}/delete" in page
    assert f"{new(office)}?kind=end" in page
    assert f"{address}/edit" not in office.browser("auditor").get(f"/contracts/{kvk(office)}/2025/014 a").text


def kvk(office: Office) -> str:
    with office.app.app_context():
        return office.corporation.kvk


def test_the_form_begins_with_the_kind_that_was_asked(office: Office) -> None:
    browser = office.browser()

    assert "<h1>End the contract</h1>" in browser.get(f"{new(office)}?kind=end").text
    assert opened(browser, f"{new(office)}?kind=end")["kind"] == "end"
    assert opened(browser, f"{new(office)}?kind=nonsense")["kind"] == "extra"


def test_a_kind_ignores_what_it_does_not_need(office: Office) -> None:
    office.browser().post(new(office), data=EXTRA | {"new_end": "1-1-2030"})

    assert amendments(office)[0].new_end is None


def test_an_end_needs_no_amount_that_lapses(office: Office) -> None:
    office.browser().post(new(office), data={"kind": "end", "new_end": "31-3-2026"})

    assert amendments(office)[0].amount_cents == 0


def test_an_extension_after_an_extension_begins_where_that_ends(office: Office) -> None:
    browser = office.browser()
    browser.post(new(office), data=EXTENSION)
    browser.post(new(office), data=EXTENSION | {"new_end": "31-12-2027", "reference": "V2"})

    assert amendments(office)[1].effective_on == date(2027, 7, 1)


def test_a_double_click_records_one(office: Office) -> None:
    browser = office.browser()
    first, second = (browser.post(new(office), data=EXTRA) for _ in range(2))

    assert first.location == second.location
    assert len(amendments(office)) == 1
    with office.app.app_context():
        assert db.session.scalars(select(func.count(AuditRecord.id))).one() == 1


# What cannot be

BAD = [
    Bad("kind", "", "Choose one"),
    Bad("kind", "gift", "Choose one"),
    Bad("amount", "", "Fill this in."),
    Bad("amount", "veel", "not clear as an amount"),
    Bad("amount", MARKUP, "not clear as an amount"),
    Bad("amount", "0", "Give an amount above zero."),
    Bad("amount", "-150.000", "Leave out the minus"),
    Bad("amount", "999999999999", "too high"),
    Bad("effective_on", "", "Fill this in."),
    Bad("effective_on", "morgen", "not clear as a date"),
    Bad("effective_on", "31-2-2026", "does not exist"),
    Bad("effective_on", "1-1-1960", "must lie between"),
    Bad("effective_on", "1-1-2028", "takes effect after the end of the contract"),
    Bad("reference", "x" * 101, "at most 100 characters"),
    Bad("reference", "123456782", "citizen service number"),
    Bad("reference", "W0", "already has a change W0"),
    Bad("description", "x" * 1001, "at most 1000 characters"),
    Bad("description", "BSN 123456782", "citizen service number"),
]
BAD_END = [
    Bad("new_end", "", "Fill this in."),
    Bad("new_end", "ooit", "not clear as a date"),
    Bad("new_end", "31-12-2026", "already ends on 31 December 2026"),
    Bad("new_end", "31-12-2024", "before the start of the contract"),
    Bad("amount", "9.000.000", "Let it begin earlier"),
    Bad("amount", "-1", "Leave out the minus"),
]
BAD_EXTENSION = [
    Bad("new_end", "", "Fill this in."),
    Bad("new_end", "1-1-1960", "already runs until"),
    Bad("new_end", "31-12-2026", "already runs until 31 December 2026"),
    Bad("new_end", "1-1-2199", "must lie between"),
]


def test_what_extra_work_cannot_be_is_refused_beside_its_field(office: Office) -> None:
    amended(office, reference="W0")
    expect_each_refused(office.app, office.browser(), new(office), EXTRA, BAD)


def test_what_an_end_cannot_be_is_refused_beside_its_field(office: Office) -> None:
    expect_each_refused(office.app, office.browser(), new(office), END, BAD_END)


def test_what_an_extension_cannot_be_is_refused_beside_its_field(office: Office) -> None:
    expect_each_refused(office.app, office.browser(), new(office), EXTENSION, BAD_EXTENSION[:-1])


def test_what_an_amendment_cannot_become_is_refused_beside_its_field(office: Office) -> None:
    amended(office, reference="W0")
    address, browser = f"{amended(office)}/edit", office.browser()

    expect_each_refused(office.app, browser, address, opened(browser, address), BAD)


def test_less_work_than_there_is_is_refused_with_the_advice_to_begin_earlier(office: Office) -> None:
    bad = Bad("effective_on", "1-12-2026", "Let it begin earlier", beside="amount")
    expect_refused(office.app, office.browser(), new(office), LESS | {"amount": "100.000"}, bad)


def test_two_changes_without_a_reference_take_effect_on_two_days(office: Office) -> None:
    amended(office, reference=None, effective_on=date(2025, 10, 1))

    bad = Bad("reference", "", "takes effect on 1 October 2025. Give this one a reference.")
    expect_refused(office.app, office.browser(), new(office), EXTRA, bad)


def test_an_end_of_which_nothing_would_come_is_refused(office: Office) -> None:
    amended(office, reference="V1", effective_on=date(2026, 6, 1), new_end=date(2027, 6, 30))

    bad = Bad("effective_on", "1-1-2026", "moves the end to 30 June 2027. Give a later day here.")
    expect_refused(office.app, office.browser(), new(office), END | {"amount": ""}, bad)


def test_a_change_that_makes_another_impossible_is_refused_by_the_name_of_that_one(office: Office) -> None:
    amended(office, reference="W9", effective_on=date(2026, 6, 1))

    bad = Bad("new_end", "31-3-2026", "Amendment W9: This change takes effect after the end", beside="")
    data = END | {"effective_on": "1-1-2026", "amount": ""}
    expect_refused(office.app, office.browser(), new(office), data, bad)


def test_ending_before_what_is_yet_to_begin_is_refused_by_name(office: Office) -> None:
    amended(office, reference="W9", effective_on=date(2026, 6, 1))

    bad = Bad("new_end", "31-3-2026", "take effect after this day (Amendment W9)")
    expect_refused(office.app, office.browser(), new(office), END | {"amount": ""}, bad)


def test_ending_before_changes_that_come_to_nothing_is_no_harm(office: Office) -> None:
    with office.app.app_context():
        for reference, cents in (("V1", 50_000_00), ("V2", -50_000_00)):
            make.amendment(
                office.contract,
                reference=reference,
                effective_on=date(2027, 1, 1),
                new_end=date(2027, 6, 30),
                amount_cents=cents,
            )

    answer = office.browser().post(new(office), data=END | {"amount": ""})

    assert answer.status_code == 302


def test_what_has_no_reference_is_called_by_what_it_does(office: Office) -> None:
    address = amended(office, reference=None, effective_on=date(2026, 6, 1), new_end=date(2027, 6, 30))

    assert (
        "Delete Extension 30\N{NO-BREAK SPACE}Jun\N{NO-BREAK SPACE}2027?"
        in office.browser().get(f"{address}/delete").text
    )


@pytest.mark.parametrize("field", ["reference", "description"])
def test_markup_in_a_text_is_text(office: Office, field: str) -> None:
    assert "&lt;script&gt;" in expect_kept_as_text(office.browser(), new(office), EXTRA, field)


# What it would do to the figures, before it is saved


@pytest.mark.parametrize("kind", list(ALL))
def test_the_effect_of_a_change_is_what_the_contract_then_says(office: Office, kind: str) -> None:
    browser, now = office.browser(), figures_of(office.app, NUMBER, ON)
    shown = preview(browser, new(office), ALL[kind])[NUMBER]
    browser.post(new(office), data=ALL[kind])

    assert shown.before == now
    assert shown.then == figures_of(office.app, NUMBER, ON) != now


def test_the_effect_of_another_amount_is_what_the_contract_then_says(office: Office) -> None:
    address, browser = f"{amended(office)}/edit", office.browser()
    data = opened(browser, address) | {"amount": "300.000"}
    shown = preview(browser, address, data)[NUMBER]
    browser.post(address, data=data)

    assert shown.then == figures_of(office.app, NUMBER, ON) != shown.before


def test_the_effect_of_a_deletion_is_what_the_contract_then_says(office: Office) -> None:
    address, browser = f"{amended(office)}/delete", office.browser()
    shown = shown_in(browser.get(address).text)[NUMBER]
    answer = browser.post(address, data=opened(browser, address))

    assert amendments(office) == []
    assert shown.then == figures_of(office.app, NUMBER, ON) != shown.before
    assert "Amendment W9 is deleted." in browser.get(answer.location).text


def test_over_the_wage_sum_only_the_end_moves(app: Flask) -> None:
    office = an_office(app, base=Base.WAGE_SUM, base_amount_cents=400_000_00)
    browser = office.browser()
    shown = preview(browser, new(office), EXTENSION)[NUMBER]

    assert shown.then[0] == shown.before[0]
    assert shown.then[2] != shown.before[2]


# Changing


def test_the_form_shows_an_amendment_as_it_was_typed(office: Office) -> None:
    browser = office.browser()
    for typed in (LESS, END | {"reference": "E1", "amount": "400.000"}):
        browser.post(new(office), data=typed)
    less, end = (opened(browser, f"/amendment/{each.id}/edit") for each in amendments(office))

    assert (less["kind"], less["amount"], less["new_end"]) == ("less", "50,000.00", "")
    assert (end["kind"], end["amount"], end["new_end"]) == ("end", "400,000.00", "31-03-2026")


def test_the_second_of_two_editors_sees_what_the_first_changed_and_chooses(office: Office) -> None:
    address = f"{amended(office)}/edit"
    first, second = office.browser(), office.browser("colleague")
    theirs, mine = opened(first, address), opened(second, address)
    first.post(address, data=theirs | {"amount": "200.000", "description": "Kozijnen"})

    answer = second.post(address, data=mine | {"amount": "300.000"})
    page = Page(answer.text)
    assert answer.status_code == 409
    assert page.fields["amount"] == "300.000"
    assert (page.fields["choose-amount"], page.fields["choose-description"]) == ("yours", "theirs")
    assert "200,000.00" in answer.text

    second.post(address, data=page.fields | {"choose-amount": "theirs"})
    (saved,) = amendments(office)
    assert (saved.amount_cents, saved.description) == (200_000_00, "Kozijnen")


def test_a_double_click_on_save_changes_once(office: Office) -> None:
    address, browser = f"{amended(office)}/edit", office.browser()
    data = opened(browser, address) | {"amount": "200.000"}
    first, second = (browser.post(address, data=data) for _ in range(2))

    assert first.location == second.location
    assert amendments(office)[0].row_version == 2


def test_a_form_opened_before_another_save_overwrites_nothing(office: Office) -> None:
    address, browser = f"{amended(office)}/edit", office.browser()
    old = opened(browser, address)
    browser.post(address, data=old | {"amount": "200.000"})

    bad = Bad("amount", "300.000", "Somebody else changed this meanwhile", status=409, beside="")
    expect_refused(office.app, browser, address, old, bad)


def test_an_amendment_that_changed_meanwhile_is_looked_at_again_before_it_is_deleted(office: Office) -> None:
    address, browser = amended(office), office.browser()
    old = opened(browser, f"{address}/delete")
    browser.post(f"{address}/edit", data=opened(browser, f"{address}/edit") | {"amount": "200.000"})
    before = digest(office.app)

    assert browser.post(f"{address}/delete", data=old).status_code == 409
    assert digest(office.app) == before


def test_an_amendment_that_another_needs_is_not_deleted(office: Office) -> None:
    extension = amended(office, reference="V1", effective_on=date(2027, 1, 1), new_end=date(2027, 12, 31))
    amended(office, reference="W2", effective_on=date(2027, 6, 1))
    browser = office.browser()

    assert "takes effect after the end of the contract" in browser.get(f"{extension}/delete").text
    assert browser.post(f"{extension}/delete", data={"version": "1"}).status_code == 422
    assert len(amendments(office)) == 2
