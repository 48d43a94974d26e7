"""Nothing of one corporation or supplier is reached as another: not by id, by form field, by file, by export, by link.

`tests/web/neighbours.py` fills two houses, `tests/web/trespass.py` tries. Addresses with one parameter are tried in
`tests/web/test_permissions.py`. How many checks there were is told by `pytest -rP`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import permutations
from pathlib import Path
from subprocess import run
from zipfile import ZipFile

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.models import Role
from app.database import Base
from app.history.records import FINDERS
from config import ROOT
from tests.support import application_of_module
from tests.web import neighbours, world
from tests.web.neighbours import THEIRS, is_free
from tests.web.trespass import Try, Walk, address, tells, tries_on, without
from tests.web.world import EXAMPLES, Whose

ABSENT = 404
ASKED = re.compile(r'request\.args\.get(?:list)?\("(\w+)"')
# What an address may ask for after its question mark and what that names, with a page that reads it.
QUERIES = {
    "copy": ("contributions.id", "/contributions/{contract_id}/placements/new"),
    "corrects": ("contributions.id", "/contributions/{contract_id}/placements/preview"),
    "with": ("statements.id", "/auditing/statement/{statement_id}/compare"),
    "statement": ("statements.id", "/statements/bundle.zip"),
    "only": ("contributions.id", "/contributions/{contract_id}/drafts"),
    "renews": ("certificates.id", "/certificate/new"),
    "signal": ("signal_handlings.key", "/contract/{contract_id}/conversations/new"),
    "supplier": ("suppliers.kvk", "/contract/new"),
    "corporation": ("corporations.kvk", "/auditing/samples/new"),
}
NAMES_NOTHING = {"lang", "on", "next", "period", "kind", "status"}
# Rows that have neither a number nor a text of their own, and whose rows they are shown with.
SHOWN_WITH = {
    "audit_chains": "corporations",
    "audit_subjects": "audit_payloads",
    "certificate_scopes": "certificates",
    "claimed_bonuses": "placements",
    "logos": "corporations",
    "mail_opt_outs": "users",
    "mandate_contracts": "memberships",
    "placement_hours": "placements",
    "recovery_codes": "users",
    "reporting_choices": "contracts",
}
BEFORE_A_FILE = ("/", "/static/", "/static/../", "/static/..%2f", "/evidence/", "/statements/")
LINKS = ("token", "key", "question", "stop")


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with application_of_module(migrated_sqlite, tmp_path_factory) as made:
        yield made


@pytest.fixture(scope="module")
def walk(app: Flask) -> Iterator[Walk]:
    """What all strangers find: each looks once, and the tests ask what came of it."""
    made = Walk(app, neighbours.make(app))
    yield made
    print(f"checks of isolation: {dict(made.checks)}, together {made.checks.total()}")


def test_every_table_can_be_told_from_anothers(walk: Walk) -> None:
    planted = {column.partition(".")[0] for column in walk.made.planted}
    numbered = {column.partition(".")[0] for column in walk.values.by_home[THEIRS]}
    known = planted | numbered | SHOWN_WITH.keys()

    assert {table.name for table in Base.metadata.sorted_tables} - known == set()
    assert set(SHOWN_WITH.values()) <= planted | numbered


def test_every_text_of_the_first_house_holds_the_word(walk: Walk) -> None:
    texts = {str(column) for table in Base.metadata.sorted_tables for column in table.columns if is_free(column)}

    assert texts - walk.made.planted == set()


def test_every_question_of_an_address_is_tried() -> None:
    asked = {name for file in (ROOT / "app").rglob("*.py") for name in ASKED.findall(file.read_text("utf-8"))}

    assert asked - NAMES_NOTHING == QUERIES.keys()


def test_no_word_of_the_first_house_is_on_a_page_or_in_a_file(walk: Walk) -> None:
    wrong = [
        (stranger.name, path)
        for stranger, path, answer in walk.pages
        if any(tells(text, stranger) for text in texts_of(answer))
    ]
    walk.checks["pages, files and exports"] += len(walk.pages)

    assert wrong == []


def texts_of(answer: TestResponse) -> Iterator[str]:
    """What an answer holds, as text: of an archive all files, of a paper what is to be read on it."""
    content = answer.data
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as archive:
            yield from (archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    elif answer.mimetype == "application/pdf" and content.rstrip().endswith(b"%%EOF"):
        yield run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
    else:
        yield content.decode("utf-8", "replace")


def test_no_field_and_no_link_of_a_page_takes_what_is_anothers(walk: Walk) -> None:
    wrong, done = [], set()
    for stranger, path, answer in walk.pages:
        for tried in tries_on(answer.text, path, stranger.home, walk.values) if answer.mimetype == "text/html" else ():
            foreign = walk.values.foreign(stranger, tried.column)
            if foreign and (stranger.name, *tried.kind) not in done:
                done.add((stranger.name, *tried.kind))
                wrong.append(walk.compare(stranger, tried, foreign))
    walk.checks["form fields and links"] += len(wrong)

    assert [each for each in wrong if each] == []


def test_no_question_of_an_address_takes_what_is_anothers(walk: Walk) -> None:
    wrong = []
    for name, (column, page) in QUERIES.items():
        for stranger in walk.made.strangers:
            method = "post" if page.endswith("/preview") else "get"
            foreign = walk.values.foreign(stranger, column)
            if foreign:
                tried = Try(method, page.format(**stranger.values), name, column)
                wrong.append(walk.compare(stranger, tried, foreign))
    walk.checks["questions"] += len(wrong)

    assert [each for each in wrong if each] == []


def test_no_address_takes_what_is_anothers_beside_ones_own(walk: Walk) -> None:
    """Such as the file of another's statement at one's own, or the log-in of somebody at another corporation."""
    wrong = []
    for route in walk.app.url_map.iter_rules():
        owned = [name for name in route.arguments if EXAMPLES.get(name, NOBODYS).whose is not Whose.EVERYBODYS]
        for method in (route.methods or set()) & {"GET", "POST"} if len(owned) > 1 else ():
            for stranger in walk.made.strangers:
                own = {name: stranger.values.get(name, "") for name in route.arguments}
                for name in owned if all(own.values()) else ():
                    if own[name] != walk.made.theirs[name]:
                        theirs = walk.ask(stranger, method, address(route, own | {name: walk.made.theirs[name]}))
                        nothing = walk.ask(stranger, method, address(route, own | {name: EXAMPLES[name].nowhere}))
                        wrong += [] if theirs == nothing else [(stranger.name, method, str(route), name)]
                        walk.checks["mixed addresses"] += 1

    assert wrong == []


NOBODYS = world.Example(Whose.EVERYBODYS, "")


def test_no_record_of_any_kind_has_a_history_for_others(walk: Walk) -> None:
    """Also not when the kind in the address is another than that of the number."""
    numbers = [ids[0] for column, ids in walk.values.by_home[THEIRS].items() if column.endswith(".id")]
    asked = [f"/history/{kind}/{number}" for kind in FINDERS for number in numbers]
    readers = [stranger for stranger in walk.made.strangers if walk.get(stranger, asked[0]).status_code == ABSENT]
    wrong = [
        (stranger.name, path)
        for stranger in readers
        for path in asked
        if walk.get(stranger, path).status_code != ABSENT
    ]
    walk.checks["histories"] += len(asked) * len(readers)

    assert len(readers) == len((Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.AUDITOR)) and wrong == []


def test_no_link_opens_what_another_link_is_for(walk: Walk) -> None:
    """Nor does one with a letter more, or of a question that was answered or taken back."""
    wrong, theirs = [], walk.made.theirs
    routes = {name: route for route in walk.app.url_map.iter_rules() for name in LINKS if name in route.arguments}
    tries = [(name, theirs[other]) for name, other in permutations(LINKS, 2)]
    tries += [(name, f"{theirs[name]}A") for name in LINKS] + [("question", "an answer")]
    for name, link in tries:
        for method in ("GET", "POST"):
            came, nothing = (
                walk.app.test_client().open(address(routes[name], {name: each}), method=method)
                for each in (link, EXAMPLES[name].nowhere)
            )
            same = without(came.text, link) == without(nothing.text, EXAMPLES[name].nowhere)
            wrong += [] if same and came.status_code == nothing.status_code else [(method, name, link)]
            walk.checks["links"] += 1

    assert wrong == []


def test_no_stored_file_is_reached_by_its_name(walk: Walk) -> None:
    folder: Path = walk.app.config["WEDERDIENST"].data_dir
    files = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    asked = [
        f"{begin}{file}" for file in files for begin in ("/", "/static/", "/static/../", "/static/..%2f", "/evidence/")
    ]
    wrong = []
    for stranger in walk.made.strangers[-2:]:
        wrong += [path for path in asked if walk.get(stranger, path).status_code != ABSENT]
        walk.checks["file names"] += len(asked)

    assert len(files) > len(walk.made.strangers) and wrong == []


def test_no_upload_tells_that_another_has_the_same_file(walk: Walk) -> None:
    wrong = []
    for stranger in walk.made.strangers:
        pages = {}
        for content in (b"%PDF-1.7 of a test-theirs", b"%PDF-1.7 of a test-nobody"):
            path = f"/contribution/{stranger.values['contribution_id']}/evidence/new"
            pages[content] = walk.upload(stranger, path, content)
        wrong += [stranger.name] if len(set(pages.values())) > 1 else []
        walk.checks["uploads"] += 1

    assert wrong == []
