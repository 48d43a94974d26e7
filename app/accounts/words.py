"""What roles, and how somebody stands in a corporation, are called where people read them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.accounts.models import Language, Role
from app.web.words import State


class Presence(StrEnum):
    """How a person stands in a corporation."""

    ACTIVE = "active"
    INVITED = "invited"
    LAPSED = "lapsed"
    """Invited, but the link was withdrawn or is too old."""
    CLOSED = "closed"
    """The membership holds, but nobody can log in with that account."""
    ENDED = "ended"


LANGUAGES: Mapping[Language, str] = {Language.DUTCH: "Nederlands", Language.ENGLISH: "English"}
ROLES: Mapping[Role, Any] = {
    Role.ADMINISTRATOR: _l("administrator"),
    Role.PROJECT_LEADER: _l("project leader"),
    Role.SUPPLIER: _l("supplier"),
    Role.AUDITOR: _l("auditor"),
    Role.ASSESSOR: _l("assessor"),
}
PRESENCES: Mapping[Presence, State] = {
    Presence.ACTIVE: State(_l("Has access"), "disc", "green"),
    Presence.INVITED: State(_l("Invited"), "ring", "grey"),
    Presence.LAPSED: State(_l("Invitation lapsed"), "triangle", "amber"),
    Presence.CLOSED: State(_l("Account closed"), "cross", "red"),
    Presence.ENDED: State(_l("No access any more"), "cross", "grey"),
}
