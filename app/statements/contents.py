"""What the paper lists: contributions by building block with their sums, and the blocks that were used.

Templates only place what is made here. Nothing is reckoned: every amount is one of the assessment's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from app.rules.assessment import Assessment, Credited
from app.rules.dossier import Activity, Dossier, Placement, Status
from app.rules.tables import Block
from app.statements.sums import placement_sums
from app.statements.wording import HOW_APPROVED, span
from app.web.formats import day_short, hours
from app.web.reasons import labels_of, sentences_of
from app.web.words import CONTRIBUTIONS

COUNTING = (Status.APPROVED, Status.SUBMITTED)
OPEN_END = "…"
MANY = 500
"""From more contributions on a paper lists each on one line: a page takes some 20 kB of memory for every cell."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """A step of a contribution in words; the last of each block or bonus has the amount that it comes to."""

    words: str
    cents: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One contribution. Its person is a number; `judged` says when and how it was approved, or its status."""

    reference: str
    block: str
    person: str
    period: str
    hours: str
    judged: str
    lines: tuple[LineRow, ...]
    cents: int

    @property
    def has_lines(self) -> bool:
        """Whether it is worth showing what each line comes to beside the whole."""
        return sum(line.cents is not None for line in self.lines) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """The contributions of one building block; `cents` is their sum."""

    block: Block
    label: str
    entries: tuple[Entry, ...]
    cents: int


class Contents:
    """The contributions of a contract, in the order of the rate table's blocks and then of reference."""

    def __init__(self, dossier: Dossier, figures: Assessment) -> None:
        self._table = dossier.rate_table
        self._labels = labels_of(self._table)
        self._all, self._on = figures.contributions, figures.on
        self._placements = {each.reference: each for each in dossier.placements}
        self._activities = {each.reference: each for each in dossier.activities}

    @property
    def is_long(self) -> bool:
        """Whether the sum of each contribution stands in the attached files only."""
        return len(self._all) > MANY

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
    def has_later_approvals(self) -> bool:
        """Whether something that counts was approved after the as-of day."""
        facts: list[Placement | Activity] = [*self._placements.values(), *self._activities.values()]
        return any(each.approval and each.approval.on > self._on for each in facts)

    @property
    def blocks(self) -> list[tuple[str, Block]]:
        """The blocks and bonuses that some contribution uses, with their labels."""
        used = {each.block for each in self._all} | {line.block for each in self._all for line in each.lines}
        return [(self._labels[code], block) for code, block in self._table.blocks.items() if code in used]

    def _groups(self, contributions: Iterable[Credited]) -> list[Group]:
        by_block: dict[str, list[Credited]] = {}
        for each in contributions:
            by_block.setdefault(each.block, []).append(each)
        blocks = self._table.blocks.values()
        return [self._group(block, by_block[block.code]) for block in blocks if block.code in by_block]

    def _group(self, block: Block, contributions: list[Credited]) -> Group:
        entries = tuple(self._entry(each) for each in contributions)
        return Group(block, self._labels[block.code], entries, sum(each.cents for each in entries))

    def _entry(self, credited: Credited) -> Entry:
        placement = self._placements.get(credited.reference)
        fact = placement or self._activities[credited.reference]
        return Entry(
            reference=credited.reference,
            block=self._labels[credited.block],
            person=_("person %(number)s", number=placement.person) if placement else "",
            period=span(credited.counted.first, credited.counted.last) if credited.counted else _recorded(fact),
            hours=" / ".join(hours(each.a_week) for each in placement.hours) if placement else "",
            judged=_judged(fact),
            lines=() if self.is_long else self._lines(credited),
            cents=credited.value_cents,
        )

    def _lines(self, credited: Credited) -> tuple[LineRow, ...]:
        """The steps that a reader needs to redo the value; of what counts nothing, why."""
        left_out = {"placement.counted"} if credited.over_cap_cents else {"placement.counted", "activity.cap"}
        steps = [step for step in credited.steps if step.rule not in left_out]
        if not credited.lines:
            return (LineRow("; ".join(each.words for each in sentences_of(steps, self._labels)), 0),)
        if credited.counted and credited.reference in self._placements:
            before, words = placement_sums(steps, credited.counted.first, credited.block, self._labels)
        else:
            told = sentences_of(steps, self._labels)
            last = len(told) - len(credited.lines)
            before, words = [each.text for each in told[:last]], [each.words for each in told[last:]]
        rows = [LineRow(said, line.cents) for said, line in zip(words, credited.lines, strict=True)]
        return (*map(LineRow, before), *rows)


def _recorded(fact: Placement | Activity) -> str:
    """The dates as recorded, for what counts no day."""
    if isinstance(fact, Activity):
        return day_short(fact.on)
    return f"{day_short(fact.starts_on)} – {day_short(fact.ends_on) or OPEN_END}"


def _judged(fact: Placement | Activity) -> str:
    if fact.status is not Status.APPROVED or fact.approval is None:
        return str(CONTRIBUTIONS[fact.status].word)
    how = HOW_APPROVED.get(fact.approval.how)
    return f"{day_short(fact.approval.on)}, {how}" if how else day_short(fact.approval.on)
