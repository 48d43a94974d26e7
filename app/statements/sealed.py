"""Reading a sealed statement: that its one seal covers the whole file, is whole, and changes nothing of what it seals.

What a signature does not cover must have the one form that we give it: the container (`container_of`), its digits, and
the room that it leaves. So each bit of a file counts, without a register. Who sealed it and whether to trust them is
for whoever asks: the seal has the certificate, as it stands in the file.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import pikepdf
from asn1crypto import algos, cms, tsp
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_sig_integrity
from pyhanko.sign.validation.status import SignatureCoverageLevel

from app.statements.container import DATA, DIGEST, FIELD, TIME, container_of, signer_among, stamp_of
from app.statements.identity import fingerprint, kvk_in, name_in
from app.web.errors import Invalid

MARK = b"/ByteRange"
TRACES = (MARK, b"/ETSI.CAdES.detached", b"/DocMDP")
RANGE = re.compile(rb"/Contents <([0-9A-F]+)>\n/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] *\n/Type /Sig\n")
END = re.compile(rb"\nstartxref\n(\d{1,10})\n%%EOF\n")
ADDED = ("/AcroForm", "/Perms", "/Extensions", "/DSS")
"""What a seal adds to the catalog of a document."""
SUBFILTER = "/ETSI.CAdES.detached"
WIDGET = {"/FT", "/T", "/Type", "/Subtype", "/F", "/Rect", "/P", "/TU", "/V"}
NOWHERE = [0, 0, 0, 0]


@dataclass(frozen=True)
class Seal:
    """The seal of a file, whole and alone on it. `below` is the file as it was before: what was rendered.

    `at` is when it was sealed, by the clock of who did so, or by a time-stamp server (`stamped_by`, empty without one).
    """

    below: bytes
    certificate: x509.Certificate
    at: datetime
    stamped_by: str

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate."""
        return fingerprint(self.certificate)

    @property
    def name(self) -> str:
        """Whom the certificate names; only who trusts it knows that it is true."""
        return name_in(self.certificate)

    @property
    def kvk(self) -> str:
        """The KvK number that the certificate tells; empty when it tells none."""
        return kvk_in(self.certificate)


def read_seal(content: bytes) -> Seal | None:
    """The seal of a PDF file; None when it has none. Errors: `Invalid` when anything is wrong with it."""
    if not any(each in content for each in TRACES):
        return None
    signed = _container(content)
    below, first_index = _below(content)
    try:
        reader = PdfFileReader(io.BytesIO(content))
        signature = _whole_signature(reader, first_index)
        _expect_signed(signed, DATA, signature.compute_digest(DIGEST))
        _expect_seal_alone(content, below, _updated(reader))
        at, stamped_by = _stamp(signed) or (signature.self_reported_timestamp, "")
    except Invalid:
        raise
    except Exception as error:  # whatever a parser says of a file that somebody made to break it
        raise Invalid("seal_broken") from error
    certificate = _certificate(signed)
    if at is None or not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
        raise Invalid("seal_out_of_time")
    return Seal(below, certificate, at, stamped_by)


def _container(content: bytes) -> cms.SignedData:
    """The signature container, in its one form, of a signature that is about all of the file but itself."""
    found = list(RANGE.finditer(content))
    if len(found) != 1 or content.count(MARK) != 1:
        raise Invalid("seal_not_alone")
    digits, before, after, length = found[0].groups()
    start, end = found[0].start(1) - 1, found[0].end(1) + 1
    if (int(before), int(after), int(after) + int(length)) != (start, end, len(content)):
        raise Invalid("seal_not_whole")
    return _read_container(digits)


def _read_container(digits: bytes) -> cms.SignedData:
    try:
        room = bytes.fromhex(digits.decode())
        signed: cms.SignedData = cms.ContentInfo.load(room)["content"]
        again = container_of(signed, DATA)
    except Exception as error:  # asn1crypto says in many ways that something is no container
        raise Invalid("seal_broken") from error
    if room != again.ljust(len(room), b"\0"):
        raise Invalid("seal_broken")
    return signed


def _below(content: bytes) -> tuple[bytes, int]:
    """The file below the seal, and where its index begins. Errors: `Invalid` unless it is one file and one update."""
    ends = list(END.finditer(content))
    if len(ends) != 2 or ends[1].end() != len(content):
        raise Invalid("seal_not_alone")
    return content[: ends[0].end()], int(ends[0][1])


