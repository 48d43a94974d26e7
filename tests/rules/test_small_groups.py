"""Numbers of people: small groups stay unknown, also to who knows the total, the rest and this very rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules.small_groups import FEWEST, Shown, shown


def table(*numbers: int) -> Shown[int]:
    return shown(dict(enumerate(numbers)))


def test_large_groups_are_shown() -> None:
    assert table(5, 12, 30, 7) == Shown({0: 5, 1: 12, 2: 30, 3: 7}, 54)


def test_the_neighbour_of_a_small_group_is_kept_back_too() -> None:
    assert table(4, 12, 30, 7) == Shown({0: None, 1: 12, 2: 30, 3: None}, 53)
    assert table(0, 0, 30, 40).numbers == {0: None, 1: None, 2: None, 3: 40}
    assert table(4, 12, 12, 13).numbers == {0: None, 1: None, 2: None, 3: 13}


def test_of_a_few_people_nothing_is_shown() -> None:
    assert table(2, 1, 1, 0) == Shown(dict.fromkeys(range(4)), None)


@given(st.lists(st.integers(0, 300), min_size=1, max_size=6))
def test_what_is_shown_is_true_and_never_small(numbers: list[int]) -> None:
    found = table(*numbers)

    assert found.total in (None, sum(numbers))
    assert all(
        each is None or each == number >= FEWEST for each, number in zip(found.numbers.values(), numbers, strict=True)
    )


def tables(groups: int, most: int) -> Iterator[tuple[int, ...]]:
    """All tables of at most so many people together."""
    return (each for each in product(range(most + 1), repeat=groups) if sum(each) <= most)


@pytest.mark.parametrize(("groups", "most"), [(2, 40), (3, 24), (4, 15)])
def test_whoever_knows_the_rule_cannot_tell_what_a_group_holds_that_is_kept_back(groups: int, most: int) -> None:
    """Of all tables that look the same no group that is kept back has the same number."""
    alike = defaultdict(list)
    for numbers in tables(groups, most):
        found = table(*numbers)
        alike[(found.total, *found.numbers.values())].append(numbers)
    kept = [
        (looks, those, place) for looks, those in alike.items() for place in range(groups) if looks[place + 1] is None
    ]

    assert all(len({each[place] for each in those}) > 1 for _looks, those, place in kept)
