"""What is wrong with a workbook beyond its single cells: what its rows say together, and with what is known already."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from itertools import chain

from app.rules.dossier import Placement, Status
from app.rules.faults import certificate_faults, share_fault
from app.web.errors import Invalid, NotFound
from app.workbook.dossiers import OF_CONTRACTS, Dossiers
from app.workbook.entries import ALL, Entries, Entry
from app.workbook.faults import Fault
from app.workbook.queries import COUNTING, Known, Mentioned, PersonKey
from app.workbook.rows import Book, Row

Key = Callable[[Row], Hashable]


def mentioned_in(book: Book) -> Mentioned:
    """What the workbook speaks of, whole rows or not."""
    own = {row.values["number"] for row in book.rows["contracts"] if "number" in row.values}
    others = {row.values["contract"] for key in OF_CONTRACTS for row in book.rows[key] if "contract" in row.values}
    kvk = {row.values["kvk"] for key in ("suppliers", "contracts") for row in book.rows[key] if "kvk" in row.values}
    return Mentioned(kvk, own | others)


def faults_of(book: Book, entries: Entries, known: Known) -> list[Fault]:
    """All faults of a workbook, those of its cells included, in its order; empty when it can be imported."""
    return book.in_order(
        [
            *book.faults,
            *_double_rows(book),
            *_unknown_names_of_contracts(book, known),
            *_unknown_contracts(book, known),
            *_certificates(entries),
            *Dossiers(book, entries, known).faults(),
            *_shares(entries, known),
        ]
    )


def _double_rows(book: Book) -> Iterator[Fault]:
    """Rows that would be one. (References of contributions are the rule book's to compare.)"""
    keys: dict[str, Key] = {
        "suppliers": lambda row: row.values["kvk"],
        "certificates": lambda row: (row.values["number"], row.values["valid_from"]),
        "contracts": lambda row: row.values["number"],
        "amendments": lambda row: (row.values["contract"], row.values.get("reference") or row.values["effective_on"]),
    }
    for sheet, key_of in keys.items():
        first_rows: dict[Hashable, int] = {}
        for row in book.rows[sheet]:
            if row.is_whole and first_rows.setdefault(key_of(row), row.number) != row.number:
                yield row.fault(Invalid("row_twice", other=first_rows[key_of(row)]))


def _unknown_names_of_contracts(book: Book, known: Known) -> Iterator[Fault]:
    """A supplier, a table, a policy or a project leader that is not there."""
    suppliers = _named(book, "suppliers", "kvk", known.records)
    name = known.corporation.name
    for row in book.rows["contracts"]:
        kvk, leader = row.values.get("kvk"), row.values.get("project_leader")
        table, policy = row.values.get("rate_table"), row.values.get("policy")
        if kvk and suppliers is not None and kvk not in suppliers:
            yield row.fault(NotFound("no_such_supplier", kvk=kvk, corporation=name), "kvk")
        if table and table not in known.tables:
            yield row.fault(NotFound("no_such_rate_table", scheme=table), "rate_table")
        if policy and policy not in known.policies:
            yield row.fault(NotFound("no_such_policy", scheme=policy), "policy")
        if leader and leader not in known.leaders:
            yield row.fault(NotFound("no_such_project_leader", email=leader, corporation=name), "project_leader")


def _unknown_contracts(book: Book, known: Known) -> Iterator[Fault]:
    numbers = _named(book, "contracts", "number", known.contracts)
    name = known.corporation.name
    for row in chain.from_iterable(book.rows[key] for key in OF_CONTRACTS):
        number = row.values.get("contract")
        if number and numbers is not None and number not in numbers:
            yield row.fault(NotFound("no_such_contract", number=number, corporation=name), "contract")


def _named(book: Book, sheet: str, column: str, known: Iterable[str]) -> frozenset[str] | None:
    """What the rows of a sheet and what is known are called; None when some row can't tell: it may be the one."""
    names = [row.values.get(column) for row in book.rows[sheet]]
    return None if None in names else frozenset(map(str, names)).union(known)


def _certificates(entries: Entries) -> Iterator[Fault]:
    for entry in entries.certificates:
        for fault in certificate_faults(entry.says):
            yield entry.row.fault(fault, fault.values["column"])


def _shares(entries: Entries, known: Known) -> Iterator[Fault]:
    """Each person whose shares come to over 100% on some day, at the last row about that day.

    A row whose own share or days cannot be has a fault of its own.
    """
    suppliers = {number: contract.supplier.kvk for number, contract in known.contracts.items()}
    suppliers |= {entry.says.terms.number: entry.says.terms.kvk for entry in entries.contracts}
    by_person: dict[PersonKey, list[Entry[Placement]]] = {}
    for entry in entries.placements:
        if entry.contract in suppliers and _can_be(entry.says):
            by_person.setdefault((suppliers[entry.contract], entry.says.person), []).append(entry)
    for person, said in by_person.items():
        fault = share_fault(_all_of_person(person, said, known))
        if fault is not None:
            about = [entry for entry in said if _runs_on(entry.says, fault.values["day"])]
            yield (about or said)[-1].row.fault(fault, "share")


def _all_of_person(person: PersonKey, said: list[Entry[Placement]], known: Known) -> list[Placement]:
    """What is said of a person and counts, beside what is known and not said anew."""
    kept = dict(known.shares.get(person, {}))
    for entry in said:
        contract = known.contracts.get(entry.contract)
        if contract is not None and entry.says.status is not Status.DRAFT:
            kept.pop((contract.id, entry.says.reference), None)
    return [*kept.values(), *(entry.says for entry in said if entry.says.status in COUNTING)]


def _runs_on(placement: Placement, day: date) -> bool:
    return placement.starts_on <= day and (placement.ends_on is None or day <= placement.ends_on)


def _can_be(placement: Placement) -> bool:
    return 0 < placement.share <= ALL and (placement.ends_on is None or placement.starts_on <= placement.ends_on)
