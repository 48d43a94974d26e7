"""The pages of statements: register, issuing, files, and the public check by code and by file."""

from __future__ import annotations

import io
import re
import zlib
from datetime import date, timedelta
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from weasyprint import HTML

from app.accounts.models import Language, Role, User
from app.assessments.queries import dossier_of
from app.audit.service import command
from app.extensions import db
from app.rules.dates import Period
from app.rules.dossier import Status
from app.rules.dossier_json import canonical, dossier_to_json
from app.statements import archive, checking, service, views
from app.statements.checking import Finding, Outcome
from app.statements.identity import Identity
from app.statements.late import render, seal
from app.statements.models import Statement, StatementKind, StatementState
from app.statements.subjects import contract_draft
from app.statements.weigher import MEGABYTE
from app.web.clock import now, today
from tests import factories as make
from tests.pdf.making import paper
from tests.people import client_of
from tests.statements.stamping import certified
from tests.support import application, settings
from tests.web.counting import statements_of_request
from tests.web.office import Office
from tests.web.world import digest

ON = date(2026, 11, 24)
RECORDS = b'{"records":[1,2,3]}'


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes: for tests that are not about what is in them."""
    monkeypatch.setattr(service, "render", lambda paper: f"%PDF {paper.imprint.language}".encode())
    monkeypatch.setattr(service, "seal", lambda content, _identity, _at: content)


@pytest.fixture
def issued(app: Flask, office: Office, quick: None) -> dict[str, Any]:
    """An issued statement of the office's contract, with a file of a few bytes."""
    return issue(app, office)


@pytest.fixture
def whole(app: Flask, office: Office) -> dict[str, Any]:
    """The same with its real file."""
    return issue(app, office)


def issue(app: Flask, office: Office) -> dict[str, Any]:
    """What the tests need of a statement, and its file."""
    with app.app_context():
        contract = office.contract
        make.placement(contract, status=Status.APPROVED)
        statement = service.issue(contract, ON, by="command line", language=Language.ENGLISH)
        return {
            "id": statement.id,
            "number": statement.number,
            "code": statement.code,
            "printed": statement.printed_code,
            "hash": statement.document_sha256,
            "address": f"/statements/{statement.id}/statement-{statement.number}.pdf",
            "file": archive.read(statement.renditions[0]),
        }


def new_address(app: Flask, office: Office) -> str:
    with app.app_context():
        contract = office.contract
        return f"/statements/new/{contract.corporation.kvk}/{contract.number}"


def addresses(office: Office) -> dict[str, str]:
    """Of the form of each kind."""
    contract = office.contract
    kvk = contract.corporation.kvk
    return {
        "contract": f"/statements/new/{kvk}/{contract.number}",
        "supplier": f"/supplier/{contract.supplier_record.id}/statement",
        "annual": f"/programme/{kvk}/{today().year}/report",
        "log": f"/statements/log/{kvk}",
    }


def check(client: FlaskClient, content: bytes, name: str = "a.pdf", **typed: str) -> Any:
    data = {"file": (io.BytesIO(content), name), **typed}
    return client.post("/verify?lang=en", data=data, content_type="multipart/form-data")


def without_details(page: str) -> str:
    """What somebody reads who opens nothing."""
    return re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)


def withdraw(app: Flask, statement_id: int, reason: str = "Fout in de som") -> None:
    with app.app_context():
        statement = db.session.get_one(Statement, statement_id)
        somebody = db.session.scalar(select(func.min(User.id)))
        statement.state, statement.withdrawn_at = StatementState.WITHDRAWN, make.NOW
        statement.withdrawn_by_id, statement.withdrawn_reason = somebody, reason
        db.session.commit()


def test_a_project_leader_issues_a_statement_and_downloads_it(app: Flask, office: Office) -> None:
    leader = office.browser()

    answer = leader.post(new_address(app, office), data={"on": "24-11-2026", "language": "en"}, follow_redirects=True)

    assert answer.status_code == 200
    assert "Statement 2026-0001 is issued." in answer.text or "is issued." in answer.text
    with app.app_context():
        statement = db.session.scalars(select(Statement)).one()
        stored, address = (
            archive.read(statement.renditions[0]),
            f"/statements/{statement.id}/{statement.renditions[0].name}.pdf",
        )
    file = leader.get(address)
    assert file.data == stored
    assert file.mimetype == "application/pdf"
    assert "attachment" in file.headers["Content-Disposition"]
    assert leader.get(address).data == stored


