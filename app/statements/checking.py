"""What a visitor learns about a statement: by its code, or from the file itself, beside what the register knows.

By a code nothing is told but number, as-of day, state and hash: whoever has only that has not seen the paper. About a
file we say what stands in it, for the visitor has it already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from app.statements.identity import known_fingerprints
from app.statements.models import Statement, StatementState
from app.statements.queries import rendition_of_file, statement_by_code
from app.statements.verify import HEADER, Verdict, verify
from app.statements.weighing import expect_light
from app.web.errors import Invalid
from app.web.sentences import sentence


class Outcome(StrEnum):
    """What we found. A changed one was a statement, or claims to be one; of an unchecked one nobody can tell."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    RESERVED = "reserved"
    UNKNOWN = "unknown"
    NOT_OURS = "not_ours"
    CHANGED = "changed"
    DRAFT = "draft"
    NO_STATEMENT = "no_statement"
    UNCHECKED = "unchecked"


FAULTS: Mapping[str, Outcome] = {
    "statement_draft": Outcome.DRAFT,
    "statement_no_pdf": Outcome.NO_STATEMENT,
    "statement_none": Outcome.NO_STATEMENT,
    "statement_encrypted": Outcome.UNCHECKED,
    "statement_file_too_large": Outcome.UNCHECKED,
    "statement_kind_unknown": Outcome.UNCHECKED,
    "statement_too_heavy": Outcome.NO_STATEMENT,
}
"""What is wrong with a file that is not a statement that was changed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome, with the statement of our register, and with the verdict about a file (`why`: what is wrong).

    `is_known`: who sealed the file is known here.
    """

    outcome: Outcome
    statement: Statement | None = None
    verdict: Verdict | None = None
    why: str = ""
    is_known: bool = False


def look_up(code: str) -> Finding:
    """What the register says about a code."""
    statement = statement_by_code(code)
    return Finding(_state_of(statement), statement) if statement else Finding(Outcome.UNKNOWN)


def examine(content: bytes) -> Finding:
    """What a file is. The register knows the SHA-256 of every file that was issued here, so nothing is made again."""
    verdict = _read(content)
    if verdict.fault:
        return Finding(_fault_of(verdict.fault.code), verdict=verdict, why=sentence(verdict.fault))
    is_known = verdict.seal is not None and verdict.seal.fingerprint in known_fingerprints()
    rendition = rendition_of_file(sha256(content).hexdigest())
    if rendition:
        return Finding(_state_of(rendition.statement), rendition.statement, verdict, is_known=is_known)
    assert verdict.imprint is not None
    known = statement_by_code(verdict.imprint.code)
    return Finding(Outcome.CHANGED if known else Outcome.NOT_OURS, known, verdict, is_known=is_known)


def _read(content: bytes) -> Verdict:
    """What the file says; it is from anybody, so it is weighed first when it may be a PDF at all."""
    try:
        if content.startswith(HEADER):
            expect_light(content)
    except Invalid as fault:
        return Verdict(fault=fault)
    return verify(content, compare=False)


def _fault_of(code: str) -> Outcome:
    return FAULTS.get(code, Outcome.CHANGED)


def _state_of(statement: Statement) -> Outcome:
    return Outcome.VALID if statement.state is StatementState.ISSUED else Outcome(statement.state)
