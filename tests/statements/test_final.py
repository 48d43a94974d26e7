"""The final statement of a settled contract: what is frozen, what is reckoned again, and what takes its place."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Language, Role, User
from app.closing import service as closing
from app.closing.models import Settlement
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dossier_json import canonical
from app.statements import archive, service
from app.statements.final import SETTLEMENT, settlement_json
from app.statements.in_force import OPENED_AGAIN, withdraw, withdraw_final
from app.statements.kinds import hash_of, read_paper
from app.statements.models import Statement, StatementKind, StatementState
from app.statements.queries import settlement_to_state
from app.statements.verify import verify
from app.web.errors import Conflict, Invalid, NotFound
from tests import factories as make
from tests.closing.ended import SHORT, ended_contract
from tests.pdf.making import text_of

pytestmark = pytest.mark.usefixtures("each_database")

INSTALMENT = 5_000_00


def settled(contract: Contract, instalment_cents: int | None = INSTALMENT) -> Settlement:
    """Proposed by a project leader and confirmed by an administrator."""
    leader = make.user(Role.PROJECT_LEADER, of=contract.corporation)
    administrator = make.user(Role.ADMINISTRATOR, of=contract.corporation)
    made = closing.propose(contract.id, instalment_cents=instalment_cents, note="", by=leader)
    closing.confirm(contract.id, by=administrator, seen_version=made.row_version)
    return db.session.get_one(Settlement, made.id)


def excused(contract: Contract) -> None:
    leader, colleague = (make.user(Role.PROJECT_LEADER, of=contract.corporation) for _ in range(2))
    made = closing.propose_excuse(
        contract.id, reason="Werk lag stil", effort="Vier kandidaten", by=leader, seen_version=contract.row_version
    )
    closing.agree_excuse(contract.id, by=colleague, seen_version=made.row_version)


def paper_of(content: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return {name: pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments}


def test_it_says_what_is_short_who_pays_it_and_who_decided() -> None:
    settlement = settled(ended_contract())

    issued = service.issue_final(settlement, by="command line", language=Language.ENGLISH)

    assert (issued.kind, issued.on, issued.standing) == (StatementKind.FINAL, settlement.assessed_on, "shortfall")
    content = archive.read(issued.renditions[0])
    verdict = verify(content)
    assert verdict.is_valid and verdict.is_compared
    attached = json.loads(paper_of(content)[SETTLEMENT])
    assert (attached["shortfall_cents"], attached["deducted_cents"], attached["claimed_cents"]) == (
        SHORT,
        INSTALMENT,
        SHORT - INSTALMENT,
    )
    text = " ".join(text_of(content).split())
    assert "is €8,103 short, and a penalty of €8,103 is due." in text
    assert f"Final social return statement {issued.number}" in text
    assert "(project leader), confirmed by somebody else on" in text and "(administrator)." in text


def test_an_excuse_by_two_people_takes_the_penalty_away() -> None:
    contract = ended_contract()
    excused(contract)

    issued = service.issue_final(settled(contract, None), by="command line", language=Language.ENGLISH)

    text = " ".join(text_of(archive.read(issued.renditions[0])).split())
    assert "The supplier is not to blame, so no penalty is due." in text
    assert "That the supplier is not to blame was proposed on" in text
    assert verify(archive.read(issued.renditions[0])).is_valid


def test_where_nothing_is_short_it_says_so() -> None:
    issued = service.issue_final(settled(ended_contract(done=70_000_00), None), by="command line")

    assert issued.standing == "fulfilled"
    assert verify(archive.read(issued.renditions[0])).is_valid


@pytest.mark.usefixtures("quick")
def test_it_is_issued_once_and_another_settlement_supersedes_it() -> None:
    contract = ended_contract()
    first = settled(contract)
    issued = service.issue_final(first, by="command line")
    assert service.issue_final(first, by="command line").id == issued.id
    leader = make.user(Role.PROJECT_LEADER, of=contract.corporation)
    seen = first.row_version
    closing.withdraw(contract.id, reason="Andere termijn", by=leader, seen_version=seen, also=withdraw_final)
    db.session.refresh(issued)
    assert (issued.state, issued.withdrawn_by_id) == (StatementState.WITHDRAWN, leader.id)
    assert issued.withdrawn_reason == f"{OPENED_AGAIN} Andere termijn"
    with pytest.raises(Conflict, match="not_settled"):
        service.issue_final(make.settlement(make.contract()), by="command line")

    later = service.issue_final(settled(contract, 9_000_00), by="command line")

    db.session.refresh(issued)
    assert (issued.state, later.state) == (StatementState.WITHDRAWN, StatementState.ISSUED)


@pytest.mark.usefixtures("quick")
def opened_again(contract: Contract, by: User) -> None:
    standing = db.session.scalars(select(Settlement).where(Settlement.contract_id == contract.id)).one()
    seen = standing.row_version
    closing.withdraw(contract.id, reason="Andere termijn", by=by, seen_version=seen, also=withdraw_final)


@pytest.mark.usefixtures("quick")
def test_one_whose_file_comes_after_its_settlement_was_opened_again_is_withdrawn_at_once() -> None:
    contract = ended_contract()
    statement_id = service.reserve_final(settled(contract), by="command line")
    leader = make.user(Role.PROJECT_LEADER, of=contract.corporation)
    opened_again(contract, leader)

    late = service.complete(statement_id, by="command line")

    assert (late.state, late.withdrawn_reason) == (StatementState.WITHDRAWN, f"{OPENED_AGAIN} Andere termijn")
    assert late.withdrawn_by_id == leader.id and archive.read(late.renditions[0])


@pytest.mark.usefixtures("quick")
def test_it_goes_with_its_settlement_and_never_alone() -> None:
    contract = ended_contract()
    issued = service.issue_final(settled(contract), by="command line")
    leader = make.user(Role.PROJECT_LEADER, of=contract.corporation)

    with pytest.raises(Conflict, match="statement_of_settlement"):
        withdraw(issued.id, reason="Fout", by=leader)


@pytest.mark.parametrize(
    "changed", [{"claimed_cents": 0}, {"penalty_cents": 1}, {"instalment_cents": 1}, {"is_excused": True}]
)
def test_amounts_that_do_not_follow_are_refused(changed: dict[str, object]) -> None:
    settlement = settled(ended_contract())
    issued = service.issue_final(settlement, by="command line")
    written = canonical(json.loads(settlement_json(settlement)) | changed)
    with pytest.raises(Invalid, match="statement_settlement_differs"):
        read_with(issued, issued.documents | {SETTLEMENT: written})


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("written", [None, b"{}", b"[]", b"nonsense"])
def test_a_final_statement_without_a_settlement_is_none(written: bytes | None) -> None:
    issued = service.issue_final(settled(ended_contract()), by="command line")
    others = {name: content for name, content in issued.documents.items() if name != SETTLEMENT}
    with pytest.raises(Invalid):
        read_with(issued, others | ({SETTLEMENT: written} if written else {}))


def read_with(issued: Statement, documents: Mapping[str, bytes]) -> None:
    """Read a final statement of these documents, under a hash that is theirs."""
    sha256 = hash_of(StatementKind.FINAL, documents)
    read_paper(replace(service.imprint_of(issued, Language.DUTCH), document_sha256=sha256), documents)


def test_the_command_line_issues_it(each_database: Flask, tmp_path: object) -> None:
    contract = ended_contract()
    settled(contract)
    asked = ["statement", contract.number, "--corporation", contract.corporation.kvk, "--out", f"{tmp_path}/final.pdf"]
    runner = each_database.test_cli_runner()

    assert runner.invoke(args=[*asked]).exit_code == 1
    assert runner.invoke(args=[*asked, "--final", "--on", "2026-01-01"]).exit_code == 1
    assert runner.invoke(args=[*asked, "--final"]).exit_code == 0
    done = runner.invoke(args=["verify", f"{tmp_path}/final.pdf"])
    assert done.output.startswith("valid:")


def test_who_does_not_issue_statements_there_gets_none(each_database: Flask) -> None:
    contract = ended_contract()
    settled(contract)
    supplier = make.user(Role.SUPPLIER, of=contract.corporation, supplier_=contract.supplier)
    for stranger in (supplier, make.user(Role.PROJECT_LEADER, of=make.corporation())):
        with pytest.raises(NotFound):
            settlement_to_state(contract.id, db.session.get_one(User, stranger.id))
