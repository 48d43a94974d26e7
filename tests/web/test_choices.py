"""A choice that nobody offered says what to do, in the reader's language, whichever form it is in."""

from __future__ import annotations

import re

import pytest

from config import ROOT
from tests.web.office import Office

IMPORTS_BARE = re.compile(r"^from wtforms import .*\b(SelectField|RadioField)\b(?! as )", re.MULTILINE)


@pytest.mark.parametrize(
    "choice",
    [{"programme": "none of ours"}, {"bonuses-bonus-50plus": "maybe"}, {"bonuses": "bonus-50plus"}],
)
def test_a_choice_that_is_not_offered_is_refused_and_nothing_is_kept(office: Office, choice: dict[str, str]) -> None:
    refused = office.enter(**choice)

    assert refused.status_code == 422
    assert "Choose one of the possibilities." in refused.text
    assert office.contributions() == []


def test_a_bonus_that_the_table_does_not_know_is_refused(office: Office) -> None:
    refused = office.enter(**{"bonuses-bonus-of-elsewhere": "yes"})

    assert refused.status_code == 422
    assert "has no bonus “bonus-of-elsewhere”" in refused.text


def test_no_form_uses_wtforms_own_words_for_it() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in (ROOT / "app").rglob("*.py")}

    assert [path.name for path, source in sources.items() if IMPORTS_BARE.search(source)] == []


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("0", "0 cannot be: give a percentage above zero."),
        ("101", "101 cannot be: give a percentage up to 100."),
    ],
)
def test_a_share_out_of_range_says_which_way(office: Office, share: str, words: str) -> None:
    assert words in office.enter(share=share).text


def test_an_activity_of_no_euro_is_refused_beside_its_amount(office: Office) -> None:
    refused = office.enter(kind="activities", block="purchase-pso-1", on="1-3-2026", amount="0,00")

    assert refused.status_code == 422
    assert "The amount must be above zero." in refused.text
    assert office.contributions() == []
