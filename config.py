"""Every setting, from the environment, with its default and its meaning. Nothing else reads the environment."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
ENVIRONMENTS = ("production", "development")
REQUIRED, OPTIONAL = "required", "optional"
SECRET_KEY_LENGTH = 32
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
MEGABYTE = 1024 * 1024


class ConfigError(click.ClickException):
    """A setting that cannot be: the command line shows it as one line, a web server stops with it."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one installation. Each names the environment variable it comes from, and its default.

    Errors: making one raises `ConfigError` when settings do not go together.
    """

    environment: str
    """WEDERDIENST_ENV: `production` or `development`. Default: production, unless PUBLIC_URL is on this machine."""
    public_url: str
    """WEDERDIENST_PUBLIC_URL: where people find the product, and the beginning of links in papers and mails.
    Default http://localhost:8000.

    Must be https, except on this machine (localhost): cookies are Secure everywhere else.
    """
    data_dir: Path
    """WEDERDIENST_DATA_DIR: the folder of the database, files and keys, made when absent. Default `instance/`."""
    database_url: str
    """WEDERDIENST_DATABASE_URL: `postgresql://user:password@host/name`. Default SQLite in the data folder."""
    secret_key: str
    """WEDERDIENST_SECRET_KEY: signs cookies, 32 characters or more. Default: made once, kept in the data folder."""
    trusted_hosts: tuple[str, ...]
    """WEDERDIENST_TRUSTED_HOSTS: host names that are answered, separated by commas. Default: the host of PUBLIC_URL."""
    proxies: int = 0
    """WEDERDIENST_PROXIES: how many proxies of ours stand in front, whose headers are believed. Default 0."""
    max_upload_mb: int = 20
    """WEDERDIENST_MAX_UPLOAD_MB: the largest request that is read. Default 20."""
    rate_limit_storage: str = "memory://"
    """WEDERDIENST_RATE_LIMIT_STORAGE: where attempts are counted, like `redis://host`. Default each process itself."""

    evidence_url: str = ""
    """WEDERDIENST_EVIDENCE_URL: where files of evidence are kept, like `s3://bucket/prefix`; the credentials are those
    that AWS's own variables or the machine give. Default the folder `evidence` of the data folder.
    """
    evidence_endpoint: str = ""
    """WEDERDIENST_EVIDENCE_ENDPOINT: the address of an S3-compatible service. Default Amazon's."""
    clamd: str = ""
    """WEDERDIENST_CLAMD: `host:port` of a ClamAV that looks at each file before it is kept. Default none."""

    seal_dir: Path | None = None
    """WEDERDIENST_SEAL_DIR: the folder with the key of each corporation that seals its statements, `<KvK number>.p12`
    (docs/sealing.md). Default the folder `keys` of the data folder, where a key is made when there is none.
    """
    seal_passphrase: str = ""
    """WEDERDIENST_SEAL_PASSPHRASE: that of these files. Default none."""
    tsa_url: str = ""
    """WEDERDIENST_TSA_URL: a time-stamp server (RFC 3161) that says when a statement was sealed. Default none."""

    queue_url: str = ""
    """WEDERDIENST_QUEUE_URL: where work in the background waits: `postgresql://...`, or `redis://host`, for which the
    package `redis` must be installed too. Default a SQLite file of its own in the data folder.
    """
    workers: int = 2
    """WEDERDIENST_WORKERS: how many processes `flask worker` has. Default 2."""

    smtp_url: str = ""
    """WEDERDIENST_SMTP_URL: the mail server, `smtps://user:password@host` or `smtp://...`, which must speak STARTTLS
    unless it is on this machine or the address ends in `?starttls=no`. Default none: mail is printed to the log.
    """
    mail_from: str = ""
    """WEDERDIENST_MAIL_FROM: the address that mail comes from. Default `wederdienst@` the host of PUBLIC_URL."""

    second_factor: str = REQUIRED
    """WEDERDIENST_SECOND_FACTOR: `required` of everybody outside the demo, or `optional`: then each corporation says so
    of its people. Default required in production, optional in development (decision 13).
    """
    oidc_issuer: str = ""
    """WEDERDIENST_OIDC_ISSUER: the address of an OpenID Connect provider with which people may log in. Default none.

    Must be https, except on this machine. Needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, and at the provider the address
    PUBLIC_URL/login/sso/back.
    """
    oidc_client_id: str = ""
    """WEDERDIENST_OIDC_CLIENT_ID: as what the provider knows this installation."""
    oidc_client_secret: str = ""
    """WEDERDIENST_OIDC_CLIENT_SECRET: the secret that belongs to it."""
    oidc_name: str = "OpenID Connect"
    """WEDERDIENST_OIDC_NAME: what the provider is called on the button. Default OpenID Connect."""
    oidc_second_factor: tuple[str, ...] = ("mfa",)
    """WEDERDIENST_OIDC_SECOND_FACTOR: the `amr` or `acr` values, separated by commas, with which the provider says that
    it saw a second factor; without one of them our own step follows. Default mfa.
    """

    session_idle_minutes: int = 30
    """WEDERDIENST_SESSION_IDLE_MINUTES: after so many minutes without a request somebody must log in again. Default
    30.
    """
    session_hours: int = 12
    """WEDERDIENST_SESSION_HOURS: after so many hours also whoever is busy must. Default 12."""

    def __post_init__(self) -> None:
        url = urlsplit(self.public_url)
        if url.scheme not in {"http", "https"} or not url.hostname or url.path not in {"", "/"}:
            raise ConfigError(
                f"WEDERDIENST_PUBLIC_URL must be like https://host or https://host:port, not {self.public_url!r}"
            )
        if url.scheme == "http" and not self.is_local:
            raise ConfigError(
                "WEDERDIENST_PUBLIC_URL must begin with https:// (http only serves people on this machine)"
            )
        if self.environment not in ENVIRONMENTS:
            raise ConfigError(f"WEDERDIENST_ENV must be production or development, not {self.environment!r}")
        if len(self.secret_key) < SECRET_KEY_LENGTH:
            raise ConfigError(f"the secret key needs {SECRET_KEY_LENGTH} characters or more")
        try:
            make_url(self.database_url)
        except ArgumentError:
            raise ConfigError("WEDERDIENST_DATABASE_URL is not the address of a database") from None
        self._expect_log_in()
        if self.evidence_url and not self.evidence_url.startswith(("s3://", "file:///")):
            raise ConfigError("WEDERDIENST_EVIDENCE_URL must be like s3://bucket/prefix or file:///folder")
        if self.clamd and not self.clamd.rpartition(":")[2].isdecimal():
            raise ConfigError(f"WEDERDIENST_CLAMD must be like host:3310, not {self.clamd!r}")
        if self.tsa_url and not self.tsa_url.startswith(("https://", "http://")):
            raise ConfigError(f"WEDERDIENST_TSA_URL must be like https://host/path, not {self.tsa_url!r}")
        if self.queue_url and not self.queue_url.startswith(("postgresql://", "redis://", "rediss://")):
            raise ConfigError("WEDERDIENST_QUEUE_URL must be like postgresql://user:password@host/name or redis://host")
        if self.workers < 1:
            raise ConfigError("WEDERDIENST_WORKERS must be 1 or more")
        self._expect_mail()

    def _expect_mail(self) -> None:
        if self.smtp_url and not is_mail_server(self.smtp_url):
            raise ConfigError("WEDERDIENST_SMTP_URL must be like smtps://user:password@host:465 or smtp://host:587")
        if self.mail_from and not MAIL_ADDRESS.fullmatch(self.mail_from):
            raise ConfigError(f"WEDERDIENST_MAIL_FROM must be an address like desk@example.org, not {self.mail_from!r}")

    def _expect_log_in(self) -> None:
        if self.second_factor not in {REQUIRED, OPTIONAL}:
            raise ConfigError(f"WEDERDIENST_SECOND_FACTOR must be required or optional, not {self.second_factor!r}")
        if not self.oidc_issuer:
            return
        if not self.oidc_issuer.startswith("https://") and not is_on_this_machine(self.oidc_issuer):
            raise ConfigError("WEDERDIENST_OIDC_ISSUER must begin with https://")
        if not (self.oidc_client_id and self.oidc_client_secret):
            raise ConfigError(
                "WEDERDIENST_OIDC_ISSUER needs WEDERDIENST_OIDC_CLIENT_ID and WEDERDIENST_OIDC_CLIENT_SECRET"
            )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Config:
        """Read the settings. Errors: `ConfigError` names the variable and what it must be."""

        def setting(name: str, default: str) -> str:
            return environ.get(f"WEDERDIENST_{name}", "").strip() or default

        data_dir = Path(setting("DATA_DIR", str(ROOT / "instance"))).absolute()
        make_private_folder(data_dir)
        public_url = setting("PUBLIC_URL", "http://localhost:8000")
        environment = setting("ENV", "development" if is_on_this_machine(public_url) else "production")
        return cls(
            environment=environment,
            public_url=public_url,
            data_dir=data_dir,
            database_url=with_driver(setting("DATABASE_URL", f"sqlite:///{data_dir / 'wederdienst.sqlite3'}")),
            secret_key=setting("SECRET_KEY", "") or kept_secret_key(data_dir),
            trusted_hosts=listed(setting("TRUSTED_HOSTS", "")) or hosts_of(public_url),
            proxies=whole_number("PROXIES", setting("PROXIES", "0")),
            max_upload_mb=whole_number("MAX_UPLOAD_MB", setting("MAX_UPLOAD_MB", "20")),
            rate_limit_storage=setting("RATE_LIMIT_STORAGE", "memory://"),
            evidence_url=setting("EVIDENCE_URL", ""),
            evidence_endpoint=setting("EVIDENCE_ENDPOINT", ""),
            clamd=setting("CLAMD", ""),
            seal_dir=Path(folder).absolute() if (folder := setting("SEAL_DIR", "")) else None,
            seal_passphrase=setting("SEAL_PASSPHRASE", ""),
            tsa_url=setting("TSA_URL", ""),
            queue_url=setting("QUEUE_URL", ""),
            workers=whole_number("WORKERS", setting("WORKERS", "2")),
            smtp_url=setting("SMTP_URL", ""),
            mail_from=setting("MAIL_FROM", ""),
            second_factor=setting("SECOND_FACTOR", REQUIRED if environment == "production" else OPTIONAL),
            oidc_issuer=setting("OIDC_ISSUER", "").rstrip("/"),
            oidc_client_id=setting("OIDC_CLIENT_ID", ""),
            oidc_client_secret=setting("OIDC_CLIENT_SECRET", ""),
            oidc_name=setting("OIDC_NAME", "OpenID Connect"),
            oidc_second_factor=listed(setting("OIDC_SECOND_FACTOR", "mfa")),
            session_idle_minutes=whole_number("SESSION_IDLE_MINUTES", setting("SESSION_IDLE_MINUTES", "30")),
            session_hours=whole_number("SESSION_HOURS", setting("SESSION_HOURS", "12")),
        )

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def is_local(self) -> bool:
        return is_on_this_machine(self.public_url)

    @property
    def sender(self) -> str:
        return self.mail_from or f"wederdienst@{urlsplit(self.public_url).hostname}"

    @property
    def is_secure(self) -> bool:
        return self.public_url.startswith("https://")

    def for_flask(self) -> dict[str, Any]:
        """The settings under the names that Flask and its extensions read."""
        return {
            "WEDERDIENST": self,
            "SECRET_KEY": self.secret_key,
            "TRUSTED_HOSTS": list(self.trusted_hosts),
            "MAX_CONTENT_LENGTH": self.max_upload_mb * MEGABYTE,
            "MAX_FORM_MEMORY_SIZE": MEGABYTE,
            "MAX_FORM_PARTS": 2000,
            # Browsers refuse a cookie with the prefix __Host- unless it is Secure, of this host alone, for all paths.
            "SESSION_COOKIE_NAME": "__Host-wederdienst" if self.is_secure else "wederdienst",
            "SESSION_COOKIE_SECURE": self.is_secure,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            # A CSRF token lives as long as its session: a form that was left open over lunch is not lost.
            "WTF_CSRF_TIME_LIMIT": None,
            "SQLALCHEMY_ENGINES": {"default": {"url": self.database_url, "pool_pre_ping": True}},
            "ALEMBIC": {"script_location": str(ROOT / "migrations")},
            "BABEL_DEFAULT_LOCALE": "nl",
            "BABEL_DEFAULT_TIMEZONE": "Europe/Amsterdam",
            "RATELIMIT_STORAGE_URI": self.rate_limit_storage,
            "BOOTSTRAP_SERVE_LOCAL": True,
        }


