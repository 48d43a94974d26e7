"""A client's rate table (bouwblokkentabel) and policy (social-returnregeling), parsed from TOML text.

What a region or a corporation decided is data: values, factors and limits stand in its table, thresholds and the effect
of a PSO certificate in its policy. The keys are described in data/rate-tables/README.md. A dossier carries both whole,
as parsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from app.rules.documents import Document, Reader, read_toml
from app.rules.errors import RuleError
from app.rules.ladder import LEVELS, THIRTY_PLUS, Level
from app.rules.money import part_of_whole


class Per(StrEnum):
    """What a block's value is counted by."""

    YEAR = "year"
    MONTH = "month"
    ONCE = "once"
    HOUR = "hour"
    DAY = "day"
    INVOICE = "invoice"
    AGREED = "agreed"


class Timing(StrEnum):
    """When a PSO level must be held to take away its share of an obligation."""

    PRO_RATA = "pro_rata"
    AT_AWARD = "at_award"
    EVERY_DAY = "every_day"


class Kind(StrEnum):
    """What kind of work a contract buys; a policy may set a threshold for each."""

    MAINTENANCE = "maintenance"
    RENOVATION = "renovation"
    NEW_BUILD = "new_build"
    PAINTING = "painting"
    SERVICES = "services"
    SUPPLIES = "supplies"


OF_PLACEMENTS = frozenset({Per.YEAR, Per.MONTH})
OF_BONUSES = frozenset({Per.YEAR, Per.ONCE})
WITH_VALUE = frozenset({Per.YEAR, Per.MONTH, Per.ONCE, Per.HOUR, Per.DAY})
BY_QUANTITY = frozenset({Per.HOUR, Per.DAY})
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Block:
    """One row of a rate table.

    `value_cents` is a year, month, hour, day or once, by `per`; 0 for invoices and agreed work.
    """

    code: str
    label: Mapping[str, str]
    per: Per
    value_cents: int
    bonus: bool = False
    factor: Fraction = Fraction(1)
    maximum_per_day_cents: int | None = None
    counts_for_months: int | None = None
    counts_while_subsidised: bool = False
    only_with: tuple[str, ...] = ()
    age_from: int | None = None

    @property
    def is_for_placements(self) -> bool:
        return not self.bonus and self.per in OF_PLACEMENTS

    @property
    def is_for_activities(self) -> bool:
        return not self.bonus and self.per not in OF_PLACEMENTS

    def may_be_claimed_on(self, block: Block) -> bool:
        """Whether this bonus may stand on a placement of `block`."""
        return self.bonus and block.is_for_placements and (not self.only_with or block.code in self.only_with)


@dataclass(frozen=True, slots=True)
class RateTable:
    """One published version of a client's blocks. `document` is the table as parsed, for the dossier."""

    id: str
    family: str
    name: str
    source: str
    in_force_from: date
    selected_by: str
    full_time_hours: Decimal
    hired_before_start_months: int
    blocks: Mapping[str, Block]
    document: Document = field(repr=False)

    def block(self, code: str) -> Block:
        """Errors: `unknown_block`."""
        if code not in self.blocks:
            raise RuleError("unknown_block", block=code, table=self.id)
        return self.blocks[code]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What follows a shortfall: a penalty of `penalty_factor` times it, due `repair_days` after the term."""

    penalty_factor: Fraction
    repair_days: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A client's rules of one version. `document` is the policy as parsed, for the dossier."""

    id: str
    name: Mapping[str, str]
    minimum_sum_cents: int
    minimum_months: int
    minimum_sum_cents_by_kind: Mapping[Kind, int]
    maximum_obligation_cents: int | None
    timing: Timing
    grace_days: int
    required_level: Level | None
    reductions: Mapping[Level, Fraction]
    thirty_plus_reduction: Fraction
    settlement: Settlement | None
    document: Document = field(repr=False)

    def minimum_sum_cents_for(self, kind: Kind | None) -> int:
        return self.minimum_sum_cents_by_kind.get(kind, self.minimum_sum_cents) if kind else self.minimum_sum_cents

    def reduction(self, level: Level, *, thirty_plus: bool) -> Fraction:
        """The share of an obligation that a certificate takes away; a level that is not named takes nothing."""
        by_level = self.reductions.get(level, Fraction(0))
        return max(by_level, self.thirty_plus_reduction) if thirty_plus else by_level


def parse_rate_table(text: str) -> RateTable:
    """A rate table from its TOML text. Errors: `document_*`, each with the line and the key."""
    return read_toml(text, rate_table_from)


def parse_policy(text: str) -> Policy:
    """A policy from its TOML text. Errors: `document_*`, each with the line and the key."""
    return read_toml(text, policy_from)


