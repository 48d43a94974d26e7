"""One statement, whole, beside bare WeasyPrint on the same HTML in the same run: `python -m bench.statement [RUNS]`.

Whole: load, assess, freeze, render, attach, seal, store, enter in the register, on a database of its own. Bare:
WeasyPrint makes the same HTML, with the same style sheet, `pdf_variant` and attachments, and everything anew, as a
script would. The two take turns; printed are the medians and their ratio, and what the rule book takes of it. Beside
them what else makes a PDF (bench/peers.py): Chromium of the same HTML, LibreOffice of a workbook with the same figures.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from app.contracts.models import Contract
from app.extensions import db
from app.rules import assess
from app.rules.dossier import Status
from app.statements import service
from app.statements.kinds import read_paper
from app.statements.kinds.contract import ContractPaper
from app.statements.paper import Paper
from app.statements.render import VARIANT, attachments_of, page_of
from app.statements.typeface import Gate, sheet_text
from bench.peers import peers
from tests import factories as make
from tests.support import application, migrate, settings

ON = date(2026, 11, 24)
SIZES = (3, 100)
HOURS = tuple(Decimal(hours) for hours in (20, 24, 32, 36))


def a_contract(placements: int) -> int:
    """Example A1 of the field with so many placements; the id of the contract."""
    contract = make.contract()
    make.certificate(contract.corporation, [contract.supplier.kvk], withdrawn_on=date(2025, 7, 1))
    for number in range(placements):
        make.placement(contract, status=Status.APPROVED, hours=HOURS[number % len(HOURS)])
    make.activity(contract, status=Status.APPROVED)
    return contract.id


def bare(paper: Paper, page: str) -> bytes:
    fonts = FontConfiguration()
    style = CSS(string=sheet_text(), font_config=fonts, url_fetcher=Gate())
    document = HTML(string=page, url_fetcher=Gate()).render(stylesheets=[style], font_config=fonts, pdf_variant=VARIANT)
    made: bytes = document.write_pdf(attachments=attachments_of(paper), pdf_variant=VARIANT)
    return made


def seconds(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


def compare(placements: int, runs: int) -> None:
    contract_id = a_contract(placements)

    def whole() -> object:
        return service.issue(db.session.get_one(Contract, contract_id), ON, by="bench")

    statement = service.issue(db.session.get_one(Contract, contract_id), ON, by="bench")
    imprint = service.imprint_of(statement, statement.language)
    paper = read_paper(imprint, statement.documents)
    assert isinstance(paper, ContractPaper)
    page = page_of(paper)
    bare(paper, page)
    pairs = [(seconds(whole), seconds(lambda: bare(paper, page))) for _ in range(runs)]
    ours, theirs = (median(each) * 1000 for each in zip(*pairs, strict=True))
    rules = median(seconds(lambda: assess(paper.dossier, ON)) for _ in range(runs)) * 1000
    print(f"{placements:>10} {ours:>10.0f} {theirs:>10.0f} {ours / theirs:>7.2f} {rules:>10.1f} {theirs / rules:>8.0f}")
    for name, milliseconds in peers(page, paper, runs):
        print(f"{'':>10} {name}: {milliseconds:.0f} ms, {milliseconds / ours:.2f} times ours", flush=True)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    logging.disable()
    with TemporaryDirectory() as folder:
        config = settings(Path(folder), f"sqlite:///{folder}/bench.sqlite3")
        migrate(config)
        with application(config) as app, app.app_context():
            print(f"{'placements':>10} {'whole, ms':>10} {'bare, ms':>10} {'ratio':>7} {'assess, ms':>10} {'1 in':>8}")
            for size in SIZES:
                compare(size, runs)


if __name__ == "__main__":
    main()
