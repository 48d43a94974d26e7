"""A rate table and a policy as people read them: blocks by unit, a policy in sentences, with what is ours in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.rules.ladder import LEVELS
from app.rules.tables import Block, Kind, Per, Policy, RateTable, Timing
from app.schemes import models
from app.schemes.remarks import Remarks
from app.web.formats import day_long, euro_whole, number, percent
from app.web.words import word

GROUPS: Mapping[tuple[bool, Per], Any] = {
    (False, Per.YEAR): _l("Placements, a value a year"),
    (False, Per.MONTH): _l("Placements, a value a month"),
    (True, Per.YEAR): _l("Bonuses, a value a year"),
    (True, Per.ONCE): _l("Bonuses, once"),
    (False, Per.INVOICE): _l("Purchases, by invoice"),
    (False, Per.HOUR): _l("Activities, by hour"),
    (False, Per.DAY): _l("Activities, by day"),
    (False, Per.AGREED): _l("Activities, as agreed"),
}
SELECTED_BY: Mapping[str, Any] = {
    "publication": _l("the day on which the tender is published"),
    "award": _l("the day of the award"),
    "start": _l("the first day of the contract"),
}
TIMINGS: Mapping[Timing, Any] = {
    Timing.PRO_RATA: _l("It exempts pro rata: for the days on which the certificate is held, of all days of the part."),
    Timing.AT_AWARD: _l("The certificate that is held on the day of the award counts, for all days."),
    Timing.EVERY_DAY: _l(
        "The certificate must be held on every day: the lowest reduction of all days counts for all of them."
    ),
}


def name_of_version(table: models.RateTable) -> str:
    """What a version of a rate table is called where one is chosen."""
    words = _("%(name)s, from %(day)s", name=table.name, day=day_long(table.in_force_from))
    own = _("own")
    return words if table.corporation_id is None else f"{words} ({own})"


@dataclass(frozen=True, slots=True)
class Group:
    """The blocks of a table that count by the same."""

    key: str
    words: str
    blocks: Sequence[tuple[int, Block]]
    """Each with its place in the file."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a policy says in one sentence; `remark` is what of it is ours."""

    words: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What a policy says about one thing; `anchor` is the place on the page "how" where it is explained."""

    title: str
    anchor: str
    lines: Sequence[Line]


def groups_of(table: RateTable) -> list[Group]:
    """The blocks by what they count by, in the order of a table as it is published."""
    placed = list(enumerate(table.blocks.values()))
    found = {key: [each for each in placed if (each[1].bonus, each[1].per) == key] for key in GROUPS}
    return [
        Group(f"{'bonus-' if key[0] else ''}{key[1]}", str(GROUPS[key]), blocks)
        for key, blocks in found.items()
        if blocks
    ]


def bound_to(bonus: Block, table: RateTable) -> list[Block]:
    """The blocks that a bonus goes with; none when it goes with all."""
    return [table.blocks[code] for code in bonus.only_with]


def sections_of(policy: Policy, remarks: Remarks) -> list[Section]:
    """What a policy says, in sentences."""
    return [
        Section(_("When an obligation applies"), "thresholds", list(_thresholds(policy, remarks))),
        Section(_("What a PSO certificate exempts"), "exemption", list(_exemption(policy, remarks))),
        Section(_("After a shortfall"), "status", list(_settlement(policy, remarks))),
    ]


def _thresholds(policy: Policy, remarks: Remarks) -> Iterator[Line]:
    yield Line(_minimum(policy), remarks.on("applies", "minimum_sum"))
    by_amount: dict[int, list[str]] = {}
    for kind in Kind:
        if kind in policy.minimum_sum_cents_by_kind:
            by_amount.setdefault(policy.minimum_sum_cents_by_kind[kind], []).append(word(kind).lower())
    for cents, kinds in by_amount.items():
        words = _("For %(kinds)s: from a contract sum of %(amount)s.", kinds=", ".join(kinds), amount=euro_whole(cents))
        yield Line(words, remarks.on("applies", "minimum_sum_by_kind"))
    if policy.minimum_months:
        words = ngettext(
            "Only when the term is at least %(num)s month.",
            "Only when the term is at least %(num)s months.",
            policy.minimum_months,
        )
        yield Line(words, remarks.on("applies", "minimum_months"))
    if policy.maximum_obligation_cents is not None:
        words = _("At most %(amount)s gross for a contract.", amount=euro_whole(policy.maximum_obligation_cents))
        yield Line(words, remarks.on("applies", "maximum_obligation"))


def _minimum(policy: Policy) -> str:
    if policy.minimum_sum_cents:
        amount = euro_whole(policy.minimum_sum_cents)
        return str(_("An obligation applies from a contract sum of %(amount)s.", amount=amount))
    return str(_("An obligation applies whatever the contract sum."))


def _exemption(policy: Policy, remarks: Remarks) -> Iterator[Line]:
    steps = list(_steps(policy))
    if steps:
        yield Line(
            _("A PSO certificate exempts: %(steps)s.", steps="; ".join(steps)), remarks.on("exemption", "reduction")
        )
        yield Line(str(TIMINGS[policy.timing]), remarks.on("exemption", "timing"))
    else:
        yield Line(_("A PSO certificate exempts nothing."), remarks.on("exemption", "reduction"))
    if policy.grace_days and steps:
        words = ngettext(
            "A gap of at most %(num)s day between two certificates is bridged.",
            "A gap of at most %(num)s days between two certificates is bridged.",
            policy.grace_days,
        )
        yield Line(words, remarks.on("exemption", "grace_days"))
    if policy.required_level:
        words = _(
            "Entry condition: a certificate of PSO %(level)s or higher. It exempts nothing by itself.",
            level=word(policy.required_level),
        )
        yield Line(words, remarks.on("exemption", "required_level"))


def exemption_in_a_line(policy: Policy) -> str:
    """What a PSO certificate takes away, for a list of policies to choose from."""
    steps = list(_steps(policy))
    return "; ".join([*steps, word(policy.timing)]) if steps else _("a PSO certificate exempts nothing")


def _steps(policy: Policy) -> Iterator[str]:
    """ "from level 2 100%", where levels that give the same are told once."""
    given = Fraction(0)
    for level in LEVELS:
        share = policy.reductions.get(level, Fraction(0))
        if share > given:
            yield _("from %(level)s %(percent)s", level=word(level), percent=_percent(share))
        given = share
    if policy.thirty_plus_reduction:
        yield _("with 30+ %(percent)s", percent=_percent(policy.thirty_plus_reduction))


def _settlement(policy: Policy, remarks: Remarks) -> Iterator[Line]:
    settlement = policy.settlement
    if settlement is None:
        yield Line(_("Nothing is laid down about a shortfall."))
        return
    words = _("A shortfall costs a penalty of %(factor)s × what is short.", factor=_decimal(settlement.penalty_factor))
    yield Line(words, remarks.on("settlement", "penalty_factor"))
    if settlement.repair_days:
        words = ngettext(
            "The supplier has %(num)s day after the term to repair it.",
            "The supplier has %(num)s days after the term to repair it.",
            settlement.repair_days,
        )
        yield Line(words, remarks.on("settlement", "repair_days"))


def _percent(share: Fraction) -> str:
    return percent(Decimal(share.numerator * 100) / share.denominator)


def _decimal(exact: Fraction) -> str:
    return number(Decimal(exact.numerator) / exact.denominator)
