"""Every code that the source raises has a sentence, and the values that the sentence needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.rules.errors import RuleError
from app.web import errors
from app.web.errors import DomainError, Invalid
from app.web.sentences import SENTENCES, sentence
from config import ROOT

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# Methods that make an error of their first argument, and the values that they add by themselves.
MAKERS = {"fault": {"sheet", "reference", "column", "key", "path"}}
CLASSES = {"RuleError"} | {
    name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, DomainError)
}


def raised() -> Iterator[tuple[str, set[str] | None, str]]:
    """Each code in the source, the values it comes with (None: not to be read from the source), and where."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and name_of(node) in CLASSES | MAKERS.keys():
                for code in constants(node.args[0]):
                    yield code, values_of(node), f"{path.relative_to(ROOT)}:{node.lineno}"


def name_of(call: ast.Call) -> str:
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def constants(code: ast.expr) -> list[str]:
    """The codes that an expression can give, as far as it says them: a text, or a choice of two."""
    if isinstance(code, ast.IfExp):
        return [*constants(code.body), *constants(code.orelse)]
    return [code.value] if isinstance(code, ast.Constant) and isinstance(code.value, str) else []


def values_of(call: ast.Call) -> set[str] | None:
    names = {keyword.arg for keyword in call.keywords}
    return None if None in names else {str(name) for name in names} | MAKERS.get(name_of(call), set())


def test_every_code_in_the_source_has_a_sentence() -> None:
    assert [f"{code} ({where})" for code, _, where in raised() if code not in SENTENCES] == []


def test_every_sentence_gets_its_values() -> None:
    lacking = [
        f"{code} ({where}): {needed - given}"
        for code, given, where in raised()
        if given is not None and (needed := placeholders(code)) - given
    ]
    assert lacking == []


def placeholders(code: str) -> set[str]:
    return set(PLACEHOLDER.findall(str(SENTENCES.get(code, ""))))


def test_the_search_finds_codes() -> None:
    found = {code for code, _, _ in raised()}
    assert {"end_before_start", "document_unknown_key", "amount_below_zero", "bsn"} <= found
    assert Path(__file__).exists()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_sentence_ends_as_one(app: Flask, language: str) -> None:
    with app.test_request_context(), force_locale(language):
        assert [code for code, text in SENTENCES.items() if not str(text).endswith((".", "?"))] == []


def test_values_are_written_as_the_reader_writes_them(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert "1 May 2026" in sentence(RuleError("end_before_start", starts_on=date(2026, 5, 1)))
        assert "come to 100.5%." in sentence(
            RuleError("share_over_100", day=date(2026, 5, 1), percent=Decimal("100.50"))
        )
        assert "31-02" in sentence(Invalid("date_does_not_exist", typed="31-02"))


def test_a_fault_in_a_document_names_line_and_key(app: Flask) -> None:
    with app.test_request_context(), force_locale("en"):
        assert sentence(RuleError("document_no_number", key="value", line=12)).startswith("Line 12, “value”: ")
        assert sentence(RuleError("document_syntax", line=3, reason="x")).startswith("Line 3: ")
