"""What did we know then, what do we know now: one as-of day by the facts of two moments, and which facts changed.

Each changed fact carries the day on which it was recorded: a figure that was right by what was known then, and was
corrected later, is another thing than a mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.assessments.models import DossierRecord
from app.assessments.queries import assessment_by, assessment_of, dossier_in, dossier_of
from app.contracts.models import Contract
from app.extensions import db
from app.history.fields import FIELDS, FieldChange, Names, written
from app.rules import Assessment, Dossier
from app.rules.difference import Change, Fact, How, What, difference
from app.web.formats import day_long
from app.web.words import label

FIGURES = (
    ("gross_cents", _l("Gross")),
    ("exempted_cents", _l("Exempted by the PSO")),
    ("net_cents", _l("Net")),
    ("due_cents", _l("Due to date")),
    ("credited_cents", _l("Credited")),
    ("pending_cents", _l("Submitted, not judged yet")),
    ("forecast_cents", _l("Forecast at the end")),
    ("remaining_cents", _l("Still to be done")),
)
WHAT = {
    What.CONTRACT: _l("Contract"),
    What.AMENDMENT: _l("Amendment"),
    What.CERTIFICATE: _l("Certificate"),
    What.PLACEMENT: _l("Placement"),
    What.ACTIVITY: _l("Activity"),
    What.RATE_TABLE: _l("Rate table"),
    What.POLICY: _l("Policy"),
}
HOW = {How.ADDED: _l("added"), How.REMOVED: _l("removed"), How.CHANGED: _l("changed")}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure by what was known then and by what is known now; cents."""

    label: str
    then: int
    now: int

    @property
    def difference(self) -> int:
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact that is otherwise now, and the day on which that was recorded (None: after the last dossier)."""

    name: str
    how: str
    field: FieldChange | None
    recorded_on: date | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One as-of day by two states of knowledge; `recorded_on` is the day of the older one."""

    recorded_on: date
    then: Assessment
    now: Assessment
    facts: Sequence[FactRow]

    @property
    def figures(self) -> Sequence[FigureRow]:
        return [FigureRow(str(words), getattr(self.then, key), getattr(self.now, key)) for key, words in FIGURES]


def comparison_of(contract: Contract, on: date, known: date) -> Comparison | None:
    """None when nothing had been recorded by `known`."""
    records = _records_from(contract, known)
    if not records:
        return None
    dossier, now = dossier_in(records[0]), dossier_of(contract)
    return Comparison(
        recorded_on=records[0].recorded_on,
        then=assessment_by(records[0], on),
        now=assessment_of(contract, on),
        facts=facts_changed(dossier, now, records[1:]),
    )


def facts_changed(before: Dossier, after: Dossier, later: Sequence[DossierRecord]) -> Sequence[FactRow]:
    """What `after` says otherwise than `before`; `later` are the dossiers between, in which each change appeared."""
    names = _names(before, after)
    known = [(record.recorded_on, dossier_in(record)) for record in later]
    return [_fact_row(change, known, names) for change in difference(before, after)]


def _records_from(contract: Contract, known: date) -> Sequence[DossierRecord]:
    """The last dossier of that day or before it, then all after it; none when there was none yet."""
    of_contract = DossierRecord.contract_id == contract.id
    first = db.session.scalar(
        select(DossierRecord.id)
        .where(of_contract, DossierRecord.recorded_on <= known)
        .order_by(DossierRecord.id.desc())
        .limit(1)
    )
    if first is None:
        return ()
    rows = select(DossierRecord).where(of_contract, DossierRecord.id >= first).order_by(DossierRecord.id)
    return db.session.scalars(rows).all()


def _fact_row(change: Change, later: Sequence[tuple[date, Dossier]], names: Names) -> FactRow:
    recorded_on = next((day for day, dossier in later if change.holds_in(dossier)), None)
    return FactRow(fact_name(change.fact), str(HOW[change.how]), _field(change, names), recorded_on)


def fact_name(fact: Fact) -> str:
    """What people call a fact: "Certificate PSO-3, 1 January 2025"."""
    name = " ".join(filter(None, (str(WHAT[fact.what]), fact.name)))
    return f"{name}, {day_long(fact.day)}" if fact.day else name


def _field(change: Change, names: Names) -> FieldChange | None:
    if change.how is not How.CHANGED:
        return None
    shown = FIELDS[change.fact.what][change.field]
    before, after = (written(shown, value, names) for value in (change.before, change.after))
    return FieldChange(str(shown.label), before, after)


def _names(*dossiers: Dossier) -> Names:
    """Blocks as the tables call them, the newest table last."""
    blocks = [block for dossier in dossiers for block in dossier.rate_table.blocks.values()]
    return Names(blocks={block.code: label(block) for block in blocks})
