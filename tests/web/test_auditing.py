"""The auditor's place: the register with its zip, what a statement rests on, two compared, the log, and samples."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.accounts.models import Language, User
from app.audit.models import AuditRecord
from app.audit.service import command
from app.auditing.comparison import previous_of
from app.auditing.models import Sample
from app.auditing.population import read
from app.contracts.models import Contract
from app.contributions.service import approve
from app.database import Base
from app.extensions import db
from app.rules.dossier import Status
from app.statements import service as statements
from app.statements.models import Statement, StatementState
from app.triggers import drop_triggers, make_triggers
from tests import factories as make
from tests.web.counting import statements_of_request
from tests.web.matrix import Bad, expect_each_refused
from tests.web.office import Office, a_lasting_office

FIRST_DAY, LAST_DAY = date(2026, 10, 31), date(2026, 11, 24)
FORMULA = "=HYPERLINK(1)"


@pytest.fixture(scope="module")
def audited(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A contract with two statements; between them a placement was approved and the title became a formula."""
    folder = tmp_path_factory.mktemp("audited")
    with a_lasting_office(migrated_sqlite, folder) as office, pytest.MonkeyPatch.context() as patch:
        patch.setattr(statements, "render", lambda paper: f"%PDF {paper.imprint.number}".encode())
        patch.setattr(statements, "seal", lambda content, _identity, _at: content)
        first = office.submitted(reference="W-1")
        second = office.submitted(reference="W-2")
        with office.app.app_context():
            leader, colleague = (db.session.get_one(User, office.people[who]) for who in ("leader", "colleague"))
            approve(first, by=colleague, seen_version=1)
            issue(office, FIRST_DAY)
            make.evidence(office.contract, "W-1")
            approve(second, by=colleague, seen_version=1)
            retitle(office.contract, FORMULA, leader)
            issue(office, LAST_DAY)
        yield office


def issue(office: Office, on: date) -> None:
    statements.issue(office.contract, on, by="command line", language=Language.ENGLISH)


def retitle(contract: Contract, title: str, by: User) -> None:
    with command("contract.edit", by=by) as audit, audit.change_of(contract):
        contract.title = title
        contract.facts_changed()


@pytest.fixture(scope="module")
def auditor(audited: Office) -> FlaskClient:
    return audited.browser("auditor")


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text).replace("\N{NO-BREAK SPACE}", " ")


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


def ids(office: Office) -> list[int]:
    with office.app.app_context():
        return list(db.session.scalars(select(Statement.id).order_by(Statement.id)))


class TestTheFirstPage:
    def test_of_an_auditor_is_this_one(self, auditor: FlaskClient) -> None:
        assert auditor.get("/").location == "/auditing"
        assert "register (2)" in page(auditor, "/auditing")

    def test_of_an_administrator_is_the_portfolio_and_the_log_stands_in_the_menu(self, audited: Office) -> None:
        administrator = audited.browser("administrator")

        assert administrator.get("/").location == "/portfolio"
        assert 'href="/auditing/log"' in page(administrator, "/portfolio")


