"""`app.statements.render`, `seal` and `sealed`, imported when they are first asked for.

WeasyPrint takes some two seconds to import and pyHanko one, which no page and no other command should wait for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from app.statements.identity import Identity
from app.statements.paper import Paper

if TYPE_CHECKING:
    from app.statements.sealed import Seal


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


def seal(content: bytes, identity: Identity, at: datetime) -> bytes:
    """A rendered statement with the seal of a corporation. Errors: `Unavailable` without the time stamp that is set."""
    sealed: bytes = import_module("app.statements.seal").seal(content, identity, at)
    return sealed


def read_seal(content: bytes) -> Seal | None:
    """The seal of a PDF file; None when it has none. Errors: `Invalid` when anything is wrong with it."""
    found: Seal | None = import_module("app.statements.sealed").read_seal(content)
    return found


def layout_sha256() -> str:
    """All of the product that may change a byte of a paper."""
    return str(_renderer().layout_sha256())


def made_with() -> str:
    """The libraries whose version may change a byte of the PDF."""
    return str(_renderer().made_with())


def load() -> None:
    """Import it and read the fonts now: before processes are forked that will all need it."""
    _renderer().style()
    import_module("app.statements.seal")


def _renderer() -> Any:
    return import_module("app.statements.render")
