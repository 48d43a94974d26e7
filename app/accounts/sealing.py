"""Secrets that the database keeps only sealed: encrypted with keys derived from the secret key, one for each purpose.

Who has the database alone cannot read them. With another secret key they are lost: then a recovery code or a colleague
helps.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

KEY_BYTES = 32


def seal(secret: str, purpose: str) -> bytes:
    """`secret`, readable again only with the secret key and the same purpose."""
    return _box(purpose).encrypt(secret.encode())


def unseal(sealed: bytes, purpose: str, *, seconds: int | None = None) -> str | None:
    """What was sealed; None when it was not sealed by us for that purpose, or longer ago than `seconds`."""
    try:
        return _box(purpose).decrypt(sealed, ttl=seconds).decode()
    except InvalidToken:
        return None


def _box(purpose: str) -> Fernet:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=f"wederdienst.{purpose}".encode())
    return Fernet(urlsafe_b64encode(derived.derive(current_app.config["SECRET_KEY"].encode())))
