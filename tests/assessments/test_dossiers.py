"""From rows to dossiers and back: what is kept, what is refused, and that a page's figures are those of the rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from app.assessments import queries
from app.assessments.facts import read_dossiers
from app.assessments.models import DossierRecord
from app.assessments.service import dossier_for_statement
from app.audit.service import command
from app.contracts.models import Amendment, Contract
from app.extensions import db
from app.rules import RuleError
from app.rules.dossier import Status
from app.rules.dossier_json import canonical, dossier_from_json, dossier_to_json
from tests import factories

pytestmark = pytest.mark.usefixtures("each_database")
ON = date(2026, 11, 24)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that the database was asked meanwhile."""
    seen: list[str] = []

    def see(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", see)
    yield seen
    event.remove(db.engine, "before_cursor_execute", see)


def example() -> Contract:
    """The contract of example A1, as rows."""
    corporation = factories.corporation()
    supplier = factories.supplier(corporation)
    contract = factories.contract(
        corporation,
        supplier,
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 12, 31),
        contract_sum_cents=125_000_000,
        percentage=Decimal(5),
        rate_table=factories.rate_table("utrecht-2024"),
        policy=factories.policy("level-2-exempts"),
    )
    factories.certificate(
        corporation,
        [supplier.kvk],
        level="2",
        valid_from=date(2025, 1, 1),
        valid_until=date(2026, 12, 31),
        withdrawn_on=date(2025, 7, 1),
        checked_on=date(2025, 1, 2),
    )
    rows = (
        ("W-1042", "participatiewet", date(2026, 2, 1), date(2026, 10, 31), "28.8", Status.APPROVED),
        ("W-1077", "bbl", date(2026, 10, 12), None, "32", Status.APPROVED),
        ("W-1081", "banenafspraak", date(2026, 9, 1), None, "20", Status.SUBMITTED),
    )
    for reference, block, first, last, hours, status in rows:
        values = {"reference": reference, "block": block, "starts_on": first, "ends_on": last, "status": status}
        factories.placement(contract, hours={first: Decimal(hours)}, **values)
    factories.activity(
        contract,
        reference="I-0031",
        block="social-purchase",
        on=date(2026, 6, 18),
        amount_cents=1_118_395,
        status=Status.APPROVED,
    )
    return contract


def amend(contract: Contract, amount_cents: int, on: date = date(2026, 3, 1)) -> None:
    with command("amendment.add", by="a test", corporation=contract.corporation) as audit:
        audit.created(Amendment(contract=contract, effective_on=on, amount_cents=amount_cents, reference=None))
        contract.facts_changed()


def kept(contract: Contract) -> list[DossierRecord]:
    return list(db.session.scalars(select(DossierRecord).where(DossierRecord.contract_id == contract.id)))


def test_the_rows_of_a1_give_its_figures() -> None:
    assessment = queries.assessment_of(example(), ON)

    assert (assessment.net_cents, assessment.due_cents) == (4_700_342, 4_383_562)
    assert (assessment.credited_cents, assessment.pending_cents) == (3_890_000, 648_148)


def test_a_command_that_changes_facts_keeps_the_new_dossier_once_a_day() -> None:
    contract = example()
    amend(contract, 100)
    amend(contract, 200, date(2026, 4, 1))

    (record,) = kept(contract)
    assert len(json.loads(record.json)["amendments"]) == 2
    assert canonical(dossier_to_json(dossier_from_json(json.loads(record.json)))) == record.json


def test_the_dossier_of_a_statement_is_kept_beside_the_later_ones() -> None:
    contract = example()
    with command("statement.reserve", by="a test", corporation=contract.corporation) as audit:
        under_statement = dossier_for_statement(audit.session, contract).id
        audit.note(why="a statement rests on it")
    amend(contract, 100)

    assert [record.id == under_statement for record in kept(contract)] == [True, False]


def test_what_is_read_from_the_history_is_what_the_rows_say() -> None:
    contract = example()
    amend(contract, 100)
    (record,) = kept(contract)

    fresh = read_dossiers(db.session, [contract.id], record.recorded_at)[contract.id]
    assert canonical(dossier_to_json(fresh)) == queries.dossiers_json([contract])[contract.id]


def test_a_row_that_is_newer_than_the_history_is_read_from_the_rows() -> None:
    contract = example()
    amend(contract, 100)
    contract.title = "Anders"
    contract.facts_version += 1
    db.session.commit()

    assert queries.dossier_of(contract).terms.title == "Anders"


def test_no_command_leaves_facts_that_cannot_be_assessed() -> None:
    contract = example()
    with pytest.raises(RuleError, match="less_work_below_zero"):
        amend(contract, -125_000_000, date(2026, 12, 1))

    assert kept(contract) == []
    assert db.session.scalar(select(func.count()).select_from(Amendment)) == 0


def test_a_pending_correction_does_not_take_the_place_of_what_is_approved() -> None:
    contract = example()
    approved = factories.placement(
        contract,
        reference="P-9",
        status=Status.APPROVED,
        starts_on=date(2026, 1, 1),
        hours={date(2026, 1, 1): Decimal(8)},
    )
    factories.correction(approved, status=Status.SUBMITTED)

    statuses = {each.reference: each.status for each in queries.dossier_of(contract).placements}
    assert statuses["P-9"] is Status.APPROVED


def test_many_contracts_take_as_many_statements_as_few(each_database: Flask) -> None:
    few, many = [example() for _ in range(2)], [example() for _ in range(12)]
    for contract in few[:1] + many[:6]:
        amend(contract, 100)
    db.session.expire_all()

    def statements(contracts: list[Contract]) -> int:
        loaded = db.session.scalars(select(Contract).where(Contract.id.in_([each.id for each in contracts]))).all()
        with counted() as seen:
            queries.standings(loaded, ON)
        db.session.expire_all()
        return len(seen)

    assert statements(few) == statements(many) <= 10


def test_a_dossier_says_when_it_was_recorded() -> None:
    contract = example()
    at = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)

    assert read_dossiers(db.session, [contract.id], at)[contract.id].recorded_at == "2026-11-24T09:05:00Z"