@pytest.mark.parametrize("kind", ["contract", "supplier", "annual"])
def test_what_would_be_superseded_is_said_before_it_is(app: Flask, office: Office, quick: None, kind: str) -> None:
    with app.app_context():
        address, kvk = addresses(office)[kind], office.contract.corporation.kvk
        shown = {
            "contract": f"/contracts/{kvk}/{office.contract.number}",
            "supplier": f"/supplier/{office.contract.supplier_record.id}",
            "annual": f"/programme/{kvk}/{today().year}",
        }[kind]
    leader = office.browser()
    typed = {"on": f"{today():%d-%m-%Y}", "year": f"{today():%Y}", "language": "en"}
    leader.post(address, data=typed)

    again = leader.post(address, data=typed)

    assert again.status_code == 422 and "0001 about the same" in again.text
    told = re.search(r'name="replaces"[^>]*value="([^"]+)"', again.text)
    assert told and len(all_statements(app)) == 1
    assert leader.post(address, data=typed | {"replaces": told[1]}).status_code == 302
    first, second = all_statements(app)
    assert (first.state, first.superseded_by_id) == (StatementState.SUPERSEDED, second.id)
    page = leader.get(shown).text
    assert first.number in page and second.number in page and f"superseded by {second.number}" in page


def all_statements(app: Flask) -> list[Statement]:
    with app.app_context():
        return list(db.session.scalars(select(Statement).order_by(Statement.id)))


def test_of_a_day_to_come_there_is_only_a_draft(app: Flask, office: Office, quick: None) -> None:
    leader, address = office.browser(), new_address(app, office)
    typed = {"on": f"{today() + timedelta(days=1):%d-%m-%Y}", "language": "en"}

    refused = leader.post(address, data=typed)

    assert refused.status_code == 422 and "Of a later day look at a draft." in refused.text
    assert leader.post(address, data=typed | {"action": "preview"}).data == b"%PDF en"
    assert all_statements(app) == []


def test_a_refusal_stands_on_the_form_that_was_sent(app: Flask, office: Office) -> None:
    with app.app_context():
        address = f"/statements/log/{office.contract.corporation.kvk}"
    browser, later = office.browser("administrator"), f"{today() + timedelta(days=1):%d-%m-%Y}"

    for days, reason in (
        ({"first": later, "last": later}, "after today is not known"),
        ({"first": "1-1-2001", "last": "2-1-2001"}, "1 January 2001"),
    ):
        answer = browser.post(address, data=days | {"language": "en"})
        assert answer.status_code in (409, 422) and reason in answer.text
        assert f'value="{days["first"]}"' in answer.text


@pytest.mark.parametrize("year", [0, 1900, 2150, 99999])
def test_of_a_year_that_is_none_there_is_no_report(app: Flask, office: Office, year: int) -> None:
    with app.app_context():
        kvk = office.contract.corporation.kvk
    browser = office.browser("administrator")

    assert browser.get(f"/programme/{kvk}/{year}/report").status_code == 404
    assert browser.post(f"/programme/{kvk}/{year}/people.csv").status_code == 404


def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(app: Flask, office: Office) -> None:
    answer = office.browser().post(new_address(app, office), data={"on": "31-02-2026", "language": "en"})

    assert answer.status_code == 422
    assert 'value="31-02-2026"' in answer.text
    assert "does not exist" in answer.text
    with app.app_context():
        assert db.session.scalars(select(Statement)).all() == []


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 403), ("supplier", 403), ("assessor", 403), ("stranger", 404), ("administrator", 200)],
)
def test_only_who_may_issue_sees_the_form(app: Flask, office: Office, who: str, status: int) -> None:
    assert office.browser(who).get(new_address(app, office)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("leader", 200), ("auditor", 200), ("supplier", 200), ("assessor", 200), ("stranger", 404)]
)
def test_a_file_is_for_who_may_see_the_contract(office: Office, issued: dict[str, Any], who: str, status: int) -> None:
    assert office.browser(who).get(issued["address"]).status_code == status
    assert office.browser(who).get(f"/statements/{issued['id']}").status_code == status


def test_a_file_that_is_not_there_is_not_found(office: Office, issued: dict[str, Any]) -> None:
    assert office.browser().get(f"/statements/{issued['id']}/verklaring-{issued['number']}.pdf").status_code == 404


