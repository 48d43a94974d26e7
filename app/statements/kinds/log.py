"""An extract of the audit log: the records of a period with their place in the chain (`records.json`).

Every record carries what its hash is taken of, so whoever has the file follows the chain from the record before the
first to the last, and sees that none was changed, added or left out between them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.audit.chain import Head, Link, Payload, instant_text, verify
from app.history.queries import name_in, rows_in, said_name
from app.history.words import notes_shown, said, who
from app.rules.dates import Period
from app.rules.dossier_json import canonical
from app.statements import wording
from app.statements.paper import Documents, Imprint, Paper, read_canonical
from app.web.clock import HERE
from app.web.errors import Invalid
from app.web.formats import day_long

RECORDS, SCHEMA = "records.json", "records/1"
PLAIN = (
    "sequence",
    "actor_id",
    "actor",
    "action",
    "object_kind",
    "object_id",
    "payload_digest",
    "previous_hash",
    "hash",
)
PARTS = ("before", "after", "notes", "salt")
UNNAMED = ("person",)
"""What is never named by an earlier record: the reference of a person may have been erased since."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record with the name of the user who acted, empty when nobody was logged in."""

    link: Link
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """A record in words."""

    sequence: int
    at: datetime
    who: str
    did: str
    notes: tuple[str, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class LogPaper(Paper):
    """What the document means: whose log (`owner` is the KvK number), which days, the record before, the records."""

    owner: str
    corporation: str
    days: Period
    before: Head
    records: tuple[Named, ...]

    NEEDED: ClassVar[tuple[str, ...]] = (RECORDS,)
    TEMPLATE: ClassVar[str] = "pdf/log.html"
    TITLE: ClassVar[Any] = _l("Extract of the audit log %(number)s")

    @classmethod
    def read(cls, imprint: Imprint, documents: Documents) -> Self:
        document = read_canonical(documents[RECORDS], RECORDS)
        try:
            if document["schema"] != SCHEMA:
                raise ValueError("another schema")
            kvk, corporation = str(document["chain"]), str(document["corporation"])
            days = Period(date.fromisoformat(document["from"]), imprint.on)
            before = Head(document["before"]["sequence"], document["before"]["hash"])
            records = tuple(map(_read, document["records"]))
            list(_rows(records))  # all of it can be said
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Invalid("statement_attachment_unreadable", name=RECORDS) from None
        verdict = verify(kvk, (each.link for each in records), after=before)
        if not verdict.is_sound:
            raise Invalid("statement_records_differ", sequence=verdict.at_sequence)
        if not _is_of(days, imprint, [each.link for each in records]):
            raise Invalid("statement_figures_differ", figures=RECORDS)
        return cls(imprint, documents, kvk, corporation, days, before, records)

    @property
    def about(self) -> str:
        first, last = day_long(self.days.first), day_long(self.days.last)
        return str(_("the audit log from %(first)s through %(last)s", first=first, last=last))

    @property
    def kvk(self) -> str:
        return self.owner

    @property
    def corporation_name(self) -> str:
        return self.corporation or self.owner

    @property
    def verdict(self) -> str:
        return str(
            ngettext(
                "From %(first)s through %(last)s the audit log has %(num)d record, and it is whole.",
                "From %(first)s through %(last)s the audit log has %(num)d records, and they are whole: each follows"
                " the one before it.",
                len(self.records),
                first=day_long(self.days.first),
                last=day_long(self.days.last),
            )
        )

    def values(self) -> Mapping[str, Any]:
        return {
            "rows": list(_rows(self.records)),
            "wording": wording,
            "last": self.records[-1].link if self.records else None,
        }

    def contents(self) -> Mapping[str, tuple[str, str]]:
        return {RECORDS: (_("the records, with the values before and after"), "Source")}


def _is_of(days: Period, imprint: Imprint, links: Sequence[Link]) -> bool:
    """Whether these are records of those days, and to the end of the log when they were taken before it went on."""
    is_within = all(days.first <= each.at.astimezone(HERE).date() <= days.last for each in links)
    ended = imprint.is_draft or days.last < imprint.issued_at.astimezone(HERE).date()
    at_head = bool(links) and (links[-1].sequence, links[-1].hash) == (imprint.chain_sequence, imprint.chain_head)
    return is_within and (ended or at_head)


def records_json(kvk: str, corporation: str, days: Period, before: Head, records: Sequence[Named]) -> bytes:
    """The document of an extract; `before` is the record before the first, or the beginning of the chain."""
    return canonical(
        {
            "schema": SCHEMA,
            "chain": kvk,
            "corporation": corporation,
            "from": days.first.isoformat(),
            "on": days.last.isoformat(),
            "before": {"sequence": before.sequence, "hash": before.hash},
            "records": list(map(_written, records)),
        }
    )


def _written(each: Named) -> dict[str, Any]:
    link = each.link
    payload = None if link.payload is None else {name: getattr(link.payload, name) for name in PARTS}
    plain = {name: getattr(link, name) for name in PLAIN}
    return plain | {"at": instant_text(link.at), "name": each.name, "payload": payload}


def _read(written: Mapping[str, Any]) -> Named:
    """Errors: KeyError, TypeError or ValueError."""
    at = datetime.strptime(written["at"], "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    payload = None if written["payload"] is None else Payload(**{name: written["payload"][name] for name in PARTS})
    if set(written) != {*PLAIN, "at", "name", "payload"}:
        raise ValueError("not a record")
    return Named(Link(at=at, payload=payload, **{name: written[name] for name in PLAIN}), str(written["name"]))


def _rows(records: Sequence[Named]) -> Iterator[Row]:
    """Each record in words. What it is about is named as this or an earlier record of the extract names it, else by
    the number that the log itself gives it."""
    names: dict[tuple[str, int], str] = {}
    for each in records:
        link = each.link
        rows, notes = _told(link)
        told_of = ((kind, number, _name(was, became)) for kind, number, was, became in rows if kind not in UNNAMED)
        names |= {(kind, number): name for kind, number, name in told_of if name}
        about = name_in(link.action, rows) or names.get((link.object_kind or "", link.object_id or 0), "")
        if not about and link.object_id:
            about = str(_("no. %(number)s", number=link.object_id))
        told = tuple(f"{label}: {text}" for label, text in notes_shown(notes))
        yield Row(link.sequence, link.at, who(link.actor, each.name or None), said(link.action, about), told, link.hash)


def _name(was: Mapping[str, Any], became: Mapping[str, Any]) -> str:
    """What people call a row: a statement by its number."""
    values = {**was, **became}
    is_statement = {"kind", "year", "sequence", "code"} <= set(values)
    return f"{values['year']}-{values['sequence']:04d}" if is_statement else said_name(values)


def _told(link: Link) -> tuple[list[Any], Mapping[str, Any]]:
    """The rows of a record, each with its values before and after, and its notes; none once the retention run took
    the payload away.

    Errors: ValueError, TypeError or AttributeError for what is no payload.
    """
    if link.payload is None:
        return [], {}
    before, after, notes = (json.loads(getattr(link.payload, name)) for name in ("before", "after", "notes"))
    return list(rows_in(before, after)), {**notes}
