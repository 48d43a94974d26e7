"""The one form in which our signatures are written down (CMS, RFC 5652), made again from what a signature covers.

Parts of a signature container are covered by nothing: its version numbers, the names of algorithms, how lengths are
written, certificates that only help. A reader that makes the container again from the rest and compares leaves no bit
of it free. A time stamp inside has the same form.
"""

from __future__ import annotations

from typing import Any

from asn1crypto import cms, x509

FIELD = "Verklaring"
"""The name of the signature's field in the PDF."""
DIGEST = "sha256"
DATA, TIME = "data", "tst_info"
BY_NUMBER = "issuer_and_serial_number"
STAMP = "signature_time_stamp_token"
HASHES = ("sha256", "sha384", "sha512")
SIGNATURES = tuple(f"{each}_{kind}" for each in HASHES for kind in ("ecdsa", "rsa"))
PLAIN_RSA = "rsassa_pkcs1v15"
"""RSA's name without a hash, as some time-stamp servers write it."""


def container_of(signed: cms.SignedData, kind: str) -> bytes:
    """The container (DER) of what one signer signed, of a seal (`DATA`) or a time stamp (`TIME`).

    Errors: ValueError for what is no such signature.
    """
    signer = _only(signed["signer_infos"])
    _expect_algorithms(signer)
    content = cms.SignedData(
        {
            "version": "v1" if kind == DATA else "v3",
            "digest_algorithms": [signer["digest_algorithm"]],
            "encap_content_info": _content(signed, kind),
            "certificates": [signer_among(signed)],
            "signer_infos": [_signer(signed, signer)],
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return made


def signer_among(signed: cms.SignedData) -> x509.Certificate:
    """The certificate of the one who signed. Errors: ValueError when it is not there."""
    sid = _only(signed["signer_infos"])["sid"]
    for choice in signed["certificates"]:
        if choice.name == "certificate" and _sid_of(choice.chosen, sid.name).dump() == sid.dump():
            found: x509.Certificate = choice.chosen
            return found
    raise ValueError("the signer's certificate is not there")


def stamp_of(signed: cms.SignedData) -> cms.SignedData | None:
    """The time stamp on a signature, when it has one. Errors: ValueError when it has more, or something else too."""
    attributes = _only(signed["signer_infos"])["unsigned_attrs"]
    if not attributes:
        return None
    attribute = _only(attributes)
    if attribute["type"].native != STAMP:
        raise ValueError("something else stands beside the signature")
    return _only(attribute["values"])["content"]


def _signer(signed: cms.SignedData, signer: cms.SignerInfo) -> cms.SignerInfo:
    named_by, stamp = signer["sid"].name, stamp_of(signed)
    again: dict[str, Any] = {
        "version": "v1" if named_by == BY_NUMBER else "v3",
        "sid": _sid_of(signer_among(signed), named_by),
        "digest_algorithm": signer["digest_algorithm"],
        "signature_algorithm": signer["signature_algorithm"],
        "signed_attrs": signer["signed_attrs"].untag(),
        "signature": signer["signature"].native,
    }
    if stamp is not None:
        token = cms.ContentInfo.load(container_of(stamp, TIME))
        again["unsigned_attrs"] = [cms.CMSAttribute({"type": STAMP, "values": [token]})]
    return cms.SignerInfo(again)


def _sid_of(certificate: x509.Certificate, named_by: str) -> cms.SignerIdentifier:
    if named_by == BY_NUMBER:
        number = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
        return cms.SignerIdentifier({named_by: cms.IssuerAndSerialNumber(number)})
    return cms.SignerIdentifier({named_by: cms.OctetString(certificate.key_identifier)})


def _content(signed: cms.SignedData, kind: str) -> dict[str, Any]:
    """Of a seal nothing: what it is about is the file. A time stamp holds what it says; the signature covers that."""
    if kind == DATA:
        return {"content_type": kind}
    return {"content_type": kind, "content": cms.ParsableOctetString(bytes(signed["encap_content_info"]["content"]))}


def _expect_algorithms(signer: cms.SignerInfo) -> None:
    """That the names of the algorithms agree, and are among those that we know. Errors: ValueError."""
    digest, signature = signer["digest_algorithm"], signer["signature_algorithm"]
    name = signature["algorithm"].native
    agrees = name == PLAIN_RSA or (name in SIGNATURES and signature.hash_algo == digest["algorithm"].native)
    if digest["algorithm"].native not in HASHES or not agrees:
        raise ValueError("an algorithm that no seal has")
    if any(each["parameters"].native is not None for each in (digest, signature)):
        raise ValueError("parameters that no such algorithm has")


def _only(several: Any) -> Any:
    """Errors: ValueError when it is not exactly one."""
    (one,) = several
    return one
