"""PSO certificates: recording one, what cannot be, two people at once, deleting one, its page."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.audit.models import AuditRecord
from app.extensions import db
from app.rules.ladder import Level
from app.suppliers.models import Certificate
from app.suppliers.validity import latest_end
from app.web.clock import today
from app.web.formats import day_typed
from tests import factories as make
from tests.web.certificates import (
    DAY,
    NEW,
    PREVIEW,
    SISTER,
    a_certificate,
    address_of,
    euro,
    figures,
    good,
    kvk_of,
    newest,
    shown,
    stored,
)
from tests.web.matrix import MARKUP, Bad, Page, expect_kept_as_text, expect_refused, opened
from tests.web.office import Office
from tests.web.reading import words

FIRST = 1
"""The id of the first certificate of an office."""


# Recording one


def test_who_saves_it_is_who_checked_it(office: Office, leader: FlaskClient) -> None:
    leader.post(NEW, data=good(office, checked_on=""))

    row = newest(office)
    assert (row.checked_on, row.checked_by_id) == (today(), office.people["leader"])
    with office.app.app_context():
        name = db.session.get_one(User, office.people["leader"]).name
    assert f"by {name}" in leader.get(address_of(row.id)).text


def test_who_changes_another_field_does_not_become_who_checked_it(office: Office, leader: FlaskClient) -> None:
    leader.post(NEW, data=good(office))
    edit = address_of(newest(office).id, "/edit")
    colleague = office.browser("colleague")

    assert colleague.post(edit, data=opened(colleague, edit) | {"level": "3"}).status_code == 302
    row = newest(office)
    assert (row.level, row.checked_by_id) == (Level.THREE, office.people["leader"])


def test_without_a_last_day_it_runs_two_years_minus_a_day(office: Office, leader: FlaskClient) -> None:
    leader.post(NEW, data=good(office, valid_from="15-5-2024", valid_until="", checked_on="15-5-2024"))

    assert newest(office).valid_until == date(2026, 5, 14)


def test_a_longer_one_is_refused_with_the_last_possible_day(office: Office, leader: FlaskClient) -> None:
    form = good(office, valid_from="15-5-2024", checked_on="15-5-2024")

    expect_refused(office.app, leader, NEW, form, Bad("valid_until", "15-5-2026", "until 14 May 2026"))
    assert leader.post(NEW, data=form | {"valid_until": "14-5-2026"}).status_code == 302


def test_the_scope_is_read_however_it_is_typed(office: Office, leader: FlaskClient) -> None:
    leader.post(NEW, data=good(office, kvk="9000 0009\r\n90000008, 90000009;90000007"))

    assert newest(office).kvk_numbers == ("90000007", "90000008", "90000009")


def test_a_known_company_in_the_scope_is_named(office: Office, leader: FlaskClient) -> None:
    page = leader.get(f"{NEW}?supplier={kvk_of(office)}")

    assert Page(page.text).fields["kvk"] == kvk_of(office)
    assert f"{kvk_of(office)} Van Asten" in page.text


def test_a_double_click_records_one(office: Office, leader: FlaskClient) -> None:
    first, second = leader.post(NEW, data=good(office)), leader.post(NEW, data=good(office))

    assert first.location == second.location
    with office.app.app_context():
        assert db.session.scalar(select(func.count(Certificate.id))) == 1


def test_a_third_period_as_aspirant_is_warned_of_and_recorded(office: Office, leader: FlaskClient) -> None:
    for year in (2021, 2023):
        a_certificate(office, level=Level.ASPIRANT, valid_from=date(year, 1, 1), valid_until=date(year + 1, 12, 31))
    form = good(office, level="aspirant")

    assert "period 3 as aspirant" in leader.post(NEW, data=form, headers=PREVIEW).text
    assert "period 3 as aspirant" in leader.post(NEW, data=form, follow_redirects=True).text


def test_days_between_two_certificates_are_counted(office: Office, leader: FlaskClient) -> None:
    a_certificate(office, valid_from=date(2023, 1, 1), valid_until=date(2024, 12, 31))

    said = words(
        leader.post(NEW, data=good(office, valid_from="18-1-2025", checked_on="18-1-2025"), headers=PREVIEW).text
    )
    assert "17 days are not covered, from 1 January 2025 to 17 January 2025" in said
    assert "not covered" not in leader.post(NEW, data=good(office), headers=PREVIEW).text


def test_a_renewal_begins_the_day_after_with_the_same_scope(office: Office, leader: FlaskClient) -> None:
    number = a_certificate(office, SISTER, level=Level.THREE, thirty_plus=True, valid_until=date(2026, 5, 14))

    fields = opened(leader, f"{NEW}?renews={number}")
    assert fields | {"valid_from": "15-05-2026", "valid_until": "14-05-2028", "level": "3"} == fields
    assert fields["kvk"].split() == sorted([kvk_of(office), SISTER])
    assert "thirty_plus" in fields
    assert fields["checked"] == "no"


def test_what_another_corporation_recorded_cannot_be_renewed(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        theirs = make.certificate(make.corporation(), [office.contract.supplier.kvk]).id

    assert leader.get(f"{NEW}?renews={theirs}").status_code == 404
    assert leader.get(f"{NEW}?renews=987654321").status_code == 404


def test_the_longest_certificate_ends_two_years_later_minus_a_day() -> None:
    assert latest_end(date(2024, 5, 15)) == date(2026, 5, 14)
    assert latest_end(date(2024, 2, 29)) == date(2026, 2, 27)


BAD = [
    Bad("number", "", "Fill this in."),
    Bad("number", "x" * 101, "at most 100 characters"),
    Bad("level", "", "Choose one"),
    Bad("level", "9", "Choose one"),
    Bad("valid_from", "", "Fill this in."),
    Bad("valid_from", MARKUP, "is not clear as a date"),
    Bad("valid_from", "31-2-2025", "does not exist"),
    Bad("valid_from", "1-1-1951", "must lie between"),
    Bad("valid_until", "soon", "is not clear as a date"),
    Bad("valid_until", "31-12-2024", "before the start"),
    Bad("kvk", "", "Fill this in."),
    Bad("kvk", "1234567", "eight digits"),
    Bad("kvk", f"90000001\n{MARKUP}", "eight digits"),
    Bad("kvk", "\n".join(str(90_000_000 + each) for each in range(101)), "at most 100"),
    Bad("checked", "perhaps", "possibilities"),
    Bad("checked_on", "yesterday", "is not clear as a date"),
    Bad("checked_on", day_typed(today() + DAY), "later than today"),
    Bad("checked_on", "31-12-2023", "more than a year before"),
    Bad("withdrawn_on", "1-1-1960", "must lie between"),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_cannot_be_is_refused(every_state: Office, bad: Bad) -> None:
    expect_refused(every_state.app, every_state.browser(), NEW, good(every_state), bad)


@pytest.mark.parametrize("bad", [BAD[0], BAD[5], BAD[9], BAD[11], BAD[16]], ids=str)
def test_what_cannot_be_is_refused_of_a_change_too(every_state: Office, bad: Bad) -> None:
    leader, edit = every_state.browser(), address_of(FIRST, "/edit")

    expect_refused(every_state.app, leader, edit, opened(leader, edit), bad)


def test_another_certificate_with_this_number_and_day_is_named(office: Office, leader: FlaskClient) -> None:
    a_certificate(office, number="PSO-9")

    expect_refused(office.app, leader, NEW, good(office), Bad("level", "3", "recorded already", beside="number"))


@pytest.mark.parametrize(("page", "field"), [("/check", "checked_on"), ("/withdraw", "withdrawn_on")])
@pytest.mark.parametrize("typed", ["", MARKUP, "31-2-2026"])
def test_a_day_that_cannot_be_is_refused(every_state: Office, page: str, field: str, typed: str) -> None:
    leader, address = every_state.browser(), address_of(FIRST, page)
    words = {"": "Fill this in.", MARKUP: "is not clear as a date"}.get(typed, "does not exist")

    expect_refused(every_state.app, leader, address, opened(leader, address), Bad(field, typed, words))


def test_markup_is_text(office: Office, leader: FlaskClient) -> None:
    expect_kept_as_text(leader, NEW, good(office), "number")


# Two people at once


def test_two_people_change_the_same_certificate_and_the_second_chooses(office: Office, leader: FlaskClient) -> None:
    number = a_certificate(office)
    edit = address_of(number, "/edit")
    form = opened(leader, edit)
    colleague = office.browser("colleague")
    colleague.post(edit, data=opened(colleague, edit) | {"level": "3", "kvk": f"{kvk_of(office)}\n{SISTER}"})

    answer = leader.post(edit, data=form | {"level": "1"})
    page = Page(answer.text)
    assert answer.status_code == 409
    assert "level 3" in answer.text
    assert page.fields["level"] == "1"

    again = page.fields | {"choose-level": "theirs", "choose-kvk": "theirs"}
    assert leader.post(edit, data=again).status_code == 302
    row = stored(office, number)
    assert (row.level, set(row.kvk_numbers)) == (Level.THREE, {kvk_of(office), SISTER})


def test_two_people_say_the_same(office: Office, leader: FlaskClient) -> None:
    check = address_of(a_certificate(office, checked_on=None), "/check")
    first, second = opened(leader, check), opened(leader, check)

    assert leader.post(check, data=first).status_code == 302
    assert leader.post(check, data=second).status_code == 302


def test_one_that_was_changed_meanwhile_is_not_deleted(office: Office, leader: FlaskClient) -> None:
    number = a_certificate(office)
    form = opened(leader, address_of(number, "/delete"))
    edit = address_of(number, "/edit")
    leader.post(edit, data=opened(leader, edit) | {"level": "3"})

    assert leader.post(address_of(number, "/delete"), data=form).status_code == 409
    assert stored(office, number).level is Level.THREE


# Deleting one


def test_a_deletion_shows_what_it_costs_and_can_be_undone(office: Office, leader: FlaskClient) -> None:
    number = a_certificate(office, SISTER)
    asked = leader.get(address_of(number, "/delete"))
    assert shown(asked.text, "Exempted by the PSO") == (euro(62_500_00), euro(0))

    answer = leader.post(address_of(number, "/delete"), data=opened(leader, address_of(number, "/delete")))
    assert figures(office).exempted_cents == 0

    [undo] = re.findall(r'action="(/history/undo/\d+)"', leader.get(answer.location).text)
    leader.post(undo, data={"next": "/certificates"})
    assert figures(office).exempted_cents == 62_500_00
    assert set(newest(office).kvk_numbers) == {kvk_of(office), SISTER}


@pytest.mark.parametrize(
    ("page", "typed", "action"),
    [
        ("/check", {"checked_on": "2-1-2025"}, "certificate.check"),
        ("/withdraw", {"withdrawn_on": "2-1-2025"}, "certificate.withdraw"),
        ("/delete", {}, "certificate.delete"),
    ],
)
def test_each_act_leaves_one_record(
    office: Office, leader: FlaskClient, page: str, typed: dict[str, str], action: str
) -> None:
    address = address_of(a_certificate(office, checked_on=None), page)
    leader.post(address, data=opened(leader, address) | typed)

    with office.app.app_context():
        actions = db.session.scalars(
            select(AuditRecord.action).where(AuditRecord.action.startswith("certificate"))
        ).all()
    assert actions == [action]


# Its page


def test_the_page_says_what_is_exempted_through_it_and_at_risk(office: Office, leader: FlaskClient) -> None:
    with office.app.app_context():
        contract = office.contract
        contract.starts_on, contract.ends_on = today() - 100 * DAY, today() + 900 * DAY
        db.session.commit()
    number = a_certificate(office, valid_from=today() - 200 * DAY, valid_until=today() + 50 * DAY)

    text = leader.get(address_of(number)).text
    now = figures(office)
    assert now.at_risk is not None
    assert f'<data value="{now.exempted_cents}">' in text
    assert euro(now.at_risk.cents) in words(text)


def test_a_certificate_beside_a_higher_one_takes_nothing_away_by_itself(office: Office, leader: FlaskClient) -> None:
    a_certificate(office, level=Level.THREE)

    assert '<data value="0">' in leader.get(address_of(a_certificate(office))).text


def test_an_auditor_looks_and_changes_nothing(office: Office) -> None:
    number = a_certificate(office, checked_on=None)
    auditor = office.browser("auditor")

    text = auditor.get(address_of(number)).text
    assert "not checked yet" in text
    assert not re.search(r"/(edit|delete|check|withdraw)\"", text)
    assert auditor.post(address_of(number, "/check"), data={"version": "1"}).status_code == 403
    assert auditor.get("/certificates").status_code == 200
