"""Writes what a workbook says, inside the running command: what is there and different is changed, the rest is made.

The rows have no fault any more. The order is that of the workbook: suppliers, certificates, contracts with their
amendments, then people and contributions; each kind is written before the next refers to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from app.audit.outcomes import Outcome
from app.audit.trail import Audit
from app.contracts.agreement import Agreement, amendment_like
from app.contracts.models import Contract
from app.contracts.service import record_amendment, record_contract
from app.contributions.models import Contribution, Person
from app.rules import dossier as facts
from app.rules.ladder import Certificate
from app.suppliers.models import Certificate as CertificateRow
from app.suppliers.service import make_supplier, record_certificate, record_supplier
from app.web.errors import Invalid
from app.workbook.entries import Entries, Entry
from app.workbook.faults import Fault
from app.workbook.queries import Known
from app.workbook.versions import Deed, Importer, Plan, enter_facts, enter_state, new_version, plan, withdraw

OUTCOMES = {
    Deed.NOTHING: Outcome.UNCHANGED,
    Deed.NEW_STATE: Outcome.CHANGED,
    Deed.NEW_FACTS: Outcome.CHANGED,
}


@dataclass(slots=True)
class Report:
    """What an import did: how many rows of each sheet (by its key) were new, changed or as they were; warnings."""

    counts: dict[str, Counter[Outcome]] = field(default_factory=dict)
    warnings: list[Fault] = field(default_factory=list)
    is_dry_run: bool = False

    def count(self, sheet: str, outcome: Outcome) -> None:
        self.counts.setdefault(sheet, Counter())[outcome] += 1

    @property
    def has_changes(self) -> bool:
        return any(counter[Outcome.CREATED] or counter[Outcome.CHANGED] for counter in self.counts.values())


class Store:
    """One import under way."""

    def __init__(self, audit: Audit, known: Known, importer: Importer) -> None:
        self.report = Report()
        self._audit = audit
        self._known = known
        self._importer = importer
        self._affected: dict[Contract, None] = {}

    def write(self, entries: Entries) -> Report:
        """Write all of it, and say which contracts' facts changed."""
        self._suppliers(entries)
        self._certificates(entries)
        self._contracts(entries)
        self._amendments(entries)
        self._contributions(entries)
        self._audit.session.flush()
        for contract in self._affected:
            contract.facts_changed()
        return self.report

    def _suppliers(self, entries: Entries) -> None:
        for entry in entries.suppliers:
            said = entry.says
            supplier = self._known.suppliers.get(said.kvk)
            if supplier is None:
                supplier = self._known.suppliers[said.kvk] = make_supplier(self._audit, said.kvk)
            known = self._known.records.get(said.kvk)
            shown = {"name": said.name, "city": said.city, "email": said.email}
            record, outcome = record_supplier(self._audit, self._known.corporation, supplier, known, shown)
            self._known.records[said.kvk] = record
            self.report.count("suppliers", outcome)
        self._audit.session.flush()

    def _certificates(self, entries: Entries) -> None:
        for entry in entries.certificates:
            known = self._known.certificates.get((entry.says.number, entry.says.valid_from))
            seen = self._with_what_stays(entry, known) if known else entry.says
            user_id = self._importer.user_id
            _made, outcome = record_certificate(self._audit, self._known.corporation, known, seen, user_id)
            self.report.count("certificates", outcome)

    def _with_what_stays(self, entry: Entry[Certificate], known: CertificateRow) -> Certificate:
        """The certificate as the row has it; an empty cell takes no check and no withdrawal back."""
        stays = {
            name: day
            for name in ("checked_on", "withdrawn_on")
            if (day := getattr(known, name)) is not None and getattr(entry.says, name) is None
        }
        for name, day in stays.items():
            self.report.warnings.append(entry.row.fault(Invalid("day_stays", day=day), name))
        return replace(entry.says, **stays)

    def _contracts(self, entries: Entries) -> None:
        for entry in entries.contracts:
            number = entry.says.terms.number
            known = self._known.contracts.get(number)
            values = self._contract_columns(entry.says)
            contract, outcome = record_contract(self._audit, self._known.corporation, known, values)
            self._known.contracts[number] = contract
            if outcome is Outcome.CREATED:
                self.report.count("contracts", outcome)
            else:
                self._note(contract, "contracts", outcome)
        self._audit.session.flush()

    def _contract_columns(self, said: Agreement) -> dict[str, Any]:
        return said.columns(
            self._known.records[said.terms.kvk].supplier,
            self._known.tables[said.rate_table],
            self._known.policies[said.policy],
            self._known.leaders[said.project_leader] if said.project_leader else None,
        )

    def _amendments(self, entries: Entries) -> None:
        for entry in entries.amendments:
            contract = self._known.contracts[entry.contract]
            known = amendment_like(contract, entry.says)
            _, outcome = record_amendment(self._audit, contract, known, entry.says)
            self._note(contract, "amendments", outcome)

    def _contributions(self, entries: Entries) -> None:
        persons = {id(entry): self._person(entry) for entry in entries.placements}
        self._audit.session.flush()
        plans = [(entry, self._plan(entry, persons.get(id(entry)))) for entry in entries.contributions]
        for _entry, each in plans:
            for version in each.withdraw:
                with self._audit.change_of(version):
                    withdraw(version, self._importer)
        self._audit.session.flush()  # at most one version waits and one is approved: they make room first
        for entry, each in plans:
            self._carry_out(entry, each, persons.get(id(entry)))

    def _person(self, entry: Entry[facts.Placement]) -> Person:
        supplier = self._known.contracts[entry.contract].supplier
        key = supplier.id, entry.says.person
        person = self._known.persons.get(key)
        if person is None:
            person = Person(supplier=supplier, reference=entry.says.person, created_at=self._importer.at)
            self._known.persons[key] = person
            self._audit.created(person)
        return person

    def _plan(self, entry: Entry[facts.Placement] | Entry[facts.Activity], person: Person | None) -> Plan:
        made = plan(entry.says, person, self._versions(entry), self._importer)
        if made.warning:
            self.report.warnings.append(entry.row.fault(made.warning))
        return made

    def _carry_out(
        self, entry: Entry[facts.Placement] | Entry[facts.Activity], made: Plan, person: Person | None
    ) -> None:
        contract, versions = self._known.contracts[entry.contract], self._versions(entry)
        if made.deed is Deed.NEW_VERSION:
            version = new_version(contract, entry.says, versions, made.version)
            enter_facts(version, entry.says, person, self._importer)
            enter_state(version, entry.says.status, self._importer)
            self._audit.created(version)
        elif made.deed is not Deed.NOTHING and made.version:
            with self._audit.change_of(made.version):
                if made.deed is Deed.NEW_FACTS:
                    enter_facts(made.version, entry.says, person, self._importer)
                enter_state(made.version, entry.says.status, self._importer)
        fresh = Outcome.CHANGED if versions else Outcome.CREATED
        self._note(contract, entry.row.sheet.key, OUTCOMES.get(made.deed, fresh))

    def _versions(self, entry: Entry[facts.Placement] | Entry[facts.Activity]) -> list[Contribution]:
        contract = self._known.contracts[entry.contract]
        return list(self._known.versions_on(contract).get(entry.says.reference, ()))

    def _note(self, contract: Contract, sheet: str, outcome: Outcome) -> None:
        self.report.count(sheet, outcome)
        if outcome is not Outcome.UNCHANGED:
            self._affected[contract] = None
