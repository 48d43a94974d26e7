"""The geometry of bars: a value each, side by side; or one whole in its parts. For pages and paper alike.

Pure functions; templates/components/charts.html writes them as SVG.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

NAMES, NUMBERS = 150, 90
"""Pixels at the left for what a bar is called, and at the right for its number."""
ROW, THICK = 24, 15
HEIGHT = 30
PIXELS_A_CHARACTER = 7.2
PADDING = 16


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in pixels, what it is called and its number."""

    y: float
    width: float
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below each other."""

    width: int
    height: int
    bars: tuple[Bar, ...]

    left, thick = NAMES, THICK


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the whole in pixels. `text` stands in it: name and amount, name, or nothing, as there is room."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar in its parts."""

    width: int
    height: int
    pieces: tuple[Piece, ...]


def bars_of(values: Sequence[tuple[str, int]], width: int, written: Callable[[int], str]) -> Bars:
    """A bar for each value of 0 or more, the largest as wide as there is room."""
    largest = max((value for _name, value in values), default=0) or 1
    room = width - NAMES - NUMBERS
    bars = [
        Bar(n * ROW, max(0, value) / largest * room, name, written(value)) for n, (name, value) in enumerate(values)
    ]
    return Bars(width, len(values) * ROW, tuple(bars))


def stack_of(values: Sequence[tuple[str, int]], width: int, written: Callable[[int], str]) -> Stack:
    """The parts of a whole, in their order; a part of 0 or less has no piece."""
    parts = [(name, value) for name, value in values if value > 0]
    whole, pieces, x = sum(value for _name, value in parts) or 1, [], 0.0
    for name, value in parts:
        share = value / whole * width
        texts = (f"{name} {written(value)}", name, "")
        text = next(each for each in texts if not each or len(each) * PIXELS_A_CHARACTER + PADDING <= share)
        pieces.append(Piece(x, share, text))
        x += share
    return Stack(width, HEIGHT, tuple(pieces))
