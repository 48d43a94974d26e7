"""A seal covers each bit of the file, leaves what was rendered untouched, and says who set it and when."""

from __future__ import annotations

import io
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from flask import Flask
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from app.statements import seal as sealing
from app.statements.identity import Identity, identity_of
from app.statements.late import render
from app.statements.seal import seal
from app.statements.sealed import Seal, read_seal
from app.statements.verify import verify
from app.web.clock import now
from app.web.errors import Invalid, Unavailable
from tests import support
from tests.pdf.conformance import PROFILES, faults
from tests.pdf.making import KVK, paper
from tests.statements.stamping import certified, time_stamp_server

AT = datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
NAME = "Woningcorporatie Diezeborg"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose database does not exist and must not be asked."""
    with support.without_database(tmp_path_factory.mktemp("seal")) as made:
        yield made


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture(scope="module")
def rendered(app: Flask) -> bytes:
    with app.app_context():
        return render(paper())


@pytest.fixture(scope="module")
def identity() -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    return Identity(key, certified(key, NAME), ())


@pytest.fixture(scope="module")
def sealed(app: Flask, rendered: bytes, identity: Identity) -> bytes:
    with app.app_context():
        return seal(rendered, identity, AT)


@pytest.fixture(scope="module")
def stamped(app: Flask, rendered: bytes, identity: Identity) -> bytes:
    """Sealed by an RSA key whose certificate another one issued, with a time stamp."""
    above, key = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    root = certified(above, "Zegel Root")
    issued = Identity(key, certified(key, NAME, (above, root)), (root,))
    with app.app_context(), time_stamp_server() as address:
        config = app.config["WEDERDIENST"]
        app.config["WEDERDIENST"] = replace(config, tsa_url=address)
        made = seal(rendered, issued, AT)
        app.config["WEDERDIENST"] = config
    return made


def found(content: bytes) -> Seal:
    seal_found = read_seal(content)
    assert seal_found is not None
    return seal_found


def fault(content: bytes) -> str:
    """The code of what is wrong with its seal."""
    try:
        return "valid" if read_seal(content) else "none"
    except Invalid as error:
        return error.code


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_what_was_rendered_stays_as_it_was_below_the_seal(rendered: bytes, sealed: bytes, identity: Identity) -> None:
    seal_found = found(sealed)

    assert sealed.startswith(rendered)
    assert seal_found.below == rendered
    assert (seal_found.name, seal_found.at, seal_found.stamped_by) == (NAME, AT, "")
    assert seal_found.certificate == identity.certificate
    assert read_seal(rendered) is None


def test_a_sealed_statement_is_valid_and_its_paper_the_same_when_made_again(sealed: bytes) -> None:
    verdict = verify(sealed)

    assert (verdict.fault, verdict.is_compared) == (None, True)
    assert verdict.seal == found(sealed)


@pytest.mark.parametrize("name", ["sealed", "stamped"])
def test_another_program_finds_the_signature_valid(request: pytest.FixtureRequest, name: str, tmp_path: Path) -> None:
    file = tmp_path / "sealed.pdf"
    file.write_bytes(request.getfixturevalue(name))

    told = subprocess.run(["pdfsig", "-nocert", str(file)], capture_output=True, check=True, text=True).stdout

    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert "Signature Field Name: Verklaring" in told
    assert told.count("Signature #") == 1


@pytest.mark.parametrize("name", ["sealed", "stamped"])
def test_sealing_keeps_what_pdf_a_and_pdf_ua_ask(request: pytest.FixtureRequest, name: str) -> None:
    content = request.getfixturevalue(name)

    assert [faults(content, profile) for profile in PROFILES] == [[], []]


def places_of(content: bytes, below: int) -> Mapping[str, range]:
    """What kinds of bytes a sealed file has, and where."""
    digits = re.search(rb"/Contents <([0-9A-F]+?)(0{20,})>\n(/ByteRange \[[0-9 ]+\] *)", content)
    index = content.rindex(b"/Type /XRef")
    assert digits
    return {
        "header": range(20),
        "page": range(1000, below),
        "catalog": range(below, below + 900),
        "container": range(*digits.span(1)),
        "padding": range(*digits.span(2)),
        "bounds": range(*digits.span(3)),
        "index": range(index, content.rindex(b"startxref")),
        "end": range(content.rindex(b"startxref"), len(content)),
    }


@pytest.mark.parametrize("name", ["sealed", "stamped"])
def test_each_flipped_bit_is_found_by_the_file_alone(
    request: pytest.FixtureRequest, name: str, rendered: bytes
) -> None:
    content, chance = request.getfixturevalue(name), random.Random(6)
    draws = {
        kind: [each * 8 + chance.randrange(8) for each in chance.choices(places, k=60 if kind == "container" else 12)]
        for kind, places in places_of(content, len(rendered)).items()
    }

    missed = [(kind, bit) for kind, bits in draws.items() for bit in bits if fault(flipped(content, bit)) == "valid"]

    assert missed == []


def test_each_bit_of_the_time_stamps_frame_is_found(stamped: bytes) -> None:
    """Names of algorithms and kinds stand around what it signs, where its signature does not reach."""
    start = stamped.index(b"060B2A864886F70D010910020E")  # id-aa-timeStampToken
    missed = [bit for bit in range(start * 8, (start + 200) * 8, 3) if fault(flipped(stamped, bit)) == "valid"]

    assert missed == []


def appended(content: bytes) -> bytes:
    return content + b"\n% nothing\n"


def updated(content: bytes) -> bytes:
    """With another title, in an update such as an editor appends."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    writer.root["/Lang"] = writer.root["/Lang"]
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def saved_again(content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out)
    return out.getvalue()


