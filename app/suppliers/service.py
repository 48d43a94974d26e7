"""What commands of other features write about suppliers: a corporation's record of one, a certificate that it saw.

These are parts of a command (an import), not commands by themselves: they take the running `audit`.
"""

from __future__ import annotations

from app.accounts.models import Corporation
from app.audit.outcomes import Outcome, keep
from app.audit.trail import Audit
from app.rules import ladder
from app.suppliers.models import Certificate, Supplier, SupplierRecord
from app.web.clock import now


def record_supplier(
    audit: Audit,
    corporation: Corporation,
    supplier: Supplier,
    known: SupplierRecord | None,
    shown: dict[str, str | None],
) -> tuple[SupplierRecord, Outcome]:
    """Let the corporation's record of a supplier show this (`name`, `city`, `email`); it is made when there is none."""
    if known is not None:
        return known, keep(audit, known, dict(shown))
    made = SupplierRecord(corporation=corporation, supplier=supplier, **shown)
    audit.created(made)
    return made, Outcome.CREATED


def make_supplier(audit: Audit, kvk: str) -> Supplier:
    """A company that the product does not know yet, by its KvK number."""
    made = Supplier(kvk=kvk, created_at=now())
    audit.created(made)
    return made


def record_certificate(
    audit: Audit, corporation: Corporation, known: Certificate | None, seen: ladder.Certificate, checked_by: int | None
) -> Outcome:
    """Let a certificate be as it was seen; `checked_by` is the id of the user who says when it was checked, if any.

    It is known by number and first day. The facts are those that the rule book found no fault in.
    """
    values = {
        "level": seen.level,
        "thirty_plus": seen.thirty_plus,
        "valid_until": seen.valid_until,
        "withdrawn_on": seen.withdrawn_on,
        "checked_on": seen.checked_on,
    }
    checked_by = checked_by if seen.checked_on else None
    if known is None:
        made = Certificate(
            corporation=corporation, number=seen.number, valid_from=seen.valid_from, checked_by_id=checked_by, **values
        )
        made.covers(seen.kvk)
        audit.created(made)
        return Outcome.CREATED
    if known.checked_on != seen.checked_on:
        values["checked_by_id"] = checked_by
    outcome = keep(audit, known, values)
    if set(known.kvk_numbers) != set(seen.kvk):
        with audit.change_of(known):
            known.covers(seen.kvk)
        outcome = Outcome.CHANGED
    return outcome
