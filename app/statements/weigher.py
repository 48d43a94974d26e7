"""Looks whether a PDF is as light as it seems, in a process of its own: `python -I weigher.py` reads standard input.

Anybody may drop a file on the public page, and a megabyte can unpack to many gigabytes. Here all of it is unpacked
once, with memory and time limited, before the process that serves everybody reads it. It stands alone, as the reader of
evidence does. It ends with nothing when the file may be read further; whether that is a statement, others say.
"""

from __future__ import annotations

import re
import resource
import sys
from contextlib import suppress
from io import BytesIO

import pikepdf

MEGABYTE = 1024 * 1024
MOST_MEMORY = 768 * MEGABYTE
MOST_SECONDS = 10
MOST_UNPACKED = 128 * MEGABYTE
END = re.compile(rb"%%EOF\s?")
OF_THE_FILE = ("/ObjStm", "/XRef")
"""Streams that every reader unpacks, to find what the file holds."""
TOO_HEAVY, BROKEN = 3, 4


class Refused(Exception):
    """The file is not read further; `code` is how the process ends."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def weigh(content: bytes) -> None:
    """Unpack all streams of a file.

    qpdf hides that it ran out of memory: then what it could not unpack looks broken. Errors: `Refused`, and a signal to
    the process.
    """
    total = 0
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as pdf:
            for each in pdf.objects:
                total += unpacked(each) if isinstance(each, pikepdf.Stream) else 0
                if total > MOST_UNPACKED:
                    raise Refused(TOO_HEAVY)
    except pikepdf.PasswordError:
        return  # nothing of it is unpacked, by nobody
    except (pikepdf.PdfError, MemoryError):
        raise Refused(BROKEN) from None


def unpacked(stream: pikepdf.Stream) -> int:
    """How many bytes a stream is; 0 when it cannot be unpacked and need not. Errors: `Refused`, MemoryError."""
    try:
        return len(stream.read_bytes())
    except (pikepdf.PdfError, pikepdf.DataDecodingError):
        if stream.stream_dict.get("/Type") in OF_THE_FILE:
            raise Refused(BROKEN) from None
        return 0


def revisions(content: bytes) -> list[bytes]:
    """The file, and the one that it is an update of: a reader of seals reads both."""
    first = END.search(content)
    return [content, content[: first.end()]] if first and first.end() < len(content) else [content]


def limit_resources() -> None:
    """Memory and time of this process; where a system does not know a limit, the others hold."""
    limits = ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_CORE, 0))
    for which, most in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(which, (most, most))


def main() -> None:
    """What goes wrong otherwise ends the process, and whoever started it says that the file is too heavy."""
    limit_resources()
    try:
        for each in revisions(sys.stdin.buffer.read()):
            weigh(each)
    except Refused as refusal:
        sys.exit(refusal.code)


if __name__ == "__main__":
    main()
