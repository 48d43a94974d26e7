"""Browsers in which somebody logged in before: their attempts are counted apart from those of all others.

So nobody can lock somebody out by guessing wrong: who guesses from elsewhere makes others from elsewhere wait, and not
the owner at the own desk. The cookie says nothing but that; it opens nothing, and its attempts are counted as strictly.
"""

from __future__ import annotations

from hashlib import sha256

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

YEAR = 365 * 24 * 3600


def account_of(email: str) -> str:
    """An account as a hash: neither the cookie nor the counter's storage holds addresses."""
    return sha256(email.strip().lower().encode()).hexdigest()


def remember(response: Response, email: str) -> Response:
    """From now on this browser is known for that account (and for no other)."""
    is_secure = current_app.config["WEDERDIENST"].is_secure
    response.set_cookie(
        _name(), str(_signer().dumps(account_of(email))), max_age=YEAR, secure=is_secure, httponly=True, samesite="Lax"
    )
    return response


def is_known(account: str) -> bool:
    """Whether this browser is known for that account."""
    try:
        return bool(_signer().loads(request.cookies.get(_name(), ""), max_age=YEAR) == account)
    except BadData:
        return False


def _name() -> str:
    return "__Host-known" if current_app.config["WEDERDIENST"].is_secure else "known"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wederdienst.known")
