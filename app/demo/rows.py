"""The demo as rows of the workbook: sheet by sheet, in the words of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count, cycle

from app.demo.activities import ACTIVITIES
from app.demo.contracts import AMENDMENTS, CONTRACTS
from app.demo.intakes import GROUPS, TOLD_ONE_BY_ONE
from app.demo.parties import CERTIFICATES, PARTNER, SUPPLIERS
from app.demo.tables import Row
from app.rules.dates import ONE_DAY, add_months

OF_THE_PARTNER = frozenset({"sheltered_work", "services"})
SHARED = ("contract", "programme", "block", "share")
"""What all of a group have in common."""
ONE_IN_THREE = 3
"""Of those on social assistance so many are seconded by the partner."""
FIRST_IN_A_GROUP = 11
NEVER_GIVEN = 7
"""The partner's card index skips one number in so many: people who came and found other work."""


def sheets() -> dict[str, list[Row]]:
    """Every sheet of the workbook with its rows."""
    return {
        "Suppliers": SUPPLIERS,
        "Certificates": CERTIFICATES,
        "Contracts": CONTRACTS,
        "Amendments": AMENDMENTS,
        "Placements": placements(),
        "Activities": ACTIVITIES,
    }


def placements() -> list[Row]:
    """All placements, each of another person, in the order of contract and reference."""
    rows = [*TOLD_ONE_BY_ONE, *_of_groups()]
    _give_persons(rows)
    _give_employers(rows)
    return sorted(rows, key=lambda row: (row["contract"], row["reference"]))


def _of_groups() -> list[Row]:
    """The placements of the groups, numbered in each contract in the order in which they began."""
    rows = sorted((row for group in GROUPS for row in _members(group)), key=_by_first_day)
    series = {contract["number"]: count(100 * place + FIRST_IN_A_GROUP) for place, contract in enumerate(CONTRACTS, 1)}
    return [row | {"reference": f"W-{next(series[row['contract']]):04d}"} for row in rows]


def _members(group: Row) -> Iterator[Row]:
    shared = {column: group[column] for column in SHARED if column in group}
    hours = cycle(group["hours"].split())
    for place in range(int(group["people"])):
        first = date.fromisoformat(group["starts_on"]) + timedelta(days=place * int(group.get("every", 0)))
        row: Row = {**shared, "status": "approved", "starts_on": first.isoformat(), "hours_per_week": next(hours)}
        yield row | _end(first, group.get("until", ""))


def _end(first: date, until: str) -> Row:
    """The last day, said as a day or as so many months; none when the person is still there."""
    if until.endswith("months"):
        return {"ends_on": (add_months(first, int(until.split(maxsplit=1)[0])) - ONE_DAY).isoformat()}
    return {"ends_on": until} if until else {}


def _give_persons(rows: Iterable[Row]) -> None:
    """A pseudonym for each, out of one card index, in the order of the first day."""
    for place, row in enumerate(sorted(rows, key=_by_first_day), 1):
        row["person"] = f"D-{100 + place + place // NEVER_GIVEN:04d}"


def _give_employers(rows: Iterable[Row]) -> None:
    """Sheltered work and services are done from the partner, and so are some of those on social assistance."""
    suppliers = {supplier["kvk"]: supplier["name"] for supplier in SUPPLIERS}
    of_contract = {contract["number"]: suppliers[contract["kvk"]] for contract in CONTRACTS}
    assisted = count(1)
    for row in rows:
        seconded = row["programme"] == "social_assistance" and next(assisted) % ONE_IN_THREE == 0
        by_partner = row["programme"] in OF_THE_PARTNER or seconded
        row["employer"] = PARTNER if by_partner else of_contract[row["contract"]]


def _by_first_day(row: Row) -> tuple[str, str, str, str]:
    return row["starts_on"], row["contract"], row.get("reference", ""), row["block"]
