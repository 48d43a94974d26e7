"""What the paper lists: contributions by building block with their sums, and the blocks that were used.

Templates only place what is made here. Nothing is reckoned: every amount is one of the assessment's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.rules.assessment import Credited
from app.rules.dossier import Activity, Placement, Status
from app.rules.explanation import Step
from app.rules.tables import Block
from app.statements.paper import Paper
from app.statements.sums import sum_of
from app.statements.wording import HOW_APPROVED, STATUSES, span
from app.web.formats import day_short, hours
from app.web.reasons import sentence_of

COUNTING = (Status.APPROVED, Status.SUBMITTED)
OPEN_END = "…"


@dataclass(frozen=True, slots=True)
class LineRow:
    """A block or a bonus of a contribution, with the sum that made it (or why it is nothing)."""

    label: str
    sum: str
    cents: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One contribution. Its person is a number; `judged` says when and how it was approved, or its status."""

    reference: str
    person: str
    period: str
    hours: str
    judged: str
    lines: tuple[LineRow, ...]
    cents: int


@dataclass(frozen=True, slots=True)
class Group:
    """The contributions of one building block; `cents` is their sum."""

    block: Block
    label: str
    entries: tuple[Entry, ...]
    cents: int


class Contents:
    """The contributions of a paper, in the order of the rate table's blocks and then of reference."""

    def __init__(self, paper: Paper) -> None:
        self._table = paper.dossier.rate_table
        self._language = paper.imprint.language
        self._all = paper.assessment.contributions
        self._placements = {each.reference: each for each in paper.dossier.placements}
        self._activities = {each.reference: each for each in paper.dossier.activities}

    @property
    def credited(self) -> list[Group]:
        """What is approved, and so credited."""
        return self._groups(each for each in self._all if each.status is Status.APPROVED)

    @property
    def pending(self) -> list[Group]:
        """What is submitted, at the value that it would get."""
        return self._groups(each for each in self._all if each.status is Status.SUBMITTED)

    @property
    def others(self) -> list[Entry]:
        """Drafts and what was rejected or withdrawn: listed, and counting nothing."""
        return [self._entry(each) for each in self._all if each.status not in COUNTING]

    @property
    def blocks(self) -> list[tuple[str, Block]]:
        """The blocks and bonuses that some contribution uses, with their labels."""
        used = {each.block for each in self._all} | {line.block for each in self._all for line in each.lines}
        return [(self.label(block), block) for code, block in self._table.blocks.items() if code in used]

    def label(self, block: Block) -> str:
        return block.label.get(self._language) or block.label["nl"]

    def _groups(self, contributions: Iterable[Credited]) -> list[Group]:
        by_block: dict[str, list[Credited]] = {}
        for each in contributions:
            by_block.setdefault(each.block, []).append(each)
        blocks = self._table.blocks.values()
        return [self._group(block, by_block[block.code]) for block in blocks if block.code in by_block]

    def _group(self, block: Block, contributions: list[Credited]) -> Group:
        entries = tuple(self._entry(each) for each in contributions)
        return Group(block, self.label(block), entries, sum(each.cents for each in entries))

    def _entry(self, credited: Credited) -> Entry:
        placement = self._placements.get(credited.reference)
        fact = placement or self._activities[credited.reference]
        return Entry(
            reference=credited.reference,
            person=_("person %(number)s", number=placement.person) if placement else "",
            period=span(credited.counted.first, credited.counted.last) if credited.counted else _recorded(fact),
            hours=" / ".join(hours(each.a_week) for each in placement.hours) if placement else "",
            judged=_judged(fact),
            lines=self._lines(credited),
            cents=credited.value_cents,
        )

    def _lines(self, credited: Credited) -> tuple[LineRow, ...]:
        if not credited.lines:
            label = "" if credited.status in COUNTING else self.label(self._table.block(credited.block))
            return (LineRow(label, "; ".join(sentence_of(step) for step in credited.steps), 0),)
        steps = [step for step in credited.steps if not step.rule.startswith("placement.")]
        return tuple(
            LineRow(
                "" if line.block == credited.block else self.label(self._table.block(line.block)),
                self._sum(step, credited),
                line.cents,
            )
            for line, step in zip(credited.lines, steps, strict=False)
        )

    def _sum(self, step: Step, credited: Credited) -> str:
        """The sum of a line; of an activity also what the contract's cap left of it."""
        capped = [sentence_of(each) for each in credited.steps if each.rule == "activity.cap" and credited.over_cap_cents]
        return "; ".join([sum_of(step, credited.steps) or sentence_of(step), *capped])


def _recorded(fact: Placement | Activity) -> str:
    """The dates as recorded, for what counts no day."""
    if isinstance(fact, Activity):
        return day_short(fact.on)
    return f"{day_short(fact.starts_on)} – {day_short(fact.ends_on) or OPEN_END}"


def _judged(fact: Placement | Activity) -> str:
    if fact.status is not Status.APPROVED or fact.approval is None:
        return str(STATUSES[fact.status])
    how = HOW_APPROVED.get(fact.approval.how)
    return f"{day_short(fact.approval.on)}, {how}" if how else day_short(fact.approval.on)