def _whole_signature(reader: PdfFileReader, first_index: int) -> EmbeddedPdfSignature:
    """The one signature of a file of two revisions, which covers all of it and forbids changes."""
    if len(reader.embedded_signatures) != 1 or reader.xrefs.total_revisions != 2:
        raise Invalid("seal_not_alone")
    signature: EmbeddedPdfSignature = reader.embedded_signatures[0]
    is_whole = signature.evaluate_signature_coverage() is SignatureCoverageLevel.ENTIRE_FILE
    forbids_changes = signature.docmdp_level is MDPPerm.NO_CHANGES
    if not (is_whole and forbids_changes and reader.xrefs.get_startxref_for_revision(0) == first_index):
        raise Invalid("seal_not_whole")
    return signature


def _expect_signed(signed: cms.SignedData, kind: str, digest: bytes) -> None:
    """That a container signs that digest, with the very certificate that it carries. Whom to trust is not asked."""
    (signer,) = signed["signer_infos"]
    names_certificate = get_signing_cert_attr(signer["signed_attrs"]) is not None
    if not names_certificate or validate_sig_integrity(signer, signer_among(signed), kind, digest) != (True, True):
        raise Invalid("seal_broken")


def _stamp(signed: cms.SignedData) -> tuple[datetime, str] | None:
    """When a time-stamp server saw the signature, and what it is called; None without a stamp."""
    stamp = stamp_of(signed)
    if stamp is None:
        return None
    told = bytes(stamp["encap_content_info"]["content"])
    _expect_signed(stamp, TIME, _hash(stamp["signer_infos"][0]["digest_algorithm"], told))
    info = tsp.TSTInfo.load(told)
    about, signature = info["message_imprint"], signed["signer_infos"][0]["signature"].native
    if about["hashed_message"].native != _hash(about["hash_algorithm"], signature):
        raise Invalid("seal_broken")
    return info["gen_time"].native, name_in(_certificate(stamp))


def _certificate(signed: cms.SignedData) -> x509.Certificate:
    return x509.load_der_x509_certificate(signer_among(signed).dump())


def _hash(algorithm: algos.DigestAlgorithm, content: bytes) -> bytes:
    return hashlib.new(algorithm["algorithm"].native, content).digest()


def _updated(reader: PdfFileReader) -> set[int]:
    """The numbers of the objects that stand in the update, or that it takes away."""
    xrefs = reader.xrefs
    return {each.idnum for each in (*xrefs.explicit_refs_in_revision(1), *xrefs.refs_freed_in_revision(1))}


def _expect_seal_alone(content: bytes, below: bytes, updated: set[int]) -> None:
    """That the update holds the seal and nothing else. Errors: `Invalid`, and what pikepdf raises."""
    with pikepdf.open(io.BytesIO(below)) as was, pikepdf.open(io.BytesIO(content)) as sealed:
        touched = {each for each in updated if each < int(was.trailer["/Size"])}
        form, page = sealed.Root["/AcroForm"], sealed.pages[0].obj
        (field,) = form["/Fields"]
        is_alone = (
            touched == {was.Root.objgen[0], was.pages[0].obj.objgen[0]}
            and _is_invisible_seal(field, sealed)
            and set(form.keys()) == {"/Fields", "/SigFlags"}
            and _without_seal(page, field) == _written(was.pages[0].obj)
            and _without_added(sealed.Root) == _written(was.Root)
        )
    if not is_alone:
        raise Invalid("seal_changes_more")


def _is_invisible_seal(field: Any, sealed: pikepdf.Pdf) -> bool:
    signature = field["/V"]
    return (
        set(field.keys()) == WIDGET
        and field["/T"] == FIELD
        and [*map(int, field["/Rect"])] == NOWHERE
        and signature["/SubFilter"] == SUBFILTER
        and signature.objgen == sealed.Root["/Perms"]["/DocMDP"].objgen
    )


def _without_seal(page: Any, field: Any) -> bytes:
    """A page as it was before the seal came to its annotations."""
    marks = page["/Annots"]
    if marks[-1].objgen == field.objgen:
        del marks[-1]
    if not len(marks):
        del page["/Annots"]
    return _written(page)


def _without_added(root: Any) -> bytes:
    for key in ADDED:
        if key in root:
            del root[key]
    return _written(root)


def _written(thing: Any) -> bytes:
    """An object itself, with references to what it refers to."""
    written: bytes = thing.unparse(resolved=True)
    return written
