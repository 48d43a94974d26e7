"""What is copied from a period into the next, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.contributions.copying import Move
from app.contributions.entries import Entry
from app.rules import dossier as facts
from app.rules.dates import Period
from app.rules.dossier import Status
from app.rules.tables import Per, parse_rate_table
from config import ROOT

Q1 = Period(date(2026, 1, 1), date(2026, 3, 31))
Q2 = Period(date(2026, 4, 1), date(2026, 6, 30))
TABLE = parse_rate_table((ROOT / "data/rate-tables/utrecht-2024.toml").read_text("utf-8"))
MOVE = Move(Q1, Q2, 3, TABLE)


def placement(first: date, last: date | None, **values: Any) -> facts.Placement:
    hours = (facts.Hours(first, Decimal(20)), facts.Hours(date(2026, 3, 1), Decimal(24)))
    return replace(facts.Placement("P1", "SR-1", "participatiewet", first, hours, Status.APPROVED, last), **values)


def purchase(on: date) -> facts.Activity:
    return facts.Activity("A1", "social-purchase", on, Status.APPROVED, amount_cents=100_00)


def copied(*entries: Entry) -> list[Any]:
    """Of each what it becomes, or the code of why it does not."""
    found = MOVE.copies((None, entry) for entry in entries)  # type: ignore[misc]
    return [each.refusal.code if each.refusal else each.entered for each in found]


def days(entry: facts.Placement) -> tuple[date, date | None]:
    return entry.starts_on, entry.ends_on


@pytest.mark.parametrize(
    ("first", "last", "becomes"),
    [
        (date(2025, 5, 1), date(2026, 3, 31), (date(2026, 4, 1), date(2026, 6, 30))),
        (date(2026, 1, 1), date(2026, 2, 28), (date(2026, 4, 1), date(2026, 5, 28))),
        (date(2026, 1, 15), date(2026, 1, 31), (date(2026, 4, 15), date(2026, 4, 30))),
        (date(2026, 2, 10), date(2026, 3, 31), (date(2026, 5, 10), date(2026, 6, 30))),
    ],
)
def test_the_days_of_a_placement_move_on(first: date, last: date, becomes: tuple[date, date]) -> None:
    (entry,) = copied(placement(first, last))

    assert days(entry) == becomes
    assert entry.hours == (facts.Hours(becomes[0], Decimal(24)),)
    assert (entry.status, entry.reference) == (Status.DRAFT, "")


def test_who_works_on_is_not_copied() -> None:
    assert copied(placement(date(2026, 1, 1), None), placement(date(2026, 1, 1), date(2026, 4, 1))) == [
        "copy_goes_on",
        "copy_goes_on",
    ]


def test_what_is_of_another_period_is_left_alone() -> None:
    assert copied(placement(date(2025, 1, 1), date(2025, 12, 31)), purchase(date(2026, 4, 1))) == []


def test_a_purchase_moves_on_and_keeps_its_amount() -> None:
    (entry,) = copied(purchase(date(2026, 1, 31)))

    assert (entry.on, entry.amount_cents) == (date(2026, 4, 30), 100_00)


def test_what_stands_there_already_is_not_copied_again() -> None:
    again = purchase(date(2026, 5, 14))
    extended = placement(date(2026, 4, 20), None, reference="P2")

    assert copied(purchase(date(2026, 2, 14)), again) == ["copy_is_there"]
    assert copied(placement(date(2026, 1, 1), date(2026, 3, 31)), extended) == ["copy_is_there"]


def test_what_would_fall_outside_the_period_is_not_copied() -> None:
    short = Move(Q1, Period(date(2026, 4, 1), date(2026, 4, 30)), 3, TABLE)

    found = short.copies([(None, purchase(date(2026, 3, 1))), (None, placement(date(2026, 3, 2), date(2026, 3, 20)))])  # type: ignore[list-item]

    assert [each.refusal and each.refusal.code for each in found] == ["copy_after_end", "copy_after_end"]


def test_a_bonus_that_counts_once_and_a_subsidy_that_ended_are_left_out() -> None:
    table = parse_rate_table((ROOT / "data/rate-tables/holland-rijnland-2023.toml").read_text("utf-8"))
    once = next(block for block in table.blocks.values() if block.bonus and block.per is Per.ONCE)
    code = next(block.code for block in table.blocks.values() if once.may_be_claimed_on(block))
    held = placement(
        date(2026, 1, 1), date(2026, 3, 31), block=code, bonuses=(once.code,), subsidy_until=date(2026, 2, 1)
    )

    (copy,) = Move(Q1, Q2, 3, table).copies([(None, held)])  # type: ignore[list-item]

    assert isinstance(copy.entered, facts.Placement)
    assert (copy.entered.bonuses, copy.entered.subsidy_until) == ((), None)
