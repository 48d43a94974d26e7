"""`app.statements.render`, imported when it is first asked for.

WeasyPrint takes some two seconds to import, which no page and no other command should wait for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from app.statements.paper import Paper


def render(paper: Paper) -> bytes:
    """The PDF of a paper."""
    content: bytes = _renderer().render(paper)
    return content


def layout_sha256() -> str:
    """All of the product that may change a byte of a paper."""
    return str(_renderer().layout_sha256())


def made_with() -> str:
    """The libraries whose version may change a byte of the PDF."""
    return str(_renderer().made_with())


def _renderer() -> Any:
    return import_module("app.statements.render")
