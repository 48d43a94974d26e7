"""The pages of rate tables and policies: who sees which, copying one, importing one, deleting one's own."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import Language, Role
from app.audit.models import AuditRecord
from app.extensions import db
from app.schemes import queries, service
from app.schemes.models import Policy, RateTable
from config import ROOT
from tests import factories as make
from tests.people import client_of
from tests.web.counting import statements_of_request

TABLE = (ROOT / "data/rate-tables/utrecht-2024.toml").read_text(encoding="utf-8")
POLICY = (ROOT / "data/policies/capped.toml").read_text(encoding="utf-8")
OWN_TABLE = TABLE.replace('id = "utrecht-2024"', 'id = "brug-2026"').replace("Gemeente Utrecht", "Tabel van De Brug")
OWN_TABLE = OWN_TABLE.replace("2024-01-01   # the page gives no date: ours", "2026-01-01")
OWN_POLICY = POLICY.replace('id = "capped"', 'id = "brug"')
SHOWN = re.compile(r'name="shown"[^>]*value="([0-9a-f]{64})"')
HUGE = "9" * 5000


@dataclass(frozen=True, slots=True)
class Place:
    """Ids of what is there, and browsers of who works there."""

    app: Flask
    people: dict[str, int]
    ids: dict[str, int]

    def browser(self, who: str = "leader") -> FlaskClient:
        return client_of(self.app, self.people[who])

    def get(self, address: str, who: str = "leader") -> TestResponse:
        return self.browser(who).get(address)

    def send(self, address: str, typed: dict[str, Any], who: str = "leader") -> TestResponse:
        """Look, and save what was shown."""
        browser = self.browser(who)
        looked = browser.post(address, data={**typed, "action": "calculate"})
        found = SHOWN.search(looked.text)
        if found is None:
            return looked
        return browser.post(address, data={**typed, "action": "save", "shown": found[1]})

    def tables(self) -> dict[str, str]:
        """The text of each rate table of De Brug's own, by id."""
        with self.app.app_context():
            own = select(RateTable).where(RateTable.corporation_id == self.ids["here"])
            return {row.code: row.content for row in db.session.scalars(own)}

    def policies(self) -> dict[str, str]:
        with self.app.app_context():
            own = select(Policy).where(Policy.corporation_id == self.ids["here"])
            return {row.code: row.content for row in db.session.scalars(own)}

    def actions(self) -> list[str]:
        with self.app.app_context():
            return list(db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)))


@pytest.fixture
def place(app: Flask) -> Place:
    with app.app_context():
        service.load_shipped()
        here, elsewhere = make.corporation(name="De Brug"), make.corporation(name="Elders")
        supplier = make.supplier(here, name="Van Asten")
        own = service.add_rate_table(OWN_TABLE, here, by="test")
        policy = service.add_policy(OWN_POLICY, here, by="test")
        theirs = service.add_rate_table(OWN_TABLE.replace("De Brug", "Elders"), elsewhere, by="test")
        people = {}
        for role in Role:
            person = make.user(None, language=Language.ENGLISH)
            make.membership(person, role, of=here, supplier_=supplier)
            people[role.value] = person.id
        people["leader"] = people[Role.PROJECT_LEADER.value]
        people["stranger"] = make.user(of=elsewhere, language=Language.ENGLISH).id
        shipped, capped = queries.shipped(RateTable)["utrecht-2024"], queries.shipped(Policy)["capped"]
        contract = make.contract(here, supplier, number="2025/014 a", rate_table=shipped, policy=capped)
        make.contract(elsewhere, number="2025-099", rate_table=shipped, policy=capped)
        ids = {
            "here": here.id,
            "own": own.id,
            "policy": policy.id,
            "theirs": theirs.id,
            "shipped": shipped.id,
            "capped": capped.id,
            "supplier": supplier.id,
            "contract": contract.id,
        }
    return Place(app, people, ids)


def copied(**typed: str) -> dict[str, str]:
    """What somebody types who copies a table; the rest stays as it is in the form."""
    return {"code": "utrecht-2027", "in_force_from": "1-1-2027", **typed}


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


# Copying


def test_a_copy_begins_with_the_next_free_id_and_names_where_it_comes_from(place: Place) -> None:
    page = place.get(f"/rate-table/{place.ids['shipped']}/copy").text

    assert 'value="utrecht-2025"' in page
    assert "Derived from utrecht-2024" in page


