"""Importing: what a workbook says is there afterwards, once, wholly or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import Corporation, Role, User
from app.assessments.queries import assessment_of, dossier_of
from app.audit.models import AuditPayload, AuditRecord
from app.audit.outcomes import Outcome
from app.audit.service import verify_chain
from app.contracts.models import Amendment, Contract
from app.contracts.queries import contract_numbered
from app.contributions.models import Activity, ApprovedHow, Contribution, Person, Placement
from app.extensions import db
from app.rules.assessment_json import assessment_to_json
from app.rules.dossier import Base, Programme, Status
from app.rules.dossier_json import canonical, dossier_to_json
from app.rules.ladder import Level
from app.rules.tables import Kind
from app.suppliers.models import Certificate, Supplier, SupplierRecord
from app.web.errors import Forbidden, Invalid
from app.workbook.faults import WorkbookRefused
from tests import factories
from tests.workbook.conftest import LEADER, Load, digest
from tests.workbook.making import CONTRACT, SUPPLIER, a1, changed, every_kind, saved

A1_ON = date(2026, 11, 24)
A1_FIGURES = {
    "status": "behind",
    "gross_cents": 6250000,
    "exempted_cents": 1549658,
    "net_cents": 4700342,
    "due_cents": 4383562,
    "credited_cents": 3890000,
    "pending_cents": 648148,
    "forecast_cents": 4204178,
    "remaining_cents": 810342,
}


def the_contract(corporation: Corporation, number: str = CONTRACT) -> Contract:
    return contract_numbered(corporation, number)


def versions(contract: Contract, reference: str) -> list[Contribution]:
    """All versions of a contribution, oldest first."""
    wanted = select(Contribution).where(Contribution.contract_id == contract.id, Contribution.reference == reference)
    return list(db.session.scalars(wanted.order_by(Contribution.version)))


def states(contract: Contract, reference: str) -> list[str]:
    return [str(version.status) for version in versions(contract, reference)]


def number_of(kind: type) -> int:
    return db.session.scalars(select(func.count()).select_from(kind)).one()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_example_a1_is_behind_to_the_cent(corporation: Corporation, load: Load, language: str) -> None:
    load(a1(), language=language)

    found = assessment_to_json(assessment_of(the_contract(corporation), A1_ON))

    assert {key: found[key] for key in A1_FIGURES} == A1_FIGURES
    assert {each["reference"]: each["credited_cents"] for each in found["contributions"]} == {
        "A1": 1118395,
        "P1": 2400000,
        "P2": 371605,
        "P3": 0,
    }


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_column_comes_in(corporation: Corporation, leader: User, load: Load, language: str) -> None:
    sheets = changed(every_kind(), "Contracts", 1, project_leader=LEADER)

    load(sheets, language=language)

    contract = the_contract(corporation, "2025/20 B")
    assert (contract.title, contract.kind, contract.base) == ('=Kozijnen & "deuren"', Kind.SUPPLIES, Base.WAGE_SUM)
    assert (contract.contract_sum_cents, contract.base_amount_cents) == (60_000_050, 25_000_025)
    assert (contract.percentage, contract.activity_cap) == (Decimal("2.5"), Decimal(25))
    assert (contract.published_on, contract.awarded_on) == (date(2024, 6, 1), date(2024, 11, 14))
    assert (contract.rate_table.code, contract.policy.code) == ("utrecht-2024", "capped")
    assert contract.project_leader_id == leader.id
    (amendment,) = contract.amendments
    assert (amendment.reference, amendment.new_end, amendment.amount_cents) == ("Verlenging", date(2028, 6, 30), 0)
    others = {each.effective_on: each.amount_cents for each in the_contract(corporation).amendments}
    assert others == {date(2025, 10, 1): 15_000_000, date(2026, 2, 1): -100_050}

    placement = versions(contract, "P1")[0]
    assert isinstance(placement, Placement)
    assert (placement.status, placement.block, placement.person.reference) == (
        Status.DRAFT,
        "participatiewet",
        "D-0102",
    )
    assert {each.from_day: each.hours for each in placement.hours} == {
        date(2025, 3, 1): Decimal(20),
        date(2025, 5, 1): Decimal("32.5"),
    }
    assert {each.block for each in placement.bonuses} == {"bonus-50plus", "bonus-permanent"}
    assert (placement.share_percent, placement.subsidy_until) == (Decimal(40), date(2025, 9, 30))
    assert placement.programme is Programme.SHELTERED_WORK
    activity = versions(contract, "A9")[0]
    assert isinstance(activity, Activity)
    assert (activity.on, activity.quantity, activity.amount_cents) == (date(2025, 7, 1), Decimal("7.5"), None)

    certificate = db.session.scalars(select(Certificate)).one()
    assert certificate.kvk_numbers == (SUPPLIER, "99990002")
    assert (certificate.level, certificate.thirty_plus) == (Level.TWO, False)
    assert (certificate.withdrawn_on, certificate.checked_on) == (date(2025, 7, 1), date(2025, 1, 15))
    record = db.session.scalars(select(SupplierRecord)).one()
    assert (record.name, record.city, record.email) == ("Schildersbedrijf Van Asten", "Den Bosch", "info@asten.example")


def test_what_is_imported_in_dutch_and_in_english_is_the_same(corporation: Corporation, load: Load) -> None:
    load(every_kind(), language="nl")

    again = load(every_kind(), language="en")

    assert not again.has_changes


def test_the_same_workbook_again_changes_nothing(corporation: Corporation, load: Load) -> None:
    first = load(every_kind())
    before = digest()

    again = load(every_kind())

    assert digest() == before
    assert first.counts["placements"] == Counter({Outcome.CREATED: 5})
    assert again.counts["placements"] == Counter({Outcome.UNCHANGED: 5})
    assert not again.has_changes
    assert again.warnings == []


def test_a_dry_run_keeps_nothing_and_reports_the_same(corporation: Corporation, load: Load) -> None:
    load({"Suppliers": a1()["Suppliers"]})
    before = digest()

    dry = load(every_kind(), dry_run=True)

    assert digest() == before
    assert dry.is_dry_run
    assert dry.counts == load(every_kind()).counts


def test_a_faulty_workbook_leaves_everything_as_it_was(corporation: Corporation, load: Load) -> None:
    load(a1())
    before = digest()
    worse = changed(every_kind(), "Suppliers", 0, name="Een andere naam")
    worse = changed(worse, "Activities", 0, block="bestaat-niet")

    with pytest.raises(WorkbookRefused):
        load(worse)

    assert digest() == before


def test_one_command_leaves_one_record_with_file_and_hash(corporation: Corporation, load: Load) -> None:
    load(a1())

    wanted = select(AuditRecord).where(AuditRecord.action == "workbook.import")
    record = db.session.scalars(wanted).one()
    payload = db.session.get(AuditPayload, record.id)
    assert payload is not None
    assert '"file":"werkmap.xlsx"' in payload.notes
    assert "D-0101" not in payload.after
    assert verify_chain(corporation).is_sound


def test_what_is_approved_was_approved_on_import_by_whom(corporation: Corporation, leader: User, load: Load) -> None:
    load(a1(), by=leader)

    approved, waiting = versions(the_contract(corporation), "P1")[0], versions(the_contract(corporation), "P3")[0]
    assert (approved.approved_how, approved.approved_by_id, approved.entered_by_id) == (
        ApprovedHow.IMPORT,
        leader.id,
        leader.id,
    )
    assert (waiting.status, waiting.approved_how) == (Status.SUBMITTED, None)


def test_the_command_line_approves_as_nobody(corporation: Corporation, load: Load) -> None:
    load(a1())

    approved = versions(the_contract(corporation), "P1")[0]
    assert (approved.approved_how, approved.approved_by_id) == (ApprovedHow.IMPORT, None)


def test_only_who_may_import_does(corporation: Corporation, load: Load) -> None:
    auditor = factories.user(Role.AUDITOR, of=corporation)
    elsewhere = factories.user(Role.ADMINISTRATOR)
    for user in (auditor, elsewhere):
        with pytest.raises(Forbidden, match="may_not_import"):
            load(a1(), by=user)


def test_changed_terms_are_changed(corporation: Corporation, load: Load) -> None:
    load(a1())
    before = the_contract(corporation).facts_version

    report = load(changed(a1(), "Contracts", 0, contract_sum="1300000"))

    contract = the_contract(corporation)
    assert report.counts["contracts"] == Counter({Outcome.CHANGED: 1})
    assert (contract.contract_sum_cents, contract.facts_version) == (130_000_000, before + 1)


def test_a_new_name_of_the_supplier_comes_into_the_dossier(corporation: Corporation, load: Load) -> None:
    load(a1())

    load(changed(a1(), "Suppliers", 0, name="Van Asten BV"))

    contract = the_contract(corporation)
    assert dossier_of(contract).parties.supplier_name == "Van Asten BV"
    assert contract.facts_version == 2


def test_a_certificate_that_changes_touches_all_contracts_it_covers(corporation: Corporation, load: Load) -> None:
    load(every_kind())

    load({"Certificates": changed(a1(), "Certificates", 0, kvk="99990002", withdrawn_on="2025-08-01")["Certificates"]})

    for number in (CONTRACT, "2025/20 B"):
        assert the_contract(corporation, number).facts_version == 2
        assert dossier_of(the_contract(corporation, number)).certificates == ()


def test_an_empty_cell_takes_no_check_and_no_withdrawal_back(corporation: Corporation, load: Load) -> None:
    load(a1())

    report = load(changed(a1(), "Certificates", 0, checked_on=None, withdrawn_on=None))

    assert not report.has_changes
    assert [warning.code for warning in report.warnings] == ["day_stays", "day_stays"]


def test_who_imports_a_check_is_who_checked(corporation: Corporation, leader: User, load: Load) -> None:
    load(changed(a1(), "Certificates", 0, checked_on=None))
    load(a1(), by=leader)
    certificate = db.session.scalars(select(Certificate)).one()
    assert (certificate.checked_on, certificate.checked_by_id) == (date(2025, 1, 15), leader.id)
    load(changed(a1(), "Certificates", 0, level="3"))
    assert db.session.scalars(select(Certificate)).one().checked_by_id == leader.id


def test_one_more_company_under_a_certificate_is_a_new_version_of_its_row(corporation: Corporation, load: Load) -> None:
    load(a1())
    before = db.session.scalars(select(Certificate)).one().row_version
    load(changed(a1(), "Certificates", 0, kvk=SUPPLIER))
    certificate = db.session.scalars(select(Certificate)).one()
    assert (certificate.kvk_numbers, certificate.row_version) == ((SUPPLIER,), before + 1)


def test_two_imports_that_make_the_same_supplier_at_once(
    corporation: Corporation, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.supplier(kvk=SUPPLIER)
    monkeypatch.setattr("app.workbook.queries.suppliers_numbered", lambda _numbers: {})
    load(a1())
    assert db.session.scalar(select(func.count()).where(Supplier.kvk == SUPPLIER)) == 1


def test_the_history_keeps_a_dossier_of_each_contract(corporation: Corporation, load: Load) -> None:
    load(every_kind())

    contract = the_contract(corporation)
    written = canonical(dossier_to_json(dossier_of(contract)))
    assert b'"person":"1"' in written
    assert b"D-0101" not in written


def test_suppliers_that_another_corporation_knows_are_shared(corporation: Corporation, load: Load) -> None:
    elsewhere = factories.corporation()
    shared = factories.supplier(elsewhere, kvk=SUPPLIER, name="Asten, zeggen zij")

    load(a1())

    assert number_of(Supplier) == 1
    assert the_contract(corporation).supplier_id == shared.id
    names = set(db.session.scalars(select(SupplierRecord.name)))
    assert names == {"Asten, zeggen zij", "Schildersbedrijf Van Asten"}


def test_a_person_of_a_supplier_is_one_person(corporation: Corporation, load: Load) -> None:
    load(every_kind())
    assert number_of(Person) == 4


def test_amendments_are_known_by_reference_or_else_by_day(corporation: Corporation, load: Load) -> None:
    load(every_kind())
    sheets = changed(every_kind(), "Amendments", 0, effective_on="2026-02-01")

    report = load(changed(sheets, "Amendments", 1, amount="160000"))

    assert report.counts["amendments"] == Counter({Outcome.CHANGED: 2, Outcome.UNCHANGED: 1})
    assert number_of(Amendment) == 3


# What becomes of contributions: (what came in first, what the second workbook says) -> the states of the versions.
HISTORIES: list[tuple[str, dict[str, Any], list[str]]] = [
    ("approved", {"hours_per_week": "30"}, ["withdrawn", "approved"]),
    ("approved", {"hours_per_week": "30", "status": "submitted"}, ["approved", "submitted"]),
    ("approved", {"hours_per_week": "30", "status": "rejected"}, ["withdrawn", "rejected"]),
    ("approved", {"status": "submitted"}, ["approved"]),
    ("approved", {"status": "draft"}, ["approved"]),
    ("approved", {"status": "rejected"}, ["withdrawn", "rejected"]),
    ("submitted", {"status": "approved"}, ["approved"]),
    ("submitted", {"status": "rejected"}, ["rejected"]),
    ("submitted", {"status": "draft"}, ["submitted"]),
    ("submitted", {"hours_per_week": "30"}, ["withdrawn", "submitted"]),
    ("submitted", {"hours_per_week": "30", "status": "approved"}, ["withdrawn", "approved"]),
    ("draft", {"status": "submitted"}, ["submitted"]),
    ("draft", {"status": "approved"}, ["approved"]),
    ("draft", {"hours_per_week": "30"}, ["draft"]),
    ("draft", {"person": "D-0777", "status": "submitted"}, ["submitted"]),
    ("rejected", {"status": "submitted"}, ["rejected"]),
    ("rejected", {"status": "approved"}, ["rejected", "approved"]),
    ("rejected", {"hours_per_week": "30", "status": "submitted"}, ["rejected", "submitted"]),
]


@pytest.mark.parametrize(("first", "then", "expected"), HISTORIES)
def test_versions_follow_the_workbook(
    corporation: Corporation, load: Load, first: str, then: dict[str, Any], expected: list[str]
) -> None:
    load(changed(a1(), "Placements", 0, status=first))
    again = changed(changed(a1(), "Placements", 0, status=first), "Placements", 0, **then)

    report = load(again)

    contract = the_contract(corporation)
    assert states(contract, "P1") == expected
    assert report.has_changes == (expected != [first] or "hours_per_week" in then)
    before = digest()
    assert not load(again).has_changes
    assert digest() == before


def test_a_new_version_names_the_one_that_it_replaces(corporation: Corporation, leader: User, load: Load) -> None:
    load(a1())

    load(changed(a1(), "Placements", 0, hours_per_week="30"), by=leader)

    old, new = versions(the_contract(corporation), "P1")
    assert (old.withdrawn_by_id, new.replaces_id, new.version) == (leader.id, old.id, 2)
    assert new.approved_how is ApprovedHow.IMPORT
    credited = {each.reference: each.credited_cents for each in _contributions(corporation)}
    assert credited["P1"] == 2_500_000


def _contributions(corporation: Corporation) -> Any:
    return assessment_of(the_contract(corporation), A1_ON).contributions


def test_an_approved_correction_takes_the_place_of_the_approved_one(corporation: Corporation, load: Load) -> None:
    load(a1())
    other = {"hours_per_week": "30"}
    load(changed(a1(), "Placements", 0, status="submitted", **other))

    load(changed(a1(), "Placements", 0, **other))

    assert states(the_contract(corporation), "P1") == ["withdrawn", "approved"]


def test_what_waited_and_makes_way_is_told(corporation: Corporation, load: Load) -> None:
    load(a1())

    report = load(changed(a1(), "Placements", 2, hours_per_week="24"))

    assert [warning.line for warning in report.warnings] == [
        "Placements, rij 4: Versie 1 wachtte nog en heeft hiervoor plaatsgemaakt."
    ]


def test_what_was_judged_in_the_product_stays_and_is_told(corporation: Corporation, load: Load) -> None:
    load(a1())
    contract = the_contract(corporation)
    waiting = versions(contract, "P3")[0]
    colleague = factories.user(of=corporation)
    waiting.status, waiting.approved_by, waiting.approved_how = Status.APPROVED, colleague, ApprovedHow.REVIEW
    waiting.approved_at = factories.NOW
    db.session.commit()

    report = load(a1())

    assert not report.has_changes
    assert [warning.line for warning in report.warnings] == [
        "Placements, rij 4: Dit blijft zoals het intussen staat: Goedgekeurd."
    ]


def test_another_version_of_the_table_and_a_third_time_aspirant_are_told(corporation: Corporation, load: Load) -> None:
    sheets = changed(a1(), "Contracts", 0, awarded_on="2023-11-14")
    periods = [("2021-01-01", "2022-12-31"), ("2023-01-01", "2024-12-31"), ("2025-01-01", "2026-12-31")]
    sheets["Certificates"] = [
        {"kvk": SUPPLIER, "number": "ASP", "level": "aspirant", "valid_from": first, "valid_until": last}
        for first, last in periods
    ]

    report = load(sheets)

    assert [warning.line for warning in report.warnings] == [
        "Certificates, rij 4, kolom level: Dit is periode 3 als aspirant van KvK-nummer 99990001; die mag één keer"
        " worden verlengd.",
        "Contracts, rij 2, kolom rate_table: Op 14 november 2023 gold de versie “utrecht-2019”; hier staat"
        " “utrecht-2024”. Kijk na welke is afgesproken.",
    ]


def test_a_file_name_with_a_bsn_is_refused(corporation: Corporation, load: Load, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="bsn_in_file_name"):
        load(saved(tmp_path, a1(), name="dossier 111222333.xlsx"))


def test_an_import_asks_a_number_of_questions_that_does_not_grow_with_its_rows(
    corporation: Corporation, load: Load, statements: Callable[[], int]
) -> None:
    sheets = a1()
    first = sheets["Placements"][0]
    sheets["Placements"] = [first | {"reference": f"P{n}", "person": f"D-{n}"} for n in range(10)]
    load(sheets)
    few = statements()
    load(sheets)
    asked_for_few = statements() - few
    sheets["Placements"] = [first | {"reference": f"P{n}", "person": f"D-{n}"} for n in range(200)]
    load(sheets)
    many = statements()
    load(sheets)

    assert statements() - many == asked_for_few
