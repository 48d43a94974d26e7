"""Sealing a statement: a PAdES signature of the corporation over the whole file, which forbids every later change.

The seal is appended: the bytes that were rendered stay as they are, so a reader can take them out and compare them. Its
own update holds nothing but the seal: no date, title or version of the document changes with it.
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1
from cryptography import x509
from flask import current_app
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1, translate_pyca_cryptography_key_to_asn1
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import constants
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from app.statements.container import DIGEST, FIELD, TIME, container_of, signer_among
from app.statements.identity import Identity
from app.statements.sealed import read_seal
from app.web.errors import Invalid, Unavailable

REASONS = {"nl": "Herkomst en ongewijzigdheid", "en": "Origin and integrity"}
PLACE = "NL"
WAIT_SECONDS = 10
log = logging.getLogger(__name__)


def seal(content: bytes, identity: Identity, at: datetime) -> bytes:
    """A rendered statement with the seal of a corporation, set at that moment (UTC).

    PAdES-B-B, and B-T where `WEDERDIENST_TSA_URL` names a time-stamp server. Errors: `Unavailable` when that server
    gives no time stamp.
    """
    address = current_app.config["WEDERDIENST"].tsa_url
    if not address:
        return _sealed(_Update(io.BytesIO(content)), identity, at)
    try:
        made = _sealed(_Update(io.BytesIO(content)), identity, at, _stamper(address))
        read_seal(made)  # a server may give any stamp: one that no reader accepts is none
    except (TimestampRequestError, SigningError, OSError, ValueError, Invalid) as error:
        log.warning("no time stamp of %s: %r", address, error)
        raise Unavailable("seal_time_stamp", address=address) from error
    return made


def _sealed(writer: _Update, identity: Identity, at: datetime, stamper: _Stamper | None = None) -> bytes:
    _add_certificates(writer, [*map(_asn1, identity.others), *(stamper.others() if stamper else ())])
    reason = REASONS[str(writer.root["/Lang"])]
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=identity.name,
        reason=reason,
        location=PLACE,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    place = fields.SigFieldSpec(FIELD, readable_field_name=reason)
    signing = _At(meta, _signer(identity), timestamper=stamper, new_field_spec=place)
    signing.at = at
    made: bytes = signing.sign_pdf(writer).getvalue()
    return made


class _Update(IncrementalPdfFileWriter):
    """An update that holds the seal and leaves the document's own data as they were rendered.

    PDF/A-3 is PDF 1.7; the writer would make it 2.0 for a seal with elliptic curves, and write its metadata anew.
    """

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        pass

    def register_extension(self, ext: DeveloperExtension) -> None:
        if ext == constants.ESIC_EXTENSION_1:
            super().register_extension(ext)

    def _update_meta(self) -> None:
        pass


class _At(signers.PdfSigner):
    """A signer that takes the moment from us and not from the clock."""

    at: datetime

    def init_signing_session(self, *args: Any, **values: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **values)
        session.system_time = self.at
        return session


class _Stamper(RequestsHTTPTimeStamper):
    """A time-stamp server whose stamps we keep in the one form that a reader expects (see `container_of`)."""

    _others: tuple[asn1.Certificate, ...] = ()

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        token = await super().async_timestamp(message_digest, md_algorithm)
        signed = token["content"]
        signer = signer_among(signed)
        self._others = tuple(each.chosen for each in signed["certificates"] if each.chosen.dump() != signer.dump())
        return cms.ContentInfo.load(container_of(signed, TIME))

    def others(self) -> tuple[asn1.Certificate, ...]:
        """The certificates above that of the server, known once it gave a stamp."""
        asyncio.run(self.async_dummy_response(DIGEST))
        return self._others


@lru_cache(maxsize=4)
def _stamper(address: str) -> _Stamper:
    return _Stamper(address, timeout=WAIT_SECONDS)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=256)
def _signer(identity: Identity) -> signers.SimpleSigner:
    """With the one certificate that its signature covers; those above it lie in the file (`_add_certificates`)."""
    return signers.SimpleSigner(
        signing_cert=_asn1(identity.certificate),
        signing_key=translate_pyca_cryptography_key_to_asn1(identity.key),
        cert_registry=SimpleCertificateStore(),
    )


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return translate_pyca_cryptography_cert_to_asn1(certificate)


def _add_certificates(writer: _Update, certificates: Iterable[asn1.Certificate]) -> None:
    """Put the certificates between the signers' and their roots where readers look for them and the seal covers them.

    Inside the signature nothing would notice a changed bit of theirs.
    """
    streams = [writer.add_object(generic.StreamObject(stream_data=each.dump())) for each in certificates]
    if streams:
        store = generic.DictionaryObject({generic.pdf_name("/Certs"): generic.ArrayObject(streams)})
        writer.root["/DSS"] = writer.add_object(store)
        writer.update_container(writer.root)
