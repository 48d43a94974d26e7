"""Every kind of statement in both languages is PDF/A-3a and PDF/UA-1, before and after sealing, by veraPDF's engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import weasyprint
from flask import Flask

from app.statements.identity import identity_of
from app.statements.kinds import PAPERS
from app.statements.models import StatementKind
from app.statements.render import render
from app.statements.seal import seal
from tests.pdf.conformance import PDF_A, PDF_UA, PROFILES, faults
from tests.pdf.kinds import EXAMPLES
from tests.pdf.making import AT, KVK

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


def test_a_bad_pdf_is_found() -> None:
    """Else a test that finds no fault would say nothing."""
    page = weasyprint.HTML(string="<html lang=nl><title>Een</title><p>Niets dan tekst</p></html>")
    plain, another_level = page.write_pdf(), page.write_pdf(pdf_variant="pdf/a-3u")

    assert len(faults(plain, PDF_A)) > 3 and len(faults(plain, PDF_UA)) > 3
    assert any("pdfaid:conformance" in line for line in faults(another_level, PDF_A))
