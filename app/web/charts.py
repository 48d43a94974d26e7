"""The geometry of a course: what is due, credited and planned over time, from figures to pixels.

Pure functions, for pages and paper alike: templates/components/charts.html writes them as SVG, app/web/drawings.py
brings the words. Lines are named at the line, amounts are in thousands (or millions) of euro.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from app.rules import Assessment, Point
from app.rules.dates import ONE_DAY, add_months
from app.web.labels import Box, Dot, Label, Wish, place_all

THOUSAND, MILLION = 1_000_00, 1_000_000_00
IN_MILLIONS_FROM = 3 * MILLION // 2
NICE_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)
PIXELS_A_TICK = 40
PIXELS_A_MONTH = 46
LONG = 110
"""How wide a line is that has room for a name of its own."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is, in pixels; the plot lies within, past the margins for the axes' words."""

    width: int
    height: int

    @property
    def plot(self) -> Box:
        return Box(44, 26, self.width - 26, self.height - 26)


WIDE, COLUMN, NARROW = Size(640, 280), Size(460, 300), Size(330, 250)
"""A wide and a narrow column on a desk, and a phone: text must not shrink with the screen."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a chart in the reader's language; `net` is the whole name of that line, with its amount."""

    due: str
    credited: str
    credited_then_forecast: str
    forecast: str
    net: str
    today: str
    month: Callable[[date], str]
    month_with_year: Callable[[date], str]
    amount: Callable[[Decimal], str]
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, in pixels, and what stands there."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a chart: its role (due, plan, credited, forecast, net) and its corners in pixels."""

    role: str
    dots: tuple[Dot, ...]

    @property
    def points(self) -> str:
        """As the SVG attribute writes them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.dots)


@dataclass(frozen=True, slots=True)
class CourseChart:
    """A drawn course. `in_millions` says the unit of the amounts on the axis: millions of euro, else thousands."""

    size: Size
    in_millions: bool
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    today_x: float | None

    @property
    def plot(self) -> Box:
        return self.size.plot


@dataclass(frozen=True, slots=True)
class Scale:
    """From days and cents to pixels. A day's figures stand at its end, so a month begins where the day before ends."""

    plot: Box
    first: date
    last: date
    top_cents: int

    def x(self, day: date) -> float:
        days = max(1, (self.last - self.first).days)
        return self.plot.left + (self.plot.right - self.plot.left) * (day - self.first).days / days

    def y(self, cents: int | Decimal) -> float:
        return self.plot.bottom - (self.plot.bottom - self.plot.top) * float(cents) / self.top_cents


def points_with(points: Sequence[Point], assessment: Assessment) -> list[Point]:
    """The course of a contract with the as-of day itself in it, so that what was done and the forecast meet there."""
    known = [each for each in points if each.on != assessment.on]
    if not known or not known[0].on < assessment.on < known[-1].on:
        return list(points)
    now = Point(assessment.on, assessment.due_cents, assessment.credited_cents)
    return sorted([*known, now], key=lambda each: each.on)


