"""A new version of a scheme, made by editing the text of the one that it is copied from.

What stays the same keeps its place and the comment beside it. What must not survive as a lie is left out: a comment
beside a value that changed, and every comment on a line of its own, since that may speak of anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Any

import tomlkit
from tomlkit import TOMLDocument
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Comment, InlineTable, Table

from app.rules.money import CENTS_IN_EURO, decimal_text
from app.web.errors import Conflict

Path = tuple[str, ...]

LONGEST_CODE = 64
BLANK_LINES = re.compile(r"\n{3,}")
ENDS_WITH_NUMBER = re.compile(r"(?P<stem>.*?)(?P<number>[0-9]{1,9})")


def next_code(code: str, taken: Collection[str]) -> str:
    """The first id after `code` that is free: utrecht-2025 after utrecht-2024, capped-2 after capped."""
    return next(each for each in _following(code) if each not in taken)


def _following(code: str) -> Iterator[str]:
    found = ENDS_WITH_NUMBER.fullmatch(code)
    stem, number, width = (found["stem"], int(found["number"]), len(found["number"])) if found else (f"{code}-", 1, 1)
    while True:
        number += 1
        end = f"{number:0{width}d}"
        yield stem[: LONGEST_CODE - len(end)] + end


def opened(text: str) -> TOMLDocument:
    """The text of a scheme, to edit. Errors: `Conflict("scheme_layout")`."""
    try:
        document = tomlkit.parse(text)
    except TOMLKitError:
        raise Conflict("scheme_layout") from None
    _drop_own_lines(document.body)
    return document


def closed(document: TOMLDocument, note: str) -> str:
    """The text again, under a first line that says where it comes from."""
    text = BLANK_LINES.sub("\n\n", tomlkit.dumps(document))
    return f"# {note}\n{text.lstrip()}"


def put(table: Any, path: Path, raw: str | None) -> None:
    """Give the value at `path` another one, as TOML writes it; None takes it out. Tables on the way are made."""
    *way, key = path
    for step in way:
        if step not in table:
            table[step] = tomlkit.table() if isinstance(table, TOMLDocument) else tomlkit.inline_table()
        table = table[step]
    if raw is None:
        table.pop(key, None)
        return
    table[key] = tomlkit.value(raw)
    trivia = _item(table, key).trivia
    trivia.comment = trivia.comment_ws = ""


def drop_blocks(document: TOMLDocument, codes: Collection[str]) -> None:
    """Leave blocks out, also where a bonus names the blocks that it goes with."""
    blocks = document["block"]
    assert isinstance(blocks, AoT)
    for number in reversed(range(len(blocks))):
        if str(blocks[number]["code"]) in codes:
            del blocks[number]
    for block in blocks:
        kept = [code for code in block.get("only_with", ()) if code not in codes]
        if len(kept) < len(block.get("only_with", ())):
            put(block, ("only_with",), "[" + ", ".join(map(as_text, kept)) + "]")


def as_text(text: str) -> str:
    """A text as TOML writes it."""
    return tomlkit.string(text).as_string()


def as_number(number: Decimal | int) -> str:
    return decimal_text(number)


def as_euro(cents: int) -> str:
    """Cents as euro, with the thousands marked as in the published tables: 4000000 -> 40_000."""
    whole, part = divmod(cents, CENTS_IN_EURO)
    return f"{whole:_}.{part:02d}" if part else f"{whole:_}"


def _item(table: Any, key: str) -> Any:
    container = table.value if isinstance(table, Table | InlineTable) else table
    return container.item(key)


def _drop_own_lines(body: Any) -> None:
    for _key, item in body:
        if isinstance(item, AoT):
            for each in item.body:
                _drop_own_lines(each.value.body)
        elif isinstance(item, Table):
            _drop_own_lines(item.value.body)
        elif isinstance(item, Comment):
            item.trivia.indent = item.trivia.comment = item.trivia.trail = ""
