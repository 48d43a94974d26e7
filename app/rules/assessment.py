"""The assessment of one contract as of a day: every figure, the status, and the steps that made them.

`assess` is the only way to a figure: pages, papers and the command line show what it gives. Figures are euro cents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from app.rules import reasons
from app.rules.activities import Valued, cap_cents, value_all
from app.rules.credit import Count, Line, count_all, lines_of, measures
from app.rules.dates import Period
from app.rules.dossier import RULES, Activity, Dossier, Placement, Status
from app.rules.errors import RuleError
from app.rules.explanation import Step, Steps
from app.rules.faults import faults
from app.rules.ladder import LEVELS, Certificate, Level, Stretch
from app.rules.money import WHOLE, to_cents
from app.rules.obligation import AtRisk, Obligation, Reckoned, at_risk, obligation_of


class Standing(StrEnum):
    """How a contract stands; the first that holds, in this order (domain.md, section 4)."""

    NOT_APPLICABLE = "not_applicable"
    NOT_STARTED = "not_started"
    EXEMPT = "exempt"
    FULFILLED = "fulfilled"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    SHORTFALL = "shortfall"


@dataclass(frozen=True, slots=True)
class PartFigures:
    """A part of the obligation with its rounded figures. `origin` is "contract" or "amendment"."""

    origin: str
    reference: str | None
    effective_on: date | None
    days: Period
    gross_cents: int
    exempted_cents: int
    due_cents: int


@dataclass(frozen=True, slots=True)
class Credited:
    """One contribution: what it counts, and why. `lines` are what it is, or while submitted would be, credited."""

    reference: str
    block: str
    status: Status
    counted: Period | None
    credited_cents: int
    forecast_cents: int
    lines: tuple[Line, ...]
    steps: Steps
    over_cap_cents: int = 0
    reason: str | None = None

    @property
    def value_cents(self) -> int:
        return sum(line.cents for line in self.lines)


@dataclass(frozen=True, slots=True)
class Closing:
    """What follows a shortfall after the term; the penalty is 0 when the contract is excused or the policy has none."""

    shortfall_cents: int
    penalty_cents: int
    due_on: date | None
    excused: bool


@dataclass(frozen=True, slots=True)
class EntryCondition:
    """Whether the level that the policy asks for was held on the award date; it exempts nothing."""

    required: Level
    on: date
    met: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """All figures of a contract as of a day. `explanation` has the steps of each figure under its key."""

    rules: int
    corporation: str
    contract: str
    on: date
    status: Standing
    gross_cents: int
    exempted_cents: int
    net_cents: int
    due_cents: int
    credited_cents: int
    pending_cents: int
    forecast_cents: int
    remaining_cents: int
    over_cap_cents: int
    term: Period
    parts: tuple[PartFigures, ...]
    coverage: tuple[Stretch, ...]
    contributions: tuple[Credited, ...]
    at_risk: AtRisk | None
    closing: Closing | None
    entry: EntryCondition | None
    reason: str | None
    explanation: Mapping[str, Steps]

    @property
    def open_cents(self) -> int:
        """What stays open at the end when all goes on as it does; after the term what is short."""
        if self.status is Standing.SHORTFALL:
            return self.remaining_cents
        return max(0, self.net_cents - self.forecast_cents)

    @property
    def coming_cents(self) -> int:
        """What of the remaining amount comes by what is approved and runs on."""
        return min(self.remaining_cents, self.to_be_credited_cents)

    @property
    def behind_cents(self) -> int:
        """What is due to date and not credited."""
        return max(0, self.due_cents - self.credited_cents)

    @property
    def to_be_credited_cents(self) -> int:
        """What is still credited by the end by what is approved and runs on or begins later."""
        return self.forecast_cents - self.credited_cents

    @property
    def surplus_cents(self) -> int:
        """What is credited over the net obligation; it moves to no other contract."""
        return max(0, self.credited_cents - self.net_cents)


def assess(dossier: Dossier, on: date) -> Assessment:
    """The assessment of `dossier` as of `on`. The as-of day itself has passed.

    Errors: RuleError `unknown_rules` for a dossier of a rule book that is not kept here; the first of
    `faults(dossier)`.
    """
    if dossier.rules != RULES:
        raise RuleError("unknown_rules", rules=dossier.rules)
    for fault in faults(dossier):
        raise fault
    obligation = obligation_of(dossier)
    credited = credit_all(dossier, obligation, on)
    return _assembled(dossier, obligation, credited, on)


def exempted_through(dossier: Dossier, certificate: Certificate, on: date) -> int:
    """What is exempted, in cents, that would not be without this certificate: known by its number and first day.

    Where another certificate covers the same days nothing hangs on this one. Errors: as `assess`.
    """
    known_by = certificate.number, certificate.valid_from
    others = tuple(each for each in dossier.certificates if (each.number, each.valid_from) != known_by)
    without = assess(replace(dossier, certificates=others), on)
    return assess(dossier, on).exempted_cents - without.exempted_cents


def credit_all(dossier: Dossier, obligation: Obligation, on: date) -> list[Credited]:
    """Every contribution in the order of reference, whatever its status."""
    table, term = dossier.rate_table, obligation.term
    counts = {count.placement.reference: count for count in count_all(dossier.placements, table, term)}
    cap = cap_cents(dossier.terms.activity_cap, obligation.gross_cents)
    valued = {each.activity.reference: each for each in value_all(dossier.activities, table, term, cap, on)}
    at_end = {each.activity.reference: each for each in value_all(dossier.activities, table, term, cap, term.last)}
    made = [_placement(each, counts.get(each.reference), dossier, on, term.last) for each in dossier.placements]
    made += [_activity(each, valued.get(each.reference), at_end.get(each.reference)) for each in dossier.activities]
    return sorted(made, key=lambda each: each.reference)


def _placement(placement: Placement, count: Count | None, dossier: Dossier, on: date, end: date) -> Credited:
    if count is None:
        return _not_judged(placement)
    table, approved = dossier.rate_table, placement.status is Status.APPROVED
    measured = measures(count, table, on)
    lines = tuple(lines_of(count, measured))
    forecast = sum(line.cents for line in lines_of(count, measures(count, table, end))) if approved else 0
    return Credited(
        placement.reference,
        placement.block,
        placement.status,
        Period(count.first, measured[-1].span.days.last) if measured else None,
        sum(line.cents for line in lines) if approved else 0,
        forecast,
        lines,
        reasons.of_placement(count, measured, lines, dossier),
        reason=count.reason or (None if measured else "not_yet"),
    )


def _activity(activity: Activity, now: Valued | None, at_end: Valued | None) -> Credited:
    if now is None or at_end is None:
        return _not_judged(activity)
    approved, counts = activity.status is Status.APPROVED, now.reason is None
    line = Line(
        activity.block, now.counted_cents, WHOLE * now.counted_cents, "over_cap" if now.over_cap_cents else None
    )
    return Credited(
        activity.reference,
        activity.block,
        activity.status,
        Period(activity.on, activity.on) if counts else None,
        now.counted_cents if approved else 0,
        at_end.counted_cents if approved else 0,
        (line,) if counts else (),
        reasons.of_activity(now),
        over_cap_cents=now.over_cap_cents,
        reason=now.reason,
    )


def _not_judged(contribution: Placement | Activity) -> Credited:
    """A draft, a rejected or a withdrawn contribution: listed, and counting nothing."""
    step = Step(f"contribution.{contribution.status}", {}, 0)
    return Credited(
        contribution.reference,
        contribution.block,
        contribution.status,
        None,
        0,
        0,
        (),
        (step,),
        0,
        str(contribution.status),
    )


def _assembled(dossier: Dossier, obligation: Obligation, credited: Sequence[Credited], on: date) -> Assessment:
    gross, exempted, due = obligation.gross_cents, obligation.exempted_cents, obligation.due_cents(on)
    net = gross - exempted
    done = sum(each.credited_cents for each in credited)
    pending = sum(each.value_cents for each in credited if each.status is Status.SUBMITTED)
    forecast = sum(each.forecast_cents for each in credited)
    status = standing(obligation, on, net=net, due=due, credited=done, forecast=forecast)
    return Assessment(
        rules=dossier.rules,
        corporation=dossier.parties.corporation,
        contract=dossier.terms.number,
        on=on,
        status=status,
        gross_cents=gross,
        exempted_cents=exempted,
        net_cents=net,
        due_cents=due,
        credited_cents=done,
        pending_cents=pending,
        forecast_cents=forecast,
        remaining_cents=max(0, net - done),
        over_cap_cents=sum(each.over_cap_cents for each in credited),
        term=obligation.term,
        parts=tuple(_part_figures(each, on) for each in obligation.parts),
        coverage=obligation.coverage,
        contributions=tuple(credited),
        at_risk=at_risk(dossier, obligation, on),
        closing=_closing(dossier, obligation, net - done) if status is Standing.SHORTFALL else None,
        entry=_entry(dossier),
        reason=obligation.reason,
        explanation=reasons.of_figures(dossier, obligation, credited, on, status),
    )


def _part_figures(each: Reckoned, on: date) -> PartFigures:
    part = each.part
    return PartFigures(
        part.origin,
        part.reference,
        part.effective_on,
        part.days,
        each.gross_cents,
        each.exempted_cents,
        each.due_cents(on),
    )


def standing(obligation: Obligation, on: date, *, net: int, due: int, credited: int, forecast: int) -> Standing:
    """The first row of the table in domain.md, section 4, that holds."""
    in_term = on in obligation.term
    rows = (
        (Standing.NOT_APPLICABLE, obligation.gross_cents <= 0),
        (Standing.NOT_STARTED, on < obligation.term.first),
        (Standing.EXEMPT, net <= 0 or (in_term and due <= 0 and _all_exempt(obligation, on))),
        (Standing.FULFILLED, credited >= net),
        (Standing.ON_TRACK, in_term and (credited >= due or forecast >= net)),
        (Standing.BEHIND, in_term),
    )
    return next((row for row, holds in rows if holds), Standing.SHORTFALL)


def _all_exempt(obligation: Obligation, on: date) -> bool:
    """Whether every part above zero that holds the day has a reduction of 100% on it."""
    holding = [each for each in obligation.parts if each.part.amount > 0 and on in each.part.days]
    return all(stretch.reduction >= WHOLE for each in holding for stretch in each.stretches if on in stretch.days)


def _closing(dossier: Dossier, obligation: Obligation, shortfall: int) -> Closing:
    settlement, excused = dossier.policy.settlement, dossier.terms.excused
    if settlement is None:
        return Closing(shortfall, 0, None, excused)
    penalty = 0 if excused else to_cents(shortfall * settlement.penalty_factor)
    return Closing(shortfall, penalty, obligation.term.last + timedelta(days=settlement.repair_days), excused)


def _entry(dossier: Dossier) -> EntryCondition | None:
    required = dossier.policy.required_level
    if required is None:
        return None
    on = dossier.terms.awarded_on or dossier.terms.starts_on
    held = (each for each in dossier.certificates if each.checked_on and dossier.terms.kvk in each.kvk)
    ranks = [each.rank for each in held if each.held and on in each.held]
    return EntryCondition(required, on, max(ranks, default=-1) >= LEVELS.index(required))
