"""What a corporation seals with: made once for its user alone, replaced without a trace lost, refused with a reason."""

from __future__ import annotations

import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.statements import archive, identity, service
from app.statements.identity import fingerprint, identity_of, known_fingerprints
from app.statements.models import Statement, StatementState
from app.statements.sealed import read_seal
from app.web.errors import Unavailable
from app.web.sentences import sentence
from config import ROOT
from tests import factories as make
from tests.statements.stamping import certified, time_stamp_server

KVK, NAME = "99990000", "Woningcorporatie Diezeborg"
ON = date(2026, 6, 30)
CLERK = "command line"


@pytest.fixture(autouse=True)
def context(app: Flask, tmp_path: Path) -> object:
    with app.app_context():
        yield


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The folder of keys, with nothing in it."""
    folder = tmp_path / "keys"
    folder.mkdir()
    return folder


def settings_with(app: Flask, **changed: object) -> None:
    app.config["WEDERDIENST"] = replace(app.config["WEDERDIENST"], **changed)


def p12(key: object, certificate: x509.Certificate | None, passphrase: bytes = b"") -> bytes:
    lock = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(None, key, certificate, None, lock)  # type: ignore[arg-type]


def one(passphrase: bytes = b"", **days: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return p12(key, certified(key, NAME, **days), passphrase)


def refusal(kvk: str = KVK) -> str:
    with pytest.raises(Unavailable) as found:
        identity_of(kvk, NAME)
    assert "%(" not in sentence(found.value)
    return found.value.code


def test_it_is_made_on_first_use_for_the_user_of_the_product_alone(tmp_path: Path) -> None:
    made = identity_of(KVK, NAME)

    files = {path.relative_to(tmp_path).as_posix(): path for path in (tmp_path / "keys").rglob("*")}
    known = f"keys/known/{fingerprint(made.certificate)}.pem"
    assert {"keys/99990000.p12", "keys/known", known} == set(files)
    modes = {name: stat.S_IMODE(path.stat().st_mode) for name, path in files.items()}
    assert modes == {"keys/99990000.p12": 0o600, "keys/known": 0o700, known: 0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert identity_of(KVK, "Another name") is made


def test_its_certificate_names_the_corporation_and_lasts_ten_years() -> None:
    certificate = identity_of(KVK, NAME).certificate

    named = {each.oid: each.value for each in certificate.subject}
    assert (named[NameOID.COMMON_NAME], named[NameOID.ORGANIZATION_NAME]) == (NAME, NAME)
    assert named[NameOID.ORGANIZATION_IDENTIFIER] == f"NTRNL-{KVK}"
    lasts = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert lasts >= timedelta(days=3650)
    certificate.verify_directly_issued_by(certificate)


@pytest.mark.parametrize("name", ["x" * 300, "<script>alert(1)</script>", "مؤسسة الإسكان", "É" * 64])
def test_any_name_fits_in_a_certificate(name: str) -> None:
    named = identity_of(KVK, name).name
    assert named and name.startswith(named)


MAKES_KEYS = f"""
import sys
from pathlib import Path
from app.statements.identity import fingerprint, identity_of
from tests.support import application, settings
with application(settings(Path(sys.argv[1]), "sqlite://")) as app, app.app_context():
    sys.stdin.readline()
    for number in range(20):
        print(fingerprint(identity_of(f"{{number:08}}", {NAME!r}).certificate))
