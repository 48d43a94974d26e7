"""The migrations lead to the schema of the models and back, on both databases, with rows, and wholly or not at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, inspect, select, text
from sqlalchemy.exc import IntegrityError

from app.accounts.models import RecoveryCode
from app.audit.service import command, verify_chain
from app.contracts.models import Contract
from app.database import Base, set_up
from app.extensions import alembic, db
from app.rules.dossier import Status
from app.signals.kinds import Kind, MailKind, Signal
from app.signals.models import OptOut
from app.triggers import drop_triggers, make_triggers, refusals
from tests import factories as make
from tests.migrations.schema import schema_of
from tests.support import application, settings

T = TypeVar("T")

REVISIONS = tuple(f"{number:04}" for number in range(1, 19))


@pytest.fixture
def empty(engine_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An application on an empty database, once of each kind."""
    with application(settings(tmp_path, engine_url)) as app:
        yield app


def in_context(app: Flask, act: Callable[[], T]) -> T:
    """Alembic keeps a connection for as long as a context lives: each step gets its own."""
    with app.app_context():
        return act()


def schema(app: Flask) -> dict[str, str | list[str]]:
    with app.app_context(), db.engine.connect() as connection:
        return schema_of(connection)


def schema_of_models(app: Flask) -> dict[str, str | list[str]]:
    """What the models make by themselves, in the database of `app`, which is empty before and after."""
    with app.app_context(), db.engine.begin() as connection:
        Base.metadata.create_all(connection)
        made = schema_of(connection)
        drop_triggers(connection)
        Base.metadata.drop_all(connection)
    return made


def test_an_upgraded_database_is_the_one_of_the_models(empty: Flask) -> None:
    of_models = schema_of_models(empty)
    assert schema(empty) == {}
    in_context(empty, alembic.upgrade)
    assert schema(empty) == of_models
    assert in_context(empty, alembic.compare_metadata) == []


def test_each_revision_goes_up_down_and_up_again(empty: Flask) -> None:
    for revision in REVISIONS:
        before = schema(empty)
        in_context(empty, lambda: alembic.upgrade("+1"))
        after = schema(empty)
        in_context(empty, lambda: alembic.downgrade("-1"))
        assert schema(empty) == before
        in_context(empty, lambda: alembic.upgrade("+1"))
        assert schema(empty) == after != before
        assert in_context(empty, alembic.current)[0].revision == revision
    assert [script.revision for script in in_context(empty, alembic.heads)] == [REVISIONS[-1]]


def fill() -> str:
    """Rows in every table, as people make them; the number of the contract."""
    contract = make.contract()
    make.amendment(contract)
    make.certificate(contract.corporation, [contract.supplier.kvk])
    placement = make.placement(contract, bonuses=["bonus-50plus"], status=Status.APPROVED)
    make.evidence(contract, placement.reference)
    make.confirmation(placement)
    make.activity(contract)
    make.plan(contract)
    make.report(contract)
    make.reporting_choice(contract)
    make.handover(contract)
    make.after_project(placement)
    make.settlement(contract)
    make.mandate(contract.corporation, contract)
    statement = make.statement(contract)
    make.rendition(statement)
    make.batch(statement)
    make.logo(contract.corporation)
    make.sample(contract)
    make.access_review(contract.corporation)
    make.conversation(contract)
    make.handling(contract, Signal(Kind.BEHIND, "", "", 0))
    reader = make.user(of=contract.corporation)
    make.mail(contract.corporation, reader)
    make.passkey(reader)
    make.saved(OptOut(user_id=reader.id, kind=MailKind.DIGEST))
    make.saved(RecoveryCode(user_id=reader.id, code_hash="0" * 64))
    with command("contract.edit", by=make.user()) as audit, audit.change_of(contract):
        contract.title = "Gevelonderhoud"
    return contract.number


