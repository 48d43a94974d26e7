"""Every kind of statement in both languages is PDF/A-3a and PDF/UA-1, before and after sealing, by veraPDF's engine."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256

import pikepdf
import pytest
import weasyprint
from flask import Flask
from PIL import Image

from app.statements.identity import identity_of
from app.statements.kinds import PAPERS, read_paper
from app.statements.models import StatementKind
from app.statements.paper import LOGO, Paper
from app.statements.render import render
from app.statements.seal import seal
from app.web.errors import Invalid
from tests.pdf.conformance import PDF_A, PDF_UA, PROFILES, faults
from tests.pdf.kinds import EXAMPLES, supplier_of
from tests.pdf.making import AT, KVK, a1, paper

LANGUAGES = ("nl", "en")


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_each_kind_has_an_example() -> None:
    assert EXAMPLES.keys() == PAPERS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", PAPERS)
def test_a_statement_breaks_no_rule(kind: StatementKind, language: str) -> None:
    content = render(EXAMPLES[kind](language))
    sealed = seal(content, identity_of(KVK, "Woningcorporatie Diezeborg"), AT)

    assert {profile: faults(content, profile) for profile in PROFILES} == {PDF_A: [], PDF_UA: []}
    assert {profile: faults(sealed, profile) for profile in PROFILES} == {PDF_A: [], PDF_UA: []}


@pytest.mark.parametrize("made_of", [paper, supplier_of])
def test_references_that_stand_on_a_line_of_their_own_break_no_rule(made_of: Callable[..., Paper]) -> None:
    facts = a1()
    named = tuple(replace(each, reference=f"PLAATSING-2026-{each.reference}") for each in facts.placements)

    content = render(made_of(replace(facts, placements=named)))

    assert {profile: faults(content, profile) for profile in PROFILES} == {PDF_A: [], PDF_UA: []}


def test_a_bad_pdf_is_found() -> None:
    """Else a test that finds no fault would say nothing."""
    page = weasyprint.HTML(string="<html lang=nl><title>Een</title><p>Niets dan tekst</p></html>")
    plain, another_level = page.write_pdf(), page.write_pdf(pdf_variant="pdf/a-3u")

    assert len(faults(plain, PDF_A)) > 3 and len(faults(plain, PDF_UA)) > 3
    assert any("pdfaid:conformance" in line for line in faults(another_level, PDF_A))


def test_a_logo_goes_along_as_it_was_frozen_and_breaks_no_rule() -> None:
    """Half transparent, as many are."""
    drawn = io.BytesIO()
    Image.new("RGBA", (300, 90), (200, 60, 20, 128)).save(drawn, "PNG")
    logo, made = drawn.getvalue(), EXAMPLES[StatementKind.LOG]("nl")
    imprint = replace(made.imprint, logo_sha256=sha256(logo).hexdigest())

    content = render(read_paper(imprint, {**made.documents, LOGO: logo}))

    assert {profile: faults(content, profile) for profile in PROFILES} == {PDF_A: [], PDF_UA: []}
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.attachments[LOGO].get_file().read_bytes() == logo
        pictures = [
            each for each in pdf.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"
        ]
        assert {(each.Width, each.Height) for each in pictures} == {(300, 90)}
    for wrong in ({}, {LOGO: logo + b"\n"}):
        with pytest.raises(Invalid):
            read_paper(imprint, {**made.documents, **wrong})
