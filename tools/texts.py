"""Finds texts for people that are hard-coded: in a template or in code, past the catalogue of translations.

In a template every word is for people that stands between the tags or in an attribute that is read aloud or shown, and
in an expression what is written as a sentence. In code it is what goes to a place whose words people read: a field, a
validator, a message, the command line. A word that is the same in every language stands in `SAME_EVERYWHERE`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment
from jinja2.nodes import Call, Const, Name, Node

ROOT = Path(__file__).resolve().parent.parent
SAME_EVERYWHERE = (
    *("Wederdienst", "KvK", "PSO", "SHA-256", "PDF", "English", "Nederlands"),
    *("dossier.json", "assessment.json", "statement.json", "Source Sans 3", "Noto Sans Arabic"),
)
TRANSLATES = frozenset({"_", "_l", "gettext", "ngettext", "lazy_gettext", "lazy_ngettext", "pgettext"})

# A word for a sentence that stands elsewhere: "scheme_not_shown".
CODE = re.compile(r"[a-z]+(_[a-z]+)+")
WORD = re.compile(r"[^\W\d_]{2,}")
# In an expression of a template: "Not met", "goes with it."; no name of a class, a column or a kind.
SENTENCE = re.compile(r"^[A-Z][a-z]+([ ,:]|$)|[a-z] [a-z ]+[.?!:]$")

# Attributes that are shown or read aloud, and the inputs of which the value is what a button says.
SAID = frozenset({"title", "alt", "placeholder", "label", "aria-label", "aria-description", "data-label"})
BUTTONS = frozenset({"submit", "button", "reset"})
SILENT = frozenset({"script", "style"})

# What is called with words for people, and the names of arguments that are such words.
SPEAKS = frozenset(
    {
        "flash",
        "ValidationError",
        "StopValidation",
        "echo",
        "secho",
        "prompt",
        "confirm",
        "progressbar",
        "ClickException",
    }
)
LABELLED = re.compile(r"^(\w*Field|Typed|Claims|Rows)$")
SPOKEN_ARGUMENTS = frozenset({"label", "description", "message", "text"})
VALIDATORS = frozenset(
    {"DataRequired", "InputRequired", "Optional", "Length", "NumberRange", "Regexp", "AnyOf", "Email"}
)
COLLECTED = frozenset({"form_errors", "errors"})


class Found(NamedTuple):
    """A hard-coded text and where it stands."""

    line: int
    text: str


def check() -> int:
    """Name every hard-coded text; exit status 1 if there is one."""
    faults = [
        f"{path.relative_to(ROOT)}:{found.line}: past the catalogue: {found.text!r}"
        for path, texts in _of_checkout()
        for found in texts
    ]
    for fault in faults:
        print(fault)
    print(f"{len(faults)} hard-coded texts")
    return 1 if faults else 0


def _of_checkout() -> Iterator[tuple[Path, Iterable[Found]]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path, in_template(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "app").rglob("*.py")):
        yield path, in_code(path.read_text(encoding="utf-8"))


def is_for_translation(text: str) -> bool:
    """Whether it holds a word that is not the same in every language."""
    if CODE.fullmatch(text):
        return False
    for same in SAME_EVERYWHERE:
        text = text.replace(same, "")
    return WORD.search(text) is not None


# Templates


def in_template(source: str) -> list[Found]:
    """The hard-coded texts of a template, in the order of its lines."""
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    return sorted([*in_page(_without_jinja(environment, source)), *_in_expressions(environment.parse(source))])


def in_page(markup: str) -> list[Found]:
    """All that people read or hear of a page, but for what is the same in every language."""
    page = _Markup()
    page.feed(markup)
    page.close()
    return page.found


def _without_jinja(environment: Environment, source: str) -> str:
    """The markup alone; what Jinja fills in leaves only its line breaks."""
    return "".join(text if kind == "data" else "\n" * text.count("\n") for _line, kind, text in environment.lex(source))


class _Markup(HTMLParser):
    """Collects what stands between the tags and in the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Found] = []
        self._silent: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag if tag in SILENT else None
        given = dict(attrs)
        said = SAID | {"value"} if tag == "input" and given.get("type") in BUTTONS else SAID
        for name, text in attrs:
            if name in said:
                self._look_at(text or "")

    def handle_endtag(self, tag: str) -> None:
        self._silent = None

    def handle_data(self, data: str) -> None:
        if self._silent is None:
            self._look_at(data)

    def _look_at(self, text: str) -> None:
        if is_for_translation(text):
            self.found.append(Found(self.getpos()[0], " ".join(text.split())))


def _in_expressions(node: Node) -> Iterator[Found]:
    """Sentences in `{{ }}` and `{% %}` that do not pass through a function that translates."""
    if isinstance(node, Call) and isinstance(node.node, Name) and node.node.name in TRANSLATES:
        return
    if isinstance(node, Const) and _is_sentence(node.value):
        yield Found(node.lineno, node.value)
    for child in node.iter_child_nodes():
        yield from _in_expressions(child)


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and SENTENCE.search(value) is not None and is_for_translation(value)


# Code


def in_code(source: str) -> list[Found]:
    """The hard-coded texts of a module that go where people read them, in the order of its lines."""
    nodes = list(ast.walk(ast.parse(source)))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    found = {found for call in calls for spoken in _spoken(call) for found in _literals(spoken)}
    return sorted(found | {unseen for node in nodes if isinstance(node, ast.JoinedStr) for unseen in _unseen(node)})


def _unseen(text: ast.JoinedStr) -> Iterator[Found]:
    """What is translated inside an f-string: the one that makes the catalogue does not look there."""
    for node in ast.walk(text):
        if isinstance(node, ast.Call) and _name(node.func) in TRANSLATES:
            yield Found(node.lineno, ast.unparse(node))


def _spoken(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that are words for people."""
    name = _name(call.func)
    if name in SPEAKS or LABELLED.match(name) or (name == "append" and _is_collection_of_faults(call.func)):
        yield from call.args[:1]
    if name in SPEAKS | VALIDATORS or LABELLED.match(name):
        yield from (keyword.value for keyword in call.keywords if keyword.arg in SPOKEN_ARGUMENTS)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _is_collection_of_faults(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and _name(function.value) in COLLECTED


def _literals(node: ast.AST) -> Iterator[Found]:
    """What is written out in an argument, past the functions that translate."""
    if isinstance(node, ast.Call) and _name(node.func) in TRANSLATES:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_for_translation(node.value):
        yield Found(node.lineno, node.value)
    inner = [node.value] if isinstance(node, ast.FormattedValue) else ast.iter_child_nodes(node)
    for child in inner:
        yield from _literals(child)


if __name__ == "__main__":
    sys.exit(check())
