"""The fields of records in words: what each is called, and how its values are written for who reads.

Values come as the audit log has them (JSON) or as a dossier has them (dates, decimals); both are written the same. What
says nothing to a reader (ids, hashes, instants that the record itself has) is in `LEFT_OUT`; a test finds a column that
is in neither.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.words import LANGUAGES, ROLES
from app.rules.dossier import Approval, Base, Hours, Programme
from app.rules.ladder import Level
from app.rules.tables import Kind, Policy, RateTable
from app.web import formats
from app.web.words import CONTRIBUTIONS, in_reader_language, word

LONGEST = 200
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Names:
    """What numbers and codes in the log stand for: by kind of reference, then by number; `blocks` by code."""

    by_id: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    blocks: Mapping[str, str] = field(default_factory=dict)


Write = Callable[[Any, Names], str]


@dataclass(frozen=True, slots=True)
class Field:
    """A field: its label, how a value is written, and of what its number is the id, if it is one."""

    label: Any
    write: Write
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record, from and to, as people read it."""

    label: str
    before: str
    after: str


def changes(kind: str, before: Mapping[str, Any], after: Mapping[str, Any], names: Names) -> Iterator[FieldChange]:
    """What a reader is told of a row that changed, came (`before` is empty) or went, in the order of its form."""
    for key, shown in FIELDS.get(kind, {}).items():
        if key in before or key in after:
            was, became = (written(shown, values.get(key), names) for values in (before, after))
            if was != became:
                yield FieldChange(str(shown.label), was, became)


