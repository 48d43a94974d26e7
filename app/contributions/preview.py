"""What a contribution would be worth, and what its contract would become, if it were approved. Nothing is saved.

The entry is put into the contract's dossier as approved, in the place of the version that it corrects, and the rule
book reckons as always.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.contributions.entries import Entry
from app.rules import Assessment, Dossier, assess
from app.rules.assessment import Credited
from app.rules.checks import Facts, Finding, findings_in
from app.rules.dossier import with_approved
from app.rules.obligation import obligation_of


@dataclass(frozen=True, slots=True)
class Moved:
    """Another contribution that is credited otherwise at the end of the contract: by the cap, a maximum or a bonus."""

    reference: str
    block: str
    before_cents: int
    after_cents: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The entry on the contract's last day and on the as-of day, and the contract before and after as of that day.

    `dossier` has the entry approved; `moved` are the other contributions that change by that.
    """

    at_end: Credited
    now: Credited
    before: Assessment
    after: Assessment
    findings: tuple[Finding, ...]
    moved: tuple[Moved, ...]
    dossier: Dossier


def preview(dossier: Dossier, entered: Entry, facts: Facts) -> Preview:
    """Reckon with `entered` approved, as of the day of the facts.

    Errors: RuleError, the first of the faults of what was entered.
    """
    with_it = with_approved(dossier, entered, facts.same_person)
    before, after, end = assess(dossier, facts.on), assess(with_it, facts.on), at_the_end(with_it)
    return Preview(
        at_end=credited_of(end, entered.reference),
        now=credited_of(after, entered.reference),
        before=before,
        after=after,
        findings=findings_in(with_it, entered.reference, facts, end),
        moved=tuple(_moved(at_the_end(dossier), end, entered.reference)),
        dossier=with_it,
    )


def at_the_end(dossier: Dossier) -> Assessment:
    """The assessment as of the contract's last day, with extensions."""
    return assess(dossier, obligation_of(dossier).term.last)


def credited_of(assessment: Assessment, reference: str) -> Credited:
    return next(each for each in assessment.contributions if each.reference == reference)


def _moved(before: Assessment, after: Assessment, reference: str) -> Iterator[Moved]:
    then = {each.reference: each for each in before.contributions}
    for each in after.contributions:
        if each.reference != reference and each.value_cents != then[each.reference].value_cents:
            yield Moved(each.reference, each.block, then[each.reference].value_cents, each.value_cents)
