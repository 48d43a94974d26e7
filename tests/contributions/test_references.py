"""A new contribution goes on as the contract's own references do."""

from __future__ import annotations

import pytest

from app.contributions.references import next_reference


@pytest.mark.parametrize(
    ("alike", "expected"),
    [
        ([], "P1"),
        (["P1", "P2"], "P3"),
        (["W-1042", "W-1077", "W-1081", "W-1090"], "W-1091"),
        (["I-0031"], "I-0032"),
        (["2026-009"], "2026-010"),
        (["P9"], "P10"),
        (["P0"], "P1"),
        (["P7", "P3"], "P8"),
        (["Jansen & Zn"], "P1"),
        (["P1", "W-1", "W-2"], "W-3"),
        (["P1", "W-1"], "W-2"),
    ],
)
def test_the_next_reference_continues_the_contracts_own_pattern(alike: list[str], expected: str) -> None:
    assert next_reference(alike, alike, "P") == expected


def test_a_reference_of_the_other_kind_is_passed_over() -> None:
    assert next_reference(["P1"], ["P1", "P2", "A1"], "P") == "P3"
