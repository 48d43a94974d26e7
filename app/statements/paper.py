"""What one rendition of a statement shows: the frozen facts and figures, and its imprint (colofon).

Everything on the paper follows from three documents, which are also its attachments: `dossier.json` (the facts),
`assessment.json` (the figures) and `statement.json` (the imprint: number, code, as-of day, who issued it, hash). So a
reader who has the file can make the paper again and compare, without a database and without asking us.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

from app.rules import Assessment, Dossier, assess
from app.rules.assessment_json import assessment_to_json
from app.rules.dossier_json import canonical, dossier_from_json
from app.rules.plan import Effort
from app.statements.final import SETTLEMENT, Final, read_settlement
from app.statements.planned import PLAN, read_plan
from app.web.clock import HERE
from app.web.errors import Invalid
from app.web.locale import LANGUAGES

SCHEMA = "statement/1"
DOSSIER, ASSESSMENT, IMPRINT = "dossier.json", "assessment.json", "statement.json"
SHORT_HASH = 12
CONTRACT, FINAL = "contract", "final"
KINDS = (CONTRACT, FINAL)
LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a paper says about itself. Instants are UTC; `accent` is the corporation's colour.

    `issued_by` and `issued_as` name the person and the role, and are empty when the command line issued it.
    `chain_sequence` and `chain_head` are the head of the corporation's audit chain when the number was reserved.
    """

    kind: str
    number: str
    code: str
    language: str
    on: date
    issued_at: datetime
    issued_by: str
    issued_as: str
    city: str
    accent: str
    public_url: str
    document_sha256: str
    chain_sequence: int
    chain_head: str

    @property
    def verify_address(self) -> str:
        """Where the paper can be checked; the QR code leads there."""
        return f"{self.public_url.rstrip('/')}/verify/{self.printed_code}"

    @property
    def printed_code(self) -> str:
        return in_fours(self.code)

    @property
    def short_hash(self) -> str:
        """The beginning of the document hash, as on the foot of each page: 3f9a 61c0 b27e."""
        return in_fours(self.document_sha256[:SHORT_HASH], " ")

    @property
    def is_ahead(self) -> bool:
        """Whether the as-of day had not passed yet: then the figures suppose that all runs as planned."""
        return self.on > self.issued_at.astimezone(HERE).date()

    def to_json(self) -> dict[str, Any]:
        written = self.issued_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"schema": SCHEMA} | asdict(self) | {"on": self.on.isoformat(), "issued_at": written}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Imprint:
        """Errors: KeyError, TypeError or ValueError when a key is missing or unknown, or a value of the wrong kind."""
        values = dict(document)
        if values.pop("schema") != SCHEMA:
            raise ValueError("another schema")
        issued_at = datetime.strptime(values.pop("issued_at"), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        imprint = cls(on=date.fromisoformat(values.pop("on")), issued_at=issued_at, **values)
        texts = [value for key, value in values.items() if key != "chain_sequence"]
        is_sound = all(isinstance(text, str) and len(text) <= LONGEST_TEXT for text in texts)
        if (
            not is_sound
            or type(imprint.chain_sequence) is not int
            or imprint.kind not in KINDS
            or imprint.language not in LANGUAGES
        ):
            raise ValueError("a value of another kind")
        return imprint


@dataclass(frozen=True, slots=True)
class Paper:
    """A statement before it is a file: its imprint, the frozen documents, and what they mean.

    Only a final statement has a settlement; `planned` are the efforts of the plan of approach, if one was agreed.
    """

    imprint: Imprint
    dossier_json: bytes
    assessment_json: bytes
    dossier: Dossier
    assessment: Assessment
    settlement_json: bytes | None = None
    plan_json: bytes | None = None
    final: Final | None = None
    planned: tuple[Effort, ...] = ()

    @classmethod
    def of(
        cls,
        imprint: Imprint,
        dossier_json: bytes,
        assessment_json: bytes,
        settlement_json: bytes | None = None,
        plan_json: bytes | None = None,
    ) -> Paper:
        """Read the frozen documents and reckon again.

        Errors: `Invalid` when the hash, the figures or the settlement are not those of the facts; RuleError for facts
        that are none.
        """
        if imprint.document_sha256 != document_sha256(dossier_json, assessment_json, settlement_json, plan_json):
            raise Invalid("statement_hash_differs")
        dossier = dossier_from_json(read_canonical(dossier_json, DOSSIER))
        assessment = assess(dossier, imprint.on)
        if canonical(assessment_to_json(assessment)) != assessment_json:
            raise Invalid("statement_figures_differ", figures=differing_figures(assessment, assessment_json))
        if (imprint.kind == FINAL) != (settlement_json is not None):
            raise Invalid("statement_none", name=SETTLEMENT)
        final = None
        if settlement_json is not None:
            final = read_settlement(read_canonical(settlement_json, SETTLEMENT), dossier, assessment)
        planned = () if plan_json is None else read_plan(read_canonical(plan_json, PLAN))
        documents = dossier_json, assessment_json, dossier, assessment, settlement_json, plan_json
        return cls(imprint, *documents, final, planned)


def document_sha256(
    dossier_json: bytes, assessment_json: bytes, settlement_json: bytes | None = None, plan_json: bytes | None = None
) -> str:
    """The document hash, printed on the paper: SHA-256 of the dossier, the assessment, and the settlement and the plan
    where there is one, with a line feed between them."""
    documents = (dossier_json, assessment_json, settlement_json, plan_json)
    return sha256(b"\n".join(each for each in documents if each is not None)).hexdigest()


def read_canonical(written: bytes, name: str) -> Any:
    """The document in an attachment. Errors: `Invalid` when it is no JSON in its one canonical form."""
    try:
        document = json.loads(written)
        if canonical(document) == written:
            return document
    except (ValueError, RecursionError):
        pass
    raise Invalid("statement_attachment_unreadable", name=name)


def differing_figures(assessment: Assessment, assessment_json: bytes) -> str:
    """The keys of the assessment that reckoning again gives another value, for a message."""
    reckoned, found = assessment_to_json(assessment), read_canonical(assessment_json, ASSESSMENT)
    if not isinstance(found, dict):
        return ASSESSMENT
    return ", ".join(sorted(key for key in reckoned.keys() | found if reckoned.get(key) != found.get(key)))


def in_fours(text: str, separator: str = "-") -> str:
    return separator.join(text[start : start + 4] for start in range(0, len(text), 4))
