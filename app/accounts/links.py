"""Links that let somebody in once: a random token under our signature; the database keeps only the token's hash."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from app.accounts.models import Purpose


def signed(token: str, purpose: Purpose) -> str:
    """The last part of the link's address."""
    return str(_signer(purpose).dumps(token))


def token_in(link: str, purpose: Purpose, holds: timedelta) -> str | None:
    """The token of a link; None when it was tampered with, is for something else, or is too old."""
    try:
        token = _signer(purpose).loads(link, max_age=int(holds.total_seconds()))
    except BadData:
        return None
    return token if isinstance(token, str) else None


def _signer(purpose: Purpose) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=f"wederdienst.{purpose}")
