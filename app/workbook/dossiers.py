"""The contracts of a workbook as they would be: its rows over what is known, weighed by the rule book's own checks.

Each fault gets the row and the column where it stands. Of a contract whose own row cannot be read wholly the
contributions are still weighed, so that one import shows all that is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.assessments.facts import amendment_of, terms_of
from app.assessments.queries import facts_of
from app.contracts.models import Contract
from app.contributions.models import Contribution, ContributionKind
from app.rules import RuleError, faults
from app.rules.dossier import Activity, Amendment, Dossier, Parties, Placement, Status
from app.rules.faults import activity_faults, placement_faults
from app.schemes.queries import parsed_policy, parsed_table
from app.web.errors import Invalid
from app.workbook.entries import Entries, Entry, Fact
from app.workbook.faults import Fault
from app.workbook.queries import Known
from app.workbook.rows import Book, Row

OF_CONTRACTS = ("amendments", "placements", "activities")


class Dossiers:
    """What a workbook says of each contract, over what is known of it."""

    def __init__(self, book: Book, entries: Entries, known: Known) -> None:
        self._known = known
        self._rows = {row.values["number"]: row for row in book.rows["contracts"] if "number" in row.values}
        self._entries = {entry.says.terms.number: entry.says for entry in entries.contracts}
        self._amendments = _by_contract(entries.amendments)
        self._placements = _by_contract(entries.placements)
        self._activities = _by_contract(entries.activities)
        others = [row for key in OF_CONTRACTS for row in book.rows[key] if "contract" in row.values]
        self._unclear = {
            row.values["contract"] for row in others if row.sheet.key == OF_CONTRACTS[0] and not row.is_whole
        }
        self._places = {(row.sheet.key, row.values["contract"], _name_of(row)): row for row in others}
        self._first_rows = {row.values["contract"]: row for row in reversed(others)} | self._rows

    def faults(self) -> Iterator[Fault]:
        """What is wrong with each contract, in the order of their numbers."""
        for number in sorted(self._first_rows):
            yield from self._other_supplier(number)
            dossier = self._dossier(number)
            for fault in faults(dossier) if dossier else self._faults_of_contributions(number):
                yield self._placed(number, fault)

    def _contract(self, number: str) -> Contract | None:
        return self._known.contracts.get(number)

    def _dossier(self, number: str) -> Dossier | None:
        """The facts of one contract; None when the row of the contract leaves them unclear."""
        entry, contract = self._entries.get(number), self._contract(number)
        if entry is None and (contract is None or number in self._rows):
            return None
        terms = entry.terms if entry else terms_of(_there(contract))
        table = self._known.tables.get(entry.rate_table) if entry else _there(contract).rate_table
        policy = self._known.policies.get(entry.policy) if entry else _there(contract).policy
        if table is None or policy is None:
            return None
        contributions = [*self._contributions(number)]
        return Dossier(
            parties=Parties(self._known.corporation.kvk),
            terms=terms,
            rate_table=parsed_table(table),
            policy=parsed_policy(policy),
            amendments=self._all_amendments(number),
            placements=tuple(each for each in contributions if isinstance(each, Placement)),
            activities=tuple(each for each in contributions if isinstance(each, Activity)),
        )

    def _all_amendments(self, number: str) -> tuple[Amendment, ...]:
        """Those of the workbook beside others that are known; one that is unclear would make the rest look wrong."""
        if number in self._unclear:
            return ()
        said = [entry.says for entry in self._amendments.get(number, [])]
        keys = {each.reference or each.effective_on for each in said}
        contract = self._contract(number)
        kept = [amendment_of(row) for row in contract.amendments] if contract else []
        return (*(each for each in kept if (each.reference or each.effective_on) not in keys), *said)

    def _contributions(self, number: str) -> Iterator[Placement | Activity]:
        said: list[Placement | Activity] = [entry.says for entry in self._placements.get(number, [])]
        said += [entry.says for entry in self._activities.get(number, [])]
        kinds = {(_kind(each), each.reference) for each in said}
        for reference, versions in self._known.versions_on(self._contract(number)).items():
            current = current_version(versions)
            if (current.kind, reference) not in kinds:
                yield facts_of(current)
        yield from said

    def _faults_of_contributions(self, number: str) -> Iterator[RuleError]:
        """Those that need no more than the table, when that is clear."""
        code = self._rows[number].values.get("rate_table") if number in self._rows else None
        table = self._known.tables.get(code) if code else None
        if table is not None:
            for placement in self._placements.get(number, []):
                yield from placement_faults(placement.says, parsed_table(table))
            for activity in self._activities.get(number, []):
                yield from activity_faults(activity.says, parsed_table(table))

    def _other_supplier(self, number: str) -> Iterator[Fault]:
        """Persons are a supplier's: with placements on it a contract stays with its supplier."""
        entry, contract = self._entries.get(number), self._contract(number)
        if entry is None or contract is None or entry.terms.kvk == contract.supplier.kvk:
            return
        versions = self._known.versions_on(contract).values()
        if any(current_version(each).kind is ContributionKind.PLACEMENT for each in versions):
            yield self._rows[number].fault(Invalid("contract_other_supplier", kvk=contract.supplier.kvk), "kvk")

    def _placed(self, number: str, fault: RuleError) -> Fault:
        """The fault with its place; what the workbook does not have is named at the first row of its contract."""
        sheet, reference, column = (fault.values.get(name) for name in ("sheet", "reference", "column"))
        if sheet == "contracts" and number in self._rows:
            return self._rows[number].fault(fault, column)
        for key in (sheet, *OF_CONTRACTS):
            row = self._places.get((str(key), number, str(reference)))
            if row is not None:
                return row.fault(fault, column)
        return self._first_rows[number].fault(fault, about=reference)


def current_version(versions: Sequence[Contribution]) -> Contribution:
    """The version that the dossier holds: the approved one, else the newest (which comes first)."""
    return next((version for version in versions if version.status is Status.APPROVED), versions[0])


def _there(contract: Contract | None) -> Contract:
    assert contract is not None
    return contract


def _by_contract(entries: Iterable[Entry[Fact]]) -> Mapping[str, list[Entry[Fact]]]:
    grouped: dict[str, list[Entry[Fact]]] = {}
    for entry in entries:
        grouped.setdefault(entry.contract, []).append(entry)
    return grouped


def _kind(said: Placement | Activity) -> ContributionKind:
    return ContributionKind.PLACEMENT if isinstance(said, Placement) else ContributionKind.ACTIVITY


def _name_of(row: Row) -> str:
    """What the rule book calls the record of a row: its reference, or the day of an amendment without one."""
    return str(row.values.get("reference") or row.values.get("effective_on"))
