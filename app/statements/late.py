"""`app.statements.render`, imported when it is first asked for.

WeasyPrint takes some two seconds to import, which no page and no other command should wait for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from app.statements.paper import Paper


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach: its name, what it holds in words, and what it is to the paper ("Data", "Source")."""

    name: str
    content: bytes
    what: str
    kind: str


def render(paper: Paper) -> bytes:
    """The PDF of a paper."""
    content: bytes = _renderer().render(paper)
    return content


def render_work_paper(page: str, files: Iterable[File], at: datetime) -> bytes:
    """The PDF of a page that is no statement, in the same style, with these files attached, as of `at`."""
    renderer = _renderer()
    written = renderer.writable(page)
    content: bytes = renderer.pdf_with(written, [renderer.attached(*astuple(file), at) for file in files])
    return content


def layout_sha256() -> str:
    """All of the product that may change a byte of a paper."""
    return str(_renderer().layout_sha256())


def made_with() -> str:
    """The libraries whose version may change a byte of the PDF."""
    return str(_renderer().made_with())


def load() -> None:
    """Import it now: before processes are forked that will all need it."""
    _renderer()


def _renderer() -> Any:
    return import_module("app.statements.render")
