"""Papers for tests, made from facts alone: example A1 of the field with what a test changes, and long ones."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.rules import assess
from app.rules.assessment_json import assessment_to_json
from app.rules.dossier import Activity, Approval, Dossier, Hours, Parties, Placement, Status, Terms
from app.rules.dossier_json import canonical, dossier_to_json
from app.rules.ladder import Certificate, Level
from app.rules.tables import parse_policy, parse_rate_table
from app.statements.kinds import hash_of, read_paper
from app.statements.kinds.contract import ASSESSMENT, DOSSIER, ContractPaper
from app.statements.models import StatementKind
from app.statements.paper import Documents, Imprint, Paper
from config import ROOT

KVK, SUPPLIER_KVK = "99990000", "99990017"
ON = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
REVIEWED, IMPORTED = Approval(date(2026, 3, 12), "review"), Approval(date(2026, 1, 5), "import")
BLOCKS = ("participatiewet", "banenafspraak", "pro-vso-entree", "wia", "ww", "bbl", "bol", "nug")
TERMS = Terms(
    "2025-014",
    "Renovatie Oosterwijk",
    SUPPLIER_KVK,
    date(2025, 1, 1),
    date(2026, 12, 31),
    1_250_000_00,
    Decimal(5),
    awarded_on=date(2024, 11, 15),
)
CERTIFICATE = Certificate(
    "PSO-2025-0113",
    Level.TWO,
    date(2025, 1, 1),
    date(2026, 12, 31),
    (SUPPLIER_KVK,),
    withdrawn_on=date(2025, 7, 1),
    checked_on=date(2025, 1, 15),
)


def placement(
    reference: str, block: str, first: date, hours: str, last: date | None = None, **values: Any
) -> Placement:
    shown = {"status": Status.APPROVED, "approval": REVIEWED, "person": reference} | values
    return Placement(
        reference=reference, block=block, starts_on=first, hours=hours_from(first, hours), ends_on=last, **shown
    )


def hours_from(first: date, hours: str) -> tuple[Hours, ...]:
    return (Hours(first, Decimal(hours)),)


def a1(**changes: Any) -> Dossier:
    """Example A1 (domain.md, section 5); `terms` and other parts can be changed."""
    facts = Dossier(
        Parties(KVK, "Woningcorporatie Diezeborg", "Schildersbedrijf Van Asten"),
        TERMS,
        parse_rate_table((ROOT / "data/rate-tables/utrecht-2024.toml").read_text()),
        parse_policy((ROOT / "data/policies/level-2-exempts.toml").read_text()),
        certificates=(CERTIFICATE,),
        placements=(
            placement("P1", "participatiewet", date(2026, 2, 1), "28.8", date(2026, 10, 31)),
            placement("P2", "bbl", date(2026, 10, 12), "32", approval=IMPORTED),
            placement("P3", "banenafspraak", date(2026, 9, 1), "20", status=Status.SUBMITTED, approval=None),
        ),
        activities=(
            Activity("A1", "social-purchase", date(2026, 6, 18), Status.APPROVED, 11_183_95, approval=REVIEWED),
        ),
        recorded_at="2026-11-24T09:41:00Z",
    )
    return replace(facts, **changes)


def long(count: int) -> Dossier:
    """A dossier of so many placements, some with changing hours, bonuses, or a status that counts nothing."""
    return replace(a1(), placements=tuple(_numbered(each) for each in range(count)), activities=())


def _numbered(number: int) -> Placement:
    first = date(2025, 1 + number % 12, 1 + number % 28)
    made = placement(
        f"W{number:04d}",
        BLOCKS[number % len(BLOCKS)],
        first,
        ("20", "24", "32", "36", "40")[number % 5],
        date(2026, 1 + number * 7 % 10, 1 + number * 5 % 28),
        bonuses=("bonus-50plus", "bonus-permanent") if number % 5 == 0 else (),
        approval=IMPORTED if number % 2 else REVIEWED,
    )
    if number % 9 == 0:
        made = replace(made, hours=(*made.hours, Hours(date(2026, 1, 1), Decimal(16))))
    other = (Status.SUBMITTED, Status.DRAFT, Status.REJECTED)[number % 3]
    return replace(made, status=other, approval=None) if number % 13 == 0 else made


def paper(dossier: Dossier | None = None, *, on: date = ON, **imprint: Any) -> ContractPaper:
    """The paper of a dossier; `imprint` names what a test changes of it."""
    made = imprinted(StatementKind.CONTRACT, documents_of(dossier or a1(), on), on=on, **imprint)
    assert isinstance(made, ContractPaper)
    return made


def documents_of(facts: Dossier, on: date = ON) -> dict[str, bytes]:
    """What is frozen of a contract."""
    return {
        DOSSIER: canonical(dossier_to_json(facts)),
        ASSESSMENT: canonical(assessment_to_json(assess(facts, on))),
    }


def imprinted(kind: StatementKind, documents: Documents, **imprint: Any) -> Paper:
    """The paper of a kind that these documents make, under an imprint of ours."""
    shown: dict[str, Any] = {
        "kind": str(kind),
        "number": "2026-0042",
        "code": "7F3K2Q9D5HXN4MWT",
        "language": "nl",
        "on": ON,
        "issued_at": AT,
        "issued_by": "J. Hendriks",
        "issued_as": "project_leader",
        "city": "Den Bosch",
        "accent": "#0b5a66",
        "public_url": "https://wederdienst.example",
        "document_sha256": hash_of(kind, documents),
        "chain_sequence": 123,
        "chain_head": "ab" * 32,
    }
    return read_paper(Imprint(**(shown | imprint)), documents)


def text_of(pdf: bytes) -> str:
    """The text of a PDF as a reader selects it, with single blanks."""
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s+", " ", told)


def made_by_another_process(folder: Path, source: str) -> bytes:
    """What a fresh Python prints to a file when it runs `source`, which finds the file's name in `sys.argv[1]`."""
    out = folder / "made.pdf"
    subprocess.run([sys.executable, "-c", source, str(out)], cwd=ROOT, check=True)
    return out.read_bytes()
