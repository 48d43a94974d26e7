"""A virus scanner that is asked for is asked in its own protocol; while it does not answer nothing is kept."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from socketserver import StreamRequestHandler, TCPServer
from threading import Thread

import pytest
from flask import Flask

from app.evidence.scanning import expect_clean
from app.web.errors import Invalid, Unavailable

VIRUS = b"X5O! of a test"
NAME = "Eicar-Test-Signature"


class Clamd(StreamRequestHandler):
    """INSTREAM as clamd speaks it."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        if content == b"too much":
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        else:
            self.wfile.write(f"stream: {NAME} FOUND\0".encode() if VIRUS in content else b"stream: OK\0")


@contextmanager
def clamd(app: Flask) -> Iterator[None]:
    """The application's scanner, for as long as it lasts."""
    with TCPServer(("127.0.0.1", 0), Clamd) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        scanned_by(app, f"127.0.0.1:{server.server_address[1]}")
        yield
        server.shutdown()


def scanned_by(app: Flask, address: str) -> None:
    app.config["WEDERDIENST"] = replace(app.config["WEDERDIENST"], clamd=address)


def test_what_is_clean_passes_and_what_is_not_is_named(app: Flask) -> None:
    with app.app_context(), clamd(app):
        expect_clean("a.pdf", b"a document" * 20_000)
        with pytest.raises(Invalid) as refusal:
            expect_clean("a.pdf", b"." * 100_000 + VIRUS)
        assert (refusal.value.code, refusal.value.values) == ("evidence_infected", {"file": "a.pdf", "virus": NAME})
        with pytest.raises(Unavailable, match="scanner_down"):
            expect_clean("a.pdf", b"too much")


def test_a_scanner_that_is_down_lets_nothing_pass(app: Flask) -> None:
    with app.app_context():
        expect_clean("a.pdf", VIRUS)  # no scanner is asked for
        scanned_by(app, "127.0.0.1:9")
        with pytest.raises(Unavailable, match="scanner_down"):
            expect_clean("a.pdf", b"a document")