def written(shown: Field, value: Any, names: Names) -> str:
    """A value for a reader; long texts are cut short."""
    if value is None or value in ("", [], ()):
        return NOTHING
    text = shown.write(value, names)
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def references(kind: str, values: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """What a row refers to: (kind of reference, id)."""
    for key, shown in FIELDS.get(kind, {}).items():
        if not shown.refers_to or values.get(key) is None:
            continue
        if isinstance(values[key], list):
            yield from ((shown.refers_to, row[f"{shown.refers_to}_id"]) for row in values[key])
        else:
            yield shown.refers_to, values[key]


def _text(label: Any) -> Field:
    return Field(label, lambda value, _names: str(value))


def _day(label: Any) -> Field:
    return Field(label, lambda value, _names: formats.day_long(_as_day(value)))


def _cents(label: Any) -> Field:
    return Field(label, lambda value, _names: formats.euro(value))


def _percent(label: Any) -> Field:
    return Field(label, lambda value, _names: formats.percent(Decimal(value)))


def _number(label: Any) -> Field:
    return Field(label, lambda value, _names: formats.number(Decimal(value)))


def _choice(label: Any, kind: type[StrEnum]) -> Field:
    return Field(label, lambda value, _names: word(kind(value)))


def _worded(label: Any, words: Mapping[Any, Any]) -> Field:
    return Field(label, lambda value, _names: str(words.get(str(value), value)))


def _yes_or_no(label: Any) -> Field:
    return Field(label, lambda value, _names: _("yes") if value else _("no"))


def _block(label: Any) -> Field:
    return Field(label, lambda value, names: names.blocks.get(value, value))


def _name(label: Any, refers_to: str) -> Field:
    return Field(label, lambda value, names: names.by_id.get(refers_to, {}).get(value, NOTHING), refers_to)


def _as_day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _hours(value: Any, _names: Names) -> str:
    """Hours a week, and each change with its day: "20, from 1 May 2025 32"."""
    first, *later = [_as_hours(each) for each in value]
    return ", ".join(
        [formats.hours(first[1])]
        + [_("from %(day)s %(hours)s", day=formats.day_long(day), hours=formats.hours(a_week)) for day, a_week in later]
    )


def _as_hours(each: Hours | Mapping[str, Any]) -> tuple[date, Decimal]:
    if isinstance(each, Hours):
        return each.starts_on, each.a_week
    return _as_day(each["from_day"]), Decimal(each["hours"])


def _efforts(value: Any, names: Names) -> str:
    """The rows of a plan: "BBL student from 1 March 2026: 2 × 32; Social enterprise from 1 May 2026: € 5.000,00"."""
    return "; ".join(_effort(each, names) for each in value)


def _effort(row: Mapping[str, Any], names: Names) -> str:
    numbers = [formats.number(Decimal(row[key])) for key in ("persons", "hours", "quantity") if row.get(key)]
    amount = [formats.euro(row["amount_cents"])] if row.get("amount_cents") is not None else []
    day, block = formats.day_long(_as_day(row["starts_on"])), names.blocks.get(row["block"], row["block"])
    return str(_("%(block)s from %(day)s: %(how_much)s", block=block, day=day, how_much=" × ".join(numbers + amount)))


def _remarks(value: Any, _names: Names) -> str:
    return "; ".join(each["text"] for each in value)


def _bonuses(value: Any, names: Names) -> str:
    codes = (each["block"] if isinstance(each, Mapping) else each for each in value)
    return ", ".join(names.blocks.get(code, code) for code in codes)


def _companies(value: Any, _names: Names) -> str:
    return ", ".join(each["kvk"] if isinstance(each, Mapping) else each for each in value)


def _mandated(value: Any, names: Names) -> str:
    contracts = names.by_id.get("contract", {})
    return ", ".join(contracts.get(row["contract_id"], NOTHING) for row in value)


def _approval(value: Approval, _names: Names) -> str:
    return formats.day_long(value.on)


def _version(value: RateTable | Policy, _names: Names) -> str:
    return value.name if isinstance(value, RateTable) else in_reader_language(value.name)


SETTLED = {"proposed": _l("Proposed"), "settled": _l("Settled"), "withdrawn": _l("Withdrawn")}
BECAME = {
    "at_supplier": _l("Still at work with the supplier"),
    "elsewhere": _l("At work elsewhere"),
    "not_at_work": _l("Not at work"),
    "unknown": _l("Unknown"),
}
PLANS = {"draft": _l("Draft"), "proposed": _l("Proposed"), "agreed": _l("Agreed"), "replaced": _l("Replaced")}
STATES = {str(status): state.word for status, state in CONTRIBUTIONS.items()}

STATEMENTS: Mapping[str, Any] = {
    "reserved": _l("Being made"),
    "issued": _l("In force"),
    "superseded": _l("Superseded"),
    "withdrawn": _l("Withdrawn"),
}
"""The states of a statement, which is a feature above this one."""

_CONTRIBUTION = {
    "reference": _text(_l("Reference")),
    "status": _worded(_l("State"), STATES),
    "block": _block(_l("Building block")),
}
_JUDGED = {
    "judged_for": _text(_l("Judged for")),
    "rejected_reason": _text(_l("Reason of the rejection")),
    "approval": Field(_l("Approved on"), _approval),
}
FIELDS: Mapping[str, Mapping[str, Field]] = {
    "contract": {
        "number": _text(_l("Number")),
        "title": _text(_l("Title")),
        "supplier_id": _name(_l("Supplier"), "supplier"),
        "supplier_name": _text(_l("Supplier")),
        "kvk": _text(_l("KvK number")),
        "kind": _choice(_l("Kind of contract"), Kind),
        "published_on": _day(_l("Published on")),
        "awarded_on": _day(_l("Awarded on")),
        "starts_on": _day(_l("First day")),
        "ends_on": _day(_l("Last day")),
        "contract_sum_cents": _cents(_l("Contract sum")),
        "base": _choice(_l("Percentage of"), Base),
        "base_amount_cents": _cents(_l("Amount that the percentage is taken of")),
        "percentage": _percent(_l("Percentage")),
        "rate_table_id": _name(_l("Rate table"), "rate_table"),
        "policy_id": _name(_l("Policy"), "policy"),
        "activity_cap": _percent(_l("Cap on activities")),
        "project_leader_id": _name(_l("Project leader"), "user"),
        "excused_reason": _text(_l("Excused because")),
        "excused_effort": _text(_l("What the supplier did")),
        "excused_approved_by_id": _name(_l("Excuse approved by"), "user"),
        "excused": _yes_or_no(_l("Excused")),
    },
    "amendment": {
        "reference": _text(_l("Reference")),
        "effective_on": _day(_l("Takes effect on")),
        "new_end": _day(_l("New last day")),
        "amount_cents": _cents(_l("Amount")),
        "description": _text(_l("Description")),
    },
    "supplier_record": {
        "name": _text(_l("Name")),
        "city": _text(_l("City")),
        "email": _text(_l("E-mail address")),
    },
    "certificate": {
        "number": _text(_l("Number")),
        "level": _choice(_l("Level"), Level),
        "thirty_plus": _yes_or_no(_l("30+")),
        "valid_from": _day(_l("Valid from")),
        "valid_until": _day(_l("Valid until")),
        "withdrawn_on": _day(_l("Withdrawn on")),
        "checked_on": _day(_l("Checked on")),
        "checked_by_id": _name(_l("Checked by"), "user"),
        "scope": Field(_l("Covers KvK numbers"), _companies),
        "kvk": Field(_l("Covers KvK numbers"), _companies),
    },
    "placement": {
        **_CONTRIBUTION,
        "starts_on": _day(_l("First day")),
        "ends_on": _day(_l("Last day")),
        "hours": Field(_l("Hours a week"), _hours),
        "bonuses": Field(_l("Bonuses"), _bonuses),
        "employer": _text(_l("Employer")),
        "share_percent": _percent(_l("Share of this contract")),
        "share": _percent(_l("Share of this contract")),
        "subsidy_until": _day(_l("Wage-cost subsidy until")),
        "programme": _choice(_l("Came by way of"), Programme),
        **_JUDGED,
    },
    "activity": {
        **_CONTRIBUTION,
        "on": _day(_l("Day")),
        "amount_cents": _cents(_l("Amount")),
        "quantity": _number(_l("Quantity")),
        "description": _text(_l("Description")),
        **_JUDGED,
    },
    "plan": {
        "status": _worded(_l("State"), PLANS),
        "rows": Field(_l("Efforts"), _efforts),
        "explanation": _text(_l("Explanation of the plan")),
        "proposed_by_id": _name(_l("Proposed by"), "user"),
        "agreed_by_id": _name(_l("Agreed by"), "user"),
        "agreed_note": _text(_l("How the supplier agreed")),
        "returned_reason": _text(_l("Not agreed to, because")),
    },
    "report": {
        "first_on": _day(_l("First day")),
        "last_on": _day(_l("Last day")),
        "is_nil": _yes_or_no(_l("Nil report")),
        "remarks": Field(_l("Remarks"), _remarks),
    },
    "reporting_choice": {
        "months": _number(_l("Months of a period")),
        "starts_on": _day(_l("Reports are asked from")),
    },
    "handover": {
        "promised": _text(_l("Promised in the bid")),
        "promised_cents": _cents(_l("Promised value")),
        "promised_persons": _number(_l("Promised persons")),
        "responsible_function": _text(_l("Responsible at the supplier")),
        "handed_over_by": _text(_l("Handed over by")),
        "handed_over_on": _day(_l("Handed over on")),
        "accepted_by_id": _name(_l("Accepted by"), "user"),
    },
    "statement": {
        "year": _text(_l("Year")),
        "sequence": _text(_l("Number")),
        "on": _day(_l("As of")),
        "state": _worded(_l("State"), STATEMENTS),
        "net_cents": _cents(_l("Net")),
        "credited_cents": _cents(_l("Credited")),
        "document_sha256": _text(_l("Document hash")),
        "withdrawn_reason": _text(_l("Reason of the withdrawal")),
    },
    "rendition": {
        "language": _worded(_l("Language"), LANGUAGES),
        "file_sha256": _text(_l("SHA-256 of the file")),
    },
    "sample": {
        "title": _text(_l("What it is for")),
        "sequence": _text(_l("Number")),
        "approved_from": _day(_l("Approved from")),
        "approved_until": _day(_l("Approved through")),
        "supplier_id": _name(_l("Supplier"), "supplier"),
        "size": _number(_l("How many")),
        "seed": _text(_l("Seed")),
        "is_seed_typed": _yes_or_no(_l("Seed typed by the auditor")),
        "population_size": _number(_l("Contributions in the population")),
        "population_sha256": _text(_l("Hash of the population")),
        "drawn_by_id": _name(_l("Drawn by"), "user"),
    },
    "sample_item": {
        "position": _number(_l("Number")),
        "line": _text(_l("As it was when it was drawn")),
    },
    "sample_finding": {
        "version": _number(_l("Version")),
        "outcome": _worded(_l("Finding"), {"in_order": _l("In order"), "deviation": _l("Deviation")}),
        "text": _text(_l("What was seen")),
    },
    "handling": {
        "subject": _text(_l("About")),
        "snoozed_until": _day(_l("Rests until")),
        "snoozed_reason": _text(_l("Why it can wait")),
        "closed_reason": _text(_l("Closed because")),
    },
    "conversation": {
        "held_on": _day(_l("Day of the conversation")),
        "with_whom": _text(_l("With whom")),
        "about": _text(_l("What was said")),
        "action": _text(_l("What is agreed")),
        "by_whom": _text(_l("Who does it")),
        "due_on": _day(_l("By when")),
        "done_on": _day(_l("Done on")),
    },
    "rate_table": {
        "code": _text(_l("Id")),
        "name": _text(_l("Name")),
        "in_force_from": _day(_l("In force from")),
        "version": Field(_l("Version"), _version),
    },
    "policy": {
        "code": _text(_l("Id")),
        "name_nl": _text(_l("Name in Dutch")),
        "name_en": _text(_l("Name in English")),
        "version": Field(_l("Version"), _version),
    },
    "settlement": {
        "state": _worded(_l("State"), SETTLED),
        "shortfall_cents": _cents(_l("Shortfall")),
        "penalty_cents": _cents(_l("Penalty")),
        "instalment_cents": _cents(_l("Last instalment")),
        "deducted_cents": _cents(_l("Deducted from it")),
        "claimed_cents": _cents(_l("Claimed separately")),
        "is_excused": _yes_or_no(_l("Excused")),
        "assessed_on": _day(_l("Reckoned as of")),
        "net_cents": _cents(_l("Net")),
        "credited_cents": _cents(_l("Credited")),
        "note": _text(_l("Note")),
        "withdrawn_reason": _text(_l("Withdrawn because")),
    },
    "after_project": {
        "reference": _text(_l("Reference")),
        "became": _worded(_l("What became of this person"), BECAME),
        "asked_on": _day(_l("Asked on")),
    },
    "membership": {
        "role": _worded(_l("Role"), ROLES),
        "organisation": _text(_l("Organisation")),
        "mandate_reason": _text(_l("Why it judges for the corporation")),
        "is_limited": _yes_or_no(_l("Only some contracts")),
        "mandated": Field(_l("Contracts"), _mandated, "contract"),
        "invited_as": _text(_l("Invited as")),
        "supplier_id": _name(_l("Supplier"), "supplier"),
        "ends_on": _day(_l("Last day")),
    },
    "corporation": {
        "kvk": _text(_l("KvK number")),
        "name": _text(_l("Name")),
        "city": _text(_l("City")),
        "language": _worded(_l("Language"), LANGUAGES),
        "accent": _text(_l("Colour")),
        "default_rate_table_id": _name(_l("Rate table for new contracts"), "rate_table"),
        "default_policy_id": _name(_l("Policy for new contracts"), "policy"),
        "reporting_months": _number(_l("Months of a reporting period")),
        "judging_days": _number(_l("Days to judge within")),
        "reminder_days_text": _text(_l("Days ahead of a reminder")),
        "retention_months": _number(_l("Months that persons are kept")),
        "requires_second_factor": _yes_or_no(_l("Second step of log-in required")),
    },
}
EVERYWHERE_LEFT_OUT = frozenset({"id", "created_at", "corporation_id", "contract_id", "row_version"})
_OF_CONTRIBUTIONS = frozenset(
    # A person is never shown; the rest says who did what when, which the record itself says.
    ("person_id", "version", "kind", "spread_id", "entry_key", "replaces_id", "entered_by_id", "entered_at")
    + ("submitted_at", "approved_by_id", "approved_at", "approved_how", "rejected_by_id", "rejected_at")
    + ("withdrawn_by_id", "withdrawn_at")
)
LEFT_OUT: Mapping[str, frozenset[str]] = {
    "contract": frozenset({"excused_by_id", "excused_at", "excused_approved_at"}),
    "supplier_record": frozenset({"supplier_id"}),
    "placement": _OF_CONTRIBUTIONS,
    "activity": _OF_CONTRIBUTIONS,
    "plan": frozenset(
        ("version", "written_by_id", "written_at", "proposed_for", "proposed_at", "returned_by_id", "returned_at")
        + ("agreed_at", "replaced_at")
    ),
    "report": frozenset({"reported_by_id", "reported_at"}),
    "handover": frozenset({"accepted_at"}),
    "settlement": frozenset(
        ("standing", "dossier_id", "proposed_by_id", "proposed_at", "confirmed_by_id", "confirmed_at")
        + ("withdrawn_by_id", "withdrawn_at")
    ),
    "after_project": frozenset({"person_id", "recorded_by_id", "recorded_at"}),
    "handling": frozenset({"kind", "key", "first_seen_on", "snoozed_by_id", "closed_at", "closed_by_id"}),
    "conversation": frozenset({"recorded_by_id", "recorded_at"}),
    # Of somebody who has not accepted yet nothing is shown but the name that the corporation gave.
    "membership": frozenset({"user_id"}),
    "corporation": frozenset({"logo_sha256"}),
    "rate_table": frozenset({"family", "selected_by", "content", "sha256"}),
    "policy": frozenset({"content", "sha256"}),
}
