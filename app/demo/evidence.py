"""The demo's evidence: what the supplier sent along, a visit, and what the sheltered-work company says."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pikepdf

from app.accounts.models import Corporation, Language
from app.accounts.queries import user_named
from app.confirmations.entries import Question
from app.confirmations.models import Disputed
from app.confirmations.service import ask, say_no, say_yes
from app.contracts.queries import contract_numbered
from app.demo import queries
from app.demo.parties import LEADER, PARTNER, SUPPLIER
from app.evidence.entries import Look, Sent
from app.evidence.models import EvidenceKind
from app.evidence.queries import About, SubjectKind
from app.evidence.service import add_files, record_look

CONTRACT, CONFIRMED, DISPUTED = "2025-014", "W-1042", "W-1081"
FILES = (
    (CONFIRMED, "plaatsingsovereenkomst.pdf", "Plaatsingsovereenkomst voor W-1042, namen afgedekt"),
    (DISPUTED, "inzetplanning-september.pdf", "Inzetplanning september voor W-1081, namen afgedekt"),
)
VISIT = Look(
    EvidenceKind.VISIT,
    date(2026, 10, 21),
    LEADER.name,
    "Twee mensen van het werkbedrijf aan het werk op de steiger, met de voorman gesproken.",
)
PARTNERS_ADDRESS = "aanmelden@werkbedrijfdedieze.example"


def add_evidence(corporation: Corporation) -> bool:
    """Add it where there is none, and say whether that was so."""
    contract = contract_numbered(corporation, CONTRACT)
    if queries.has_evidence(contract):
        return False
    contract_id, leader, supplier = contract.id, user_named(LEADER.email), user_named(SUPPLIER.email)
    versions = {reference: queries.held(contract, reference).id for reference, *_file in FILES}
    for reference, name, words in FILES:
        about = About(SubjectKind.CONTRIBUTION, versions[reference])
        add_files(about, [Sent(name, _page(words))], description=words, by=supplier)
    record_look(About(SubjectKind.CONTRACT, contract_id), VISIT, by=leader)
    question = Question(PARTNER, PARTNERS_ADDRESS, Language.DUTCH)
    links = [ask(versions[each], question, by=leader).address for each in (CONFIRMED, DISPUTED)]
    yes, no = (each.rpartition("/")[2] for each in links)
    say_yes(yes)
    say_no(no, Disputed.HOURS, "In onze planning staat 16 uur per week, niet 20.")
    return True


def _page(words: str) -> bytes:
    """A PDF of one page that says what it stands for."""
    document, made = pikepdf.new(), BytesIO()
    page = document.add_blank_page(page_size=(595, 842))
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=document.make_indirect(font)))
    page.Contents = document.make_stream(f"BT /F1 14 Tf 72 760 Td ({words}) Tj ET".encode("ascii"))
    document.save(made, deterministic_id=True)
    return made.getvalue()