def test_a_damaged_file_is_not_sent(app: Flask, office: Office, issued: dict[str, Any]) -> None:
    for path in (app.config["WEDERDIENST"].data_dir / "statements").rglob("*.pdf"):
        path.write_bytes(b"%PDF of somebody else")

    answer = office.browser().get(issued["address"])

    assert answer.status_code == 409
    assert "was changed" in answer.text


def test_the_register_lists_searches_and_says_that_nothing_can_be_changed(
    office: Office, issued: dict[str, Any]
) -> None:
    auditor = office.browser("auditor")

    page = auditor.get("/statements").text

    assert issued["number"] in page
    assert "2025/014 a" in page
    assert "€62,500.00" in page
    assert "Nothing here can be changed." in page
    assert issued["number"] in auditor.get("/statements?q=asten").text
    assert (
        issued["number"]
        in auditor.get(f"/statements?q={issued['number']}&state=issued&year=2026&sort=net&dir=desc").text
    )
    assert "No statement answers to this search." in auditor.get("/statements?q=nothing").text
    assert "No statement answers to this search." in auditor.get("/statements?state=withdrawn").text


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("administrator", {"contract", "supplier", "annual", "log"}),
        ("auditor", {"contract", "supplier", "annual", "log"}),
        ("leader", {"contract", "supplier", "annual"}),
        ("supplier", {"contract", "supplier"}),
        ("assessor", {"contract", "supplier"}),
        ("stranger", set()),
    ],
)
def test_each_kind_is_for_who_may_see_what_it_is_about(app: Flask, office: Office, who: str, seen: set[str]) -> None:
    with app.app_context():
        contract = office.contract
        here, written = contract.corporation, canonical(dossier_to_json(dossier_of(contract)))
        made = {
            "contract": make.statement(contract, dossier=make.dossier(contract, written)),
            "supplier": make.statement_of_year(here, contract.supplier),
            "annual": make.statement_of_year(here),
            "log": make.extract(here),
        }
        numbers = {kind: (each.id, each.number) for kind, each in made.items()}
    browser = office.browser(who)

    whole = browser.get("/statements").text

    assert {kind for kind, (_, number) in numbers.items() if f">{number}</a>" in whole} == seen
    for kind, (statement_id, _number) in numbers.items():
        assert browser.get(f"/statements/{statement_id}").status_code == (200 if kind in seen else 404)
        listed = browser.get(f"/statements?kind={kind}&year=2026&from=2026-11-24&sort=contract").text
        assert [each for each, (_, one) in numbers.items() if f">{one}</a>" in listed] == [kind] * (kind in seen)


@pytest.mark.parametrize(
    "query", ["page=99", "page=-1", "sort=evil&dir=x", "year=abc&state=none", "q=%25%5C'", "q=1-99999999999"]
)
def test_the_register_takes_any_address(office: Office, issued: dict[str, Any], query: str) -> None:
    assert office.browser("auditor").get(f"/statements?{query}").status_code == 200


def test_the_register_finds_a_statement_by_its_verify_code(app: Flask, office: Office, issued: dict[str, Any]) -> None:
    with app.app_context():
        other = make.statement(office.contract).number
    auditor = office.browser("auditor")
    spaced = issued["printed"].lower().replace("-", " ")

    for typed in (issued["printed"], issued["code"], spaced, f"https://host.example/verify/{issued['printed']}"):
        page = auditor.get("/statements", query_string={"q": typed}).text
        assert f">{issued['number']}</a>" in page
        assert f">{other}</a>" not in page
    assert f">{issued['number']}</a>" not in office.browser("stranger").get(f"/statements?q={issued['code']}").text


def test_the_register_speaks_of_an_unbroken_series_only_to_who_sees_all_of_it(app: Flask, office: Office) -> None:
    unbroken, mine = "in one unbroken series", "You see those that are yours."
    with app.app_context():
        make.statement(office.contract)
    assert all(unbroken in office.browser(who).get("/statements").text for who in ("auditor", "leader", "supplier"))

    with app.app_context():
        make.extract(office.contract.corporation)

    pages = {who: office.browser(who).get("/statements").text for who in ("auditor", "leader", "supplier")}
    assert {who for who, page in pages.items() if unbroken in page} == {"auditor"}
    assert {who for who, page in pages.items() if mine in page} == {"leader", "supplier"}