def course_chart(
    points: Sequence[Point],
    *,
    on: date,
    net_cents: int | None,
    words: Words,
    size: Size = WIDE,
    plan: Sequence[Point] = (),
) -> CourseChart:
    """The course of what is due and credited; after `on` what is credited is forecast. Two points or more.

    Without `net_cents` (a portfolio) there is no line that it ends at. `plan` is what is planned, as what is credited.
    """
    highest = max(net_cents or 0, *(max(each.due_cents, each.credited_cents) for each in points), THOUSAND)
    highest = max(highest, *(each.credited_cents for each in plan)) if plan else highest
    step = nice_step(highest, size)
    scale = Scale(size.plot, points[0].on, points[-1].on, -(-highest // step) * step)
    in_millions = highest >= IN_MILLIONS_FROM
    lines = tuple(_lines(points, on, net_cents, scale, plan))
    today = scale.x(on) if points[0].on <= on <= points[-1].on else None
    return CourseChart(
        size,
        in_millions,
        tuple(_month_ticks(scale, words)),
        tuple(_amount_ticks(scale, step, MILLION if in_millions else THOUSAND, words)),
        lines,
        tuple(_names(lines, words, size.plot, today)),
        today,
    )


def nice_step(highest: int, size: Size) -> int:
    """The distance between two amounts on the axis, in cents: 1, 2, 2.5 or 5 times a power of ten."""
    most = max(2, int((size.plot.bottom - size.plot.top) / PIXELS_A_TICK))
    rough = Decimal(highest) / most
    power = Decimal(10) ** rough.adjusted()
    return int(next(power * nice for nice in NICE_STEPS if power * nice >= rough))


def _amount_ticks(scale: Scale, step: int, unit: int, words: Words) -> Iterator[Tick]:
    for cents in range(0, scale.top_cents + 1, step):
        yield Tick(scale.y(cents), words.amount(Decimal(cents) / unit))


def _month_ticks(scale: Scale, words: Words) -> Iterator[Tick]:
    """The first days of months, so far apart that their names fit; the first and each January carry the year."""
    first = scale.first + ONE_DAY
    months = list(_months(first, scale.last + ONE_DAY))
    room = max(1, int((scale.plot.right - scale.plot.left) / PIXELS_A_MONTH))
    step = next((each for each in MONTH_STEPS if len(months) / each <= room), MONTH_STEPS[-1])
    shown = [day for day in months if (day.year * 12 + day.month - 1) % step == 0]
    for place, day in enumerate(shown):
        with_year = place == 0 or day.month == 1
        yield Tick(scale.x(day - ONE_DAY), words.month_with_year(day) if with_year else words.month(day))


def _months(first: date, last: date) -> Iterator[date]:
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            yield day
        day = add_months(day, 1)


def _lines(
    points: Sequence[Point], on: date, net_cents: int | None, scale: Scale, plan: Sequence[Point]
) -> Iterator[Line]:
    if net_cents:
        y = scale.y(net_cents)
        yield Line("net", ((scale.plot.left, y), (scale.plot.right, y)))
    yield Line("due", tuple((scale.x(each.on), scale.y(each.due_cents)) for each in points))
    if len(plan) > 1:
        yield Line("plan", tuple((scale.x(each.on), scale.y(each.credited_cents)) for each in plan))
    done = [(scale.x(each.on), scale.y(each.credited_cents)) for each in points if each.on <= on]
    expected = [(scale.x(each.on), scale.y(each.credited_cents)) for each in points if each.on > on]
    if len(done) > 1:
        yield Line("credited", tuple(done))
    if expected and len(done[-1:] + expected) > 1:
        yield Line("forecast", tuple(done[-1:] + expected))


def _names(lines: Sequence[Line], words: Words, plot: Box, today: float | None) -> Iterator[Label]:
    by_role = {line.role: line.dots for line in lines}
    if today is not None:
        is_late = today > (plot.left + plot.right) / 2
        yield Label(
            today - 5 if is_late else today + 5, plot.top - 10, words.today, "end" if is_late else "start", "today"
        )
    wishes = []
    if "net" in by_role:
        wishes.append(Wish((words.net,), "net", by_role["net"], 0.02, above=True))
    wishes.append(Wish((words.due,), "due", by_role["due"], 0.4, above=True))
    wishes += _names_of_done(by_role.get("credited", ()), by_role.get("forecast", ()), words)
    if "plan" in by_role:
        wishes.append(Wish((words.plan,), "plan", by_role["plan"], 0.85, above=True))
    yield from place_all(wishes, [line.dots for line in lines], plot, today)


def _names_of_done(done: tuple[Dot, ...], expected: tuple[Dot, ...], words: Words) -> Iterator[Wish]:
    """Names for what is credited and the forecast after it: one each where both are long, else one at the longer."""
    if done and expected and min(_width(done), _width(expected)) >= LONG:
        yield Wish((words.credited,), "credited", done, 0.7, above=False)
        yield Wish((words.forecast,), "credited", expected, 0.6, above=False)
    elif done and expected:
        is_done = _width(done) >= _width(expected)
        texts = words.credited_then_forecast, words.credited if is_done else words.forecast
        yield Wish(texts, "credited", done if is_done else expected, 0.7, above=False)
    elif done or expected:
        yield Wish((words.credited if done else words.forecast,), "credited", done or expected, 0.7, above=False)


def _width(line: Sequence[Dot]) -> float:
    return line[-1][0] - line[0][0]


def planned_at(plan: Sequence[Point], days: Sequence[date]) -> list[int]:
    """What is planned at the end of each of these days, in cents: for the table beside a chart."""
    return [point.credited_cents for point in summed([plan], days)]


def summed(courses: Iterable[Sequence[Point]], days: Sequence[date]) -> list[Point]:
    """Several courses together, read at each of `days`: straight between a course's points, level beyond its ends."""
    courses = [course for course in courses if course]
    return [
        Point(
            day,
            round(sum(_read(course, day, lambda point: point.due_cents) for course in courses)),
            round(sum(_read(course, day, lambda point: point.credited_cents) for course in courses)),
        )
        for day in days
    ]


def _read(course: Sequence[Point], day: date, value: Callable[[Point], int]) -> float:
    for before, after in pairwise(course):
        if before.on <= day < after.on:
            share = (day - before.on).days / (after.on - before.on).days
            return value(before) + (value(after) - value(before)) * share
    return value(course[0]) if day < course[0].on else value(course[-1])
