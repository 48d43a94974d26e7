"""Who can see what stands in a field: said beside it, and taken from the table that decides it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.accounts.models import Role
from app.accounts.permissions import TABLE, Permission

WORDS = {
    Role.SUPPLIER: _l("the supplier"),
    Role.PROJECT_LEADER: _l("the corporation's project leaders"),
    Role.ADMINISTRATOR: _l("administrators"),
    Role.AUDITOR: _l("auditors"),
    Role.ASSESSOR: _l("assessors"),
}


def seen_by(permission: Permission) -> Any:
    """The sentence that names every role with that permission, in the language of who reads it."""
    return LazyString(_sentence, permission)


def _sentence(permission: Permission) -> str:
    roles = [str(words) for role, words in WORDS.items() if permission in TABLE[role]]
    return str(_("Seen by %(readers)s.", readers=", ".join(roles)))


REFERENCES = seen_by(Permission.SEE_PERSONS)
OF_CONTRACT = seen_by(Permission.SEE_CONTRACTS)
EVIDENCE = seen_by(Permission.SEE_EVIDENCE)
SIGNALS = seen_by(Permission.SEE_SIGNALS)
PLANS = seen_by(Permission.SEE_PLANS)
"""What stands with a contract, for whoever has to do with it."""
