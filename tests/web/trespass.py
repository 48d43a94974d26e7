"""Trying, as a stranger, to reach what is of the first house of `neighbours.py`.

A `Try` is something that the stranger may send, a form or a link of their own pages, with one value that can be
another. What comes back for a value of the first house has to be what comes back for one that belongs to nothing, to
the letter, and nothing may be written.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from html import unescape
from io import BytesIO
from urllib.parse import parse_qsl, quote, urlencode

from flask import Flask
from werkzeug.routing import Rule as Route
from werkzeug.test import TestResponse

from app.accounts.sessions import FILES
from app.extensions import db
from tests.people import client_of
from tests.web.matrix import Page
from tests.web.naming import TYPED, Values, that_is_not, values_of
from tests.web.neighbours import HOUSE_WORD, NEXT_DOOR, WORD, Neighbours, Stranger

OK = 200
FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
FIELD = re.compile(r"<(input|button|select|option|textarea)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
LINK = re.compile(r'href="(/[^"#]*\?[^"#]*)')
SEEN = re.compile(r"(?<=^\d{7})\.\d+$")
NUMBER = re.compile(r"\d{7}")
# What differs with the second or is made at random, and a hash of what was sent.
TOKEN = re.compile(r'<input[^>]* name="(?:csrf_token|shown|key)"[^>]*>')
# What stands in an empty field, so that a form is refused for what is tried only.
WHOLE = {
    "number": "2026/77 x",
    "title": "Onderhoud",
    "contract_sum": "100.000",
    "percentage": "5",
    "starts_on": "1-2-2026",
    "ends_on": "31-10-2026",
    "person": "SR-7",
    "hours": "32",
    "name": "J. Jansen",
    "email": "j.jansen@example.org",
    "reason": "Daarom",
    "kvk": "12345678",
}
# Whoever holds a statement may ask whether it is genuine: its code is on the paper.
OPEN = frozenset({"/verify"})


@dataclass(frozen=True, slots=True)
class Try:
    """Something that a stranger may send, in which the value of `name` can be one of `column`.

    A row that is chosen as it was seen has its version behind its number ("17.1"). A field that each row has for itself
    has the number in its name ("c{}-share").
    """

    method: str
    path: str
    name: str
    column: str
    fields: Sequence[tuple[str, str]] = ()
    version: str = ""

    def sent(self, value: str) -> tuple[str, str]:
        return (self.name, value) if "{}" not in self.name else (self.name.format(value), "1")

    @property
    def kind(self) -> tuple[str, ...]:
        """What is tried once: forms and links of one kind differ in the numbers of their addresses only."""
        return self.method, re.sub(r"/\d{7}\b", "/N", self.path), self.name, self.column


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it: the status in the end, whether something was written, the page without what was sent."""

    status: int
    is_written: bool
    page: str


class Walk:
    """The strangers with their browsers, what they can look at, and how many checks there were."""

    def __init__(self, app: Flask, made: Neighbours) -> None:
        self.app, self.made = app, made
        self.values = values_of(app)
        self.checks: Counter[str] = Counter()
        self._clients = {stranger.name: client_of(app, stranger.user_id) for stranger in made.strangers}
        with app.app_context():
            # An application that is lent has other files than the one that its engine was made for.
            self._file = db.session.connection().exec_driver_sql("PRAGMA database_list").one().file
            db.session.rollback()
        self._first = sqlite3.connect(":memory:")
        self._watch = sqlite3.connect(self._file)
        self._watch.backup(self._first)

    @cached_property
    def pages(self) -> list[tuple[Stranger, str, TestResponse]]:
        """All that the strangers can look at of their own, each page once for each of them."""
        return [
            (stranger, path, answer)
            for stranger in self.made.strangers
            for path in addresses(self.app, stranger)
            if (answer := self.get(stranger, path)).status_code == OK
        ]

    def get(self, stranger: Stranger, path: str) -> TestResponse:
        return self._clients[stranger.name].get(path, buffered=True)

    def compare(self, stranger: Stranger, tried: Try, foreign: str, nothing: str | None = None) -> str:
        """What is wrong when a value is one of the first house, beside one that belongs to nothing; "" when all is
        well."""
        theirs = self.send(stranger, tried, foreign + tried.version)
        expected = self.send(stranger, tried, (nothing or that_is_not(foreign)) + tried.version)
        told = f"{stranger.name}: {' '.join(tried.kind)} = {foreign}"
        if theirs != expected:
            lines = zip(theirs.page.splitlines(), expected.page.splitlines(), strict=False)
            differs = next((f"{one.strip()} | {other.strip()}" for one, other in lines if one != other), "")
            statuses = f"{theirs.status}, {theirs.is_written}, not {expected.status}, {expected.is_written}"
            return f"{told}: {statuses}: {differs}"
        return f"{told} tells of the other house" if tells(theirs.page, stranger) else ""

    def send(self, stranger: Stranger, tried: Try, value: str) -> Came:
        """Send it with that value; what it writes is undone."""
        client, before = self._clients[stranger.name], self._version()
        sent = [*((name, text) for name, text in tried.fields if name != tried.name), tried.sent(value)]
        if tried.method == "get":
            answer = client.get(f"{tried.path}?{urlencode(sent)}", follow_redirects=True, buffered=True)
        else:
            answer = client.post(tried.path, data=by_name(sent), follow_redirects=True, buffered=True)
        return Came(answer.status_code, self._undone(before), without(answer.text, value))

    def upload(self, stranger: Stranger, path: str, content: bytes) -> Came:
        """A file with that content; what it writes is undone."""
        before = self._version()
        data = {"files": (BytesIO(content), "Bewijs.pdf"), "description": "Bewijs"}
        answer = self._clients[stranger.name].post(path, data=data, follow_redirects=True, buffered=True)
        is_written = self._undone(before)
        return Came(answer.status_code, is_written, without(answer.text, sha256(content).hexdigest()))

    def ask(self, stranger: Stranger, method: str, path: str) -> Came:
        """An address, with an empty form when the method is POST; the page without the address itself."""
        before = self._version()
        answer = self._clients[stranger.name].open(path, method=method, buffered=True)
        return Came(answer.status_code, self._version() != before, without(answer.text, path))

    def _undone(self, before: int) -> bool:
        """Whether something was written since; then all is again as it was at first."""
        is_written = self._version() != before
        if is_written:
            with closing(sqlite3.connect(self._file)) as file:
                self._first.backup(file)
        return is_written

    def _version(self) -> int:
        """A number that is another after every write."""
        return int(self._watch.execute("PRAGMA data_version").fetchone()[0])


