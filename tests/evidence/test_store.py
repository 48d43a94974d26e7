"""The files stand in a folder or in a bucket, each once under its SHA-256, and what was changed there is noticed."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import boto3
import pytest
from flask import Flask
from moto.server import ThreadedMotoServer

from app.evidence.store import Store, the_store
from app.web.errors import Conflict, Unavailable
from tests.support import LENT, settings

CONTENT = b"%PDF-1.7 of a test"
DIGEST = sha256(CONTENT).hexdigest()
BUCKET, PREFIX = "evidence-of-tests", "houses"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 of this machine with an empty bucket."""
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environment.setenv(name, "of-tests")
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=address).create_bucket(Bucket=BUCKET)
        yield address
        server.stop()


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, sqlite_url: str) -> Iterator[Store]:
    """An empty store of each kind, as the settings give it."""
    chosen = {}
    if request.param == "bucket":
        endpoint = request.getfixturevalue("s3")
        chosen = {"evidence_url": f"s3://{BUCKET}/{tmp_path.name}", "evidence_endpoint": endpoint}
    with LENT.application(settings(tmp_path, sqlite_url, **chosen)) as app, app.app_context():
        yield the_store()


def test_a_file_is_kept_once_under_its_hash_and_comes_back(store: Store) -> None:
    assert store.keep(CONTENT) == store.keep(CONTENT) == DIGEST
    assert [path.rpartition("/")[2] for path in store.files.find(store.root)] == [DIGEST]
    assert store.read(DIGEST) == CONTENT


def test_a_file_that_was_changed_or_taken_away_is_noticed(store: Store) -> None:
    store.keep(CONTENT)
    path = store.files.find(store.root)[0]
    store.files.pipe_file(path, b"something else")
    with pytest.raises(Conflict, match="evidence_changed"):
        store.read(DIGEST)
    store.remove(DIGEST)
    store.remove(DIGEST)
    with pytest.raises(Conflict, match="evidence_missing"):
        store.read(DIGEST)


def test_a_folder_is_for_us_alone_and_holds_no_half_files(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        store = the_store()
        monkeypatch.setattr("os.fsync", lambda _descriptor: (_ for _ in ()).throw(OSError("the disk is full")))
        with pytest.raises(Unavailable, match="evidence_store_down"):
            store.keep(CONTENT)
    folder = tmp_path / "evidence"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_a_bucket_that_does_not_answer_is_said(
    tmp_path: Path, sqlite_url: str, s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("s3fs.core.S3FileSystem.retries", 1)
    chosen = {"evidence_url": f"s3://{BUCKET}/x", "evidence_endpoint": s3.rpartition(":")[0] + ":9"}
    with LENT.application(settings(tmp_path, sqlite_url, **chosen)) as app, app.app_context():
        store = the_store()
        with pytest.raises(Unavailable, match="evidence_store_down"):
            store.keep(CONTENT)