def test_what_differs_is_shown_before_it_is_saved(place: Place) -> None:
    typed = copied(**{"block-0-value": "42.500", "block-1-leave_out": "y", "action": "calculate"})
    page = unescape(place.browser().post(f"/rate-table/{place.ids['shipped']}/copy", data=typed).text)

    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r'<tr role="row">(.*?)</tr>', page, re.DOTALL)]
    words = " | ".join(" ".join(row.split()) for row in rows)
    assert "Participation Act Value in euro 40,000.00 42,500.00" in words
    assert "Jobs-agreement target group Leave out is in it is left out" in words
    assert "WW" not in words
    assert "utrecht-2027" not in place.tables()


def test_a_copy_takes_over_what_was_not_changed_and_no_word_that_is_no_longer_true(place: Place) -> None:
    typed = copied(**{"block-0-value": "42.500", "block-1-leave_out": "y", "block-4-months": "24"})
    answer = place.send(f"/rate-table/{place.ids['shipped']}/copy", typed)

    assert answer.status_code == 302
    text = place.tables()["utrecht-2027"]
    made, before = tomllib.loads(text), tomllib.loads(TABLE)
    assert made["block"][0] == {**before["block"][0], "value": 42_500}
    assert made["block"][3] == {**before["block"][4], "counts_for_months": 24}
    assert [each["code"] for each in made["block"]] == [
        each["code"] for each in before["block"] if each["code"] != "banenafspraak"
    ]
    assert made["source"] == "Derived from utrecht-2024"
    assert text.startswith("# Derived from utrecht-2024\n")
    assert "the page gives no date" not in text  # the date is another
    assert "the page does not say: ours" in text


def test_of_a_copied_policy_the_thresholds_and_steps_can_be_changed(place: Place) -> None:
    typed = {
        "code": "capped-2",
        "minimum_sum": "50000",
        "renovation": "",
        "supplies": "75.000",
        "level_2": "50",
        "level_3": "100",
        "timing": "every_day",
        "penalty_factor": "",
        "repair_days": "",
    }
    answer = place.send(f"/policy/{place.ids['capped']}/copy", typed)

    assert answer.status_code == 302
    made = tomllib.loads(place.policies()["capped-2"])
    assert made["applies"]["minimum_sum"] == 50_000
    assert made["applies"]["minimum_sum_by_kind"]["supplies"] == 75_000
    assert "renovation" not in made["applies"]["minimum_sum_by_kind"]
    assert made["exemption"]["reduction"] == {"2": 50, "3": 100}
    assert made["exemption"]["timing"] == "every_day"
    assert "settlement" not in made
    assert "Friesland" not in place.policies()["capped-2"]


def test_saving_what_was_changed_after_looking_shows_it_first(place: Place) -> None:
    browser, address = place.browser(), f"/rate-table/{place.ids['shipped']}/copy"
    looked = browser.post(address, data=copied(action="calculate"))
    shown = SHOWN.search(looked.text)
    assert shown is not None
    answer = browser.post(address, data=copied(**{"block-0-value": "1", "action": "save", "shown": shown[1]}))

    assert answer.status_code == 422
    assert "You changed something after you looked" in answer.text
    assert "utrecht-2027" not in place.tables()


# What is refused writes nothing, so that all cases of a form can meet the same database.
WRONG_IN_A_TABLE = [
    ("code", "", "Fill this in."),
    ("code", "x" * 65, "short name of lower-case letters"),
    ("code", "met blanks", "short name of lower-case letters"),
    ("code", "<b>x</b>", "short name of lower-case letters"),
    ("code", "utrecht-2019", "comes with the product"),
    ("code", "brug-2026", "is there already"),
    ("name", "", "Fill this in."),
    ("name", "x" * 201, "at most 200 characters"),
    ("in_force_from", "", "Fill this in."),
    ("in_force_from", "morgen", "is not clear as a date"),
    ("source", "x" * 301, "at most 300 characters"),
    ("block-0-label_nl", "", "Fill this in."),
    ("block-0-label_en", "x" * 301, "at most 300 characters"),
    ("block-0-value", "", "Fill this in."),
    ("block-0-value", "veel", "is not clear as an amount"),
    ("block-0-value", "-1", "may not be below zero"),
    ("block-0-value", HUGE, "is too large for an amount"),
    ("block-0-months", "0", "too low or too high"),
    ("block-0-months", "1,5", "Give a whole number"),
    ("block-0-months", "1201", "too low or too high"),
    ("block-11-factor", "0", "too low or too high"),
    ("corporation", "999", "Choose one of the possibilities"),
]
WRONG_IN_A_POLICY = [
    ("name_nl", "", "Fill this in."),
    ("minimum_sum", "-5", "may not be below zero"),
    ("supplies", "veel", "is not clear as an amount"),
    ("minimum_months", "1.5", "Give a whole number"),
    ("level_2", "101", "give a percentage up to 100"),
    ("level_2", "-1", "a percentage is not below zero"),
    ("thirty_plus", "x", "is not clear as a percentage"),
    ("timing", "soms", "Choose one of the possibilities"),
    ("required_level", "9", "Choose one of the possibilities"),
    ("grace_days", HUGE, "is not clear as a number"),
    ("penalty_factor", "101", "too low or too high"),
    ("penalty_factor", "", "is needed and is missing"),
    ("repair_days", "-1", "too low or too high"),
]


