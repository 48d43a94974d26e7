"""Bad input, tried on a form as a browser sends it: it is refused beside its field and nothing is written.

A room keeps a table of `Bad` for each of its forms; `expect_each_refused` tries all of it and says which lines fail:

    def test_what_cannot_be_is_refused(app: Flask) -> None:
        expect_each_refused(app, browser, "/contract/new", GOOD, BAD)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from flask import Flask
from flask.testing import FlaskClient

from tests.web.world import digest

REFUSED = 422
MARKUP = "<script>alert(1)</script>\"'>"
UNSEEN = ("csrf_token", "version", "seen", "key", "action", "next")
"""What people do not type: a refused form may come back with other values of these."""


@dataclass(frozen=True, slots=True)
class Bad:
    """What is typed in one field of a form that is right but for that, and words of the sentence about it.

    `beside` is the id of the field where the sentence stands when that is another field, "" when it stands above the
    form.
    """

    field: str
    typed: str
    words: str
    status: int = REFUSED
    beside: str | None = None

    def __str__(self) -> str:
        typed = f"{self.typed[:20]}..." if len(self.typed) > len("a long text of a test") else self.typed
        return f"{self.field}={typed}"


class Page(HTMLParser):
    """The fields of a page with what stands in them, as a browser would send them, and the sentences beside them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self.errors: dict[str, str] = {}
        self.alerts = ""
        self._select = self._textarea = self._error = ""
        self._alert = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name, value = has.get("name") or "", has.get("value") or ""
        if tag == "input" and has.get("type") in ("checkbox", "radio"):
            if "checked" in has:
                self.fields[name] = value or "on"
        elif tag == "input":
            self.fields[name] = value
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self._offer(value, is_chosen="selected" in has)
        elif tag == "textarea":
            self._textarea, self.fields[name] = name, ""
        elif tag == "div":
            self._alert += bool(self._alert) or "alert-danger" in (has.get("class") or "")
            if "invalid-feedback" in (has.get("class") or ""):
                self._error = (has.get("id") or "").removesuffix("-error")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            # A browser leaves out the line break that WTForms puts first.
            self.fields[self._textarea] = self.fields[self._textarea].removeprefix("\r\n").replace("\r\n", "\n")
            self._textarea = ""
        elif tag == "div":
            self._alert, self._error = max(self._alert - 1, 0), ""

    def handle_data(self, data: str) -> None:
        plain = " ".join(data.replace("\N{NO-BREAK SPACE}", " ").split())
        if self._textarea:
            self.fields[self._textarea] += data
        elif self._error:
            self.errors[self._error] = f"{self.errors.get(self._error, '')} {plain}".strip()
        elif self._alert:
            self.alerts = f"{self.alerts} {plain}".strip()

    def _offer(self, value: str, *, is_chosen: bool) -> None:
        self.options.setdefault(self._select, []).append(value)
        if is_chosen or self._select not in self.fields:
            self.fields[self._select] = value


def opened(client: FlaskClient, address: str) -> dict[str, str]:
    """The form at an address as a browser would send it when nothing is typed: with its version and its choices."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status
    return Page(answer.text).fields


def expect_refused(app: Flask, client: FlaskClient, address: str, good: Mapping[str, str], bad: Bad) -> Page:
    """Send the form `good` with one thing wrong: the sentence stands beside it, all that was typed is still there, and
    nothing is written. Gives the page for what a test looks at besides."""
    before = digest(app)
    sent = {**good, bad.field: bad.typed}
    answer = client.post(address, data=sent)
    page, beside = Page(answer.text), bad.field if bad.beside is None else bad.beside

    assert answer.status_code == bad.status, (answer.status, page.errors, page.alerts)
    assert bad.words in (page.errors.get(beside, "") if beside else page.alerts), (page.errors, page.alerts)
    assert {name: page.fields.get(name) for name in sent if _stays(page, name, sent[name])} == {
        name: text for name, text in sent.items() if _stays(page, name, text)
    }
    assert "<script>alert" not in answer.text
    assert digest(app) == before
    return page


def expect_each_refused(
    app: Flask, client: FlaskClient, address: str, good: Mapping[str, str], table: Iterable[Bad]
) -> None:
    """Try a whole table on one form, and fail with every line of it that was not refused as it says."""
    failed = []
    for bad in table:
        try:
            expect_refused(app, client, address, good, bad)
        except AssertionError as error:
            failed.append(f"{bad}: {error}")
    assert failed == []


def expect_kept_as_text(client: FlaskClient, address: str, good: Mapping[str, str], field: str) -> str:
    """Send the form with markup in a field of free text: it is saved, and shown as text. Gives the page after it."""
    answer = client.post(address, data={**good, field: MARKUP}, follow_redirects=True)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    return answer.text


def _stays(page: Page, name: str, text: str) -> bool:
    """Whether a field comes back as it was sent: not what nobody types, nor a choice that is not offered."""
    return name not in UNSEEN and (name not in page.options or text in page.options[name])
