"""Addresses within the product: the page that was asked for, and to which addresses we send somebody back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from app.web.errors import NotFound

# A path from the root. What browsers read as another host is none: "//host", a backslash, which they take for a slash,
# and blanks and control characters, which they drop before reading. Beyond ASCII only what is percent-encoded.
OWN_PATH = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]*")

HIGHEST = 2**31 - 1
NUL = "\0"
"""PostgreSQL keeps no text with it, and refuses to look for one."""


def own_address(text: str | None) -> str | None:
    """`text` when it is a path on this site (with its query), else None: no link of ours sends anybody elsewhere."""
    return text if text and OWN_PATH.fullmatch(text) else None


def asked_address() -> str:
    """The path and query of this request, percent-encoded, so that `own_address` accepts it afterwards."""
    query = request.query_string.decode("ascii", "replace")
    return quote(request.path) + (f"?{query}" if query else "")


class RowNumber(IntegerConverter):
    """A number in an address that a database can hold; a larger one is an address that does not exist."""

    def __init__(self, url_map: Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **({"max": HIGHEST} | options))


def register(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(_expect_findable)


def _expect_findable() -> None:
    """Errors: NotFound, for an address that nothing can have."""
    if NUL in request.path:
        raise NotFound
