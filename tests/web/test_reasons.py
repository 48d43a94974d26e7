"""Every step of the rule book is a sentence, and whoever redoes the sum in it comes to its result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.rules import Assessment, Dossier, assess, faults
from app.rules.assessment import Standing
from app.rules.dossier import Status
from app.rules.explanation import Step
from app.rules.money import to_cents
from app.rules.tables import BY_QUANTITY
from app.web.reasons import labels_of, sentence_of, sentences_of
from app.web.rule_words import RULES, Result
from tests.rules.making import a1, activity, certificate, day, dossier, placement
from tests.rules.strategies import START, dossiers

RULE_BOOK = Path(__file__).parents[2] / "app" / "rules"
SOURCE = "".join((RULE_BOOK / f"{name}.py").read_text() for name in ("reasons", "assessment"))
OF_CREDIT = (RULE_BOOK / "credit.py").read_text()
OF_ACTIVITIES = (RULE_BOOK / "activities.py").read_text()
OF_OBLIGATION = (RULE_BOOK / "obligation.py").read_text()


def words_in(source: str, pattern: str) -> set[str]:
    return set(re.findall(pattern, source))


# What stands between the braces of the rules that are named by what happened.
VARYING = {
    "status": {str(each) for each in Standing},
    "obligation": words_in(OF_OBLIGATION.partition("def _why_none")[2].partition("def _scale")[0], r'return "(\w+)"')
    | {"nothing_left"},
    "placement": words_in(OF_CREDIT, r'reason = None if kept else "(\w+)"')
    | words_in(OF_CREDIT, r'spans else "(\w+)"')
    | words_in(OF_CREDIT, r'reason="(\w+)"')
    | {"not_yet"},
    "line": words_in(OF_CREDIT, r'Fraction\(0\), "(\w+)"\)'),
    "activity": words_in(OF_ACTIVITIES.partition("def _why_not")[2], r'"(\w+)"') | {str(per) for per in BY_QUANTITY},
    "contribution": {"draft", "rejected", "withdrawn"},
    "sum": {"credited", "pending", "forecast"},
}


def codes() -> set[str]:
    """Every code of a rule that the rule book can name."""
    literal = words_in(SOURCE, r'Step\(\s*"([\w.]+)"')
    prefixes = words_in(SOURCE, r'Step\(\s*f"(\w+)\.')
    return literal | {f"{prefix}.{word}" for prefix in prefixes for word in VARYING[prefix]}


def test_every_rule_has_its_words() -> None:
    found = codes()

    assert {
        "part.exempted",
        "placement.hired_too_early",
        "obligation.below_minimum_months",
        "line.no_hours_yet",
    } <= found
    assert found - RULES.keys() == set()


def all_steps(assessment: Assessment) -> Iterator[Step]:
    for steps in assessment.explanation.values():
        yield from steps
    for contribution in assessment.contributions:
        yield from contribution.steps


@pytest.fixture
def english(app: Flask) -> Iterable[None]:
    with app.test_request_context("/?lang=en"):
        yield


def told(of: Dossier, on: str, reference: str) -> list[str]:
    found = next(each for each in assess(of, day(on)).contributions if each.reference == reference)
    return [each.text for each in sentences_of(found.steps, labels_of(of.rate_table))]


@pytest.mark.usefixtures("english")
def test_a_placement_is_told_on_one_line() -> None:
    assert told(a1(), "2026-11-24", "W-1042") == [
        "Counts from 1 February 2026 to 31 October 2026: 9 months",
        "Participation Act: 9 months × €40,000.00 / 12 × 28.8/36 hours × 100% = €24,000.00",
    ]


@pytest.mark.usefixtures("english")
def test_a_placement_with_other_hours_halfway_is_told_span_by_span() -> None:
    e8 = dossier(("2025-01-01", "2025-12-31"), [placement("wia", "2025-01-15", "2025-09-14", "20; 2025-05-01: 32")])

    assert told(e8, "2026-01-01", "P1")[1:] == [
        "15 January 2025 to 30 April 2025: 3 8/15 months / 12 × 20/36 hours × 100% = 53/324 year",
        "1 May 2025 to 14 September 2025: 4 7/15 months / 12 × 32/36 hours × 100% = 134/405 year",
        "Work-disability benefit (WIA/WAO): €40,000.00 × 89/180 year = €19,777.78",
    ]


@pytest.mark.usefixtures("english")
def test_the_exemption_is_told_by_its_days() -> None:
    steps = assess(a1(), day("2026-11-24")).explanation["exempted_cents"]

    assert [each.text for each in sentences_of(steps)] == [
        "181 days with PSO level 2, 1 January 2025 to 30 June 2025: 100%",
        "549 days without a certificate, 1 July 2025 to 31 December 2026: 0%",
        "€62,500.00 × 181 / 730 days = €15,496.58",
    ]


@pytest.mark.usefixtures("english")
def test_what_is_ours_says_so_and_points_to_the_rule() -> None:
    counted, line = sentences_of(assess(a1(), day("2026-11-24")).contributions[1].steps)

    assert counted.is_ours
    assert counted.anchor == "months"
    assert not line.is_ours


def test_a_sentence_comes_in_the_language_that_is_asked_for(app: Flask) -> None:
    with app.app_context():
        step = Step("part.not_begun", {"origin": "contract", "from": date(2026, 5, 14)}, 0)

        assert "14 mei 2026" in sentence_of(step, locale="nl")
        assert "14 May 2026" in sentence_of(step, locale="en")


def test_every_anchor_of_a_rule_stands_on_the_page_that_explains_it(client: Any) -> None:
    page = client.get("/how?lang=en").text

    assert {rule.anchor for rule in RULES.values()} <= set(re.findall(r'<h2 id="(\w+)"', page))


# Whoever redoes the sum.

MIXED = re.compile(r"(\d+) (\d+/\d+)")


def redone(sum_in_words: str) -> Fraction:
    """The result in euro of what a reader types over into a calculator, from the last colon on."""
    text = sum_in_words.rpartition(": ")[2]
    text = re.sub(r"\(.*?over full time\)", "", text).replace("\xa0", "").replace(",", "")
    text = MIXED.sub(r"(\1+\2)", text)
    text = re.sub(r"(\d+(?:\.\d+)?)%", r"(\1/100)", text)
    text = text.replace("−€", "-").replace("×", "*").replace("−", "-").replace("€", "")
    text = re.sub(r"[A-Za-z]+", " ", text)
    text = re.sub(r"\d+(?:\.\d+)?", lambda number: f"F('{number[0]}')", text)
    value: Fraction = eval(text, {"F": Fraction})
    return value


REDONE = {rule for rule, told_as in RULES.items() if told_as.joined_by == " = " and told_as.result is Result.CENTS} - {
    "line.month"
}


@given(facts=dossiers(), days=st.integers(-10, 900))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_sum_can_be_redone_with_a_pocket_calculator(english: None, facts: Dossier, days: int) -> None:
    assume(not list(faults(facts)))
    figures = assess(facts, START + timedelta(days=days))
    labels = dict.fromkeys(labels_of(facts.rate_table), "block")
    steps = [*figures.explanation.values(), *(each.steps for each in figures.contributions)]
    for step in (step for each in steps for step in each):
        told_as = sentence_of(step, labels)
        if step.rule in REDONE and " = " in told_as:
            words, _, result = told_as.partition(" = ")
            assert to_cents(redone(words) * 100) == to_cents(redone(result) * 100), told_as
    for each in figures.contributions:
        assert sentences_of(each.steps, labels)


@pytest.mark.usefixtures("english")
def test_every_case_of_a_rule_can_be_told() -> None:
    """The cases that a point after the code tells apart, with the inputs that lead to them."""
    term = ("2025-01-01", "2025-12-31")
    worlds = [
        dossier(term, [placement("ww", "2025-02-01", None, "40")]),
        dossier(("2025-01-01", "2026-12-31"), [placement("ww", "2024-10-01", None)], tables="haaglanden-2023"),
        dossier(term, [placement("ww", "2023-12-31", None)], tables="haaglanden-2023"),
        dossier(term, [placement("ww", "2024-12-31", None), placement("ww", "2026-01-01", None, reference="P2")]),
        dossier(term, [activity("activity-day", "2025-02-01", "1400")], tables="holland-rijnland-2023"),
        dossier(term, [activity("social-purchase", "2026-02-01", "10")], contract_sum="20000000", policies="capped"),
        dossier(term, contract_sum="99", policies="capped"),
        dossier(term, certificates=[certificate("2", "2025-01-01", "2025-12-31")]),
        dossier(term, [activity("social-purchase", "2025-02-01", "99999999")]),
    ]
    for facts in worlds:
        for on in ("2024-12-01", "2025-03-01", "2026-03-01"):
            for step in all_steps(assess(facts, day(on))):
                assert "%(" not in sentence_of(step)


def test_a_contribution_that_is_not_judged_says_what_it_is(app: Flask) -> None:
    facts = dossier(("2025-01-01", "2025-12-31"), [placement("ww", "2025-02-01", status=Status.REJECTED)])
    with app.test_request_context("/?lang=en"):
        assert told(facts, "2025-05-01", "P1") == ["What is rejected counts nothing: €0.00"]
