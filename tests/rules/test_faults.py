"""Facts that the rule book refuses, and what it says about them."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from app.rules import RuleError, faults
from app.rules.dossier import Base, Hours, Terms
from app.rules.dossier_json import canonical, dossier_from_json, dossier_to_json
from app.rules.money import cents_of
from app.rules.tables import parse_policy, parse_rate_table
from tests.rules.making import DATA, a1, activity, certificate, day, dossier, placement

Y2025 = ("2025-01-01", "2025-12-31")


@pytest.mark.parametrize(
    ("changed", "code", "column"),
    [
        ({"ends_on": day("2024-12-31")}, "end_before_start", "ends_on"),
        ({"starts_on": day("1900-01-01")}, "day_out_of_range", "starts_on"),
        ({"contract_sum_cents": -1}, "amount_below_zero", "contract_sum"),
        ({"contract_sum_cents": 10**14}, "amount_too_high", "contract_sum"),
        ({"percentage": Decimal(101)}, "percent_out_of_range", "percentage"),
        ({"activity_cap": Decimal(-1)}, "percent_below_zero", "activity_cap"),
        ({"base": Base.WAGE_SUM}, "base_amount_missing", "base_amount"),
    ],
)
def test_terms_that_cannot_be(changed: dict[str, Any], code: str, column: str) -> None:
    facts = dossier(Y2025)
    terms: Terms = replace(facts.terms, **changed)

    (fault,) = faults(replace(facts, terms=terms))
    assert (fault.code, fault.values["column"], fault.values["sheet"]) == (code, column, "contracts")


@pytest.mark.parametrize(
    ("contribution", "code", "column"),
    [
        (placement("ww", "2025-03-01", "2025-02-28"), "end_before_start", "ends_on"),
        (placement("ww", "2025-03-01", a_week="60.5"), "hours_out_of_range", "hours_per_week"),
        (placement("ww", "2025-03-01", a_week="-1"), "hours_out_of_range", "hours_per_week"),
        (placement("ww", "2025-03-01", a_week="8; 2025-02-01: 9"), "hours_out_of_order", "hours_per_week"),
        (replace(placement("ww", "2025-03-01"), hours=()), "hours_from_first_day", "hours_per_week"),
        (
            replace(placement("ww", "2025-03-01"), hours=(Hours(day("2025-03-02"), Decimal(8)),)),
            "hours_from_first_day",
            "hours_per_week",
        ),
        (placement("ww", "2025-03-01", share=Decimal(0)), "percent_not_above_zero", "share"),
        (placement("wajong", "2025-03-01"), "unknown_block", "block"),
        (placement("bonus-50plus", "2025-03-01"), "bonus_without_placement", "block"),
        (placement("social-purchase", "2025-03-01"), "block_of_activities", "block"),
        (placement("ww", "2025-03-01", bonuses=("ww",)), "unknown_bonus", "bonuses"),
        (placement("ww", "2025-03-01", bonuses=("bonus-50plus", "bonus-50plus")), "bonus_twice", "bonuses"),
        (activity("nothing", "2025-03-01", "1"), "unknown_block", "block"),
        (activity("ww", "2025-03-01", "1"), "block_of_placements", "block"),
        (activity("bonus-50plus", "2025-03-01", "1"), "bonus_without_placement", "block"),
        (activity("social-purchase", "2025-03-01", "-1"), "amount_below_zero", "amount"),
        (activity("social-purchase", "2025-03-01"), "amount_missing", "amount"),
        (activity("initiative-hours", "2025-03-01"), "quantity_missing", "quantity"),
        (activity("initiative-hours", "2025-03-01", quantity="0"), "quantity_not_above_zero", "quantity"),
    ],
)
def test_contributions_that_cannot_be(contribution: Any, code: str, column: str) -> None:
    (fault,) = faults(dossier(Y2025, [contribution]))

    assert (fault.code, fault.values["column"], fault.values["reference"]) == (code, column, contribution.reference)


def test_a_bonus_only_on_the_blocks_that_it_names() -> None:
    claimed = placement("internship", "2025-03-01", bonuses=("bonus-pro-vso",))

    (fault,) = faults(dossier(Y2025, [claimed], tables="haaglanden-2023"))
    assert (fault.code, fault.values["allowed"]) == (
        "bonus_not_on_block",
        "nug, youth-unqualified, participatiewet, banenafspraak",
    )


def test_a_reference_stands_once_in_a_contract() -> None:
    rows = [placement("ww", "2025-03-01", reference="X"), activity("social-purchase", "2025-03-01", "1", reference="X")]

    assert [fault.code for fault in faults(dossier(Y2025, rows))] == ["double_reference"]


@pytest.mark.parametrize(
    ("ends", "more", "code"),
    [("2026-05-14", {}, None), ("2026-05-15", {}, "certificate_too_long"), ("2024-05-14", {}, "end_before_start"),
     ("2026-05-14", {"kvk": ()}, "certificate_without_kvk")],
)  # fmt: skip
def test_a_certificate_is_valid_at_most_two_years(ends: str, more: dict[str, Any], code: str | None) -> None:
    held = certificate("2", "2024-05-15", ends, **more)

    assert [fault.code for fault in faults(dossier(Y2025, certificates=[held]))] == ([code] if code else [])


def test_an_amount_has_no_parts_of_cents() -> None:
    with pytest.raises(RuleError, match="amount_in_parts_of_cents"):
        cents_of(Decimal("0.005"))


TABLE = (DATA / "rate-tables" / "utrecht-2024.toml").read_text()
POLICY = (DATA / "policies" / "stepped.toml").read_text()


@pytest.mark.parametrize(
    ("old", "new", "code", "key", "line"),
    [
        ('id = "utrecht-2024"', 'id = "Utrecht 2024"', "document_no_identifier", "id", 1),
        ('id = "utrecht-2024"', "", "document_missing_key", "id", 1),
        ('name = "Gemeente Utrecht"', "name = 3", "document_no_text", "name", 3),
        ("full_time_hours = 36", 'full_time_hours = "veel"', "document_no_number", "full_time_hours", 7),
        ("full_time_hours = 36", "full_time_hours = 0", "document_out_of_range", "full_time_hours", 7),
        ("full_time_hours = 36", "full_time_hours = nan", "document_out_of_range", "full_time_hours", 7),
        ("full_time_hours = 36", "full_time_hours = true", "document_no_number", "full_time_hours", 7),
        ("in_force_from = 2024-01-01", 'in_force_from = "gisteren"', "document_no_date", "in_force_from", 5),
        ("in_force_from = 2024-01-01", "in_force_from = 2024-01-01T00:00:00", "document_no_date", "in_force_from", 5),
        ("hired_before_start_months = 0", "hired_before_start_months = 0.5", "document_no_whole_number",
         "hired_before_start_months", 8),
        ("hired_before_start_months = 0", "hired_before_start_months = 999", "document_out_of_range",
         "hired_before_start_months", 8),
        ('selected_by = "award"', 'selected_by = "moon"', "document_choice", "selected_by", 6),
        ("hired_before_start_months", "hired_before", "document_unknown_key", "hired_before", 8),
        ("value = 50_000", "value = 0.005", "document_parts_of_cents", "value", 20),
        ("value = 50_000", "", "document_missing_key", "value", 16),
        ("value = 50_000", "value = 50_000\ncolour = 1", "document_unknown_key", "colour", 21),
        ("value = 50_000", "value = 50_000\nbonus = 1", "document_no_yes_or_no", "bonus", 21),
        ("value = 50_000", "value = 50_000\nonly_with = 1", "document_no_texts", "only_with", 21),
        ("value = 50_000", 'value = 50_000\nonly_with = ["ww"]', "document_only_with_without_bonus", "only_with", 21),
        ("value = 50_000", 'value = 50_000\nbonus = true\nonly_with = ["x"]', "document_only_with_unknown",
         "only_with", 22),
        ('per = "year"\nvalue = 50_000', 'per = "once"\nvalue = 50_000', "document_once_without_bonus", "per", 19),
        ('per = "year"\nvalue = 50_000', 'per = "month"\nvalue = 50_000\nbonus = true', "document_bonus_per",
         "per", 19),
        ('code = "banenafspraak"', 'code = "participatiewet"', "document_double_code", "block", 10),
        ('label = { nl = "Participatiewet", en = "Participation Act" }', 'label = "x"', "document_no_table",
         "label", 12),
        ("[[block]]", "[[blok]]", "document_missing_key", "block", 1),
        ("full_time_hours = 36", "full_time_hours = = 36", "document_syntax", None, 7),
    ],
)  # fmt: skip
def test_a_fault_in_a_rate_table_names_the_line_and_the_key(
    old: str, new: str, code: str, key: str | None, line: int
) -> None:
    assert old in TABLE
    with pytest.raises(RuleError) as refused:
        parse_rate_table(TABLE.replace(old, new))

    assert (refused.value.code, refused.value.values.get("key"), refused.value.values["line"]) == (code, key, line)


def test_blocks_must_be_tables() -> None:
    with pytest.raises(RuleError, match="document_no_tables"):
        parse_rate_table(TABLE[: TABLE.index("[[block]]")] + "block = 3\n")


@pytest.mark.parametrize(
    ("old", "new", "code", "key"),
    [
        ('"2" = 50', '"2" = 5', "document_level_order", "2"),
        ('"3" = 100', "", "document_level_order", "3"),
        ('"3" = 100', '"4" = 100', "document_unknown_key", "4"),
        ('timing = "pro_rata"', 'timing = "later"', "document_choice", "timing"),
        ("[exemption.reduction]", "[exemption.discount]", "document_unknown_key", "discount"),
    ],
)
def test_a_policy_is_read_strictly(old: str, new: str, code: str, key: str) -> None:
    assert old in POLICY
    with pytest.raises(RuleError) as refused:
        parse_policy(POLICY.replace(old, new))

    assert (refused.value.code, refused.value.values["key"]) == (code, key)


@pytest.mark.parametrize("path", sorted((DATA / "rate-tables").glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_table_is_sound(path: Any) -> None:
    assert parse_rate_table(path.read_text()).id == path.stem


@pytest.mark.parametrize("path", sorted((DATA / "policies").glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_policy_is_sound(path: Any) -> None:
    assert parse_policy(path.read_text()).id == path.stem


@pytest.mark.parametrize(
    "spoil",
    [
        lambda document: document.pop("title"),
        lambda document: document.update(more=1),
        lambda document: document.update(schema="dossier/2"),
        lambda document: document.update(contract_sum=1250000),
        lambda document: document.update(percentage="five"),
        lambda document: document["placements"].reverse(),
        lambda document: document["placements"][0].update(starts_on="soon"),
        lambda document: document["policy"].update(id=3),
        lambda document: document.update(starts_on=None),
    ],
)
def test_a_spoilt_dossier_is_refused(spoil: Any) -> None:
    document = json.loads(canonical(dossier_to_json(a1())))
    spoil(document)

    with pytest.raises(RuleError):
        dossier_from_json(document)
