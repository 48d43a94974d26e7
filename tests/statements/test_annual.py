"""The annual report: what it sums, what is refused, who sees it, and the auditor's list. On both databases."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Corporation, Language, Role, User
from app.audit.models import AuditRecord
from app.extensions import db
from app.rules.dates import Period
from app.rules.dossier import Programme, Status
from app.rules.dossier_json import canonical
from app.statements import archive, service
from app.statements.kinds import hash_of, read_paper
from app.statements.kinds.annual import REPORT
from app.statements.models import Statement, StatementKind
from app.statements.queries import statement_seen_by
from app.statements.verify import verify
from app.web.errors import Conflict, Invalid, NotFound
from tests import factories as make
from tests.pdf.making import text_of

pytestmark = pytest.mark.usefixtures("each_database")

YEAR = Period(date(2026, 1, 1), date(2026, 11, 24))
PLACED = 6


def a_year() -> Corporation:
    """A corporation with a contract on which six young people work, and one that was over before."""
    contract = make.contract()
    make.contract(contract.corporation, contract.supplier, starts_on=date(2023, 1, 1), ends_on=date(2024, 12, 31))
    for number in range(PLACED):
        make.placement(contract, reference=f"W{number}", status=Status.APPROVED, programme=Programme.YOUTH)
    return contract.corporation


def issue(corporation: Corporation) -> Statement:
    return service.issue_annual(corporation, YEAR, by="command line", language=Language.ENGLISH)


def test_it_tells_of_people_effort_and_obligations() -> None:
    issued = issue(a_year())

    content = archive.read(issued.renditions[0])
    verdict = verify(content)
    assert verdict.is_valid and verdict.is_compared
    report = json.loads(issued.documents[REPORT])
    assert {way: found for way, found in report["people"]["by_programme"].items() if found} == {"youth": PLACED}
    assert report["totals"]["in_year_cents"] == report["totals"]["credited_cents"] == issued.credited_cents
    totals = report["totals"]
    assert totals["exempted_cents"] + totals["met_cents"] + totals["outstanding_cents"] == totals["gross_cents"]
    assert totals["contracts"] == 1 and len(report["contracts"]) == 2
    assert (issued.kind, issued.covers_from, issued.on) == (StatementKind.ANNUAL, YEAR.first, YEAR.last)
    text = text_of(content)
    assert re.search(r"In 2026, through \d+ \w+ 2026, 6 people were placed", text)
    assert "1 contract that runs in 2026: 1 " in text
    assert "W0" not in text and not any(b"W0" in each for each in issued.documents.values())


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("statement_figures_differ", lambda it: it["totals"].update(in_year_cents=1)),
        ("statement_figures_differ", lambda it: it["contracts"][0].update(remaining_cents=1)),
        ("statement_figures_differ", lambda it: it["people"]["by_programme"].update(youth=5)),
        ("statement_figures_differ", lambda it: it["people"]["by_supplier"].update({"99990001": 3})),
        ("statement_figures_differ", lambda it: it["people"].update(total=9)),
        ("statement_figures_differ", lambda it: it.update({"from": "2026-02-01"})),
        ("statement_attachment_unreadable", lambda it: it["people"]["by_programme"].update(nobody=5)),
        ("statement_attachment_unreadable", lambda it: it["contracts"][0].update(kind="other")),
        ("statement_attachment_unreadable", lambda it: it["contracts"][0].update(gross_cents="1")),
        ("statement_attachment_unreadable", lambda it: it["contracts"][0].pop("status")),
        ("statement_attachment_unreadable", lambda it: it.update(schema="report/2")),
    ],
)
@pytest.mark.usefixtures("quick")
def test_what_does_not_follow_is_refused(code: str, change: Any) -> None:
    issued = issue(a_year())
    document = json.loads(issued.documents[REPORT])
    change(document)
    documents = {REPORT: canonical(document)}
    imprint = service.imprint_of(issued, Language.DUTCH)

    with pytest.raises(Invalid, match=code):
        read_paper(replace(imprint, document_sha256=hash_of(StatementKind.ANNUAL, documents)), documents)


@pytest.mark.usefixtures("quick")
def test_the_corporation_and_its_auditor_see_it_and_nobody_else() -> None:
    corporation = a_year()
    issued = issue(corporation)
    contract = make.contract(corporation)
    supplier = make.user(Role.SUPPLIER, of=corporation, supplier_=contract.supplier)
    for role in (Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.AUDITOR):
        reader = make.user(role, of=corporation)
        assert statement_seen_by(db.session.get_one(User, reader.id), issued.id) is issued
    for stranger in (supplier, make.mandate(corporation, contract), make.user(Role.AUDITOR, of=make.corporation())):
        with pytest.raises(NotFound):
            statement_seen_by(db.session.get_one(User, stranger.id), issued.id)


def test_a_year_without_contracts_is_refused() -> None:
    with pytest.raises(Conflict, match="no_contracts_in_year"):
        service.issue_annual(make.corporation(), YEAR, by="command line")


def test_the_auditors_list_has_the_references_and_leaves_a_record() -> None:
    corporation = a_year()
    auditor = make.user(Role.AUDITOR, of=corporation)

    rows = service.take_annex(corporation, YEAR, by=auditor)

    assert len(rows) == PLACED
    contract, _kvk, _name, placement, person, programme, block, *_days = rows[0]
    assert (placement, programme, block) == ("W0", Programme.YOUTH, "participatiewet")
    assert person and contract.startswith("2025-")
    taken = db.session.scalars(select(AuditRecord).where(AuditRecord.action == "people.export")).one()
    assert taken.actor_id == auditor.id


@pytest.mark.usefixtures("quick")
def test_the_command_line_issues_it(each_database: Flask, tmp_path: Path) -> None:
    asked = ["annual-report", "--corporation", a_year().kvk, "--out", f"{tmp_path}/year.pdf"]
    runner = each_database.test_cli_runner()

    assert runner.invoke(args=[*asked, "--year", "2025"]).exit_code == 0
    assert runner.invoke(args=[*asked, "--year", "2010"]).exit_code == 1
