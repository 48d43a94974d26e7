"""The contributions as a table: a row each, what the figures say, and no cell that a spreadsheet would calculate."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.rules import assess
from app.rules.dossier import Activity, Dossier, Hours, Status
from app.statements.table import contributions_csv
from tests.pdf.making import ON, a1, placement


def rows_of(facts: Dossier) -> dict[str, dict[str, str]]:
    written = contributions_csv(facts, assess(facts, ON)).decode("utf-8-sig")
    return {row["reference"]: row for row in csv.DictReader(io.StringIO(written), delimiter=";")}


def test_each_contribution_has_a_row_with_its_figures() -> None:
    facts = a1()
    figures = {each.reference: each for each in assess(facts, ON).contributions}

    rows = rows_of(facts)

    assert list(rows) == ["A1", "P1", "P2", "P3"]
    assert {reference: Decimal(row["credited_eur"]) * 100 for reference, row in rows.items()} == {
        reference: each.credited_cents for reference, each in figures.items()
    }
    assert rows["P1"] | {"counted_to": ""} == {
        "reference": "P1",
        "block": "participatiewet",
        "status": "approved",
        "person": "P1",
        "first_day": "2026-02-01",
        "last_day": "2026-10-31",
        "hours_per_week": "2026-02-01: 28.8",
        "bonuses": "",
        "counted_from": "2026-02-01",
        "counted_to": "",
        "value_eur": "24000.00",
        "credited_eur": "24000.00",
        "approved_on": "2026-03-12",
        "approved_how": "review",
    }
    assert (rows["P3"]["credited_eur"], rows["P3"]["approved_on"]) == ("0.00", "")
    assert float(rows["P3"]["value_eur"]) > 0


def test_changing_hours_and_bonuses_stand_in_one_cell_and_formulas_stay_text() -> None:
    changing = placement("=1+1", "participatiewet", date(2026, 2, 1), "20", bonuses=("bonus-50plus", "bonus-permanent"))
    hours = (*changing.hours, Hours(date(2026, 5, 1), Decimal(32)))
    activity = Activity("@A", "mobility", date(2026, 6, 1), Status.DRAFT, 100_00)
    facts = a1(placements=(replace(changing, hours=hours),), activities=(activity,))

    rows = rows_of(facts)

    assert rows["'=1+1"]["hours_per_week"] == "2026-02-01: 20; 2026-05-01: 32"
    assert rows["'=1+1"]["bonuses"] == "bonus-50plus, bonus-permanent"
    assert rows["'@A"]["last_day"] == "2026-06-01"
