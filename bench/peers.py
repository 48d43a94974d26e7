"""What else makes a PDF, timed on the same figures: headless Chromium, and LibreOffice as people use it today."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import xlsxwriter
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from app.statements.kinds.contract import ContractPaper
from app.statements.typeface import SCHEME, font_files, sheet_text
from tests.browser.conftest import ARGUMENTS, NAMES

COLD_RUNS = 3
OFFICE = "soffice"


def peers(page: str, paper: ContractPaper, runs: int) -> Iterator[tuple[str, float]]:
    """The name of each peer that this machine has, and its median in milliseconds."""
    styled = page.replace("</head>", f"<style>{_sheet()}</style></head>", 1)
    with sync_playwright() as playwright:
        browser = _browser(playwright)
        kept = browser.new_page()
        _print(kept, styled)
        yield "Chromium, a warm page", _median(lambda: _print(kept, styled), runs)
        yield "Chromium, a new page", _median(lambda: _print_anew(browser, styled), runs)
        browser.close()
        yield "Chromium, cold", _median(lambda: _print_cold(playwright, styled), COLD_RUNS)
    if which(OFFICE):
        with TemporaryDirectory() as folder:
            workbook = _workbook(Path(folder), paper)
            yield "LibreOffice, cold", _median(lambda: _convert(workbook), COLD_RUNS)


def _median(act: Callable[[], object], runs: int) -> float:
    taken = []
    for _ in range(runs):
        begun = perf_counter()
        act()
        taken.append(perf_counter() - begun)
    return median(taken) * 1000


def _browser(playwright: Playwright) -> Browser:
    path = next(found for name in NAMES if (found := which(name)))
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))


def _print(page: Page, html: str) -> bytes:
    page.set_content(html)
    return page.pdf(format="A4", tagged=True, outline=True)


def _print_anew(browser: Browser, html: str) -> bytes:
    page = browser.new_page()
    try:
        return _print(page, html)
    finally:
        page.close()


def _print_cold(playwright: Playwright, html: str) -> bytes:
    browser = _browser(playwright)
    try:
        return _print(browser.new_page(), html)
    finally:
        browser.close()


def _sheet() -> str:
    """Our style sheet with the fonts in it: a page without an address may open no file."""
    sheet = sheet_text()
    for path in font_files():
        data = base64.b64encode(path.read_bytes()).decode()
        sheet = sheet.replace(f"{SCHEME}{path.name}", f"data:font/woff2;base64,{data}")
    return sheet


def _workbook(folder: Path, paper: ContractPaper) -> Path:
    """The figures and the contributions as a sheet."""
    path, figures = folder / "statement.xlsx", paper.assessment
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for row, key in enumerate(("gross_cents", "exempted_cents", "net_cents", "credited_cents", "remaining_cents")):
            sheet.write_row(row, 0, [key, getattr(figures, key) / 100])
        for row, each in enumerate(figures.contributions, start=7):
            lines = [cell for line in each.lines for cell in (line.block, line.cents / 100)]
            sheet.write_row(row, 0, [each.reference, each.block, each.status.value, each.value_cents / 100, *lines])
    return path


def _convert(workbook: Path) -> None:
    asked = [OFFICE, "--headless", "--convert-to", "pdf", "--outdir", str(workbook.parent), str(workbook)]
    subprocess.run(asked, check=True, capture_output=True)  # noqa: S603
