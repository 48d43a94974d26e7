"""Checks a statement from its file alone: the seal, the attachments, their hashes, the figures, and the paper itself.

Nothing is asked of a database and nothing is taken on trust: the seal must be of this very file, `assess` runs again on
the attached facts, and where this machine has the same program, fonts and libraries, the paper below the seal is made
again and compared byte for byte. Who sealed it stands in the seal; whether to trust them is for whoever asks. A
statement from before they were sealed shows that it is as it was made, not who made it: that only the register knows,
by the file's SHA-256.
"""

from __future__ import annotations

import io
import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import md5
from typing import TYPE_CHECKING, Any

import pikepdf

from app.rules.errors import RuleError
from app.statements.kinds import read_paper
from app.statements.late import layout_sha256, made_with, read_seal, render
from app.statements.paper import IMPRINT, Imprint, Paper, read_canonical
from app.web.errors import Invalid

if TYPE_CHECKING:
    from app.statements.sealed import Seal

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
LARGEST_FILE = 50 * MEGABYTE
LARGEST_ATTACHMENT = 30 * MEGABYTE
HEADER = b"%PDF-"
DRAFT = "draft"
"""The only keyword of a draft."""
MADE = ("layout_sha256", "made_with")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `is_compared`: the paper was made again here and is the same, byte for byte.

    `seal` is empty of a statement from before they were sealed. `fault` says what is wrong; without one the statement
    is valid, if whoever asks trusts who sealed it.
    """

    imprint: Imprint | None = None
    about: str = ""
    corporation: str = ""
    is_compared: bool = False
    seal: Seal | None = None
    fault: Invalid | RuleError | None = None

    @property
    def is_valid(self) -> bool:
        return self.fault is None


def verify(content: bytes, *, compare: bool = True) -> Verdict:
    """Check the content of a PDF file. Never raises for what the file holds: whatever is wrong becomes the verdict.

    `compare=False` leaves out making the paper again, for whom the time of a stranger's file is too dear. Needs an
    application context for templates and language.
    """
    try:
        return _verified(content, compare)
    except (Invalid, RuleError) as fault:
        return Verdict(fault=fault)


def _verified(content: bytes, compare: bool) -> Verdict:
    files = attachments(content)
    seal = read_seal(content)
    imprint, made = read_imprint(files[IMPRINT])
    paper = _understood(imprint, files)
    if seal:
        _expect_own(seal, paper)
    is_compared = compare and _compared(seal.below if seal else content, paper, made)
    return Verdict(imprint, paper.about, paper.corporation_name, is_compared, seal)


def _understood(imprint: Imprint, files: Mapping[str, bytes]) -> Paper:
    """The paper that the attachments make, carried whole. Errors: `Invalid` or RuleError, whatever stands in them."""
    try:
        paper = read_paper(imprint, files)
        expect_attached(paper, files)
    except (Invalid, RuleError):
        raise
    except Exception as error:  # somebody may have made facts that no form of ours lets through
        log.warning("the facts in a file could not be reckoned", exc_info=error)
        raise Invalid("statement_facts_unreadable") from error
    return paper


def _expect_own(seal: Seal, paper: Paper) -> None:
    """That the corporation of the paper sealed it, as far as the certificate says whose it is. Errors: `Invalid`."""
    if seal.kvk not in ("", paper.kvk):
        raise Invalid("seal_of_another", name=seal.name, corporation=paper.corporation_name)


def expect_attached(paper: Paper, files: Mapping[str, bytes]) -> None:
    """That a paper carries its documents and what follows from them, and nothing else. Errors: `Invalid`."""
    known = {IMPRINT: files[IMPRINT], **paper.documents, **paper.derived()}
    for name in sorted(known.keys() | files.keys()):
        if known.get(name) != files.get(name):
            raise Invalid("statement_attachment_changed", name=name)


def attachments(content: bytes) -> Mapping[str, bytes]:
    """The files in a statement, by name. Errors: `Invalid` for what is no PDF, is encrypted or is no statement."""
    if len(content) > LARGEST_FILE:
        raise Invalid("statement_file_too_large", megabytes=LARGEST_FILE // MEGABYTE)
    if not content.startswith(HEADER):
        raise Invalid("statement_no_pdf")
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as pdf:
            if not pdf.attachments and pdf.docinfo.get("/Keywords") == DRAFT:
                raise Invalid("statement_draft")
            return {name: _attached(pdf, name) for name in {IMPRINT, *pdf.attachments}}
    except pikepdf.PasswordError:
        raise Invalid("statement_encrypted") from None
    except (pikepdf.PdfError, zlib.error, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Invalid("statement_damaged") from None


def _attached(pdf: pikepdf.Pdf, name: str) -> bytes:
    """An attachment as its own checksum says it was. Errors: `Invalid`, or what pikepdf and zlib raise."""
    if name not in pdf.attachments:
        raise Invalid("statement_none", name=name)
    stream: Any = pdf.attachments[name].get_file().obj
    if stream.get("/Filter") != pikepdf.Name.FlateDecode or "/DecodeParms" in stream:
        raise Invalid("statement_damaged")
    content = _inflated(stream.read_raw_bytes())
    if md5(content, usedforsecurity=False).digest() != bytes(stream["/Params"]["/CheckSum"]):
        raise Invalid("statement_attachment_changed", name=name)
    return content


def _inflated(compressed: bytes) -> bytes:
    """Strictly: to the last byte, with its checksum, and never more than an attachment can be."""
    inflate = zlib.decompressobj()
    content = inflate.decompress(compressed, LARGEST_ATTACHMENT)
    if not inflate.eof or inflate.unused_data:
        raise Invalid("statement_damaged")
    return content


def read_imprint(written: bytes) -> tuple[Imprint, Mapping[str, str]]:
    """What `statement.json` says: the imprint, and with what the paper was made. Errors: `Invalid`."""
    document = read_canonical(written, IMPRINT)
    try:
        made = {key: str(document.pop(key)) for key in MADE}
        return Imprint.from_json(document), made
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid("statement_attachment_unreadable", name=IMPRINT) from None


def _compared(content: bytes, paper: Paper, made: Mapping[str, str]) -> bool:
    """Whether the paper could be made again here; False where program or libraries differ.

    Errors: `Invalid` when it could, and is another.
    """
    if made != {"layout_sha256": layout_sha256(), "made_with": made_with()}:
        return False
    if render(paper) != content:
        raise Invalid("statement_paper_differs")
    return True