class TestTheRegister:
    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("from=2026-11-01", ["0002"]),
            ("until=2026-10-31", ["0001"]),
            ("from=2027-01-01", []),
            ("from=x", ["0001", "0002"]),
        ],
    )
    def test_is_filtered_by_the_day_as_of_which(self, auditor: FlaskClient, asked: str, found: list[str]) -> None:
        text = page(auditor, f"/statements?{asked}")

        assert [number for number in ("0001", "0002") if f"2026-{number}</a>" in text] == found

    def test_comes_as_one_zip_with_the_hash_of_each_file(self, audited: Office, auditor: FlaskClient) -> None:
        answer = auditor.get("/statements/bundle.zip")

        with ZipFile(io.BytesIO(answer.data)) as file:
            [index, *names] = sorted(file.namelist(), key=lambda name: name != "index.csv")
            listed = list(csv.DictReader(io.StringIO(file.read(index).decode("utf-8-sig")), delimiter=";"))
            assert {row["file"]: row["file_sha256"] for row in listed} == {
                name: sha256(file.read(name)).hexdigest() for name in names
            }
        assert [row["number"] for row in listed] == ["2026-0001", "2026-0002"]
        assert {(row["kind"], row["covers_from"], len(row["supplier_kvk"])) for row in listed} == {("contract", "", 8)}
        assert all(re.fullmatch(r"\d{8}/statement-2026-\d{4}\.pdf", name) for name in names)
        assert auditor.get("/statements/bundle.zip").data == answer.data

    def test_gives_what_is_ticked_or_what_the_filters_find(self, audited: Office, auditor: FlaskClient) -> None:
        for asked in (
            f"statement={ids(audited)[1]}",
            "from=2026-11-01",
            f"statement={ids(audited)[1]}&from=2026-12-01",
        ):
            with ZipFile(io.BytesIO(auditor.get(f"/statements/bundle.zip?{asked}").data)) as file:
                assert [name for name in file.namelist() if name.endswith("0002.pdf")] == file.namelist()[:-1]

    def test_gives_a_stranger_nothing(self, audited: Office) -> None:
        answer = audited.browser("stranger").get(f"/statements/bundle.zip?statement={ids(audited)[0]}")

        assert answer.status_code == 422
        assert "No statement answers to this" in answer.text


class TestAStatement:
    def test_shows_on_what_it_rests(self, audited: Office, auditor: FlaskClient) -> None:
        text = page(auditor, f"/auditing/statement/{ids(audited)[0]}")

        assert "€24,000.00" in text
        assert "approved: A project_leader" in text
        assert re.search(r'href="/evidence/\d+"', text)
        assert "W-2" in text
        assert 'href="/auditing/log?corporation=' in text

    def test_is_compared_with_the_one_before_it(self, audited: Office, auditor: FlaskClient) -> None:
        text = page(auditor, f"/auditing/statement/{ids(audited)[1]}/compare")

        assert "From 2026-0001 to 2026-0002" in text
        assert "Placement W-2" in text
        assert f"<ins>{FORMULA}</ins>" in text
        row = text.partition(">Credited</th>")[2].partition("</tr>")[0]
        figures = re.sub(r"<details.*?</details>|<[^>]+>", " ", row, flags=re.DOTALL)
        assert figures.split() == ["€24,000.00", "—", "+€24,000.00", "€48,000.00", "+€24,000.00"]

    def test_is_compared_with_a_withdrawn_one_only_when_there_is_no_other(self) -> None:
        this, withdrawn, first = (Statement(id=number, state=StatementState.ISSUED) for number in (3, 2, 1))
        withdrawn.state = StatementState.WITHDRAWN

        assert previous_of(this, [withdrawn, first]) is first
        assert previous_of(this, [withdrawn]) is withdrawn
        assert previous_of(this, []) is None

    def test_is_compared_with_no_statement_of_another_contract(self, audited: Office, auditor: FlaskClient) -> None:
        first = ids(audited)[0]

        assert auditor.get(f"/auditing/statement/{first}/compare?with={first}").status_code == 404
        assert auditor.get(f"/auditing/statement/{first}/compare?with=nonsense").status_code == 404


