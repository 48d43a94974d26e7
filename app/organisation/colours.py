"""A corporation's own colour: whether it can be read, and the tints of it that pages need, light and dark.

Contrast as WCAG 2.2 reckons it (relative luminance of sRGB), from 1 to 21; text needs 4.5.
"""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal

from app.web.errors import Invalid

NEEDED = Decimal("4.5")
PRODUCT = "#0b5a66"
WHITE, BLACK = "#ffffff", "#000000"
# The grounds of app/static/wederdienst.css on which text in the accent stands; on white it is clearer still.
LIGHT_GROUND, DARK_GROUND, DARK_INK = "#f4f6f8", "#18212a", "#10171d"
# In the dark a tint should be as easy on the eyes as the product's own.
DARK_CONTRAST = 7
STEPS = 20
HEX = re.compile(r"#?(?P<digits>[0-9a-f]{6})", re.IGNORECASE)


def colour(typed: str) -> str:
    """The colour that somebody typed, "#0B5A66" or "0b5a66", in small letters.

    Errors: Invalid (`colour_unclear`; `colour_too_light` when it cannot be read on the ground of the pages, which would
    also make white text on it hard to read).
    """
    match = HEX.fullmatch(typed.strip())
    if match is None:
        raise Invalid("colour_unclear", typed=typed)
    found = f"#{match['digits'].lower()}"
    reached = contrast(found, LIGHT_GROUND)
    if reached < NEEDED:
        shown = Decimal(reached).quantize(Decimal("0.1"), ROUND_FLOOR)
        raise Invalid("colour_too_light", contrast=shown, needed=NEEDED)
    return found


def contrast(one: str, other: str) -> float:
    """How clearly two colours differ, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def stylesheet(accent: str) -> str:
    """The roles of the style sheet that follow from an accent, for light and for dark."""
    return f":root{{{_roles(light(accent))}}}\n@media (prefers-color-scheme:dark){{:root{{{_roles(dark(accent))}}}}}\n"


def light(accent: str) -> dict[str, str]:
    return {
        "accent": accent,
        "on-accent": WHITE,
        "accent-deep": mixed(accent, BLACK, 0.25),
        "accent-pale": _pale(accent, WHITE),
    }


def dark(accent: str) -> dict[str, str]:
    """A lighter tint of it, that can be read on a dark ground and has dark text on it."""
    tint = _first_readable(accent, WHITE, DARK_GROUND, DARK_CONTRAST)
    return {
        "accent": tint,
        "on-accent": DARK_INK,
        "accent-deep": mixed(tint, WHITE, 0.35),
        "accent-pale": _pale(tint, DARK_GROUND),
    }


def mixed(one: str, other: str, share: float) -> str:
    """`one` with that share of `other` in it."""
    return "#" + "".join(
        f"{round(a + (b - a) * share):02x}" for a, b in zip(_channels(one), _channels(other), strict=True)
    )


def _pale(accent: str, ground: str) -> str:
    """A ground in the tone of the accent on which the accent itself can be read."""
    start = mixed(accent, ground, 0.86)
    return _first_readable(start, ground, accent, float(NEEDED))


def _first_readable(start: str, end: str, beside: str, needed: float) -> str:
    """The first colour on the way from `start` to `end` that differs enough from `beside`; else the end."""
    way = (mixed(start, end, step / STEPS) for step in range(STEPS + 1))
    return next((each for each in way if contrast(each, beside) >= needed), end)


def _roles(colours: dict[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in colours.items())


def _luminance(hexadecimal: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(hexadecimal))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(hexadecimal: str) -> tuple[int, int, int]:
    red, green, blue = (int(hexadecimal[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue
