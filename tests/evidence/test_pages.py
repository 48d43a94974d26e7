"""Evidence in the browser: who adds it, who opens it and that this is noted, what is refused, how it is withdrawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from app.audit.service import verify_chain
from app.contributions.models import Contribution
from app.evidence import queries
from app.evidence.models import Evidence
from app.evidence.store import the_store
from app.extensions import db
from app.rules.dossier import Status
from tests import factories as make
from tests.evidence.making import jpeg, pdf, png
from tests.evidence.test_scanning import VIRUS, clamd, scanned_by
from tests.web import world
from tests.web.office import Office, a_lasting_office, an_office

File = tuple[str, bytes]
OPENED = {
    "Content-Disposition": "attachment; filename=overeenkomst.pdf",
    "Content-Type": "application/pdf",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


@pytest.fixture(scope="module")
def office(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One to be refused in, and to look at."""
    with a_lasting_office(migrated_sqlite, tmp_path_factory.mktemp("evidence")) as made:
        yield made


def send(browser: FlaskClient, address: str, *files: File, **typed: Any) -> TestResponse:
    parts: dict[str, Any] = {"files": [(BytesIO(content), name) for name, content in files], **typed}
    return browser.post(address, data=parts, content_type="multipart/form-data")


def kept(office: Office) -> Sequence[Evidence]:
    with office.app.app_context():
        found = db.session.scalars(select(Evidence).order_by(Evidence.id)).all()
        db.session.expunge_all()
        return found


def files_in(office: Office) -> list[str]:
    with office.app.app_context():
        store = the_store()
        return list(store.files.find(store.root))


def test_a_supplier_adds_files_and_a_leader_opens_one_which_is_noted(app: Flask) -> None:
    office = an_office(app)
    contribution_id = office.submitted("supplier")
    supplier, leader = office.browser("supplier"), office.browser("leader")
    files = [("overeenkomst.pdf", pdf()), ("../foto.exe", jpeg()), ("nogmaals.pdf", pdf())]
    for _twice in range(2):
        answer = send(
            supplier, f"/contribution/{contribution_id}/evidence/new", *files, description="De praktijkplaats"
        )
        assert answer.location == f"/contribution/{contribution_id}"

    document, photo = kept(office)
    assert (document.name, photo.name, photo.media_type) == ("overeenkomst.pdf", "foto.jpg", "image/jpeg")
    assert len(files_in(office)) == 2
    page = leader.get(f"/contribution/{contribution_id}").text
    assert "overeenkomst.pdf" in page
    assert "De praktijkplaats" in page

    answer = leader.post(f"/evidence/{document.id}/open")
    assert sha256(answer.data).hexdigest() == document.sha256 == document.sent_sha256
    assert {name: answer.headers[name] for name in OPENED} == OPENED
    assert world.actions(app)[-2:] == ["evidence.add", "evidence.view"]
    assert "A project_leader" in leader.get(f"/evidence/{document.id}").text.partition("Opened by")[2]
    assert "Opened by" not in supplier.get(f"/evidence/{document.id}").text
    with app.app_context():
        assert verify_chain(office.corporation).is_sound
    assert "Evidence added" in leader.get(f"/contract/{office.contract_id}/timeline").text


