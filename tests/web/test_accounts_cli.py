"""The commands about accounts, on both databases, and what production refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.accounts import passwords, service
from app.accounts.models import Corporation, Membership, Role, User
from app.audit.models import AuditRecord
from app.audit.service import verify_chain
from app.extensions import db
from app.web.cli import OneLine
from app.web.clock import today
from app.web.locale import LANGUAGES
from config import Config, ConfigError
from tests import factories
from tests.people import CHEAP, PASSWORD, client_of, password_hash
from tests.support import application, settings

EMAIL = "noor@example.org"
OTHER_PASSWORD = "een ander lang wachtwoord"
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", CHEAP)


@pytest.fixture
def run(both_databases: Flask) -> Run:
    """Run a command with a text on standard input, on each database."""

    def runs(*arguments: str, typed: str = "") -> Result:
        return both_databases.test_cli_runner().invoke(args=list(arguments), input=typed)

    return runs


@pytest.fixture
def kvk(both_databases: Flask) -> str:
    """The KvK number of a corporation."""
    with both_databases.app_context():
        return factories.corporation(name="De Brug").kvk


def the_user(app: Flask) -> dict[str, Any]:
    """What is kept of the user with `EMAIL`, and of its memberships."""
    with app.app_context():
        user = db.session.scalars(select(User).where(User.email == EMAIL)).one()
        memberships = [(each.role, each.supplier_id, each.ends_on) for each in user.memberships]
        return {"name": user.name, "hash": user.password_hash, "memberships": memberships}


def records(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(AuditRecord)).one()


def is_refused(result: Result, *words: str) -> bool:
    """One line on standard error that says these words, exit status 1, nothing on standard output."""
    lines = result.stderr.strip().splitlines()
    return result.exit_code == 1 and len(lines) == 1 and not result.stdout and all(word in lines[0] for word in words)


def test_a_corporation_is_made_once(both_databases: Flask, run: Run) -> None:
    made = run("corporation", "12345678", "--name", "Woonstichting De Brug")
    before = records(both_databases)
    again = run("corporation", "1234.5678", "--name", "An other name")

    assert (made.exit_code, again.exit_code) == (0, 0)
    assert made.stdout == again.stdout == "12345678 Woonstichting De Brug\n"
    assert (before, records(both_databases)) == (1, 1)
    with both_databases.app_context():
        corporation = db.session.scalars(select(Corporation)).one()
        assert verify_chain(corporation).is_sound


@pytest.mark.parametrize("wrong", ["1234567", "123456789", "1234567a", "", "１２３４５６７８"])
def test_a_wrong_kvk_number_is_refused_in_a_line(run: Run, wrong: str) -> None:
    assert is_refused(run("corporation", wrong, "--name", "De Brug"), "KvK")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_name_that_cannot_be_is_refused_in_a_line(run: Run, name: str) -> None:
    assert is_refused(run("corporation", "12345678", "--name", name))


def test_a_user_is_made_with_a_password_from_standard_input(both_databases: Flask, run: Run, kvk: str) -> None:
    result = run("user", EMAIL.upper(), "--role", "project_leader", "--corporation", kvk, typed=f"{PASSWORD}\n")

    assert (result.exit_code, result.stderr) == (0, "")
    made = the_user(both_databases)
    assert passwords.is_right(PASSWORD, made["hash"])
    assert made["name"] == "noor"
    assert made["memberships"] == [(Role.PROJECT_LEADER, None, None)]


def test_the_same_again_changes_nothing(both_databases: Flask, run: Run, kvk: str) -> None:
    for role in ("project_leader", "auditor"):
        arguments = ("user", EMAIL, "--role", role, "--corporation", kvk)
        run(*arguments, typed=f"{PASSWORD}\n")
        made, logged = the_user(both_databases), records(both_databases)

        assert run(*arguments, typed=f"{PASSWORD}\n").exit_code == 0
        assert run(*arguments).exit_code == 0
        assert (the_user(both_databases), records(both_databases)) == (made, logged)


def test_another_role_replaces_the_one_in_that_corporation(both_databases: Flask, run: Run, kvk: str) -> None:
    run("user", EMAIL, "--role", "administrator", "--corporation", kvk, typed=PASSWORD)
    run("user", EMAIL, "--role", "auditor", "--corporation", kvk, "--until", "2030-12-31")

    assert the_user(both_databases)["memberships"] == [(Role.AUDITOR, None, date(2030, 12, 31))]


def test_a_guest_stays_a_year_when_nothing_is_said(both_databases: Flask, run: Run, kvk: str) -> None:
    run("user", EMAIL, "--role", "assessor", "--corporation", kvk, typed=PASSWORD)

    assert the_user(both_databases)["memberships"] == [(Role.ASSESSOR, None, today() + timedelta(days=365))]


def test_somebody_belongs_to_several_suppliers_and_corporations(both_databases: Flask, run: Run, kvk: str) -> None:
    with both_databases.app_context():
        here = db.session.scalars(select(Corporation).where(Corporation.kvk == kvk)).one()
        there = factories.corporation()
        suppliers = [factories.supplier(here), factories.supplier(here)]
        factories.record(suppliers[0], there)
        grants = [(kvk, suppliers[0].kvk), (kvk, suppliers[1].kvk), (there.kvk, suppliers[0].kvk)]
        expected = [suppliers[0].id, suppliers[1].id, suppliers[0].id]
    for corporation, supplier in [*grants, grants[0]]:
        arguments = ("--role", "supplier", "--corporation", corporation, "--supplier", supplier)
        assert run("user", EMAIL, *arguments, typed=PASSWORD).exit_code == 0

    assert [supplier_id for _, supplier_id, _ in the_user(both_databases)["memberships"]] == expected


def test_another_password_replaces_the_old_one_and_ends_sessions(both_databases: Flask, run: Run, kvk: str) -> None:
    arguments = ("user", EMAIL, "--role", "project_leader", "--corporation", kvk)
    run(*arguments, typed=PASSWORD)
    with both_databases.app_context():
        user_id = db.session.scalars(select(User.id).where(User.email == EMAIL)).one()
    client = client_of(both_databases, user_id)
    assert client.get("/account").status_code == 200

    run(*arguments, typed=OTHER_PASSWORD)

    assert passwords.is_right(OTHER_PASSWORD, the_user(both_databases)["hash"])
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("arguments", "typed", "words"),
    [
        (("no address", "--role", "auditor"), PASSWORD, ["no address"]),
        ((EMAIL, "--role", "auditor", "--corporation", "87654321"), PASSWORD, ["87654321"]),
        ((EMAIL, "--role", "supplier"), PASSWORD, ["KvK"]),
        ((EMAIL, "--role", "supplier", "--supplier", "87654321"), PASSWORD, ["87654321", "De Brug"]),
        ((EMAIL, "--role", "auditor", "--supplier", "87654321"), PASSWORD, []),
        ((EMAIL, "--role", "auditor"), "too short", ["12"]),
        ((EMAIL, "--role", "auditor"), "", ["wachtwoord"]),
        ((EMAIL, "--role", "auditor"), "\n", ["wachtwoord"]),
    ],
)
def test_a_fault_is_one_line_and_leaves_nothing(
    both_databases: Flask, run: Run, kvk: str, arguments: tuple[str, ...], typed: str, words: list[str]
) -> None:
    given = arguments if "--corporation" in arguments else (*arguments, "--corporation", kvk)

    assert is_refused(run("user", *given, typed=typed), *words)
    with both_databases.app_context():
        assert db.session.scalars(select(func.count()).select_from(User)).one() == 0
        assert db.session.scalars(select(func.count()).select_from(Membership)).one() == 0


def test_an_unknown_role_is_refused(run: Run, kvk: str) -> None:
    result = run("user", EMAIL, "--role", "director", "--corporation", kvk, typed=PASSWORD)

    assert result.exit_code != 0
    assert "director" in result.stderr


def test_a_terminal_is_asked_twice(both_databases: Flask, run: Run, kvk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.accounts.cli.is_terminal", lambda: True)
    arguments = ("user", EMAIL, "--role", "project_leader", "--corporation", kvk)
    differs = run(*arguments, typed=f"{PASSWORD}\n{OTHER_PASSWORD}\n{PASSWORD}\n{PASSWORD}\n")

    assert differs.exit_code == 0
    assert PASSWORD not in differs.output
    kept = the_user(both_databases)["hash"]
    assert passwords.is_right(PASSWORD, kept)

    assert run(*arguments, typed="\n\n").exit_code == 0
    assert the_user(both_databases)["hash"] == kept


def test_deactivating_says_who_and_is_refused_for_nobody(both_databases: Flask, run: Run) -> None:
    with both_databases.app_context():
        email = factories.user().email

    assert run("deactivate", email).exit_code == 0
    assert is_refused(run("deactivate", "niemand@example.org"), "niemand@example.org")


@pytest.mark.parametrize(
    ("asked", "good", "bad"),
    [
        ((), "kan niet meer inloggen", "Er is geen gebruiker"),
        (("--lang", "nl"), "kan niet meer inloggen", "Er is geen gebruiker"),
        (("--lang", "en"), "can no longer log in", "There is no user"),
    ],
)
def test_what_is_done_and_what_is_refused_are_said_in_one_language(
    both_databases: Flask, run: Run, asked: tuple[str, ...], good: str, bad: str
) -> None:
    with both_databases.app_context():
        email = factories.user().email

    assert good in run("deactivate", email, *asked).stdout
    assert bad in run("deactivate", "niemand@example.org", *asked).stderr


def test_every_command_has_the_same_option_for_its_language(app: Flask) -> None:
    """But for those of Flask and of Alembic themselves."""
    ours = [each for each in app.cli.commands.values() if isinstance(each, OneLine)]

    assert len(ours) > 10
    for each in ours:
        choices = [option.type.to_info_dict()["choices"] for option in each.params if "--lang" in option.opts]
        assert (each.name, choices) == (each.name, [LANGUAGES])


# The demo's people in production


@pytest.fixture
def production(config: Config) -> Config:
    return settings(config.data_dir, config.database_url, environment="production")


def test_production_does_not_start_while_the_demos_people_can_log_in(app: Flask, production: Config) -> None:
    with app.app_context():
        email = factories.user(is_demo=True, password_hash=password_hash()).email

    with pytest.raises(ConfigError, match=email):
        create_app(production)

    with app.app_context():
        service.deactivate(email, by="command line")
    with application(production):
        pass


def test_production_starts_before_the_first_migration(production: Config, engine_url: str) -> None:
    empty = settings(production.data_dir, engine_url, environment="production")

    with application(empty):
        pass


def test_a_database_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    empty = settings(tmp_path, f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    with application(empty) as app:
        answer = app.test_cli_runner().invoke(
            args=["assess", "X", "--corporation", "12345678", "--on", "2026-01-01", "--lang", "en"]
        )

    assert answer.exit_code == 1
    assert answer.stderr.splitlines() == [
        "Error: The database says: no such table: corporations. Is it there, and upgraded (db upgrade)?"
    ]
