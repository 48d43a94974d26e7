"""Whether the chain of a corporation's audit log holds, also against the heads that its statements carry.

A paper in other hands shows when the newest records were cut off, or when the chain was made anew from some record on.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Corporation
from app.audit.chain import Head, Verdict
from app.audit.service import verify_chain
from app.extensions import db
from app.statements.models import Statement


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found, and against how many heads on statements."""

    verdict: Verdict
    statements: int


def check(corporation: Corporation) -> Checked:
    """Follow the whole chain."""
    printed = select(Statement.chain_sequence, Statement.chain_head).where(
        Statement.corporation_id == corporation.id, Statement.chain_sequence > 0
    )
    heads = [Head(sequence, digest) for sequence, digest in db.session.execute(printed)]
    return Checked(verify_chain(corporation, heads), len(heads))
