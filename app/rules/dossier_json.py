"""A dossier as canonical JSON (`dossier/1`, interfaces.md) and back.

Facts stand under the names of the workbook's columns; amounts are decimal strings in euro, numbers the shortest decimal
strings, dates ISO. Keys are sorted and there are no blanks, so the same facts are the same bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from app.rules.documents import plain
from app.rules.dossier import (
    Activity,
    Amendment,
    Approval,
    Base,
    Dossier,
    Hours,
    Parties,
    Placement,
    Programme,
    Status,
    Terms,
    with_numbered_persons,
)
from app.rules.errors import RuleError
from app.rules.ladder import Certificate, Level
from app.rules.money import cents_of, decimal_text, euro_text
from app.rules.tables import Kind, policy_from, rate_table_from

SCHEMA = "dossier/1"
NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?")
LONGEST_REASON = 50
MOST_CONTRIBUTIONS = 20_000
MOST_AMENDMENTS = 1_000
MOST_OF_ONE = 500
Made = TypeVar("Made")


def canonical(document: Any) -> bytes:
    """JSON with sorted keys and no blanks, in UTF-8."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def dossier_to_json(dossier: Dossier) -> dict[str, Any]:
    """The dossier as plain JSON values, each list in the order of reference."""
    terms = dossier.terms
    return {
        "schema": SCHEMA,
        "rules": dossier.rules,
        "corporation": dossier.parties.corporation,
        "corporation_name": dossier.parties.corporation_name,
        "supplier_name": dossier.parties.supplier_name,
        "contract": terms.number,
        "recorded_at": dossier.recorded_at,
        "title": terms.title,
        "kvk": terms.kvk,
        "kind": terms.kind and str(terms.kind),
        "published_on": _day(terms.published_on),
        "awarded_on": _day(terms.awarded_on),
        "starts_on": _day(terms.starts_on),
        "ends_on": _day(terms.ends_on),
        "contract_sum": euro_text(terms.contract_sum_cents),
        "base": str(terms.base),
        "base_amount": _euro(terms.base_amount_cents),
        "percentage": decimal_text(terms.percentage),
        "activity_cap": _number(terms.activity_cap),
        "excused": terms.excused,
        "amendments": [_amendment(each) for each in sorted(dossier.amendments, key=_amendment_order)],
        "certificates": [_certificate(each) for each in sorted(dossier.certificates, key=_certificate_order)],
        "placements": [_placement(each) for each in with_numbered_persons(dossier.placements)],
        "activities": [_activity(each) for each in sorted(dossier.activities, key=lambda each: each.reference)],
        "rate_table": plain(dossier.rate_table.document),
        "policy": plain(dossier.policy.document),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _number(number: Decimal | None) -> str | None:
    return None if number is None else decimal_text(number)


def _euro(cents: int | None) -> str | None:
    return None if cents is None else euro_text(cents)


def _amendment_order(amendment: Amendment) -> tuple[str, date]:
    return amendment.reference or "", amendment.effective_on


def _certificate_order(certificate: Certificate) -> tuple[str, date]:
    return certificate.number, certificate.valid_from


def _amendment(each: Amendment) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "effective_on": _day(each.effective_on),
        "new_end": _day(each.new_end),
        "amount": euro_text(each.amount_cents),
        "description": each.description,
    }


def _certificate(each: Certificate) -> dict[str, Any]:
    return {
        "kvk": sorted(each.kvk),
        "number": each.number,
        "level": str(each.level),
        "thirty_plus": each.thirty_plus,
        "valid_from": _day(each.valid_from),
        "valid_until": _day(each.valid_until),
        "withdrawn_on": _day(each.withdrawn_on),
        "checked_on": _day(each.checked_on),
    }


def _placement(each: Placement) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "person": each.person,
        "block": each.block,
        "starts_on": _day(each.starts_on),
        "ends_on": _day(each.ends_on),
        "hours_per_week": [
            {"from": _day(hours.starts_on), "hours": decimal_text(hours.a_week)} for hours in each.hours
        ],
        "bonuses": sorted(each.bonuses),
        "employer": each.employer,
        "share": decimal_text(each.share),
        "subsidy_until": _day(each.subsidy_until),
        "programme": str(each.programme),
        "status": str(each.status),
        "approved": _approval(each.approval),
    }


def _activity(each: Activity) -> dict[str, Any]:
    return {
        "reference": each.reference,
        "block": each.block,
        "on": _day(each.on),
        "amount": _euro(each.amount_cents),
        "quantity": _number(each.quantity),
        "description": each.description,
        "status": str(each.status),
        "approved": _approval(each.approval),
    }


def _approval(approval: Approval | None) -> dict[str, Any] | None:
    return None if approval is None else {"on": _day(approval.on), "how": approval.how}


def dossier_from_json(document: Any) -> Dossier:
    """The dossier that `dossier_to_json` wrote.

    Errors: RuleError `dossier_unreadable` when a key is missing or unknown or a value is of the wrong kind;
    `document_*`.
    """
    try:
        dossier = _dossier(document)
    except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as fault:
        if isinstance(fault, RuleError):
            raise
        raise RuleError("dossier_unreadable", reason=f"{type(fault).__name__}: {fault}") from fault
    if canonical(dossier_to_json(dossier)) != canonical(document):
        raise RuleError("dossier_unreadable", reason="not in canonical form")
    return dossier


