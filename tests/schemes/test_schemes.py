"""Rate tables and policies: those that are shipped, a corporation's own, and what is refused of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Corporation, Role, User
from app.audit.models import AuditRecord
from app.extensions import alembic, db
from app.schemes import queries, service
from app.schemes.models import Policy, RateTable
from app.schemes.service import POLICIES, TABLES
from app.web.errors import Conflict, NotFound
from config import ROOT, Config
from tests import factories
from tests.support import application, settings

KVK = "12345678"
TABLE = (ROOT / "data" / "rate-tables" / "utrecht-2024.toml").read_text(encoding="utf-8")
POLICY = (ROOT / "data" / "policies" / "capped.toml").read_text(encoding="utf-8")
OWN_TABLE = TABLE.replace('id = "utrecht-2024"', 'id = "brug-2026"').replace("2024-01-01", "2026-01-01", 1)
OWN_POLICY = POLICY.replace('id = "capped"', 'id = "brug"')
Run = Callable[..., Result]


@pytest.fixture
def corporation(each_database: Flask) -> Corporation:
    return factories.corporation(kvk=KVK, name="De Brug")


def number_of(kind: type) -> int:
    return db.session.scalars(select(func.count()).select_from(kind)).one()


def test_what_is_shipped_is_loaded_once(corporation: Corporation) -> None:
    shipped = len(list((ROOT / "data").glob("*/*.toml")))

    assert service.load_shipped() == shipped
    assert service.load_shipped() == 0
    assert number_of(RateTable) + number_of(Policy) == shipped
    assert number_of(AuditRecord) == 1
    assert set(queries.tables_of(corporation)) >= {"utrecht-2024", "haaglanden-2023"}
    assert queries.policies_of(corporation)["stepped"].name_nl


def test_a_new_release_brings_what_is_new_and_changes_nothing(corporation: Corporation, tmp_path: Path) -> None:
    service.load_shipped()
    data = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    (data / "rate-tables" / "new.toml").write_text(OWN_TABLE, encoding="utf-8")
    (data / "policies" / "capped.toml").write_text(f"# another comment\n{POLICY}", encoding="utf-8")
    assert service.load_shipped(data) == 1

    (data / "policies" / "capped.toml").write_text(POLICY.replace("300000", "400000"), encoding="utf-8")
    with pytest.raises(Conflict, match="scheme_changed"):
        service.load_shipped(data)


def test_a_corporation_adds_its_own(corporation: Corporation) -> None:
    service.load_shipped()
    own = service.add_rate_table(OWN_TABLE, corporation, by="command line")
    again = service.add_rate_table(f"{OWN_TABLE}\n# said again\n", corporation, by="command line")
    service.add_policy(OWN_POLICY, corporation, by="command line")

    assert own.id == again.id
    assert queries.tables_of(corporation)["brug-2026"].id == own.id
    assert queries.policies_of(corporation)["brug"].corporation_id == corporation.id
    elsewhere = factories.corporation()
    assert "brug-2026" not in queries.tables_of(elsewhere)
    assert "brug" not in queries.policies_of(elsewhere)
    assert service.add_rate_table(OWN_TABLE, elsewhere, by="command line").id != own.id


def test_a_version_is_never_changed_and_no_id_means_two(corporation: Corporation) -> None:
    service.load_shipped()
    service.add_rate_table(OWN_TABLE, corporation, by="command line")
    with pytest.raises(Conflict, match="scheme_changed"):
        service.add_rate_table(OWN_TABLE.replace("40_000", "41_000"), corporation, by="command line")
    with pytest.raises(Conflict, match="scheme_shipped"):
        service.add_rate_table(TABLE, corporation, by="command line")
    with pytest.raises(Conflict, match="scheme_shipped"):
        service.add_policy(POLICY, corporation, by="command line")


def test_the_version_in_force_is_the_last_one_begun(corporation: Corporation) -> None:
    service.load_shipped()
    tables = queries.tables_of(corporation)
    newest, before = tables["utrecht-2024"], tables["utrecht-2019"]

    def in_force(on: date) -> RateTable:
        return queries.version_in_force(newest, on, tables.values())

    assert in_force(date(2024, 1, 1)) is newest
    assert in_force(date(2023, 12, 31)) is before
    assert in_force(date(2010, 1, 1)) is newest


def test_a_table_is_parsed_once(corporation: Corporation) -> None:
    service.load_shipped()
    table, policy = queries.tables_of(corporation)["utrecht-2024"], queries.policies_of(corporation)["capped"]
    assert queries.parsed_table(table) is queries.parsed_table(table)
    assert queries.parsed_policy(policy) is queries.parsed_policy(policy)
    assert queries.parsed_table(table).block("bbl").value_cents == 3_500_000


@pytest.fixture
def leader(corporation: Corporation) -> User:
    return factories.user(of=corporation)


def test_an_own_version_that_no_contract_uses_is_deleted(corporation: Corporation, leader: User) -> None:
    table = service.add_rate_table(OWN_TABLE, corporation, by=leader)
    policy = service.add_policy(OWN_POLICY, corporation, by=leader)

    records = [service.delete(TABLES, table.id, by=leader), service.delete(POLICIES, policy.id, by=leader)]

    assert number_of(RateTable) == number_of(Policy) == 0
    kept = [db.session.get_one(AuditRecord, each) for each in records]
    assert [each.action for each in kept] == ["rate_table.delete", "policy.delete"]
    assert kept[0].payload is not None and "brug-2026" in kept[0].payload.before


def test_a_version_that_a_contract_names_is_not_deleted(corporation: Corporation, leader: User) -> None:
    table = service.add_rate_table(OWN_TABLE, corporation, by=leader)
    policy = service.add_policy(OWN_POLICY, corporation, by=leader)
    factories.contract(corporation, rate_table=table, policy=policy)

    with pytest.raises(Conflict, match="scheme_in_use"):
        service.delete(TABLES, table.id, by=leader)
    with pytest.raises(Conflict, match="scheme_in_use"):
        service.delete(POLICIES, policy.id, by=leader)


def test_what_new_contracts_begin_with_is_not_deleted(corporation: Corporation, leader: User) -> None:
    table = service.add_rate_table(OWN_TABLE, corporation, by=leader)
    corporation.default_rate_table_id = table.id
    db.session.commit()

    with pytest.raises(Conflict, match="scheme_is_default"):
        service.delete(TABLES, table.id, by=leader)


def test_what_is_shipped_or_anothers_is_nobodys_to_delete(corporation: Corporation, leader: User) -> None:
    service.load_shipped()
    theirs = service.add_rate_table(OWN_TABLE, factories.corporation(), by="command line")

    for table in (queries.shipped(RateTable)["utrecht-2024"], theirs):
        with pytest.raises(NotFound):
            service.delete(TABLES, table.id, by=leader)


def test_a_colleague_who_only_looks_deletes_nothing(corporation: Corporation, leader: User) -> None:
    table = service.add_rate_table(OWN_TABLE, corporation, by=leader)

    with pytest.raises(NotFound):
        service.delete(TABLES, table.id, by=factories.user(Role.AUDITOR, of=corporation))


@pytest.fixture
def run(both_databases: Flask) -> Run:
    with both_databases.app_context():
        factories.corporation(kvk=KVK, name="De Brug")

    def runs(*arguments: str | Path) -> Result:
        return both_databases.test_cli_runner().invoke(args=list(map(str, arguments)))

    return runs


@pytest.mark.parametrize(("command", "text", "printed"), [
    ("rate-table", OWN_TABLE, "brug-2026 Gemeente Utrecht\n"),
    ("policy", OWN_POLICY, "brug Drempel per soort en een maximum\n"),
])  # fmt: skip
def test_the_commands_add_once(run: Run, tmp_path: Path, command: str, text: str, printed: str) -> None:
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    for _again in range(2):
        added = run(command, tmp_path / "own.toml", "--corporation", KVK)
        assert (added.exit_code, added.stdout, added.stderr) == (0, printed, "")


@pytest.mark.parametrize(("command", "text", "words"), [
    ("rate-table", OWN_TABLE.replace("value = 40_000", 'value = "veel"', 1), "Regel 14, “value”: "),
    ("rate-table", OWN_TABLE.replace("full_time_hours", "fulltime_hours"), "“full"),
    ("rate-table", OWN_TABLE + "[[block", "Regel "),
    ("policy", OWN_POLICY.replace('"pro_rata"', '"soms"'), "“timing”: "),
    ("policy", "", "“applies”" if False else "“"),
])  # fmt: skip
def test_a_fault_in_a_file_names_the_line_and_the_key(
    run: Run, tmp_path: Path, command: str, text: str, words: str
) -> None:
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")

    refused = run(command, tmp_path / "own.toml", "--corporation", KVK)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) == 1
    assert refused.stderr.removeprefix("Error: ").startswith("Regel ")
    assert words in refused.stderr


def test_a_file_that_is_no_text_or_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b"\xff\xfe")
    assert "is geen tekst" in run("policy", tmp_path / "own.toml", "--corporation", KVK).stderr
    assert "kan niet worden gelezen" in run("rate-table", tmp_path / "gone.toml", "--corporation", KVK).stderr
    assert (
        "87654321" in run("rate-table", ROOT / "data/rate-tables/utrecht-2024.toml", "--corporation", "87654321").stderr
    )


def test_db_upgrade_also_loads_what_is_shipped(engine_url: str, tmp_path: Path) -> None:
    config: Config = settings(tmp_path, engine_url)
    with application(config) as app:
        for _again in range(2):
            done = app.test_cli_runner().invoke(args=["db", "upgrade"])
            assert done.exit_code == 0, done.output
        with app.app_context():
            assert number_of(RateTable) == len(list((ROOT / "data" / "rate-tables").glob("*.toml")))


def test_an_older_schema_gets_no_schemes(engine_url: str, tmp_path: Path) -> None:
    with application(settings(tmp_path, engine_url)) as app:
        assert app.test_cli_runner().invoke(args=["db", "upgrade", "0001"]).exit_code == 0
        with app.app_context():
            assert [revision.revision for revision in alembic.current()] == ["0001"]
