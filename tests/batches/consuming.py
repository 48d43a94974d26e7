"""A consumer as a process of its own, with its workers in a group that can be killed whole; and files in no time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from app.statements import service as statements
from config import ROOT, Config


@contextmanager
def consumer(app: Flask) -> Iterator[None]:
    """`flask worker` on the data of this application; afterwards it is killed, whatever it was doing."""
    settings: Config = app.config["WEDERDIENST"]
    environment = os.environ | {
        "WEDERDIENST_DATA_DIR": str(settings.data_dir),
        "WEDERDIENST_DATABASE_URL": settings.database_url,
        "WEDERDIENST_QUEUE_URL": settings.queue_url,
        "WEDERDIENST_SECRET_KEY": settings.secret_key,
        "WEDERDIENST_WORKERS": str(settings.workers),
    }
    command = (sys.executable, "-m", "flask", "--app", "wsgi", "worker")
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield
        assert process.poll() is None
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def hurry_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes: for tests that are about who makes which."""
    monkeypatch.setattr(statements, "render", lambda paper: f"%PDF {paper.imprint.number}".encode())
    monkeypatch.setattr(statements, "seal", lambda content, _identity, _at: content)
