"""What the file of a scheme says beside its values: where it comes from, and which values are ours and not published.

Such remarks are comments in the file. Those of the shipped files are known by heart here, so that each can be read in
both languages; any other is shown as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import tomlkit
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Comment, Table, Whitespace

Path = tuple[str | int, ...]

OURS = re.compile(r"\bours\b|\bvan ons\b", re.IGNORECASE)
# A source names its site first: "utrecht.nl, Bouwblokkenmodel social return".
SITE = re.compile(r"(?P<site>[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}), ")

# The msgids of the shipped remarks.
SHIPPED = (
    _l("the page gives no date: ours"),
    _l("the page gives no date: ours, kept before the later version"),
    _l("the page does not say: ours"),
    _l("the page gives none: ours"),
    _l("the page gives none: ours, as in the neighbouring regions"),
    _l("euro; kinds that are not named below: ours"),
    _l(
        "Thresholds and maximum as published for Friesland (works 250,000, services 100,000, at most 300,000 a"
        " contract; penalty 1.0 after repair). No PSO rule was found: none here."
    ),
    _l(
        "As the first user described: a supplier at PSO level 2 need not do social return per project. Timing and"
        " settlement are ours."
    ),
    _l("No exemption by certificate."),
    _l(
        "As published for Wonen Limburg: a PSO certificate is a condition from 150,000. The level is not published:"
        " the lowest that is no intention."
    ),
    _l("A stepped discount, as several regions use in some form; the percentages are ours, no region's."),
)


@dataclass(frozen=True, slots=True)
class Remarks:
    """`above` stands before the first value; `ours` is, by the path of a value, what is said of it that is ours."""

    above: tuple[str, ...]
    ours: Mapping[Path, str]

    def on(self, *path: str | int) -> str:
        """In the reader's language; empty when nothing is said of that value."""
        return in_reader_language(self.ours.get(path, ""))


@lru_cache(maxsize=64)
def remarks_of(text: str) -> Remarks:
    """The remarks in the text of a scheme (which never changes, so it is read once)."""
    try:
        body = tomlkit.parse(text).body
    except TOMLKitError:  # it reads less than tomllib does, which is what counts for the values
        return Remarks((), {})
    comments = {path: comment for path, comment in _beside(body) if OURS.search(comment)}
    return Remarks(tuple(_above(body)), comments)


def in_reader_language(remark: str) -> str:
    return gettext(remark) if remark else ""


def site_of(source: str) -> str | None:
    """The address of the site that a source names first."""
    found = SITE.match(source)
    return f"https://{found['site']}" if found else None


def _above(body: Any) -> Iterator[str]:
    for _key, item in body:
        if isinstance(item, Comment):
            yield _words(item)
        elif not isinstance(item, Whitespace):
            return


def _beside(body: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    for key, item in body:
        if key is None:
            continue
        here = (*path, key.key)
        if isinstance(item, AoT):
            for number, each in enumerate(item.body):
                yield from _beside(each.value.body, (*here, number))
            continue
        yield here, _words(item)
        if isinstance(item, Table):
            yield from _beside(item.value.body, here)


def _words(item: Any) -> str:
    return str(item.trivia.comment).lstrip("# ").strip()