class TestTheLog:
    def test_tells_each_record_in_words_with_its_place(self, audited: Office, auditor: FlaskClient) -> None:
        text = page(auditor, "/auditing/log?action=contract.edit")

        with audited.app.app_context():
            record = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "contract.edit")).one()
        assert f"record {record.sequence} ·" in text
        assert record.hash in text
        assert "<del>Renovatie Oosterwijk</del>" in text
        assert f"<ins>{FORMULA}</ins>" in text

    @pytest.mark.parametrize(
        ("asked", "number"),
        [
            ("", 7),
            ("kind=placement", 2),
            ("actor=command+line", 4),
            ("q=approved", 2),
            ("q=3", 1),
            ("until=2020-01-01", 0),
            ("action=nonsense", 0),
            ("contract=999", 0),
            ("corporation=nonsense", 7),
        ],
    )
    def test_is_filtered(self, auditor: FlaskClient, asked: str, number: int) -> None:
        assert f'<span class="count">{number}</span>' in page(auditor, f"/auditing/log?{asked}")

    def test_is_a_file_of_what_the_filters_find_in_which_nothing_is_a_formula(self, auditor: FlaskClient) -> None:
        answer = auditor.get("/auditing/log.csv?kind=contract")

        assert answer.data.startswith(b"\xef\xbb\xbf")
        [head, row] = rows_of(answer)
        assert len(head) == len(row) == 8
        assert row[3] == "contract.edit"
        assert FORMULA in row[5]
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]

    def test_takes_as_many_statements_for_many_records_as_for_few(self, app: Flask, office: Office) -> None:
        auditor, taken = office.browser("auditor"), set()
        for number in (5, 30):
            with app.app_context():
                leader = db.session.get_one(User, office.people["leader"])
                for each in range(number):
                    retitle(office.contract, f"Titel {number} {each}", leader)
            taken.add(statements_of_request(app, auditor, "/auditing/log"))
        assert len(taken) == 1

    def test_is_of_the_corporations_that_one_is_invited_by(self, audited: Office) -> None:
        stranger = audited.browser("stranger")
        with audited.app.app_context():
            kvk = audited.corporation.kvk

        assert stranger.get(f"/auditing/log?corporation={kvk}").status_code == 403
        assert audited.browser("auditor").get("/auditing/chain/99999999").status_code == 404


class TestTheChain:
    def test_holds(self, audited: Office, auditor: FlaskClient) -> None:
        with audited.app.app_context():
            kvk = audited.corporation.kvk
        text = page(auditor, f"/auditing/chain/{kvk}")

        assert "The chain holds" in text
        assert "7 records follow on each other" in text
        assert "2, the chain passes through all of them" in text
        said = audited.app.test_cli_runner().invoke(args=["audit", "verify", "--lang", "en"])
        assert said.exit_code == 0
        assert f"{kvk} De Brug: whole, 7 records" in said.output

    def test_is_broken_at_the_first_record_that_was_changed_or_cut_off(self, app: Flask, office: Office) -> None:
        with app.app_context():
            leader = db.session.get_one(User, office.people["leader"])
            for each in range(3):
                retitle(office.contract, f"Titel {each}", leader)
            make.statement(office.contract, chain_sequence=3, chain_head=heads(app)[3])
            kvk = office.corporation.kvk
        auditor = office.browser("auditor")
        for act, number, words in (
            ("DELETE FROM audit_records WHERE sequence = 3", 3, "cut off"),
            (
                "UPDATE audit_records SET actor = 'user', action = 'x' WHERE sequence = 2",
                2,
                "changed after it was written",
            ),
        ):
            tampered(app, act)
            text = page(auditor, f"/auditing/chain/{kvk}")
            assert "The chain is broken" in text
            assert f"At record {number}." in text
            assert words in text
        said = app.test_cli_runner().invoke(args=["audit", "verify", "--lang", "en"])
        assert said.exit_code == 1
        assert "broken at record 2" in said.output


def heads(app: Flask) -> dict[int, str]:
    return {sequence: digest for sequence, digest in db.session.execute(select(AuditRecord.sequence, AuditRecord.hash))}


def tampered(app: Flask, statement: str) -> None:
    """As somebody with the database's file does it."""
    with app.app_context(), db.engine.begin() as connection:
        drop_triggers(connection)
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for table in ("audit_payloads", "audit_subjects"):
            if statement.startswith("DELETE"):
                of = "SELECT id FROM audit_records WHERE sequence = 3"
                connection.execute(text(f"DELETE FROM {table} WHERE record_id IN ({of})"))  # noqa: S608
        connection.execute(text(statement))
        make_triggers(connection, Base.metadata)


