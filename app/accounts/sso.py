"""Single sign-on through OpenID Connect: the conversation with the provider of the settings (code flow, PKCE, nonce).

Nothing here reads or writes the database: whom a verified address lets in is `service.log_in_by_provider`'s to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import flask
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import Flask, current_app
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.wrappers import Response

from app.web.errors import Conflict, Unavailable
from config import Config

NAME = "sso"
STATE = f"_state_{NAME}_"
NEXT = "sso_next"
SECONDS = 10
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a provider says of who logged in there."""

    email: str
    """The address, as far as the provider verified it; else empty."""
    shows_second_factor: bool
    """Whether it says that it saw a second factor."""


def register(app: Flask) -> None:
    app.jinja_env.globals["single_sign_on"] = offered


def offered() -> str | None:
    """What the provider is called by way of which people may log in; None when there is none."""
    config = _config()
    return config.oidc_name if config.oidc_issuer else None


def to_provider(back: str, then: str) -> Response:
    """Send the browser to the provider, which sends it to `back`; afterwards it goes to `then`.

    Errors: Unavailable (`provider_silent`).
    """
    for key in [key for key in flask.session if key.startswith(STATE)]:
        del flask.session[key]  # one try at a time: the cookie stays small
    flask.session[NEXT] = then
    try:
        answer: Response = _app().authorize_redirect(back)
    except (RequestException, ValueError) as fault:
        raise Unavailable("provider_silent", name=offered()) from fault
    return answer


def seen() -> Identity:
    """Who comes back from the provider. Errors: Unavailable (`provider_silent`), Conflict (`provider_unclear`)."""
    app = _app()
    try:
        token = app.authorize_access_token(claims_options={"iss": {"essential": True, "value": _issuer(app)}})
        claims = token.get("userinfo")
        if not claims:
            raise Conflict("provider_unclear", name=offered())
        return Identity(_verified_email(app, token, claims), _shows_second_factor(claims))
    except RequestException as fault:
        raise Unavailable("provider_silent", name=offered()) from fault
    except (AuthlibBaseError, JoseError, ValueError, KeyError) as fault:
        raise Conflict("provider_unclear", name=offered()) from fault


def then() -> str | None:
    """Where to afterwards, as it was asked before."""
    asked: str | None = flask.session.get(NEXT)
    return asked


def _verified_email(app: FlaskOAuth2App, token: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    """The ID token may leave the address to the page about the user, which must be about the same one."""
    said = claims if "email" in claims else app.userinfo(token=token)
    is_verified = said.get("email_verified") is True and said.get("sub") == claims["sub"]
    return str(said.get("email", "")) if is_verified else ""


def _shows_second_factor(claims: Mapping[str, Any]) -> bool:
    """By the methods (`amr`, RFC 8176) or the level (`acr`) that the settings accept."""
    methods = claims.get("amr")
    said = {str(each) for each in methods} if isinstance(methods, list) else set()
    return bool((said | {str(claims.get("acr", ""))}) & set(_config().oidc_second_factor))


def _issuer(app: FlaskOAuth2App) -> str:
    """As the provider writes its own address, which must be that of the settings."""
    said = str(app.load_server_metadata().get("issuer", ""))
    if said.rstrip("/") != _config().oidc_issuer:
        raise Conflict("provider_unclear", name=offered())
    return said


def _app() -> FlaskOAuth2App:
    config = _config()
    return _made(config.oidc_issuer, config.oidc_client_id, config.oidc_client_secret)


@lru_cache(maxsize=8)
def _made(issuer: str, client_id: str, client_secret: str) -> FlaskOAuth2App:
    """It remembers what the provider says of itself."""
    return FlaskOAuth2App(
        FlaskIntegration(NAME),
        NAME,
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=issuer + DISCOVERY,
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": SECONDS},
    )


def _config() -> Config:
    config: Config = current_app.config["WEDERDIENST"]
    return config
