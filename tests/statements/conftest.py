"""What tests of statements share."""

from __future__ import annotations

import pytest

from app.statements import service


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes: for tests that are not about what is in them."""
    monkeypatch.setattr(
        service, "render", lambda paper: f"%PDF {paper.imprint.number} {paper.imprint.language}".encode()
    )
    monkeypatch.setattr(service, "seal", lambda content, _identity, _at: content)
