"""Files for the tests of evidence: as cameras and offices make them, and as somebody makes them who means harm."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

ORIENTATION, MAKER = 0x0112, 0x010F
SECRET = "Telephone of J. de Wit"


def jpeg(width: int = 60, height: int = 40, mode: str = "RGB") -> bytes:
    """A photograph on its side, with what a camera writes beside it."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = 6, SECRET
    made = BytesIO()
    Image.new(mode, (width, height)).save(made, "JPEG", exif=exif, comment=SECRET.encode())
    return made.getvalue()


def png(mode: str = "RGBA", width: int = 30, height: int = 20) -> bytes:
    notes, made = PngInfo(), BytesIO()
    notes.add_text("Author", SECRET)
    Image.new(mode, (width, height)).save(made, "PNG", pnginfo=notes)
    return made.getvalue()


def pdf(root: dict[str, Any] | None = None, attached: bytes = b"", **options: Any) -> bytes:
    """A page of nothing; `root` is added to the catalogue."""
    document = pikepdf.new()
    document.add_blank_page()
    for name, value in (root or {}).items():
        document.Root[f"/{name}"] = value
    if attached:
        document.attachments["invoice.exe"] = attached
    made = BytesIO()
    document.save(made, **options)
    return made.getvalue()


def action(kind: str, **values: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **values)


def archive() -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as written:
        written.writestr("inside.txt", "hidden")
    return made.getvalue()


LOCKED = pikepdf.Encryption(owner="owner", user="user")
