"""The drawings: round numbers on the axes, names that cover nothing, bars to scale."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.rules import Dossier, Point, assess, course, faults
from app.rules.dates import Period
from app.rules.ladder import Stretch
from app.web.bars import CoverageBar, CoverageWords, coverage_bar, progress
from app.web.charts import NARROW, WIDE, CourseChart, Size, Words, course_chart, nice_step, points_with, summed
from app.web.labels import Box, Label, Wish, height_at, place_all, sampled, without_collisions
from tests.rules.making import a1, certificate, day, dossier
from tests.rules.strategies import START, dossiers

WORDS = Words(
    due="verschuldigd",
    credited="gerealiseerd",
    credited_then_forecast="gerealiseerd, daarna prognose",
    forecast="prognose",
    net="netto € 47.003",
    today="peildatum",
    month=lambda each: each.strftime("%m"),
    month_with_year=lambda each: each.strftime("%m-%y"),
    amount=str,
)


def drawn(of: Dossier, on: str, size: Size = WIDE) -> CourseChart:
    figures = assess(of, day(on))
    points = points_with(course(of), figures)
    return course_chart(points, on=figures.on, net_cents=figures.net_cents, words=WORDS, size=size)


def test_the_amounts_on_the_axis_are_round_and_reach_over_the_highest() -> None:
    chart = drawn(a1(), "2026-11-24")

    assert [tick.text for tick in chart.y_ticks] == ["0", "10", "20", "30", "40", "50"]
    assert not chart.in_millions


@pytest.mark.parametrize(
    ("highest", "step"),
    [(4_700_342, 1_000_000), (90_000_00, 20_000_00), (1_000_00, 200_00), (4_200_000_00, 1_000_000_00)],
)
def test_a_step_is_one_two_two_and_a_half_or_five_times_a_power_of_ten(highest: int, step: int) -> None:
    assert nice_step(highest, WIDE) == step


def test_large_amounts_are_in_millions() -> None:
    points = [Point(date(2026, 1, 1), 0, 0), Point(date(2026, 12, 31), 4_200_000_00, 3_000_000_00)]

    chart = course_chart(points, on=date(2026, 6, 1), net_cents=None, words=WORDS)

    assert chart.in_millions
    assert [Decimal(tick.text) for tick in chart.y_ticks] == [0, 1, 2, 3, 4, 5]


def test_months_are_named_as_often_as_there_is_room() -> None:
    assert [tick.text for tick in drawn(a1(), "2026-11-24").x_ticks] == [
        "01-25", "04", "07", "10", "01-26", "04", "07", "10", "01-27"
    ]  # fmt: skip
    assert [tick.text for tick in drawn(a1(), "2026-11-24", NARROW).x_ticks] == ["01-25", "07", "01-26", "07", "01-27"]


def test_what_is_done_ends_today_and_the_forecast_goes_on_from_there() -> None:
    chart = drawn(a1(), "2026-11-24")
    lines = {line.role: line for line in chart.lines}

    assert set(lines) == {"net", "due", "credited", "forecast"}
    assert lines["credited"].dots[-1] == lines["forecast"].dots[0]
    assert lines["credited"].dots[-1][0] == chart.today_x
    assert lines["due"].dots[-1] == lines["net"].dots[-1]


def test_before_the_term_all_is_forecast_and_after_it_nothing_is() -> None:
    assert {line.role for line in drawn(a1(), "2024-06-01").lines} == {"net", "due", "forecast"}
    assert {line.role for line in drawn(a1(), "2027-06-01").lines} == {"net", "due", "credited"}
    assert drawn(a1(), "2027-06-01").today_x is None


def names(chart: CourseChart) -> list[Label]:
    return [label for label in chart.labels if label.role != "today"]


@pytest.mark.parametrize("size", [WIDE, NARROW])
def test_every_line_is_named_and_no_name_covers_a_line(size: Size) -> None:
    chart = drawn(a1(), "2026-11-24", size)

    assert {label.role for label in names(chart)} == {"net", "due", "credited"}
    dots = [dot for line in chart.lines for dot in sampled(line.dots)]
    assert not [label for label in names(chart) if any(label.box.holds(dot) for dot in dots)]


@pytest.mark.parametrize(
    ("on", "texts"),
    [
        ("2026-11-24", {"gerealiseerd, daarna prognose", "gerealiseerd"}),
        ("2026-02-24", {"gerealiseerd", "prognose"}),
        ("2025-01-24", {"gerealiseerd, daarna prognose", "prognose"}),
        ("2027-06-01", {"gerealiseerd"}),
    ],
)
def test_no_name_of_what_is_credited_stands_at_the_forecast(on: str, texts: set[str]) -> None:
    chart = drawn(a1(), on)

    named = {label.text: label.x for label in chart.labels if label.role == "credited"}

    assert named and set(named) <= texts
    if chart.today_x is not None and set(named) == {"gerealiseerd", "prognose"}:
        assert named["gerealiseerd"] <= chart.today_x <= named["prognose"]


@given(facts=dossiers(), days=st.integers(-10, 900))
@settings(max_examples=40, deadline=None)
def test_names_stay_in_the_plot_and_off_each_other(facts: Dossier, days: int) -> None:
    if list(faults(facts)):
        return
    figures = assess(facts, START + timedelta(days=days))
    points = points_with(course(facts), figures)
    for size in (WIDE, NARROW):
        chart = course_chart(points, on=figures.on, net_cents=figures.net_cents, words=WORDS, size=size)
        assert all(label.box.is_within(chart.plot) for label in names(chart))
        assert not [pair for pair in combinations(names(chart), 2) if pair[0].box.meets(pair[1].box, 0)]
        for line in chart.lines:
            assert all(chart.plot.holds(dot, 0.1) for dot in line.dots)


def test_a_name_that_fits_nowhere_is_left_out() -> None:
    wish = Wish(("much too long a name for so small a plot",), "due", [(0, 10), (50, 10)], 0.5, above=True)

    assert place_all([wish], [wish.line], Box(0, 0, 50, 50), None) == []


def test_beyond_its_ends_a_line_is_level() -> None:
    line = [(10.0, 5.0), (20.0, 15.0)]

    assert [height_at(line, x) for x in (0, 15, 30)] == [5, 10, 15]


# The bars.


def bar_of(of: Dossier, width: int = 640) -> CoverageBar:
    figures = assess(of, day("2026-11-24"))
    words = CoverageWords(
        name=lambda stretch: f"trede {stretch.certificate.level}" if stretch.certificate else "geen certificaat",
        day=lambda each: each.isoformat(),
        withdrawn=lambda each: f"ingetrokken op {each.isoformat()}",
    )
    return coverage_bar(figures.coverage, figures.term, words, width)


def test_a_coverage_is_drawn_to_scale() -> None:
    held, none = bar_of(a1()).pieces

    assert (held.role, none.role) == ("full", "none")
    assert held.width == pytest.approx(640 * 181 / 730)
    assert none.x == pytest.approx(held.width)
    assert (held.text, none.text) == ("trede 2", "geen certificaat")


def test_a_withdrawal_is_said_under_the_bar() -> None:
    assert [mark.text for mark in bar_of(a1()).marks] == [
        "2025-01-01",
        "2026-12-31",
        "ingetrokken op 2025-07-01",
    ]


def test_what_does_not_fit_is_left_out() -> None:
    short = dossier(
        ("2025-01-01", "2026-12-31"), certificates=[certificate("2", "2025-01-01", "2025-01-20")], contract_sum="1"
    )
    first, _second = bar_of(short).pieces

    assert first.text == ""
    assert [mark.text for mark in bar_of(short).marks] == ["2025-01-01", "2026-12-31"]


def test_a_part_of_a_reduction_has_a_role_of_its_own() -> None:
    term = Period(date(2025, 1, 1), date(2025, 12, 31))
    words = CoverageWords(lambda _: "", date.isoformat, date.isoformat)

    [piece] = coverage_bar([Stretch(term, Fraction(1, 4))], term, words).pieces

    assert piece.role == "part"


def test_labels_give_way_to_those_before_them() -> None:
    first, second, third = Label(0, 10, "one"), Label(10, 10, "two"), Label(80, 10, "three")

    assert without_collisions([first, second, third]) == [first, third]


@pytest.mark.parametrize(
    ("figures", "done", "due"),
    [((50, 75, 100), "50.0%", "75.0%"), ((300, 100, 100), "100.0%", "100.0%"), ((5, 0, 0), "0%", None)],
)
def test_progress_is_a_share_of_net_and_never_over_it(
    figures: tuple[int, int, int], done: str, due: str | None
) -> None:
    bar = progress(*figures)

    assert (bar.done, bar.due) == (done, due)


def test_courses_are_added_up_straight_between_their_points() -> None:
    first = [Point(date(2026, 1, 1), 0, 0), Point(date(2026, 1, 11), 1000, 500)]
    second = [Point(date(2026, 1, 6), 0, 0), Point(date(2026, 1, 16), 100, 100)]

    [before, between, after] = summed([first, second, []], [date(2025, 1, 1), date(2026, 1, 11), date(2027, 1, 1)])

    assert (before.due_cents, before.credited_cents) == (0, 0)
    assert (between.due_cents, between.credited_cents) == (1050, 550)
    assert (after.due_cents, after.credited_cents) == (1100, 600)
