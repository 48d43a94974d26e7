"""A placement from the scaffold to the auditor, walked by all who have to do with it, each in a browser of their own.

At a desk and on a phone, in Dutch and in English: two of the four here, all four with `./run journeys`.
The log-in is not the point here (tests/browser/test_passkeys.py, tests/web/test_login.py): everybody comes with the
cookie of an earlier one.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pikepdf
import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from app.accounts.models import Language, Role
from app.contracts.models import Contract
from app.extensions import db
from app.mail.delivery import deliver
from app.rules.dossier import Status
from app.statements import service as statements
from app.web.clock import today
from tests import factories as make
from tests.browser.conftest import DESK, PHONE, Site
from tests.browser.playing import PATIENCE, Player, Stage, Words, step
from tests.mail.server import Mailbox

YEAR = today().year - 1
LINK = re.compile(r"http://localhost:\d+/confirm/\S+")
OTHER_SIDE = "plaatsing@linde.example"
TYPED = {
    "person": "SR-0042",
    "block": "participatiewet",
    "starts_on": f"1-2-{YEAR}",
    "hours": "28,8",
    "ends_on": f"31-10-{YEAR}",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A contract with a bit on it, and the ids of who have to do with it."""

    contract_id: int
    kvk: str
    number: str
    people: dict[str, int]

    @property
    def address(self) -> str:
        return f"/contracts/{self.kvk}/{self.number}"


@pytest.fixture
def stage(request: pytest.FixtureRequest, chromium: Browser, lasting_site: Site) -> Stage:
    language, size = request.param
    return Stage(chromium, lasting_site, size, Words.of(language))


@pytest.fixture
def place(stage: Stage) -> Place:
    return stage.site.do(lambda: a_place(stage.words.language))


def a_place(language: Language) -> Place:
    """Example A1 of the field, a year back, with four contributions that count and a statement about them."""
    here = make.corporation()
    supplier = make.supplier(here, email="info@kwast.example")
    contract = make.contract(
        here, supplier, number="2025-014", starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 1, 12, 31)
    )
    for month in range(2, 6):
        make.activity(contract, status=Status.APPROVED, on=date(YEAR, month, 18))
    people = {role.value: make.user(role, of=here, supplier_=supplier, language=language).id for role in Role}
    people["colleague"] = make.user(Role.PROJECT_LEADER, of=here, language=language).id
    statements.issue(db.session.get_one(Contract, contract.id), today(), by="the tests", language=language.value)
    return Place(contract.id, here.kvk, contract.number, people)


FOUR_WAYS = [(language, size) for language in Language for size in (DESK, PHONE)]
# A supplier stands on a scaffold and a figure is looked at behind a desk: `./run test` walks these two.
TWO_WAYS = [(Language.DUTCH, PHONE), (Language.ENGLISH, DESK)]
WAYS = FOUR_WAYS if os.environ.get("WEDERDIENST_JOURNEYS") == "all" else TWO_WAYS


@pytest.mark.parametrize("stage", WAYS, indirect=True, ids=[f"{language}-{size[0]}" for language, size in WAYS])
def test_a_placement_from_the_scaffold_to_the_auditor(
    stage: Stage, place: Place, mailbox: Mailbox, tmp_path: Path
) -> None:
    with stage.enter(place.people["supplier"]) as supplier:
        with step("the supplier enters a placement and keeps a draft"):
            enter_a_placement(supplier)
        with step("the supplier adds a file and submits"):
            add_a_file(supplier, tmp_path)
            submit(supplier)
        with stage.enter(place.people["project_leader"]) as leader:
            with step("the leader rejects it with a reason"):
                reject(leader)
            with step("the supplier reads why, corrects it and submits it again"):
                correct(supplier)
            with step("the supplier asks the other side, which gets a mail"):
                link = ask_the_other_side(supplier, stage, mailbox)
            with step("the sheltered-work company confirms, without an account"):
                confirm(stage, link)
            with step("the leader approves, and the figure follows"):
                before, after = approve(leader, place)
            with step("the leader issues a statement"):
                paper = issue_a_statement(leader, tmp_path)
    said = stage.site.make(lambda app: assess(app, place))
    assert (before, after) == (said["credited_cents"] - 30_000_00, said["credited_cents"])
    assert attached_assessment(paper) == said

    with stage.enter(place.people["auditor"]) as auditor:
        with step("the auditor draws a sample"):
            drawn = draw(auditor)
        with step("the auditor opens the evidence, which is logged"):
            open_the_evidence(auditor, stage, place)
        with step("the auditor ticks it off with a finding"):
            note_a_finding(auditor)
        with step("the auditor draws it again, and gets the same"):
            assert draw_again(auditor) == drawn
        with step("the auditor compares two statements"):
            compare_statements(auditor)


def enter_a_placement(supplier: Player) -> None:
    supplier.goto("/")
    supplier.follow("Report an effort")
    supplier.follow("Log a placement")
    supplier.fill(**TYPED)
    supplier.reads("What may be asked")
    expect(supplier.page.locator("#preview .worth data")).to_have_attribute("value", "2400000")
    supplier.press("Keep as a draft")


def add_a_file(supplier: Player, folder: Path) -> None:
    file = folder / "overeenkomst.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file)
    supplier.follow("Add files")
    supplier.page.locator("#files").set_input_files(file)
    supplier.press("Add the files")


