"""Whom somebody wants to ask."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import Language


@dataclass(frozen=True, slots=True)
class Question:
    """Whom to ask: an organisation at an address, in a language."""

    organisation: str
    email: str
    language: Language
