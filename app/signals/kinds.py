"""What asks for attention on a contract: from its facts and a day, signals. Pure: no database, no clock.

Each signal says what it is about (`subject`) and what it rests on (`facts`, never the day alone); its key is a hash of
both. The figures are the rule book's: what hangs on a certificate or on a successor is the difference between two
assessments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from app.planning.periods import PeriodState
from app.rules import Assessment, Dossier, assess
from app.rules.assessment import Credited, Standing
from app.rules.dates import Period
from app.rules.dossier import Status
from app.rules.ladder import Certificate
from app.signals.successors import A_MONTH, unfollowed, worth_of_successor

REMINDER_DAYS = (90, 30, 7)
JUDGING_DAYS = 14
URGENT_DAYS = 7
"""So near the end of a certificate the weekly mail may come too late."""
KEY_LENGTH = 16
COUNTING = (Status.APPROVED, Status.SUBMITTED)


class Kind(StrEnum):
    """What a signal is about."""

    SHORTFALL = "shortfall"
    WITHDRAWN = "certificate_withdrawn"
    DISPUTED = "disputed"
    BEHIND = "behind"
    LAPSING = "certificate_ends"
    PLACEMENT = "placement_ends"
    UNREPORTED = "not_reported"
    WAITING = "waiting"
    UNPROVEN = "no_evidence"
    ACTION = "action_overdue"


class MailKind(StrEnum):
    """The mail that follows from signals, which somebody may not want."""

    DIGEST = "digest"
    URGENT = "urgent"
    REPORT_DUE = "report_due"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Signal:
    """Something on a contract that asks for attention.

    `cents` is what is at risk, `values` fill in its sentence, `leads_to` is the id of the contribution, or of the
    conversation, at which its next step begins. An urgent one can't wait for the weekly mail.
    """

    kind: Kind
    subject: str
    facts: str
    cents: int
    values: Mapping[str, Any] = field(default_factory=dict)
    is_urgent: bool = False
    leads_to: int | None = None

    @property
    def key(self) -> str:
        """What it is known by on its contract: the same as long as the facts are."""
        return sha256(f"{self.kind}\n{self.subject}\n{self.facts}".encode()).hexdigest()[:KEY_LENGTH]


@dataclass(frozen=True, slots=True)
class Submission:
    """A contribution that waits for a judgement."""

    id: int
    reference: str
    submitted_on: date
    is_supported: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """A "no" of the other side about a version that counts or may come to count."""

    id: int
    contribution_id: int
    reference: str
    organisation: str
    disputed: str
    reason: str
    answered_on: date


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed in a conversation, and has not been done by its day."""

    id: int
    action: str
    by_whom: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of a contract beside its dossier. `unreported` are periods, the oldest first."""

    unreported: Sequence[PeriodState] = ()
    submissions: Sequence[Submission] = ()
    disputes: Sequence[Dispute] = ()
    agreed: Sequence[Agreed] = ()
    is_settled: bool = False


def signals_of(
    dossier: Dossier,
    figures: Assessment,
    beside: Beside,
    *,
    reminder_days: Sequence[int] = REMINDER_DAYS,
    judging_days: int = JUDGING_DAYS,
) -> tuple[Signal, ...]:
    """All signals of a contract on the day of its figures, the most euro first."""
    of_dossier = signals_of_dossier(dossier, figures, tuple(reminder_days))
    return in_order([*of_dossier, *signals_beside(figures, beside, judging_days)], is_settled=beside.is_settled)


def in_order(found: Iterable[Signal], *, is_settled: bool = False) -> tuple[Signal, ...]:
    """The most euro first, of one amount in the order of their kinds; of a settled contract no shortfall."""
    kinds = list(Kind)
    kept = (each for each in found if not (is_settled and each.kind is Kind.SHORTFALL))
    return tuple(sorted(kept, key=lambda each: (-each.cents, kinds.index(each.kind), each.subject)))


def signals_of_dossier(dossier: Dossier, figures: Assessment, reminder_days: tuple[int, ...]) -> tuple[Signal, ...]:
    """Those that follow from the dossier and the day alone."""
    withdrawn = list(_withdrawn(dossier, figures))
    return (
        *_standing(figures),
        *withdrawn,
        *_lapsing(figures, reminder_days, {each.subject for each in withdrawn}),
        *_placements(dossier, figures, max(reminder_days, default=0)),
    )


def signals_beside(figures: Assessment, beside: Beside, judging_days: int) -> tuple[Signal, ...]:
    """Those that follow from what is known beside the dossier."""
    by_reference = {each.reference: each for each in figures.contributions}
    return (
        *_unreported(figures, beside.unreported),
        *_waiting(figures.on, beside.submissions, by_reference, judging_days),
        *_unproven(beside.submissions, by_reference),
        *(_disputed(each, by_reference) for each in beside.disputes),
        *(_late(each, figures) for each in beside.agreed),
    )


def _standing(figures: Assessment) -> Iterator[Signal]:
    """Behind or short. It rests on what is owed and what there will be at the end, not on the day."""
    facts = f"{figures.net_cents}:{figures.forecast_cents}"
    values: dict[str, Any] = {"due": figures.due_cents, "credited": figures.credited_cents, "open": figures.open_cents}
    if figures.status is Standing.BEHIND:
        values |= {"behind": figures.behind_cents}
        yield Signal(Kind.BEHIND, "", facts, figures.open_cents, values)
    elif figures.status is Standing.SHORTFALL and figures.closing and not figures.closing.excused:
        values |= {"ended_on": figures.term.last, "repair_until": figures.closing.due_on, "net": figures.net_cents}
        yield Signal(Kind.SHORTFALL, "", facts, figures.open_cents, values, is_urgent=True)


def _withdrawn(dossier: Dossier, figures: Assessment) -> Iterator[Signal]:
    """Certificates that were withdrawn, as long as they would have held, with what is no longer exempted by that."""
    for certificate in dossier.certificates:
        on = certificate.withdrawn_on
        if on is None or figures.on > min(certificate.valid_until, figures.term.last):
            continue
        cents = _exempted_if_not(dossier, certificate, figures.on) - figures.exempted_cents
        if cents > 0:
            values = {"certificate": certificate.number, "on": on}
            yield Signal(Kind.WITHDRAWN, certificate.number, on.isoformat(), cents, values, is_urgent=True)


def _exempted_if_not(dossier: Dossier, withdrawn: Certificate, on: date) -> int:
    held = (replace(each, withdrawn_on=None) if each == withdrawn else each for each in dossier.certificates)
    return assess(replace(dossier, certificates=tuple(held)), on).exempted_cents


def _lapsing(figures: Assessment, reminder_days: Sequence[int], said: Collection[str]) -> Iterator[Signal]:
    """The certificate that holds ends soon. Each number of days at which one is reminded is a signal of its own."""
    risk = figures.at_risk
    if risk is None or risk.cents <= 0 or (risk.certificate or "") in said:
        return
    days = (risk.before - figures.on).days
    reached = [each for each in reminder_days if days <= each]
    if reached:
        values = {"certificate": risk.certificate or "", "before": risk.before, "days": days}
        facts, is_urgent = f"{risk.before}:{min(reached)}", days <= URGENT_DAYS
        yield Signal(Kind.LAPSING, risk.certificate or "", facts, risk.cents, values, is_urgent)


def _placements(dossier: Dossier, figures: Assessment, days_ahead: int) -> Iterator[Signal]:
    """Placements that end, or ended last month, with nobody to follow, while the contract still asks for effort.

    Later it shows in what stays open at the end.
    """
    if figures.on not in figures.term or not figures.open_cents:
        return
    near = Period(figures.on - A_MONTH, figures.on + timedelta(days=days_ahead))
    for ending in unfollowed(dossier, figures.term, near):
        if (cents := worth_of_successor(dossier, figures, ending)) > 0:
            reference, could = ending.placement.reference, ending.could_until
            values = {"reference": reference, "block": ending.placement.block, "last": ending.last, "could": could}
            yield Signal(Kind.PLACEMENT, reference, f"{ending.last}:{could}", cents, values)


def _unreported(figures: Assessment, periods: Sequence[PeriodState]) -> Iterator[Signal]:
    if periods:
        oldest, newest = periods[0], periods[-1]
        values = {"number": len(periods), "days": oldest.days, "late": oldest.days_overdue}
        facts = f"{oldest.days.first}:{newest.days.last}"
        yield Signal(Kind.UNREPORTED, "", facts, figures.behind_cents, values)


def _waiting(
    on: date, submissions: Iterable[Submission], by_reference: Mapping[str, Credited], judging_days: int
) -> Iterator[Signal]:
    """What waits longer than the corporation allows itself, together."""
    late = [each for each in submissions if (on - each.submitted_on).days > judging_days]
    if late:
        oldest = min(late, key=lambda each: each.submitted_on)
        values = {"number": len(late), "since": oldest.submitted_on, "days": (on - oldest.submitted_on).days}
        yield Signal(Kind.WAITING, "", _ids(late), _value(late, by_reference), values, leads_to=oldest.id)


def _unproven(submissions: Iterable[Submission], by_reference: Mapping[str, Credited]) -> Iterator[Signal]:
    """What waits and nothing shows: no file, no visit, no yes of the other side."""
    bare = [each for each in submissions if not each.is_supported]
    if bare:
        references = tuple(sorted(each.reference for each in bare))
        values = {"number": len(bare), "references": references}
        yield Signal(Kind.UNPROVEN, "", _ids(bare), _value(bare, by_reference), values, leads_to=bare[0].id)


def _disputed(dispute: Dispute, by_reference: Mapping[str, Credited]) -> Signal:
    credited = by_reference.get(dispute.reference)
    values = {
        "reference": dispute.reference,
        "organisation": dispute.organisation,
        "disputed": dispute.disputed,
        "reason": dispute.reason,
        "on": dispute.answered_on,
    }
    cents = credited.value_cents if credited else 0
    return Signal(Kind.DISPUTED, dispute.reference, str(dispute.id), cents, values, True, dispute.contribution_id)


def _late(agreed: Agreed, figures: Assessment) -> Signal:
    values = {"action": agreed.action, "by_whom": agreed.by_whom, "due_on": agreed.due_on}
    facts = agreed.due_on.isoformat()
    return Signal(Kind.ACTION, str(agreed.id), facts, figures.open_cents, values, leads_to=agreed.id)


def _ids(submissions: Iterable[Submission]) -> str:
    return ",".join(str(number) for number in sorted(each.id for each in submissions))


def _value(submissions: Iterable[Submission], by_reference: Mapping[str, Credited]) -> int:
    """What they would be credited today; a correction of what is approved already adds nothing."""
    found = (by_reference.get(each.reference) for each in submissions)
    return sum(each.value_cents for each in found if each and each.status is Status.SUBMITTED)
