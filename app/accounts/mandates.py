"""Mandates: an assessor of another organisation judges for a corporation, on all its contracts or on some of them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm.attributes import flag_modified

from app.accounts import queries
from app.accounts.models import Corporation, MandateContract, Membership, Role
from app.web.errors import Invalid


@dataclass(frozen=True, slots=True)
class Mandate:
    """For which organisation an assessor judges, why, and the numbers of the contracts it is for (None: all)."""

    organisation: str
    reason: str
    numbers: tuple[str, ...] | None = None


def expect_mandate(corporation: Corporation, role: Role, mandate: Mandate | None) -> None:
    """Errors: Invalid with the `column`, when an assessor's mandate says too little or names contracts not there."""
    if role is not Role.ASSESSOR:
        return
    if mandate is None or not mandate.organisation:
        raise Invalid("mandate_needs_organisation", column="organisation")
    if not mandate.reason:
        raise Invalid("mandate_needs_reason", column="mandate_reason")
    _contract_ids(corporation, mandate)


def entrust(membership: Membership, mandate: Mandate | None) -> None:
    """Let a membership, which the command announced, carry this mandate; None takes away one that it had.

    Errors: as `expect_mandate`.
    """
    ids = _contract_ids(membership.corporation, mandate) if mandate else []
    kept = {each.contract_id: each for each in membership.mandated}  # read before a change, which it would write
    membership.organisation = mandate.organisation if mandate else None
    membership.mandate_reason = mandate.reason if mandate else None
    membership.is_limited = mandate is not None and mandate.numbers is not None
    if set(ids) != kept.keys():
        membership.mandated = [kept.get(each) or MandateContract(contract_id=each) for each in ids]
        if membership.id is not None:
            flag_modified(membership, "role")  # the contracts are rows of their own, and alone raise no version


def _contract_ids(corporation: Corporation, mandate: Mandate) -> list[int]:
    if mandate.numbers is None:
        return []
    if not mandate.numbers:
        raise Invalid("mandate_needs_contracts", column="contracts")
    known = queries.contracts_numbered(corporation, mandate.numbers)
    unknown = [number for number in mandate.numbers if number not in known]
    if unknown:
        raise Invalid("no_such_contracts", column="contracts", numbers=", ".join(unknown))
    return sorted(known.values())
