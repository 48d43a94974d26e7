"""Asks a ClamAV for its judgement of a file before it is kept, when the installation has one (`WEDERDIENST_CLAMD`).

The protocol is clamd's INSTREAM over TCP: the length of each piece in four bytes and the piece, then a length of zero;
the answer is "stream: OK" or "stream: <name> FOUND". While it does not answer nothing is kept: a scanner that is asked
for and does not look is no scanner.
"""

from __future__ import annotations

import logging
import socket
import struct

from flask import current_app

from app.web.errors import Invalid, Unavailable

PIECE = 64 * 1024
SECONDS = 30
LONGEST_ANSWER = 4096
log = logging.getLogger(__name__)


def expect_clean(name: str, content: bytes) -> None:
    """Errors: Invalid `evidence_infected` with what the scanner calls it, Unavailable `scanner_down`."""
    address = current_app.config["WEDERDIENST"].clamd
    if not address:
        return
    host, _, port = address.rpartition(":")
    try:
        answer = _asked(host, int(port), content)
    except OSError as error:
        log.warning("the virus scanner at %s does not answer: %s", address, error)
        raise Unavailable("scanner_down") from None
    verdict = answer.removeprefix("stream: ")
    if verdict.endswith(" FOUND"):
        raise Invalid("evidence_infected", file=name, virus=verdict.removesuffix(" FOUND"))
    if verdict != "OK":
        log.warning("the virus scanner at %s says %r", address, answer)
        raise Unavailable("scanner_down")


def _asked(host: str, port: int, content: bytes) -> str:
    with socket.create_connection((host, port), timeout=SECONDS) as scanner:
        scanner.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            scanner.sendall(struct.pack("!L", len(piece)) + piece)
        scanner.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER and (more := scanner.recv(PIECE)):
            answer += more
    return answer.rstrip(b"\0").decode("utf-8", "replace").strip()
