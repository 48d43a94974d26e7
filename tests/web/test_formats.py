"""How amounts, dates and numbers are written, in Dutch and in English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from app.web import formats, parsing

NB = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def written(app: Flask, language: str, fmt: Callable[..., str], value: object) -> str:
    with app.test_request_context(), force_locale(language):
        return fmt(value)


@pytest.mark.parametrize(
    ("fmt", "value", "dutch", "english"),
    [
        (formats.euro, 1234567, f"€{NB}12.345,67", "€12,345.67"),
        (formats.euro, 0, f"€{NB}0,00", "€0.00"),
        (formats.euro, -5, f"{MINUS}€{NB}0,05", f"{MINUS}€0.05"),
        (formats.euro, 10**15 + 1, f"€{NB}10.000.000.000.000,01", "€10,000,000,000,000.01"),
        (formats.euro_whole, 1234550, f"€{NB}12.346", "€12,346"),
        (formats.euro_whole, 1234650, f"€{NB}12.347", "€12,347"),
        (formats.euro_whole, -1234550, f"{MINUS}€{NB}12.346", f"{MINUS}€12,346"),
        (formats.euro_whole, -49, f"€{NB}0", "€0"),
        (formats.euro_short, 420000000, f"€{NB}4,2{NB}mln", "€4.2m"),
        (formats.euro_short, 425000000, f"€{NB}4,3{NB}mln", "€4.3m"),
        (formats.euro_short, 99999949, f"€{NB}999.999", "€999,999"),
        (formats.euro_short, 99999950, f"€{NB}1,0{NB}mln", "€1.0m"),
        (formats.euro_short, -420000000, f"{MINUS}€{NB}4,2{NB}mln", f"{MINUS}€4.2m"),
        (formats.euro_short, 31000000, f"€{NB}310.000", "€310,000"),
        (formats.hours, Decimal("28.8000"), "28,8", "28.8"),
        (formats.hours, 36, "36", "36"),
        (formats.percent, Decimal("5.50"), "5,5%", "5.5%"),
        (formats.percent, Decimal("-2.1234"), f"{MINUS}2,1234%", f"{MINUS}2.1234%"),
        (formats.number, 1234, "1.234", "1,234"),
        (formats.day_long, date(2026, 5, 14), "14 mei 2026", "14 May 2026"),
        (formats.day_short, date(2026, 5, 4), "04-05-2026", f"4{NB}May{NB}2026"),
        (formats.day_typed, date(2026, 5, 4), "04-05-2026", "04-05-2026"),
        (formats.euro_typed, 1234500, "12.345,00", "12,345.00"),
        (formats.euro_typed, None, "", ""),
        (formats.day_long, None, "", ""),
        (formats.day_short, None, "", ""),
        (formats.instant, datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2 juli 2026 00:30", "2 July 2026 00:30"),
        (formats.instant, datetime(2026, 1, 1, 22, 30, tzinfo=UTC), "1 januari 2026 23:30", "1 January 2026 23:30"),
    ],
)
def test_a_value_is_written_as_people_of_the_language_do(
    app: Flask, fmt: Callable[..., str], value: object, dutch: str, english: str
) -> None:
    assert written(app, "nl", fmt, value) == dutch
    assert written(app, "en", fmt, value) == english


@trials(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cents=st.integers(-(10**14), 10**14))
def test_an_amount_as_written_is_understood_when_typed(app: Flask, cents: int) -> None:
    assert parsing.amount(written(app, "nl", formats.euro, cents)) == cents
    assert parsing.amount(written(app, "en", formats.euro, cents)) == cents
    assert parsing.amount(written(app, "nl", formats.euro_typed, cents)) == cents
    assert parsing.amount(written(app, "en", formats.euro_typed, cents)) == cents


@trials(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(date(1990, 1, 1), date(2199, 12, 31)))
def test_a_day_as_written_is_understood_when_typed(app: Flask, day: date) -> None:
    for language in ("nl", "en"):
        for fmt in (formats.day_long, formats.day_short, formats.day_typed):
            assert parsing.day(written(app, language, fmt, day)) == day


def test_formats_are_filters_of_every_template(app: Flask) -> None:
    with app.test_request_context():
        assert render_template_string("{{ 1234567 | euro }}") == f"€{NB}12.345,67"
        assert {fmt.__name__ for fmt in formats.FILTERS} <= set(app.jinja_env.filters)


def test_without_a_request_formats_are_dutch(app: Flask) -> None:
    assert formats.euro(1234567) == f"€{NB}12.345,67"
    with app.app_context():
        assert formats.euro(1234567) == f"€{NB}12.345,67"


def test_whatever_number_somebody_typed_can_be_shown_to_them(app: Flask) -> None:
    with app.test_request_context():
        assert len(formats.euro(10**300)) > 300
        assert len(formats.euro_whole(10**300)) > 300
