"""Has a file that anybody may send unpacked once in a process with limits (`weigher.py`), however that ends."""

from __future__ import annotations

import subprocess
import sys

from app.statements import weigher
from app.web.errors import Invalid

MOST_SECONDS = 20
"""The weigher limits its own processor time; this is for one that waits for something."""


def expect_light(content: bytes) -> None:
    """That a file can be read without harm to who asks for something else.

    Errors: Invalid `statement_too_heavy`, `statement_damaged`.
    """
    # -I: nothing of the environment or the current folder becomes part of the weigher.
    command = [sys.executable, "-I", weigher.__file__]
    try:
        done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        raise Invalid("statement_too_heavy") from None
    if done.returncode:
        raise Invalid("statement_damaged" if done.returncode == weigher.BROKEN else "statement_too_heavy")
