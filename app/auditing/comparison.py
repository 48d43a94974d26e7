"""Two statements of one contract beside each other: which facts changed, and what that and the time did to each figure.

Both are frozen, so this needs nothing that came later. Between them the earlier facts are assessed as of the later day:
what differs from the earlier statement then is what the days did, and the rest is what the facts did.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.assessments.models import DossierRecord
from app.extensions import db
from app.history.then import FIGURES, FactRow, facts_changed
from app.rules import Assessment, Dossier, assess
from app.rules.dossier_json import dossier_from_json
from app.rules.explanation import Step
from app.statements.kinds.contract import DOSSIER
from app.statements.models import Statement, StatementState
from app.statements.paper import read_canonical
from app.statements.queries import visible_to as statements_visible_to


@dataclass(frozen=True, slots=True)
class Frozen:
    """A statement with the facts and the assessment that it shows."""

    statement: Statement
    dossier: Dossier
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure in both, in cents, and how it came from one to the other: by the days, and by the facts.

    `before_steps` and `after_steps` are how each was reckoned.
    """

    label: str
    before: int
    by_time: int
    by_facts: int
    after: int
    before_steps: Sequence[Step]
    after_steps: Sequence[Step]

    @property
    def difference(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before` is the statement that was given its number first."""

    before: Frozen
    after: Frozen
    figures: Sequence[FigureRow]
    facts: Sequence[FactRow]


def frozen(statement: Statement) -> Frozen:
    """What a statement shows, reckoned from what it froze."""
    dossier = dossier_from_json(read_canonical(statement.documents[DOSSIER], DOSSIER))
    return Frozen(statement, dossier, assess(dossier, statement.on))


def comparison_of(one: Statement, other: Statement) -> Comparison:
    """The two in the order in which they were made."""
    before, after = (frozen(each) for each in sorted((one, other), key=lambda each: each.id))
    between = assess(before.dossier, after.assessment.on)
    return Comparison(
        before=before,
        after=after,
        figures=[_row(key, str(words), before.assessment, between, after.assessment) for key, words in FIGURES],
        facts=facts_changed(before.dossier, after.dossier, _dossiers_between(before.statement, after.statement)),
    )


def others_of(user: User, statement: Statement) -> Sequence[Statement]:
    """The other statements of its contract, the last first."""
    wanted = select(Statement).join(Statement.contract).where(statements_visible_to(user, Permission.SEE_AUDIT))
    wanted = wanted.where(Statement.contract_id == statement.contract_id, Statement.id != statement.id)
    issued = wanted.where(Statement.state != StatementState.RESERVED)
    return db.session.scalars(issued.order_by(Statement.id.desc())).all()


def previous_of(statement: Statement, others: Sequence[Statement]) -> Statement | None:
    """The one before it; for the first one the one after it. Not one that was withdrawn, if there is another."""
    stand = [each for each in others if each.state is not StatementState.WITHDRAWN] or others
    earlier = (each for each in stand if each.id < statement.id)
    return next(earlier, stand[-1] if stand else None)


def _row(key: str, words: str, before: Assessment, between: Assessment, after: Assessment) -> FigureRow:
    was, then, became = (getattr(each, key) for each in (before, between, after))
    explained: tuple[Mapping[str, Sequence[Step]], ...] = (before.explanation, after.explanation)
    steps = [each.get(key, ()) for each in explained]
    return FigureRow(words, was, then - was, became - then, became, steps[0], steps[1])


def _dossiers_between(before: Statement, after: Statement) -> Sequence[DossierRecord]:
    """The dossiers that were kept after that of the earlier statement, up to that of the later one."""
    kept = select(DossierRecord).where(
        DossierRecord.contract_id == after.contract_id,
        DossierRecord.id > before.dossier_id,
        DossierRecord.id <= after.dossier_id,
    )
    return db.session.scalars(kept.order_by(DossierRecord.id)).all()
