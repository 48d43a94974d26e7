"""The settlement of a contract: the penalty of its assessment, divided over the last instalment and a claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rules import RuleError, assess
from app.rules.closing import may_be_settled, repair_ends_on, settle
from app.rules.dossier import Dossier
from app.rules.money import cents_of
from tests.rules.making import activity, cents, certificate, day, dossier

AFTER = day("2027-06-01")
DONE = [activity("social-purchase", "2026-06-30", "41896.57")]


def short(**more: object) -> Dossier:
    """Of 50,000 net 41,896.57 is credited: 8,103.43 short; the policy asks that once, after 90 days."""
    return dossier(contributions=DONE, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("instalment", "deducted", "claimed"),
    [
        ("25000", "8103.43", "0"),
        ("8103.43", "8103.43", "0"),
        ("8103.42", "8103.42", "0.01"),
        ("5000", "5000", "3103.43"),
        ("0", "0", "8103.43"),
    ],
)
def test_the_penalty_is_deducted_from_the_last_instalment_and_never_more_than_that(
    instalment: str, deducted: str, claimed: str
) -> None:
    found = settle(short(), assess(short(), AFTER), cents(instalment))

    assert (found.shortfall_cents, found.penalty_cents) == (8_103_43, 8_103_43)
    assert (found.deducted_cents, found.claimed_cents) == (cents(deducted), cents(claimed))


def rules(of: Dossier, instalment: int | None) -> list[tuple[str, object]]:
    return [(step.rule, step.result) for step in settle(of, assess(of, AFTER), instalment).steps]


def test_every_amount_has_its_step() -> None:
    assert rules(short(), cents("5000")) == [
        ("closing.shortfall", 8_103_43),
        ("closing.penalty", 8_103_43),
        ("closing.deducted_in_part", 5_000_00),
        ("closing.claimed", 3_103_43),
    ]
    assert rules(short(), cents("9000"))[2:] == [("closing.deducted", 8_103_43)]


@pytest.mark.parametrize(
    ("of", "last"),
    [
        (short(excused=True), ("closing.excused", 0)),
        (short(percentage="4"), ("closing.nothing_short", 0)),
        (short(certificates=[certificate("2", "2025-01-01", "2026-12-31")]), ("closing.nothing_short", 0)),
    ],
    ids=["excused", "fulfilled", "exempt"],
)
def test_without_a_penalty_nothing_is_deducted_and_no_instalment_is_needed(
    of: Dossier, last: tuple[str, object]
) -> None:
    found = settle(of, assess(of, AFTER), None)

    assert (found.penalty_cents, found.deducted_cents, found.claimed_cents) == (0, 0, 0)
    assert rules(of, None)[-1] == last


def test_what_cannot_be_is_refused() -> None:
    refused = [
        ("term_not_over", day("2026-12-31"), 0),
        ("instalment_below_zero", AFTER, -1),
        ("instalment_missing", AFTER, None),
    ]
    for code, on, instalment in refused:
        with pytest.raises(RuleError, match=code):
            settle(short(), assess(short(), on), instalment)


@pytest.mark.parametrize(
    ("of", "on", "settled"),
    [
        (short(), "2026-12-31", False),
        (short(), "2027-01-01", False),
        (short(), "2027-03-31", False),
        (short(), "2027-04-01", True),
        (short(excused=True), "2027-01-01", True),
        (short(percentage="4"), "2027-01-01", True),
    ],
)
def test_a_shortfall_waits_for_the_end_of_the_repair_period(of: Dossier, on: str, settled: bool) -> None:
    assert may_be_settled(assess(of, day(on))) is settled


def test_the_repair_period_is_the_policys() -> None:
    assert repair_ends_on(assess(short(), AFTER)) == day("2027-03-31")
    assert repair_ends_on(assess(short(percentage="4"), AFTER)) is None


@given(st.decimals("0", "60000", places=2), st.integers(0, 100_000_00))
def test_what_is_deducted_and_claimed_is_the_penalty(done: object, instalment: int) -> None:
    of = dossier(contributions=[activity("social-purchase", "2026-06-30", str(done))])
    figures = assess(of, AFTER)
    found = settle(of, figures, instalment)

    assert found.deducted_cents + found.claimed_cents == found.penalty_cents
    assert 0 <= found.deducted_cents <= instalment
    assert found.penalty_cents == max(0, 50_000_00 - cents_of(done))  # type: ignore[arg-type]
