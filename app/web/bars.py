"""The geometry of the bars: a term's coverage by PSO certificates, and how far a contract is.

Pure functions from figures to pixels and percentages, for pages and paper alike, like app/web/charts.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from app.rules.dates import Period
from app.rules.ladder import Stretch
from app.rules.money import WHOLE
from app.web.charts import WIDE
from app.web.labels import Label, text_width, without_collisions


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the bar: `role` is full, part or none, by what it takes of the obligation."""

    x: float
    width: float
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class CoverageBar:
    """The bar, `height` pixels high, with the days under it."""

    width: int
    height: int
    pieces: tuple[Piece, ...]
    marks: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class CoverageWords:
    """The words of a bar: what a stretch is called, a day, and the day of a withdrawal."""

    name: Callable[[Stretch], str]
    day: Callable[[date], str]
    withdrawn: Callable[[date], str]


BAR_HEIGHT, MARKS_Y = 34, 54
INSET = 10


def coverage_bar(
    stretches: Sequence[Stretch], term: Period, words: CoverageWords, width: int = WIDE.width
) -> CoverageBar:
    """The stretches of a term to scale; a name that does not fit in its piece, or a day in its place, is left out."""

    def x(on: date) -> float:
        return width * (on - term.first).days / term.days

    ends = [Label(0, MARKS_Y, words.day(term.first)), Label(width, MARKS_Y, words.day(term.last), "end")]
    turns = [_turn(before, after, x(after.days.first), words, width) for before, after in pairwise(stretches)]
    pieces = tuple(
        _piece(each, x(each.days.first), width * each.days.days / term.days, words.name) for each in stretches
    )
    return CoverageBar(width, BAR_HEIGHT, pieces, tuple(without_collisions([*ends, *turns])))


def _piece(stretch: Stretch, x: float, width: float, name: Callable[[Stretch], str]) -> Piece:
    text = name(stretch)
    fits = text_width(text) + 2 * INSET <= width
    role = "full" if stretch.reduction >= WHOLE else "part" if stretch.reduction else "none"
    return Piece(x, width, role, text if fits else "")


def _turn(before: Stretch, after: Stretch, x: float, words: CoverageWords, width: int) -> Label:
    """The day on which one stretch follows another, under the boundary, and that it is one of a withdrawal."""
    first = after.days.first
    is_withdrawal = before.certificate is not None and before.certificate.withdrawn_on == first
    text = words.withdrawn(first) if is_withdrawal else words.day(first)
    half = text_width(text) / 2
    return Label(min(max(x, half), width - half), MARKS_Y, text, "middle")


@dataclass(frozen=True, slots=True)
class Progress:
    """A bar of what is credited, with a tick where it should be today.

    Percentages of the width, as SVG attributes; `due` is None when there is nothing to be reached.
    """

    done: str
    due: str | None


def progress(credited_cents: int, due_cents: int, net_cents: int) -> Progress:
    if net_cents <= 0:
        return Progress("0%", None)
    return Progress(_share(credited_cents, net_cents), _share(due_cents, net_cents))


def _share(cents: int, whole: int) -> str:
    return f"{min(max(cents, 0), whole) * 100 / whole:.1f}%"
