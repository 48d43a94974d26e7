"""What the form of a contract says it would do to the figures, beside what it then does."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories as make
from tests.web.contract_forms import NEW, ON, edit, typed
from tests.web.effects import figures_of, preview, shown_in
from tests.web.matrix import opened
from tests.web.office import Office

pytestmark = pytest.mark.usefixtures("on_24_november")


def test_the_effect_of_a_new_contract_is_what_it_then_says(office: Office) -> None:
    browser, data = office.browser(), typed(office)
    (shown,) = preview(browser, NEW, data).values()
    browser.post(NEW, data=data)

    assert shown.before == []
    assert shown.then == figures_of(office.app, "2026-001", ON)


def changes(office: Office) -> dict[str, dict[str, str]]:
    """Changes of a contract that move its figures. The other supplier has a certificate over the whole term."""
    with office.app.app_context():
        corporation = office.corporation
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
        make.certificate(office.corporation, [office.contract.supplier.kvk], valid_until=date(2025, 12, 31))
        before = office.contract.number
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
