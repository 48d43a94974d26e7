"""What the tests of workers share."""

from __future__ import annotations

import pytest

from tests.batches.consuming import hurry_files


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry_files(monkeypatch)
