"""The demo's sample: five contributions that the auditor drew, of which three are looked at."""

from __future__ import annotations

from datetime import date

from app.accounts.models import Corporation
from app.accounts.queries import user_named
from app.auditing.models import Outcome
from app.auditing.queries import Asked, last_sequence
from app.auditing.service import draw, note
from app.demo.parties import AUDITOR

SIZE, SEED, TITLE = 5, "diezeborg-2026", "Interim-controle 2026"
FINDINGS = (
    (Outcome.IN_ORDER, "Plaatsingsovereenkomst en urenstaat gezien."),
    (Outcome.IN_ORDER, ""),
    (Outcome.DEVIATION, "De urenstaat van de laatste twee maanden ontbreekt."),
)


def draw_a_sample(corporation: Corporation) -> bool:
    """Where none was drawn; says whether that was so."""
    if last_sequence(corporation):
        return False
    auditor = user_named(AUDITOR.email)
    asked = Asked(corporation, approved_from=date(2025, 1, 1))
    sample = draw(asked, SIZE, by=auditor, seed=SEED, title=TITLE)
    item_ids = [item.id for item in sample.items]
    for item_id, (outcome, text) in zip(item_ids, FINDINGS, strict=False):
        note(item_id, outcome, text, by=auditor, seen_version=0)
    return True
