"""What a contribution would be worth, and what its contract would become, if it were approved. Nothing is saved.

The entry is put into the contract's dossier as approved, in the place of the version that it corrects, and the rule
book reckons as always.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from app.contributions.entries import Entry
from app.rules import Assessment, Dossier, assess
from app.rules.assessment import Credited, Standing
from app.rules.dates import Period, period
from app.rules.dossier import Placement, Status
from app.rules.obligation import obligation_of
from app.rules.tables import Block, Per

A_NEW_PERSON = "entered"
NOTHING_OWED = (Standing.NOT_APPLICABLE, Standing.EXEMPT)
COUNTING = (Status.APPROVED, Status.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Question:
    """What whoever judges it may ask, or what the enterer may not expect: a code and values of its sentence."""

    code: str
    values: dict[str, Any]

    def named(self, labels: Mapping[str, str]) -> Question:
        """With the block called as readers know it."""
        block = self.values.get("block")
        return self if block is None else Question(self.code, {**self.values, "block": labels.get(block, block)})


@dataclass(frozen=True, slots=True)
class Preview:
    """The entry on the contract's last day and on the as-of day, and the contract before and after as of that day."""

    at_end: Credited
    now: Credited
    before: Assessment
    after: Assessment
    questions: tuple[Question, ...]


def preview(dossier: Dossier, entered: Entry, same_person: Collection[str], on: date) -> Preview:
    """Reckon with `entered` approved; `same_person` are the references of the person's placements on the contract.

    Errors: RuleError, the first of the faults of what was entered.
    """
    with_it = with_entry(dossier, entered, same_person)
    before, after = assess(dossier, on), assess(with_it, on)
    at_end = credited_of(at_the_end(with_it), entered.reference)
    found = tuple(questions(with_it, entered.reference, at_end, after))
    return Preview(at_end, credited_of(after, entered.reference), before, after, found)


def with_entry(dossier: Dossier, entered: Entry, same_person: Collection[str]) -> Dossier:
    """The dossier with `entered` approved in it, instead of another version of the same reference."""
    placements = [each for each in dossier.placements if each.reference != entered.reference]
    activities = [each for each in dossier.activities if each.reference != entered.reference]
    if isinstance(entered, Placement):
        person = next((each.person for each in dossier.placements if each.reference in same_person), A_NEW_PERSON)
        placements.append(replace(entered, person=person, status=Status.APPROVED))
    else:
        activities.append(replace(entered, status=Status.APPROVED))
    return replace(dossier, placements=tuple(placements), activities=tuple(activities))


def worth_cents(dossier: Dossier, entered: Entry, same_person: Collection[str]) -> int:
    """What `entered` would be credited through the contract's last day if it were approved."""
    return credited_of(at_the_end(with_entry(dossier, entered, same_person)), entered.reference).value_cents


def at_the_end(dossier: Dossier) -> Assessment:
    """The assessment as of the contract's last day, with extensions."""
    return assess(dossier, obligation_of(dossier).term.last)


def credited_of(assessment: Assessment, reference: str) -> Credited:
    return next(each for each in assessment.contributions if each.reference == reference)


def questions(dossier: Dossier, reference: str, at_end: Credited, after: Assessment) -> Iterator[Question]:
    """What deserves a look before it is submitted, the figures of the entry first."""
    block = dossier.rate_table.block(at_end.block)
    placement = next((each for each in dossier.placements if each.reference == reference), None)
    if placement:
        yield from _of_days(placement, after.term)
        yield from _of_hours_and_subsidy(placement, block, dossier)
        yield from _of_bonuses(placement, dossier.rate_table.blocks)
        yield from _of_person(placement, dossier)
    elif block.per is Per.AGREED:
        yield Question("question_agreed", {})
    if at_end.over_cap_cents:
        yield Question("question_over_cap", {"cents": at_end.over_cap_cents})
    if after.status in NOTHING_OWED:
        yield Question("question_nothing_owed", {})
    elif after.forecast_cents > after.net_cents:
        yield Question("question_surplus", {"cents": after.forecast_cents - after.net_cents})


def _of_days(placement: Placement, term: Period) -> Iterator[Question]:
    if placement.starts_on < term.first:
        yield Question("question_early", {"day": term.first})
    if placement.ends_on is None:
        yield Question("question_no_end", {"day": term.last})
    elif placement.ends_on > term.last:
        yield Question("question_late", {"day": term.last})


def _of_hours_and_subsidy(placement: Placement, block: Block, dossier: Dossier) -> Iterator[Question]:
    full_time = dossier.rate_table.full_time_hours
    if block.per is not Per.MONTH and any(each.a_week > full_time for each in placement.hours):
        yield Question("question_over_full_time", {"hours": full_time})
    if placement.subsidy_until and not block.counts_while_subsidised:
        yield Question("question_subsidy", {})


def _of_bonuses(placement: Placement, blocks: Mapping[str, Block]) -> Iterator[Question]:
    for code in placement.bonuses:
        age = blocks[code].age_from
        if age:
            yield Question("question_age", {"block": code, "age": age})
        else:
            yield Question("question_bonus", {"block": code})


def _of_person(placement: Placement, dossier: Dossier) -> Iterator[Question]:
    """Another placement of the same person in the same days is often the same one entered twice."""
    for other in dossier.placements:
        is_other = other.reference != placement.reference and other.person == placement.person
        if is_other and other.status in COUNTING and _days_of(other).overlap(_days_of(placement)):
            yield Question("question_same_person", {"reference": other.reference})


def _days_of(placement: Placement) -> Period:
    return period(placement.starts_on, placement.ends_on or date.max) or Period(placement.starts_on, date.max)
