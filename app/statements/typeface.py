"""Our own fonts, the style sheet, and the gate: what WeasyPrint may open, and nothing else.

Read once a process and kept: decoding the fonts and parsing the sheet anew would take a third of the time of a paper.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from config import ROOT

FONTS = ROOT / "app" / "static" / "fonts"
SHEET = ROOT / "templates" / "pdf" / "statement.css"
SCHEME = "wederdienst:"
LOGO_ADDRESS = f"{SCHEME}logo"
FAMILIES = {"source-sans-3": "Source Sans 3", "noto-sans-arabic": "Noto Sans Arabic"}
NO_GLYPH = "?"
UNSEEN = frozenset("\n\r\t")

# It warns of CSS that it doesn't know and of what the gate refuses; both are of no use to who runs the product.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class Gate(URLFetcher):  # type: ignore[misc]
    """Opens our own font files, and the logo that a paper has itself, under a scheme of our own.

    Every other address, also of a file, is refused.
    """

    def __init__(self, logo: bytes | None = None) -> None:
        super().__init__()
        self._logo = logo

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Errors: ValueError for all else than a font of ours and the logo."""
        if url == LOGO_ADDRESS and self._logo is not None:
            return URLFetcherResponse(url, self._logo, {"Content-Type": "image/png"})
        path = FONTS / url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or path not in font_files():
            raise ValueError(f"a statement opens nothing but its fonts and its logo, not {url}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/woff2"})


@dataclass(frozen=True, slots=True)
class Style:
    """The parsed sheet and the fonts."""

    sheet: CSS
    fonts: FontConfiguration


@cache
def font_files() -> tuple[Path, ...]:
    return tuple(sorted(FONTS.glob("*-normal.woff2")))


@cache
def style() -> Style:
    """The style of this process."""
    fonts = FontConfiguration()
    return Style(CSS(string=sheet_text(), font_config=fonts, url_fetcher=Gate()), fonts)


def sheet_text() -> str:
    """The style sheet with a rule for each font file."""
    return "\n".join([*map(_face, font_files()), SHEET.read_text(encoding="utf-8")])


def _face(path: Path) -> str:
    """The rule of a font file, called like `source-sans-3-latin-ext-600-normal.woff2`."""
    family = next(name for prefix, name in FAMILIES.items() if path.name.startswith(prefix))
    weight = path.name.split("-")[-2]
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url({SCHEME}{path.name}) }}'


@cache
def characters() -> frozenset[str]:
    """What our fonts can write."""
    written = set(UNSEEN)
    for path in font_files():
        with TTFont(path, lazy=True) as font:
            written |= {chr(code) for code in font.getBestCmap()}
    return frozenset(written)


def writable(text: str) -> str:
    """`text` with a question mark for what no font of ours has: else a font of the machine would be taken.

    Forms refuse such characters; facts that came by another way must not make a paper that differs by machine.
    """
    foreign = set(text) - characters()
    return text.translate(dict.fromkeys(map(ord, foreign), NO_GLYPH)) if foreign else text
