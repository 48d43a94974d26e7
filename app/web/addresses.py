"""Addresses within the product: the page that was asked for before the log-in, and which addresses may be gone back to."""

from __future__ import annotations

import re
from urllib.parse import quote

from flask import request

# A path from the root. What browsers read as another host is not: "//host", a backslash, which they take for a slash, and
# blanks and control characters, which they drop before reading. Anything beyond ASCII comes percent-encoded or not at all.
OWN_PATH = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]*")


def own_address(text: str | None) -> str | None:
    """`text` when it is a path on this site (with its query), else None: nobody is sent elsewhere by a link that we got."""
    return text if text and OWN_PATH.fullmatch(text) else None


def asked_address() -> str:
    """The path and query of this request, percent-encoded, so that `own_address` accepts it afterwards."""
    query = request.query_string.decode("ascii", "replace")
    return quote(request.path) + (f"?{query}" if query else "")
