"""When a log-in counts: a password alone opens a session that is only half, until the second factor was shown too.

Of everybody but the demo's people a second factor is required, unless the installation leaves that to its corporations
(WEDERDIENST_SECOND_FACTOR); then one corporation that requires it is enough, for an account is one for all of them.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app.accounts.models import Session, User
from app.web.clock import now, today
from config import REQUIRED

FRESH = timedelta(minutes=10)
"""So long after somebody proved to be who they are, they may change how they prove it."""


def is_required_of_all() -> bool:
    """Whether the installation requires it, so that its corporations have nothing to say."""
    return bool(current_app.config["WEDERDIENST"].second_factor == REQUIRED)


def is_required_of(user: User) -> bool:
    """Whether this user has to have a second factor."""
    if user.is_demo:
        return False
    return is_required_of_all() or any(
        each.corporation.requires_second_factor for each in user.active_memberships(today())
    )


def is_whole(session: Session) -> bool:
    """Whether nothing is to be shown any more. Who has a second factor shows it, required or not."""
    has_one = session.user.second_factor_since is not None
    return session.second_factor_at is not None or not (has_one or is_required_of(session.user))


def is_fresh(session: Session) -> bool:
    """Whether its user proved to be who they are a short time ago."""
    return (session.confirmed_at or session.made_at) > now() - FRESH
