"""Two people correct the same contribution: the second sees what the first changed, keeps what was typed, chooses."""

from __future__ import annotations

import re
from html import unescape

from werkzeug.test import TestResponse

from app.contributions.models import Placement
from app.rules.dossier import Status
from tests.web.office import TYPED, Office

HIDDEN = re.compile(r'name="(version|seen)" type="hidden" value="([^"]*)"')


def opened(office: Office, placement: int) -> dict[str, str]:
    """What the form of a correction sends when nothing is changed in it."""
    page = office.browser().get(f"/contribution/{placement}/correct").text
    row = office.stored(placement)
    assert isinstance(row, Placement)
    return {**TYPED, "person": row.person.reference or "", **hidden(page)}


def hidden(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def send(office: Office, placement: int, typed: dict[str, str], who: str = "leader") -> TestResponse:
    return office.browser(who).post(f"/contribution/{placement}/correct", data=typed)


def newest(office: Office) -> Placement:
    row = office.contributions()[-1]
    assert isinstance(row, Placement)
    return row


def test_who_comes_second_sees_what_the_first_changed_and_what_was_typed_stays(office: Office) -> None:
    placement = office.submitted()
    mine, colleagues = opened(office, placement), opened(office, placement)
    send(office, placement, colleagues | {"hours": "32", "employer": "Bakkerij"}, "colleague")

    answer = send(office, placement, mine | {"hours": "36", "ends_on": "30-9-2026"})

    assert answer.status_code == 409
    page = " ".join(answer.text.split())
    assert "Somebody else changed this meanwhile." in page
    assert "Last changed by A project_leader on" in page
    assert '<legend>Hours a week <span class="hint">was: 28.8</span></legend>' in page
    assert 'id="choose-hours-yours" value="yours" checked' in page
    assert 'id="choose-employer-theirs" value="theirs" checked' in page
    assert 'value="30-9-2026"' in page
    assert 'id="choose-ends_on' not in page
    assert newest(office).hours[0].hours == 32


def test_what_was_chosen_is_saved_on_top_of_what_the_first_saved(office: Office) -> None:
    placement = office.submitted()
    mine, colleagues = opened(office, placement), opened(office, placement)
    send(office, placement, colleagues | {"hours": "32", "employer": "Bakkerij"}, "colleague")
    second = newest(office)
    refused = send(office, placement, mine | {"hours": "36", "ends_on": "30-9-2026"})
    assert f'action="/contribution/{second.id}/correct"' in refused.text

    chosen = {"choose-hours": "theirs", "choose-employer": "theirs"}
    typed = mine | {"hours": "36", "ends_on": "30-9-2026"} | hidden(refused.text) | chosen
    assert send(office, second.id, typed).status_code == 302

    saved = newest(office)
    assert (saved.version, saved.replaces_id, saved.status) == (3, second.id, Status.SUBMITTED)
    assert (saved.hours[0].hours, saved.employer) == (32, "Bakkerij")
    assert saved.ends_on and saved.ends_on.isoformat() == "2026-09-30"


def test_other_changed_hours_are_told_apart_as_a_whole(office: Office) -> None:
    placement = office.submitted()
    mine, colleagues = opened(office, placement), opened(office, placement)
    change = {"changes-0-from_day": "1-6-2026", "changes-0-hours": "20"}
    send(office, placement, colleagues | change, "colleague")
    second = newest(office)

    refused = send(office, placement, mine)
    assert re.search(r"0?1-0?6-2026: 20", refused.text)
    send(office, second.id, mine | hidden(refused.text) | {"choose-changes": "theirs", "ends_on": "30-9-2026"})

    assert [each.hours for each in newest(office).hours] == [office.stored(placement).hours[0].hours, 20]  # type: ignore[attr-defined]


def test_a_tampered_memory_of_the_form_shows_every_difference_and_breaks_nothing(office: Office) -> None:
    placement = office.submitted()
    mine, colleagues = opened(office, placement), opened(office, placement)
    send(office, placement, colleagues | {"hours": "32"}, "colleague")

    for memory in ("", "[", "[1]", "[" * 100_000):
        assert send(office, placement, mine | {"seen": memory}).status_code == 409


def test_what_was_withdrawn_by_mistake_is_submitted_again(office: Office) -> None:
    placement = office.submitted()
    browser = office.browser()
    browser.post(f"/contribution/{placement}/withdraw", data={"version": office.stored(placement).row_version})
    assert "Submit it again" in browser.get(f"/contribution/{placement}").text

    send(office, placement, opened(office, placement))

    again = newest(office)
    assert (again.reference, again.version, again.status) == ("W-1081", 2, Status.SUBMITTED)
    assert "Submit it again" not in browser.get(f"/contribution/{placement}").text
