"""Copies and corrections of placements and activities."""

from __future__ import annotations

import pytest

from app.contributions.models import Placement
from app.extensions import db
from app.rules.dossier import Status
from tests import factories as make
from tests.web.office import TYPED, Office

pytestmark = pytest.mark.usefixtures("on_24_november")


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
