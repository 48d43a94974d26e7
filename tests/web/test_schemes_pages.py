"""The pages of rate tables and policies: who sees which, and deleting one's own."""

from __future__ import annotations

import re
from html import unescape

from app.accounts.models import Role
from app.extensions import db
from app.schemes import service
from app.schemes.models import Policy, RateTable
from tests import factories as make
from tests.web.counting import statements_of_request
from tests.web.schemes import OWN_POLICY, OWN_TABLE, Place
from tests.web.world import actions

# Lists


def test_the_list_counts_only_contracts_that_the_reader_sees(place: Place) -> None:
    row = re.search(r"utrecht-2024.*?</tr>", place.get("/rate-tables").text, re.DOTALL)

    assert row is not None
    assert re.search(r'data-label="Contracts">1<', row[0])


def test_everybody_of_a_corporation_sees_its_own_tables_and_nobody_elses(place: Place) -> None:
    for role in Role:
        page = place.get("/rate-tables", role.value).text

        assert "Tabel van De Brug" in page
        assert "Tabel van Elders" not in page


def test_the_newest_version_of_each_family_is_marked(place: Place) -> None:
    rows = re.findall(r'<tr role="row">.*?</tr>', place.get("/rate-tables").text, re.DOTALL)
    marked = {
        code
        for code in ("brug-2026", "utrecht-2024", "utrecht-2019")
        for row in rows
        if code in row and "newest" in row
    }

    assert marked == {"brug-2026"}


def test_a_list_is_searched_and_narrowed_to_an_owner(place: Place) -> None:
    assert "haaglanden-2023" in place.get("/rate-tables?q=zuid+haag").text
    assert "utrecht-2024" not in place.get("/rate-tables?q=zuid+haag").text
    assert "haaglanden-2023" not in place.get("/rate-tables?q=brug").text
    assert "stepped-at-award" not in place.get("/policies?q=drempel+brug").text


def test_a_list_asks_the_database_as_often_however_long_it_is(place: Place) -> None:
    addresses = ("/rate-tables", "/policies")
    before = [statements_of_request(place.app, place.browser(), address) for address in addresses]
    with place.app.app_context():
        here = db.session.get_one(RateTable, place.ids["own"]).corporation
        assert here is not None
        for number in range(12):
            service.add_rate_table(OWN_TABLE.replace("brug-2026", f"more-{number}"), here, by="test")
            service.add_policy(OWN_POLICY.replace('"brug"', f'"more-{number}"'), here, by="test")

    assert [statements_of_request(place.app, place.browser(), address) for address in addresses] == before


# One version


def test_a_table_shows_its_blocks_its_source_and_what_is_ours(place: Place) -> None:
    page = unescape(place.get(f"/rate-table/{place.ids['shipped']}").text)

    for words in ("Job seeker without benefit", "€40,000 a year", "From the age of 50", "100% of the invoice"):
        assert words in page
    assert 'href="https://utrecht.nl"' in page
    assert "the page gives no date: ours" in page
    assert "2025/014 a" in page
    assert "2025-099" not in page


def test_a_policy_is_told_in_sentences(place: Place) -> None:
    page = unescape(place.get(f"/policy/{place.ids['capped']}").text)

    for words in (
        "An obligation applies from a contract sum of €100,000.",
        "For services: from a contract sum of €100,000.",
        "At most €300,000 gross for a contract.",
        "A PSO certificate exempts nothing.",
        "The supplier has 90 days after the term to repair it.",
        "kinds that are not named below: ours",
    ):
        assert words in page


def test_the_file_is_a_download_as_it_was_added(place: Place) -> None:
    answer = place.get(f"/rate-table/{place.ids['own']}/file")

    assert answer.text == OWN_TABLE
    assert answer.headers["Content-Disposition"] == "attachment; filename=brug-2026.toml"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_is_another_corporations_does_not_exist(place: Place) -> None:
    for what in ("", "/file", "/copy", "/delete"):
        assert place.get(f"/rate-table/{place.ids['theirs']}{what}").status_code == 404


def test_who_only_looks_gets_no_buttons(place: Place) -> None:
    page = place.get(f"/rate-table/{place.ids['own']}", "auditor").text

    assert "/copy" not in page
    assert "/delete" not in page
    assert place.get(f"/rate-table/{place.ids['own']}/copy", "auditor").status_code == 403


def test_a_contract_leads_to_its_table_and_its_policy(place: Place) -> None:
    with place.app.app_context():
        kvk = db.session.get_one(RateTable, place.ids["own"]).corporation.kvk  # type: ignore[union-attr]
    page = place.get(f"/contracts/{kvk}/2025%2F014%20a").text

    assert f"/rate-table/{place.ids['shipped']}" in page
    assert f"/policy/{place.ids['capped']}" in page


# Deleting


def test_an_own_version_is_deleted_after_asking(place: Place) -> None:
    address = f"/rate-table/{place.ids['own']}/delete"

    assert "Delete brug-2026?" in place.get(address).text
    assert place.tables()
    assert place.browser().post(address).location == "/rate-tables"
    assert place.tables() == {}
    assert actions(place.app)[-1] == "rate_table.delete"


def test_a_deletion_is_undone_from_the_page_that_tells_of_it(place: Place) -> None:
    browser = place.browser()
    told = browser.post(f"/rate-table/{place.ids['own']}/delete", follow_redirects=True)
    undo = re.search(r'action="(/history/undo/[0-9]+)"', told.text)
    assert undo is not None
    browser.post(undo[1])

    assert place.tables() == {"brug-2026": OWN_TABLE}


def test_a_version_in_use_is_kept_and_the_contracts_are_named(place: Place) -> None:
    with place.app.app_context():
        own = db.session.get_one(Policy, place.ids["policy"])
        for number in range(7):
            make.contract(own.corporation, number=f"2026-{number}", policy=own)
    answer = place.browser().post(f"/policy/{place.ids['policy']}/delete")

    assert answer.status_code == 409
    assert "is named by contracts and stays" in answer.text
    assert [number for number in range(7) if f"2026-{number} " in answer.text] == [0, 1, 2, 3, 4]
    assert "and 2 more" in answer.text
    assert place.policies().keys() == {"brug"}
    assert "/delete" not in place.get(f"/policy/{place.ids['policy']}").text


def test_what_was_shipped_cannot_be_deleted(place: Place) -> None:
    assert place.browser().post(f"/rate-table/{place.ids['shipped']}/delete").status_code == 404
    assert place.browser().post(f"/policy/{place.ids['capped']}/delete").status_code == 404