def test_a_statement_is_compared_with_the_one_before_it_that_was_not_withdrawn(app: Flask, office: Office) -> None:
    with app.app_context():
        contract = office.contract
        first, second, third = (make.statement(contract).id for _ in range(3))
    auditor, compared = office.browser("auditor"), re.compile(r"/auditing/statement/(\d+)/compare\?with=(\d+)")
    offered = [tuple(map(int, each)) for each in compared.findall(auditor.get("/statements").text)]
    assert offered == [(third, second), (second, first)]

    withdraw(app, second)

    offered = [tuple(map(int, each)) for each in compared.findall(auditor.get("/statements").text)]
    assert offered == [(third, first), (second, first)]


def test_the_register_says_by_which_a_statement_is_superseded(app: Flask, office: Office) -> None:
    with app.app_context():
        earlier, later = make.statement(office.contract), make.statement(office.contract)
        earlier.state, earlier.superseded_by = StatementState.SUPERSEDED, later
        db.session.commit()
        number = later.number

    page = office.browser("auditor").get("/statements?state=superseded").text

    assert f">by {number}</a>" in page
    assert "state-amber" not in page.partition("<tbody")[2].partition("Superseded")[0].rpartition("<td")[2]


@pytest.mark.parametrize("asked", ["abc", "9" * 27, "0", ""])
def test_a_bundle_of_what_is_no_number_is_not_the_whole_register(
    office: Office, issued: dict[str, Any], asked: str
) -> None:
    answer = office.browser("auditor").get(f"/statements/bundle.zip?statement={asked}")

    assert answer.status_code == 422
    assert "No statement answers to this." in answer.text


def test_the_register_marks_which_files_carry_a_seal(app: Flask, office: Office, whole: dict[str, Any]) -> None:
    auditor = office.browser("auditor")
    assert "sealed</span>" in auditor.get("/statements").text

    with app.app_context():
        make.rendition(make.statement(office.contract))

    assert "without seal</span>" in auditor.get("/statements").text


def test_strangers_see_an_empty_register(office: Office, issued: dict[str, Any]) -> None:
    page = office.browser("stranger").get("/statements")

    assert issued["number"] not in page.text
    assert "Statements will stand here." in page.text


def test_the_register_asks_as_many_questions_for_many_as_for_one(
    app: Flask, office: Office, issued: dict[str, Any]
) -> None:
    auditor = office.browser("auditor")
    few = statements_of_request(app, auditor, "/statements")
    with app.app_context():
        contract = office.contract
        for number in range(30):
            make.rendition(make.statement(contract, sequence=100 + number))

    assert statements_of_request(app, auditor, "/statements") == few
    assert "Page 1 of 2" in auditor.get("/statements").text


def test_the_page_of_each_kind_has_its_own_words(app: Flask, office: Office) -> None:
    with app.app_context():
        contract = office.contract
        here = contract.corporation
        supplier = make.statement_of_year(here, contract.supplier)
        annual, log = make.statement_of_year(here), make.extract(here, documents={"records.json": RECORDS})
        record = make.dossier(contract, canonical(dossier_to_json(dossier_of(contract))))
        settlement = make.settlement(contract)
        final = make.statement(contract, dossier=record, kind=StatementKind.FINAL, settlement=settlement)
        made = {"supplier": supplier, "annual": annual, "log": log, "final": final}
        numbers = {kind: (each.id, each.number) for kind, each in made.items()}
        contract_id = contract.id
    auditor = office.browser("auditor")
    pages = {kind: auditor.get(f"/statements/{statement_id}").text for kind, (statement_id, _) in numbers.items()}

    for kind, words in {
        "supplier": "Supplier statement {}",
        "annual": "Annual report {}",
        "log": "Extract {} of the audit log",
        "final": "Final statement {}",
    }.items():
        assert f"<h1>{words.format(numbers[kind][1])}</h1>" in pages[kind]
    assert "over their whole term" in pages["supplier"] and "1 January 2026 through" in pages["supplier"]
    assert "Records of the log</th><td>3</td>" in pages["log"]
    assert {kind for kind, page in pages.items() if "Value of the effort" not in page} == {"log"}
    assert "Shortfall</th><td>€8,103.42" in pages["final"]
    assert f'href="/contract/{contract_id}/settlement"' in pages["final"]