class TestASample:
    @pytest.fixture
    def drawing(self, app: Flask, office: Office) -> Office:
        with app.app_context():
            for number in range(4):
                make.activity(office.contract, reference=f"A{number}", status=Status.APPROVED)
        return office

    def test_is_drawn_ticked_off_printed_and_drawn_again(self, app: Flask, drawing: Office) -> None:
        auditor = drawing.browser("auditor")
        answer = auditor.post("/auditing/samples/new", data={"size": "2", "seed": "kwartaal-3", "title": "Kwartaal 3"})
        shown = page(auditor, answer.location)
        assert "0 of 2 looked at" in shown
        assert "The same" in shown
        assert "kwartaal-3" in shown

        items = re.findall(r"/auditing/sample-item/\d+", shown)
        finding = {"outcome": "deviation", "text": "De factuur ontbreekt", "version": "0"}
        following = auditor.post(items[0], data=finding)
        assert following.location != items[0]
        last = auditor.post(following.location, data={"outcome": "in_order", "version": "0"})
        assert last.location == answer.location
        assert "2 of 2 looked at; 1 deviation" in page(auditor, answer.location)
        assert "2 of 2" in page(auditor, "/auditing")

        file = auditor.get(f"{answer.location}/population.csv").data
        with app.app_context():
            sample = db.session.scalars(select(Sample)).one()
            assert sha256(file).hexdigest() == sample.population_sha256
            assert len(read(file)) == 4
            paper = auditor.get(f"{answer.location}/work-paper.pdf").data
        with pikepdf.open(io.BytesIO(paper)) as pdf:
            attached = {name: each.get_file().read_bytes() for name, each in pdf.attachments.items()}
            assert pdf.Root.MarkInfo.Marked
        assert file in attached.values()
        assert b'"De factuur ontbreekt"' in attached["sample.json"]

        again = auditor.post("/auditing/samples/new", data={"size": "2", "seed": "kwartaal-3"})
        first, second = (re.findall(r"activity:\d+", page(auditor, each.location)) for each in (answer, again))
        assert first == second

    def test_is_read_by_the_administrator_and_changed_by_who_drew_only(self, app: Flask, drawing: Office) -> None:
        with app.app_context():
            auditor = db.session.get_one(User, drawing.people["auditor"])
            sample = make.sample(drawing.contract, auditor)
            address, item = f"/auditing/sample/{sample.id}", f"/auditing/sample-item/{sample.items[0].id}"

        assert "Change the finding" not in page(drawing.browser("administrator"), address)
        assert drawing.browser("administrator").get(item).status_code == 403
        stale = drawing.browser("auditor").post(item, data={"outcome": "deviation", "text": "x", "version": "0"})
        assert stale.status_code == 409
        assert "Somebody changed this" in stale.text

    def test_what_cannot_be_is_refused(self, app: Flask, drawing: Office) -> None:
        good = {"size": "2", "seed": "", "title": "", "approved_from": "", "approved_until": "", "kind": ""}
        bad = [
            Bad("size", "", "Fill this in."),
            Bad("size", "0", "Give a number from 1 to 500."),
            Bad("size", "501", "Give a number from 1 to 500."),
            Bad("size", "5", "Only 4 contributions answer to this."),
            Bad("seed", "a b; rm", "A seed has letters, digits"),
            Bad("seed", "111222333", "citizen service number"),
            Bad("approved_from", "31-02-2026", "does not exist"),
            Bad("approved_from", "1-1-2027", "No approved contribution", beside=""),
            Bad("title", "x" * 201, "at most 200 characters"),
            Bad("kind", "nonsense", "Choose one of the possibilities."),
            Bad("contract", "999", "Choose one of the possibilities."),
        ]
        expect_each_refused(app, drawing.browser("auditor"), "/auditing/samples/new", good, bad)

    def test_of_another_corporation_does_not_exist(self, app: Flask, drawing: Office) -> None:
        with app.app_context():
            elsewhere = make.sample()
            kvk, sample_id = elsewhere.corporation.kvk, elsewhere.id
        auditor = drawing.browser("auditor")

        assert auditor.get(f"/auditing/samples/new?corporation={kvk}").status_code == 404
        for more in ("", "/population.csv", "/work-paper.pdf"):
            assert auditor.get(f"/auditing/sample/{sample_id}{more}").status_code == 404
