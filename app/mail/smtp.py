"""How a mail leaves: by SMTP when the setting SMTP_URL names a server, else as text in the log."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, unquote, urlsplit

from flask.logging import default_handler, has_level_handler

from app.mail.models import Mail
from config import THIS_MACHINE, Config

SENDER = "Wederdienst"
PORTS = {"smtp": 587, "smtps": 465}
PERMANENT = 500
# Our own log-in or address is refused: that is for who administers the server to mend, and the mail can wait for it.
OURS = frozenset({530, 534, 535, 538})

Send = Callable[[EmailMessage], None]

log = logging.getLogger("wederdienst.mail")


class Unsent(Exception):
    """A mail that did not go: `reason` is what the other side said."""

    def __init__(self, reason: str, *, is_final: bool = False, is_unreachable: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final
        """The server wants nothing of it, now or later."""
        self.is_unreachable = is_unreachable
        """There is no talking with the server: the next mail would meet the same."""


@dataclass(frozen=True, slots=True)
class Server:
    """An SMTP server: `smtps://` is encrypted from the first byte, `smtp://` from the first command (STARTTLS).

    Only with a server on this machine, or where the address says `?starttls=no`, is it not.
    """

    host: str
    port: int
    user: str | None
    password: str
    is_encrypted: bool
    starts_tls: bool

    @classmethod
    def at(cls, url: str) -> Server:
        """The server of an address like `smtps://user:password@host:465`."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        said = parse_qs(parts.query).get("starttls", [""])[0]
        return cls(
            host=host,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or ""),
            is_encrypted=parts.scheme == "smtps",
            starts_tls=parts.scheme == "smtp" and said != "no" and (said == "yes" or host not in THIS_MACHINE),
        )

    def send(self, message: EmailMessage, timeout: float) -> None:
        """Hand it over. Errors: `Unsent`."""
        try:
            with self._connected(timeout) as connection:
                connection.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, said = next(iter(refused.recipients.values()))
            raise Unsent(_answer(code, said), is_final=code >= PERMANENT) from refused
        except smtplib.SMTPResponseException as answer:
            is_ours = answer.smtp_code in OURS or isinstance(answer, smtplib.SMTPSenderRefused)
            reason = _answer(answer.smtp_code, answer.smtp_error)
            is_final = answer.smtp_code >= PERMANENT and not is_ours
            raise Unsent(reason, is_final=is_final, is_unreachable=is_ours) from answer
        except smtplib.SMTPNotSupportedError as error:
            raise Unsent(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unsent(str(error) or type(error).__name__, is_unreachable=True) from error

    def _connected(self, timeout: float) -> smtplib.SMTP:
        context = ssl.create_default_context()
        connection = (
            smtplib.SMTP_SSL(self.host, self.port, timeout=timeout, context=context)
            if self.is_encrypted
            else smtplib.SMTP(self.host, self.port, timeout=timeout)
        )
        try:
            if self.starts_tls:
                connection.starttls(context=context)
            if self.user is not None:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


def post(config: Config, timeout: float) -> Send:
    """What sends a message; it raises `Unsent`."""
    if not config.smtp_url:
        return _to_the_log
    server = Server.at(config.smtp_url)
    return lambda message: server.send(message, timeout)


def message_of(mail: Mail, config: Config) -> EmailMessage:
    """The mail as it goes over the line. However often it is tried its Message-ID is the same."""
    sender = Address(SENDER, addr_spec=config.sender)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = mail.subject
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.address)
    message["Date"] = mail.made_at
    message["Message-ID"] = f"<mail-{mail.id}-{mail.made_at:%Y%m%d%H%M%S}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    if mail.opt_out_url:
        message["List-Unsubscribe"] = f"<{mail.opt_out_url}>"
    message.set_content(mail.text)
    return message


def _to_the_log(message: EmailMessage) -> None:
    log.setLevel(logging.INFO)
    if not has_level_handler(log):
        log.addHandler(default_handler)
    log.info(
        "no SMTP server is set; this mail stands in the log only\nTo: %s\nSubject: %s\n\n%s",
        message["To"],
        message["Subject"],
        message.get_content(),
    )


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
