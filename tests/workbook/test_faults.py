"""Bad input: each fault is a line with sheet, row and column that says what to do, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask_babel import force_locale

from app.accounts.models import Corporation, Role
from app.audit.models import AuditPayload
from app.extensions import db
from app.workbook.faults import Fault, WorkbookRefused
from tests import factories
from tests.workbook.conftest import Load, digest
from tests.workbook.making import CONTRACT, SUPPLIER, a1, changed, every_kind, raw, typed

Lines = Callable[..., list[str]]
BSN = "111222333"


class Case(NamedTuple):
    """One cell that is wrong, where the line says that it stands, and the sentence in both languages."""

    sheet: str
    cells: dict[str, Any]
    place: str
    dutch: str
    english: str


BSN_DUTCH = "Dit lijkt op een burgerservicenummer (BSN); dat mag hier niet staan. Gebruik een eigen kenmerk."
BSN_ENGLISH = "This looks like a citizen service number (BSN), which may not stand here. Use a reference of your own."

# The first row of each sheet (row 2), as somebody typed it.
CASES = {
    "a wrong KvK number": Case(
        "Suppliers",
        {"kvk": "1234567"},
        "kvk",
        "“1234567” is geen KvK-nummer: dat heeft acht cijfers.",
        "“1234567” is not a KvK number: it has eight digits.",
    ),
    "an end before a start": Case(
        "Placements",
        {"ends_on": "2026-01-31"},
        "ends_on",
        "Het einde ligt voor het begin (1 februari 2026). Verbeter een van de twee.",
        "The end lies before the start (1 February 2026). Correct one of the two.",
    ),
    "a contract that ends before it starts": Case(
        "Contracts",
        {"ends_on": "2024-12-31"},
        "ends_on",
        "Het einde ligt voor het begin (1 januari 2025). Verbeter een van de twee.",
        "The end lies before the start (1 January 2025). Correct one of the two.",
    ),
    "hours over 60": Case(
        "Placements",
        {"hours_per_week": 61},
        "hours_per_week",
        "61 uur per week kan niet: het is 0 tot en met 60.",
        "61 hours a week cannot be: it is 0 to 60.",
    ),
    "hours below 0": Case(
        "Placements",
        {"hours_per_week": "20; 2026-05-01: -1"},
        "hours_per_week",
        "−1 uur per week kan niet: het is 0 tot en met 60.",
        "−1 hours a week cannot be: it is 0 to 60.",
    ),
    "a series without days": Case(
        "Placements",
        {"hours_per_week": "20; 32"},
        "hours_per_week",
        "Bij “32” ontbreekt de dag waarop het ingaat. Schrijf een reeks als 20; 2025-05-01: 32, elke wijziging met haar"
        " dag.",
        "“32” has no day from which it holds. Write a series like 20; 2025-05-01: 32, each change with its day.",
    ),
    "a block that the table does not have": Case(
        "Placements",
        {"block": "wajong"},
        "block",
        "De bouwblokkentabel “Gemeente Utrecht” kent geen bouwblok “wajong”. Kies er een uit de tabel.",
        "The rate table “Gemeente Utrecht” has no building block “wajong”. Choose one of the table.",
    ),
    "a bonus without a placement": Case(
        "Activities",
        {"block": "bonus-50plus"},
        "block",
        "“bonus-50plus” is een bonus. Vraag hem aan bij de plaatsing waar hij bij hoort.",
        "“bonus-50plus” is a bonus. Claim it on the placement that it belongs to.",
    ),
    "a bonus that the table does not have": Case(
        "Placements",
        {"bonuses": "bonus-100plus"},
        "bonuses",
        "De bouwblokkentabel “Gemeente Utrecht” kent geen bonus “bonus-100plus”. Kies er een uit de tabel.",
        "The rate table “Gemeente Utrecht” has no bonus “bonus-100plus”. Choose one of the table.",
    ),
    "an amount that is not clear": Case(
        "Contracts",
        {"contract_sum": "1.25,0"},
        "contract_sum",
        "“1.25,0” is niet duidelijk als bedrag. Schrijf het als 1250,50 of 1.250,50.",
        "“1.25,0” is not clear as an amount. Write it like 1250.50 or 1,250.50.",
    ),
    "an amount in parts of cents": Case(
        "Activities",
        {"amount": 10.125},
        "amount",
        "Een bedrag heeft hoogstens twee decimalen.",
        "An amount has at most two decimals.",
    ),
    "a citizen service number": Case("Placements", {"person": BSN}, "person", BSN_DUTCH, BSN_ENGLISH),
    "a citizen service number as a number": Case(
        "Placements", {"person": int(BSN)}, "person", BSN_DUTCH, BSN_ENGLISH
    ),
    "a citizen service number where a day belongs": Case(
        "Placements", {"ends_on": f"zie {BSN}"}, "ends_on", BSN_DUTCH, BSN_ENGLISH
    ),
    "a level that is not there": Case(
        "Certificates",
        {"level": "4"},
        "level",
        "“4” is hier niet bekend. Kies een van: aspirant, basis, 1, 2, 3.",
        "“4” is not known here. Choose one of: aspirant, basis, 1, 2, 3.",
    ),
    "a state that is not there": Case(
        "Activities",
        {"status": "klaar"},
        "status",
        "“klaar” is hier niet bekend. Kies een van: concept, ingediend, goedgekeurd, afgewezen.",
        "“klaar” is not known here. Choose one of: draft, submitted, approved, rejected.",
    ),
    "a certificate over two years": Case(
        "Certificates",
        {"valid_until": "2027-01-01"},
        "valid_until",
        "Een certificaat geldt hoogstens twee jaar: hier tot en met 31 december 2026. Kijk beide dagen na.",
        "A certificate is valid at most two years: here until 31 December 2026. Look at both days.",
    ),
    "an empty cell that must be filled in": Case(
        "Contracts", {"title": "  "}, "title", "Dit moet worden ingevuld.", "This must be filled in."
    ),
    "a list without anything in it": Case(
        "Certificates", {"kvk": " , "}, "kvk", "Dit moet worden ingevuld.", "This must be filled in."
    ),
    "a supplier that is not there": Case(
        "Contracts",
        {"kvk": "99990009"},
        "kvk",
        "De Brug heeft geen leverancier met KvK-nummer 99990009. Importeer die of voeg die eerst toe.",
        "De Brug has no supplier with KvK number 99990009. Import or add it first.",
    ),
    "a table that is not there": Case(
        "Contracts",
        {"rate_table": "utrecht-1999"},
        "rate_table",
        "Er is geen bouwblokkentabel “utrecht-1999”. Kijk het id na, of voeg de tabel eerst toe.",
        "There is no rate table “utrecht-1999”. Look at the id, or add the table first.",
    ),
    "a policy that is not there": Case(
        "Contracts",
        {"policy": "geen"},
        "policy",
        "Er is geen regeling “geen”. Kijk het id na, of voeg de regeling eerst toe.",
        "There is no policy “geen”. Look at the id, or add the policy first.",
    ),
    "a project leader who is not there": Case(
        "Contracts",
        {"project_leader": "Niemand@Example.org"},
        "project_leader",
        "De Brug heeft geen projectleider met het adres niemand@example.org. Voeg de gebruiker eerst toe, of laat dit"
        " leeg.",
        "De Brug has no project leader with the address niemand@example.org. Add the user first, or leave this empty.",
    ),
    "a contract that is not there": Case(
        "Activities",
        {"contract": "2025-99"},
        "contract",
        "De Brug heeft geen overeenkomst met nummer 2025-99. Kijk hoe het geschreven is.",
        "De Brug has no contract with number 2025-99. Look at how it is written.",
    ),
    "a reference that stands on both sheets": Case(
        "Activities",
        {"reference": "P1"},
        "reference",
        "Dit kenmerk staat twee keer in de overeenkomst. Geef een van de twee een ander kenmerk.",
        "This reference stands in the contract twice. Give one of them another.",
    ),
    "a day as a contract number": Case(
        "Contracts",
        {"title": "x" * 301},
        "title",
        "Dit is te lang: hoogstens 300 tekens.",
        "This is too long: at most 300 characters.",
    ),
    "a share over 100": Case(
        "Placements",
        {"share": "100,5"},
        "share",
        "100,5 kan niet: geef een percentage van hoogstens 100.",
        "100.5 cannot be: give a percentage up to 100.",
    ),
}  # fmt: skip


@pytest.fixture
def corporation(app: Flask) -> Iterator[Corporation]:
    """On SQLite: what is refused here never reaches a database."""
    with app.app_context():
        yield factories.corporation(kvk="12345678", name="De Brug")


def line(language: str, sheet: str, row: int, column: str, words: str) -> str:
    named = ("rij", "kolom") if language == "nl" else ("row", "column")
    return f"{sheet}, {named[0]} {row}, {named[1]} {column}: {words}"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_bad_input_is_named_beside_its_cell(
    corporation: Corporation, lines: Lines, tmp_path: Path, case: Case, language: str
) -> None:
    before = digest()
    wrong = typed(tmp_path, changed(a1(), case.sheet, 0, **case.cells))

    with force_locale(language):
        found = lines(wrong)

    words = case.dutch if language == "nl" else case.english
    assert line(language, case.sheet, 2, case.place, words) in found
    others = [each for each in found if not each.startswith(f"{case.sheet}, ")]
    assert others == [], "a fault in one row makes no other row look wrong"
    assert digest() == before or _only_schemes()


def _only_schemes() -> bool:
    """The shipped schemes came in before the workbook was refused."""
    return db.session.query(AuditPayload).count() == 1


def test_amounts_with_a_comma_or_a_point_are_understood(corporation: Corporation, load: Load, tmp_path: Path) -> None:
    sheets = changed(a1(), "Contracts", 0, contract_sum="1.250.000,50", percentage="5,0%")
    sheets = changed(sheets, "Activities", 0, amount="1250.50")

    report = load(typed(tmp_path, sheets))

    assert report.counts["activities"].total() == 1
    assert not load(typed(tmp_path, changed(sheets, "Contracts", 0, contract_sum=1250000.5))).has_changes


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("nl", "Op 1 oktober 2026 komen de aandelen van deze persoon samen op 110%. Samen mogen ze 100% zijn."),
        ("en", "On 1 October 2026 the shares of this person come to 110%. Together they may be 100%."),
    ],
)
def test_shares_over_100_are_named_at_the_last_row_about_that_day(
    corporation: Corporation, lines: Lines, language: str, expected: str
) -> None:
    sheets = every_kind()
    sheets["Placements"] = [
        sheets["Placements"][0] | {"share": "60"},
        sheets["Placements"][0]
        | {"contract": "2025/20 B", "reference": "P7", "share": "50", "starts_on": "2026-10-01", "ends_on": None},
        sheets["Placements"][0]
        | {"reference": "P8", "share": "40", "starts_on": "2025-01-01", "ends_on": "2025-12-31"},
    ]
    with force_locale(language):
        assert lines(sheets) == [line(language, "Placements", 3, "share", expected)]


def test_shares_count_what_is_there_already_also_of_another_corporation(
    corporation: Corporation, lines: Lines, load: Load
) -> None:
    another = factories.corporation()
    elsewhere = factories.contract(another, factories.supplier(another, kvk=SUPPLIER))
    person = factories.person(elsewhere.supplier, "D-0101")
    factories.placement(elsewhere, person_=person, status="submitted", share_percent=1)

    (found,) = lines(a1())

    assert found.startswith("Placements, rij 2, kolom share: Op 1 februari 2026 komen de aandelen")
    assert elsewhere.number not in found
    load(changed(a1(), "Placements", 0, share="99"))


def test_a_placement_said_anew_counts_once(corporation: Corporation, load: Load) -> None:
    load(a1())
    assert load(changed(a1(), "Placements", 0, hours_per_week="20")).has_changes


def test_a_draft_has_no_share_yet(corporation: Corporation, load: Load) -> None:
    sheets = a1()
    sheets["Placements"].append(sheets["Placements"][0] | {"reference": "P9", "status": "draft"})
    assert load(sheets).has_changes


AMENDED = {"contract": CONTRACT, "effective_on": "2025-10-01", "amount": "0"}


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"amount": "-1250001"}, "amount", "Op 1 oktober 2025 gaat er meer werk af dan er is."),
        ({"effective_on": "2027-02-01", "amount": "5"}, "effective_on", "Deze wijziging gaat in na het einde"),
        ({"new_end": "2024-12-31"}, "new_end", "De nieuwe einddatum ligt voor het begin"),
        ({"reference": "", "effective_on": "1825-10-01"}, "effective_on", "“1825-10-01” is niet duidelijk als datum."),
    ],
)
def test_amendments_that_cannot_be_are_named(
    corporation: Corporation, lines: Lines, tmp_path: Path, cells: dict[str, str], column: str, words: str
) -> None:
    found = lines(typed(tmp_path, a1() | {"Amendments": [AMENDED | {"reference": "M1"} | cells]}))
    assert len(found) == 1
    assert found[0].startswith(f"Amendments, rij 2, kolom {column}: {words}")


def test_all_faults_are_told_at_once_in_the_order_of_the_workbook(
    corporation: Corporation, lines: Lines, tmp_path: Path
) -> None:
    sheets = changed(a1(), "Suppliers", 0, email="geen adres")
    sheets = changed(sheets, "Contracts", 0, percentage="veel")
    sheets = changed(sheets, "Placements", 0, block="wajong", bonuses="bonus-50plus")
    sheets = changed(sheets, "Placements", 1, hours_per_week="80", ends_on="31-02-2026")
    sheets = changed(sheets, "Placements", 2, hours_per_week="80")
    sheets = changed(sheets, "Activities", 0, block="ww")

    places = [each.partition(":")[0] for each in lines(typed(tmp_path, sheets))]

    assert places == [
        "Suppliers, rij 2, kolom email",
        "Contracts, rij 2, kolom percentage",
        "Placements, rij 2, kolom block",
        "Placements, rij 3, kolom ends_on",
        "Placements, rij 4, kolom hours_per_week",
        "Activities, rij 2, kolom block",
    ]


def test_unknown_sheets_and_columns_get_a_suggestion(corporation: Corporation, lines: Lines, tmp_path: Path) -> None:
    sheets = {
        "Plaatsing": [["overeenkomst"], ["x"]],
        "Budget": [["bedrag"], [1]],
        "Leveranciers": [["KvK", "naam", "plats", "rekeningnummer"], [SUPPLIER, "Van Asten", "Den Bosch", "NL00"]],
        "Blad4": [],
    }
    assert lines(raw(tmp_path, sheets)) == [
        "Plaatsing: Dit blad is niet bekend. Bedoelt u “Plaatsingen”? Geef het die naam, of haal het weg.",
        "Budget: Dit blad is niet bekend. Haal het weg, of geef het een van deze namen: Leveranciers, Certificaten,"
        " Overeenkomsten, Wijzigingen, Plaatsingen, Activiteiten.",
        "Leveranciers, rij 1, kolom plats: Deze kolom is hier niet bekend. Bedoelt u “plaats”? Geef haar die naam, of"
        " haal haar weg.",
        "Leveranciers, rij 1, kolom rekeningnummer: Deze kolom is hier niet bekend. Haal haar weg, of geef haar een van"
        " deze namen: KvK, naam, plaats, e-mail.",
    ]
    with force_locale("en"):
        assert lines(raw(tmp_path, sheets))[:2] == [
            "Plaatsing: This sheet is not known. Did you mean “Plaatsingen”? Give it that name, or remove it.",
            "Budget: This sheet is not known. Remove it, or give it one of these names: Suppliers, Certificates,"
            " Contracts, Amendments, Placements, Activities.",
        ]


def test_headings_that_are_missing_or_there_twice_are_named(
    corporation: Corporation, lines: Lines, tmp_path: Path
) -> None:
    sheets = {
        "Leveranciers": [["KvK", "plaats", "city"], [SUPPLIER, "Den Bosch", "Den Bosch", None, "kwijt"]],
        "Suppliers": [["kvk", "name"], [SUPPLIER, "Van Asten"]],
    }
    assert lines(raw(tmp_path, sheets)) == [
        "Leveranciers, rij 1, kolom city: Deze kolom staat er twee keer. Haal er een weg.",
        "Leveranciers, rij 1, kolom naam: Deze kolom is nodig en ontbreekt. Voeg haar toe.",
        "Leveranciers, rij 2, kolom E: Hier staat iets in een kolom zonder kop. Geef haar een kop, of haal het weg.",
        "Suppliers: Dit blad staat er twee keer, ook als “Leveranciers”. Zet de rijen op één blad.",
    ]


def test_rows_that_are_the_same_are_named(corporation: Corporation, lines: Lines) -> None:
    sheets = every_kind()
    for sheet in ("Suppliers", "Certificates", "Contracts"):
        sheets[sheet].append(sheets[sheet][0])
    sheets["Amendments"].append(sheets["Amendments"][1])
    assert [each for each in lines(sheets) if "hetzelfde" in each] == [
        "Suppliers, rij 3: Dit is hetzelfde als rij 2. Laat er één van staan.",
        "Certificates, rij 3: Dit is hetzelfde als rij 2. Laat er één van staan.",
        "Contracts, rij 4: Dit is hetzelfde als rij 2. Laat er één van staan.",
        "Amendments, rij 5: Dit is hetzelfde als rij 3. Laat er één van staan.",
    ]


def test_cells_that_excel_spoiled_are_named(corporation: Corporation, lines: Lines, tmp_path: Path) -> None:
    sheets = changed(a1(), "Activities", 0, reference=date(2025, 1, 1), description=True, amount=date(2025, 1, 1))
    found = lines(typed(tmp_path, sheets))
    assert [each.partition(": ")[2][:40] for each in found] == [
        "Excel bewaart dit als datum of als iets ",
        "“2025-01-01” is niet duidelijk als bedra",
        "Excel bewaart dit als datum of als iets ",
    ]


def test_a_reference_of_digits_may_be_a_number(corporation: Corporation, load: Load, tmp_path: Path) -> None:
    sheets = changed(a1(), "Activities", 0, reference=2025014)
    load(typed(tmp_path, sheets))
    assert not load(typed(tmp_path, changed(sheets, "Activities", 0, reference="2025014"))).has_changes


def test_empty_rows_blank_sheets_and_notes_are_left_alone(corporation: Corporation, load: Load, tmp_path: Path) -> None:
    rows = [[None], ["  "], ["KvK*", " Naam "], [None, " "], [SUPPLIER, "Van Asten"]]
    path = raw(tmp_path, {"Toelichting": [["zomaar"]], "Blad1": [], "leveranciers": rows})
    assert load(path).counts["suppliers"].total() == 1


@pytest.mark.parametrize("sheets", [{"Blad1": []}, {"Toelichting": [["zomaar"]]}, {"Leveranciers": [["KvK", "naam"]]}])
def test_a_workbook_without_rows_of_ours_is_empty(
    corporation: Corporation, lines: Lines, tmp_path: Path, sheets: dict[str, Any]
) -> None:
    assert lines(raw(tmp_path, sheets)) == ["De werkmap is leeg. Vul het sjabloon in."]


def test_a_contract_needs_a_supplier_that_is_there(corporation: Corporation, lines: Lines) -> None:
    (found,) = lines({"Contracts": a1()["Contracts"]})
    assert found.startswith("Contracts, rij 2, kolom kvk: De Brug heeft geen leverancier met KvK-nummer 99990001.")
    (found,) = lines({"Activities": a1()["Activities"]})
    assert found.startswith("Activities, rij 2, kolom contract: De Brug heeft geen overeenkomst met nummer 2025-014.")


def test_a_contract_with_placements_stays_with_its_supplier(corporation: Corporation, load: Load, lines: Lines) -> None:
    sheets = a1()
    sheets["Suppliers"].append({"kvk": "99990002", "name": "De Linde"})
    load(sheets)
    (found,) = lines(changed(sheets, "Contracts", 0, kvk="99990002"))
    assert found.startswith("Contracts, rij 2, kolom kvk: Deze overeenkomst heeft plaatsingen van de leverancier met")


def test_what_was_there_and_does_not_fit_any_more_is_named_at_the_contract(
    corporation: Corporation, load: Load, lines: Lines
) -> None:
    load(a1())
    sheets = a1()
    found = lines({"Contracts": changed(sheets, "Contracts", 0, rate_table="haaglanden-2023")["Contracts"]})
    assert any(each.startswith("Contracts, rij 2: A1: De bouwblokkentabel “Haaglanden") for each in found)


def test_a_reference_that_is_there_on_the_other_sheet_is_refused(
    corporation: Corporation, load: Load, lines: Lines
) -> None:
    load(a1())
    (found,) = lines({"Activities": [a1()["Activities"][0] | {"reference": "P1"}]})
    assert found.startswith("Activities, rij 2, kolom reference: Dit kenmerk staat twee keer")


def test_a_project_leader_must_be_one_of_this_corporation(corporation: Corporation, lines: Lines, load: Load) -> None:
    factories.user(Role.AUDITOR, of=corporation, email="auditor@example.org")
    factories.user(Role.PROJECT_LEADER, email="elders@example.org")
    factories.user(Role.ADMINISTRATOR, of=corporation, email="beheer@example.org")
    for email in ("auditor@example.org", "elders@example.org"):
        assert len(lines(changed(a1(), "Contracts", 0, project_leader=email))) == 1
    assert load(changed(a1(), "Contracts", 0, project_leader="beheer@example.org")).has_changes


@pytest.mark.parametrize(
    ("sheet", "column"),
    [
        ("Suppliers", "name"),
        ("Suppliers", "city"),
        ("Contracts", "title"),
        ("Amendments", "reference"),
        ("Amendments", "description"),
        ("Placements", "reference"),
        ("Placements", "person"),
        ("Placements", "employer"),
        ("Activities", "reference"),
        ("Activities", "description"),
    ],
)
def test_no_free_text_takes_a_bsn_and_no_line_repeats_it(
    corporation: Corporation, lines: Lines, tmp_path: Path, sheet: str, column: str
) -> None:
    (found,) = [
        each for each in lines(typed(tmp_path, changed(every_kind(), sheet, 0, **{column: "nr. 111.222.333"})))
        if "BSN" in each
    ]  # fmt: skip
    assert found.startswith(f"{sheet}, rij 2, kolom {column}: ")
    assert "333" not in found


def test_names_of_sheets_and_columns_that_are_a_bsn_are_not_repeated(
    corporation: Corporation, lines: Lines, tmp_path: Path
) -> None:
    found = lines(raw(tmp_path, {BSN: [["x"], ["y"]], "Suppliers": [["kvk", "name", BSN], [SUPPLIER, "Van Asten", 1]]}))
    assert len(found) == 2
    assert not any(BSN in each for each in found)


def test_a_refusal_counts_its_faults(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        refused = WorkbookRefused([Fault("cell_empty"), Fault("cell_empty")])
        assert refused.values == {"number": 2}
        assert refused.status == 422
        assert Fault("workbook_empty").line == "The workbook is empty. Fill in the template."
