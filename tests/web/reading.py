"""A page as people read it."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser


class Words(HTMLParser):
    """What stands between the marks."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def words(page: str) -> str:
    """What the main part says, or a piece of a page, with plain blanks."""
    begin, end = page.find("<main"), page.find("</main>")
    reader = Words()
    reader.feed(page[begin:end] if begin >= 0 else page)
    return " ".join(" ".join(reader.said).replace("\N{NO-BREAK SPACE}", " ").split())


def plain(page: str) -> str:
    """The page with its marks, but with plain blanks and signs as they are read."""
    return " ".join(unescape(page).replace("\N{NO-BREAK SPACE}", " ").split())
