"""What people type is understood, or refused with a code; never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import parsing
from app.web.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1.250,50", 125050),
        ("1250.50", 125050),
        ("1250,5", 125050),
        ("1250.5", 125050),
        ("€ 1.250", 125000),
        ("€1.250,00", 125000),
        ("1.250", 125000),
        ("EUR 1250", 125000),
        ("1250 euro".replace(" euro", " eur"), 125000),
        ("1.250.000", 125000000),
        ("1.250.000,5", 125000050),
        ("1 250 000,50", 125000050),
        ("1\N{NO-BREAK SPACE}250,50", 125050),
        ("1,250,000.50", 125000050),
        ("1,250,000", 125000000),
        ("1,250.50", 125050),
        ("1.250,-", 125000),
        ("€ 1.250,--", 125000),
        ("-12,5", -1250),
        ("€ -12,50", -1250),
        ("\N{MINUS SIGN}€\N{NO-BREAK SPACE}12,50", -1250),
        ("  0  ", 0),
        ("0,05", 5),
        ("007", 700),
    ],
)
def test_an_amount_is_understood(typed: str, cents: int) -> None:
    assert parsing.amount(typed) == cents


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1.25,0", "amount_unclear"),
        ("1,2,3", "amount_unclear"),
        ("1,250", "amount_unclear"),
        ("1.2.3", "amount_unclear"),
        ("12.50.000", "amount_unclear"),
        ("1.250.50", "amount_unclear"),
        ("1 25", "amount_unclear"),
        ("12 5", "amount_unclear"),
        ("--5", "amount_unclear"),
        ("1e5", "amount_unclear"),
        ("\N{ARABIC-INDIC DIGIT ONE}", "amount_unclear"),
        ("vijf", "amount_unclear"),
        ("", "amount_unclear"),
        ("€", "amount_unclear"),
        (",50", "amount_unclear"),
        ("1250.505", "amount_in_parts_of_cents"),
        ("1250,505", "amount_in_parts_of_cents"),
        ("0.500", "amount_in_parts_of_cents"),
        ("12345678901234", "amount_too_large"),
    ],
)
def test_an_amount_that_can_mean_two_things_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parsing.amount(typed)
    assert (refusal.value.code, refusal.value.values["typed"]) == (code, typed)


@given(st.integers(-(10**14), 10**14))
def test_an_amount_written_in_dutch_or_english_is_read_back(cents: int) -> None:
    sign, euro, rest = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    assert parsing.amount(f"{sign}{euro:,}.{rest:02d}") == cents
    assert parsing.amount(f"{sign}{euro:,}".replace(",", ".") + f",{rest:02d}") == cents
    assert parsing.amount(f"{sign}{euro}.{rest:02d}") == cents


@given(st.text(alphabet="0123456789.,- €"))
def test_whatever_is_typed_for_an_amount_is_whole_cents_or_a_refusal(typed: str) -> None:
    try:
        assert isinstance(parsing.amount(typed), int)
    except Invalid as refusal:
        assert refusal.code.startswith("amount_")


@pytest.mark.parametrize(
    ("typed", "number"), [("28,8", "28.8"), ("28.8", "28.8"), ("32", "32"), ("1.250", "1.25"), ("-3", "-3")]
)
def test_hours_have_a_comma_or_a_point(typed: str, number: str) -> None:
    assert parsing.hours(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "code"), [("1.000,5", "hours_unclear"), ("3u", "hours_unclear"), ("1,23456", "too_many_decimals")]
)
def test_hours_that_are_no_number_are_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parsing.hours(typed)
    assert refusal.value.code == code


@pytest.mark.parametrize(("typed", "number"), [("5", "5"), ("2,5%", "2.5"), ("2.5 %", "2.5"), ("100", "100")])
def test_a_percentage_may_have_its_sign(typed: str, number: str) -> None:
    assert parsing.percentage(typed) == Decimal(number)


def test_a_percentage_that_is_no_number_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        parsing.percentage("5%%")
    assert refusal.value.code == "percentage_unclear"


@pytest.mark.parametrize(
    "typed",
    [
        "14-05-2026",
        "14-5-2026",
        "14/5/2026",
        "14.05.2026",
        "2026-05-14",
        "14 mei 2026",
        "14 Mei  2026",
        "14 may 2026",
        " 14–05–2026 ",
    ],
)
def test_a_date_is_understood(typed: str) -> None:
    assert parsing.day(typed) == date(2026, 5, 14)


@pytest.mark.parametrize(
    ("typed", "month"), [("1 mrt 2026", 3), ("1 mar. 2026", 3), ("1 okt 2026", 10), ("1 oct 2026", 10)]
)
def test_months_may_be_short(typed: str, month: int) -> None:
    assert parsing.day(typed) == date(2026, month, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31-02-2026", "date_does_not_exist"),
        ("14-13-2026", "date_does_not_exist"),
        ("0-1-2026", "date_does_not_exist"),
        ("14-05-26", "date_unclear"),
        ("14-05.2026", "date_unclear"),
        ("05/2026", "date_unclear"),
        ("14 foo 2026", "date_unclear"),
        ("14-05-0206", "date_unclear"),
        ("morgen", "date_unclear"),
        ("", "date_unclear"),
    ],
)
def test_a_date_that_is_none_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parsing.day(typed)
    assert refusal.value.code == code


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_every_date_is_read_back(day: date) -> None:
    assert parsing.day(day.isoformat()) == parsing.day(f"{day.day}-{day.month}-{day.year}") == day