def test_a_file_is_saved_under_the_name_of_its_kind(app: Flask, office: Office, quick: None) -> None:
    with app.app_context():
        contract = office.contract
        with command("contract.edit", by="demo", corporation=contract.corporation) as audit, audit.change_of(contract):
            contract.title = "Something for the log"
        auditor = db.session.get_one(User, office.people["auditor"])
        extract = service.issue_extract(contract.corporation, Period(today(), today()), by=auditor)
        name, number = extract.renditions[0].name, extract.number
        address = f"/statements/{extract.id}/{name}.pdf"

    answer = office.browser("auditor").get(address)

    assert f"filename=uittreksel-{number}.pdf" in answer.headers["Content-Disposition"]
    with ZipFile(io.BytesIO(office.browser("auditor").get("/statements/bundle.zip").data)) as file:
        assert [each for each in file.namelist() if each.endswith(f"/uittreksel-{number}.pdf")]


@pytest.mark.parametrize("state", ["withdrawn", "superseded"])
def test_one_that_does_not_hold_leads_to_what_does(
    app: Flask, office: Office, issued: dict[str, Any], state: str
) -> None:
    if state == "withdrawn":
        withdraw(app, issued["id"], "Fout in de som:\neen regel dubbel")
        way_on = quote(new_address(app, office))
    else:
        with app.app_context():
            later = make.statement(office.contract)
            earlier = db.session.get_one(Statement, issued["id"])
            earlier.state, earlier.superseded_by = StatementState.SUPERSEDED, later
            db.session.commit()
            way_on = f"/statements/{later.id}"

    page = office.browser().get(f"/statements/{issued['id']}").text

    assert f'class="btn btn-primary" href="{way_on}"' in page
    assert "Make it in Dutch" not in page
    if state == "withdrawn":
        assert '<p class="mb-0 typed">Fout in de som:\neen regel dubbel</p>' in page
        assert way_on not in office.browser("auditor").get(f"/statements/{issued['id']}").text


def test_another_language_is_made_by_a_button(office: Office, issued: dict[str, Any]) -> None:
    leader = office.browser()
    assert "Make it in Dutch" in leader.get(f"/statements/{issued['id']}").text

    leader.post(f"/statements/{issued['id']}/renditions", data={"language": "nl"})

    assert leader.get(f"/statements/{issued['id']}/verklaring-{issued['number']}.pdf").status_code == 200
    assert "Make it in Dutch" not in leader.get(f"/statements/{issued['id']}").text
    assert "Make it in Dutch" not in office.browser("auditor").get(f"/statements/{issued['id']}").text


def test_a_reservation_that_a_crash_left_can_be_completed_by_a_button(app: Flask, office: Office, quick: None) -> None:
    with app.app_context():
        contract = office.contract
        statement_id = service.reserve(contract, ON, by="command line")
    leader = office.browser()
    assert "The file is missing" in leader.get(f"/statements/{statement_id}").text

    leader.post(f"/statements/{statement_id}/renditions", data={"language": "nl"})

    assert "The file is missing" not in leader.get(f"/statements/{statement_id}").text
    assert "In force" in leader.get(f"/statements/{statement_id}").text


def test_anybody_checks_a_code_and_learns_no_more_than_the_paper_says(
    client: FlaskClient, issued: dict[str, Any]
) -> None:
    page = client.get(f"/verify/{issued['printed'].lower()}?lang=en")

    assert page.status_code == 200
    assert "Valid" in page.text
    assert issued["number"] in page.text
    assert issued["hash"] in page.text
    assert "24 November 2026" in page.text
    assert "2025/014 a" not in page.text
    assert "Asten" not in page.text
    assert "De Brug" not in page.text


def test_a_code_that_was_copied_with_the_usual_mistakes_is_found(client: FlaskClient, issued: dict[str, Any]) -> None:
    mistaken = issued["code"].replace("0", "O").replace("1", "l")

    answer = client.post("/verify", data={"code": f" {mistaken[:8]} {mistaken[8:]} "})

    assert answer.status_code == 302
    assert answer.location == f"/verify/{issued['code']}"


@pytest.mark.parametrize("code", ["0000000000000000", "x", "..%2F..%2Fetc", "é" * 16])
def test_an_unknown_code_is_said_to_be_unknown(client: FlaskClient, issued: dict[str, Any], code: str) -> None:
    page = client.get(f"/verify/{code}?lang=en")

    assert page.status_code == 404
    assert "No statement has this code." in page.text or "does not exist" in page.text


