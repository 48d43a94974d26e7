"""What waits to be submitted or judged, each with what it would be worth and what deserves a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.assessments.queries import dossiers, facts_of
from app.confirmations.queries import supported
from app.contributions import queries
from app.contributions.entries import Entry
from app.contributions.models import Contribution
from app.contributions.models import Placement as PlacementRow
from app.contributions.preview import at_the_end, credited_of
from app.planning.queries import agreed_efforts
from app.rules.checks import Facts, Finding, findings_in, planned_by_block
from app.rules.dossier import Placement, with_approved
from app.web.reasons import labels_of


@dataclass(frozen=True, slots=True)
class Looked:
    """A version with what it would be credited through its contract's last day, in cents, and what was found."""

    version: Contribution
    cents: int
    findings: Sequence[Finding]
    labels: Mapping[str, str]

    @property
    def block(self) -> str:
        """The building block as readers know it."""
        return self.labels.get(self.version.block, self.version.block)


def as_entered(version: Contribution) -> Entry:
    """A version as somebody would enter it: a placement's person is the supplier's reference."""
    entry = facts_of(version)
    if isinstance(entry, Placement) and isinstance(version, PlacementRow):
        return replace(entry, person=version.person.reference or "")
    return entry


def looked_at(versions: Sequence[Contribution], on: date) -> list[Looked]:
    """Each of these as if it alone were approved, a correction in the place of what it corrects.

    In a constant number of statements.
    """
    contracts = list({version.contract for version in versions})
    known, efforts = dossiers(contracts), agreed_efforts(contracts)
    planned = {number: planned_by_block(known[number], each) for number, each in efforts.items()}
    same, faults = queries.references_of_same_persons(versions), queries.share_faults(versions)
    shown = supported([version.id for version in versions])
    made = []
    for version in versions:
        facts = Facts(
            on=on,
            same_person=same.get(version.id, frozenset()),
            share_fault=faults.get(version.id),
            has_evidence=version.id in shown,
            entered_on=version.entered_at.date(),
            planned=planned.get(version.contract_id),
        )
        dossier = with_approved(known[version.contract_id], facts_of(version), facts.same_person)
        end = at_the_end(dossier)
        found = findings_in(dossier, version.reference, facts, end)
        cents = credited_of(end, version.reference).value_cents
        made.append(Looked(version, cents, found, labels_of(dossier.rate_table)))
    return made
