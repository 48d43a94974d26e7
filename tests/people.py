"""Browsers of people who are logged in, and a password that costs no time to check."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import cache

from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import sessions
from app.accounts.models import Session
from app.accounts.service import token_hash
from app.web.clock import now
from tests.factories import saved

PASSWORD = "vier losse woorden samen"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@cache
def password_hash() -> str:
    """The hash of `PASSWORD`, as a user keeps it."""
    return CHEAP.hash(PASSWORD)


def client_of(app: Flask, user_id: int, *, made_at: datetime | None = None) -> FlaskClient:
    """A browser in which this user is logged in, without asking the password. Not inside an application context."""
    token = secrets.token_urlsafe(32)
    at = made_at or now()
    with app.app_context():
        saved(Session(token_hash=token_hash(token), user_id=user_id, made_at=at, seen_at=at))
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[sessions.TOKEN] = token
    return client