def test_anybody_drops_the_file_and_hears_that_it_is_the_one_that_was_issued(
    client: FlaskClient, whole: dict[str, Any]
) -> None:
    answer = check(client, whole["file"])

    assert answer.status_code == 200
    assert "This is the file that was issued, unchanged." in answer.text
    assert "byte for byte" not in without_details(answer.text)
    assert "SHA-256" not in without_details(answer.text)
    assert "2025/014 a" in answer.text
    assert "Sealed by De Brug on " in answer.text
    assert "not known here" not in answer.text


def test_a_statement_from_before_there_were_seals_is_known_by_its_hash(
    app: Flask, client: FlaskClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "seal", lambda content, _identity, _at: content)
    earlier = issue(app, office)

    answer = check(client, earlier["file"])

    assert answer.status_code == 200
    assert "This is the file that was issued, unchanged." in answer.text
    assert "It carries no seal." in answer.text


def test_any_changed_byte_of_a_dropped_file_is_found(client: FlaskClient, whole: dict[str, Any]) -> None:
    content = bytearray(whole["file"])
    content[-200] ^= 1

    answer = check(client, bytes(content))

    assert answer.status_code == 422
    assert "Not valid" in answer.text


def test_a_statement_of_another_installation_is_told_apart(client: FlaskClient, office: Office, tmp_path: Any) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    with client.application.app_context():
        elsewhere = seal(render(paper()), Identity(key, certified(key, "Elders"), ()), now())

    answer = check(client, elsewhere)

    assert answer.status_code == 200
    assert "Not issued here" in answer.text
    assert "Sealed by Elders on " in answer.text
    assert "That certificate is not known here" in answer.text
    assert "at an address that you know already" in answer.text
    assert "wederdienst.example" not in answer.text


def test_a_withdrawn_statement_says_so_by_code_and_by_file(
    app: Flask, client: FlaskClient, whole: dict[str, Any]
) -> None:
    withdraw(app, whole["id"])

    assert "has withdrawn it" in client.get(f"/verify/{whole['code']}?lang=en").text
    assert "has withdrawn it" in check(client, whole["file"]).text


def test_by_its_code_one_that_is_being_made_is_said_to_be_in_nobodys_hands(
    app: Flask, client: FlaskClient, office: Office
) -> None:
    with app.app_context():
        statement_id = service.reserve(office.contract, ON, by="command line")
        code = db.session.get_one(Statement, statement_id).code

    page = client.get(f"/verify/{code}?lang=en").text

    assert "Being made" in page and "nobody has it yet" in page


def test_a_draft_that_is_dropped_is_told_to_be_one(app: Flask, client: FlaskClient, office: Office) -> None:
    with app.app_context():
        content = service.draft(contract_draft(office.contract, ON), Language.ENGLISH)

    answer = check(client, content)

    assert answer.status_code == 422
    assert "This is a draft and no statement" in answer.text
    assert "Not valid" not in answer.text


@pytest.mark.parametrize(
    "pasted",
    [
        "https://host.example/verify/{}",
        "localhost:8041/verify/{}?lang=nl#top",
        "Verify code: {}.",
        "\t{}\n",
        "/VERIFY/{}/",
    ],
)
def test_an_address_or_a_sentence_with_the_code_is_understood(
    client: FlaskClient, issued: dict[str, Any], pasted: str
) -> None:
    answer = client.post("/verify", data={"code": pasted.format(issued["printed"])})

    assert (answer.status_code, answer.location) == (302, f"/verify/{issued['code']}")
    assert client.get(f"/verify/http://elsewhere/verify/{issued['code']}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("https://host.example/", "This is no code"),
        ("a/b", "This is no code"),
        ("7F3K-2Q9D-5HXN", "here stand 12"),
        ("é" * 16, "This is no code"),
    ],
)
def test_what_can_be_no_code_is_refused_under_its_field(client: FlaskClient, typed: str, fault: str) -> None:
    answer = client.post("/verify?lang=en", data={"code": typed})

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert fault in answer.text.partition('id="code-error"')[2]
    # Somebody's own address of the kind leads to the page too, and not to an error without a way on.
    assert 'name="code"' in client.get(f"/verify/{typed}").text


def test_the_answer_names_the_file_and_stands_in_the_focus(client: FlaskClient, whole: dict[str, Any]) -> None:
    answer = check(client, whole["file"], name="mail/<b>verklaring.pdf")

    assert '<span class="file-name">&lt;b&gt;verklaring.pdf</span>' in answer.text
    assert 'tabindex="-1" autofocus' in answer.text


