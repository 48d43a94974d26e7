"""The work paper of a sample as PDF, in the style of the statements but without a number of theirs.

The population and what is needed to draw again are attached, so that the paper alone is enough to do it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from app.auditing.models import Sample
from app.auditing.population import read_line
from app.auditing.sheet import Sheet
from app.extensions import db
from app.rules.dossier_json import canonical
from app.statements.late import File, render_work_paper
from app.statements.service import ACCENT

TEMPLATE = "auditing/work_paper.html"
SAMPLE = "sample.json"


def work_paper(sheet: Sheet, at: datetime) -> bytes:
    """The PDF, in the reader's language, as the sample stands at that moment."""
    sample = sheet.sample
    template = current_app.jinja_env.get_template(TEMPLATE)
    created = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    accent = sample.corporation.accent or ACCENT
    page = template.render(
        sheet=sheet, sample=sample, data=SAMPLE, at=at, created=created, accent=accent, language=str(get_locale())
    )
    files = (
        File(sheet.file, sample.population, _("what could be drawn, by line"), "Source"),
        File(SAMPLE, canonical(_as_json(sample)), _("seed, hash, what was drawn and what was found"), "Data"),
    )
    db.session.rollback()  # rendering takes seconds, and holds no transaction
    return render_work_paper(page, files, at)


def _as_json(sample: Sample) -> dict[str, Any]:
    return {
        "schema": "sample/1",
        "corporation": sample.corporation.kvk,
        "sequence": sample.sequence,
        "seed": sample.seed,
        "size": sample.size,
        "population_sha256": sample.population_sha256,
        "population_size": sample.population_size,
        "drawn_at": sample.drawn_at.astimezone(UTC).isoformat(),
        "drawn": [
            {
                "position": item.position,
                "key": read_line(item.line).key,
                "finding": str(item.finding.outcome) if item.finding else None,
                "text": item.finding.text if item.finding else "",
            }
            for item in sample.items
        ],
    }
