"""Every action has words, every column of a record with a history is told or left out on purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import inspect

from app.accounts.models import Corporation, Membership
from app.audit.snapshots import kind_of_model
from app.closing.models import AfterProject, Settlement
from app.contracts.models import Amendment, Contract
from app.contributions.models import Activity, Placement
from app.history import fields as told
from app.history.fields import FIELDS, Names, changes, written
from app.history.words import KINDS, VERBS, has_words, said, who
from app.planning.models import Handover, Plan, Report, ReportingChoice
from app.rules import dossier as facts
from app.rules.ladder import Certificate as CertificateFacts
from app.schemes.models import Policy, RateTable
from app.signals.models import Conversation, Handling
from app.suppliers.models import Certificate, SupplierRecord
from config import ROOT
from tests.support import application_of_module

WITH_HISTORY = (
    Contract,
    Amendment,
    Placement,
    Activity,
    SupplierRecord,
    Certificate,
    RateTable,
    Policy,
    Membership,
    Corporation,
    Plan,
    Report,
    ReportingChoice,
    Handover,
    Settlement,
    AfterProject,
    Handling,
    Conversation,
)
IN_DOSSIERS = {
    "contract": facts.Terms,
    "amendment": facts.Amendment,
    "placement": facts.Placement,
    "activity": facts.Activity,
    "certificate": CertificateFacts,
}


@pytest.fixture(scope="module")
def app(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One for all: these tests write nothing."""
    with application_of_module(migrated_sqlite, tmp_path_factory) as made:
        yield made


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
            yield node


def texts_in(node: ast.AST) -> Iterator[str]:
    return (each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str))


def actions() -> Iterator[tuple[str, str]]:
    """The actions of all commands in the source, and where; `*` stands for a kind or a verb that is not written out.

    A verb that a helper is given is looked up where the helper is called.
    """
    for path, tree in modules():
        for call in calls(tree, "command"):
            if {each.arg for each in call.keywords} & {"by"}:
                for action in pattern(call.args[0], tree):
                    yield action, f"{path.relative_to(ROOT)}:{call.lineno}"


def pattern(action: ast.expr, tree: ast.Module) -> list[str]:
    if isinstance(action, ast.Constant):
        return [str(action.value)]
    assert isinstance(action, ast.JoinedStr)
    text = "".join(str(each.value) if isinstance(each, ast.Constant) else "*" for each in action.values)
    return [text.removesuffix("*") + verb for verb in verbs_given(tree)] if text.endswith(".*") else [text]


def verbs_given(tree: ast.Module) -> set[str]:
    """What stands for `verb` in a module: what helpers with that parameter get, and what is assigned to it."""
    helpers = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "verb" in {each.arg for each in node.args.args}
    ]
    given = {text for call in calls(tree, *helpers) for text in texts_in(call.args[0])}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "verb":
            given |= {text for text in texts_in(node.value) if text.isidentifier()}
    return given


def is_worded(action: str) -> bool:
    kind, _, verb = action.partition(".")
    return has_words(action) or ((kind == "*" or kind in KINDS) and verb in VERBS)


def test_every_action_in_the_source_has_words() -> None:
    found = [(action, where) for action, where in actions() if "." in action]
    assert {"contract.delete", "certificate.check", "*.submit", "workbook.import"} <= {action for action, _ in found}
    assert [f"{action} ({where})" for action, where in found if not is_worded(action)] == []


def test_every_kind_of_contribution_has_words() -> None:
    assert {"placement", "activity"} <= KINDS.keys()


@pytest.mark.parametrize("model", WITH_HISTORY, ids=lambda model: model.__name__)
def test_every_column_is_told_or_left_out_on_purpose(model: type) -> None:
    kind, mapper = kind_of_model(model), inspect(model)
    logged = {each.key for each in mapper.column_attrs if each.columns[0].info.get("logged", True)}
    logged |= {each.key for each in mapper.relationships if each.info.get("logged")}
    known = FIELDS[kind].keys() | told.LEFT_OUT.get(kind, frozenset()) | told.EVERYWHERE_LEFT_OUT
    assert logged - known == set()


@pytest.mark.parametrize("kind", IN_DOSSIERS)
def test_every_fact_of_a_dossier_is_told(kind: str) -> None:
    assert {each.name for each in fields(IN_DOSSIERS[kind])} - {"person"} <= FIELDS[kind].keys()


def test_a_person_is_told_nowhere() -> None:
    assert not {"person", "person_id"} & {key for shown in FIELDS.values() for key in shown}


def test_what_was_done_reads_as_a_sentence(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert said("placement.approve", "P1") == "Placement P1 approved"
        assert said("workbook.import") == "Workbook imported"
        assert said("something.of_old") == "something.of_old"
        assert who("user", "Anna") == "Anna"
        assert who("command line", None) == "command line"


@pytest.mark.parametrize(
    ("kind", "key", "value", "shown"),
    [
        ("contract", "contract_sum_cents", 125_000_000, "€1,250,000.00"),
        ("contract", "percentage", "5.25", "5.25%"),
        ("contract", "starts_on", "2025-01-01", "1 January 2025"),
        ("contract", "kind", "painting", "Painting"),
        ("contract", "base", "wage_sum", "wage sum"),
        ("contract", "project_leader_id", 7, "Anna"),
        ("contract", "project_leader_id", 8, "—"),
        ("contract", "excused", True, "yes"),
        ("certificate", "scope", [{"certificate_id": 1, "kvk": "12345678"}], "12345678"),
        ("certificate", "thirty_plus", False, "no"),
        ("placement", "block", "bbl", "BBL student"),
        ("placement", "block", "unknown", "unknown"),
        ("placement", "bonuses", [{"placement_id": 1, "block": "bbl"}], "BBL student"),
        ("placement", "status", "approved", "Approved"),
        ("activity", "quantity", "12.5", "12.5"),
        ("membership", "role", "auditor", "auditor"),
        ("amendment", "description", "x" * 300, "x" * 200 + "…"),
        ("amendment", "description", "", "—"),
        (
            "placement",
            "hours",
            [{"from_day": "2026-02-01", "hours": "20"}, {"from_day": "2026-05-01", "hours": "28.8"}],
            "20, from 1 May 2026 28.8",
        ),
    ],
)
def test_values_are_written_for_a_reader(app: Flask, kind: str, key: str, value: object, shown: str) -> None:
    names = Names({"user": {7: "Anna"}}, {"bbl": "BBL student"})
    with app.test_request_context(), force_locale("en"):
        assert written(FIELDS[kind][key], value, names).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_what_says_the_same_to_a_reader_is_no_change(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert list(changes("amendment", {"description": None}, {"description": ""}, Names())) == []
        assert list(changes("amendment", {"id": 1}, {"id": 2}, Names())) == []
        assert list(changes("logo", {"width": 1}, {"width": 2}, Names())) == []
