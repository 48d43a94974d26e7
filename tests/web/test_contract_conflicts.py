"""Two people at one contract: neither overwrites the other, and what is deleted comes back whole."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.accounts.models import User
from app.contracts import service
from app.contracts.agreement import Agreement
from app.contracts.models import Contract
from app.rules.dossier import Status
from app.rules.tables import Kind
from tests import factories as make
from tests.web.contract_forms import ON, contracts, delete, edit
from tests.web.effects import figures_of
from tests.web.matrix import Bad, Page, expect_refused, opened
from tests.web.office import Office
from tests.web.world import digest

pytestmark = pytest.mark.usefixtures("on_24_november")


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


@pytest.mark.parametrize("seen", ["", "[]", '{"title": [{}]}', '{"title": {"a": []}, "kind": [[]]}', "[" * 10_000])
def test_who_tampers_with_what_was_seen_chooses_from_all_that_differs(office: Office, seen: str) -> None:
    first, second = office.browser(), office.browser("colleague")
    theirs, mine = opened(first, edit(office)), opened(second, edit(office))
    first.post(edit(office), data=theirs | {"title": "Van de een"})

    answer = second.post(edit(office), data=mine | {"title": "Van de ander", "seen": seen})
    assert answer.status_code == 409
    assert Page(answer.text).fields["choose-title"] == "yours"


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
        make.amendment(office.contract)
    browser = office.browser()
    answer = browser.post(delete(office), data=opened(browser, delete(office)))

    assert answer.location == "/contracts"
    assert contracts(office.app) == []
    assert "Contract 2025/014 a is deleted." in browser.get(answer.location).text


def test_a_contract_that_was_deleted_comes_back_whole(office: Office) -> None:
    with office.app.app_context():
        make.amendment(office.contract)
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
            make.statement(office.contract)
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
