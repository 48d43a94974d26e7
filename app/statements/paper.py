"""What a statement is before it is a file: its imprint (colofon), and the documents that were frozen with its number.

Everything on the paper follows from these, and all of them are attached to it: so a reader who has the file can make
the paper again and compare, without a database and without asking us. What the documents are and mean is the kind's
own (app/statements/kinds).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, ClassVar, Self

from flask_babel import gettext as _

from app.rules.dossier_json import canonical
from app.web.clock import HERE
from app.web.errors import Invalid
from app.web.locale import LANGUAGES

SCHEMA = "statement/1"
IMPRINT, LOGO = "statement.json", "logo.png"
SHORT_HASH = 12
LONGEST_TEXT = 300
INK = "#17212b"

Documents = Mapping[str, bytes]
"""Frozen documents by name, each in its one canonical form."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a paper says about itself. Instants are UTC; `accent` is the corporation's colour.

    `issued_by` and `issued_as` name the person and the role, and are empty when the command line issued it.
    `chain_sequence` and `chain_head` are the head of the corporation's audit chain when the number was reserved.
    `logo_sha256` is that of its logo, empty when it has none.
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
    logo_sha256: str = ""

    @property
    def is_draft(self) -> bool:
        """Whether it is only to be looked at: it has no number and no code."""
        return not self.number

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
        if not is_sound or type(imprint.chain_sequence) is not int or imprint.language not in LANGUAGES:
            raise ValueError("a value of another kind")
        return imprint


@dataclass(frozen=True, slots=True)
class Paper(ABC):
    """A statement before it is a file. Each kind has its own, which says what the documents mean.

    `NEEDED` and `OPTIONAL` name the documents that a kind has and may have, in the order in which the hash takes them;
    `TEMPLATE` draws it, under the name `TITLE`. The logo is among the documents too; the imprint has its hash.
    """

    imprint: Imprint
    documents: Documents

    NEEDED: ClassVar[tuple[str, ...]]
    OPTIONAL: ClassVar[tuple[str, ...]] = ()
    TEMPLATE: ClassVar[str]
    TITLE: ClassVar[Any]

    @classmethod
    @abstractmethod
    def read(cls, imprint: Imprint, documents: Documents) -> Self:
        """The paper that the documents make, when everything in them that can be reckoned again comes to the same.

        Errors: `Invalid` when it doesn't; RuleError for facts that are none.
        """

    @property
    def hashed(self) -> list[str]:
        """The names of the documents of which the document hash is taken, in that order."""
        return [name for name in self.NEEDED + self.OPTIONAL if name in self.documents]

    @property
    @abstractmethod
    def about(self) -> str:
        """What it is about, in the reader's language: "contract 2025-014"."""

    @property
    @abstractmethod
    def kvk(self) -> str:
        """The corporation's KvK number."""

    @property
    @abstractmethod
    def corporation_name(self) -> str:
        """In full; its number when no name is known."""

    @property
    def ink(self) -> str:
        """The colour of the state that it tells of."""
        return INK

    @property
    @abstractmethod
    def verdict(self) -> str:
        """Its one sentence, in the language of the imprint, inside which this and what follows is asked."""

    @property
    def title(self) -> str:
        return str(self.TITLE) % {"number": self.imprint.number or _("(draft)")}

    @abstractmethod
    def values(self) -> Mapping[str, Any]:
        """What its template places beside the paper itself."""

    @abstractmethod
    def contents(self) -> Mapping[str, tuple[str, str]]:
        """Of each file that may be attached what it holds in words, and its relation: "Source" of the paper, "Data"."""

    def derived(self) -> Documents:
        """Files that are attached and follow from the documents: the same in another form."""
        return {}


def hashed(names: Sequence[str], documents: Documents) -> bytes:
    """What the document hash is taken of: the documents in that order, with a line feed between them."""
    return b"\n".join(documents[name] for name in names if name in documents)


def document_sha256(names: Sequence[str], documents: Documents) -> str:
    """The document hash, printed on the paper."""
    return sha256(hashed(names, documents)).hexdigest()


def read_canonical(written: bytes, name: str) -> Any:
    """The document in an attachment. Errors: `Invalid` when it is no JSON in its one canonical form."""
    try:
        document = json.loads(written)
        if canonical(document) == written:
            return document
    except (ValueError, RecursionError):
        pass
    raise Invalid("statement_attachment_unreadable", name=name)


def in_fours(text: str, separator: str = "-") -> str:
    return separator.join(text[start : start + 4] for start in range(0, len(text), 4))
