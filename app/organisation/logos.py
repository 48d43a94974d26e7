"""A logo as it comes in: a PNG or JPEG, known by what it is and not by its name, drawn anew as a PNG of our own.

What it said beside the picture (where it was taken, who made it, whatever somebody hid in it) does not come along.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from app.accounts.models import Logo
from app.web.errors import Invalid

FORMATS = ("PNG", "JPEG")
MEGABYTES = 1
MOST_BYTES = MEGABYTES * 1024 * 1024
MOST_PIXELS = 4000
"""Wide or high, as it comes in: looked at before anything is unpacked."""
KEPT_PIXELS = 800
"""Wide or high, as it is kept: sharp at 6 cm on paper."""
# What Pillow raises for files that are broken, or made to break it.
BROKEN = (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError)


def read_logo(content: bytes) -> Logo:
    """The logo in a file. Errors: Invalid (`logo_too_large`, `logo_too_wide`, `logo_unreadable`)."""
    if len(content) > MOST_BYTES:
        raise Invalid("logo_too_large", megabytes=MEGABYTES)
    try:
        picture = _drawn_anew(content)
    except (*BROKEN, SyntaxError, EOFError):
        raise Invalid("logo_unreadable") from None
    made = BytesIO()
    picture.save(made, "PNG", optimize=True)
    return Logo(
        sha256=sha256(made.getvalue()).hexdigest(),
        content=made.getvalue(),
        width=picture.width,
        height=picture.height,
    )


def _drawn_anew(content: bytes) -> Image.Image:
    """The pixels alone, upright, in colours that every browser knows. Errors: Invalid, and those of `BROKEN`."""
    with _whole_pictures_only(), Image.open(BytesIO(content), formats=FORMATS) as opened:
        if max(opened.size) > MOST_PIXELS:
            raise Invalid("logo_too_wide", pixels=MOST_PIXELS)
        upright = ImageOps.exif_transpose(opened)
        picture = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    picture.thumbnail((KEPT_PIXELS, KEPT_PIXELS))
    picture.info = {}
    return picture


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """WeasyPrint tells Pillow, for the whole process, to make up what is missing of a picture; here it is refused."""
    known = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = known