"""


def test_processes_that_make_it_at_the_same_moment_use_the_same(tmp_path: Path) -> None:
    """Of their own, and not forked: where veraPDF's Java runs in this process, a copy of it would never end."""
    asked = [sys.executable, "-c", MAKES_KEYS, str(tmp_path)]
    processes = [
        subprocess.Popen(asked, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for each in processes:
        assert each.stdin is not None
        each.stdin.write("now\n")
        each.stdin.flush()

    one_has, other_has = (each.communicate(timeout=60)[0].split() for each in processes)

    assert one_has == other_has
    assert len(set(one_has)) == 20
    assert [path.name for path in (tmp_path / "keys").rglob(".*")] == []


def test_of_two_that_write_at_once_the_first_wins(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other made its own between our look and our writing."""
    theirs, certificate = one(), identity._certificate

    def meanwhile(*values: object) -> x509.Certificate:
        (keys / f"{KVK}.p12").write_bytes(theirs)
        return certificate(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(identity, "_certificate", meanwhile)

    assert identity_of(KVK, NAME).certificate == pkcs12.load_pkcs12(theirs, None).cert.certificate  # type: ignore[union-attr]


def test_another_takes_its_place_at_once_and_the_earlier_one_stays_known(keys: Path) -> None:
    before = identity_of(KVK, NAME)
    other = keys / "new.p12"
    other.write_bytes(one())
    other.replace(keys / f"{KVK}.p12")

    after = identity_of(KVK, NAME)

    assert after.certificate != before.certificate
    assert known_fingerprints() == {fingerprint(each.certificate) for each in (before, after)}


def test_a_folder_and_a_passphrase_by_setting(app: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / f"{KVK}.p12").write_bytes(one(b"geheim"))
    settings_with(app, seal_dir=folder, seal_passphrase="geheim")

    assert identity_of(KVK, NAME).name == NAME
    assert refusal("99990001") == "seal_missing"
    assert not (tmp_path / "keys" / f"{KVK}.p12").exists()


def test_one_that_is_made_gets_the_passphrase_of_the_setting(app: Flask, keys: Path) -> None:
    settings_with(app, seal_passphrase="geheim")
    identity_of(KVK, NAME)

    with pytest.raises(ValueError, match=r".*"):
        pkcs12.load_pkcs12((keys / f"{KVK}.p12").read_bytes(), None)


def test_one_that_was_made_before_there_was_a_passphrase_still_opens(app: Flask) -> None:
    made = identity_of(KVK, NAME)
    settings_with(app, seal_passphrase="geheim")

    assert identity_of(KVK, NAME).certificate == made.certificate


def without_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return p12(None, certified(key, NAME))


def too_small() -> bytes:
    """A small key, as nobody trusts any more."""
    small = rsa.generate_private_key(65537, 1024)
    return p12(small, certified(small, NAME))


def of_somebody_else(keys: Path) -> bytes:
    """What another corporation made for itself."""
    identity_of("99990001", "Oosterwijk")
    return (keys / "99990001.p12").read_bytes()


def of_another_kind() -> bytes:
    key = ed25519.Ed25519PrivateKey.generate()
    above = ec.generate_private_key(ec.SECP256R1())
    return p12(key, certified(key, NAME, (above, certified(above, "Root"))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: one(b"geheim"), "seal_closed"),
        (lambda: b"no PKCS#12", "seal_closed"),
        (lambda: b"", "seal_closed"),
        (without_key, "seal_without_key"),
        (too_small, "seal_without_key"),
        (of_another_kind, "seal_without_key"),
        (lambda: one(last=datetime(2026, 6, 1, tzinfo=UTC)), "seal_expired"),
        (
            lambda: one(first=datetime(2036, 6, 1, tzinfo=UTC), last=datetime(2040, 1, 1, tzinfo=UTC)),
            "seal_not_yet_valid",
        ),
    ],
)
def test_what_cannot_seal_is_refused_with_a_reason(keys: Path, content: Callable[[], bytes], code: str) -> None:
    (keys / f"{KVK}.p12").write_bytes(content())

    assert refusal() == code


def test_the_seal_of_another_corporation_is_refused(keys: Path) -> None:
    (keys / f"{KVK}.p12").write_bytes(of_somebody_else(keys))

    assert refusal() == "seal_names_another"


def test_a_file_that_cannot_be_read_is_refused(keys: Path) -> None:
    (keys / f"{KVK}.p12").mkdir()

    assert refusal() == "seal_unreadable"


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("no folder")

    assert refusal() == "seal_cannot_be_made"


def test_no_number_is_taken_when_nothing_can_seal(keys: Path) -> None:
    contract = make.contract()
    (keys / f"{contract.corporation.kvk}.p12").write_bytes(b"no PKCS#12")

    with pytest.raises(Unavailable):
        service.issue(contract, ON, by=CLERK)

    assert db.session.scalars(select(Statement)).all() == []


def test_without_its_time_stamp_a_statement_waits_with_its_number(app: Flask) -> None:
    contract = make.contract()
    with time_stamp_server() as address:
        pass
    settings_with(app, tsa_url=address)

    with pytest.raises(Unavailable) as down:
        service.issue(contract, ON, by=CLERK)
    waits = db.session.scalars(select(Statement)).one()
    assert (down.value.code, waits.state, waits.renditions) == ("seal_time_stamp", StatementState.RESERVED, [])

    with time_stamp_server() as address:
        settings_with(app, tsa_url=address)
        assert service.complete_reserved(by=CLERK) == 1
    issued = db.session.scalars(select(Statement)).one()
    seal = read_seal(archive.read(issued.renditions[0]))
    assert (issued.state, issued.number) == (StatementState.ISSUED, waits.number)
    assert seal and seal.stamped_by == "Tijdstempel BV"
