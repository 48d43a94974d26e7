"""The outbox: in the command's transaction, sent once by a real SMTP server, tried again, given up, and harmless."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select

from app.audit.service import command, rehearsal
from app.extensions import db
from app.mail import outbox
from app.mail.delivery import AGAIN_AFTER, TAKEN, deliver
from app.mail.models import Mail, MailState
from app.mail.smtp import Server
from app.web.clock import now
from config import ConfigError
from tests.mail.server import smtp_server

WAITING, SENT, FAILED = MailState.WAITING, MailState.SENT, MailState.FAILED


def put(to: str = "ann@example.org", **changed: Any) -> bool:
    values = {"language": "en", "kind": "test", "subject": "Zon — één regel", "text": "Eén brief.\n\nEinde."} | changed
    with command("test.mail", by="a test") as audit:
        return outbox.put(audit, to=to, **values)


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def due_now() -> None:
    """As if the moment of the next try had come."""
    for mail in mails():
        mail.next_try_at = now()
    db.session.commit()


@contextmanager
def at(app: Flask, url: str) -> Iterator[None]:
    before = app.config["WEDERDIENST"]
    app.config["WEDERDIENST"] = replace(before, smtp_url=url)
    try:
        yield
    finally:
        app.config["WEDERDIENST"] = before


def test_a_mail_goes_once_whole_and_its_text_is_forgotten(each_database: Flask) -> None:
    with smtp_server() as box, at(each_database, box.url.replace("//", "//me:p%40ss@")):
        assert put(opt_out_url="http://localhost/out", key="once")
        assert not put(key="once")
        assert deliver() == {SENT: 1}
        assert deliver() == {}
    (message,) = box.messages
    assert message["Subject"] == "Zon — één regel"
    assert message["From"] == "Wederdienst <wederdienst@localhost>"
    assert message.get_content() == "Eén brief.\r\n\r\nEinde.\r\n"
    assert message["List-Unsubscribe"] == "<http://localhost/out>"
    assert any(said.startswith("AUTH PLAIN") for said in box.commands)
    (mail,) = mails()
    assert (mail.state, mail.text, mail.tries, mail.corporation_id) == (SENT, "", 1, None)
    assert mail.sent_at is not None


def test_what_fails_or_is_rehearsed_sends_nothing(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(LookupError), command("test.mail", by="a test") as audit:
            outbox.put(audit, to="ann@example.org", language="nl", kind="test", subject="x", text="x")
            raise LookupError
        with rehearsal(lambda session: None):
            put()
        assert mails() == []


def test_refusals_are_visible_tried_again_and_given_up(app: Flask) -> None:
    answers = {"full@example.org": "452 mailbox full", "gone@example.org": "550 no such user"}
    with app.app_context(), smtp_server(answers=answers) as box, at(app, box.url):
        for to in ("full@example.org", "gone@example.org", "ann@example.org"):
            put(to)
        assert deliver() == {WAITING: 1, FAILED: 1, SENT: 1}
        full, gone, _ann = mails()
        assert (full.state, full.reason) == (WAITING, "452 mailbox full")
        assert full.next_try_at > now() + AGAIN_AFTER[0] / 2
        assert (gone.state, gone.reason, gone.text) == (FAILED, "550 no such user", "")
        assert deliver() == {}
        for _each in AGAIN_AFTER:
            due_now()
            assert deliver() in ({WAITING: 1}, {FAILED: 1})
        assert (mails()[0].state, mails()[0].tries) == (FAILED, len(AGAIN_AFTER) + 1)
        assert box.addresses == ["ann@example.org"]


def test_a_server_that_is_not_there_is_asked_once_a_run(app: Flask) -> None:
    with smtp_server() as box:
        pass
    with app.app_context(), at(app, box.url):
        put("ann@example.org")
        put("bob@example.org")
        assert deliver() == {WAITING: 2}
        assert all("refused" in (mail.reason or "") for mail in mails())


def test_two_processes_send_a_mail_once(each_database: Flask) -> None:
    start = Barrier(2)

    def run() -> None:
        with each_database.app_context():
            start.wait()
            deliver()

    with smtp_server() as box, at(each_database, box.url):
        for number in range(6):
            put(f"person{number}@example.org")
        threads = [Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(box.addresses) == [f"person{number}@example.org" for number in range(6)]


def test_a_kill_while_sending_leaves_the_mail_for_later(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """A process that ends here."""

    def die(*_: object) -> None:
        raise Killed

    with app.app_context(), smtp_server() as box, at(app, box.url):
        put()
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(Server, "send", die)
            deliver()
        assert deliver() == {}  # for now it is somebody's
        assert mails()[0].next_try_at > now() + TAKEN / 2
        due_now()
        assert deliver() == {SENT: 1}
        assert len(box.messages) == 1


def test_a_request_sends_its_mail_when_it_is_over(own_app: Flask) -> None:
    own_app.add_url_rule("/put", "put", lambda: str(put()))
    with smtp_server() as box, at(own_app, box.url):
        own_app.test_client().get("/put").close()
        assert box.addresses == ["ann@example.org"]
    with at(own_app, box.url):  # nobody is there any more
        answer = own_app.test_client().get("/put")
        answer.close()
        assert answer.status_code == 200
    with own_app.app_context():
        assert [mail.state for mail in mails()] == [SENT, WAITING]


def test_without_a_server_the_whole_mail_stands_in_the_log(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.app_context(), caplog.at_level(logging.INFO):
        put(text="Lees http://localhost/contracts/1")
        said = app.test_cli_runner().invoke(args=["mail", "--lang", "en"]).output
    assert "1 sent" in said
    assert "ann@example.org" in caplog.text
    assert "http://localhost/contracts/1" in caplog.text


@pytest.mark.parametrize("to", ["a@b.nl\r\nBcc: c@d.nl", "a@b.nl, c@d.nl", "nobody", ""])
def test_one_address_only(app: Flask, to: str) -> None:
    with app.app_context(), pytest.raises(ValueError, match="address"):
        put(to)


def test_no_header_and_no_link_of_others_comes_in(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ValueError, match="line breaks"):
            put(subject="Hello\r\nBcc: c@d.nl")
        put(text="See https://evil.example/x and http://localhost/y and http://localhost.evil.example")
        assert mails()[0].text == (
            "See https: //evil.example/x and http://localhost/y and http: //localhost.evil.example"
        )
        assert outbox.link("accounts.login") == "http://localhost/login"
    with app.test_request_context(headers={"Host": "localhost"}):
        assert outbox.link("accounts.login", next="/a") == "http://localhost/login?next=/a"


def test_encrypted_from_the_first_byte(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = made_certificate(tmp_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with app.app_context(), smtp_server(tls=tls) as box, at(app, box.url.replace("smtp:", "smtps:")):
        put()
        assert deliver() == {WAITING: 1}  # a certificate of nobody's
        assert "certificate" in (mails()[0].reason or "")
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        due_now()
        assert deliver() == {SENT: 1}


def made_certificate(folder: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, at - timedelta(days=1), at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


@pytest.mark.parametrize(
    ("url", "starts_tls"),
    [
        ("smtp://mail.example.org", True),
        ("smtp://mail.example.org?starttls=no", False),
        ("smtp://localhost:25", False),
        ("smtp://localhost?starttls=yes", True),
        ("smtps://mail.example.org", False),
    ],
)
def test_a_password_goes_nowhere_unencrypted(url: str, starts_tls: bool) -> None:
    assert Server.at(url).starts_tls is starts_tls


@pytest.mark.parametrize("wrong", ["http://mail.example.org", "smtp://", "smtp://host:ninety", "mail.example.org"])
def test_a_wrong_server_is_said_at_the_start(app: Flask, wrong: str) -> None:
    with pytest.raises(ConfigError, match="SMTP_URL"):
        replace(app.config["WEDERDIENST"], smtp_url=wrong)
