"""What a statement rests on: each contribution that it lists with its value, and beside it what the register knows now.

The value, its lines and its steps are the statement's own, reckoned from what it froze. Who entered and judged each
version, the evidence and what the other side said are of now: a version that came later stands there as well.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.auditing.comparison import Frozen
from app.confirmations.models import Confirmation
from app.confirmations.queries import of_contract
from app.contributions.models import Contribution
from app.contributions.queries import PEOPLE
from app.evidence.models import Evidence
from app.evidence.queries import evidence_of
from app.extensions import db
from app.rules.assessment import Credited
from app.rules.dossier import Activity, Placement
from app.statements.models import Statement


@dataclass(frozen=True, slots=True)
class Row:
    """A contribution of a statement. `versions` are all that there are, the newest first."""

    credited: Credited
    fact: Placement | Activity
    versions: Sequence[Contribution]
    evidence: Sequence[Evidence]
    confirmations: Sequence[Confirmation]


def rows_of(shown: Frozen) -> Sequence[Row]:
    """The contributions of a statement, in the order of its assessment, in a constant number of statements."""
    entered: Sequence[Placement | Activity] = (*shown.dossier.placements, *shown.dossier.activities)
    facts = {each.reference: each for each in entered}
    versions = _versions(shown.statement)
    # All versions share their evidence, so that of one of them is that of the contribution.
    newest = {reference: of_one[0].id for reference, of_one in versions.items()}
    evidence, confirmations = evidence_of(list(newest.values())), _confirmations(shown.statement)
    return [
        Row(
            credited=each,
            fact=facts[each.reference],
            versions=versions.get(each.reference, ()),
            evidence=evidence.get(newest.get(each.reference, 0), ()),
            confirmations=confirmations.get(each.reference, ()),
        )
        for each in shown.assessment.contributions
    ]


def _versions(statement: Statement) -> Mapping[str, Sequence[Contribution]]:
    wanted = select(Contribution).where(Contribution.contract_id == statement.contract_id)
    rows = db.session.scalars(
        wanted.options(*(joinedload(person) for person in PEOPLE)).order_by(Contribution.version.desc())
    )
    found: dict[str, list[Contribution]] = {}
    for row in rows:
        found.setdefault(row.reference, []).append(row)
    return found


def _confirmations(statement: Statement) -> Mapping[str, Sequence[Confirmation]]:
    assert statement.contract_id is not None
    found: dict[str, list[Confirmation]] = {}
    for each in of_contract(statement.contract_id):
        found.setdefault(each.contribution.reference, []).append(each)
    return found