def submit(supplier: Player) -> None:
    supplier.follow("Go on with it")
    supplier.press("Submit the correction")
    supplier.reads("Waiting for a judgement")


def reject(leader: Player) -> None:
    leader.goto("/contributions/to-judge")
    leader.open("P1", "tbody")
    leader.fill(reason="De einddatum staat niet in de overeenkomst.")
    leader.press("Reject %(reference)s", reference="P1")


def correct(supplier: Player) -> None:
    supplier.goto("/")
    supplier.open("P1")
    supplier.reads("Rejected, because: %(reason)s", reason="De einddatum staat niet in de overeenkomst.")
    supplier.fill(hours="36")
    supplier.press("Submit the correction")
    supplier.reads("Waiting for a judgement")


def ask_the_other_side(supplier: Player, stage: Stage, mailbox: Mailbox) -> str:
    """The link in the mail."""
    mailbox.messages.clear()
    supplier.follow("Ask the other side")
    supplier.fill(organisation="Werkbedrijf De Linde", email=OTHER_SIDE, language=supplier.words.language.value)
    supplier.press("Send the question")
    message = mail_to(OTHER_SIDE, stage.site, mailbox)
    return LINK.findall(message.get_content())[0]


def mail_to(address: str, site: Site, mailbox: Mailbox) -> EmailMessage:
    """It goes when the page has been answered, or with `flask mail`: the server of the tests forgets the first when the
    browser is gone by then."""
    site.do(deliver)
    until = monotonic() + PATIENCE / 1000
    while address not in mailbox.addresses and monotonic() < until:
        sleep(0.01)
    return next(message for message in mailbox.messages if message["To"] == address)


def confirm(stage: Stage, link: str) -> None:
    with stage.enter() as other_side:
        other_side.goto(link)
        other_side.reads("Is this right?")
        assert TYPED["person"] not in other_side.page.content()
        other_side.press("Yes, this is right")
        other_side.goto(link)
        expect(other_side.page.get_by_role("button", name=stage.words("Yes, this is right"))).to_have_count(0)


def approve(leader: Player, place: Place) -> tuple[int, int]:
    """What is credited before and after it."""
    leader.goto(place.address)
    before = leader.figure("credited_cents")
    leader.goto("/contributions/to-judge")
    leader.open("P1", "tbody")
    leader.reads("confirmed")
    leader.press("Approve %(reference)s", reference="P1")
    leader.goto(place.address)
    return before, leader.figure("credited_cents")


def issue_a_statement(leader: Player, folder: Path) -> bytes:
    leader.follow("Make a statement")
    leader.press("Issue the statement")
    leader.press("Issue another all the same")  # one of today holds already: that is said first
    with leader.page.expect_download() as download:
        leader.page.get_by_role("link", name=leader.words("Download the PDF")).first.click()
    download.value.save_as(folder / "statement.pdf")
    return (folder / "statement.pdf").read_bytes()


def assess(app: Flask, place: Place) -> dict[str, Any]:
    """What the command line says."""
    arguments = ["assess", place.number, "--corporation", place.kvk, "--on", today().isoformat()]
    answer = app.test_cli_runner().invoke(args=arguments)
    assert answer.exit_code == 0, answer.output
    return dict(json.loads(answer.stdout))


def attached_assessment(paper: bytes) -> Any:
    with pikepdf.open(BytesIO(paper)) as pdf:
        return json.loads(pdf.attachments["assessment.json"].get_file().read_bytes())


def drawn_on(auditor: Player) -> list[str]:
    """The contributions of the sample on the page, in their order."""
    return auditor.page.locator("tbody a[href^='/contribution/']").all_inner_texts()


def draw(auditor: Player) -> list[str]:
    auditor.goto("/auditing")
    auditor.follow("Draw a sample")
    auditor.fill(size="5", title="Controle")
    auditor.press("Draw")
    auditor.reads("The same")
    return drawn_on(auditor)


def open_the_evidence(auditor: Player, stage: Stage, place: Place) -> None:
    auditor.page.get_by_role("link", name=re.compile(r"\bP1\b")).first.click()
    auditor.open("overeenkomst.pdf")
    with auditor.page.expect_download():
        auditor.page.get_by_role("button", name=auditor.words("Open the file")).click()
    auditor.goto(f"/auditing/log?action=evidence.view&corporation={place.kvk}")
    expect(auditor.page.locator("#log li")).to_have_count(1)
    expect(auditor.page.locator("#log li")).to_contain_text("P1")


def note_a_finding(auditor: Player) -> None:
    auditor.goto("/auditing/samples")
    auditor.open("1", "tbody")
    auditor.follow("Look at the next one")
    auditor.fill(outcome="deviation", text="De handtekening ontbreekt.")
    auditor.press("Note the finding")
    auditor.goto("/auditing/samples")
    auditor.open("1", "tbody")
    auditor.reads("Deviation")


def draw_again(auditor: Player) -> list[str]:
    """The same list and seed are filled in."""
    auditor.follow("Draw from what stands there now")
    auditor.press("Draw")
    auditor.reads("The same")
    return drawn_on(auditor)


def compare_statements(auditor: Player) -> None:
    auditor.goto("/statements")
    auditor.page.locator("tbody a[href^='/statements/']").first.click()
    auditor.follow("What it rests on")
    auditor.page.get_by_role("link", name=re.compile(auditor.words("Compare with %(number)s", number=""))).click()
    auditor.reads("Facts that changed")
    expect(auditor.page.locator("main")).to_contain_text("P1")
