"""What pages say went through the catalogue, but for what people typed themselves: so no page mixes two languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from babel.dates import get_month_names
from babel.support import NullTranslations
from flask import Flask
from flask_babel import Domain
from sqlalchemy import select

from app.accounts.models import Role
from app.accounts.sessions import FILES
from app.contracts.models import Contract
from app.database import Base
from app.extensions import db
from config import ROOT
from tests.people import client_of
from tests.web import world
from tests.web.busy import fill
from tools.texts import in_page, is_for_translation

MONTHS = "|".join(f"{month}|{month[:3]}" for month in get_month_names("wide", locale="en").values())
DAY = re.compile(rf"\b(\d{{1,2}}\s)?({MONTHS})(\s\d{{2,4}})?\b")
SITE = re.compile(r"\b[a-z.-]+\.(nl|org)\b")
NO_WORDS = re.compile(
    # Units, the key of an authenticator app, and how a sample is drawn again: keys and a command for a shell.
    r"\b(kB|PDF)\b|\b([A-Z2-7]{4} ){7}[A-Z2-7]{4}|\bactivity:\d+|tail -n .*"
)
MARK, END = "⟦", "⟧"
# Names, numbers and texts of the world; a bare lower-case word is a code, which no page may show.
TYPED, SHORTEST = re.compile(r"[A-Z0-9 -]"), 3
QUOTED = re.compile(r'"([^"\n]+)"')
CODES = {code for path in (ROOT / "data").rglob("*.toml") for code in QUOTED.findall(path.read_text(encoding="utf-8"))}


class Marked(NullTranslations):
    """Marks what it translates."""

    def ugettext(self, message: str) -> str:
        return f"{MARK}{message}{END}"

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        return f"{MARK}{singular if number == 1 else plural}{END}"


@pytest.fixture
def made(app: Flask) -> world.World:
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a page that breaks is for test_permissions.py
    made = world.make(app)
    with app.app_context():
        fill(db.session.get_one(Contract, int(made.values["contract_id"])))
    return made


@pytest.fixture
def data(app: Flask, made: world.World) -> re.Pattern[str]:
    """The texts of the world, also those inside a rate table or a policy."""
    found = set()
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                for value in row:
                    if isinstance(value, str):
                        found |= {value, *QUOTED.findall(value)}
    typed = [re.escape(text) for text in found if len(text) > SHORTEST and TYPED.search(text)]
    return re.compile("|".join(sorted(typed, key=len, reverse=True)))


def pages(app: Flask, made: world.World) -> Iterator[tuple[str, str]]:
    """Each page that an administrator can open, and one that there is not: its route and its content."""
    client = client_of(app, made.people[Role.ADMINISTRATOR])
    for route in app.url_map.iter_rules():
        built = route.build(made.own(route)) if "GET" in (route.methods or ()) else None
        if built and route.endpoint not in FILES:
            answer = client.get(f"{built[1]}?lang=en")
            if answer.mimetype == "text/html" and answer.status_code == 200:
                yield str(route), answer.text
    yield "no such page", client.get("/no-such-page?lang=en").text


def without(data: re.Pattern[str], text: str) -> str:
    """A text of a page without what people typed, and without the codes of a rate table or policy."""
    return " ".join(word for word in data.sub(" ", text).split() if word.strip("(·:,)") not in CODES)


def test_what_a_page_says_went_through_the_catalogue(
    app: Flask, made: world.World, data: re.Pattern[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Domain, "get_translations", lambda _: Marked())
    wrong = {}
    for name, page in pages(app, made):
        past = [
            SITE.sub("", without(data, NO_WORDS.sub("", DAY.sub("", text)))).strip()
            for text in unmarked(found.text for found in in_page(page))
        ]
        if any(map(is_for_translation, past)):
            wrong[name] = [text for text in past if is_for_translation(text)]

    assert not wrong, "\n".join(f"{name}: {texts}" for name, texts in wrong.items())


def unmarked(texts: Iterable[str]) -> Iterator[str]:
    """What stands outside the marks; a marked text may hold another one, and tags."""
    depth = 0
    for text in texts:
        outside = ""
        for each in text:
            depth += (each == MARK) - (each == END)
            outside += each if depth == 0 and each != END else " "
        yield outside


def test_what_stands_outside_the_marks_is_found() -> None:
    texts = [f"{MARK}Until", "the", f"{MARK}last day{END} of it{END} left", f"{MARK}Again{END}"]

    assert [outside.strip() for outside in unmarked(texts)] == ["", "", "left", ""]
