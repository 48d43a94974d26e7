"""Reading files: what is no workbook, what would harm, and what Excel's cells mean."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from xlsxwriter import Workbook

from app.web.errors import Invalid
from app.workbook import read, reader
from app.workbook.read import Unreadable, read_workbook
from tests.workbook.making import a1, packed, raw, saved, sheet_xml

FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
ONE = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
SOON = 5


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Refused with that code, within seconds."""
    begun = time.monotonic()
    with pytest.raises(Invalid) as error:
        yield
    assert error.value.code == code
    assert time.monotonic() - begun < SOON


def test_a_far_cell_is_refused_at_once_and_named(tmp_path: Path) -> None:
    bomb = packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(FAR)})
    assert bomb.stat().st_size < 5000

    with refused("workbook_cell_too_far"):
        read_workbook(bomb)


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1048576"><c t="inlineStr"><is><t>x</t></is></c></row>',
        '<row r="1"><c r="ZZ1"><v>1</v></c></row>',
        '<row r="100001"><c r="A100001"><f>1+1</f></c></row>',
    ],
)
def test_a_far_cell_is_seen_however_its_place_is_told(tmp_path: Path, cells: str) -> None:
    with refused("workbook_cell_too_far"):
        read_workbook(packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(cells)}))


def test_far_formats_without_a_value_are_nothing(tmp_path: Path) -> None:
    cells = f'{ONE}<row r="1048576"><c r="XFD1048576" s="0"/></row>'

    (tab,) = read_workbook(packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(cells)}))

    assert tab.rows == [["x"]]


def test_many_cells_in_a_wide_field_are_too_much(tmp_path: Path) -> None:
    cells = f'{ONE}<row r="90000"><c r="GA90000"><v>1</v></c></row>'
    with refused("workbook_too_large"):
        read_workbook(packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(cells)}))


@pytest.mark.parametrize("size", [reader.MOST_UNPACKED + 1, reader.RATIO_COUNTS_FROM + 1])
def test_what_unpacks_too_far_is_refused(tmp_path: Path, size: int) -> None:
    with refused("workbook_too_large"):
        read_workbook(packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(ONE), "xl/media/a.png": b"\0" * size}))


def test_one_text_in_very_many_cells_is_too_much(tmp_path: Path) -> None:
    text = "x" * 30_000
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 4000))
    shared = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{text}</t></si></sst>'
    relationships = PARTS_WITH_STRINGS
    parts = {"xl/worksheets/sheet1.xml": sheet_xml(cells), "xl/sharedStrings.xml": shared, **relationships}
    with refused("workbook_too_large"):
        read_workbook(packed(tmp_path, parts))


