"""The commands: `import`, `assess`, `template`. A fault is a line on standard error and exit status 1."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app.accounts.models import Role
from app.extensions import db
from tests import factories
from tests.workbook.conftest import KVK, digest
from tests.workbook.making import a1, changed, raw, saved, typed
from tests.workbook.test_import import A1_FIGURES

Run = Callable[..., Result]


@pytest.fixture
def run(both_databases: Flask) -> Run:
    """Run a command, on each database; the corporation De Brug is there, and a project leader."""
    with both_databases.app_context():
        corporation = factories.corporation(kvk=KVK, name="De Brug")
        factories.user(Role.PROJECT_LEADER, of=corporation, email="leider@example.org")

    def runs(*arguments: str | Path) -> Result:
        return both_databases.test_cli_runner().invoke(args=list(map(str, arguments)))

    return runs


def stored(app: Flask) -> str:
    with app.app_context():
        return digest()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a1_is_imported_and_assessed_to_the_cent(run: Run, tmp_path: Path, language: str) -> None:
    path = saved(tmp_path, a1(), language)

    imported = run("import", path, "--corporation", KVK)
    assessed = run("assess", "2025-014", "--corporation", KVK, "--on", "2026-11-24")

    assert imported.exit_code == 0
    assert imported.stdout.splitlines() == [
        "Leveranciers: 1 nieuw, 0 gewijzigd, 0 ongewijzigd",
        "Certificaten: 1 nieuw, 0 gewijzigd, 0 ongewijzigd",
        "Overeenkomsten: 1 nieuw, 0 gewijzigd, 0 ongewijzigd",
        "Plaatsingen: 3 nieuw, 0 gewijzigd, 0 ongewijzigd",
        "Activiteiten: 1 nieuw, 0 gewijzigd, 0 ongewijzigd",
    ]
    assert imported.stderr == ""
    found = json.loads(assessed.stdout)
    assert {key: found[key] for key in A1_FIGURES} == A1_FIGURES
    assert (found["schema"], found["corporation"], found["contract"]) == ("assessment/1", KVK, "2025-014")


def test_a_repeated_import_and_a_dry_run_change_nothing(both_databases: Flask, run: Run, tmp_path: Path) -> None:
    path = saved(tmp_path, a1())
    dry = run("import", path, "--corporation", KVK, "--dry-run", "--lang", "en")
    run("import", path, "--corporation", KVK)
    before = stored(both_databases)

    again = run("import", path, "--corporation", KVK, "--lang", "en")

    assert stored(both_databases) == before
    assert dry.stdout.splitlines()[-1] == "This was a dry run: nothing was kept."
    assert again.stdout.splitlines()[0] == "Suppliers: 0 new, 0 changed, 1 unchanged"


def test_faults_are_lines_on_standard_error_and_nothing_is_kept(
    both_databases: Flask, run: Run, tmp_path: Path
) -> None:
    run("import", saved(tmp_path, a1()), "--corporation", KVK)
    before = stored(both_databases)
    wrong = changed(changed(a1(), "Placements", 0, hours_per_week="61"), "Suppliers", 0, name="Anders")

    refused = run("import", typed(tmp_path, wrong), "--corporation", KVK, "--lang", "en")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "Placements, row 2, column hours_per_week: 61 hours a week cannot be: it is 0 to 60."
    ]
    assert stored(both_databases) == before


def test_warnings_do_not_stop_an_import(run: Run, tmp_path: Path) -> None:
    done = run("import", saved(tmp_path, changed(a1(), "Contracts", 0, awarded_on="2020-01-01")), "--corporation", KVK)

    assert done.exit_code == 0
    assert done.stderr.startswith("Let op: Contracts, rij 2, kolom rate_table: Op 1 januari 2020 gold de versie")


def test_a_user_may_be_the_one_who_imports(run: Run, tmp_path: Path) -> None:
    path = saved(tmp_path, a1())

    assert run("import", path, "--corporation", KVK, "--by", "niemand@example.org").exit_code == 1
    assert run("import", path, "--corporation", KVK, "--by", "leider@example.org").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "nergens.xlsx", "--corporation", KVK], "nergens.xlsx kan niet worden gelezen."),
        (["import", "README.md", "--corporation", KVK], "Dit is geen werkmap die te lezen is."),
        (["import", "README.md", "--corporation", "87654321"], "87654321"),
        (["assess", "2025-999", "--corporation", KVK, "--on", "2026-11-24"], "geen overeenkomst met nummer 2025-999"),
        (["assess", "2025-999", "--corporation", "87654321", "--on", "2026-11-24"], "87654321"),
        (["template", "/nergens/leeg.xlsx"], "/nergens/leeg.xlsx"),
    ],
)
def test_what_cannot_be_is_one_line_and_exit_status_1(run: Run, arguments: list[str], words: str) -> None:
    refused = run(*arguments)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) == 1
    assert words in refused.stderr


def test_a_day_that_does_not_exist_is_refused(run: Run, tmp_path: Path) -> None:
    run("import", saved(tmp_path, a1()), "--corporation", KVK)
    refused = run("assess", "2025-014", "--corporation", KVK, "--on", "2026-02-30")
    assert refused.exit_code == 1
    assert "De dag “2026-02-30” bestaat niet." in refused.stderr


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_template_has_nothing_to_import_yet(run: Run, tmp_path: Path, language: str) -> None:
    path = tmp_path / "leeg.xlsx"

    assert run("template", path, "--lang", language).exit_code == 0

    refused = run("import", path, "--corporation", KVK)
    assert (refused.exit_code, refused.stderr) == (1, "De werkmap is leeg. Vul het sjabloon in.\n")


def test_no_bsn_reaches_the_database(both_databases: Flask, run: Run, tmp_path: Path) -> None:
    wrong = changed(a1(), "Activities", 0, description="mevrouw 111222333")
    refused = run("import", typed(tmp_path, wrong), "--corporation", KVK)
    assert refused.exit_code == 1
    assert "111222333" not in refused.stderr
    with both_databases.app_context():
        assert db.engine.url.database
        if db.engine.dialect.name == "sqlite":
            assert b"111222333" not in Path(str(db.engine.url.database)).read_bytes()


def test_raw_cells_in_dutch_are_imported(run: Run, tmp_path: Path) -> None:
    rows = [["KvK*", "Naam*", "Plaats"], ["9999.0001", "Van Asten", "Den Bosch"], [99990002, "De Linde", None]]
    done = run("import", raw(tmp_path, {"Leveranciers": rows}), "--corporation", KVK)
    assert done.stdout.splitlines() == ["Leveranciers: 2 nieuw, 0 gewijzigd, 0 ongewijzigd"]
