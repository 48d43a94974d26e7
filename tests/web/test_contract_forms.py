"""The forms of a contract: added, changed, ended by deletion; what is refused, shown before, and met by another."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Corporation, Language, Role, User
from app.audit.models import AuditRecord
from app.contracts import service
from app.contracts.agreement import Agreement
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dossier import Base, Status
from app.rules.tables import Kind
from tests import factories as make
from tests.people import client_of
from tests.web.effects import figures_of, freeze, preview, shown_in
from tests.web.matrix import MARKUP, Bad, Page, expect_each_refused, expect_kept_as_text, expect_refused, opened
from tests.web.office import Office, an_office
from tests.web.world import digest

ON = date(2026, 11, 24)
NEW = "/contract/new"
TYPED = {
    "number": "2026-001",
    "title": "Schilderwerk Zuid",
    "kind": "painting",
    "contract_sum": "€ 400.000,50",
    "percentage": "5",
    "base": "contract_sum",
    "base_amount": "",
    "starts_on": "1-1-2026",
    "ends_on": "31 december 2027",
    "published_on": "1-9-2025",
    "awarded_on": "1-11-2025",
    "rate_table": "utrecht-2024",
    "policy": "level-2-exempts",
    "activity_cap": "50",
}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    freeze(monkeypatch, ON)


@pytest.fixture
def office(app: Flask) -> Office:
    return an_office(app)


def here(office: Office) -> Contract:
    """The contract of the office. In an application context."""
    return db.session.get_one(Contract, office.contract_id)


def typed(office: Office, **other: str) -> dict[str, str]:
    """The form of a new contract, filled in rightly."""
    with office.app.app_context():
        supplier = here(office).supplier.kvk
        leader = db.session.get_one(User, office.people["leader"]).email
    return {**TYPED, "supplier": supplier, "project_leader": leader, **other}


def edit(office: Office) -> str:
    return f"/contract/{office.contract_id}/edit"


def delete(office: Office) -> str:
    return f"/contract/{office.contract_id}/delete"


def contracts(app: Flask) -> list[Contract]:
    with app.app_context():
        found = list(db.session.scalars(select(Contract).order_by(Contract.id)))
        for each in found:
            _ = each.rate_table.code, each.policy.code, each.supplier.kvk
        db.session.expunge_all()
        return found


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
        corporation, table = here(office).corporation, make.rate_table("utrecht-2024")
        corporation.default_rate_table_id, corporation.default_policy_id = table.id, make.policy().id
        db.session.commit()
        kvk, me = here(office).supplier.kvk, db.session.get_one(User, office.people["leader"]).email

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
        gone = make.user(Role.PROJECT_LEADER, of=here(office).corporation, is_active=False)
        here(office).project_leader = gone
        db.session.commit()
    browser = office.browser()
    browser.post(edit(office), data=opened(browser, edit(office)) | {"title": "Nieuw"})

    with office.app.app_context():
        assert here(office).project_leader is not None


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
        other = make.supplier(here(office).corporation).kvk
    browser = office.browser()

    bad = Bad("supplier", other, "contributions of its supplier (P1), so it stays", status=409)
    expect_refused(office.app, browser, edit(office), opened(browser, edit(office)), bad)


def test_an_end_that_an_amendment_cannot_follow_is_refused_above_the_form(office: Office) -> None:
    with office.app.app_context():
        make.amendment(here(office), reference="W7", effective_on=date(2026, 6, 1))
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


# What it would do to the figures, before it is saved


def test_the_effect_of_a_new_contract_is_what_it_then_says(office: Office) -> None:
    browser, data = office.browser(), typed(office)
    (shown,) = preview(browser, NEW, data).values()
    browser.post(NEW, data=data)

    assert shown.before == []
    assert shown.then == figures_of(office.app, "2026-001", ON)


def changes(office: Office) -> dict[str, dict[str, str]]:
    """Changes of a contract that move its figures. The other supplier has a certificate over the whole term."""
    with office.app.app_context():
        corporation = here(office).corporation
        make.policy("stepped")
        other = make.supplier(corporation)
        make.certificate(corporation, [other.kvk])
        return {
            "policy": {"policy": "stepped"},
            "supplier": {"supplier": other.kvk},
            "sum": {"contract_sum": "900.000"},
            "end": {"ends_on": "30-6-2027"},
        }


@pytest.mark.parametrize("what", ["policy", "supplier", "sum", "end"])
def test_the_effect_of_a_change_is_what_it_then_says(office: Office, what: str) -> None:
    with office.app.app_context():
        make.certificate(here(office).corporation, [here(office).supplier.kvk], valid_until=date(2025, 12, 31))
        before = here(office).number
    changed = changes(office)[what]
    now = figures_of(office.app, before, ON)
    browser = office.browser()
    data = opened(browser, edit(office)) | changed
    (shown,) = preview(browser, edit(office), data).values()
    browser.post(edit(office), data=data)

    assert shown.before == now
    assert shown.then == figures_of(office.app, before, ON) != now


def test_a_change_that_moves_no_figure_says_so(office: Office) -> None:
    browser = office.browser()
    data = opened(browser, edit(office)) | {"title": "Nieuw", "action": "calculate"}
    page = browser.post(edit(office), data=data).text

    assert shown_in(page) == {}
    assert "No figure of a contract changes." in page


# Somebody else


def test_the_second_of_two_editors_sees_what_the_first_changed_and_chooses(office: Office) -> None:
    first, second = office.browser(), office.browser("colleague")
    theirs, mine = opened(first, edit(office)), opened(second, edit(office))
    first.post(edit(office), data=theirs | {"title": "Van de een", "percentage": "4"})
    before = digest(office.app)

    answer = second.post(edit(office), data=mine | {"title": "Van de ander", "kind": "services"})
    page = Page(answer.text)
    assert answer.status_code == 409
    assert "Somebody else changed this meanwhile" in page.alerts
    assert (page.fields["title"], page.fields["kind"]) == ("Van de ander", "services")
    assert (page.fields["choose-title"], page.fields["choose-percentage"]) == ("yours", "theirs")
    assert "Van de een" in answer.text
    assert digest(office.app) == before

    assert second.post(edit(office), data=page.fields).status_code == 302
    (saved,) = contracts(office.app)
    assert (saved.title, saved.percentage, saved.kind) == ("Van de ander", Decimal(4), Kind.SERVICES)


def test_the_value_of_the_other_can_be_chosen(office: Office) -> None:
    first, second = office.browser(), office.browser("colleague")
    theirs, mine = opened(first, edit(office)), opened(second, edit(office))
    first.post(edit(office), data=theirs | {"title": "Van de een"})
    page = Page(second.post(edit(office), data=mine | {"title": "Van de ander"}).text)
    second.post(edit(office), data=page.fields | {"choose-title": "theirs"})

    assert contracts(office.app)[0].title == "Van de een"


def test_a_double_click_on_save_changes_once(office: Office) -> None:
    browser = office.browser()
    data = opened(browser, edit(office)) | {"title": "Nieuw"}
    first, second = (browser.post(edit(office), data=data) for _ in range(2))

    assert first.location == second.location
    assert contracts(office.app)[0].row_version == 2


def test_a_form_opened_before_another_save_overwrites_nothing(office: Office) -> None:
    browser = office.browser()
    old = opened(browser, edit(office))
    browser.post(edit(office), data=old | {"title": "Nieuw"})

    bad = Bad("title", "Nog nieuwer", "Somebody else changed this meanwhile", status=409, beside="")
    expect_refused(office.app, browser, edit(office), old, bad)


def test_a_save_that_comes_in_between_is_met_too(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = office.browser()
    data = opened(browser, edit(office)) | {"title": "Van de ander"}
    save = service.edit

    def after_another(contract_id: int, agreement: Agreement, *, by: User, seen_version: int) -> Contract:
        monkeypatch.setattr(service, "edit", save)
        first = replace(agreement, terms=replace(agreement.terms, title="Van de een"))
        save(contract_id, first, by=by, seen_version=seen_version)
        return save(contract_id, agreement, by=by, seen_version=seen_version)

    monkeypatch.setattr(service, "edit", after_another)

    answer = browser.post(edit(office), data=data)
    assert answer.status_code == 409
    assert "Van de een" in answer.text
    assert contracts(office.app)[0].title == "Van de een"


# Deleting


def test_a_contract_without_contributions_is_deleted_with_its_amendments(office: Office) -> None:
    with office.app.app_context():
        make.amendment(here(office))
    browser = office.browser()
    answer = browser.post(delete(office), data=opened(browser, delete(office)))

    assert answer.location == "/contracts"
    assert contracts(office.app) == []
    assert "Contract 2025/014 a is deleted." in browser.get(answer.location).text


def test_a_contract_that_was_deleted_comes_back_whole(office: Office) -> None:
    with office.app.app_context():
        make.amendment(here(office))
    browser, before = office.browser(), figures_of(office.app, "2025/014 a", ON)
    page = browser.post(delete(office), data=opened(browser, delete(office)), follow_redirects=True).text
    (undo,) = re.findall(r'action="(/history/undo/[0-9]+)"', page)
    browser.post(undo)

    assert figures_of(office.app, "2025/014 a", ON) == before


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("contribution", "On this contract stand contributions (P1)"),
        ("statement", "A statement was made of this contract"),
    ],
)
def test_a_contract_that_others_rest_on_is_not_deleted(office: Office, what: str, words: str) -> None:
    if what == "contribution":
        office.submitted(reference="P1", status=Status.WITHDRAWN)
    else:
        with office.app.app_context():
            make.statement(here(office))
    browser, before = office.browser(), digest(office.app)
    page = browser.get(delete(office)).text
    answer = browser.post(delete(office), data={"version": "1"})

    assert words in page
    assert words in answer.text
    assert answer.status_code == 409
    assert digest(office.app) == before


def test_a_contract_that_changed_meanwhile_is_looked_at_again_before_it_is_deleted(office: Office) -> None:
    first, second = office.browser(), office.browser("colleague")
    mine = opened(second, delete(office))
    first.post(edit(office), data=opened(first, edit(office)) | {"title": "Nieuw"})

    assert second.post(delete(office), data=mine).status_code == 409
    assert len(contracts(office.app)) == 1
    assert second.post(delete(office), data=opened(second, delete(office))).status_code == 302


def test_what_was_deleted_already_is_not_found(office: Office) -> None:
    browser = office.browser()
    data: dict[str, Any] = opened(browser, delete(office))
    browser.post(delete(office), data=data)

    assert browser.post(delete(office), data=data).status_code == 404
    assert browser.post(edit(office), data=data).status_code == 404


def test_the_corporation_of_a_contract_is_that_of_who_adds_it(office: Office) -> None:
    office.browser().post(NEW, data=typed(office))

    with office.app.app_context():
        corporation = db.session.scalars(select(Corporation).where(Corporation.name == "De Brug")).one()
        assert {each.corporation_id for each in db.session.scalars(select(Contract))} == {corporation.id}