def test_what_cannot_be_in_a_table_is_said_beside_the_field(place: Place) -> None:
    browser, address = place.browser(), f"/rate-table/{place.ids['shipped']}/copy"
    silent = []
    for field, typed, words in WRONG_IN_A_TABLE:
        answer = browser.post(address, data=copied(**{field: typed, "action": "calculate"}))
        if not is_said_beside(answer, field, words) or (field != "corporation" and typed not in unescape(answer.text)):
            silent.append((field, typed[:70], answer.status))

    assert silent == []
    assert place.tables().keys() == {"brug-2026"}


def test_what_cannot_be_in_a_policy_is_said_beside_the_field(place: Place) -> None:
    browser, address = place.browser(), f"/policy/{place.ids['capped']}/copy"
    silent = []
    for field, typed, words in WRONG_IN_A_POLICY:
        answer = browser.post(address, data={"code": "new", field: typed, "action": "calculate"})
        if not is_said_beside(answer, field, words):
            silent.append((field, typed[:70], answer.status))

    assert silent == []
    assert place.policies().keys() == {"brug"}


def is_said_beside(answer: TestResponse, field: str, words: str) -> bool:
    """Whether the page names what is wrong with a field, and nothing of what was typed became markup."""
    says = words in unescape(answer.text) and f'href="#{field}"' in answer.text
    return says and "shown-title" not in answer.text and "<b>x</b>" not in answer.text


def test_a_higher_level_exempts_no_less(place: Place) -> None:
    answer = place.send(f"/policy/{place.ids['capped']}/copy", {"code": "new", "level_1": "50", "level_3": "100"})

    assert 'href="#level_2">PSO level 2</a>: A higher level may not exempt less' in answer.text


def test_a_bonus_does_not_outlive_the_blocks_that_it_goes_with(place: Place) -> None:
    with place.app.app_context():
        table = queries.shipped(RateTable)["haaglanden-2023"]
        codes, address = list(queries.parsed_table(table).blocks), f"/rate-table/{table.id}/copy"
    bound = ["nug", "youth-unqualified", "participatiewet", "banenafspraak"]
    out = {f"block-{codes.index(code)}-leave_out": "y" for code in bound}

    refused = place.send(address, copied(**out))
    assert "goes only with blocks that are left out" in refused.text

    out |= {f"block-{codes.index('bonus-pro-vso')}-leave_out": "y"}
    assert place.send(address, copied(**out)).status_code == 302


def test_a_table_without_blocks_is_none(place: Place) -> None:
    out = {f"block-{number}-leave_out": "y" for number in range(15)}

    assert "one building block at least" in place.send(f"/rate-table/{place.ids['shipped']}/copy", copied(**out)).text


def test_who_edits_in_several_corporations_chooses_for_which(place: Place) -> None:
    with place.app.app_context():
        other = make.corporation(name="Ander")
        leader = make.user(None, language=Language.ENGLISH)
        here = db.session.get_one(RateTable, place.ids["own"]).corporation
        for each in (other, here):
            make.membership(leader, Role.PROJECT_LEADER, of=each)
        place.people["both"], other_id = leader.id, other.id
    address = f"/rate-table/{place.ids['shipped']}/copy"

    assert "Ander" in place.get(address, "both").text
    place.send(address, copied(corporation=str(other_id)), "both")
    with place.app.app_context():
        found = db.session.scalars(select(RateTable).where(RateTable.code == "utrecht-2027")).one()
        assert found.corporation_id == other_id


# Importing


