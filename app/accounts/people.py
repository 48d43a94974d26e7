"""Commands on what people are in a corporation: change it, end it, let somebody in again.

A corporation is never without an administrator, nor sooner than it was to be: that is looked at under its lock, so that
of two administrators who send each other away only one succeeds.
"""

from __future__ import annotations

from datetime import date, timedelta

from app.accounts import queries
from app.accounts.mandates import Mandate, entrust, expect_mandate
from app.accounts.models import Corporation, Membership, Role, User
from app.accounts.service import GUEST_DAYS, GUESTS, close_account
from app.audit.service import command
from app.audit.trail import lock_chain
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid


def change(
    membership_id: int,
    *,
    role: Role,
    supplier_id: int | None,
    ends_on: date | None,
    mandate: Mandate | None = None,
    seen_version: int,
    by: User,
) -> Membership:
    """Change the role, the supplier, the last day and an assessor's mandate.

    A later last day lets somebody in again whose time was over.

    Errors: NotFound; Stale; Conflict (`last_administrator`); Invalid with the `column` (`guest_needs_end`,
    `end_in_past`, `supplier_not_recorded`, `already_member`, ...).
    """
    corporation = queries.membership_to_administer(by, membership_id).corporation
    with command("membership.change", by=by, corporation=corporation) as audit:
        membership = queries.membership_to_administer(by, membership_id)
        membership.expect_version(seen_version)
        if ends_on != membership.ends_on:
            expect_to_come(ends_on)
        expect_sound(membership.corporation, role, supplier_id, ends_on)
        expect_mandate(membership.corporation, role, mandate)
        other = queries.membership_in(membership.user, membership.corporation, supplier_id)
        if other not in (None, membership):
            raise Invalid("already_member", column="supplier" if supplier_id else "role")
        _expect_administrator(membership, role, ends_on)
        was_over = membership.ended_before(today())
        with audit.change_of(membership):
            entrust(membership, mandate)
            membership.role, membership.supplier_id, membership.ends_on = role, supplier_id, ends_on
        is_back = was_over and membership.holds_on(today())
    if is_back:
        reopen_account(membership.user, by=by)
    return membership


def end(membership_id: int, *, seen_version: int, by: User) -> Membership:
    """From now on it gives nothing. Of a user who is nothing anywhere else the account is closed, and sessions end.

    Errors: NotFound; Stale; Conflict (`last_administrator`).
    """
    corporation = queries.membership_to_administer(by, membership_id).corporation
    yesterday = today() - timedelta(days=1)
    with command("membership.end", by=by, corporation=corporation) as audit:
        membership = queries.membership_to_administer(by, membership_id)
        membership.expect_version(seen_version)
        _expect_administrator(membership, membership.role, yesterday)
        invitations = queries.open_invitations_to(membership)
        with audit.change_of(membership, *invitations):
            membership.ends_on = min(membership.ends_on or yesterday, yesterday)
            for invitation in invitations:
                invitation.expires_at = now()
    _close_account_of_nobody(membership.user, by=by)
    return membership


def let_in(membership_id: int, *, seen_version: int, by: User) -> Membership:
    """It holds again, from now on: of a guest for a year, of others without an end. Errors: NotFound; Stale."""
    corporation = queries.membership_to_administer(by, membership_id).corporation
    with command("membership.restore", by=by, corporation=corporation) as audit:
        membership = queries.membership_to_administer(by, membership_id)
        membership.expect_version(seen_version)
        if membership.ended_before(today()):
            with audit.change_of(membership):
                guest_until = today() + timedelta(days=GUEST_DAYS)
                membership.ends_on = guest_until if membership.role in GUESTS else None
    reopen_account(membership.user, by=by)
    return membership


def reopen_account(user: User, *, by: User) -> None:
    """Let a user log in again whose account was closed, unless somebody else's corporation is in question too.

    A command of its own, in the chain of the installation: what an account is elsewhere, no corporation sees.
    """
    with command("user.reactivate", by=by) as audit:
        lock_chain(audit.session, None)
        where = {each.corporation_id for each in user.memberships if not each.ended_before(today())}
        if not user.is_active and len(where) == 1:
            with audit.change_of(user):
                user.is_active = True


def expect_sound(corporation: Corporation, role: Role, supplier_id: int | None, ends_on: date | None) -> None:
    """Errors: Invalid with the `column`, when these do not go together in a membership."""
    if (role is Role.SUPPLIER) != (supplier_id is not None):
        code = "role_needs_supplier_chosen" if role is Role.SUPPLIER else "role_without_supplier"
        raise Invalid(code, column="supplier")
    if supplier_id is not None and not queries.records_supplier(corporation, supplier_id):
        raise Invalid("supplier_not_recorded", column="supplier")
    if role in GUESTS and ends_on is None:
        raise Invalid("guest_needs_end", column="ends_on")


def expect_to_come(ends_on: date | None) -> None:
    """Errors: Invalid (`end_in_past`)."""
    if ends_on is not None and ends_on < today():
        raise Invalid("end_in_past", column="ends_on")


def _expect_administrator(membership: Membership, role: Role, ends_on: date | None) -> None:
    """Errors: Conflict (`last_administrator`) when nobody would administer as long as this one was to."""
    administrators = queries.administrators_of(membership.corporation)
    stays = role is Role.ADMINISTRATOR and _as_long(ends_on, membership.ends_on)
    if membership not in administrators or stays:
        return
    if not any(_as_long(other.ends_on, membership.ends_on) for other in administrators if other is not membership):
        raise Conflict("last_administrator", name=membership.shown_name, corporation=membership.corporation.name)


def _as_long(ends_on: date | None, other: date | None) -> bool:
    """Whether who stays until `ends_on` stays at least as long as until `other`; None: without an end."""
    return ends_on is None or (other is not None and ends_on >= other)


def _close_account_of_nobody(user: User, *, by: User) -> None:
    with command("user.deactivate", by=by) as audit:
        lock_chain(audit.session, None)
        if user.is_active and all(each.ended_before(today()) for each in user.memberships):
            close_account(audit, user)
