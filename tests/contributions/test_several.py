"""Several contributions at once: drafts submitted or withdrawn together, one employment over contracts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.accounts.models import Role, User
from app.audit.models import AuditChain, AuditRecord
from app.contracts.models import Contract
from app.contributions import queries, service, several
from app.contributions.models import Contribution, Placement
from app.contributions.several import NotAll
from app.extensions import db
from app.rules import RuleError
from app.rules import dossier as facts
from app.rules.dossier import Status
from app.web.errors import NotFound, Stale
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database")

PLACED = facts.Placement(
    reference="",
    person="SR-0001",
    block="participatiewet",
    starts_on=date(2026, 2, 1),
    hours=(facts.Hours(date(2026, 2, 1), Decimal("28.8")),),
    status=Status.DRAFT,
    ends_on=date(2026, 10, 31),
)
HALF = replace(PLACED, share=Decimal(50))


def statuses(contract: Contract) -> list[Status]:
    rows = select(Contribution.status).where(Contribution.contract_id == contract.id).order_by(Contribution.id)
    return list(db.session.scalars(rows))


def supplier_of(contract: Contract) -> User:
    return make.user(Role.SUPPLIER, of=contract.corporation, supplier_=contract.supplier)


def two_contracts() -> tuple[Contract, Contract, User]:
    """Of one supplier at two corporations, and who reports for it with both."""
    here = make.contract()
    elsewhere = make.corporation()
    make.record(here.supplier, elsewhere)
    there = make.contract(elsewhere, here.supplier)
    user = supplier_of(here)
    make.membership(user, Role.SUPPLIER, of=elsewhere, supplier_=here.supplier)
    return here, there, user


def test_drafts_are_submitted_together_or_not_at_all() -> None:
    contract = make.contract()
    user = supplier_of(contract)
    halves = [replace(HALF, person=person) for person in ("SR-1", "SR-1", "SR-1", "SR-2")]
    drafts = service.save_drafts(contract.id, halves, by=user, key=None)
    seen = {draft.id: draft.row_version for draft in drafts}

    with pytest.raises(NotAll) as refused:
        several.submit_drafts(contract.id, seen, by=user)
    assert {number: error.code for number, error in refused.value.reasons.items()} == {drafts[2].id: "share_over_100"}
    assert set(statuses(contract)) == {Status.DRAFT}

    several.submit_drafts(contract.id, {each: seen[each] for each in seen if each != drafts[2].id}, by=user)
    assert statuses(contract) == [Status.SUBMITTED, Status.SUBMITTED, Status.DRAFT, Status.SUBMITTED]
    assert all(each.submitted_at for each in db.session.scalars(select(Contribution)) if each.id != drafts[2].id)


def test_what_somebody_changed_meanwhile_or_a_colleague_entered_is_not_submitted() -> None:
    contract = make.contract()
    user, colleague = supplier_of(contract), supplier_of(contract)
    mine = service.save_draft(contract.id, PLACED, by=user)
    theirs = service.save_draft(contract.id, replace(PLACED, person="SR-2"), by=colleague)

    with pytest.raises(NotAll) as refused:
        several.submit_drafts(contract.id, {mine.id: mine.row_version + 1, theirs.id: theirs.row_version}, by=user)

    assert isinstance(refused.value.reasons[mine.id], Stale)
    assert refused.value.reasons[theirs.id].code == "wrong_status"
    assert statuses(contract) == [Status.DRAFT, Status.DRAFT]


def test_drafts_are_withdrawn_together() -> None:
    contract = make.contract()
    user = supplier_of(contract)
    drafts = [service.save_draft(contract.id, replace(PLACED, person=f"SR-{number}"), by=user) for number in range(3)]

    several.withdraw_drafts(contract.id, {each.id: each.row_version for each in drafts[:2]}, by=user)

    assert statuses(contract) == [Status.WITHDRAWN, Status.WITHDRAWN, Status.DRAFT]
    with pytest.raises(NotFound):
        several.withdraw_drafts(
            contract.id, {drafts[2].id: 1}, by=make.user(Role.PROJECT_LEADER, of=make.corporation())
        )


def test_one_employment_is_a_row_on_each_contract_in_the_chain_of_each_corporation() -> None:
    here, there, user = two_contracts()
    key = uuid4()

    made = several.spread({here.id: HALF, there.id: HALF}, by=user, key=key)

    assert [(each.contract_id, each.status) for each in made] == [
        (here.id, Status.SUBMITTED),
        (there.id, Status.SUBMITTED),
    ]
    assert len({each.spread_id for each in made}) == 1
    assert isinstance(made[0], Placement) and made[0].person_id == getattr(made[1], "person_id", None)
    chains = select(AuditChain.corporation_id).join(AuditRecord, AuditRecord.chain_id == AuditChain.id)
    spread = chains.where(AuditRecord.action == "placement.spread")
    assert set(db.session.scalars(spread)) == {here.corporation_id, there.corporation_id}
    assert [each.id for each in several.spread({here.id: HALF, there.id: HALF}, by=user, key=key)] == [
        each.id for each in made
    ]
    assert [each.id for each in queries.spread_beside(made[0], user)] == [made[1].id]


def test_shares_over_the_whole_and_contracts_of_others_are_refused() -> None:
    here, there, user = two_contracts()
    stranger = make.contract()

    with pytest.raises(RuleError, match="share_over_100"):
        several.spread({here.id: HALF, there.id: replace(HALF, share=Decimal(60))}, by=user)
    for contract_id in (stranger.id, 987654):
        with pytest.raises(NotFound):
            several.spread({here.id: HALF, contract_id: HALF}, by=user)
    assert statuses(here) == statuses(there) == []


def test_each_corporation_sees_its_own_part_only() -> None:
    here, there, user = two_contracts()
    mine, theirs = several.spread({here.id: HALF, there.id: HALF}, by=user)
    leader = make.user(Role.PROJECT_LEADER, of=here.corporation)

    assert queries.spread_beside(mine, leader) == []
    service.approve(mine.id, by=leader, seen_version=mine.row_version)
    assert db.session.get_one(Contribution, theirs.id).status is Status.SUBMITTED


def test_withdrawing_takes_the_rest_along_when_asked() -> None:
    here, there, user = two_contracts()
    mine, _theirs = several.spread({here.id: HALF, there.id: HALF}, by=user, status=Status.DRAFT)

    service.withdraw(mine.id, by=user, seen_version=mine.row_version, with_others=True)

    assert statuses(here) == statuses(there) == [Status.WITHDRAWN]
