"""The commands `statement`, `statements` and `verify`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Flask

from app.contracts.models import Contract
from app.extensions import db
from app.rules.dossier import Status
from app.statements import service
from app.statements.late import render
from app.statements.models import Statement
from app.statements.verify import verify
from tests import factories as make
from tests.pdf.making import paper
from tests.support import application, settings

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *arguments: app.test_cli_runner().invoke(args=[str(each) for each in arguments])


@pytest.fixture
def kvk(app: Flask) -> str:
    """A corporation with three contracts, one with a number that is no file name."""
    with app.app_context():
        contract = make.contract(number="2025/014 a")
        make.placement(contract, status=Status.APPROVED)
        make.contract(contract.corporation, number="2025-015")
        make.contract(contract.corporation, number="2025-016")
        return contract.corporation.kvk


def statements(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(each.number, each.language) for each in db.session.query(Statement).order_by(Statement.id)]


def test_statement_issues_one_and_writes_its_file(app: Flask, run: Run, kvk: str, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"

    answer = run("statement", "2025/014 a", "--corporation", kvk, "--on", "2026-11-24", "--out", out)

    assert answer.exit_code == 0, answer.output
    with app.app_context():
        verdict = verify(out.read_bytes())
    assert verdict.is_valid
    assert verdict.about == "overeenkomst 2025/014 a"
    assert statements(app) == [(verdict.imprint.number if verdict.imprint else "", "nl")]


def test_statement_in_english(app: Flask, run: Run, kvk: str, tmp_path: Path) -> None:
    run(
        "statement", "2025-015", "--corporation", kvk, "--on", "2026-11-24", "--out", tmp_path / "a.pdf", "--lang", "en"
    )

    assert [language for _, language in statements(app)] == ["en"]


def test_statements_issues_one_for_every_contract(app: Flask, run: Run, kvk: str, tmp_path: Path) -> None:
    answer = run("statements", "--corporation", kvk, "--on", "2026-11-24", "--out", tmp_path / "all", "--lang", "en")

    assert answer.exit_code == 0, answer.output
    assert "3 issued in" in answer.output
    names = sorted(path.name for path in (tmp_path / "all").iterdir())
    assert [re.sub(r"^\d{4}-", "", name) for name in names] == [
        "0001_2025-015.pdf",
        "0002_2025-016.pdf",
        "0003_2025-014-a.pdf",
    ]


def test_statements_first_completes_what_a_crash_left(app: Flask, run: Run, kvk: str, tmp_path: Path) -> None:
    with app.app_context():
        contract = db.session.get_one(Contract, 1)
        service.reserve(contract, date(2026, 6, 30), by="command line")

    run("statements", "--corporation", kvk, "--on", "2026-11-24", "--out", tmp_path)

    with app.app_context():
        assert {each.state for each in db.session.query(Statement)} == {"issued"}
        assert db.session.query(Statement).count() == 4


@pytest.mark.parametrize(
    "arguments",
    [
        ("statement", "2025/99", "--corporation", "{kvk}", "--on", "2026-11-24", "--out", "{out}"),
        ("statement", "2025-015", "--corporation", "99999999", "--on", "2026-11-24", "--out", "{out}"),
        ("statements", "--corporation", "99999999", "--on", "2026-11-24", "--out", "{out}"),
    ],
)
def test_what_is_not_there_is_one_clear_line(run: Run, kvk: str, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    answer = run(*(each.format(kvk=kvk, out=tmp_path / "x") for each in arguments))

    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert answer.output.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_a_place_that_cannot_be_written_is_one_clear_line(app: Flask, run: Run, kvk: str) -> None:
    arguments = ("--corporation", kvk, "--on", "2026-11-24", "--out", "/proc/a.pdf", "--lang", "en")
    answer = run("statement", "2025-015", *arguments)

    assert answer.exit_code == 1
    assert "cannot be written" in answer.output
    assert answer.output.count("\n") == 1
    assert len(statements(app)) == 1


def test_a_folder_that_is_not_there_is_named_before_a_number_is_taken(
    app: Flask, run: Run, kvk: str, tmp_path: Path
) -> None:
    out = tmp_path / "no folder" / "a.pdf"
    answer = run("statement", "2025-015", "--corporation", kvk, "--on", "2026-11-24", "--out", out, "--lang", "en")

    assert (answer.exit_code, answer.output.count("\n")) == (1, 1)
    assert f"The folder {tmp_path / 'no folder'} is not there." in answer.output
    assert not out.parent.exists()
    assert statements(app) == []


def test_verify_needs_no_database_and_trusts_the_certificate_that_it_is_given(
    run: Run, kvk: str, tmp_path: Path
) -> None:
    out, pem = tmp_path / "a.pdf", tmp_path / "certificate.pem"
    run("statement", "2025/014 a", "--corporation", kvk, "--on", "2026-11-24", "--out", out)
    printed = run("certificate", "--corporation", kvk)
    pem.write_text(printed.output)
    nowhere = settings(tmp_path / "elsewhere", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    here = run("verify", out)
    with application(nowhere) as elsewhere:
        verify_there = elsewhere.test_cli_runner().invoke
        unknown = verify_there(args=["verify", str(out)])
        trusted = verify_there(args=["verify", str(out), "--trust", str(pem)])
        no_certificate = verify_there(args=["verify", str(out), "--trust", str(out), "--lang", "en"])

    fingerprint = x509.load_pem_x509_certificate(printed.output.encode()).fingerprint(hashes.SHA256()).hex()
    assert (here.exit_code, trusted.exit_code) == (0, 0), trusted.output
    assert trusted.output.startswith("valid: statement ")
    assert "byte for byte" in trusted.output
    assert (unknown.exit_code, unknown.output.strip()) == (
        2,
        f"intact, but sealed by a certificate that is not trusted here: {fingerprint}",
    )
    assert no_certificate.exit_code == 1
    assert "holds no certificate" in no_certificate.output


def test_verify_says_what_is_wrong(run: Run, kvk: str, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    run("statement", "2025/014 a", "--corporation", kvk, "--on", "2026-11-24", "--out", out)
    out.write_bytes(out.read_bytes().replace(b"%%EOF", b"%%EOG"))
    other = tmp_path / "b.txt"
    other.write_text("no pdf")

    changed, no_pdf, none = (run("verify", each, "--lang", "en") for each in (out, other, tmp_path / "none.pdf"))

    assert (changed.exit_code, no_pdf.exit_code) == (1, 1)
    assert none.exit_code != 0
    assert "after it was sealed" in changed.output
    assert "no PDF file" in no_pdf.output


def test_a_statement_without_a_seal_is_not_valid_by_its_file_alone(app: Flask, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    with app.app_context():
        out.write_bytes(render(paper()))

    answer = run("verify", out, "--lang", "en")

    assert answer.exit_code == 1
    assert "carries no seal" in answer.output
    assert "https://wederdienst.example/verify/7F3K-2Q9D-5HXN-4MWT" in answer.output
