"""What stands on the paper equals the assessment's JSON to the cent, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import HealthCheck, assume, given, settings

from app.rules import Dossier, faults
from app.rules.annual import contract_in_year, follow, people_of, period_of
from app.rules.assessment import Standing
from app.rules.dossier import Amendment, Status
from app.rules.tables import parse_policy
from app.statements import contents, wording
from app.statements.kinds.annual import REPORT, Rest, report_json
from app.statements.models import StatementKind
from app.statements.render import render
from app.web.errors import Invalid
from app.web.formats import euro
from config import ROOT
from tests.pdf.making import CERTIFICATE, KVK, ON, TERMS, a1, imprinted, long, paper, placement, text_of
from tests.rules.strategies import START, days_from, dossiers

FIVE = ("gross_cents", "exempted_cents", "net_cents", "credited_cents", "remaining_cents")
BESIDE = ("due_cents", "pending_cents", "forecast_cents")
# A dossier and a day for each status.
STANDINGS: dict[Standing, tuple[Dossier, date]] = {
    Standing.NOT_APPLICABLE: (a1(terms=replace(TERMS, percentage=Decimal(0))), ON),
    Standing.NOT_STARTED: (a1(), date(2024, 12, 1)),
    Standing.EXEMPT: (a1(certificates=(replace(CERTIFICATE, withdrawn_on=None),)), ON),
    Standing.FULFILLED: (a1(terms=replace(TERMS, percentage=Decimal("3.5"))), ON),
    Standing.ON_TRACK: (a1(terms=replace(TERMS, percentage=Decimal("4.2"))), ON),
    Standing.BEHIND: (a1(), ON),
    Standing.SHORTFALL: (a1(), date(2027, 1, 1)),
}
VERDICTS = {
    Standing.NOT_APPLICABLE: "Voor Schildersbedrijf Van Asten geldt op 24 november 2026 geen social-returnverplichting",
    Standing.NOT_STARTED: "netto € 47.003, begint op 1 januari 2025.",
    Standing.EXEMPT: "is op 24 november 2026 vrijgesteld van de social-returnverplichting van overeenkomst 2025-014.",
    Standing.FULFILLED: "heeft op 24 november 2026 voldaan aan de social-returnverplichting",
    Standing.ON_TRACK: "ligt op 24 november 2026 op koers met de social-returnverplichting",
    Standing.BEHIND: "loopt op 24 november 2026 € 4.936 achter op de social-returnverplichting",
    Standing.SHORTFALL: "heeft op 1 januari 2027 een tekort van € 4.962 op de social-returnverplichting",
}


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def amounts(pdf: bytes) -> str:
    return text_of(pdf).replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_figure_of_example_a1_stands_on_the_paper(language: str) -> None:
    made = paper(language=language)

    told = amounts(render(made))

    figures = json.loads(made.documents["assessment.json"])
    with force_locale(language):
        shown = [euro(figures[key]).replace("\u00a0", " ") for key in FIVE]
        assert " ".join(shown) in told
        for key in BESIDE:
            assert euro(figures[key]).replace("\u00a0", " ") in told
        for contribution in figures["contributions"]:
            for line in contribution["lines"]:
                assert euro(line["cents"]).replace("\u00a0", " ") in told


def test_example_a1_as_the_field_reckons_it() -> None:
    told = amounts(render(paper()))

    assert "€ 62.500,00 € 15.496,58 € 47.003,42 € 38.900,00 € 8.103,42" in told
    assert "€ 43.835,62" in told
    assert "€ 6.481,48" in told
    assert "€ 42.041,78" in told


@pytest.mark.parametrize("count", [5, 150])
def test_every_contribution_stands_on_the_paper_with_its_value_and_the_blocks_add_up(count: int) -> None:
    made = paper(long(count))

    told = amounts(render(made))

    for each in made.assessment.contributions:
        assert f" {each.reference} " in told
        if each.status in (Status.APPROVED, Status.SUBMITTED):
            assert euro(each.value_cents).replace("\u00a0", " ") in told
    by_block: dict[str, int] = {}
    for each in made.assessment.contributions:
        by_block[each.block] = by_block.get(each.block, 0) + each.credited_cents
    assert all(euro(cents).replace("\u00a0", " ") in told for cents in by_block.values())


def test_parts_amendments_and_certificates_stand_on_the_paper() -> None:
    extra = Amendment(date(2025, 10, 1), 150_000_00, None, "W1", "Meerwerk kozijnen")
    longer = Amendment(date(2026, 10, 1), 400_000_00, date(2027, 12, 31), None, "Verlenging")
    made = paper(a1(amendments=(extra, longer)))

    told = amounts(render(made))

    for part in made.assessment.parts:
        for cents in (part.gross_cents, part.exempted_cents, part.due_cents):
            assert euro(cents).replace("\u00a0", " ") in told
    assert "Meerwerk kozijnen" in told
    assert "Verlenging" in told
    assert "PSO-2025-0113" in told


@pytest.mark.parametrize("standing", Standing)
def test_every_status_has_its_verdict_in_both_languages(standing: Standing) -> None:
    dossier, on = STANDINGS[standing]
    dutch, english = paper(dossier, on=on), paper(dossier, on=on, language="en")
    assert dutch.assessment.status is standing

    with force_locale("nl"):
        verdict = wording.verdict(dutch.dossier, dutch.assessment).replace("\u00a0", " ")
    with force_locale("en"):
        in_english = wording.verdict(english.dossier, english.assessment).replace("\u00a0", " ")

    assert VERDICTS[standing] in verdict
    assert in_english != verdict
    assert verdict in amounts(render(dutch))
    assert in_english in amounts(render(english))


def test_an_exemption_that_ends_in_the_term_says_when() -> None:
    ending = replace(CERTIFICATE, withdrawn_on=date(2026, 12, 1))
    made = paper(a1(certificates=(ending,)))

    with force_locale("nl"):
        assert "op 24 november 2026, en tot en met 30 november 2026, vrijgesteld" in wording.verdict(
            made.dossier, made.assessment
        )


def test_what_was_imported_and_what_was_judged_is_told_apart() -> None:
    told = text_of(render(paper()))

    assert "12-03-2026, na beoordeling" in told
    assert "05-01-2026, bij import" in told


def test_a_settlement_and_a_cap_and_an_entry_condition_are_told() -> None:
    policy = parse_policy((ROOT / "data/policies/pso-required.toml").read_text())
    capped = a1(policy=policy, terms=replace(TERMS, activity_cap=Decimal(10)))

    told = amounts(render(paper(capped, on=date(2027, 1, 1))))

    assert "Toelatingseis" in told
    assert "€ 6.250,00" in told


def test_no_reference_of_a_person_stands_in_a_statement() -> None:
    secret = placement("P9", "ww", date(2026, 2, 1), "36", person="SR-geheim-77")
    made = paper(a1(placements=(secret,)))

    content = render(made)

    assert "geheim" not in text_of(content)
    assert b"geheim" not in made.documents["dossier.json"]


def test_a_paper_about_a_day_to_come_says_so() -> None:
    assert "De peildatum ligt na de dag van afgifte" in text_of(render(paper(on=date(2027, 6, 1))))
    assert "De peildatum ligt na de dag van afgifte" not in text_of(render(paper()))


def test_tables_repeat_their_heads_and_every_page_has_its_foot(tmp_path: Path) -> None:
    content = render(paper(long(100)))

    (tmp_path / "long.pdf").write_bytes(content)
    with pikepdf.open(tmp_path / "long.pdf") as pdf:
        pages = len(pdf.pages)
    told = text_of(content)
    assert told.count("Verklaring social return 2026-0042 · peildatum 24 november 2026") >= pages
    assert f"Pagina {pages} van {pages}" in told
    assert told.count("Kenmerk Periode") >= pages - 5


def test_very_many_contributions_have_a_line_each_and_their_sums_in_the_attached_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(contents, "MANY", 20)
    made = paper(long(30))

    told = amounts(render(made))

    assert "staan in het bijgevoegde contributions.csv" in told
    assert "/36 uur" not in told
    for each in made.assessment.contributions:
        assert each.reference in told
        assert not each.credited_cents or euro(each.credited_cents).replace("\u00a0", " ") in told
    assert euro(made.assessment.credited_cents).replace("\u00a0", " ") in told


@given(dossiers(), days_from(START, -40, 560))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_report_can_be_made_of_whatever_contract_there_is(facts: Dossier, on: date) -> None:
    """What is read strictly may refuse no line that the rule book makes."""
    assume(not faults(facts))
    followed = follow(facts, on)
    line, people = Rest(contract_in_year(followed), "cd" * 32), people_of([followed])
    document = report_json(KVK, "Diezeborg", period_of(on.year, on), [line], people)

    assert imprinted(StatementKind.ANNUAL, {REPORT: document}, on=on).kvk == KVK


@pytest.mark.parametrize(
    "change",
    [
        {"gross_cents": 1},
        {"remaining_cents": -99_000_000_00},
        {"remaining_cents": 99_000_000_00},
        {"credited_cents": -1},
    ],
)
def test_a_line_of_a_report_that_no_contract_has_is_refused(change: dict[str, int]) -> None:
    """Also when the totals are made of it."""
    followed = follow(a1(), ON)
    line = Rest(replace(contract_in_year(followed), **change), "cd" * 32)
    document = report_json(KVK, "Diezeborg", period_of(ON.year, ON), [line], people_of([followed]))

    with pytest.raises(Invalid, match="statement_figures_differ"):
        imprinted(StatementKind.ANNUAL, {REPORT: document})
