"""A time-stamp server on this machine, and keys that certify each other, for tests of seals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1 as asn1_of
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1 as asn1_of_key
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Issuer = tuple[Key, x509.Certificate]
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def certified(
    key: Key,
    name: str,
    issuer: Issuer | None = None,
    *,
    first: datetime = BEGAN,
    last: datetime = BEGAN + timedelta(days=3650),
    usage: x509.ObjectIdentifier | None = None,
) -> x509.Certificate:
    """A certificate of a key in that name, by its own key or by an issuer."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signs, by = (issuer[0], issuer[1].subject) if issuer else (key, subject)
    public, number = key.public_key(), x509.random_serial_number()
    builder = x509.CertificateBuilder(by, subject, public, number, first, last)
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=True)
    return builder.sign(signs, hashes.SHA256())


@contextmanager
def time_stamp_server(digest: str = "sha256") -> Iterator[str]:
    """The address of a server whose certificate another one issued; both come with each stamp, which signs `digest`."""
    above, own = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    root = certified(above, "Tijd Root")
    certificate = certified(own, "Tijdstempel BV", (above, root), usage=ExtendedKeyUsageOID.TIME_STAMPING)
    others = SimpleCertificateStore()
    others.register(asn1_of(root))
    stamper = DummyTimeStamper(asn1_of(certificate), asn1_of_key(own), certs_to_embed=others, override_md=digest)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = stamper.request_tsa_response(asked).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()
