"""Commands on what a corporation records of a supplier and of a PSO certificate.

`record_supplier`, `make_supplier` and `record_certificate` are what these commands and those of other features (an
import) have in common: they take the running `audit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from sqlalchemy import bindparam, text

from app.accounts.models import Corporation, User
from app.audit.outcomes import Outcome, keep
from app.audit.service import command
from app.audit.trail import Audit
from app.database import UtcDateTime
from app.rules import ladder
from app.rules.dates import add_months
from app.rules.faults import certificate_faults
from app.suppliers import queries
from app.suppliers.models import Certificate, Supplier, SupplierRecord, supplier_facts_changed
from app.suppliers.validity import facts_of
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid

EARLIEST_CHECK_MONTHS = 12
"""A certificate is looked up when it was just given, or awaited; more than a year before, the year is mistyped."""
NAMED_IN_A_REFUSAL = 3
MAKE_SUPPLIER = text(
    "INSERT INTO suppliers (kvk, created_at) VALUES (:kvk, :at) ON CONFLICT DO NOTHING RETURNING id"
).bindparams(bindparam("at", type_=UtcDateTime()))


def create_supplier(corporation: Corporation, kvk: str, shown: dict[str, str | None], *, by: User) -> SupplierRecord:
    """Record a supplier; `shown` is its `name`, `city` and `email`. The same record sent twice is one.

    Errors: Invalid `supplier_known` (the corporation has a record of this KvK number that says something else).
    """
    with command("supplier_record.create", by=by, corporation=corporation) as audit:
        known = queries.record_of(corporation, kvk)
        if known is not None:
            if all(getattr(known, name) == value for name, value in shown.items()):
                return known
            raise Invalid("supplier_known", column="kvk", kvk=kvk, name=known.name)
        supplier = queries.suppliers_numbered([kvk]).get(kvk) or make_supplier(audit, kvk)
        made, _outcome = record_supplier(audit, corporation, supplier, None, shown)
    return made


def change_supplier(record_id: int, shown: dict[str, str | None], *, by: User, seen_version: int) -> SupplierRecord:
    """Change what is recorded of a supplier. Errors: NotFound (also when it is not for `by`), Stale."""
    seen = queries.record_to_edit(by, record_id)
    with command("supplier_record.change", by=by, corporation=seen.corporation) as audit:
        record = queries.record_to_edit(by, record_id)
        record.expect_version(seen_version)
        record_supplier(audit, record.corporation, record.supplier, record, shown)
    return record


def delete_supplier(record_id: int, *, by: User, seen_version: int) -> int:
    """Delete the record of a supplier; its certificates stay, since they may cover others. Gives the audit record.

    Errors: NotFound, Stale, Conflict `supplier_has_contracts` or `supplier_has_users`, which name the first few.
    """
    seen = queries.record_to_edit(by, record_id)
    with command("supplier_record.delete", by=by, corporation=seen.corporation) as audit:
        record = queries.record_to_edit(by, record_id)
        record.expect_version(seen_version)
        _expect_unused("supplier_has_contracts", record, queries.contract_numbers_of(record))
        _expect_unused("supplier_has_users", record, queries.people_of(record))
        audit.deleted(record)
    return audit.record_id


def create_certificate(corporation: Corporation, seen: ladder.Certificate, *, by: User) -> Certificate:
    """Record a certificate. The same one sent twice is one.

    Errors: the RuleErrors of `certificate_faults`, Invalid `certificate_known` (this number and first day are recorded
    and say something else), Invalid about the day of the check.
    """
    with command("certificate.create", by=by, corporation=corporation) as audit:
        known = queries.certificate_numbered(corporation, seen.number, seen.valid_from)
        if known is not None and facts_of(known) == seen:
            return known
        _expect_right(seen)
        _expect_other(known, None)
        made, _outcome = record_certificate(audit, corporation, None, seen, by.id)
    return made


def change_certificate(certificate_id: int, seen: ladder.Certificate, *, by: User, seen_version: int) -> Certificate:
    """Let a certificate be as it is seen now. Errors: as `create_certificate`, and NotFound, Stale."""
    with _changing("change", certificate_id, by, seen_version) as (audit, row):
        _expect_other(queries.certificate_numbered(row.corporation, seen.number, seen.valid_from), row)
        _let_be(audit, row, seen, by)
    return row


def check_certificate(certificate_id: int, on: date, *, by: User, seen_version: int) -> Certificate:
    """Say that `by` found it in the public register on that day: from now on it counts. Errors: as above."""
    with _changing("check", certificate_id, by, seen_version) as (audit, row):
        _let_be(audit, row, replace(facts_of(row), checked_on=on), by)
    return row


def withdraw_certificate(certificate_id: int, on: date, *, by: User, seen_version: int) -> Certificate:
    """Say from which day on it no longer counts, though its term runs on. Errors: as above."""
    with _changing("withdraw", certificate_id, by, seen_version) as (audit, row):
        _let_be(audit, row, replace(facts_of(row), withdrawn_on=on), by)
    return row


def delete_certificate(certificate_id: int, *, by: User, seen_version: int) -> int:
    """Delete a certificate that was recorded by mistake. Gives the audit record.

    Errors: NotFound, Stale, Conflict `certificate_has_evidence`.
    """
    with _changing("delete", certificate_id, by, seen_version) as (audit, row):
        if queries.has_evidence(row):
            raise Conflict("certificate_has_evidence")
        supplier_facts_changed(audit.session, row.corporation_id, row.kvk_numbers)
        audit.deleted(row)
    return audit.record_id


def record_supplier(
    audit: Audit,
    corporation: Corporation,
    supplier: Supplier,
    known: SupplierRecord | None,
    shown: dict[str, str | None],
) -> tuple[SupplierRecord, Outcome]:
    """Let the corporation's record of a supplier show this (`name`, `city`, `email`); it is made when there is none."""
    if known is None:
        made = SupplierRecord(corporation=corporation, supplier=supplier, **shown)
        audit.created(made)
        return made, Outcome.CREATED
    if known.name != shown["name"]:  # the name stands on the paper
        supplier_facts_changed(audit.session, corporation.id, [supplier.kvk])
    return known, keep(audit, known, dict(shown))


