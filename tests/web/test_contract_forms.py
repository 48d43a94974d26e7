"""The forms of a contract: adding one, changing one, and what cannot be."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Corporation, Language, Role, User
from app.audit.models import AuditRecord
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dossier import Base
from app.rules.tables import Kind
from tests import factories as make
from tests.people import client_of
from tests.web.contract_forms import NEW, contracts, edit, typed
from tests.web.matrix import MARKUP, Bad, Page, expect_each_refused, expect_kept_as_text, expect_refused, opened
from tests.web.office import Office

pytestmark = pytest.mark.usefixtures("on_24_november")


# Adding


def test_a_contract_is_added_as_it_was_typed(office: Office) -> None:
    browser = office.browser()
    answer = browser.post(NEW, data=typed(office))

    _, made = contracts(office.app)
    assert answer.location.endswith("/2026-001")
    assert (made.title, made.kind, made.contract_sum_cents, made.percentage) == (
        "Schilderwerk Zuid",
        Kind.PAINTING,
        400_000_50,
        Decimal(5),
    )
    assert (made.starts_on, made.ends_on, made.published_on, made.awarded_on) == (
        date(2026, 1, 1),
        date(2027, 12, 31),
        date(2025, 9, 1),
        date(2025, 11, 1),
    )
    assert (made.base, made.base_amount_cents, made.activity_cap) == (Base.CONTRACT_SUM, None, Decimal(50))
    assert (made.rate_table.code, made.policy.code) == ("utrecht-2024", "level-2-exempts")
    assert made.project_leader_id == office.people["leader"]
    assert "Contract 2026-001 is added." in browser.get(answer.location).text


def test_a_form_begins_with_oneself_and_with_what_the_corporation_chose(office: Office) -> None:
    with office.app.app_context():
        corporation, table = office.corporation, make.rate_table("utrecht-2024")
        corporation.default_rate_table_id, corporation.default_policy_id = table.id, make.policy().id
        db.session.commit()
        kvk, me = office.contract.supplier.kvk, db.session.get_one(User, office.people["leader"]).email

    fields = opened(office.browser(), f"{NEW}?supplier={kvk}")

    assert (fields["rate_table"], fields["policy"], fields["base"]) == (
        "utrecht-2024",
        "level-2-exempts",
        "contract_sum",
    )
    assert (fields["supplier"], fields["project_leader"]) == (kvk, me)


def test_a_supplier_that_is_not_of_the_corporation_is_not_chosen(office: Office) -> None:
    assert opened(office.browser(), f"{NEW}?supplier=99999999")["supplier"] == ""


def test_a_double_click_adds_one_contract(office: Office) -> None:
    browser, data = office.browser(), typed(office)
    first, second = (browser.post(NEW, data=data) for _ in range(2))

    assert first.location == second.location
    assert len(contracts(office.app)) == 2
    with office.app.app_context():
        assert db.session.scalars(select(func.count(AuditRecord.id))).one() == 1


def test_the_back_button_after_adding_does_no_harm(office: Office) -> None:
    browser = office.browser()
    browser.post(NEW, data=typed(office))

    bad = Bad("title", "Iets anders", "is there already", beside="number")
    expect_refused(office.app, browser, NEW, typed(office), bad)


def test_a_contract_on_the_wage_sum_has_its_amount(office: Office) -> None:
    office.browser().post(NEW, data=typed(office, base="wage_sum", base_amount="120.000"))

    assert contracts(office.app)[1].base_amount_cents == 120_000_00


def test_an_amount_that_the_base_does_not_use_is_left_out(office: Office) -> None:
    office.browser().post(NEW, data=typed(office, base_amount="120.000"))

    assert contracts(office.app)[1].base_amount_cents is None


def test_who_edits_in_several_corporations_says_first_where(office: Office) -> None:
    with office.app.app_context():
        other = make.corporation(name="Het Andere")
        make.membership(db.session.get_one(User, office.people["leader"]), Role.PROJECT_LEADER, of=other)
        kvk = other.kvk
    browser = office.browser()

    assert f"{NEW}?corporation={kvk}&amp;supplier=1" in browser.get(f"{NEW}?supplier=1").text
    assert "Het Andere" in browser.get(f"{NEW}?corporation={kvk}").text


def test_a_corporation_of_others_is_not_found(office: Office) -> None:
    with office.app.app_context():
        kvk = make.corporation().kvk

    assert office.browser().get(f"{NEW}?corporation={kvk}").status_code == 404
    assert office.browser().get(f"{NEW}?corporation=1").status_code == 404


def test_an_empty_corporation_is_shown_where_to_begin(app: Flask) -> None:
    with app.app_context():
        leader = make.user(language=Language.ENGLISH).id
    browser = client_of(app, leader)

    for page in ("/portfolio", "/contracts"):
        text = browser.get(page).text
        assert "as soon as the first one is added" in text
        assert text.count(f'href="{NEW}"') == 2


def test_the_corporation_of_a_contract_is_that_of_who_adds_it(office: Office) -> None:
    office.browser().post(NEW, data=typed(office))

    with office.app.app_context():
        corporation = db.session.scalars(select(Corporation).where(Corporation.name == "De Brug")).one()
        assert {each.corporation_id for each in db.session.scalars(select(Contract))} == {corporation.id}


# What cannot be

BAD = [
    Bad("number", "", "Fill this in."),
    Bad("number", "x" * 101, "at most 100 characters"),
    Bad("number", "123456782", "citizen service number"),
    Bad("number", "2025/014 a", "is there already"),
    Bad("title", "", "Fill this in."),
    Bad("title", "x" * 301, "at most 300 characters"),
    Bad("supplier", "", "Choose one"),
    Bad("supplier", MARKUP, "Choose one"),
    Bad("supplier", "theirs", "Choose one"),
    Bad("kind", "gardening", "Choose one"),
    Bad("contract_sum", "", "Fill this in."),
    Bad("contract_sum", "veel", "not clear as an amount"),
    Bad("contract_sum", MARKUP, "not clear as an amount"),
    Bad("contract_sum", "-1", "may not be below zero"),
    Bad("contract_sum", "999999999999", "too high"),
    Bad("contract_sum", "9" * 20, "too large"),
    Bad("percentage", "", "Fill this in."),
    Bad("percentage", "vijf", "not clear as a percentage"),
    Bad("percentage", "100,1", "a percentage up to 100"),
    Bad("percentage", "-1", "not below zero"),
    Bad("percentage", "1,23456", "too many decimals"),
    Bad("base", "", "Choose one"),
    Bad("base", "profit", "Choose one"),
    Bad("base", "turnover", "Give the amount over which", beside="base_amount"),
    Bad("base_amount", MARKUP, "not clear as an amount"),
    Bad("starts_on", "", "Fill this in."),
    Bad("starts_on", "morgen", "not clear as a date"),
    Bad("starts_on", "31-2-2026", "does not exist"),
    Bad("starts_on", "1-1-1960", "must lie between"),
    Bad("ends_on", "", "Fill this in."),
    Bad("ends_on", MARKUP, "not clear as a date"),
    Bad("ends_on", "31-12-2025", "before the start"),
    Bad("published_on", "ooit", "not clear as a date"),
    Bad("published_on", "1-1-1960", "must lie between"),
    Bad("awarded_on", "1-13-2026", "does not exist"),
    Bad("rate_table", "", "Choose one"),
    Bad("rate_table", "theirs", "Choose one"),
    Bad("policy", "", "Choose one"),
    Bad("policy", "theirs", "Choose one"),
    Bad("activity_cap", "half", "not clear as a percentage"),
    Bad("activity_cap", "101", "a percentage up to 100"),
    Bad("project_leader", "theirs", "Choose one"),
]


def of_others(office: Office) -> dict[str, str]:
    """A supplier, a table, a policy and a leader of another corporation, as their form would send them."""
    with office.app.app_context():
        other, table, policy = make.corporation(), make.rate_table(), make.policy()
        return {
            "supplier": make.supplier(other).kvk,
            "rate_table": make.rate_table(corporation=other, code="their-table", content=table.content).code,
            "policy": make.policy(corporation=other, code="their-policy", content=policy.content).code,
            "project_leader": make.user(of=other).email,
        }


def bad_for(office: Office) -> list[Bad]:
    """The table, with what is really of others."""
    theirs = of_others(office)
    return [replace(bad, typed=theirs[bad.field]) if bad.typed == "theirs" else bad for bad in BAD]


def test_what_a_new_contract_cannot_be_is_refused_beside_its_field(office: Office) -> None:
    expect_each_refused(office.app, office.browser(), NEW, typed(office), bad_for(office))


def test_what_a_contract_cannot_become_is_refused_beside_its_field(office: Office) -> None:
    browser = office.browser()
    browser.post(NEW, data=typed(office))
    address = f"/contract/{contracts(office.app)[1].id}/edit"

    expect_each_refused(office.app, browser, address, opened(browser, address), bad_for(office))


def test_all_that_is_wrong_is_said_at_once(office: Office) -> None:
    page = Page(office.browser().post(NEW, data={"contract_sum": "-1"}).text)

    assert {"number", "title", "supplier", "starts_on", "ends_on", "rate_table", "policy"} <= page.errors.keys()


@pytest.mark.parametrize("field", ["number", "title"])
def test_markup_in_a_text_is_text(office: Office, field: str) -> None:
    assert "&lt;script&gt;" in expect_kept_as_text(office.browser(), NEW, typed(office), field)


# Changing


def test_a_contract_is_changed(office: Office) -> None:
    browser = office.browser()
    answer = browser.post(edit(office), data=opened(browser, edit(office)) | {"percentage": "4,5", "title": "Nieuw"})

    (changed,) = contracts(office.app)
    assert answer.status_code == 302
    assert (changed.percentage, changed.title, changed.facts_version) == (Decimal("4.5"), "Nieuw", 2)


def test_a_form_that_changes_nothing_writes_nothing(office: Office) -> None:
    browser = office.browser()
    answer = browser.post(edit(office), data=opened(browser, edit(office)))

    assert answer.status_code == 302
    assert contracts(office.app)[0].facts_version == contracts(office.app)[0].row_version == 1
    with office.app.app_context():
        assert db.session.scalars(select(func.count(AuditRecord.id))).one() == 0


def test_a_leader_who_has_left_stays_the_leader(office: Office) -> None:
    with office.app.app_context():
        gone = make.user(Role.PROJECT_LEADER, of=office.corporation, is_active=False)
        office.contract.project_leader = gone
        db.session.commit()
    browser = office.browser()
    browser.post(edit(office), data=opened(browser, edit(office)) | {"title": "Nieuw"})

    with office.app.app_context():
        assert office.contract.project_leader is not None


def test_a_table_without_the_blocks_of_contributions_is_refused_by_their_names(office: Office) -> None:
    office.submitted(reference="P1")
    with office.app.app_context():
        make.rate_table("utrecht-2019")
    browser = office.browser()

    page = expect_refused(
        office.app,
        browser,
        edit(office),
        opened(browser, edit(office)),
        Bad("rate_table", "utrecht-2019", "no place for these contributions: P1. Correct them first"),
    )
    assert "unknown_block" not in page.alerts


def test_a_contract_with_contributions_stays_with_its_supplier(office: Office) -> None:
    office.submitted(reference="P1")
    with office.app.app_context():
        other = make.supplier(office.corporation).kvk
    browser = office.browser()

    bad = Bad("supplier", other, "contributions of its supplier (P1), so it stays", status=409)
    expect_refused(office.app, browser, edit(office), opened(browser, edit(office)), bad)


def test_an_end_that_an_amendment_cannot_follow_is_refused_above_the_form(office: Office) -> None:
    with office.app.app_context():
        make.amendment(office.contract, reference="W7", effective_on=date(2026, 6, 1))
    browser = office.browser()

    bad = Bad("ends_on", "1-5-2026", "Amendment W7: This change takes effect after the end", beside="")
    expect_refused(office.app, browser, edit(office), opened(browser, edit(office)), bad)


# Another version of the table


def test_another_version_of_the_table_is_pointed_out(office: Office) -> None:
    with office.app.app_context():
        make.rate_table("utrecht-2019")
    browser = office.browser()
    data = typed(office, rate_table="utrecht-2019")
    words = "On the day of award, 1 November 2025, “Gemeente Utrecht, from 1 January 2024” was in force."

    answer = browser.post(NEW, data=data, headers={"X-Requested-With": "preview"})
    assert words in answer.text
    browser.post(NEW, data=data)
    assert words in browser.get(f"/contract/{contracts(office.app)[1].id}/edit").text
    assert words not in browser.get(edit(office)).text
