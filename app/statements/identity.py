"""With what a corporation seals its statements: a private key and the certificate that names the corporation.

Each corporation has one PKCS#12 file, named after its KvK number. It stands in the folder of `WEDERDIENST_SEAL_DIR`, or
in `keys` of the data folder, where the product makes it on first use. The public part of every certificate that ever
sealed here is kept in `keys/known`, so that a statement is known as ours after its certificate was replaced.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from flask import current_app

from app.web.clock import now
from app.web.errors import Invalid, Unavailable
from app.web.formats import day_long
from config import Config

FOLDER, KNOWN = "keys", "known"
VALID_FOR = timedelta(days=3653)
CLOCKS_DIFFER = timedelta(hours=1)
LONGEST_NAME = 64
"""Bytes of a name in a certificate (X.520)."""
OF_KVK = "NTRNL-"
"""How a certificate writes a KvK number as organizationIdentifier (ETSI EN 319 412-1)."""
SMALLEST_RSA = 2048

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """A key with its certificate; `others` are the certificates between that one and its root, if any."""

    key: PrivateKey
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def name(self) -> str:
        return name_in(self.certificate)


def fingerprint(certificate: x509.Certificate) -> str:
    """The SHA-256 of a certificate, by which people compare two of them."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def name_in(certificate: x509.Certificate) -> str:
    """Whom a certificate names."""
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for found in certificate.subject.get_attributes_for_oid(kind):
            return str(found.value)
    return certificate.subject.rfc4514_string()


def kvk_in(certificate: x509.Certificate) -> str:
    """The KvK number of whom a certificate names; empty when it tells none."""
    for found in certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER):
        if str(found.value).startswith(OF_KVK):
            return str(found.value).removeprefix(OF_KVK)
    return ""


def identity_of(kvk: str, name: str) -> Identity:
    """What the corporation with that KvK number seals with now; made, in that name, when it has none yet.

    Errors: `Unavailable` when its file is not there, cannot be opened or holds no key that seals, or when its
    certificate is not valid today or names another KvK number.
    """
    path = _folder() / f"{kvk}.p12"
    if _config().seal_dir is None and not path.exists():
        _make(path, kvk, name)
    identity = _opened(path, _stamp(path), _config().seal_passphrase)
    _expect_valid(identity.certificate, path, now())
    if kvk_in(identity.certificate) not in ("", kvk):
        raise Unavailable("seal_names_another", file=_shown(path), kvk=kvk_in(identity.certificate))
    _keep(identity.certificate)
    return identity


def known_fingerprints() -> frozenset[str]:
    """The fingerprints of all certificates that sealed here, also of those that were replaced."""
    kept = _known_folder().glob("*.pem")
    return frozenset(each for path in kept for each in fingerprints_in(path))


def fingerprints_in(path: Path) -> frozenset[str]:
    """The fingerprints of the certificates in a PEM file. Errors: `Invalid` when it holds none."""
    try:
        return frozenset(map(fingerprint, x509.load_pem_x509_certificates(path.read_bytes())))
    except (OSError, ValueError):
        raise Invalid("certificate_unreadable", file=path.name) from None


def _config() -> Config:
    config: Config = current_app.config["WEDERDIENST"]
    return config


def _folder() -> Path:
    return _config().seal_dir or _config().data_dir / FOLDER


def _known_folder() -> Path:
    return _config().data_dir / FOLDER / KNOWN


def _shown(path: Path) -> str:
    """A file as somebody reads it on a page, who need not know where the data folder is."""
    return f"{path.parent.name}/{path.name}"


def _stamp(path: Path) -> tuple[int, int, int]:
    """What changes when a file is replaced."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise Unavailable("seal_missing", file=_shown(path)) from None
    except OSError:
        raise Unavailable("seal_unreadable", file=_shown(path)) from None
    return found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=256)
def _opened(path: Path, _when: tuple[int, int, int], passphrase: str) -> Identity:
    """A file as it is read once in a process: opening one takes longer than sealing does."""
    try:
        content = path.read_bytes()
    except OSError:
        raise Unavailable("seal_unreadable", file=_shown(path)) from None
    store = _decrypted(content, passphrase)
    if store is None:
        raise Unavailable("seal_closed", file=_shown(path))
    key, first = store.key, store.cert
    if first is None or not _seals(key, first.certificate):
        raise Unavailable("seal_without_key", file=_shown(path))
    others = tuple(each.certificate for each in store.additional_certs)
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return Identity(key, first.certificate, others)


def _decrypted(content: bytes, passphrase: str) -> pkcs12.PKCS12KeyAndCertificates | None:
    """Also without the passphrase: one that we made before it was set has none."""
    for tried in dict.fromkeys([passphrase.encode() or None, None]):
        with suppress(ValueError, TypeError):
            return pkcs12.load_pkcs12(content, tried)
    return None


def _seals(key: object, certificate: x509.Certificate) -> bool:
    """Whether it is a key with which PDF readers know a seal, and that of its certificate."""
    is_strong = isinstance(key, ec.EllipticCurvePrivateKey) or (
        isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA
    )
    return is_strong and key.public_key() == certificate.public_key()  # type: ignore[attr-defined]


def _expect_valid(certificate: x509.Certificate, path: Path, at: datetime) -> None:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at > last:
        raise Unavailable("seal_expired", file=_shown(path), day=day_long(last.date()))
    if at < first:
        raise Unavailable("seal_not_yet_valid", file=_shown(path), day=day_long(first.date()))


def _make(path: Path, kvk: str, name: str) -> None:
    """Make an identity and keep it, whole or not at all. Of two who do so at the same moment one wins."""
    key = ec.generate_private_key(ec.SECP256R1())
    passphrase = _config().seal_passphrase.encode()
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    certificate = _certificate(key, kvk, name)
    content = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, lock)
    _write_once(path, content)


def _certificate(key: ec.EllipticCurvePrivateKey, kvk: str, name: str) -> x509.Certificate:
    """One that the corporation gives itself; it says so, for nobody else vouches for it."""
    short = name.encode()[:LONGEST_NAME].decode(errors="ignore").strip()
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, short),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, OF_KVK + kvk),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Wederdienst, zelf gemaakt"),
            x509.NameAttribute(NameOID.COMMON_NAME, short),
        ]
    )
    public, begins = key.public_key(), now().replace(microsecond=0) - CLOCKS_DIFFER
    identifier = x509.SubjectKeyIdentifier.from_public_key(public)
    return (
        x509.CertificateBuilder(subject, subject, public, x509.random_serial_number(), begins, begins + VALID_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signs_documents(), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _signs_documents() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _keep(certificate: x509.Certificate) -> None:
    """Remember a certificate that seals."""
    kept = _known_folder() / f"{fingerprint(certificate)}.pem"
    if not kept.exists():
        _write_once(kept, certificate.public_bytes(serialization.Encoding.PEM))


def _write_once(path: Path, content: bytes) -> None:
    """Write a file for us alone, unless somebody just did; nobody ever finds half of it. Errors: `Unavailable`."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        for folder in _private_folders(path.parent):
            folder.mkdir(mode=0o700, exist_ok=True)
        with open(made, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(made)
    except OSError:
        raise Unavailable("seal_cannot_be_made", file=_shown(path)) from None
    finally:
        with suppress(OSError):
            made.unlink(missing_ok=True)


def _private_folders(folder: Path) -> Iterable[Path]:
    """The folders below the data folder that must be there, the outer one first: `mkdir` gives its mode to the last."""
    inside = folder.relative_to(_config().data_dir)
    return reversed([_config().data_dir / each for each in (inside, *inside.parents) if each != Path()])
