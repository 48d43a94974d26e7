"""Where the files of evidence stand, each under the SHA-256 of its content: the one interface to a folder or a bucket.

Outside the web root, in the folder `evidence` of the data folder, or where `WEDERDIENST_EVIDENCE_URL` says; fsspec
knows both. A file comes under a name of its own first and gets its own when it is whole, so nobody ever finds half of
one; the same content is kept once. A row points here only after its file stands.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from io import UnsupportedOperation
from typing import Any

from flask import current_app
from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs

from app.web.errors import Conflict, Unavailable
from config import Config, make_private_folder

FOLDER = "evidence"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Store:
    """A folder of a file system, near or far."""

    files: AbstractFileSystem
    root: str

    def keep(self, content: bytes) -> str:
        """Keep a file and give its SHA-256. Errors: Unavailable `evidence_store_down`."""
        digest = sha256(content).hexdigest()
        path = self._path(digest)
        with reached():
            if not self.files.exists(path):
                self.files.makedirs(path.rpartition("/")[0], exist_ok=True)
                self._write(path, content)
        return digest

    def read(self, digest: str) -> bytes:
        """The file with that SHA-256, byte for byte.

        Errors: Conflict (`evidence_missing`, `evidence_changed`), Unavailable `evidence_store_down`.
        """
        content = b""
        with reached(), suppress(FileNotFoundError):
            content = self.files.cat_file(self._path(digest))
        if not content:
            raise Conflict("evidence_missing")
        if sha256(content).hexdigest() != digest:
            raise Conflict("evidence_changed")
        return content

    def remove(self, digest: str) -> None:
        """Erase a file; one that is not there is erased already. Errors: Unavailable `evidence_store_down`."""
        with reached(), suppress(FileNotFoundError):
            self.files.rm_file(self._path(digest))

    def _path(self, digest: str) -> str:
        return f"{self.root}/{digest[:2]}/{digest}"

    def _write(self, path: str, content: bytes) -> None:
        made = f"{path}.{secrets.token_hex(4)}"
        try:
            with self.files.open(made, "wb") as file:
                file.write(content)
                file.flush()
                with suppress(UnsupportedOperation):  # a bucket sees to it itself
                    os.fsync(file.fileno())
            self.files.mv(made, path)
        except BaseException:
            with suppress(Exception):
                self.files.rm_file(made)
            raise


def the_store() -> Store:
    """The store of this installation. Errors: Unavailable `evidence_store_down`."""
    config: Config = current_app.config["WEDERDIENST"]
    if not config.evidence_url:
        folder = config.data_dir / FOLDER
        make_private_folder(folder)
        return _store(folder.as_uri())
    return _store(config.evidence_url, **(_of_bucket(config) if config.evidence_url.startswith("s3:") else {}))


def _of_bucket(config: Config) -> dict[str, Any]:
    """Whoever uploads waits for an answer: a bucket is asked twice and not for minutes."""
    waits = {"connect_timeout": 5, "read_timeout": 30, "retries": {"max_attempts": 1}}
    endpoint = {"endpoint_url": config.evidence_endpoint} if config.evidence_endpoint else {}
    return {"use_listings_cache": False, "config_kwargs": waits, **endpoint}


def _store(url: str, **options: Any) -> Store:
    with reached():
        files, root = url_to_fs(url, **options)
    return Store(files, root.rstrip("/"))


@contextmanager
def reached() -> Iterator[None]:
    """What a file system says when something is wrong with it differs by library; to whoever asked it is the same."""
    try:
        yield
    except Exception as error:
        log.warning("the store of evidence cannot be reached: %r", error)
        raise Unavailable("evidence_store_down") from error
