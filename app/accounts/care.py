"""What an administrator does with a colleague's log-ins: end them, or take away a second factor that was lost.

It stands in the chain of the corporation. Of somebody who is something elsewhere too the second factor stays: no
corporation weakens an account that opens another's door (whoever runs the product can, by the command line).
"""

from __future__ import annotations

from app.accounts import mails, queries
from app.accounts.models import Membership, User
from app.accounts.second_factor import forget_second_factor
from app.accounts.service import end_sessions
from app.audit.service import command
from app.audit.trail import Actor, Audit
from app.web.clock import today
from app.web.errors import Conflict


def end_session_of(membership_id: int, session_id: int, *, by: User) -> Membership:
    """End one log-in of who has that membership. Errors: NotFound, also of another's; Conflict (`no_access`)."""
    membership = _accepted(membership_id, by)
    with command("membership.end_session", by=by, corporation=membership.corporation) as audit:
        _about(audit, membership)
        end_sessions(audit, [queries.own_session(membership.user, session_id)])
    return membership


def end_sessions_of(membership_id: int, *, by: User) -> Membership:
    """Log this person out everywhere. Errors: NotFound; Conflict (`no_access`)."""
    membership = _accepted(membership_id, by)
    with command("membership.end_sessions", by=by, corporation=membership.corporation) as audit:
        _about(audit, membership)
        end_sessions(audit, queries.unended_sessions_of(membership.user))
    return membership


def reset_second_factor(membership_id: int, *, by: User) -> Membership:
    """Take away the second factor; sessions end, and the person is told by mail. At the next log-in a new one is asked.

    Errors: NotFound; Conflict (`no_access`, `own_second_factor`, `account_elsewhere`, `no_second_factor`).
    """
    membership = _accepted(membership_id, by)
    with command("membership.reset_second_factor", by=by, corporation=membership.corporation) as audit:
        user = membership.user
        audit.session.refresh(user, with_for_update=True)
        if user.id == by.id:
            raise Conflict("own_second_factor")
        if {each.corporation_id for each in user.active_memberships(today())} != {membership.corporation_id}:
            raise Conflict("account_elsewhere", name=membership.shown_name)
        _reset(audit, user, by.name)
        _about(audit, membership)
    return membership


def reset_second_factor_of(email: str, *, by: Actor | str) -> User:
    """The same for whoever runs the product. Errors: NotFound; Conflict (`no_second_factor`)."""
    with command("user.reset_second_factor", by=by) as audit:
        user = queries.user_named(email)
        _reset(audit, user, None)
    return user


def _reset(audit: Audit, user: User, by: str | None) -> None:
    if user.second_factor_since is None:
        raise Conflict("no_second_factor")
    forget_second_factor(audit, user)
    mails.second_factor_reset(audit, user, by)


def _accepted(membership_id: int, by: User) -> Membership:
    """Of an invitation that waits nothing shows of whose address it is."""
    membership = queries.membership_to_administer(by, membership_id)
    if membership.invited_as is not None or membership.ended_before(today()):
        raise Conflict("no_access", name=membership.shown_name)
    return membership


def _about(audit: Audit, membership: Membership) -> None:
    """The record is found beside the membership, whose row does not change."""
    audit.concerns("membership", membership.id, membership.corporation_id)