def in_small_letters(content: bytes) -> bytes:
    digits = re.search(rb"/Contents <([0-9A-F]+)>", content)
    assert digits
    return content[: digits.start(1)] + digits[1].lower() + content[digits.end(1) :]


def without_its_container(content: bytes) -> bytes:
    digits = re.search(rb"/Contents <([0-9A-F]+)>", content)
    assert digits
    return content[: digits.start(1)] + b"0" * len(digits[1]) + content[digits.end(1) :]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (appended, "seal_not_whole"),
        (updated, "seal_not_whole"),
        (saved_again, "seal_not_alone"),
        (in_small_letters, "seal_not_alone"),
        (without_its_container, "seal_broken"),
    ],
)
def test_what_was_done_to_a_sealed_file_is_named(sealed: bytes, change: Callable[[bytes], bytes], code: str) -> None:
    assert fault(change(sealed)) == code


def test_a_paper_that_another_corporation_sealed_is_not_valid(rendered: bytes) -> None:
    own, foreign = (identity_of(kvk, "Woningcorporatie Diezeborg") for kvk in (KVK, "99990001"))

    assert verify(seal(rendered, own, now())).is_valid
    found = verify(seal(rendered, foreign, now())).fault
    assert found is not None and found.code == "seal_of_another"


def signed(content: bytes, field: str, identity: Identity) -> bytes:
    """With a signature that lets forms be filled, as other programs set it."""
    meta = signers.PdfSignatureMetadata(field, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
    signer = signers.PdfSigner(meta, sealing._signer(identity))
    made: bytes = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content))).getvalue()
    return made


def test_a_signature_of_another_kind_is_no_seal(rendered: bytes, identity: Identity) -> None:
    once = signed(rendered, "Akkoord", identity)

    assert fault(once) == "seal_not_whole"
    assert fault(signed(once, "Ook akkoord", identity)) == "seal_not_alone"


def on_the_page(writer: Any) -> None:
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = sealing.generic.NumberObject(180)
    writer.update_container(page)


def in_the_catalog(writer: Any) -> None:
    writer.root["/Lang"] = sealing.generic.pdf_string("en")


def in_the_structure(writer: Any) -> None:
    tree = writer.root["/StructTreeRoot"]
    tree["/Note"] = sealing.generic.pdf_string("more")
    writer.update_container(tree)


@pytest.mark.parametrize("change", [on_the_page, in_the_catalog, in_the_structure])
def test_a_seal_that_brings_more_than_itself_is_refused(
    rendered: bytes, identity: Identity, monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], None]
) -> None:
    """Whoever has a key of their own could show another page and leave the rendered bytes for us to compare."""
    monkeypatch.setattr(sealing, "_add_certificates", lambda writer, _certificates: change(writer))

    assert fault(seal(rendered, identity, AT)) == "seal_changes_more"


@pytest.mark.parametrize("years", [-5, 15])
def test_a_seal_from_outside_the_days_of_its_certificate_is_refused(
    rendered: bytes, identity: Identity, years: int
) -> None:
    assert fault(seal(rendered, identity, AT + timedelta(days=366 * years))) == "seal_out_of_time"


def test_a_time_stamp_says_when_and_by_whom(stamped: bytes, rendered: bytes) -> None:
    seal_found = found(stamped)

    assert seal_found.stamped_by == "Tijdstempel BV"
    assert abs(seal_found.at - datetime.now(UTC)) < timedelta(minutes=10)
    assert seal_found.below == rendered


def test_a_stamp_that_no_reader_accepts_is_none(app: Flask, rendered: bytes, identity: Identity) -> None:
    config = app.config["WEDERDIENST"]
    with time_stamp_server("sha1") as address:
        app.config["WEDERDIENST"] = replace(config, tsa_url=address)
        with pytest.raises(Unavailable):
            seal(rendered, identity, AT)
    app.config["WEDERDIENST"] = config


def test_certificates_of_issuers_lie_where_the_seal_covers_them(stamped: bytes) -> None:
    with pikepdf.open(io.BytesIO(stamped)) as pdf:
        certificates = [bytes(each.read_bytes()) for each in pdf.Root["/DSS"]["/Certs"]]

    assert [b"Zegel Root" in certificates[0], b"Tijd Root" in certificates[1]] == [True, True]


def test_sealing_leaves_version_and_data_of_the_document_alone(rendered: bytes, sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as was, pikepdf.open(io.BytesIO(sealed)) as now:
        assert "/Version" not in now.Root
        assert now.Root["/Metadata"].read_raw_bytes() == was.Root["/Metadata"].read_raw_bytes()
        assert now.docinfo.unparse() == was.docinfo.unparse()


def test_the_reason_is_in_the_language_of_the_paper(app: Flask, identity: Identity, sealed: bytes) -> None:
    english = seal(render(paper(language="en")), identity, AT)

    assert b"/Reason (Herkomst en ongewijzigdheid)" in sealed
    assert b"/Reason (Origin and integrity)" in english


def test_an_identity_of_the_product_seals(rendered: bytes) -> None:
    assert found(seal(rendered, identity_of(KVK, NAME), datetime.now(UTC))).name == NAME
