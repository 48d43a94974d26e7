"""The names of files: made tidy for who downloads them, refused when they look like a number of a person.

A name never decides what a file is. Folders, signs that nobody sees and what some system reads otherwise go; the ending
becomes that of what the file is.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from app.evidence.models import MediaType
from app.web.bsn import without_bsn

LONGEST_STEM = 150
SEPARATORS = re.compile(r"[\\/]")
ODD = re.compile(r'[<>:"|?*]+')
WITHOUT_NAME = "file"


def tidy_name(sent: str, media_type: MediaType) -> str:
    """Errors: Invalid `bsn`, when nine digits in the name may be a citizen service number."""
    last = SEPARATORS.split(without_bsn(sent))[-1]
    visible = "".join(each if each.isprintable() else " " for each in ODD.sub(" ", last))
    stem = " ".join(PurePosixPath(visible.strip(" .")).stem.split())[:LONGEST_STEM].strip(" .")
    return f"{stem or WITHOUT_NAME}.{media_type.extension}"
