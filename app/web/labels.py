"""Where the name of a line goes in a chart: beside the line, and on nothing else.

Pure geometry in pixels, y downwards. A few dozen places are tried and the one that covers least is taken, so that two
lines that run close together keep names that can be read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

Dot = tuple[float, float]

TEXT_HEIGHT = 12
# The mean width of a character of Source Sans 3 at 12 pixels, semi-bold, rounded up.
CHARACTER_WIDTH = 6.2
PLACES = 60
SAMPLE = 4
MARGIN = 3

# What it costs to cover a dot of a line, another name or the line of today; to stand far from the best place; and to
# stand on the other side of the line.
ON_A_LINE, ON_A_NAME, ON_TODAY, FAR, OTHER_SIDE = 40.0, 1000.0, 120.0, 30.0, 6.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; also the plot of a chart, in which names must stay."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, dot: Dot, margin: float = 0) -> bool:
        x, y = dot
        return self.left - margin < x < self.right + margin and self.top - margin < y < self.bottom + margin

    def meets(self, other: Box, margin: float = MARGIN) -> bool:
        across = self.left < other.right + margin and other.left < self.right + margin
        return across and self.top < other.bottom + margin and other.top < self.bottom + margin

    def is_within(self, other: Box) -> bool:
        across = self.left >= other.left and self.right <= other.right
        return across and self.top >= other.top and self.bottom <= other.bottom


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place; `anchor` as in SVG (start, middle, end), `role` says what it names."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    role: str = ""

    @property
    def box(self) -> Box:
        width = text_width(self.text)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return Box(left, self.y - TEXT_HEIGHT + 2, left + width, self.y + 3)


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that looks for its place along `line`, best at `share` of its length; `above` the line or below.

    Of several `texts`, the fullest first, a shorter one is taken where a longer one would cover something.
    """

    texts: tuple[str, ...]
    role: str
    line: Sequence[Dot]
    share: float
    above: bool


def text_width(text: str) -> float:
    return len(text) * CHARACTER_WIDTH


def place_all(wishes: Iterable[Wish], lines: Sequence[Sequence[Dot]], plot: Box, today: float | None) -> list[Label]:
    """A place for each name, in the order of importance; none for one that only fits on another name, or nowhere."""
    canvas = Canvas(plot, today, sorted(dot for line in lines for dot in sampled(line)))
    for wish in wishes:
        canvas.place(wish)
    return canvas.placed


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a name must not cover: the dots of the lines, from left to right, today, the names that have a place."""

    plot: Box
    today: float | None
    dots: Sequence[Dot]
    placed: list[Label] = field(default_factory=list)

    def place(self, wish: Wish) -> None:
        found: list[tuple[float, Label]] = []
        for text in wish.texts:
            if not found or found[0][0] >= ON_A_LINE:
                found = sorted([*found, *self._best(wish, text)], key=lambda each: each[0])
        self.placed.extend(label for cost, label in found[:1] if cost < ON_A_NAME)

    def _best(self, wish: Wish, text: str) -> list[tuple[float, Label]]:
        """The place for this text that costs least (the first of equals) with its cost; none when none fits."""
        best: list[tuple[float, Label]] = []
        for far, label in sorted(_places(wish, text), key=lambda each: each[0]):
            if best and far >= best[0][0]:
                break
            if label.box.is_within(self.plot):
                cost = far + self._cost(label)
                best = best if best and best[0][0] <= cost else [(cost, label)]
        return best

    def _cost(self, label: Label) -> float:
        box = label.box
        first = bisect_left(self.dots, (box.left - MARGIN, 0))
        last = bisect_right(self.dots, (box.right + MARGIN, inf))
        covered = sum(box.holds(dot, MARGIN) for dot in self.dots[first:last])
        names = sum(box.meets(other.box) for other in self.placed)
        crossed = self.today is not None and box.left - MARGIN < self.today < box.right + MARGIN
        return covered * ON_A_LINE + names * ON_A_NAME + crossed * ON_TODAY


def _places(wish: Wish, text: str) -> Iterable[tuple[float, Label]]:
    """Places along the line on both sides, each with what its distance from the best one costs."""
    first, last = wish.line[0][0], wish.line[-1][0]
    for step in range(PLACES + 1):
        share = step / PLACES
        x = first + (last - first) * share
        y = height_at(wish.line, x)
        far = abs(share - wish.share) * FAR
        for above in (True, False):
            cost = far + (0 if above is wish.above else OTHER_SIDE)
            for anchor in ("start", "middle", "end"):
                yield cost, Label(x, y - 8 if above else y + TEXT_HEIGHT + 4, text, anchor, wish.role)


def height_at(line: Sequence[Dot], x: float) -> float:
    """The y of a line at x; of its end where x lies beyond it."""
    for (x0, y0), (x1, y1) in pairwise(line):
        if x0 <= x <= x1:
            return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return line[0][1] if x < line[0][0] else line[-1][1]


def sampled(line: Sequence[Dot]) -> Iterable[Dot]:
    """Dots along a line, some pixels apart, its corners included."""
    for (x0, y0), (x1, y1) in pairwise(line):
        steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0)) / SAMPLE))
        for step in range(steps):
            yield x0 + (x1 - x0) * step / steps, y0 + (y1 - y0) * step / steps
    yield from line[-1:]


def without_collisions(labels: Iterable[Label], margin: float = 8) -> list[Label]:
    """Labels in the order of importance, without those that would touch one before them."""
    kept: list[Label] = []
    for label in labels:
        if not any(label.box.meets(other.box, margin) for other in kept):
            kept.append(label)
    return kept
