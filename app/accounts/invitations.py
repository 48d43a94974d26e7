"""Invitations: a link that makes one person what it says in one corporation, once, within seven days.

The link holds a random token under our signature; the database keeps its hash. It is mailed, and shown once to who
invites, for who gets no mail. Whether the address had an account
already makes no difference to who invites, nor to what the chain of the corporation says.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.accounts import mails, queries
from app.accounts.links import signed, token_in
from app.accounts.mandates import Mandate, entrust, expect_mandate
from app.accounts.models import Corporation, Language, Membership, Purpose, Role, Token, User
from app.accounts.names import tidy_name
from app.accounts.passwords import hashed
from app.accounts.people import expect_sound, expect_to_come, reopen_account
from app.accounts.service import TOKEN_BYTES, set_password, tidy_email, token_hash
from app.audit.service import command
from app.audit.trail import Audit, lock_chain
from app.mail.outbox import link as address_of
from app.web.clock import now, today
from app.web.errors import Conflict, Invalid
from app.web.locale import DEFAULT

HOLDS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What was just made: `link` is the last part of its `address`, which is mailed, and shown this once."""

    membership: Membership
    link: str
    address: str
    expires_at: datetime


def invite(
    corporation: Corporation,
    *,
    email: str,
    name: str,
    role: Role,
    supplier_id: int | None,
    ends_on: date | None,
    mandate: Mandate | None = None,
    language: Language,
    by: User,
) -> Invitation:
    """Invite somebody. A user without a password is made of an address that is new; of another nothing changes.

    Errors: Invalid with the `column` (`email_unclear`, `name_missing`, `already_member`, `guest_needs_end`, ...).
    """
    address, shown = tidy_email(email), tidy_name(name)
    expect_to_come(ends_on)
    expect_sound(corporation, role, supplier_id, ends_on)
    expect_mandate(corporation, role, mandate)
    known = queries.user_by_email(address)
    if known is not None:
        _expect_new(known, corporation, supplier_id)
    user_id = _user_at(address, shown, language, by=by)
    with command("membership.invite", by=by, corporation=corporation) as audit:
        user = audit.session.get_one(User, user_id)
        expect_sound(corporation, role, supplier_id, ends_on)  # the supplier may have gone meanwhile
        _expect_new(user, corporation, supplier_id)
        membership = Membership(
            user=user,
            corporation=corporation,
            role=role,
            supplier_id=supplier_id,
            ends_on=ends_on,
            invited_as=shown,
            created_at=now(),
        )
        audit.created(membership)
        entrust(membership, mandate)
        made = _link_to(audit, membership, language)
    reopen_account(user, by=by)
    return made


def renew(membership_id: int, *, seen_version: int, by: User) -> Invitation:
    """Make another link; one that was given before no longer holds.

    Errors: NotFound; Stale; Conflict (`not_invited`).
    """
    corporation = queries.membership_to_administer(by, membership_id).corporation
    with command("membership.invite", by=by, corporation=corporation) as audit:
        membership = _waiting(membership_id, seen_version, by)
        _withdraw(audit, membership)
        return _link_to(audit, membership, corporation.language)


def withdraw(membership_id: int, *, seen_version: int, by: User) -> Membership:
    """The link that was given no longer holds. Errors: NotFound; Stale; Conflict (`not_invited`)."""
    corporation = queries.membership_to_administer(by, membership_id).corporation
    with command("membership.withdraw", by=by, corporation=corporation) as audit:
        membership = _waiting(membership_id, seen_version, by)
        _withdraw(audit, membership)
    return membership


def found(link: str) -> Token | None:
    """The invitation of a link; None when it was tampered with, is too old, used, withdrawn, or never was."""
    token = token_in(link, Purpose.INVITATION, HOLDS)
    return queries.invitation_of(token_hash(token)) if token else None


def accept_as_new(link: str, *, name: str, password: str, language: Language) -> User | None:
    """Accept as somebody who has no password yet, and give the user; None when the link no longer holds.

    Errors: Invalid (`name_missing`, `password_too_short`, ...).
    """
    shown, new_hash = tidy_name(name), hashed(password)
    invitation = found(link)
    if invitation is None:
        return None
    user = invitation.user
    with command("membership.accept", by=user, corporation=_corporation_of(invitation)) as audit:
        invitation = found(link)
        audit.session.refresh(user, with_for_update=True)  # an invitation of another corporation has another lock
        if invitation is None or user.password_hash is not None:
            return None
        _accept(audit, invitation)
        with audit.change_of(user):
            user.name, user.language = shown, language
        set_password(audit, user, new_hash)
    return user


def accept(link: str, *, by: User) -> Membership | None:
    """Accept as who is logged in; None when the link no longer holds, or is somebody else's."""
    invitation = found(link)
    if invitation is None or invitation.user_id != by.id:
        return None
    with command("membership.accept", by=by, corporation=_corporation_of(invitation)) as audit:
        invitation = found(link)
        if invitation is None:
            return None
        _accept(audit, invitation)
        return invitation.membership


def _user_at(address: str, name: str, language: Language, *, by: User) -> int:
    """The id of the user with that address, who is made when there is none.

    A command of its own: that an account was made stands in the chain of the installation, and not for a corporation to
    see that none was.
    """
    with command("user.make", by=by) as audit:
        lock_chain(audit.session, None)  # two corporations may invite the same address at once
        user = queries.user_by_email(address)
        if user is None:
            user = User(email=address, name=name, language=language, created_at=now())
            audit.created(user)
            audit.session.flush()
        return user.id


def _expect_new(user: User, corporation: Corporation, supplier_id: int | None) -> None:
    if queries.membership_in(user, corporation, supplier_id) is not None:
        raise Invalid("already_member", column="email")


def _waiting(membership_id: int, seen_version: int, by: User) -> Membership:
    membership = queries.membership_to_administer(by, membership_id)
    membership.expect_version(seen_version)
    if membership.invited_as is None or membership.ended_before(today()):
        raise Conflict("not_invited")
    return membership


def _link_to(audit: Audit, membership: Membership, language: Language) -> Invitation:
    token, at = secrets.token_urlsafe(TOKEN_BYTES), now()
    row = Token(
        token_hash=token_hash(token),
        purpose=Purpose.INVITATION,
        user=membership.user,
        membership=membership,
        made_at=at,
        expires_at=at + HOLDS,
    )
    audit.created(row)
    link = signed(token, Purpose.INVITATION)
    asked = None if language == DEFAULT else language.value
    address = address_of("organisation.invitation", token=link, lang=asked)
    mails.invitation(audit, membership, address, row.expires_at, language)
    return Invitation(membership, link, address, row.expires_at)


def _withdraw(audit: Audit, membership: Membership) -> None:
    for invitation in queries.open_invitations_to(membership):
        with audit.change_of(invitation):
            invitation.expires_at = now()


def _accept(audit: Audit, invitation: Token) -> None:
    membership = invitation.membership
    assert membership is not None
    with audit.change_of(membership, invitation):
        membership.invited_as = None
        invitation.used_at = now()


def _corporation_of(invitation: Token) -> Corporation:
    assert invitation.membership is not None
    return invitation.membership.corporation