def test_a_filled_database_goes_down_and_up_again_and_keeps_what_stays(empty: Flask) -> None:
    in_context(empty, alembic.upgrade)
    number = in_context(empty, fill)
    rows = in_context(empty, counts)
    assert {table for table, count in rows.items() if not count} == {"sessions", "tokens"}

    in_context(empty, lambda: alembic.downgrade("0002"))
    with empty.app_context():
        assert db.session.scalars(text("SELECT title FROM contracts")).all() == ["Gevelonderhoud"]
    in_context(empty, alembic.upgrade)
    with empty.app_context():
        contract = db.session.scalars(select(Contract)).one()
        assert contract.number == number
        make.placement(contract, status=Status.APPROVED)
        assert verify_chain(contract.corporation).head.sequence == 0
        with pytest.raises(IntegrityError):
            db.session.execute(text("UPDATE rate_tables SET content = 'other'"))

    in_context(empty, lambda: alembic.downgrade("base"))
    assert schema(empty) == {}
    in_context(empty, alembic.upgrade)
    assert set(in_context(empty, counts).values()) == {0}


def counts() -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {table.name: len(db.session.execute(select(table.primary_key.columns[0])).all()) for table in tables}


def test_what_old_records_are_about_is_found_in_their_payloads(empty: Flask) -> None:
    in_context(empty, alembic.upgrade)
    in_context(empty, write_history)
    known = in_context(empty, subjects)
    in_context(empty, lambda: alembic.downgrade("0005"))
    in_context(empty, alembic.upgrade)
    assert in_context(empty, subjects) == known
    assert {kind for _, kind, _ in known} == {"amendment", "certificate", "contract", "contract_facts", "placement"}


def write_history() -> None:
    """Records about a contract and about what moves its figures."""
    contract = make.contract()
    amendment, placement = make.amendment(contract), make.placement(contract)
    certificate = make.certificate(contract.corporation, [contract.supplier.kvk])
    for kind, row, values in (
        ("contract", contract, {"title": "Gevelonderhoud"}),
        ("amendment", amendment, {"amount_cents": 5}),
        ("placement", placement, {"employer": "Werkgever"}),
        ("certificate", certificate, {"thirty_plus": True}),
    ):
        with command(f"{kind}.edit", by=make.user()) as audit, audit.change_of(row):
            for name, value in values.items():
                setattr(row, name, value)
            contract.facts_changed()
    with command("amendment.delete", by=make.user()) as audit:
        audit.deleted(amendment)
        contract.facts_changed()


def subjects() -> set[tuple[int, str, int]]:
    return {tuple(row) for row in db.session.execute(text("SELECT record_id, kind, object_id FROM audit_subjects"))}


def test_an_upgrade_of_the_newest_database_changes_nothing(empty: Flask) -> None:
    in_context(empty, alembic.upgrade)
    in_context(empty, fill)
    before = schema(empty), in_context(empty, counts)
    in_context(empty, alembic.upgrade)
    assert (schema(empty), in_context(empty, counts)) == before


def test_triggers_that_a_migration_lost_come_back(empty: Flask) -> None:
    in_context(empty, alembic.upgrade)
    whole = schema(empty)
    with empty.app_context(), db.engine.begin() as connection:
        drop_triggers(connection)
    assert len(whole) - len(schema(empty)) >= len(list(refusals(Base.metadata)))
    in_context(empty, alembic.upgrade)
    assert schema(empty) == whole


def test_a_revision_that_fails_leaves_the_database_as_it_was(empty: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    in_context(empty, lambda: alembic.upgrade("0003"))
    before = schema(empty)

    def fail(*_: object) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr("app.triggers.make_triggers", fail)
    with pytest.raises(RuntimeError, match="stops here"):
        in_context(empty, alembic.upgrade)
    assert schema(empty) == before
    assert in_context(empty, alembic.current)[0].revision == "0003"


def test_a_reference_without_its_row_stops_a_migration_on_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "broken.sqlite3"
    with application(settings(tmp_path, f"sqlite:///{path}")) as app:
        in_context(app, lambda: alembic.upgrade("0003"))
        with closing(sqlite3.connect(path)) as careless, careless:  # a program that does not ask for foreign keys
            careless.execute("INSERT INTO persons (supplier_id, created_at) VALUES (7, '2026-11-24')")
        before = schema(app)
        with pytest.raises(RuntimeError, match="references without their row"):
            in_context(app, alembic.upgrade)
        assert schema(app) == before


def test_triggers_are_made_only_for_tables_that_exist(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'one.sqlite3'}")
    set_up(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE policies (id INTEGER PRIMARY KEY, content TEXT)")
        make_triggers(connection, Base.metadata)
        assert trigger_names(connection) == ["refuse_update_policies"]
        assert inspect(connection).get_table_names() == ["policies"]
    engine.dispose()


def trigger_names(connection: Connection) -> list[str]:
    return list(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