def is_on_this_machine(url: str) -> bool:
    return urlsplit(url).hostname in THIS_MACHINE


def is_mail_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # the port is no number
        return False


def listed(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def hosts_of(public_url: str) -> tuple[str, ...]:
    """The host of the address that people use; on this machine all its own names."""
    host = urlsplit(public_url).hostname or ""
    return tuple(sorted(THIS_MACHINE)) if host in THIS_MACHINE else (host,)


def whole_number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ConfigError(f"WEDERDIENST_{name} must be a whole number, not {text!r}")
    return int(text)


def with_driver(url: str) -> str:
    """PostgreSQL's usual addresses, with the driver that we bring."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg{separator}{rest}" if scheme in {"postgres", "postgresql"} else url


def make_private_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"WEDERDIENST_DATA_DIR cannot be made: {folder} ({error.strerror})") from None


def kept_secret_key(data_dir: Path) -> str:
    """The secret key of the data folder, made when absent. Several processes that start at once agree on one."""
    kept = data_dir / "secret_key"
    try:
        if not kept.exists():
            made = data_dir / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
            made.touch(mode=0o600, exist_ok=False)
            made.write_text(secrets.token_urlsafe(48))
            try:
                kept.hardlink_to(made)
            except FileExistsError:
                pass
            finally:
                made.unlink()
        return kept.read_text().strip()
    except OSError as error:
        raise ConfigError(f"the secret key cannot be read or made in {data_dir} ({error.strerror})") from None
