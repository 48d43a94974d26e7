"""The day of the examples."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.fixture
def on_24_november(monkeypatch: pytest.MonkeyPatch) -> None:
    """Periods are due as of the day of the examples, also on pages."""
    for module in ("app.planning.service", "app.planning.views", "app.planning.desk", "app.editing.answer"):
        monkeypatch.setattr(f"{module}.today", lambda: date(2026, 11, 24))