def test_a_text_is_shown_and_then_added(place: Place) -> None:
    text = OWN_TABLE.replace("brug-2026", "brug-2027").replace("Tabel van De Brug", "<b>Nieuw</b>")
    looked = place.browser().post("/schemes/import", data={"toml": text, "action": "calculate"})

    assert "&lt;b&gt;Nieuw&lt;/b&gt;" in looked.text
    assert "<b>Nieuw" not in looked.text
    assert "brug-2027" not in place.tables()
    assert place.send("/schemes/import", {"toml": text.replace("\n", "\r\n")}).status_code == 302
    assert place.tables()["brug-2027"] == text


def test_a_file_stands_in_the_text_field_and_its_kind_is_recognised(place: Place) -> None:
    file = (BytesIO(OWN_POLICY.replace('"brug"', '"brug-2"').encode()), "mine.toml")
    page = unescape(place.browser().post("/schemes/import", data={"file": file, "action": "calculate"}).text)

    assert 'id = "brug-2"' in page
    assert "A policy · brug-2" in page


def test_the_same_content_again_changes_nothing_and_says_so(place: Place) -> None:
    actions = place.actions()
    answer = place.send("/schemes/import", {"toml": f"{OWN_TABLE}\n# once more\n"})

    assert answer.status_code == 302
    assert (
        "was there already with the same content" in place.browser().get("/rate-tables").text
        or place.tables()["brug-2026"] == OWN_TABLE
    )
    assert place.actions() == actions


WRONG_TEXTS = [
    ("", "Choose a file, or paste its text."),
    ("id = 'x'", "This is no rate table and no policy"),
    ("id = 'x'\nid = 'y'\n", "Line 2: This is not valid TOML"),
    (f"a = {HUGE}", "A number here is too long"),
    ("a = " + "[" * 5000, "brackets stand in too many brackets"),
    (OWN_TABLE.replace("40_000", "41_000", 1), "says something else. Give a new version a new id."),
    (TABLE, "comes with the product"),
    (OWN_TABLE.replace("brug-2026", "met blank"), "Line 1, “id”: Give a short name"),
    (OWN_TABLE.replace("brug-2026", "<script>"), "Line 1, “id”: Give a short name"),
    (OWN_TABLE.replace("brug-2026", "x" * 65), "Line 1, “id”: Give a short name"),
    (OWN_TABLE.replace("value = 40_000", 'value = "veel"', 1), "Line 14, “value”: Give a number."),
    (OWN_TABLE.replace("value = 40_000", "value = -1", 1), "Line 14, “value”: The number is too low"),
    (OWN_TABLE.replace("value = 40_000", "value = 1e15", 1), "Line 14, “value”: The number is too low or too high"),
    (OWN_TABLE.replace("hours = 36", "hours = 1e-999999"), "has too many decimals"),
    (OWN_TABLE.replace("Tabel van De Brug", "x" * 201), "of at most 200 characters"),
    (OWN_TABLE + "[[block]]\n" * 500, "There are too many of these: at most 500."),
    (OWN_TABLE.replace("Tabel van De Brug", "a\\u0000b"), "another sign that nobody sees"),
]


def test_what_is_wrong_with_a_text_is_said_and_the_text_stays(place: Place) -> None:
    browser, silent = place.browser(), []
    for text, words in WRONG_TEXTS:
        answer = browser.post("/schemes/import", data={"toml": text, "action": "calculate"})
        page = unescape(answer.text)
        if words not in page or text not in page or "Add it" in page or 'id = "<script>' in answer.text:
            silent.append((text[:70], words))

    assert silent == []
    assert place.tables().keys() == {"brug-2026"}


@pytest.mark.parametrize(("content", "words"), [
    (b"\xff\xfe", "is no text. Save it as UTF-8."),
    (b"#" * (1024 * 1024 + 1), "too large: at most 1 MB"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_beside_it(place: Place, content: bytes, words: str) -> None:
    parts = (
        b'--x\r\nContent-Disposition: form-data; name="action"\r\n\r\nsave\r\n'
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="x.toml"\r\n\r\n' + content + b"\r\n--x--\r\n"
    )
    answer = place.browser().post("/schemes/import", data=parts, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 422
    assert words in answer.text
    assert 'href="#file"' in answer.text


# Deleting


def test_an_own_version_is_deleted_after_asking(place: Place) -> None:
    address = f"/rate-table/{place.ids['own']}/delete"

    assert "Delete brug-2026?" in place.get(address).text
    assert place.tables()
    assert place.browser().post(address).location == "/rate-tables"
    assert place.tables() == {}
    assert place.actions()[-1] == "rate_table.delete"


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