def addresses(app: Flask, stranger: Stranger) -> Iterator[str]:
    """The pages and files of which all parameters have a value that is the stranger's own."""
    for route in app.url_map.iter_rules():
        own = {name: stranger.values.get(name, "") for name in route.arguments}
        if "GET" in (route.methods or ()) and route.endpoint not in FILES and all(own.values()):
            yield address(route, own)


def address(route: Route, values: Mapping[str, str]) -> str:
    built = route.build(dict(values))
    assert built is not None, f"an example does not fit {route}"
    return built[1]


def by_name(fields: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, text in fields:
        found[name].append(text)
    return found


def without(page: str, value: str) -> str:
    """A page without form tokens, and without a value that was sent, however it is written there."""
    page = unescape(TOKEN.sub("", page))
    for written in (value, quote(value), quote(value, safe=""), urlencode({"": value})[1:], json.dumps(value)[1:-1]):
        page = page.replace(written, "")
    return page


def tells(text: str, stranger: Stranger) -> bool:
    """Whether a word of the other house stands in it."""
    words = (WORD,) if stranger.home == NEXT_DOOR else (WORD, HOUSE_WORD)
    return any(word.lower() in text.lower() for word in words)


def tries_on(page: str, path: str, home: int, values: Values) -> Iterator[Try]:
    """Where something can be named in the forms and the links of a page."""
    for attributes, body in FORM.findall(page):
        yield from _tries_in_form(dict(ATTRIBUTE.findall(attributes)), body, path, home, values)
    for link in LINK.findall(page):
        target, _, query = unescape(link).partition("?")
        for name, text in parse_qsl(query):
            if column := column_named(name, [text], home, values):
                yield Try("get", target, name, column, parse_qsl(query))


def _tries_in_form(form: Mapping[str, str], body: str, path: str, home: int, values: Values) -> Iterator[Try]:
    fields, offered = Page(body).fields, offered_in(body)
    fields |= {name: texts[0] for name, texts in offered.items() if name == "action"}
    sent = [(name, text or WHOLE.get(name, "")) for name, text in fields.items()]
    target, method = unescape(form.get("action") or path).partition("?")[0], form.get("method", "get").lower()
    for name in {**fields, **offered}:
        column = column_named(name, offered.get(name, []), home, values)
        version = next((found[0] for text in offered.get(name, []) if (found := SEEN.search(text))), "")
        number = NUMBER.search(name)
        if number:
            column = values.column_of(home, number[0])
        if column and target not in OPEN:
            yield Try(method, target, NUMBER.sub("{}", name), column, sent, version)


def offered_in(form: str) -> dict[str, list[str]]:
    """By field the values that a form offers or holds."""
    found: dict[str, list[str]] = defaultdict(list)
    select_name = ""
    for tag, attributes in FIELD.findall(form):
        has = dict(ATTRIBUTE.findall(attributes))
        if tag == "select":
            select_name = has.get("name", "")
        elif name := select_name if tag == "option" else has.get("name"):
            found[name].append(unescape(has.get("value", "")))
    return found


def column_named(name: str, offered: Sequence[str], home: int, values: Values) -> str | None:
    """The column of which a field takes a value: that of what it offers, or what people type in it."""
    columns = (values.column_of(home, SEEN.sub("", text)) for text in offered)
    return next((column for column in columns if column), None) or TYPED.get(name)
