"""Workbooks for tests: example A1 of the field, with what a test changes, and raw sheets cell by cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

from app.workbook.write import INERT, write_workbook

Row = dict[str, Any]
Sheets = dict[str, list[Row]]

SUPPLIER = "99990001"
CONTRACT = "2025-014"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="xl/workbook.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Suppliers" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet"/></Relationships>',
}


def a1() -> Sheets:
    """Example A1: behind on 2026-11-24, 62,500.00 gross, 38,900.00 credited."""
    contract = {"contract": CONTRACT, "status": "approved"}
    return {
        "Suppliers": [
            {"kvk": SUPPLIER, "name": "Schildersbedrijf Van Asten", "city": "Den Bosch", "email": "info@asten.example"}
        ],
        "Certificates": [
            {
                "kvk": f"{SUPPLIER}, 99990002",
                "number": "PSO-2025-0103",
                "level": "2",
                "thirty_plus": "no",
                "valid_from": "2025-01-01",
                "valid_until": "2026-12-31",
                "withdrawn_on": "2025-07-01",
                "checked_on": "2025-01-15",
            }
        ],
        "Contracts": [
            {
                "number": CONTRACT,
                "title": "Renovatie Oosterwijk",
                "kvk": SUPPLIER,
                "kind": "renovation",
                "awarded_on": "2024-11-14",
                "starts_on": "2025-01-01",
                "ends_on": "2026-12-31",
                "contract_sum": "1250000",
                "percentage": "5",
                "rate_table": "utrecht-2024",
                "policy": "level-2-exempts",
            }
        ],
        "Placements": [
            contract
            | {"reference": "P1", "person": "D-0101", "block": "participatiewet", "hours_per_week": "28.8"}
            | {"starts_on": "2026-02-01", "ends_on": "2026-10-31", "programme": "social_assistance"},
            contract
            | {"reference": "P2", "person": "D-0102", "block": "bbl", "hours_per_week": "32"}
            | {"starts_on": "2026-10-12", "employer": "Schildersbedrijf Van Asten", "programme": "youth"},
            contract
            | {"reference": "P3", "person": "D-0103", "block": "banenafspraak", "hours_per_week": "20"}
            | {"starts_on": "2026-09-01", "status": "submitted"},
        ],
        "Activities": [
            contract
            | {"reference": "A1", "block": "social-purchase", "on": "2026-06-18", "amount": "11183.95"}
            | {"description": "Schoonmaak door een sociale onderneming"}
        ],
    }  # fmt: skip


def every_kind() -> Sheets:
    """A1 with a second contract that uses each column, a dated series, bonuses, an amendment, a draft, a rejection."""
    sheets = a1()
    sheets["Contracts"].append(
        {
            "number": "2025/20 B",
            "title": '=Kozijnen & "deuren"',
            "kvk": SUPPLIER,
            "kind": "supplies",
            "published_on": "2024-06-01",
            "awarded_on": "2024-11-14",
            "starts_on": "2025-01-01",
            "ends_on": "2027-12-31",
            "contract_sum": "600000.50",
            "base": "wage_sum",
            "base_amount": "250000.25",
            "percentage": "2.5",
            "rate_table": "utrecht-2024",
            "policy": "capped",
            "activity_cap": "25",
        }
    )
    other = {"contract": "2025/20 B"}
    sheets["Amendments"] = [
        other | {"reference": "Verlenging", "effective_on": "2026-01-01", "new_end": "2028-06-30", "amount": "0"},
        {"contract": CONTRACT, "effective_on": "2025-10-01", "amount": "150000", "description": "Extra portieken"},
        {"contract": CONTRACT, "effective_on": "2026-02-01", "amount": "-1000.50"},
    ]
    sheets["Placements"] += [
        other
        | {"reference": "P1", "person": "D-0102", "block": "participatiewet", "share": "40", "status": "draft"}
        | {"starts_on": "2025-03-01", "ends_on": "2025-12-31", "hours_per_week": "20; 2025-05-01: 32.5"}
        | {"bonuses": "bonus-50plus, bonus-permanent", "subsidy_until": "2025-09-30", "programme": "sheltered_work"},
        other
        | {"reference": "P2", "person": "D-0199", "block": "wia", "status": "rejected"}
        | {"starts_on": "2025-03-01", "hours_per_week": "0"},
    ]
    sheets["Activities"].append(
        other
        | {"reference": "A9", "block": "initiative-hours", "on": "2025-07-01", "quantity": "7.5", "status": "approved"}
    )
    return sheets


def changed(sheets: Sheets, sheet: str, place: int = 0, **cells: Any) -> Sheets:
    """The same with other cells in one row; None empties a cell."""
    made = deepcopy(sheets)
    made[sheet][place] |= cells
    return made


def saved(folder: Path, sheets: Sheets, language: str = "en", name: str = "werkmap.xlsx") -> Path:
    """The sheets as a workbook that the product writes."""
    path = folder / name
    write_workbook(path, sheets, language=language)
    return path


def typed(folder: Path, sheets: Mapping[str, Iterable[Mapping[str, Any]]], name: str = "werkmap.xlsx") -> Path:
    """The sheets cell by cell as they stand there: what the product would not write."""
    return raw(folder, {title: _as_cells(rows) for title, rows in sheets.items()}, name)


def raw(folder: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], name: str = "werkmap.xlsx") -> Path:
    """Sheets of cells: texts, numbers, days; a pair is a number and its format."""
    path = folder / name
    with Workbook(str(path), INERT) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    _write(book, sheet, row, column, cell)
    return path


def packed(folder: Path, parts: Mapping[str, str | bytes], name: str = "werkmap.xlsx") -> Path:
    """A workbook of these parts of XML over those that every workbook has."""
    path = folder / name
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for part, content in {**PARTS, **parts}.items():
            archive.writestr(part, content)
    return path


def sheet_xml(cells: str) -> str:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>'


def _as_cells(rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    listed = list(rows)
    headings = list(dict.fromkeys(name for row in listed for name in row))
    return [headings, *([row.get(name) for name in headings] for row in listed)]


def _write(book: Any, sheet: Any, row: int, column: int, cell: Any) -> None:
    match cell:
        case None:
            pass
        case (number, str(pattern)):
            sheet.write_number(row, column, number, book.add_format({"num_format": pattern}))
        case datetime():
            sheet.write_datetime(row, column, cell, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        case date():
            sheet.write_datetime(
                row, column, datetime.combine(cell, time()), book.add_format({"num_format": "yyyy-mm-dd"})
            )
        case Decimal():
            sheet.write_number(row, column, float(cell))
        case _:
            sheet.write(row, column, cell)
