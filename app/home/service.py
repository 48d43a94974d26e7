"""The command of a supplier's own place: hand in a PSO certificate, for somebody of the corporation to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.accounts.models import Corporation, User
from app.audit.service import command
from app.audit.trail import Audit
from app.home.queries import companies_of
from app.rules import ladder
from app.rules.faults import certificate_faults
from app.suppliers.models import Certificate
from app.suppliers.queries import certificate_numbered
from app.suppliers.service import record_certificate
from app.suppliers.validity import facts_of
from app.web.errors import Invalid


def hand_in(seen: ladder.Certificate, *, by: User) -> list[Certificate]:
    """Give a certificate to the corporations for which a company in its scope works, as far as `by` reports for it.

    Each gets a record of its own that nobody has checked, so it takes nothing away yet. One that is recorded already
    and says the same stays as it is; as long as nobody has checked it, handing in again corrects it. Errors: the
    RuleErrors of `certificate_faults`; Invalid `certificate_not_yours` (no company of `by` is in its scope),
    `certificate_differs` (checked, or another company's, and it says something else).
    """
    seen = replace(seen, checked_on=None, withdrawn_on=None)
    for fault in certificate_faults(seen):
        raise fault
    with command("certificate.hand_in", by=by) as audit:
        corporations = _corporations(seen, by)
        audit.corporation = corporations[0]
        return [_recorded(audit, corporation, seen, by) for corporation in corporations]


def _corporations(seen: ladder.Certificate, by: User) -> Sequence[Corporation]:
    """In the order of their ids, in which all commands lock."""
    companies = companies_of(by)
    found = {each.corporation_id: each.corporation for each in companies if each.supplier.kvk in seen.kvk}
    if not found:
        own = ", ".join(sorted({each.supplier.kvk for each in companies}))
        raise Invalid("certificate_not_yours", column="kvk", own=own)
    return list(found.values())


def _recorded(audit: Audit, corporation: Corporation, seen: ladder.Certificate, by: User) -> Certificate:
    known = certificate_numbered(corporation, seen.number, seen.valid_from)
    if known is not None:
        facts = facts_of(known)
        if replace(facts, checked_on=None, withdrawn_on=None) == seen:
            return known
        own = {each.supplier.kvk for each in companies_of(by) if each.corporation_id == corporation.id}
        if facts.checked_on or facts.withdrawn_on or own.isdisjoint(facts.kvk):
            named = {"number": seen.number, "day": seen.valid_from}
            raise Invalid("certificate_differs", column="number", corporation=corporation.name, **named)
    row, _outcome = record_certificate(audit, corporation, known, seen, None)
    return row
