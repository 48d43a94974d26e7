"""Looks through one file in a process of its own: `python -I reader.py` reads it from standard input.

It stands alone, as the reader of workbooks does, so that what a hostile file does to it touches nobody else: memory and
time are limited. The answer is a line of JSON, and after it the content to keep: of a PDF every byte as it came (it may
be signed), of a picture the pixels drawn anew, upright, without what the camera wrote beside them (place, time, owner).

What a file is, is told by its first bytes, and the library for that kind must be able to read it. A PDF that is
something else as well (an archive behind its end, a page of HTML before it), that holds scripts, starts programs or
carries files other than plain data (those of an electronic invoice), is refused.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from contextlib import suppress
from io import BytesIO
from typing import Any

import filetype
import pikepdf
from PIL import Image, ImageOps

MEGABYTE = 1024 * 1024
MOST_MEMORY = 1536 * MEGABYTE
MOST_SECONDS = 40
MOST_PIXELS = 60_000_000
JPEG_QUALITY = 92
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
FORMATS = {JPEG: "JPEG", PNG: "PNG"}

HEAD = 1024
MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|\?php)", re.IGNORECASE)
PDF_BEGINS, PDF_ENDS = b"%PDF-", b"%%EOF"
BLANKS = b"\0\t\n\f\r \x1a"
DOES_SOMETHING = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute"})
HOLDS_SOMETHING = ("/JS", "/XFA", "/RichMediaContent")
ATTACHED = "/EF"
DEEPEST = 100


class Refused(Exception):
    """The file is not taken; `code` is that of the sentence about it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def look(content: bytes) -> tuple[str, bytes]:
    """What it is, and what to keep of it. Errors: `Refused`, and whatever a library says of a broken file."""
    if zipfile.is_zipfile(BytesIO(content)):  # an archive is looked for from its end, behind whatever else
        raise Refused("evidence_mixed" if filetype.guess_mime(content) in (PDF, *FORMATS) else "evidence_kind")
    kind = filetype.guess_mime(content)
    if kind == PDF:
        expect_plain_pdf(content)
        return PDF, content
    if kind in FORMATS:
        return kind, drawn_anew(content, FORMATS[kind])
    raise Refused("evidence_kind")


def expect_plain_pdf(content: bytes) -> None:
    """Errors: `Refused` (`evidence_mixed`, `evidence_locked`, `evidence_active`, `evidence_unreadable`)."""
    begins, ends = content.startswith(PDF_BEGINS), content.rfind(PDF_ENDS)
    behind = content[ends + len(PDF_ENDS) :].strip(BLANKS)
    if not begins or ends < 0 or behind or MARKUP.search(content[:HEAD]):
        raise Refused("evidence_mixed")
    try:
        with pikepdf.open(BytesIO(content)) as document:
            if not len(document.pages):
                raise Refused("evidence_unreadable")
            for each in document.objects:
                expect_passive(each)
    except pikepdf.PasswordError:
        raise Refused("evidence_locked") from None


def expect_passive(thing: object, depth: int = 0) -> None:
    """Errors: `Refused`, when this object of a PDF, or one that is written within it, does or holds something."""
    if depth > DEEPEST:
        raise Refused("evidence_unreadable")
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Dictionary):
        if str(thing.get("/S", "")) in DOES_SOMETHING or any(key in thing for key in HOLDS_SOMETHING):
            raise Refused("evidence_active")
        expect_texts(thing.get(ATTACHED))
        within = [thing[key] for key in thing.keys()]  # noqa: SIM118 (a PDF's dictionary is no mapping)
    elif isinstance(thing, pikepdf.Array):
        within = list(thing.as_list())
    else:
        return
    for each in within:
        if isinstance(each, pikepdf.Object) and not each.is_indirect:  # the others come by themselves
            expect_passive(each, depth + 1)


def expect_texts(attached: Any) -> None:
    """Errors: `Refused`, for a file within a PDF that is no plain text, as the data of an electronic invoice are."""
    for name in attached.keys() if isinstance(attached, pikepdf.Dictionary) else ():  # noqa: SIM118
        content = attached[name].read_bytes()
        if filetype.guess(content) or MARKUP.search(content) or b"\0" in content:
            raise Refused("evidence_active")


def drawn_anew(content: bytes, kind: str) -> bytes:
    """The picture alone, upright, in its own format. Errors: `Refused` (`evidence_too_wide`)."""
    made = BytesIO()
    with Image.open(BytesIO(content), formats=(kind,)) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused("evidence_too_wide")
        picture = ImageOps.exif_transpose(opened)
        picture = picture.convert(_mode_for(picture, kind))
    picture.info = {}
    picture.save(made, kind, **({"quality": JPEG_QUALITY} if kind == "JPEG" else {}))
    return made.getvalue()


def _mode_for(picture: Image.Image, kind: str) -> str:
    """Colours that can stand without a palette or a note about which of them is transparent."""
    if kind == "JPEG":
        return "L" if picture.mode == "L" else "RGB"
    if picture.has_transparency_data:
        return "LA" if picture.mode == "LA" else "RGBA"
    return "RGB" if picture.mode == "P" else picture.mode


def limit_resources() -> None:
    """Memory and time of this process; where a system does not know a limit, the others hold."""
    for which, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


def main() -> None:
    """What goes wrong otherwise ends the process, and whoever started it says that the file cannot be read."""
    limit_resources()
    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and it is looked at before anything is unpacked
    try:
        kind, kept = look(sys.stdin.buffer.read())
        said = {"kind": kind}
    except Refused as refusal:
        said, kept = {"refused": refusal.code}, b""
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + kept)


if __name__ == "__main__":
    main()
