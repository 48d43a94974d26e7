"""The worked examples of the field (docs/how-it-is-calculated.md), to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.rules import RuleError, assess
from app.rules.assessment import Standing
from app.rules.dossier import Activity, Placement
from tests.rules.making import a1, activity, amendment, cents, certificate, day, dossier, placement

Y2025, Y2026 = ("2025-01-01", "2025-12-31"), ("2025-01-01", "2026-12-31")
SUBSIDISED = {"subsidy_until": day("2027-12-31")}

CREDITED = [
    ("E1", "utrecht-2024", Y2026, placement("participatiewet", "2025-02-01", "2025-10-31", "28.8"), "24000.00"),
    (
        "E2",
        "utrecht-2024",
        ("2024-01-01", "2026-12-31"),
        placement("participatiewet", "2024-01-15", "2025-01-14"),
        "40000.00",
    ),
    ("E3", "utrecht-2024", Y2025, placement("ww", "2025-01-01", "2025-12-31", "40"), "20000.00"),
    ("E4", "haaglanden-2023", Y2026, placement("ww", "2024-10-01", "2026-09-30"), "20000.00"),
    ("E5 a day too early", "haaglanden-2023", Y2026, placement("ww", "2023-12-31", "2026-09-30"), "0.00"),
    ("E5", "haaglanden-2023", Y2026, placement("ww", "2024-01-01", "2026-09-30"), "20000.00"),
    (
        "E6",
        "utrecht-2024",
        Y2025,
        placement("banenafspraak", "2025-03-01", "2025-08-31", "18", bonuses=("bonus-50plus", "bonus-permanent")),
        "17500.00",
    ),
    (
        "E7",
        "haaglanden-2023",
        Y2025,
        placement("banenafspraak", "2025-03-01", "2025-08-31", bonuses=("bonus-pro-vso",)),
        "37500.00",
    ),
    ("E8", "utrecht-2024", Y2025, placement("wia", "2025-01-15", "2025-09-14", "20; 2025-05-01: 32"), "19777.78"),
    ("E10", "utrecht-2024", Y2025, placement("bbl", "2025-01-01", "2025-12-31", "32", share=60), "18666.67"),
    (
        "E11",
        "haaglanden-2023",
        ("2025-01-01", "2027-12-31"),
        placement("participatiewet", "2025-01-01", "2027-12-31"),
        "80000.00",
    ),
    (
        "E11 subsidised",
        "haaglanden-2023",
        ("2025-01-01", "2027-12-31"),
        placement("participatiewet", "2025-01-01", "2027-12-31", **SUBSIDISED),
        "120000.00",
    ),
    ("E12", "oost-nederland-v05", Y2025, placement("work-experience", "2025-02-01", "2025-06-30"), "3750.00"),
    ("E13", "oost-nederland-v05", Y2025, activity("social-purchase-half", "2025-05-01", "10000.00"), "5000.00"),
    ("E14", "holland-rijnland-2023", Y2025, activity("activity-day", "2025-05-01", "1400"), "1000.00"),
    ("E14 less", "holland-rijnland-2023", Y2025, activity("activity-day", "2025-05-01", "600"), "600.00"),
    (
        "E15",
        "haaglanden-2023",
        ("2024-01-01", "2026-12-31"),
        placement("banenafspraak", "2024-01-01", "2026-06-30", "18"),
        "62500.00",
    ),
]


@pytest.mark.parametrize(
    ("rate_table", "term", "contribution", "credited"), [row[1:] for row in CREDITED], ids=[row[0] for row in CREDITED]
)
def test_a_contribution_is_credited_as_in_the_example(
    rate_table: str, term: tuple[str, str], contribution: Placement | Activity, credited: str
) -> None:
    assessment = assess(dossier(term, [contribution], tables=rate_table), date(2030, 1, 1))

    assert assessment.credited_cents == cents(credited)
    assert assessment.contributions[0].value_cents == cents(credited)


def test_the_lines_of_a_bonus_stand_beside_the_base_line() -> None:
    row = dict(zip(("E6", "E7"), (CREDITED[6], CREDITED[7]), strict=True))
    lines = {
        name: [
            line.cents
            for line in assess(dossier(each[2], [each[3]], tables=each[1]), date(2030, 1, 1)).contributions[0].lines
        ]
        for name, each in row.items()
    }

    assert lines == {"E6": [1250000, 250000, 250000], "E7": [2500000, 1250000]}


def test_e7_a_bonus_on_an_internship_is_refused() -> None:
    claimed = placement("internship-pro-vso", "2025-03-01", "2025-08-31", bonuses=("bonus-pro-vso",))

    with pytest.raises(RuleError) as refused:
        assess(dossier(Y2025, [claimed], tables="haaglanden-2023"), date(2026, 1, 1))

    assert refused.value.code == "bonus_not_on_block"


def test_e9_a_running_placement_counts_to_the_as_of_day() -> None:
    running = placement("participatiewet", "2025-01-31")

    assert assess(dossier(Y2026, [running]), day("2025-03-15")).credited_cents == cents("5053.76")


O_TERM = ("2025-01-01", "2028-12-31")
O1 = dossier(O_TERM, certificates=[certificate("2", "2025-01-01", "2026-12-31")])
O2_HELD = [certificate("1", "2024-07-01", "2026-06-30"), certificate("3", "2026-07-01", "2028-06-30")]
O3_HELD = [certificate("2", "2025-01-01", "2026-12-31", "2025-07-01")]
O4 = dossier(
    ("2025-01-01", "2026-12-31"),
    contract_sum="800000",
    certificates=O3_HELD,
    amendments=[
        amendment("2025-10-01", "150000", reference="M1"),
        amendment("2026-10-01", "400000", "2027-12-31", reference="M2"),
    ],
)

OWED = [
    ("O1", O1, "2026-06-30", "24982.89", "25017.11", "0.00"),
    ("O1b", O1, "2027-06-30", "24982.89", "25017.11", "6194.39"),
    ("O2", dossier(O_TERM, policies="stepped", certificates=O2_HELD), "2026-12-31", "29688.57", "20311.43", "14014.37"),
    (
        "O2a",
        dossier(O_TERM, policies="stepped-at-award", certificates=O2_HELD, awarded_on=day("2024-11-15")),
        "2026-12-31",
        "12500.00",
        "37500.00",
        "18737.17",
    ),
    (
        "O2e",
        dossier(O_TERM, policies="stepped-every-day", certificates=O2_HELD),
        "2026-12-31",
        "0.00",
        "50000.00",
        "24982.89",
    ),
    ("O3", dossier(Y2025, contract_sum="400000", certificates=O3_HELD), "2025-09-30", "9917.81", "10082.19", "5041.10"),
    ("O4", O4, "2026-03-31", "9917.81", "57582.19", "18000.57"),
]


@pytest.mark.parametrize(
    ("facts", "on", "exempted", "net", "due"), [row[1:] for row in OWED], ids=[row[0] for row in OWED]
)
def test_an_obligation_is_reckoned_as_in_the_example(facts, on: str, exempted: str, net: str, due: str) -> None:  # type: ignore[no-untyped-def]
    assessment = assess(facts, day(on))

    figures = assessment.exempted_cents, assessment.net_cents, assessment.due_cents
    assert figures == (cents(exempted), cents(net), cents(due))


def test_o1_is_exempt_while_the_level_is_held() -> None:
    assert assess(O1, day("2026-06-30")).status is Standing.EXEMPT
    assert assess(O1, day("2027-06-30")).status is Standing.BEHIND


def test_o5_a_maximum_and_a_threshold_by_kind() -> None:
    large = dossier(
        ("2025-01-01", "2028-12-31"), policies="capped", contract_sum="20000000", percentage="2", kind="maintenance"
    )
    small = dossier(
        ("2025-01-01", "2028-12-31"), policies="capped", contract_sum="249999", percentage="2", kind="maintenance"
    )

    assert assess(large, day("2026-01-01")).net_cents == cents("300000.00")
    assert assess(small, day("2026-01-01")).status is Standing.NOT_APPLICABLE
    assert assess(replace(small, terms=replace(small.terms, kind=None)), day("2026-01-01")).status is Standing.BEHIND


def test_a1_one_whole_assessment() -> None:
    assessment = assess(a1(), day("2026-11-24"))

    assert assessment.status is Standing.BEHIND
    figures = {
        "gross_cents": "62500.00",
        "exempted_cents": "15496.58",
        "net_cents": "47003.42",
        "due_cents": "43835.62",
        "credited_cents": "38900.00",
        "pending_cents": "6481.48",
        "forecast_cents": "42041.78",
        "remaining_cents": "8103.42",
    }
    assert {key: getattr(assessment, key) for key in figures} == {key: cents(euro) for key, euro in figures.items()}
    values = {each.reference: each.value_cents for each in assessment.contributions}
    assert values == {"I-0031": 1118395, "W-1042": 2400000, "W-1077": 371605, "W-1081": 648148}