def _dossier(document: Mapping[str, Any]) -> Dossier:
    if document["schema"] != SCHEMA:
        raise RuleError("dossier_unreadable", reason=f"schema {document['schema']}")
    return Dossier(
        parties=Parties(*(_text(document[key]) for key in ("corporation", "corporation_name", "supplier_name"))),
        terms=_terms_from(document),
        rate_table=rate_table_from(document["rate_table"]),
        policy=policy_from(document["policy"]),
        amendments=_all(document["amendments"], _amendment_from, MOST_AMENDMENTS),
        certificates=_all(document["certificates"], _certificate_from, MOST_AMENDMENTS),
        placements=_all(document["placements"], _placement_from, MOST_CONTRIBUTIONS),
        activities=_all(document["activities"], _activity_from, MOST_CONTRIBUTIONS),
        recorded_at=_text(document["recorded_at"]),
        rules=_version(document["rules"]),
    )


def _all(rows: Any, make: Callable[[Any], Made], most: int) -> tuple[Made, ...]:
    """Errors: ValueError for more than any contract has, so that nobody keeps us busy with a file made for that."""
    if len(rows) > most:
        raise ValueError(f"more than {most}")
    return tuple(make(row) for row in rows)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"no text: {value!r}")
    return value


def _optional_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _version(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(f"no version: {value!r}")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(f"neither true nor false: {value!r}")
    return value


def _optional_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _number_from(text: Any) -> Decimal:
    """Errors: ValueError for another notation than ours: an exponent makes much of little."""
    if not NUMBER.fullmatch(_text(text)):
        raise ValueError(f"no number: {text[:LONGEST_REASON]}")
    return Decimal(text)


def _optional_number(text: Any) -> Decimal | None:
    return None if text is None else _number_from(text)


def _cents_from(text: Any) -> int:
    return cents_of(_number_from(text))


def _optional_cents(text: Any) -> int | None:
    return None if text is None else _cents_from(text)


def _terms_from(row: Mapping[str, Any]) -> Terms:
    return Terms(
        number=_text(row["contract"]),
        title=_text(row["title"]),
        kvk=_text(row["kvk"]),
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]),
        contract_sum_cents=_cents_from(row["contract_sum"]),
        percentage=_number_from(row["percentage"]),
        kind=row["kind"] and Kind(row["kind"]),
        published_on=_optional_day(row["published_on"]),
        awarded_on=_optional_day(row["awarded_on"]),
        base=Base(row["base"]),
        base_amount_cents=_optional_cents(row["base_amount"]),
        activity_cap=_optional_number(row["activity_cap"]),
        excused=_flag(row["excused"]),
    )


def _amendment_from(row: Mapping[str, Any]) -> Amendment:
    return Amendment(
        effective_on=date.fromisoformat(row["effective_on"]),
        amount_cents=_cents_from(row["amount"]),
        new_end=_optional_day(row["new_end"]),
        reference=_optional_text(row["reference"]),
        description=_text(row["description"]),
    )


def _certificate_from(row: Mapping[str, Any]) -> Certificate:
    return Certificate(
        number=_text(row["number"]),
        level=Level(row["level"]),
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_until=date.fromisoformat(row["valid_until"]),
        kvk=_all(row["kvk"], _text, MOST_OF_ONE),
        thirty_plus=_flag(row["thirty_plus"]),
        withdrawn_on=_optional_day(row["withdrawn_on"]),
        checked_on=_optional_day(row["checked_on"]),
    )


def _placement_from(row: Mapping[str, Any]) -> Placement:
    return Placement(
        reference=_text(row["reference"]),
        person=_text(row["person"]),
        block=_text(row["block"]),
        starts_on=date.fromisoformat(row["starts_on"]),
        hours=_all(row["hours_per_week"], _hours_from, MOST_OF_ONE),
        status=Status(row["status"]),
        ends_on=_optional_day(row["ends_on"]),
        bonuses=_all(row["bonuses"], _text, MOST_OF_ONE),
        share=_number_from(row["share"]),
        subsidy_until=_optional_day(row["subsidy_until"]),
        employer=_text(row["employer"]),
        programme=Programme(row["programme"]),
        approval=_approval_from(row["approved"]),
    )


def _hours_from(row: Mapping[str, Any]) -> Hours:
    return Hours(date.fromisoformat(row["from"]), _number_from(row["hours"]))


def _activity_from(row: Mapping[str, Any]) -> Activity:
    return Activity(
        reference=_text(row["reference"]),
        block=_text(row["block"]),
        on=date.fromisoformat(row["on"]),
        status=Status(row["status"]),
        amount_cents=_optional_cents(row["amount"]),
        quantity=_optional_number(row["quantity"]),
        description=_text(row["description"]),
        approval=_approval_from(row["approved"]),
    )


def _approval_from(row: Mapping[str, Any] | None) -> Approval | None:
    return None if row is None else Approval(date.fromisoformat(row["on"]), _text(row["how"]))
