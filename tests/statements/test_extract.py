"""The extract of the audit log: whole from record to record, refused when one is changed, for who sees the log."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Corporation, Language, Role, User
from app.audit.service import command
from app.extensions import db
from app.rules.dates import Period
from app.rules.dossier_json import canonical
from app.statements import archive, extract, service
from app.statements.kinds import hash_of, read_paper
from app.statements.kinds.log import RECORDS
from app.statements.models import Statement, StatementKind
from app.statements.queries import statement_seen_by
from app.statements.verify import verify
from app.web.clock import today
from app.web.errors import Conflict, Invalid, NotFound
from tests import factories as make
from tests.pdf.making import text_of

pytestmark = pytest.mark.usefixtures("each_database")


def written() -> Corporation:
    """A corporation whose log has three records of one person."""
    contract = make.contract()
    leader = make.user(Role.PROJECT_LEADER, of=contract.corporation, name="J. Hendriks")
    for title in ("Gevelonderhoud", "Dakonderhoud", "Schilderwerk"):
        with command("contract.edit", by=leader) as audit, audit.change_of(contract):
            contract.title = title
    return contract.corporation


def days() -> Period:
    return Period(today() - timedelta(days=1), today())


def test_it_shows_the_records_and_their_chain() -> None:
    corporation = written()

    issued = service.issue_extract(corporation, days(), by="command line", language=Language.ENGLISH)

    content = archive.read(issued.renditions[0])
    verdict = verify(content)
    assert verdict.is_valid and verdict.is_compared
    document = json.loads(issued.documents[RECORDS])
    assert [each["action"] for each in document["records"]] == ["contract.edit"] * 3
    assert [each["name"] for each in document["records"]] == ["J. Hendriks"] * 3
    assert document["before"] == {"sequence": 0, "hash": "0" * 64}
    assert "Dakonderhoud" in document["records"][1]["payload"]["after"]
    assert (issued.net_cents, issued.standing, issued.contract_id) == (None, None, None)
    text = text_of(content)
    assert "the audit log has 3 records" in text and "J. Hendriks" in text
    later = service.issue_extract(corporation, days(), by="command line")
    assert len(json.loads(later.documents[RECORDS])["records"]) == 5, "the number and the file of the first are in it"


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("statement_records_differ", lambda it: it["records"][1].update(action="contract.delete")),
        ("statement_records_differ", lambda it: it["records"].pop(1)),
        ("statement_records_differ", lambda it: it["records"][0]["payload"].update(after="{}")),
        ("statement_records_differ", lambda it: it["before"].update(sequence=5)),
        ("statement_figures_differ", lambda it: it["records"].pop()),
        ("statement_records_differ", lambda it: it.update(chain="99990099")),
        ("statement_attachment_unreadable", lambda it: it["records"][0].update(extra=1)),
        ("statement_attachment_unreadable", lambda it: it["records"][0].pop("hash")),
        ("statement_attachment_unreadable", lambda it: it["records"][0].update(at="now")),
        ("statement_attachment_unreadable", lambda it: it.update({"from": "2999-01-01"})),
        ("statement_attachment_unreadable", lambda it: it.update(schema="records/2")),
    ],
)
@pytest.mark.usefixtures("quick")
def test_a_record_that_was_changed_or_left_out_is_found(code: str, change: Any) -> None:
    issued = service.issue_extract(written(), days(), by="command line")
    document = json.loads(issued.documents[RECORDS])
    change(document)
    documents = {RECORDS: canonical(document)}
    imprint = service.imprint_of(issued, Language.DUTCH)

    with pytest.raises(Invalid, match=code):
        read_paper(replace(imprint, document_sha256=hash_of(StatementKind.LOG, documents)), documents)


def test_a_period_without_records_or_with_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    corporation = written()

    with pytest.raises(Conflict, match="no_records_then"):
        service.issue_extract(corporation, Period(date(2020, 1, 1), date(2020, 12, 31)), by="command line")
    with pytest.raises(Conflict, match="day_ahead"):
        service.issue_extract(corporation, Period(today(), today() + timedelta(days=1)), by="command line")
    monkeypatch.setattr(extract, "MOST_RECORDS", 2)
    with pytest.raises(Conflict, match="too_many_records"):
        service.issue_extract(corporation, days(), by="command line")
    with pytest.raises(Conflict, match="no_records_then"):
        service.issue_extract(make.corporation(), days(), by="command line")
    assert db.session.query(Statement).count() == 0


@pytest.mark.usefixtures("quick")
def test_only_who_sees_the_log_sees_it() -> None:
    corporation = written()
    issued = service.issue_extract(corporation, days(), by="command line")
    auditor = make.user(Role.AUDITOR, of=corporation)
    leader = make.user(Role.PROJECT_LEADER, of=corporation)
    elsewhere = make.user(Role.AUDITOR, of=make.corporation())

    assert statement_seen_by(db.session.get_one(User, auditor.id), issued.id) is issued
    for stranger in (leader, elsewhere):
        with pytest.raises(NotFound):
            statement_seen_by(db.session.get_one(User, stranger.id), issued.id)


@pytest.mark.usefixtures("quick")
def test_the_command_line_issues_it(each_database: Flask, tmp_path: Path) -> None:
    asked = ["log-extract", "--corporation", written().kvk, "--out", f"{tmp_path}/log.pdf"]
    runner = each_database.test_cli_runner()

    first, last = days().first.isoformat(), days().last.isoformat()
    assert runner.invoke(args=[*asked, "--from", first, "--through", last]).exit_code == 0
    assert runner.invoke(args=[*asked, "--from", last, "--through", first]).exit_code == 1
