"""In which role somebody acts for a corporation, as papers name it."""

from __future__ import annotations

from app.accounts.models import User


def role_of(user: User, corporation_id: int) -> str:
    """The role of the membership in the corporation; empty when there is none."""
    roles = [each.role for each in user.memberships if each.corporation_id == corporation_id and not each.supplier_id]
    return str(roles[0]) if roles else ""
