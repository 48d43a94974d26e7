"""Security headers on every answer, those of errors and files included."""

from __future__ import annotations

from flask import Flask, Response, current_app

# Everything comes from ourselves and nothing is written inside a page, so that there is no exception to make. `data:`
# is for the small pictures inside Bootstrap's stylesheet (arrow of a select, tick of a checkbox).
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
HEADERS = {
    "Content-Security-Policy": "; ".join(f"{what} {whence}" for what, whence in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = 31_536_000


def register(app: Flask) -> None:
    app.after_request(protect)


def protect(response: Response) -> Response:
    """Add what is not there yet: a download may bring a stricter policy of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["WEDERDIENST"].is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={ONE_YEAR}; includeSubDomains")
    # Pages show what not everybody may see; whoever makes an answer that may be kept (static files) says so itself.
    response.headers.setdefault("Cache-Control", "no-store")
    return response
