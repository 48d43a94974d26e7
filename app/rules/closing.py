"""How a contract is settled after its term: what is short, the penalty for it, and from what it is paid.

The shortfall and the penalty are those of the assessment (`Closing`), rounded there; here whole cents are divided over
the last instalment and a separate claim, and nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.rules.assessment import Assessment, Closing
from app.rules.dossier import Dossier
from app.rules.errors import RuleError
from app.rules.explanation import Step, Steps


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a contract ends with, in cents: `deducted_cents` and `claimed_cents` are together the penalty."""

    shortfall_cents: int
    penalty_cents: int
    deducted_cents: int
    claimed_cents: int
    steps: Steps


def settle(dossier: Dossier, figures: Assessment, instalment_cents: int | None) -> Outcome:
    """The settlement of a contract whose term is over, as assessed, against its last instalment (None: not known).

    The penalty is in proportion to what is short. It is deducted from the last instalment, never more than that; what
    is left is claimed separately (ours: sources only speak of a deduction in proportion). Errors: RuleError
    `term_not_over`, `instalment_below_zero`, `instalment_missing` (there is a penalty and nothing to deduct it from).
    """
    if figures.on <= figures.term.last:
        raise RuleError("term_not_over", end=figures.term.last)
    if instalment_cents is not None and instalment_cents < 0:
        raise RuleError("instalment_below_zero", column="instalment")
    closing = figures.closing or Closing(0, 0, None, dossier.terms.excused)
    if closing.penalty_cents and instalment_cents is None:
        raise RuleError("instalment_missing", column="instalment")
    deducted = min(closing.penalty_cents, instalment_cents or 0)
    claimed = closing.penalty_cents - deducted
    steps = (_shortfall(figures, closing), *_penalty(dossier, closing), *_paid(closing, instalment_cents, claimed))
    return Outcome(closing.shortfall_cents, closing.penalty_cents, deducted, claimed, steps)


def repair_ends_on(figures: Assessment) -> date | None:
    """The last day on which a shortfall can still be repaired; None when nothing is short or no policy says so."""
    return figures.closing.due_on if figures.closing else None


def may_be_settled(figures: Assessment) -> bool:
    """Whether nothing is to be waited for: the term is over, and the repair period too unless nothing hangs on it."""
    if figures.on <= figures.term.last:
        return False
    closing, until = figures.closing, repair_ends_on(figures)
    return closing is None or closing.excused or until is None or figures.on > until


def _shortfall(figures: Assessment, closing: Closing) -> Step:
    inputs = {"net_cents": figures.net_cents, "credited_cents": figures.credited_cents}
    rule = "closing.shortfall" if closing.shortfall_cents else "closing.nothing_short"
    return Step(rule, inputs, closing.shortfall_cents)


def _penalty(dossier: Dossier, closing: Closing) -> list[Step]:
    policy, short = dossier.policy.settlement, {"shortfall_cents": closing.shortfall_cents}
    if not closing.shortfall_cents:
        return []
    if closing.excused:
        return [Step("closing.excused", short, 0)]
    if policy is None:
        return [Step("closing.no_penalty", short, 0)]
    return [Step("closing.penalty", {**short, "penalty_factor": policy.penalty_factor}, closing.penalty_cents)]


def _paid(closing: Closing, instalment_cents: int | None, claimed: int) -> list[Step]:
    if not closing.penalty_cents:
        return []
    deducted = closing.penalty_cents - claimed
    inputs = {"penalty_cents": closing.penalty_cents, "instalment_cents": instalment_cents}
    steps = [Step("closing.deducted" if not claimed else "closing.deducted_in_part", inputs, deducted)]
    if claimed:
        rest = {"penalty_cents": closing.penalty_cents, "deducted_cents": deducted}
        steps.append(Step("closing.claimed", rest, claimed))
    return steps