PARTS_WITH_STRINGS = {
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Target="/xl/worksheets/sheet1.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/worksheet"/><Relationship Id="r2" Target="sharedStrings.xml" Type="http://'
    'schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
}


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + sheet_xml(ONE)
    with refused("workbook_unreadable"):
        read_workbook(packed(tmp_path, {"xl/worksheets/sheet1.xml": laughs}))


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(ONE)})
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml(FAR))
    with refused("workbook_unreadable"):
        read_workbook(path)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook_unreadable"),
        (b"naam;plaats\r\n", "workbook_unreadable"),
        (b"%PDF-1.7\n", "workbook_unreadable"),
        (b"PK\x03\x04 and then nothing of a zip", "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "workbook_old_or_locked"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "werkmap.xlsx"
    path.write_bytes(content)
    with refused(code):
        read_workbook(path)


def test_another_zip_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "werkmap.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("content.xml", "<x/>")
    with refused("workbook_unreadable"):
        read_workbook(path)


def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    with refused("file_unreadable"):
        read_workbook(tmp_path / "nergens.xlsx")
    with refused("file_unreadable"):
        read_workbook(tmp_path)


def test_a_large_file_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_MEGABYTES", 0)
    with refused("workbook_too_large"):
        read_workbook(saved(tmp_path, a1()))


@pytest.mark.parametrize("part", [10, 400, 2000, 5000])
def test_a_damaged_workbook_is_refused(tmp_path: Path, part: int) -> None:
    path = saved(tmp_path, a1())
    content = path.read_bytes()
    path.write_bytes(content[:-part])
    with refused("workbook_unreadable"):
        read_workbook(path)


def test_the_reader_has_little_memory(tmp_path: Path) -> None:
    """What gets past the look runs into the limit, and the process that asked lives on."""
    used = (
        "import sys; sys.path.insert(0, sys.argv[1]); import reader; reader.limit_resources(); bytearray(2 * 1024**3)"
    )
    folder = str(Path(reader.__file__).parent)

    done = subprocess.run([sys.executable, "-I", "-c", used, folder], capture_output=True, check=False)

    assert b"MemoryError" in done.stderr


def test_a_reader_that_is_ended_or_hangs_says_that_it_was_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, script = saved(tmp_path, a1()), tmp_path / "script.py"
    monkeypatch.setattr(read.reader, "__file__", str(script))
    script.write_text("import os; os.abort()")
    with refused("workbook_too_large"):
        read_workbook(path)
    monkeypatch.setattr(read, "MOST_SECONDS", 0.2)
    script.write_text("import time; time.sleep(30)")
    with refused("workbook_too_large"):
        read_workbook(path)


def test_reading_leaves_this_process_without_limits(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_AS)
    read_workbook(saved(tmp_path, a1()))
    assert resource.getrlimit(resource.RLIMIT_AS) == before


def test_cells_mean_what_excel_shows(tmp_path: Path) -> None:
    day = date(2025, 1, 1)
    cells = [
        "tekst",
        "=1+1",
        12,
        28.8,
        0.1 + 0.2,
        11183.95,
        day,
        datetime.fromisoformat("2025-01-01T13:05"),
        True,
        (0.05, "0.0%"),
        None,
    ]
    (tab,) = read_workbook(raw(tmp_path, {"A": [cells, [None], ["slot"]]}))

    assert tab.name == "A"
    assert list(tab.rows[0][:6]) == ["tekst", "=1+1", Decimal(12), Decimal("28.8"), Decimal("0.3"), Decimal("11183.95")]
    assert list(tab.rows[0][6:10]) == [day, "2025-01-01 13:05", True, "5%"]
    assert tab.rows[2][0] == "slot"


def test_a_format_with_a_percent_sign_in_quotes_is_no_percentage(tmp_path: Path) -> None:
    (tab,) = read_workbook(raw(tmp_path, {"A": [[(5, '0"%"'), (1, "0%"), (0.025, "0.00%")]]}))
    assert list(tab.rows[0]) == [Decimal(5), "100%", "2.5%"]


def test_errors_formulas_without_a_result_and_merged_cells_are_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "werkmap.xlsx"
    with Workbook(str(path)) as book:
        sheet = book.add_worksheet("A")
        sheet.write_formula("A1", "=1/0", None, "#DIV/0!")
        sheet.write_formula("B1", "=1+1", None, 2)
        sheet.merge_range("A2:B3", "samen")
        sheet.write("A4", "slot")
    (tab,) = read_workbook(path)
    assert [list(row) for row in tab.rows] == [
        [Unreadable("cell_error"), Decimal(2)],
        ["samen", Unreadable("cell_merged")],
        [Unreadable("cell_merged"), Unreadable("cell_merged")],
        ["slot", None],
    ]

    unsaved = sheet_xml(f'{ONE}<row r="2"><c r="B2"><f>1+1</f></c></row>')
    (tab,) = read_workbook(packed(tmp_path, {"xl/worksheets/sheet1.xml": unsaved}))
    assert [list(row) for row in tab.rows] == [["x"], [None, Unreadable("cell_without_result")]]


def test_dates_of_old_macs_are_the_same_days(tmp_path: Path) -> None:
    path = tmp_path / "werkmap.xlsx"
    with Workbook(str(path), {"date_1904": True}) as book:
        pattern = book.add_format({"num_format": "d mmm yyyy"})
        book.add_worksheet("A").write_datetime("A1", date(2025, 1, 1), pattern)
    (tab,) = read_workbook(path)
    assert list(tab.rows[0]) == [date(2025, 1, 1)]


def test_charts_are_no_sheets(tmp_path: Path) -> None:
    path = tmp_path / "werkmap.xlsx"
    with Workbook(str(path)) as book:
        book.add_worksheet("A").write_column("A1", [1, 2])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=A!$A$1:$A$2"})
        book.add_chartsheet("Grafiek").set_chart(chart)
    assert [tab.name for tab in read_workbook(path)] == ["A"]


def told(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the reader writes, run in this process and therefore without its limits."""
    monkeypatch.setattr(reader, "limit_resources", lambda: None)
    reader.main(path)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_reader_writes_a_line_for_each_sheet_or_why_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = ["tekst", 12, date(2025, 1, 1), (0.05, "0%"), True, None]
    path = raw(tmp_path, {"A": [cells], "B": [["x"]]})
    assert told(path, capsys, monkeypatch) == [
        {"name": "A", "rows": [["tekst", ["n", "12"], ["d", "2025-01-01"], "5%", True]]},
        {"name": "B", "rows": [["x"]]},
    ]
    bomb = packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(FAR)}, "bom.xlsx")
    assert [line["refused"] for line in told(bomb, capsys, monkeypatch)] == ["workbook_cell_too_far"]
    monkeypatch.setattr(reader, "MOST_WRITTEN", 10)
    assert [line["refused"] for line in told(path, capsys, monkeypatch)] == ["workbook_too_large"]
    monkeypatch.setattr(reader, "read", _out_of_memory)
    assert [line["refused"] for line in told(path, capsys, monkeypatch)] == ["workbook_too_large"]


def _out_of_memory(_path: Path) -> None:
    raise MemoryError


def test_a_percentage_or_an_error_where_calamine_sees_nothing_breaks_nothing(tmp_path: Path) -> None:
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
        '<xf numFmtId="0"/><xf numFmtId="9"/></cellXfs></styleSheet>'
    )
    cells = '<row r="1"><c r="A1" s="1"><v></v></c></row><row r="4"><c r="B4" t="e"><v>#REF!</v></c></row>'
    (tab,) = read_workbook(packed(tmp_path, {"xl/worksheets/sheet1.xml": sheet_xml(cells), "xl/styles.xml": styles}))
    assert [list(row) for row in tab.rows][-1] == [None, Unreadable("cell_error")]
