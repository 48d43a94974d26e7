"""Copying a version of a rate table or a policy to a new one."""

from __future__ import annotations

import re
import tomllib
from html import unescape

from sqlalchemy import select

from app.accounts.models import Language, Role
from app.extensions import db
from app.schemes import queries
from app.schemes.models import RateTable
from tests import factories as make
from tests.web.schemes import HUGE, SHOWN, TABLE, Place, copied, is_said_beside


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
        if not is_said_beside(answer, field, words) or typed not in unescape(answer.text):
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
        place.people["both"], other_id, kvk = leader.id, other.id, other.kvk
    address = f"/rate-table/{place.ids['shipped']}/copy"

    assert "Ander" in place.get(address, "both").text
    place.send(address, copied(corporation=kvk), "both")
    with place.app.app_context():
        found = db.session.scalars(select(RateTable).where(RateTable.code == "utrecht-2027")).one()
        assert found.corporation_id == other_id
