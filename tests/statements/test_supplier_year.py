"""The statement of a supplier over a year: its sums, what is refused, and who sees it. On both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Language, Role, User
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dates import Period
from app.rules.dossier import Status
from app.rules.dossier_json import canonical
from app.statements import archive, service
from app.statements.kinds import hash_of, read_paper
from app.statements.kinds.supplier import ASSESSMENTS, DOSSIERS
from app.statements.models import Statement, StatementKind
from app.statements.queries import statement_seen_by, years_of
from app.statements.subjects import year_through
from app.statements.verify import verify
from app.suppliers.models import SupplierRecord
from app.web.errors import Conflict, Invalid, NotFound
from tests import factories as make
from tests.pdf.making import text_of

pytestmark = pytest.mark.usefixtures("each_database")

YEAR = Period(date(2026, 1, 1), date(2026, 11, 24))


def two_contracts() -> Contract:
    """A supplier with two contracts that run in 2026 and one that is over; the first of them."""
    first = make.contract(number="2025-014")
    same = first.corporation, first.supplier
    second = make.contract(*same, number="2026-002")
    make.contract(*same, number="2023-001", starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    worked(first, "W1", date(2025, 7, 1), date(2026, 3, 31))
    worked(second, "W2", date(2026, 2, 1), date(2026, 4, 30))
    return first


def worked(on: Contract, reference: str, first: date, last: date) -> None:
    """A full-time placement that was approved."""
    make.placement(on, reference=reference, status=Status.APPROVED, starts_on=first, ends_on=last)


def record_of(contract: Contract) -> SupplierRecord:
    return contract.supplier_record


def issue(contract: Contract, language: Language = Language.ENGLISH) -> Statement:
    return service.issue_supplier(record_of(contract), YEAR, by="command line", language=language)


def test_it_tells_of_every_contract_that_runs_in_the_year_and_of_what_was_done_in_it() -> None:
    issued = issue(two_contracts())

    content = archive.read(issued.renditions[0])
    verdict = verify(content)
    assert verdict.is_valid and verdict.is_compared
    figures = json.loads(issued.documents[ASSESSMENTS])
    by_number = {each["assessment"]["contract"]: each for each in figures["contracts"]}
    assert list(by_number) == ["2025-014", "2026-002"]
    # Participatiewet is worth 40,000 a year full time: of nine months six lie in 2025 and three in 2026.
    assert by_number["2025-014"]["assessment"]["credited_cents"] == 30_000_00
    assert by_number["2025-014"]["contributions_in_period"] == {"W1": 10_000_00}
    assert figures["totals"]["credited_in_period_cents"] == 20_000_00
    assert (issued.net_cents, issued.credited_cents) == (figures["totals"]["net_cents"], 40_000_00)
    assert (issued.kind, issued.covers_from, issued.on) == (StatementKind.SUPPLIER, YEAR.first, YEAR.last)
    text = text_of(content)
    assert "€20,000 was credited in 2026" in text and "2 contracts that run in 2026" in text
    assert "still has" in text and "short" not in text
    assert "2023-001" not in text


def test_a_surplus_on_one_contract_takes_nothing_away_from_another() -> None:
    first = two_contracts()
    worked(first, "W3", date(2025, 1, 1), date(2026, 10, 31))
    worked(first, "W4", date(2025, 1, 1), date(2026, 10, 31))

    figures = json.loads(issue(first).documents[ASSESSMENTS])

    remaining = [each["assessment"]["remaining_cents"] for each in figures["contracts"]]
    assert remaining[0] == 0 < remaining[1]
    assert figures["totals"]["remaining_cents"] == remaining[1]
    assert figures["totals"]["credited_cents"] > figures["totals"]["net_cents"]


def read_with(issued: Statement, name: str, change: Any) -> None:
    """Read the paper with one document changed, under a hash that is theirs."""
    document = json.loads(issued.documents[name])
    change(document)
    documents = issued.documents | {name: canonical(document)}
    sha256 = hash_of(StatementKind.SUPPLIER, documents)
    read_paper(replace(service.imprint_of(issued, Language.DUTCH), document_sha256=sha256), documents)


def test_what_does_not_follow_is_refused() -> None:
    issued = issue(two_contracts())

    def other_company(document: dict[str, Any]) -> None:
        document["dossiers"][1]["kvk"] = "99990099"

    changes = [
        (ASSESSMENTS, "statement_figures_differ", lambda it: it["totals"].update(credited_cents=1)),
        (ASSESSMENTS, "statement_figures_differ", lambda it: it["contracts"][0].update(credited_in_period_cents=1)),
        (ASSESSMENTS, "statement_figures_differ", lambda it: it.update({"from": "2026-02-01"})),
        (ASSESSMENTS, "statement_figures_differ", lambda it: it.update({"from": 1})),
        (DOSSIERS, "statement_attachment_unreadable", lambda it: it["dossiers"].append(it["dossiers"][0])),
        (DOSSIERS, "statement_attachment_unreadable", other_company),
        (DOSSIERS, "statement_attachment_unreadable", lambda it: it.update(dossiers=[])),
        (DOSSIERS, "statement_attachment_unreadable", lambda it: it.update(schema="dossiers/2")),
        (DOSSIERS, "statement_figures_differ", lambda it: it["dossiers"].reverse()),
    ]
    for name, code, change in changes:
        with pytest.raises(Invalid, match=code):
            read_with(issued, name, change)


def test_a_year_without_contracts_and_one_that_is_yet_to_begin_are_refused() -> None:
    contract = two_contracts()

    assert years_of(record_of(contract), date(2026, 11, 24)) == [2026, 2025, 2024, 2023]
    with pytest.raises(Conflict, match="no_contracts_then"):
        service.issue_supplier(record_of(contract), year_through(2020, date(2026, 1, 1)), by="command line")
    with pytest.raises(Conflict, match="year_ahead"):
        year_through(2027, date(2026, 11, 24))
    assert db.session.query(Statement).count() == 0


@pytest.mark.usefixtures("quick")
def test_the_supplier_sees_its_own_and_no_other_company_does() -> None:
    contract = two_contracts()
    issued = issue(contract)
    own = make.user(Role.SUPPLIER, of=contract.corporation, supplier_=contract.supplier)
    other = make.user(Role.SUPPLIER, of=contract.corporation, supplier_=make.contract(of=contract.corporation).supplier)
    elsewhere = make.record(contract.supplier).corporation
    same_elsewhere = make.user(Role.SUPPLIER, of=elsewhere, supplier_=contract.supplier)

    assert statement_seen_by(db.session.get_one(User, own.id), issued.id) is issued
    for stranger in (other, same_elsewhere, make.mandate(contract.corporation, contract)):
        with pytest.raises(NotFound):
            statement_seen_by(db.session.get_one(User, stranger.id), issued.id)


def test_the_command_line_issues_it(each_database: Flask, tmp_path: Path) -> None:
    contract = two_contracts()
    asked = ["supplier-statement", contract.supplier.kvk, "--corporation", contract.corporation.kvk]
    out = ["--out", f"{tmp_path}/year.pdf"]
    runner = each_database.test_cli_runner()

    assert runner.invoke(args=[*asked, "--year", "2025", *out]).exit_code == 0
    assert "valid:" in runner.invoke(args=["verify", f"{tmp_path}/year.pdf"]).output
    assert runner.invoke(args=[*asked, "--year", "2020", *out]).exit_code == 1
    asked[1] = "99998888"
    assert "no supplier" in runner.invoke(args=[*asked, "--year", "2025", *out, "--lang", "en"]).output
