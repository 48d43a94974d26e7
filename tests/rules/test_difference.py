"""The comparison of two dossiers: what came, went and changed, and from which dossier on that was known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.rules.difference import Change, Fact, How, What, difference
from app.rules.dossier import Parties
from tests.rules.making import a1, activity, amendment, certificate, day, dossier, hours, placement, policy, table

CONTRACT = Fact(What.CONTRACT)


def test_the_same_facts_differ_in_nothing() -> None:
    assert difference(a1(), replace(a1(), recorded_at="2026-11-25T00:00:00Z")) == ()


def test_terms_differ_field_by_field() -> None:
    changes = difference(dossier(), dossier(contract_sum="1200000", percentage="4"))
    assert changes == (
        Change(CONTRACT, How.CHANGED, "contract_sum_cents", 1_000_000_00, 1_200_000_00),
        Change(CONTRACT, How.CHANGED, "percentage", Decimal(5), Decimal(4)),
    )


def test_the_name_of_the_supplier_is_a_term_too() -> None:
    renamed = replace(dossier(), parties=Parties("99990000", "Woningcorporatie Diezeborg", "Van Asten BV"))
    assert difference(dossier(), renamed) == (
        Change(CONTRACT, How.CHANGED, "supplier_name", "Schildersbedrijf Van Asten", "Van Asten BV"),
    )


@pytest.mark.parametrize(
    ("one", "fact"),
    [
        (dossier(amendments=[amendment("2025-10-01", "5", reference="W1")]), Fact(What.AMENDMENT, "W1")),
        (dossier(amendments=[amendment("2025-10-01", "5")]), Fact(What.AMENDMENT, day=date(2025, 10, 1))),
        (
            dossier(certificates=[certificate("2", "2025-01-01", "2026-12-31", number="PSO-7")]),
            Fact(What.CERTIFICATE, "PSO-7", date(2025, 1, 1)),
        ),
        (dossier(contributions=[placement("bbl", "2026-01-01")]), Fact(What.PLACEMENT, "P1")),
        (dossier(contributions=[activity("social-purchase", "2026-01-01", "5")]), Fact(What.ACTIVITY, "A1")),
    ],
)
class TestAFact:
    def test_comes(self, one: object, fact: Fact) -> None:
        assert difference(dossier(), one) == (Change(fact, How.ADDED),)  # type: ignore[arg-type]

    def test_goes(self, one: object, fact: Fact) -> None:
        assert difference(one, dossier()) == (Change(fact, How.REMOVED),)  # type: ignore[arg-type]


def test_a_fact_that_stays_shows_its_fields() -> None:
    before = dossier(contributions=[placement("bbl", "2026-01-01", None, "36")])
    after = dossier(contributions=[placement("bbl", "2026-01-01", "2026-06-30", "28.8")])
    fact, first = Fact(What.PLACEMENT, "P1"), day("2026-01-01")
    assert difference(before, after) == (
        Change(fact, How.CHANGED, "hours", hours(first, "36"), hours(first, "28.8")),
        Change(fact, How.CHANGED, "ends_on", None, day("2026-06-30")),
    )


def test_the_order_of_a_list_is_no_difference() -> None:
    one = dossier(contributions=[placement("bbl", "2026-01-01", bonuses=("b", "a"))])
    other = dossier(contributions=[placement("bbl", "2026-01-01", bonuses=("a", "b"))])
    assert difference(one, other) == ()


def test_the_number_of_a_person_is_no_difference() -> None:
    one = dossier(contributions=[placement("bbl", "2026-01-01", person="1")])
    other = dossier(contributions=[placement("bbl", "2026-01-01", person="2")])
    assert difference(one, other) == ()


def test_another_table_and_another_policy_are_named_whole() -> None:
    one, other = dossier(), dossier(tables="utrecht-2019", policies="stepped")
    assert difference(one, other) == (
        Change(Fact(What.RATE_TABLE), How.CHANGED, "version", table("utrecht-2024"), table("utrecht-2019")),
        Change(Fact(What.POLICY), How.CHANGED, "version", policy("level-2-exempts"), policy("stepped")),
    )


def test_changes_stand_in_the_order_of_their_kinds_and_names() -> None:
    after = dossier(
        contributions=[
            activity("social-purchase", "2026-01-01", "5"),
            placement("bbl", "2026-01-01", reference="P2"),
            placement("bbl", "2026-01-01", reference="P1"),
        ],
        contract_sum="5",
        amendments=[amendment("2025-10-01", "5")],
    )
    assert [(each.fact.what, each.fact.name) for each in difference(dossier(), after)] == [
        (What.CONTRACT, ""),
        (What.AMENDMENT, ""),
        (What.PLACEMENT, "P1"),
        (What.PLACEMENT, "P2"),
        (What.ACTIVITY, "A1"),
    ]


def test_a_change_knows_from_which_dossier_on_it_holds() -> None:
    empty = dossier()
    half = dossier(contributions=[placement("bbl", "2026-01-01", a_week="20")])
    whole = dossier(contributions=[placement("bbl", "2026-01-01", a_week="36")])

    (added,), (changed,), (removed,) = difference(empty, whole), difference(half, whole), difference(whole, empty)
    assert [added.holds_in(each) for each in (empty, half, whole)] == [False, True, True]
    assert [changed.holds_in(each) for each in (empty, half, whole)] == [False, False, True]
    assert [removed.holds_in(each) for each in (empty, half, whole)] == [True, False, False]
