"""What is odd in a month: ten planted oddities are found, a plain month shows none."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from app.auditing.oddities import Act, Oddity, oddities
from app.web.clock import HERE

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=HERE)
SATURDAY = datetime(2026, 10, 10, 11, 0, tzinfo=HERE)
VIEW, EDIT = "evidence.view", "contract.edit"

_ids = count(1)


def acts(who: int, at: datetime, action: str, number: int = 1, *, is_supplier: bool = False) -> list[Act]:
    """So many, a minute apart."""
    return [Act(next(_ids), at + timedelta(minutes=place), who, action, is_supplier) for place in range(number)]


def plain_month() -> list[Act]:
    """Three people at their work on twenty working days, and a supplier who reports on a Sunday evening."""
    month = []
    for day in range(26):
        at = MONDAY + timedelta(days=day)
        if at.weekday() < 5:
            for who in (1, 2, 3):
                month += [*acts(who, at, "account.log_in"), *acts(who, at, VIEW, 5), *acts(who, at, EDIT, 40)]
            month += acts(1, at, "account.refuse", 2)
    return month + acts(9, SATURDAY + timedelta(days=1, hours=10), "placement.submit", 12, is_supplier=True)


def test_a_plain_month_shows_nothing() -> None:
    assert oddities(plain_month()) == []


def test_ten_planted_oddities_are_found_and_nothing_else() -> None:
    night = MONDAY.replace(hour=2)
    planted = [
        (Oddity.ODD_HOURS, 1, acts(1, night, VIEW, 3)),
        (Oddity.ODD_HOURS, 2, acts(2, SATURDAY, EDIT)),
        (Oddity.ODD_HOURS, 3, acts(3, MONDAY.replace(hour=22), "account.log_in")),
        (Oddity.ODD_HOURS, 9, acts(9, SATURDAY, VIEW, is_supplier=True)),
        (Oddity.MANY_LOOKS, 4, acts(4, MONDAY + timedelta(days=1), VIEW, 20)),
        (Oddity.MANY_CHANGES, 5, acts(5, MONDAY + timedelta(days=2), EDIT, 200)),
        (Oddity.REFUSED, 6, acts(6, night + timedelta(days=3), "account.refuse", 5)),
        (Oddity.RIGHTS, 7, acts(7, MONDAY, "membership.invite")),
        (Oddity.RIGHTS, 8, acts(8, MONDAY, "membership.reset_second_factor")),
        (Oddity.MANY_LOOKS, 10, acts(10, MONDAY, "person.export", 25)),
    ]

    found = oddities(plain_month() + [act for _oddity, _who, each in planted for act in each])

    assert sorted((each.oddity, each.who) for each in found) == sorted((oddity, who) for oddity, who, _acts in planted)
    assert {each.who: list(each.acts) for each in found} == {who: each for _oddity, who, each in planted}


def test_where_everybody_opens_many_files_many_is_not_odd() -> None:
    month = [act for who in (1, 2, 3) for act in acts(who, MONDAY, VIEW, 25)]

    assert oddities(month) == []
    assert [each.who for each in oddities([*month, *acts(4, MONDAY, VIEW, 75)])] == [4]


def test_one_day_can_be_odd_for_two_reasons() -> None:
    found = oddities(acts(1, SATURDAY, VIEW, 30))

    assert [(each.oddity, each.number) for each in found] == [(Oddity.ODD_HOURS, 30), (Oddity.MANY_LOOKS, 30)]
