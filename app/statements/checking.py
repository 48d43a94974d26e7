"""What a visitor learns about a statement: by its code, or from the file itself, beside what the register knows.

By a code nothing is told but number, as-of day, state and hash: whoever has only that has not seen the paper. About a
file we say what stands in it, for the visitor has it already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

from flask_babel import lazy_gettext as _l

from app.rules.errors import RuleError
from app.statements.codes import is_code, tidy_code
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
    "statement_empty": Outcome.NO_STATEMENT,
    "statement_no_pdf": Outcome.NO_STATEMENT,
    "statement_none": Outcome.NO_STATEMENT,
    "statement_encrypted": Outcome.UNCHECKED,
    "statement_file_too_large": Outcome.UNCHECKED,
    "statement_kind_unknown": Outcome.UNCHECKED,
    "statement_too_heavy": Outcome.NO_STATEMENT,
}
"""What is wrong with a file that is not a statement that was changed."""

_CHANGED = _l("This file is not as it was issued: something in it was changed after that.")
TOLD: Mapping[str, Any] = {
    "statement_none": _l("This PDF is no statement of Wederdienst."),
    "statement_kind_unknown": _l("This is a kind of statement that is not known here yet."),
    "statement_attachment_unreadable": _CHANGED,
    "statement_attachment_changed": _CHANGED,
    "statement_hash_differs": _CHANGED,
    "statement_paper_differs": _CHANGED,
}
"""What a visitor is told of a fault whose own sentence is for who knows what a file is made of."""

IN_AN_ADDRESS = re.compile(r"/verify/([^/?#]*)", re.IGNORECASE)
IN_A_SENTENCE = re.compile(r"(?<!\w)\w{4}(?:[-\u2010-\u2015]\w{4}){3}(?!\w)")
DASHES = re.compile("[\u2010-\u2015]")
LONGEST_NAME = 100
"""How many characters of a file's name are shown."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome, with the statement of our register, and with the verdict about a file (`why`: what is wrong).

    `is_known`: who sealed the file is known here. `told` is what is wrong in a visitor's words. `name` is that of the
    file; `other_code` a code that was filled in beside it and that is not the file's, as far as that can be seen.
    """

    outcome: Outcome
    statement: Statement | None = None
    verdict: Verdict | None = None
    why: str = ""
    is_known: bool = False
    told: str = ""
    name: str = ""
    other_code: str = ""

    @property
    def kind(self) -> str:
        """The kind of statement that the file is, or says that it is."""
        return self.verdict.imprint.kind if self.verdict and self.verdict.imprint else ""


def code_in(typed: str) -> str:
    """The code in what somebody typed or pasted: the code, the address of its page, or a sentence with either.

    Tidied; what holds no code comes back as it is, tidied too.
    """
    found = IN_AN_ADDRESS.search(typed) or IN_A_SENTENCE.search(typed)
    text = found[found.re.groups] if found else typed
    return tidy_code(DASHES.sub("-", text))


def look_up(code: str) -> Finding:
    """What the register says about a code."""
    statement = statement_by_code(code)
    return Finding(_state_of(statement), statement) if statement else Finding(Outcome.UNKNOWN)


def examine(content: bytes, name: str = "", typed: str = "") -> Finding:
    """What a file is, which is called `name`; `typed` is what was filled in as a code beside it."""
    finding = _examined(content)
    code = code_in(typed)
    imprint = finding.verdict.imprint if finding.verdict else None
    is_another = is_code(code) and not (imprint and imprint.code == code)
    return replace(finding, name=name_shown(name), other_code=code if is_another else "")


def refused(fault: Invalid | RuleError, verdict: Verdict | None = None, name: str = "") -> Finding:
    """What is found of a file that is not read to its end, or not as it should be."""
    why = sentence(fault)
    told = str(TOLD.get(fault.code, why))
    return Finding(_fault_of(fault.code), verdict=verdict, why=why, told=told, name=name_shown(name))


def name_shown(name: str) -> str:
    """The name of a file without the folders that some browsers send, and not longer than anybody reads."""
    return re.split(r"[/\\]", name)[-1].strip()[:LONGEST_NAME]


def _examined(content: bytes) -> Finding:
    """The register knows the SHA-256 of every file that was issued here, so nothing is made again."""
    verdict = _read(content)
    if verdict.fault:
        return refused(verdict.fault, verdict)
    is_known = verdict.seal is not None and verdict.seal.fingerprint in known_fingerprints()
    rendition = rendition_of_file(sha256(content).hexdigest())
    if rendition:
        return Finding(_state_of(rendition.statement), rendition.statement, verdict, is_known=is_known)
    assert verdict.imprint is not None
    known = statement_by_code(verdict.imprint.code)
    return Finding(Outcome.CHANGED if known else Outcome.NOT_OURS, known, verdict, is_known=is_known)


def _read(content: bytes) -> Verdict:
    """What the file says; it is from anybody, so it is weighed first when it may be a PDF at all."""
    if not content:
        return Verdict(fault=Invalid("statement_empty"))
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
