"""The ways that are proposed to fill what stays open: each is worth exactly what it is credited once it is entered."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.rules import Dossier, assess
from app.rules.dates import ONE_DAY
from app.rules.dossier import Activity, Placement
from app.whatif.mixes import mixes_of
from app.whatif.scenario import MOST_PEOPLE, People, Scenario, Work, with_scenario
from tests.rules.making import a1, activity, certificate, day, dossier, placement

TWO_YEARS = ("2025-01-01", "2026-12-31")
SCHOOL = placement("bbl", "2025-01-01", "2026-12-31", "32")
CASES = {
    "the whole example, five weeks before the end": (a1(), "2026-11-24"),
    "the whole example, early": (a1(), "2026-03-01"),
    "nothing done yet, before the term": (dossier(TWO_YEARS), "2024-11-01"),
    "months that are limited, hired earlier allowed": (dossier(TWO_YEARS, tables="haaglanden-2023"), "2025-06-30"),
    "by the day, as agreed": (dossier(TWO_YEARS, tables="holland-rijnland-2023"), "2025-10-01"),
    "by the month, and for half": (dossier(TWO_YEARS, tables="oost-nederland-v05"), "2026-06-15"),
    "a cap that leaves some room": (
        dossier(TWO_YEARS, [activity("social-purchase", "2025-03-01", "2000")], activity_cap=Decimal(10)),
        "2025-10-01",
    ),
    "a cap that leaves no room": (dossier(TWO_YEARS, activity_cap=Decimal(0)), "2025-10-01"),
    "a purchase that is planned for later fills the cap": (
        dossier(TWO_YEARS, [activity("social-purchase", "2026-12-01", "3000")], activity_cap=Decimal(10)),
        "2025-10-01",
    ),
    "partly exempt": (dossier(TWO_YEARS, certificates=[certificate("2", "2025-01-01", "2025-12-31")]), "2026-02-01"),
    "hundreds of thousands": (dossier(("2025-01-01", "2028-12-31"), contract_sum="20000000"), "2025-01-01"),
    "a last day only": (dossier(TWO_YEARS, contract_sum="1000"), "2026-12-31"),
}


def entered(facts: Dossier, mix_efforts: tuple[People | Work, ...]) -> Dossier:
    """As somebody would enter it by hand: each person by a reference of their own, and approved."""
    rows = [
        replace(entry, reference=f"E{number}-{place}", **({"person": f"new {number}-{place}"} if is_person else {}))
        for number, effort in enumerate(mix_efforts)
        for place, entry in enumerate(effort.entries("x"))
        for is_person in [isinstance(entry, Placement)]
    ]
    return replace(
        facts,
        placements=facts.placements + tuple(each for each in rows if isinstance(each, Placement)),
        activities=facts.activities + tuple(each for each in rows if isinstance(each, Activity)),
    )


@pytest.mark.parametrize(("facts", "on"), CASES.values(), ids=CASES)
def test_each_way_is_worth_what_it_is_credited_and_settles(facts: Dossier, on: str) -> None:
    figures = assess(facts, day(on))
    last = figures.term.last
    found = mixes_of(facts, figures)

    assert found and figures.open_cents
    for mix in found:
        after = assess(entered(facts, mix.efforts), last)
        assert mix.value_cents == after.credited_cents - assess(facts, last).credited_cents
        assert mix.value_cents >= figures.open_cents
        assert assess(entered(facts, mix.efforts), last + ONE_DAY).remaining_cents == 0
        assert all(each.number <= MOST_PEOPLE for each in mix.efforts if isinstance(each, People))
    assert len(set(found)) == len(found) <= 3
    assert mixes_of(facts, figures) == found


def test_one_person_a_purchase_and_two_people_fill_the_example() -> None:
    found = mixes_of(a1(), assess(a1(), date(2026, 11, 24)))

    now, end = date(2026, 11, 24), date(2026, 12, 31)
    assert [mix.efforts for mix in found] == [
        (People("banenafspraak", now, Decimal(36), end),),
        (Work("social-purchase", now, 4_962_00),),
        (People("bbl", now, Decimal(32), date(2026, 12, 23), 2),),
    ]
    assert [mix.value_cents for mix in found] == [5_241_94, 4_962_00, 5_185_18]


def test_no_more_is_proposed_than_it_takes() -> None:
    """A month less, or one person less, leaves something open."""
    facts = dossier(TWO_YEARS)
    figures = assess(facts, day("2025-10-01"))
    (people,) = mixes_of(facts, figures)[0].efforts
    assert isinstance(people, People) and people.ends_on

    shorter = replace(people, ends_on=date(2026, 10, 31))

    assert people == People("banenafspraak", day("2025-10-01"), Decimal(32), date(2026, 11, 30))
    assert assess(with_scenario(facts, Scenario((shorter,))), figures.term.last).remaining_cents > 0


@pytest.mark.parametrize(
    ("facts", "on"),
    [
        (dossier(TWO_YEARS, [placement("participatiewet", "2025-01-01")]), "2025-10-01"),
        (dossier(TWO_YEARS), "2027-01-01"),
        (dossier(TWO_YEARS, certificates=[certificate("2", "2025-01-01", "2026-12-31")]), "2025-10-01"),
        (dossier(TWO_YEARS, percentage="0"), "2025-10-01"),
    ],
    ids=["what runs is enough", "after the term", "exempt", "no obligation"],
)
def test_nothing_is_proposed_where_nothing_can_be_filled(facts: Dossier, on: str) -> None:
    assert mixes_of(facts, assess(facts, day(on))) == ()


def test_a_way_that_takes_a_crowd_is_left_out() -> None:
    facts = dossier(TWO_YEARS)

    found = mixes_of(facts, assess(facts, day("2026-12-28")))

    assert [mix.efforts for mix in found] == [(Work("social-purchase", day("2026-12-28"), 50_000_00),)]