def make_supplier(audit: Audit, kvk: str) -> Supplier:
    """A company that the product does not know yet, by its KvK number.

    It is one for all corporations, whose commands do not wait for each other: another may make it at this moment.
    """
    number = audit.session.scalar(MAKE_SUPPLIER, {"kvk": kvk, "at": now()})
    made = queries.suppliers_numbered([kvk])[kvk]
    if number is not None:
        audit.created(made)
    return made


def record_certificate(
    audit: Audit, corporation: Corporation, known: Certificate | None, seen: ladder.Certificate, checked_by: int | None
) -> tuple[Certificate, Outcome]:
    """Let a certificate be as it was seen; it is made when there is none.

    `checked_by` is the id of the user who says when it was checked, if any. The facts are those that the rule book
    found no fault in.
    """
    values = {
        "number": seen.number,
        "level": seen.level,
        "thirty_plus": seen.thirty_plus,
        "valid_from": seen.valid_from,
        "valid_until": seen.valid_until,
        "withdrawn_on": seen.withdrawn_on,
        "checked_on": seen.checked_on,
    }
    if known is None or known.checked_on != seen.checked_on:
        values["checked_by_id"] = checked_by if seen.checked_on else None
    covered_before = set(known.kvk_numbers) if known else set()
    if known is None:
        row, outcome = Certificate(corporation=corporation, **values), Outcome.CREATED
        row.covers(seen.kvk)
        audit.created(row)
    else:
        row, outcome = known, keep(audit, known, values)
        if covered_before != set(seen.kvk):
            outcome = Outcome.CHANGED
            with audit.change_of(row):
                row.covers(seen.kvk)
    if outcome is not Outcome.UNCHANGED:
        supplier_facts_changed(audit.session, corporation.id, covered_before.union(seen.kvk))
    return row, outcome


@contextmanager
def _changing(verb: str, certificate_id: int, by: User, seen_version: int) -> Iterator[tuple[Audit, Certificate]]:
    """A command on a certificate that `by` may edit. Errors: NotFound, Stale."""
    seen = queries.certificate_to_edit(by, certificate_id)
    with command(f"certificate.{verb}", by=by, corporation=seen.corporation) as audit:
        row = queries.certificate_to_edit(by, certificate_id)
        row.expect_version(seen_version)
        yield audit, row


def _let_be(audit: Audit, row: Certificate, seen: ladder.Certificate, by: User) -> None:
    """Errors: the RuleErrors of `certificate_faults`, Invalid about the day of the check."""
    _expect_right(seen)
    record_certificate(audit, row.corporation, row, seen, by.id)


def _expect_right(seen: ladder.Certificate) -> None:
    for fault in certificate_faults(seen):
        raise fault
    expect_check(seen)


def expect_check(seen: ladder.Certificate) -> None:
    """Errors: Invalid `check_in_future`, `check_too_early`."""
    if seen.checked_on is None:
        return
    if seen.checked_on > today():
        raise Invalid("check_in_future", column="checked_on", day=today())
    if seen.checked_on < add_months(seen.valid_from, -EARLIEST_CHECK_MONTHS):
        raise Invalid("check_too_early", column="checked_on", day=seen.valid_from)


def _expect_other(known: Certificate | None, row: Certificate | None) -> None:
    """Errors: Invalid, when another certificate has this number and first day."""
    if known is not None and known is not row:
        raise Invalid("certificate_known", column="number", number=known.number, day=known.valid_from)


def _expect_unused(code: str, record: SupplierRecord, names: list[str]) -> None:
    if names:
        shown, more = names[:NAMED_IN_A_REFUSAL], len(names) > NAMED_IN_A_REFUSAL
        named = ", ".join([*shown, "…"] if more else shown)
        raise Conflict(code, name=record.name, number=len(names), named=named)