def test_a_code_that_is_not_that_of_the_file_is_told(client: FlaskClient, whole: dict[str, Any]) -> None:
    same = check(client, whole["file"], code=whole["printed"])
    other = check(client, whole["file"], code="7F3K-2Q9D-5HXN-4MWT")
    nothing_to_compare = check(client, b"no pdf", code=whole["printed"])

    assert "The code that you filled in is another" not in same.text
    assert "The code that you filled in is another" in other.text
    assert "/verify/7F3K2Q9D5HXN4MWT" in other.text
    assert "not about the code that you filled in" in nothing_to_compare.text


def test_after_a_file_another_language_leads_back_and_says_that_it_must_be_dropped_again(
    client: FlaskClient, whole: dict[str, Any]
) -> None:
    page = client.get("/verify?lang=en").text
    sent_to = re.search(r'<form method="post" action="([^"]+)" enctype', page)
    assert sent_to
    data = {"file": (io.BytesIO(whole["file"]), "a.pdf")}
    answer = client.post(sent_to[1], data=data, content_type="multipart/form-data")
    back = re.search(r'name="next" value="([^"]+)"', answer.text)
    assert back

    there = client.post("/language", data={"language": "en", "next": back[1]}, follow_redirects=True)

    assert there.request.path == "/verify"
    assert "drop the PDF again" in there.text
    assert "drop the PDF again" not in page


def test_an_extract_of_the_log_is_not_said_to_have_figures(app: Flask, client: FlaskClient, office: Office) -> None:
    with app.app_context():
        contract = office.contract
        with command("contract.edit", by="demo", corporation=contract.corporation) as audit, audit.change_of(contract):
            contract.title = "Something for the log"
        issued = service.issue_extract(
            contract.corporation, Period(today(), today()), by=db.session.get_one(User, office.people["auditor"])
        )
        content = archive.read(issued.renditions[0])

    answer = check(client, content)

    assert "Its records were just followed one by one" in answer.text
    assert "figures" not in answer.text


def test_what_is_wrong_with_a_file_is_told_without_the_words_of_who_made_it(
    client: FlaskClient, office: Office
) -> None:
    with client.application.app_context():
        ordinary = HTML(string="<p>Hello").write_pdf()

    answer = check(client, ordinary)

    assert answer.status_code == 422
    assert "This PDF is no statement of Wederdienst." in answer.text
    assert "statement.json" not in without_details(answer.text)
    assert "statement.json" in answer.text


def test_an_empty_file_is_said_to_be_empty(client: FlaskClient) -> None:
    answer = check(client, b"")

    assert answer.status_code == 422
    assert "This file is empty" in answer.text
    assert "no PDF" not in answer.text


@pytest.mark.parametrize("content", [b"", b"no pdf", b"%PDF-1.7 broken"])
def test_what_is_no_statement_gets_a_clear_answer(client: FlaskClient, content: bytes) -> None:
    answer = check(client, content)

    assert answer.status_code == 422
    assert "Traceback" not in answer.text


def test_an_empty_form_asks_for_one_of_the_two(client: FlaskClient) -> None:
    answer = client.post("/verify?lang=en", data={})

    assert answer.status_code == 422
    assert "Fill in the code, or choose the PDF." in answer.text


