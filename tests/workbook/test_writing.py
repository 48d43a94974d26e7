"""Writing: what comes out is what went in, and inert; the template and the docs name every sheet, column and word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from app.web.errors import Invalid
from app.workbook.entries import entries_of
from app.workbook.read import read_workbook
from app.workbook.rows import rows_of
from app.workbook.sheets import NOTES, SHEETS, column_named, sheet_named
from app.workbook.template import write_template
from app.workbook.write import write_workbook
from config import ROOT
from tests.workbook.making import a1, every_kind, saved

LANGUAGES = ["nl", "en"]


def read_back(path: Path) -> Any:
    book = rows_of(read_workbook(path))
    assert book.faults == []
    return entries_of(book)


def said(path: Path) -> list[Any]:
    entries = read_back(path)
    lists = (entries.suppliers, entries.certificates, entries.contracts, entries.amendments, entries.contributions)
    return [entry.says for each in lists for entry in each]


def test_both_languages_say_the_same(tmp_path: Path) -> None:
    dutch, english = saved(tmp_path, every_kind(), "nl", "nl.xlsx"), saved(tmp_path, every_kind(), "en", "en.xlsx")

    assert said(dutch) == said(english)
    assert [tab.name for tab in read_workbook(dutch)] == [sheet.named.dutch for sheet in SHEETS]
    assert [tab.name for tab in read_workbook(english)] == [sheet.named.english for sheet in SHEETS]


def test_cells_are_dates_numbers_and_texts(tmp_path: Path) -> None:
    placements = next(tab for tab in read_workbook(saved(tmp_path, every_kind())) if tab.name == "Placements")
    first = dict(zip((str(cell).rstrip("*") for cell in placements.rows[0]), placements.rows[1], strict=False))
    assert first["starts_on"] == date(2026, 2, 1)
    assert first["hours_per_week"] == Decimal("28.8")
    assert placements.rows[4][6] == "20; 2025-05-01: 32.5"


@settings(max_examples=15, deadline=None)
@given(st.sampled_from("=+-@\t|%'\"").flatmap(lambda sign: st.text("ABC1()!$ ", max_size=20).map(sign.__add__)))
def test_no_text_becomes_a_formula(text: str) -> None:
    target = BytesIO()
    try:
        write_workbook(target, {"Suppliers": [{"kvk": "99990001", "name": f"{text}x"}]})
    except Invalid:
        return
    with ZipFile(target) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_link_stays_a_text(tmp_path: Path) -> None:
    path = saved(tmp_path, {"Suppliers": [{"kvk": "99990001", "name": "https://example.org"}]})
    with ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "worksheets/_rels" in name]
    assert said(path)[0].name == "https://example.org"


def test_what_is_not_there_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        saved(tmp_path, {"Budget": []})
    with pytest.raises(KeyError):
        saved(tmp_path, {"Suppliers": [{"kvk": "99990001", "naam": "x"}]})
    with pytest.raises(Invalid):
        saved(tmp_path, {"Suppliers": [{"kvk": "1", "name": "x"}]})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_has_every_sheet_heading_note_and_list(app: Flask, tmp_path: Path, language: str) -> None:
    path = tmp_path / "leeg.xlsx"
    with app.app_context():
        write_template(path, language)

    notes, *sheets = read_workbook(path)

    assert notes.name == NOTES.in_language(language)
    assert [tab.name for tab in sheets] == [sheet.named.in_language(language) for sheet in SHEETS]
    for tab, sheet in zip(sheets, SHEETS, strict=True):
        assert [column_named(sheet, str(cell)) for cell in tab.rows[0]] == list(sheet.columns)
    with ZipFile(path) as archive:
        placements = archive.read("xl/worksheets/sheet6.xml").decode()
        assert ("goedgekeurd" if language == "nl" else "approved") in placements
        comments = archive.read("xl/comments5.xml").decode()
    assert ("Uren per week" if language == "nl" else "Hours a week") not in comments
    assert ("Een getal, of een reeks" if language == "nl" else "A number, or a series") in comments
    assert [fault.code for fault in rows_of([notes, *sheets]).faults] == ["workbook_empty"]


def test_no_name_means_two_sheets_or_columns() -> None:
    for language in LANGUAGES:
        for sheet in SHEETS:
            assert sheet_named(sheet.named.in_language(language).upper()) is sheet
            for column in sheet.columns:
                assert column_named(sheet, f"{column.named.in_language(language).title()} *") is column
                for other in column.also:
                    assert column_named(sheet, other) is column


def test_the_docs_name_every_sheet_column_and_word() -> None:
    text = (ROOT / "docs" / "workbook.md").read_text(encoding="utf-8")
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in text.splitlines() if line[:1] == "|"]
    for sheet in SHEETS:
        assert f"## {sheet.named.english} · {sheet.named.dutch}" in text
        for column in sheet.columns:
            star = "*" if column.required else ""
            assert any(row[:2] == (f"`{column.name}`{star}", column.dutch) for row in rows), column.name
            for named in column.kind.offered():
                assert any(f"`{named.english}`" in row[0] and row[1] == named.dutch for row in rows), named


def test_a_workbook_can_be_written_into_memory() -> None:
    target = BytesIO()
    write_workbook(target, a1(), language="nl")
    assert target.getvalue()[:2] == b"PK"
