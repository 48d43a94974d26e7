"""The file: the same bytes for the same paper, its data attached, only our own fonts, and nothing fetched."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask_babel import force_locale

from app.rules.dossier import Activity, Amendment, Parties, Status
from app.statements import typeface
from app.statements.paper import Paper
from app.statements.render import layout_sha256, made_with, render
from tests.pdf.kinds import annual_of, log_of, supplier_of
from tests.pdf.making import CERTIFICATE, TERMS, a1, made_by_another_process, paper, placement, text_of

FRESH = """
import sys
from pathlib import Path
from tests.pdf.making import paper
from tests.support import application, settings
folder = Path(sys.argv[1]).parent
with application(settings(folder, "sqlite://")) as app, app.app_context():
    assert "weasyprint" not in sys.modules
    from app.statements.render import render
    Path(sys.argv[1]).write_bytes(render(paper()))
"""
OUR_FONTS = re.compile(r"/[A-Z]{6}\+(Source-Sans-3|Noto-Sans-Arabic)\b.*")
PLANTED = (
    "<img src='file:///etc/passwd'>",
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import url(http://example.org/x.css)</style>",
    "<svg><image href='http://example.org/x.png'/></svg>",
    "url(file:///etc/passwd)",
    "{{ config }}{% include '/etc/passwd' %}",
    "</title><script src=http://example.org/x.js></script>",
    "<img src=wederdienst:logo><img src=//example.org/x><img src=\\\\host\\x><a href=ftp://example.org>x</a>",
)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def fonts_of(content: bytes) -> set[str]:
    """The names of all fonts that are embedded."""
    with opened(content) as pdf:
        found = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        return {str(each.BaseFont) for each in found if each.get("/Type") == pikepdf.Name.Font}


def test_the_same_paper_is_the_same_file_whatever_was_made_before() -> None:
    first = render(paper())
    render(paper(a1(parties=Parties("99990000", "Stichting Ander", "Šimić & Ünal B.V.")), language="en"))

    with force_locale("en"):
        assert render(paper()) == first


def test_another_process_makes_the_same_file(tmp_path: Path) -> None:
    assert made_by_another_process(tmp_path, FRESH) == render(paper())


def test_facts_figures_and_imprint_are_attached_as_they_were_frozen() -> None:
    made = paper()
    with opened(render(made)) as pdf:
        attached = {name: pdf.attachments[name].get_file() for name in pdf.attachments}
        kinds = {str(each.UF): str(each.AFRelationship) for each in pdf.Root.AF}
        assert attached["dossier.json"].read_bytes() == made.documents["dossier.json"]
        assert attached["assessment.json"].read_bytes() == made.documents["assessment.json"]
        imprint = attached["statement.json"].read_bytes().decode()
        assert {str(file.creation_date) for file in attached.values()} == {"2026-11-24 09:42:00+00:00"}
        assert all(file.md5 == md5(file.read_bytes()).digest() for file in attached.values())
    data = dict.fromkeys(("assessment.json", "contributions.csv", "statement.json"), "/Data")
    assert kinds == data | {"dossier.json": "/Source"}
    assert f'"layout_sha256":"{layout_sha256()}"' in imprint
    assert made_with() in imprint


def test_the_file_says_that_it_is_pdf_a_3a_and_pdf_ua_1() -> None:
    with opened(render(paper(language="en"))) as pdf:
        xmp = pdf.Root.Metadata.read_bytes().decode()
        assert 'pdfaid:part="3"' in xmp
        assert 'pdfaid:conformance="A"' in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo.Title) == "Social return statement 2026-0042"
        assert paper().imprint.document_sha256 in str(pdf.docinfo.Keywords)


def test_pictures_have_words_and_cells_name_their_heads() -> None:
    with opened(render(paper(language="en"))) as pdf:
        tagged = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/S" in each]
        pictures = [str(each.Alt) for each in tagged if pikepdf.Name.Figure == each.S]
        heads = {str(each.ID) for each in tagged if pikepdf.Name.TH == each.S}
        cells = [each for each in tagged if pikepdf.Name.TD == each.S and "/Headers" in each.A]
        assert len(pictures) == 3
        assert any("QR code: https://wederdienst.example/verify/7F3K-2Q9D-5HXN-4MWT" in words for words in pictures)
        assert any("€43,835.62 is due" in words for words in pictures)
        assert len(cells) > 50
        assert {str(head) for cell in cells for head in cell.A.Headers} <= heads


@pytest.mark.parametrize(
    "name", ["Šimić & Ünal B.V.", "Ζωγράφοι Αθηνών", "Маляры", "شركة الطلاء", "<script>", "x" * 200]
)
def test_names_from_elsewhere_are_written_in_our_own_fonts(name: str) -> None:
    content = render(paper(a1(parties=Parties("99990000", "Woningcorporatie Diezeborg", name))))

    assert all(OUR_FONTS.fullmatch(font) for font in fonts_of(content)), fonts_of(content)
    if name.isascii():
        assert name[:60] in text_of(content).replace(" ", "")


def test_what_no_font_of_ours_has_takes_no_font_of_the_machine() -> None:
    content = render(paper(a1(parties=Parties("99990000", "Woningcorporatie Diezeborg", "油漆 🖌 公司"))))

    assert all(OUR_FONTS.fullmatch(font) for font in fonts_of(content))
    assert "?? ? ??" in text_of(content)


@pytest.mark.parametrize("kind", [paper, supplier_of, annual_of, log_of])
def test_nothing_that_a_text_asks_for_is_fetched(kind: Callable[..., Paper], monkeypatch: pytest.MonkeyPatch) -> None:
    typeface.style()  # reads the fonts, once
    asked, planted = list[str](), " ".join(PLANTED)

    def spying(self: typeface.Gate, url: str, headers: Any = None) -> Any:
        asked.append(url)
        return fetch(self, url, headers)

    fetch = typeface.Gate.fetch
    monkeypatch.setattr(typeface.Gate, "fetch", spying)
    everywhere = a1(
        parties=Parties("99990000", planted, planted),
        terms=replace(TERMS, number=planted, title=planted),
        amendments=(Amendment(date(2025, 10, 1), 100_00, None, planted, planted),),
        certificates=(replace(CERTIFICATE, number=planted),),
        placements=(placement(planted, "ww", date(2026, 2, 1), "36", employer=planted, person=planted),),
        activities=(
            Activity("A" + planted, "mobility", date(2026, 6, 1), Status.APPROVED, 100_00, description=planted),
        ),
    )

    made = kind(planted if kind is log_of else everywhere, issued_by=PLANTED[0], city=PLANTED[0])
    content = render(made)

    with opened(content) as pdf:
        assert set(pdf.attachments) == {"statement.json", *made.documents, *made.derived()}
        links = {str(each.A.URI) for page in pdf.pages for each in page.get("/Annots", ()) if "/A" in each}
        assert links == {made.imprint.verify_address}
        assert not any("/Launch" in str(each) or "/GoToR" in str(each) for each in pdf.objects)
    assert b"root:x:" not in content
    assert "root:x:" not in text_of(content)
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://example.org/",
        "data:text/plain,x",
        "wederdienst:../../../config.py",
        "wederdienst:x",
    ],
)
def test_the_gate_opens_nothing_but_our_fonts(url: str) -> None:
    with pytest.raises(ValueError, match="opens nothing but its fonts"):
        typeface.Gate().fetch(url)
