"""What a reader of the paper must find: the whole of page 1, sums that can be redone, no word against another."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

import pytest
from flask import Flask
from flask_babel import force_locale
from PIL import Image

from app.rules.dates import Period, months_of
from app.rules.dossier import Amendment, Hours, Parties
from app.rules.ladder import Level
from app.rules.tables import parse_policy, parse_rate_table
from app.statements import sums, wording
from app.statements.kinds import PAPERS, read_paper
from app.statements.kinds.supplier import SupplierPaper
from app.statements.models import StatementKind
from app.statements.paper import LOGO, Paper
from app.statements.render import render
from app.web.formats import euro, euro_whole
from config import ROOT
from tests.pdf.kinds import EXAMPLES, final, supplier_of
from tests.pdf.making import CERTIFICATE, TERMS, a1, paper, placement, text_of

ASSURANCE = {"nl": "geen assurance-verklaring", "en": "not an accountant's assurance report"}
LONG_NAME = "Stichting Volkshuisvesting en Woningbeheer De Brug en Omstreken"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def page(pdf: bytes, number: int) -> str:
    """The text of one page."""
    command = ["pdftotext", "-raw", "-f", str(number), "-l", str(number), "-", "-"]
    told = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return re.sub(r"\s+", " ", told)


def plain(text: str) -> str:
    """Without what depends on where lines end."""
    return text.replace("\u00a0", " ").replace("\u2019", "'").replace("- ", "-")


def with_logo(made: Paper) -> Paper:
    drawn = io.BytesIO()
    Image.new("RGB", (300, 140), (200, 60, 20)).save(drawn, "PNG")
    logo = drawn.getvalue()
    imprint = replace(made.imprint, logo_sha256=sha256(logo).hexdigest())
    return read_paper(imprint, {**made.documents, LOGO: logo})


@pytest.mark.parametrize("language", ASSURANCE)
@pytest.mark.parametrize("kind", PAPERS)
def test_page_1_of_every_kind_says_what_the_paper_is_not(kind: StatementKind, language: str) -> None:
    assert ASSURANCE[language] in plain(page(render(with_logo(EXAMPLES[kind](language))), 1))


@pytest.mark.parametrize("number", ["2026-0042", ""])
@pytest.mark.parametrize("language", ASSURANCE)
def test_page_1_holds_all_of_it_with_a_logo_long_names_a_risk_and_a_day_to_come(language: str, number: str) -> None:
    """Also as a draft: without a number."""
    facts = a1(
        parties=Parties("99990000", LONG_NAME, "Schilders- en Onderhoudsbedrijf Gebroeders Van Asten en Zonen"),
        terms=replace(
            TERMS, title="Raamovereenkomst planmatig en dagelijks schilderwerk aan 2.350 woningen, perceel 2B"
        ),
        certificates=(replace(CERTIFICATE, withdrawn_on=None, valid_until=date(2026, 12, 15)),),
    )
    made = paper(facts, on=date(2026, 12, 1), language=language, number=number)
    assert made.imprint.is_ahead and made.assessment.at_risk

    assert ASSURANCE[language] in plain(page(render(with_logo(made)), 1))


@pytest.mark.parametrize(
    ("first", "last", "anchor", "written"),
    [
        ("2026-02-01", "2026-10-31", "2026-02-01", "9 months"),
        ("2025-05-14", "2025-12-31", "2025-05-14", "(7 + 18/31) months"),
        ("2026-01-01", "2026-03-31", "2025-05-14", "(13/31 + 2 + 18/31) months"),
        ("2026-07-01", "2026-07-13", "2025-05-14", "13/30 month"),
        ("2025-01-31", "2025-02-27", "2025-01-31", "1 month"),
    ],
)
def test_months_are_written_as_they_are_counted(first: str, last: str, anchor: str, written: str) -> None:
    days, begins = Period(date.fromisoformat(first), date.fromisoformat(last)), date.fromisoformat(anchor)

    with force_locale("en"):
        told = sums.months_written([days], begins).replace("\u00a0", " ")

    assert told == written
    pieces = told.split(" month")[0].strip("()").split(" + ")
    assert sum(map(Fraction, pieces)) == months_of(days, begins)


def test_a_placement_with_changing_hours_and_a_part_of_a_person_is_told_with_each_factor() -> None:
    hours = (Hours(date(2026, 1, 10), Decimal(20)), Hours(date(2026, 4, 1), Decimal("28.5")))
    facts = a1(placements=(replace(placement("P1", "wia", date(2026, 1, 10), "20"), hours=hours, share=Decimal(50)),))

    told = plain(text_of(render(paper(facts, language="en"))))

    assert "10 Jan 2026 – 31 Mar 2026: (2 + 22/31) months / 12 × 20/36 hours × share of 50% = 0.06272401… year" in told
    assert re.search(r"€40,000\.00 × 0\.\d{8}… year", told)


def test_what_is_behind_and_what_is_over_have_their_sums() -> None:
    over = a1(terms=replace(TERMS, percentage=Decimal("3.5")))

    assert "€43,835.62 due to date − €38,900.00 credited = €4,935.62" in plain(text_of(render(paper(language="en"))))
    assert "€38,900.00 credited − €32,902.40 net = €5,997.60" in plain(text_of(render(paper(over, language="en"))))


def test_page_1_says_by_which_number_the_supplier_is_known_and_of_what_the_gross_is_made() -> None:
    policy = parse_policy((ROOT / "data/policies/capped.toml").read_text())
    extra = Amendment(date(2025, 10, 1), 150_000_00, None, "W1", "")
    large = a1(policy=policy, terms=replace(TERMS, contract_sum_cents=20_000_000_00), amendments=(extra,))

    first = plain(page(render(paper(large, language="en")), 1))

    assert f"KvK number of the supplier {TERMS.kvk}" in first
    assert "5% of €20,000,000.00 (contract sum), with 1 amendment, at most €300,000" in first
    assert f"policy: {policy.name['en']}" in first


def test_a_paper_without_an_obligation_says_why() -> None:
    none = a1(terms=replace(TERMS, percentage=Decimal(0)))

    content = render(paper(none, language="en"))

    assert "Why no obligation applies: The percentage is 0." in plain(page(content, 1))
    assert "surplus" not in text_of(content)


def test_the_level_at_the_award_stands_beside_a_bar_that_says_otherwise() -> None:
    policy = parse_policy((ROOT / "data/policies/stepped-at-award.toml").read_text())
    held = replace(CERTIFICATE, valid_from=date(2023, 6, 1), valid_until=date(2024, 12, 1), withdrawn_on=None)

    first = plain(page(render(paper(a1(policy=policy, certificates=(held,)), language="en")), 1))

    assert "only the day of award counts, 15 November 2024: PSO-2025-0113, level 2, so" in first


def test_the_mark_of_a_certificate_stands_beside_its_level() -> None:
    marked = replace(CERTIFICATE, level=Level.ONE, thirty_plus=True, withdrawn_on=None)

    assert "PSO-2025-0113, level 1 30+" in plain(text_of(render(paper(a1(certificates=(marked,)), language="en"))))


def test_the_day_that_chose_the_table_is_told_and_its_source_in_the_reader_s_language() -> None:
    told = plain(text_of(render(paper(language="en"))))

    assert "chosen by the day of award, 15 November 2024." in told
    assert "Bouwblokkenmodel social return (current version)." in told
    earlier = parse_rate_table((ROOT / "data/rate-tables/utrecht-2019.toml").read_text())
    with force_locale("en"):
        assert wording.table_name(earlier) == "Gemeente Utrecht (earlier table)"


def test_a_final_statement_asks_for_nothing_any_more() -> None:
    content = render(final("en"))
    told = plain(text_of(content))

    for word in ("Remaining", "forecast at the end", "Due to date €", "carries a penalty", "#9c2418"):
        assert word not in told
    assert "€4,961.64 short × 1 = €4,961.64" in told
    assert "the shortfall × 1" in page(content, 1)


def test_a_draft_speaks_of_no_attached_data_and_of_no_address() -> None:
    for kind in PAPERS:
        made = EXAMPLES[kind]("en")
        told = text_of(render(replace(made, imprint=replace(made.imprint, number="", code=""))))
        assert "attached" not in told and "address above" not in told and "SHA-256" not in told, kind


def test_no_line_ends_between_a_minus_and_its_amount() -> None:
    assert sums.kept_together("8 × \u2212€1,291.14 & more") == '8 × <span class="one">\u2212€1,291.14</span> &amp; more'


def test_a_supplier_s_paper_lists_what_waits_and_tells_shortfalls_from_what_is_to_be_done() -> None:
    over = a1(terms=replace(TERMS, number="2025-001", ends_on=date(2026, 10, 31), excused=True), certificates=())
    both, ended = supplier_of(a1(), over, language="en"), supplier_of(over, language="en")
    assert isinstance(both, SupplierPaper)

    content = render(both)
    told = plain(text_of(content))

    waiting = both.values()["pending"]["2025-014"][0].entries[0]
    assert waiting.reference == "P3" and "Submitted on 2025-014, not yet judged" in told
    with force_locale("en"):
        short, exact = euro_whole(both.short_cents()), euro(both.short_cents(excused=True))
        assert (
            f"still has €8,103 of social return to provide on its running contracts, and is {short} short"
            in both.verdict
        )
        assert both.verdict.endswith("1 contract is behind.") and "behind" not in ended.verdict
        assert "still has" not in ended.verdict and f"is {short} short" in ended.verdict
    assert f"For {exact} of it the supplier is excused." in plain(page(content, 1))
    assert ended.ink != both.ink


def test_an_annual_report_says_on_page_1_through_which_day_what_is_met_and_how_contracts_stand() -> None:
    first = plain(page(render(EXAMPLES[StatementKind.ANNUAL]("en")), 1))

    assert "In 2026, through 24 November 2026, 14 people were placed" in first
    assert "2 contracts that run in 2026: 1 fulfilled, 1 behind" in first
    assert "Met is what is credited on a contract, at most its net obligation" in first
    assert "each once for a contract" in first


def test_an_extract_says_what_each_record_is_about() -> None:
    told = text_of(render(EXAMPLES[StatementKind.LOG]("en")))

    assert "Contract no. 1 changed" in told