def test_a_file_that_is_larger_than_may_be_sent_gets_its_answer_where_it_was_dropped(
    app: Flask, client: FlaskClient, office: Office
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 10_000

    answer = check(client, bytes(20_000))

    assert answer.status_code == 413
    assert "This file is larger than any statement: at most 20 MB." in answer.text
    assert 'name="file"' in answer.text
    elsewhere = office.browser().post(new_address(app, office), data={"on": "1" * 20_000})
    assert elsewhere.status_code == 413
    assert "This is too large" in elsewhere.text


def test_a_small_file_that_unpacks_to_very_much_is_not_read_further(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "verify", lambda *_args, **_named: pytest.fail("it was read"))

    heavy, out_of_memory = (check(client, unpacking_to(megabytes)) for megabytes in (150, 450))

    assert heavy.status_code == out_of_memory.status_code == 422
    assert "This PDF unpacks to far more than any statement holds." in heavy.text
    assert "This PDF is damaged or was changed" in out_of_memory.text


def unpacking_to(megabytes: int) -> bytes:
    """A PDF whose catalogue stands in a stream of that many blanks."""
    packing, head, blanks = zlib.compressobj(), b"1 0 << /Type /Catalog /Pages 2 0 R >>", b" " * MEGABYTE
    begin = packing.compress(head) + packing.flush(zlib.Z_FULL_FLUSH)
    block = packing.compress(blanks) + packing.flush(zlib.Z_FULL_FLUSH)
    checksum = reduce(lambda so_far, _: zlib.adler32(blanks, so_far), range(megabytes), zlib.adler32(head))
    packed = begin + block * megabytes + b"\x03\x00" + checksum.to_bytes(4, "big")
    content, at = bytearray(b"%PDF-1.7\n"), [0, 0]
    for number, written in (
        (2, b"<< /Type /Pages /Kids [] /Count 0 >>"),
        (3, stream_of(b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", packed)),
    ):
        at.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    at.append(len(content))
    rows = [(0, 0), (2, 3), (1, at[2]), (1, at[3]), (1, at[4])]
    index = b"".join(bytes([kind]) + place.to_bytes(4, "big") + b"\0" for kind, place in rows)
    content += b"4 0 obj\n%b\nendobj\n" % stream_of(b"/Type /XRef /Size 5 /W [1 4 1] /Root 1 0 R", index)
    return bytes(content + b"startxref\n%d\n%%%%EOF\n" % at[4])


def stream_of(keys: bytes, content: bytes) -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (keys, len(content), content)


@pytest.mark.parametrize("kind", ["contract", "supplier", "annual", "log"])
def test_a_draft_of_any_kind_is_shown_and_kept_nowhere(app: Flask, office: Office, quick: None, kind: str) -> None:
    with app.app_context():
        contract = office.contract
        make.placement(contract, status=Status.APPROVED)
        address = addresses(office)[kind]
        with command("contract.edit", by="demo", corporation=contract.corporation) as audit, audit.change_of(contract):
            contract.title = "Something for the log"
    browser = office.browser("administrator")
    before = digest(app)
    day = f"{today():%d-%m-%Y}"
    typed = {"on": day, "first": day, "last": day, "year": f"{today():%Y}", "language": "nl", "action": "preview"}

    answer = browser.post(address, data=typed)

    assert (answer.status_code, answer.data) == (200, b"%PDF nl")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "inline" in answer.headers["Content-Disposition"]
    assert digest(app) == before


def test_who_looks_at_very_many_drafts_has_to_wait_and_can_still_issue(tmp_path: Path, sqlite_url: str) -> None:
    with application(settings(tmp_path, sqlite_url), strict=True) as strict:
        with strict.app_context():
            auditor_id = make.user(Role.AUDITOR, of=make.corporation(kvk="12345678")).id
        client, address = client_of(strict, auditor_id), "/statements/log/12345678"
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(address).text)
        assert token
        asked = {"csrf_token": token[1], "first": "never", "action": "preview"}
        answers = [client.post(address, data=asked).status_code for _ in range(61)]
        issuing = client.post(address, data=asked | {"action": ""})

    assert answers == [422] * 60 + [429]
    assert issuing.status_code == 422


def test_a_visitor_who_tries_many_codes_has_to_wait(tmp_path: Any, sqlite_url: str) -> None:
    with application(settings(tmp_path, sqlite_url), strict=True) as strict:
        visitor = strict.test_client()
        answers = [visitor.get(f"/verify/{number:016d}").status_code for number in range(60)]
        last = visitor.get("/verify/0000000000000060?lang=en")

    assert answers == [404] * 60
    assert last.status_code == 429
    assert "and try again at" in last.text
    assert 'value="0000000000000060"' in last.text


def test_a_visitor_has_sixty_files_checked_however_often_the_page_is_read(
    tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "examine", lambda *_: Finding(Outcome.NO_STATEMENT, told="nothing"))
    with application(settings(tmp_path, sqlite_url), strict=True) as strict:
        with strict.app_context():
            auditor_id = make.user(Role.AUDITOR, of=make.corporation(kvk="12345678")).id
        visitor, known = strict.test_client(), client_of(strict, auditor_id)

        def drop(client: FlaskClient) -> Any:
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/verify?lang=en").text)
            assert token
            return check(client, b"a film", csrf_token=token[1])

        read = [visitor.get("/verify").status_code for _ in range(70)]
        dropped = [drop(visitor).status_code for _ in range(60)]
        last, of_known = drop(visitor), drop(known)

    assert set(read) == {200}
    assert set(dropped) == {200}
    assert last.status_code == 429
    assert "Very much was checked from here" in last.text and "and try again at" in last.text
    assert 'name="file"' in last.text
    assert of_known.status_code == 200
