"""An SMTP server for tests: a thread that speaks the protocol on a real socket, keeps what it gets, and may refuse."""

from __future__ import annotations

import socketserver
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Thread

GREETING = b"220 test ESMTP\r\n"


@dataclass
class Mailbox:
    """What came in, and what the server says to whom: `answers` by address, to RCPT TO."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"smtp://localhost:{self.port}"

    @property
    def addresses(self) -> list[str]:
        return [str(message["To"]) for message in self.messages]


class Talk(socketserver.StreamRequestHandler):
    """One connection. Hanging up without QUIT ends it too."""

    server: Server

    def handle(self) -> None:
        self.wfile.write(GREETING)
        while line := self.rfile.readline():
            command = line.decode().strip()
            self.server.mailbox.commands.append(command)
            self.wfile.write(self._answer(command))
            if command.upper() == "QUIT":
                return

    def _answer(self, command: str) -> bytes:
        verb = command.upper()
        if verb.startswith("EHLO"):
            return b"250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n"
        if verb.startswith("AUTH"):
            return b"235 welcome\r\n"
        if verb.startswith("RCPT"):
            address = command.partition("<")[2].partition(">")[0]
            return f"{self.server.mailbox.answers.get(address, '250 ok')}\r\n".encode()
        if verb == "DATA":
            self.wfile.write(b"354 go on\r\n")
            self.server.mailbox.messages.append(self._message())
        return b"221 bye\r\n" if verb == "QUIT" else b"250 ok\r\n"

    def _message(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        made = message_from_bytes(b"".join(lines), policy=policy.SMTP)
        assert isinstance(made, EmailMessage)
        return made


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    mailbox: Mailbox


@contextmanager
def smtp_server(*, answers: Mapping[str, str] | None = None, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """A server on a free port of this machine; with `tls` encrypted from the first byte."""
    with Server(("127.0.0.1", 0), Talk) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.mailbox = Mailbox(server.server_address[1], answers=dict(answers or {}))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server.mailbox
        finally:
            server.shutdown()
            thread.join()
