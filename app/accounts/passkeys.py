"""The conversation with a passkey (WebAuthn): what a browser is asked, and whether its answer is right.

Nothing here reads or writes the database. The key belongs to the host of the public address; user verification
(a finger, a PIN) is asked for and demanded, so that a passkey that somebody finds opens nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import urlsplit

import webauthn
from flask import current_app
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.accounts.models import Passkey, User

PRODUCT = "Wederdienst"
LONGEST_ANSWER = 20_000
VERIFIED = UserVerificationRequirement.REQUIRED


def to_make(user: User, known: Iterable[Passkey]) -> tuple[str, bytes]:
    """What the browser is asked to make a passkey of this user, as JSON, and the challenge to remember."""
    options = webauthn.generate_registration_options(
        rp_id=_host(),
        rp_name=PRODUCT,
        user_id=f"user:{user.id}".encode(),
        user_name=user.email,
        user_display_name=user.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=VERIFIED
        ),
        exclude_credentials=_described(known),
    )
    return webauthn.options_to_json(options), options.challenge


def to_show(known: Iterable[Passkey]) -> tuple[str, bytes]:
    """What the browser is asked to show one of these passkeys, as JSON, and the challenge to remember."""
    options = webauthn.generate_authentication_options(
        rp_id=_host(), allow_credentials=_described(known), user_verification=VERIFIED
    )
    return webauthn.options_to_json(options), options.challenge


def made(answer: str, challenge: bytes) -> VerifiedRegistration | None:
    """The passkey that the browser made; None when its answer is not one to this challenge, here."""
    try:
        return webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None


def shown(answer: str, challenge: bytes, passkey: Passkey) -> VerifiedAuthentication | None:
    """That this passkey signed the challenge, with its new count; None when it did not."""
    try:
        return webauthn.verify_authentication_response(
            credential=_read(answer),
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError):
        return None


def credential_of(answer: str) -> bytes:
    """Which passkey an answer says to be of; empty when it says none."""
    try:
        return base64url_to_bytes(str(_read(answer).get("rawId", "")))
    except ValueError:
        return b""


def _read(answer: str) -> dict[str, object]:
    """Errors: ValueError."""
    read = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    if not isinstance(read, dict):
        raise ValueError("not the answer of a passkey")
    return read


def _described(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential_id) for each in known]


def _host() -> str:
    return urlsplit(_origin()).hostname or ""


def _origin() -> str:
    return str(current_app.config["WEDERDIENST"].public_url).rstrip("/")
