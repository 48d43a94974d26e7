"""Numbers of people: small groups stay unknown, also to who knows the total, the rest and this very rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.small_groups import FEWEST, Shown, shown


def table(*numbers: int, nobody_tells: bool = False) -> Shown[int]:
    return shown(dict(enumerate(numbers)), nobody_tells=nobody_tells)


def test_large_groups_are_shown() -> None:
    assert table(5, 12, 30, 7) == Shown({0: 5, 1: 12, 2: 30, 3: 7}, 54)


def test_others_go_along_until_a_small_group_does_not_follow_from_the_rest() -> None:
    assert table(4, 12, 30, 7) == Shown({0: None, 1: 12, 2: 30, 3: None}, 53)
    assert table(4, 12, 12, 13).numbers == {0: None, 1: None, 2: None, 3: 13}
    assert table(1, 5, 30, 40).numbers == {0: None, 1: None, 2: 30, 3: 40}
    assert table(4, 5, 6, 40).numbers == {0: None, 1: None, 2: None, 3: 40}, "two under 6 that are 9 are 4 and 5"


def test_two_small_groups_may_hide_one_another() -> None:
    assert table(4, 4, 30, 40).numbers == {0: None, 1: None, 2: 30, 3: 40}


def test_of_nobody_is_told_unless_all_is_kept_back() -> None:
    assert table(0, 12, 30) == Shown({0: 0, 1: 12, 2: 30}, 42)
    assert table(0, 0) == Shown({0: 0, 1: 0}, 0)
    assert table(1, 1, 1, 2, 0) == Shown(dict.fromkeys(range(5)), 5)


def test_where_all_are_in_one_group_nothing_may_tell_it() -> None:
    assert table(6, 0, 0, nobody_tells=True) == Shown(dict.fromkeys(range(3)), 6)
    assert table(0, 0, 30, 40, nobody_tells=True).numbers == {0: None, 1: None, 2: None, 3: 40}


def test_of_a_few_people_nothing_is_shown() -> None:
    assert table(2, 1, 1, 0) == Shown(dict.fromkeys(range(4)), None)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=6), st.booleans())
def test_what_is_shown_is_true_and_never_small(numbers: list[int], nobody_tells: bool) -> None:
    found = table(*numbers, nobody_tells=nobody_tells)

    assert found.total in (None, sum(numbers))
    pairs = zip(found.numbers.values(), numbers, strict=True)
    assert all(
        each is None or each == number and (number >= FEWEST or not number and not nobody_tells)
        for each, number in pairs
    )


def tables(groups: int, most: int) -> Iterator[tuple[int, ...]]:
    """All tables of at most so many people together."""
    return (each for each in product(range(most + 1), repeat=groups) if sum(each) <= most)


@pytest.mark.parametrize("nobody_tells", [False, True])
@pytest.mark.parametrize(("groups", "most"), [(2, 40), (3, 24), (4, 15)])
def test_whoever_knows_the_rule_cannot_tell_what_a_group_holds_that_is_kept_back(
    groups: int, most: int, nobody_tells: bool
) -> None:
    """Of all tables that look the same no group that is kept back has the same number."""
    alike = defaultdict(list)
    for numbers in tables(groups, most):
        found = table(*numbers, nobody_tells=nobody_tells)
        alike[(found.total, *found.numbers.values())].append(numbers)
    kept = [
        (looks, those, place) for looks, those in alike.items() for place in range(groups) if looks[place + 1] is None
    ]

    assert all(len({each[place] for each in those}) > 1 for _looks, those, place in kept)
