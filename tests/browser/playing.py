"""Somebody who walks through the product: finds buttons and links by the words on them, in their own language.

The words come from the product's own catalogue: a text without a translation fails, and so does a button that says
something else. Every step of a journey is timed; `python -m bench.journeys` prints the times.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import GNUTranslations
from time import perf_counter
from typing import Any, Literal

from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from app.accounts.models import Language
from config import ROOT
from tests.browser.conftest import Site
from tests.people import client_of

CATALOGUE = ROOT / "app/translations/nl/LC_MESSAGES/messages.mo"
READY: Literal["domcontentloaded"] = "domcontentloaded"
PATIENCE = 10_000
"""Milliseconds: a busy machine is slow, a button that is not there will not come."""
STEPS: list[tuple[float, str]] = []
"""What every step of every journey took, in seconds."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of the product in a language; the source texts are English."""

    language: Language
    catalogue: GNUTranslations

    @classmethod
    def of(cls, language: Language) -> Words:
        with CATALOGUE.open("rb") as file:
            return cls(language, GNUTranslations(file))

    def __call__(self, text: str, **values: Any) -> str:
        """Errors: AssertionError for a text that has no translation."""
        said = text if self.language == Language.ENGLISH else self.catalogue.gettext(text)
        assert self.language == Language.ENGLISH or said != text, f"no translation of {text!r}"
        return said % values if values else said


@dataclass(frozen=True, slots=True)
class Player:
    """A window of somebody, and the words that they read."""

    page: Page
    words: Words

    def press(self, text: str, **values: Any) -> None:
        """Press the button, and wait for the page that it leads to."""
        self._leave_by(self.page.get_by_role("button", name=self.words(text, **values), exact=True))

    def follow(self, text: str, **values: Any) -> None:
        """Follow the first link with these words."""
        self._leave_by(self.page.get_by_role("link", name=self.words(text, **values)).first)

    def open(self, text: str, within: str = "main") -> None:
        """Follow the first link with a text that somebody typed."""
        self._leave_by(self.page.locator(within).get_by_role("link", name=text).first)

    def reads(self, text: str, **values: Any) -> None:
        expect(self.page.get_by_text(self.words(text, **values)).first).to_be_visible()

    def fill(self, **fields: str) -> None:
        """Type in fields by their ids; a choice is chosen."""
        for name, text in fields.items():
            field = self.page.locator(f"#{name}")
            if field.evaluate("field => field.localName") == "select":
                field.select_option(text)
            else:
                field.fill(text)

    def figure(self, key: str) -> int:
        return int(self.page.locator(f"data#{key}").get_attribute("value") or "")

    def goto(self, address: str) -> None:
        self.page.goto(address, wait_until=READY)

    def _leave_by(self, it: Locator) -> None:
        with self.page.expect_navigation(wait_until=READY):
            it.click()
        is_too_wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not is_too_wide, f"{self.page.url} is wider than the window"


@dataclass(frozen=True, slots=True)
class Stage:
    """A site with browsers of a size and a language."""

    chromium: Browser
    site: Site
    size: tuple[int, int]
    words: Words

    @contextmanager
    def enter(self, user_id: int | None = None) -> Iterator[Player]:
        """Somebody in a browser of their own, who has logged in before; None: without an account."""
        context = self.chromium.new_context(
            base_url=self.site.address,
            viewport={"width": self.size[0], "height": self.size[1]},
            locale={Language.DUTCH: "nl-NL", Language.ENGLISH: "en-GB"}[self.words.language],
            timezone_id="Europe/Amsterdam",
        )
        if user_id is not None:
            context.add_cookies([self.site.make(lambda app: self._cookie(app, user_id))])
        context.set_default_timeout(PATIENCE)
        yield Player(context.new_page(), self.words)
        context.close()

    def _cookie(self, app: Flask, user_id: int) -> Any:
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = client_of(app, user_id).get_cookie(name)
        assert cookie is not None
        return {"name": name, "value": cookie.value, "url": self.site.address}


@contextmanager
def step(name: str) -> Iterator[None]:
    """One step of a journey, and what it takes."""
    begun = perf_counter()
    yield
    STEPS.append((perf_counter() - begun, name))
