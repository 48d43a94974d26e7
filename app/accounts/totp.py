"""Codes of an authenticator app (TOTP, RFC 6238): a new secret, its picture, and whether a code is right and unused."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from markupsafe import Markup

SECONDS = 30
# A clock may be one step slow or fast (RFC 6238, 5.2).
STEPS_AWAY = (0, -1, 1)
ISSUER = "Wederdienst"


def new_secret() -> str:
    """160 random bits, as base32."""
    return pyotp.random_base32()


def step_of(secret: str, typed: str, *, at: datetime, after: int | None) -> int | None:
    """The time step of which `typed` is the code, to be kept as the last used; None when it is of none.

    A code counts once: steps up to `after`, the last used one, no longer do.
    """
    now = int(at.timestamp()) // SECONDS
    app = pyotp.TOTP(secret, interval=SECONDS)
    right = [step for step in (now + away for away in STEPS_AWAY) if compare_digest(app.generate_otp(step), typed)]
    return next((step for step in right if after is None or step > after), None)


def address(secret: str, email: str) -> str:
    """What the picture holds, as authenticator apps read it."""
    return pyotp.TOTP(secret, interval=SECONDS).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(secret: str, email: str) -> Markup:
    """The QR code of the address, as an SVG to stand in a page."""
    drawn = segno.make(address(secret, email), error="m").svg_inline(
        dark="#000", light="#fff", omitsize=True, svgclass="qr"
    )
    return Markup(drawn)  # noqa: S704 (segno draws paths; the address is in them, not beside them)


def in_groups(secret: str) -> str:
    """The secret as somebody types it over."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
