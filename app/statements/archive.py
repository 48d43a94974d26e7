"""The files of issued statements, in the data folder, each under the SHA-256 of its content."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import current_app

from app.statements.models import Rendition
from app.web.errors import Conflict

FOLDER = "statements"
ABANDONED_SECONDS = 3600
FOR_US_ALONE, AS_USUAL = 0o600, 0o666
SEAL, LARGEST_SEAL = b"/ETSI.CAdES.detached", 256 * 1024
"""What stands in a seal, and more bytes than it takes at the end of a file."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the archive; `path` is relative to the data folder, `size` in bytes."""

    path: str
    sha256: str
    size: int


def store(content: bytes) -> Stored:
    """Keep a file. Afterwards it is wholly on the disk or not at all; the same content again changes nothing."""
    digest = sha256(content).hexdigest()
    path = f"{FOLDER}/{digest[:2]}/{digest}.pdf"
    write_whole(_data_dir() / path, content)
    return Stored(path, digest, len(content))


def sweep() -> None:
    """Remove what somebody who was killed left half written, under a name that nothing points to."""
    for half in (_data_dir() / FOLDER).glob("*/.*"):
        if time.time() - half.stat().st_mtime > ABANDONED_SECONDS:
            half.unlink(missing_ok=True)


def read(rendition: Rendition) -> bytes:
    """The file of a rendition, byte for byte as it was issued.

    Errors: Conflict `statement_file_missing` and `statement_file_changed`.
    """
    try:
        content = (_data_dir() / rendition.path).read_bytes()
    except OSError:
        raise Conflict("statement_file_missing") from None
    if sha256(content).hexdigest() != rendition.file_sha256:
        raise Conflict("statement_file_changed")
    return content


def is_sealed(path: str) -> bool:
    """Whether the file at `path` of the data folder carries a seal, which stands at its end; what is read of a list.

    Whether the seal is whole, who checks the file finds out.
    """
    try:
        return _has_seal(_data_dir() / path)
    except OSError:
        return False


@lru_cache(maxsize=10_000)
def _has_seal(file: Path) -> bool:
    """A file has its name of what it holds, so it is looked at once. Errors: OSError."""
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - LARGEST_SEAL))
        return SEAL in opened.read()


def write_whole(path: Path, content: bytes, *, mode: int = FOR_US_ALONE) -> None:
    """Write a file so that nobody ever finds half of it, also after a crash.

    `mode` is that of the file; a folder that is not there yet is made for us alone.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(made, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """That the name stands in the folder must survive a crash too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _data_dir() -> Path:
    data_dir: Path = current_app.config["WEDERDIENST"].data_dir
    return data_dir