def test_a_visit_is_evidence_and_recorded_once(app: Flask) -> None:
    office = an_office(app)
    contribution_id = office.submitted("supplier")
    seen = {"kind": "visit", "happened_on": "3-11-2026", "seen_by": "K. Jansen", "description": "Aan het werk gezien"}
    for address in (f"/contribution/{contribution_id}/visits/new", f"/contract/{office.contract_id}/visits/new"):
        for _twice in range(2):
            assert office.browser("assessor").post(address, data=seen).status_code == 302
    assert [(each.reference, each.description) for each in kept(office)] == [
        ("W-1081", "Aan het werk gezien"),
        (None, "Aan het werk gezien"),
    ]
    for address in (f"/contribution/{contribution_id}", f"/contracts/{_kvk(office)}/2025/014 a"):
        assert "Site visit 3 November 2026" in office.browser("supplier").get(address).text
    refused = office.browser("leader").post(
        address := f"/contract/{office.contract_id}/visits/new", data=seen | {"happened_on": "1-1-2100"}
    )
    assert "cannot be later than today" in refused.text
    assert "BSN" in office.browser("leader").post(address, data=seen | {"description": "BSN 111222333"}).text
    assert office.browser("supplier").get(address).status_code == 403


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([], "Choose a file."),
        ([("a.pdf", b"")], "“a.pdf” is empty."),
        ([("a.pdf", b"<svg/>")], "“a.pdf” is no PDF, JPEG or PNG"),
        ([("a.pdf", pdf()), ("b.png", png()[:40])], "“b.png” is damaged"),
        ([("BSN 111222333.pdf", pdf())], "citizen service number"),
        ([(f"{number}.pdf", pdf()) for number in range(6)], "At most 5 files"),
        ([("a.pdf", pdf() + bytes(5000))], "“a.pdf” is larger than 20 MB."),
    ],
    ids=["none", "empty", "svg", "one of two", "bsn", "six", "too large"],
)
def test_what_is_refused_is_named_and_nothing_is_kept(
    office: Office, files: list[File], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.evidence.looking.MOST_BYTES", 5000)
    leader = office.browser("leader")
    before = world.digest(office.app), files_in(office)
    answer = send(leader, f"/contract/{office.contract_id}/evidence/new", *files, description="Kept text")
    assert answer.status_code == 422
    assert said in answer.text
    assert "Kept text" in answer.text
    assert "111222333" not in answer.text
    assert (world.digest(office.app), files_in(office)) == before


def test_a_scanner_keeps_out_what_is_infected_and_everything_while_it_is_down(app: Flask) -> None:
    office = an_office(app)
    address, leader = f"/contract/{office.contract_id}/evidence/new", office.browser("leader")
    with clamd(app):
        refused = send(leader, address, ("a.pdf", pdf() + b"\n%" + VIRUS))
        assert (refused.status_code, "Eicar-Test-Signature" in refused.text) == (422, True)
        assert send(leader, address, ("b.pdf", pdf())).status_code == 302
    scanned_by(app, "127.0.0.1:9")
    refused = send(leader, address, ("c.png", png()))
    assert (refused.status_code, "scanner does not answer" in refused.text) == (503, True)
    assert [each.name for each in kept(office)] == ["b.pdf"]
    assert len(files_in(office)) == 1


def test_only_a_form_for_files_takes_large_requests_and_only_of_who_is_logged_in(office: Office) -> None:
    office.app.config["MAX_CONTENT_LENGTH"] = 10_000
    large, address = ("large.png", png() + bytes(20_000)), f"/contract/{office.contract_id}/evidence/new"
    assert send(office.browser("leader"), address, large).status_code == 302
    assert send(office.app.test_client(), address, large).status_code in (302, 413)
    assert send(office.browser("leader"), f"/contract/{office.contract_id}/visits/new", large).status_code == 413


def test_evidence_is_withdrawn_with_a_reason_until_somebody_judged_by_it(app: Flask) -> None:
    office = an_office(app)
    contribution_id = office.submitted("supplier")
    send(
        office.browser("supplier"), f"/contribution/{contribution_id}/evidence/new", ("a.pdf", pdf()), ("b.png", png())
    )
    first, second = (f"/evidence/{each.id}" for each in kept(office))

    assert office.browser("supplier").post(f"{first}/withdraw", data={"reason": ""}).status_code == 422
    assert office.browser("auditor").post(f"{first}/withdraw", data={"reason": "x"}).status_code == 403
    assert office.browser("supplier").post(f"{first}/withdraw", data={"reason": "Verkeerde"}).status_code == 302
    assert office.browser("supplier").post(f"{first}/withdraw", data={"reason": "x"}).status_code == 409
    assert "Verkeerde" in office.browser("auditor").get(first).text
    with app.app_context():
        assert [each.name for each in queries.evidence_of([contribution_id])[contribution_id]] == ["b.png"]
        version = db.session.get_one(Contribution, contribution_id)
        version.status, version.approved_at, version.approved_how = Status.APPROVED, make.NOW, "import"
        db.session.commit()
    refused = office.browser("leader").post(f"{second}/withdraw", data={"reason": "x"})
    assert (refused.status_code, "was approved on this evidence" in refused.text) == (409, True)


def test_an_administrator_erases_what_was_withdrawn_and_others_keep_the_same_file(app: Flask) -> None:
    office = an_office(app)
    address, administrator = f"/contract/{office.contract_id}/evidence/new", office.browser("administrator")
    for contract_page in (address, f"/contribution/{office.submitted('supplier')}/evidence/new"):
        send(administrator, contract_page, ("pas.png", png()))
    first, second = kept(office)
    assert first.sha256 == second.sha256
    for each, left in ((first, 1), (second, 0)):
        assert administrator.post(f"/evidence/{each.id}/erase").status_code == 409
        administrator.post(f"/evidence/{each.id}/withdraw", data={"reason": "Een pas"})
        assert administrator.post(f"/evidence/{each.id}/erase").status_code == 302
        assert len(files_in(office)) == left
        assert administrator.post(f"/evidence/{each.id}/open").status_code == 409
    assert [(each.name, each.sha256) for each in kept(office)] == [(None, first.sha256)] * 2
    assert office.browser("leader").post(f"/evidence/{first.id}/erase").status_code == 403


def test_all_versions_of_a_contribution_share_its_evidence(office: Office) -> None:
    with office.app.app_context():
        first = make.placement(office.contract, status=Status.WITHDRAWN)
        second, other = make.correction(first), make.placement(office.contract)
        made = make.evidence(office.contract, first.reference)
        ids = [first.id, second.id, other.id]
        assert {key: [each.id for each in rows] for key, rows in queries.evidence_of(ids).items()} == {
            first.id: [made.id],
            second.id: [made.id],
        }
        assert [queries.has_evidence(each) for each in ids] == [True, True, False]


def test_a_supplier_adds_to_a_certificate_that_covers_it_only(office: Office) -> None:
    with office.app.app_context():
        own = make.certificate(office.corporation, [office.contract.supplier.kvk]).id
        others = make.certificate(office.corporation).id
        elsewhere = make.certificate(None, [office.contract.supplier.kvk]).id
    supplier = office.browser("supplier")
    assert send(supplier, f"/certificate/{own}/evidence/new", ("pso.pdf", pdf())).status_code == 302
    assert "pso.pdf" in office.browser("leader").get(f"/certificate/{own}").text
    for each in (others, elsewhere):
        assert send(supplier, f"/certificate/{each}/evidence/new", ("pso.pdf", pdf())).status_code == 404
    deleted = office.browser("leader").post(f"/certificate/{own}/delete", data={"version": "1"})
    assert (deleted.status_code, "Evidence stands with this certificate" in deleted.text) == (409, True)


@pytest.mark.usefixtures("each_database")
def test_the_database_keeps_evidence_as_it_was() -> None:
    row = make.evidence()
    for statement in ("UPDATE evidence SET sha256 = reference", "DELETE FROM evidence"):
        with pytest.raises(IntegrityError, match="evidence"):
            db.session.execute(text(statement))
        db.session.rollback()
    assert row.holds


def _kvk(office: Office) -> str:
    with office.app.app_context():
        return office.corporation.kvk
