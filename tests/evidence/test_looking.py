"""What a file is, is told by its content; what it says beside that is left behind, and what could do harm refused."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from PIL import Image

from app.evidence import looking, reader
from app.evidence.looking import expect_size, look_through
from app.evidence.models import MediaType
from app.evidence.names import tidy_name
from app.web.errors import Invalid
from tests.evidence.making import LOCKED, SECRET, action, archive, jpeg, pdf, png

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
TAKEN = {
    "jpeg": (jpeg(), reader.JPEG),
    "jpeg in grey": (jpeg(mode="L"), reader.JPEG),
    "jpeg for print": (jpeg(mode="CMYK"), reader.JPEG),
    **{f"png {mode}": (png(mode), reader.PNG) for mode in ("RGBA", "RGB", "P", "LA", "L", "1")},
    "pdf": (pdf(), reader.PDF),
    "pdf with a link": (pdf({"OpenAction": action("URI", URI="https://example.org")}), reader.PDF),
    "pdf with a line behind it": (pdf() + b"\r\n", reader.PDF),
    "electronic invoice": (pdf(attached=b"<?xml version='1.0'?><Invoice>1 kg</Invoice>"), reader.PDF),
}
REFUSED = {
    "svg": (SVG, "evidence_kind"),
    "page": (b"<!doctype html><script>alert(1)</script>", "evidence_kind"),
    "gif": (b"GIF89a" + bytes(20), "evidence_kind"),
    "text": (b"hello", "evidence_kind"),
    "archive": (archive(), "evidence_kind"),
    "pdf and archive": (pdf() + archive(), "evidence_mixed"),
    "jpeg and archive": (jpeg() + archive(), "evidence_mixed"),
    "page in a pdf": (b"%PDF-1.7\n<html><script>1</script>" + pdf(), "evidence_mixed"),
    "something behind a pdf": (pdf() + b"MZ and more", "evidence_mixed"),
    "locked": (pdf(encryption=LOCKED), "evidence_locked"),
    "script": (pdf({"OpenAction": action("JavaScript", JS="app.alert(1)")}), "evidence_active"),
    "script, indirect": (
        pdf({"Names": pikepdf.Dictionary(JavaScript=pikepdf.Array([action("JavaScript")]))}),
        "evidence_active",
    ),
    "program": (pdf({"OpenAction": action("Launch", F="calc.exe")}), "evidence_active"),
    "attachment": (pdf(attached=b"MZ\0\0"), "evidence_active"),
    "attached page": (pdf(attached=b"<x/><script>alert(1)</script>"), "evidence_active"),
    "form": (pdf({"AcroForm": pikepdf.Dictionary(XFA="<x/>")}), "evidence_active"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken(name: str) -> None:
    content, kind = TAKEN[name]
    found, kept = reader.look(content)
    assert found == kind
    assert SECRET.encode() not in kept
    assert (kept == content) is (kind == reader.PDF)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused(name: str) -> None:
    content, code = REFUSED[name]
    with pytest.raises(reader.Refused) as refusal:
        reader.look(content)
    assert refusal.value.code == code


def test_a_picture_is_kept_upright_without_what_the_camera_wrote() -> None:
    looked = look_through("a.jpg", jpeg(60, 40))
    kept = Image.open(BytesIO(looked.content))
    assert looked.media_type is MediaType.JPEG
    assert kept.size == (40, 60)
    assert (kept.getexif(), "comment" in kept.info, "exif" in kept.info) == ({}, False, False)
    assert looked.sent_sha256 != looked.sha256


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (jpeg()[:400], "evidence_unreadable"),
        (b"%PDF-1.7 hello %%EOF", "evidence_unreadable"),
        (png("1", 30_000, 30_000), "evidence_too_wide"),
    ],
    ids=["half", "only called so", "a bomb"],
)
def test_what_breaks_a_library_ends_in_a_sentence(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        look_through("a.pdf", content)
    assert refusal.value.code == code


def test_a_reader_that_takes_too_long_or_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_SECONDS", 0.001)
    with pytest.raises(Invalid, match="evidence_unreadable"):
        look_through("a.pdf", pdf())


def test_a_file_is_not_empty_and_at_most_twenty_megabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_BYTES", 10)
    expect_size("a.pdf", b"x" * 10)
    for content, code in ((b"", "evidence_empty"), (b"x" * 11, "evidence_too_large")):
        with pytest.raises(Invalid, match=code):
            expect_size("a.pdf", content)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("overeenkomst.pdf", "overeenkomst.pdf"),
        ("C:\\Users\\jan\\foto 1.JPG", "foto 1.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("été à 5 m².png.exe", "été à 5 m².png.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("\u202egnp.exe", "gnp.pdf"),
        ("x" * 400 + ".pdf", "x" * 150 + ".pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
    ],
)
def test_a_name_is_made_tidy_and_ends_as_the_file_is(sent: str, kept: str) -> None:
    assert tidy_name(sent, MediaType.PDF) == kept


@pytest.mark.parametrize("sent", ["BSN 111222333.pdf", "scan_1112.22.333.jpg"])
def test_a_name_with_what_may_be_a_bsn_is_refused(sent: str) -> None:
    with pytest.raises(Invalid, match="bsn"):
        tidy_name(sent, MediaType.PDF)
