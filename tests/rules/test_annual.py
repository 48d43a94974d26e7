"""A corporation's year: identities to the cent, who counts, and what a reader cannot reckon back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from app.rules.annual import contract_in_year, follow, people_of, sums_of, years_of
from app.rules.dates import Period
from app.rules.dossier import Activity, Dossier, Hours, Parties, Placement, Programme, Status, Terms
from app.rules.small_groups import FEWEST
from app.rules.tables import Kind, parse_policy, parse_rate_table

DATA = Path(__file__).resolve().parents[2] / "data"
TABLE = parse_rate_table((DATA / "rate-tables/utrecht-2024.toml").read_text())
POLICY = parse_policy((DATA / "policies/level-2-exempts.toml").read_text())
ON = date(2026, 12, 31)
YEAR = Period(date(2026, 1, 1), ON)


def dossier(number: str = "A", supplier: str = "99990001", kind: Kind | None = None, **changes: object) -> Dossier:
    terms = Terms(number, "Werk", supplier, date(2025, 1, 1), date(2027, 12, 31), 1_000_000_00, Decimal(5), kind=kind)
    return replace(Dossier(Parties("99990000", "Corporatie", supplier), terms, TABLE, POLICY), **changes)


def placed(person: str, programme: Programme = Programme.YOUTH, first: date = date(2026, 3, 1)) -> Placement:
    hours = (Hours(first, Decimal(36)),)
    ends = date(first.year, 12, 31)
    return Placement(f"W{person}", person, "ww", first, hours, Status.APPROVED, ends, programme=programme)


def people(count: int, programme: Programme = Programme.YOUTH) -> tuple[Placement, ...]:
    return tuple(placed(f"{programme}{number}", programme) for number in range(count))


def test_gross_is_exempted_met_and_outstanding_and_a_surplus_meets_nothing_else() -> None:
    rich = dossier("A", activities=(Activity("A1", "social-purchase", date(2026, 5, 1), Status.APPROVED, 90_000_00),))
    poor = dossier("B", activities=(Activity("A1", "social-purchase", date(2025, 5, 1), Status.APPROVED, 10_000_00),))

    sums = sums_of([contract_in_year(follow(each, ON)) for each in (rich, poor)], YEAR)

    assert (sums.gross_cents, sums.met_cents, sums.outstanding_cents) == (100_000_00, 60_000_00, 40_000_00)
    assert sums.exempted_cents + sums.met_cents + sums.outstanding_cents == sums.gross_cents
    assert (sums.credited_cents, sums.in_year_cents) == (100_000_00, 90_000_00)


def test_the_years_of_a_contract_add_up_to_what_it_was_credited() -> None:
    long_term = dossier(placements=(placed("1", first=date(2025, 4, 7)), placed("2")))

    line = contract_in_year(follow(long_term, ON))

    assert list(line.credited_by_year) == list(years_of(YEAR)) == [2022, 2023, 2024, 2025, 2026]
    assert sum(line.credited_by_year.values()) == line.credited_cents
    assert line.credited_by_year[2025] > 0 < line.credited_by_year[2026]


def test_a_contract_of_another_year_is_in_no_sum_but_in_the_trend() -> None:
    over = dossier(activities=(Activity("A1", "social-purchase", date(2025, 5, 1), Status.APPROVED, 10_000_00),))
    over = replace(over, terms=replace(over.terms, ends_on=date(2025, 12, 31)))

    line = contract_in_year(follow(over, ON))

    assert sums_of([line], YEAR).contracts == 0
    assert line.credited_by_year[2025] == 10_000_00


def test_a_person_counts_once_for_a_contract_and_only_with_a_day_in_the_year() -> None:
    twice = replace(placed("1"), reference="W1b", block="wia")
    before = placed("9", first=date(2025, 2, 1))
    draft = replace(placed("8"), status=Status.SUBMITTED)
    facts = dossier(placements=(*people(5), placed("1"), twice, before, draft))

    found = people_of([follow(facts, ON)])

    assert found.by_programme.total == 6
    assert found.by_year[2026] == 6
    assert found.by_year[2025] is None, "one person is too few to tell of"


def test_a_small_group_goes_with_others() -> None:
    ways = (*people(12, Programme.YOUTH), *people(7, Programme.UWV), *people(3, Programme.SERVICES))

    shown = people_of([follow(dossier(placements=ways), ON)]).by_programme

    nobody = dict.fromkeys((Programme.SOCIAL_ASSISTANCE, Programme.SHELTERED_WORK, Programme.OTHER), 0)
    assert shown.numbers == nobody | {Programme.YOUTH: 12, Programme.UWV: None, Programme.SERVICES: None}
    assert shown.total == 22


def test_where_suppliers_are_kept_back_the_kinds_are_too() -> None:
    """Else the kind of work that only one supplier does would tell of the other that was kept back with it."""
    three = [
        dossier("A", "99990001", Kind.PAINTING, placements=people(3)),
        dossier("D", "99990004", Kind.PAINTING, placements=people(12)),
        dossier("B", "99990002", Kind.SERVICES, placements=people(10)),
        dossier("C", "99990003", Kind.MAINTENANCE, placements=people(37)),
    ]

    found = people_of([follow(each, ON) for each in three])

    assert found.by_supplier.numbers == {"99990001": None, "99990004": 12, "99990002": None, "99990003": 37}
    assert set(found.by_kind.numbers.values()) == {None}


GROUPS = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from([Kind.PAINTING, Kind.SERVICES]), st.integers(0, 9)), max_size=5
)


@given(GROUPS)
def test_no_number_under_five_follows_from_what_is_shown(groups: Sequence[tuple[int, Kind, int]]) -> None:
    """Every division of people over suppliers and kinds that shows the same is looked for: in some of them each group
    that was kept back has another number than it has."""
    suppliers, kinds = Counter[int](), Counter[Kind]()
    facts = []
    for row, (supplier, kind, count) in enumerate(groups):
        suppliers[supplier] += count
        kinds[kind] += count
        facts.append(dossier(f"C{row}", f"9999000{supplier}", kind, placements=people(count)))

    found = people_of([follow(each, ON) for each in facts])

    tables = (*found.by_supplier.numbers.values(), *found.by_kind.numbers.values())
    assert all(not number or number >= FEWEST for number in tables)
    hidden = [int(kvk[-1]) for kvk, number in found.by_supplier.numbers.items() if number is None]
    if found.by_supplier.total is not None and hidden:
        together = sum(suppliers[each] for each in hidden)
        divisions = [each for each in product(range(1, together + 1), repeat=len(hidden)) if sum(each) == together]
        for place, supplier in enumerate(hidden):
            assert any(division[place] != suppliers[supplier] for division in divisions)