def rate_table_from(document: Mapping[str, Any]) -> RateTable:
    """A rate table from its parsed TOML or from a dossier's JSON."""
    read = Reader(document)
    blocks = [_block_from(each) for each in read.list_of_tables("block")]
    table = RateTable(
        id=read.identifier("id"),
        family=read.identifier("family"),
        name=read.text("name", longest=LONGEST_NAME),
        source=read.text("source", default=""),
        in_force_from=read.date("in_force_from"),
        selected_by=read.choice("selected_by", {"publication", "award", "start"}, default="award"),
        full_time_hours=read.decimal("full_time_hours", above=0, at_most=60),
        hired_before_start_months=read.integer("hired_before_start_months", default=0, at_most=120),
        blocks={block.code: block for block in blocks},
        document=read.document,
    )
    read.refuse_the_rest()
    for place, block in enumerate(blocks):
        _check_block(block, table, read.place("block", place))
    if len(table.blocks) < len(blocks):
        raise read.fault("document_double_code", "block")
    return table


def _block_from(read: Reader) -> Block:
    per = Per(read.choice("per", set(Per)))
    block = Block(
        code=read.identifier("code"),
        label=read.labels("label"),
        per=per,
        value_cents=read.cents("value") if per in WITH_VALUE else 0,
        bonus=read.boolean("bonus"),
        factor=Fraction(read.decimal("factor", default=Decimal(1), above=0)) if per is Per.INVOICE else Fraction(1),
        maximum_per_day_cents=read.optional_cents("maximum_per_day") if per is Per.AGREED else None,
        counts_for_months=read.optional_integer("counts_for_months", at_least=1, at_most=1200),
        counts_while_subsidised=read.boolean("counts_while_subsidised"),
        only_with=tuple(read.texts("only_with")),
        age_from=read.optional_integer("age_from", at_least=1, at_most=120),
    )
    read.refuse_the_rest()
    return block


def _check_block(block: Block, table: RateTable, read: Reader) -> None:
    if block.bonus and block.per not in OF_BONUSES:
        raise read.fault("document_bonus_per", "per")
    if not block.bonus and block.per is Per.ONCE:
        raise read.fault("document_once_without_bonus", "per")
    if block.only_with and not block.bonus:
        raise read.fault("document_only_with_without_bonus", "only_with")
    for code in block.only_with:
        if code not in table.blocks or not table.blocks[code].is_for_placements:
            raise read.fault("document_only_with_unknown", "only_with", block=code)


def policy_from(document: Mapping[str, Any]) -> Policy:
    """A policy from its parsed TOML or from a dossier's JSON. Errors also: `document_level_order`."""
    read = Reader(document)
    applies, exemption = read.table("applies"), read.table("exemption")
    by_kind, reduction = applies.table("minimum_sum_by_kind"), exemption.table("reduction")
    required = exemption.choice("required_level", set(LEVELS), default="")
    policy = Policy(
        id=read.identifier("id"),
        name=read.labels("name", longest=LONGEST_NAME),
        minimum_sum_cents=applies.cents("minimum_sum", default=0),
        minimum_months=applies.integer("minimum_months", default=0, at_most=1200),
        minimum_sum_cents_by_kind={Kind(k): by_kind.cents(k, default=0) for k in by_kind.keys_in(set(Kind))},
        maximum_obligation_cents=applies.optional_cents("maximum_obligation"),
        timing=Timing(exemption.choice("timing", set(Timing), default=Timing.PRO_RATA)),
        grace_days=exemption.integer("grace_days", default=0, at_most=3660),
        required_level=Level(required) if required else None,
        reductions={Level(key): _percent(reduction, key) for key in reduction.keys_in(set(LEVELS))},
        thirty_plus_reduction=_percent(reduction, THIRTY_PLUS),
        settlement=_settlement_from(read),
        document=read.document,
    )
    for reader in (by_kind, reduction, applies, exemption, read):
        reader.refuse_the_rest()
    _check_level_order(policy, reduction)
    return policy


def _percent(read: Reader, key: str) -> Fraction:
    return part_of_whole(read.decimal(key, default=Decimal(0), at_most=100))


def _settlement_from(read: Reader) -> Settlement | None:
    if not read.has("settlement"):
        return None
    settlement = read.table("settlement")
    made = Settlement(
        penalty_factor=Fraction(settlement.decimal("penalty_factor", at_most=100)),
        repair_days=settlement.integer("repair_days", default=0, at_most=3660),
    )
    settlement.refuse_the_rest()
    return made


def _check_level_order(policy: Policy, read: Reader) -> None:
    """A level must give at least what the level below it gives (a level that is not named gives 0)."""
    highest = Fraction(0)
    for level in LEVELS:
        share = policy.reductions.get(level, Fraction(0))
        if share < highest:
            raise read.fault("document_level_order", level)
        highest = share
