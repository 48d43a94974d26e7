"""Whether a statement holds: superseded by a later one, withdrawn with a reason, and what the public page tells."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.accounts.models import Language, Role, User
from app.contracts.models import Contract
from app.extensions import db
from app.rules.dates import Period
from app.statements import archive, checking, in_force, service
from app.statements.models import Statement
from app.statements.subjects import contract_draft
from app.web.clock import today
from app.web.errors import Conflict, NotFound
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database", "quick")

ON = date(2026, 11, 24)
YEAR = Period(date(2026, 1, 1), ON)


def states(*statements: Statement) -> list[str]:
    for each in statements:
        db.session.refresh(each)
    return [str(each.state) for each in statements]


def leader_of(contract: Contract, role: Role = Role.PROJECT_LEADER) -> User:
    return make.user(role, of=contract.corporation)


def test_a_later_statement_of_the_same_thing_takes_its_place() -> None:
    contract = make.contract()
    first, another_day = (service.issue(contract, day, by="demo") for day in (ON, date(2026, 11, 25)))
    other_contract = service.issue(make.contract(contract.corporation, contract.supplier), ON, by="demo")
    year = service.issue_supplier(contract.supplier_record, YEAR, by="demo")
    log = service.issue_extract(contract.corporation, Period(today(), today()), by="demo")

    again = service.issue(contract, ON, by="demo")
    year_again = service.issue_supplier(contract.supplier_record, YEAR, by="demo")
    service.issue_extract(contract.corporation, Period(today(), today()), by="demo")

    assert states(first, another_day, other_contract, again) == ["superseded", "issued", "issued", "issued"]
    assert first.superseded_by is again
    assert states(year, year_again, log) == ["superseded", "issued", "issued"]
    assert checking.look_up(first.code).outcome is checking.Outcome.SUPERSEDED
    assert checking.look_up(again.code).outcome is checking.Outcome.VALID


def test_one_whose_file_came_after_that_of_a_later_number_gives_its_place_at_once() -> None:
    contract = make.contract()
    late = service.reserve(contract, ON, by="demo")
    later = service.issue(contract, ON, by="demo")

    done = service.complete(late, by="demo")

    assert states(done, later) == ["superseded", "issued"]
    assert done.superseded_by is later
    assert archive.read(done.renditions[0])


def test_a_statement_is_withdrawn_with_a_reason_and_stays_readable() -> None:
    contract = make.contract()
    issued, leader = service.issue(contract, ON, by="demo"), leader_of(contract)

    in_force.withdraw(issued.id, reason="Fout in de som", by=leader)

    assert states(issued) == ["withdrawn"]
    assert (issued.withdrawn_reason, issued.withdrawn_by_id) == ("Fout in de som", leader.id)
    assert archive.read(issued.renditions[0])
    found = checking.look_up(issued.code)
    assert found.outcome is checking.Outcome.WITHDRAWN
    again = service.issue(contract, ON, by="demo")
    assert states(issued, again) == ["withdrawn", "issued"], "a withdrawn one is not superseded as well"


def test_only_one_that_holds_can_be_withdrawn_and_only_by_who_issues_there() -> None:
    contract = make.contract()
    issued = service.issue(contract, ON, by="demo")
    leader, auditor = leader_of(contract), leader_of(contract, Role.AUDITOR)
    elsewhere = make.user(Role.ADMINISTRATOR, of=make.corporation())
    for stranger in (auditor, elsewhere):
        with pytest.raises(NotFound):
            in_force.withdraw(issued.id, reason="Fout", by=stranger)
    reserved = service.reserve(make.contract(contract.corporation, contract.supplier), ON, by="demo")
    refused(reserved, "statement_being_made", leader)
    service.issue(contract, ON, by="demo")
    refused(issued.id, "statement_superseded", leader)
    last = service.issue(contract, ON, by="demo")
    in_force.withdraw(last.id, reason="Fout", by=leader)
    refused(last.id, "statement_withdrawn", leader)


def refused(statement_id: int, code: str, by: User) -> None:
    with pytest.raises(Conflict, match=code):
        in_force.withdraw(statement_id, reason="Fout", by=db.session.get_one(User, by.id))


def test_a_draft_has_no_number_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = make.contract()
    shown: list[Any] = []
    monkeypatch.setattr(service, "render", lambda paper: shown.append(paper) or b"%PDF draft")

    assert service.draft(contract_draft(contract, ON), Language.ENGLISH) == b"%PDF draft"

    assert shown[0].imprint.is_draft and shown[0].imprint.code == ""
    assert shown[0].title == "Verklaring social return (concept)"
    assert db.session.query(Statement).count() == 0
