"""Reads of accounts: corporations, users by address, what they are where, their sessions and invitations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, column, select, table
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Corporation, Membership, Passkey, Purpose, RecoveryCode, Role, Session, Token, User
from app.accounts.permissions import Permission, corporations_where
from app.extensions import db
from app.web.addresses import NUL
from app.web.clock import now, today
from app.web.errors import NotFound
from app.web.rows import the_row
from config import Config

# Suppliers are a feature below this one. A membership only asks whether a corporation has a record of one.
SUPPLIERS = table("suppliers", column("id"), column("kvk"))
RECORDS = table("supplier_records", column("corporation_id"), column("supplier_id"))
CONTRACTS = table("contracts", column("id"), column("corporation_id"), column("number"))


def corporation_by_kvk(kvk: str) -> Corporation | None:
    return None if NUL in kvk else db.session.scalar(select(Corporation).where(Corporation.kvk == kvk))


def corporation_named(kvk: str) -> Corporation:
    """For the command line. Errors: `NotFound("no_such_corporation")`, which says more than a page may."""
    found = corporation_by_kvk(kvk)
    if found is None:
        raise NotFound("no_such_corporation", kvk=kvk)
    return found


def corporation_where(user: User, permission: Permission, kvk: str) -> Corporation:
    """The corporation in which `user` may do that. Errors: `NotFound`, also when it is there but not for `user`."""
    found = corporation_by_kvk(kvk)
    if found is None or found.id not in corporations_where(user, permission):
        raise NotFound
    return found


def corporations_open_to(user: User, permission: Permission) -> Sequence[Corporation]:
    """The corporations in which `user` may do that, by name."""
    wanted = select(Corporation).where(Corporation.id.in_(corporations_where(user, permission)))
    return db.session.scalars(wanted.order_by(Corporation.name, Corporation.id)).all()


def supplier_id_of(corporation: Corporation, kvk: str) -> int:
    """The supplier with that KvK number, of which the corporation has a record.

    Errors: `NotFound("no_such_supplier")`.
    """
    recorded = select(SUPPLIERS.c.id).join(RECORDS, RECORDS.c.supplier_id == SUPPLIERS.c.id)
    found: int | None = db.session.scalar(
        recorded.where(SUPPLIERS.c.kvk == kvk, RECORDS.c.corporation_id == corporation.id)
    )
    if found is None:
        raise NotFound("no_such_supplier", kvk=kvk, corporation=corporation.name)
    return found


def user_by_email(email: str) -> User | None:
    return None if NUL in email else db.session.scalar(select(User).where(User.email == email.strip().lower()))


def user_named(email: str) -> User:
    """Errors: `NotFound("no_such_user")`."""
    found = user_by_email(email)
    if found is None:
        raise NotFound("no_such_user", email=email)
    return found


def membership_in(user: User, corporation: Corporation, supplier_id: int | None) -> Membership | None:
    """What the user is in a corporation: as one of its people, or for what one supplier has with it."""
    wanted = select(Membership).where(Membership.user_id == user.id, Membership.corporation_id == corporation.id)
    return db.session.scalar(wanted.where(Membership.supplier_id == supplier_id))


def membership_to_administer(user: User, membership_id: int) -> Membership:
    """A membership in a corporation of which `user` is an administrator. Errors: `NotFound`, also for another's."""
    administered = Membership.corporation_id.in_(corporations_where(user, Permission.ADMINISTER))
    wanted = select(Membership).where(Membership.id == membership_id, administered)
    return the_row(wanted.options(joinedload(Membership.user), joinedload(Membership.corporation)))


def administrators_of(corporation: Corporation) -> Sequence[Membership]:
    """Those that hold today, of users who can log in."""
    wanted = select(Membership).join(Membership.user).where(User.is_active, Membership.role == Role.ADMINISTRATOR)
    rows = db.session.scalars(wanted.where(Membership.corporation_id == corporation.id))
    return [row for row in rows if row.holds_on(today())]


def records_supplier(corporation: Corporation, supplier_id: int) -> bool:
    """Whether the corporation has a record of that supplier."""
    wanted = select(RECORDS.c.supplier_id).where(RECORDS.c.corporation_id == corporation.id)
    return db.session.scalar(wanted.where(RECORDS.c.supplier_id == supplier_id)) is not None


def contracts_numbered(corporation: Corporation, numbers: Collection[str]) -> Mapping[str, int]:
    """The ids of those contracts of the corporation that are there, by number."""
    wanted = select(CONTRACTS.c.number, CONTRACTS.c.id).where(CONTRACTS.c.corporation_id == corporation.id)
    rows = db.session.execute(wanted.where(CONTRACTS.c.number.in_(numbers)))
    return {number: contract_id for number, contract_id in rows}


def numbers_of_mandate(membership: Membership) -> Sequence[str]:
    """The numbers of the contracts that a limited mandate is for."""
    wanted = select(CONTRACTS.c.number).where(CONTRACTS.c.id.in_(membership.contract_ids))
    return db.session.scalars(wanted.order_by(CONTRACTS.c.number)).all()


def open_invitations_to(membership: Membership) -> Sequence[Token]:
    """The invitations to it that can still be accepted."""
    return db.session.scalars(select(Token).where(Token.membership_id == membership.id, *is_open())).all()


def invitation_of(token_hash: str) -> Token | None:
    """The invitation of a token that can still be accepted, with its membership, user and corporation."""
    wanted = select(Token).join(Token.membership).where(Token.token_hash == token_hash, *is_open())
    membership = contains_eager(Token.membership)
    found = db.session.scalar(
        wanted.where(Membership.invited_as.is_not(None)).options(
            membership.joinedload(Membership.corporation), membership.joinedload(Membership.user)
        )
    )
    return None if found is None or found.membership is None or found.membership.ended_before(today()) else found


def reset_of(token_hash: str) -> Token | None:
    """The link to another password that can still be followed, with its user."""
    wanted = select(Token).where(Token.token_hash == token_hash, *_may_reset())
    return db.session.scalar(wanted.options(joinedload(Token.user)))


def open_resets_of(user: User) -> Sequence[Token]:
    """The links to another password that can still be followed."""
    return db.session.scalars(select(Token).where(Token.user_id == user.id, *_may_reset())).all()


def is_open() -> tuple[ColumnElement[bool], ...]:
    """An invitation can be accepted until it was, is withdrawn, or is too old."""
    return Token.purpose == Purpose.INVITATION, Token.used_at.is_(None), Token.expires_at > now()


def _may_reset() -> tuple[ColumnElement[bool], ...]:
    return Token.purpose == Purpose.RESET, Token.used_at.is_(None), Token.expires_at > now()


def session_of(token_hash: str) -> Session | None:
    """The session of a token when it still holds, with its user and what that user is where, in two statements."""
    wanted = select(Session).join(Session.user).where(Session.token_hash == token_hash, User.is_active, *_holds(now()))
    memberships = contains_eager(Session.user).selectinload(User.memberships).joinedload(Membership.corporation)
    return db.session.scalar(wanted.options(contains_eager(Session.user), memberships))


def sessions_of(user: User) -> Sequence[Session]:
    """Where this user is logged in now, the last used first."""
    wanted = select(Session).where(Session.user_id == user.id, *_holds(now()))
    return db.session.scalars(wanted.order_by(Session.seen_at.desc(), Session.id.desc())).all()


def unended_sessions_of(user: User) -> Sequence[Session]:
    return db.session.scalars(select(Session).where(Session.user_id == user.id, Session.ended_at.is_(None))).all()


def own_session(user: User, session_id: int) -> Session:
    """Errors: `NotFound` when there is none, or it is somebody else's."""
    return the_row(select(Session).where(Session.id == session_id, Session.user_id == user.id))


def passkeys_of(user: User) -> Sequence[Passkey]:
    """Oldest first."""
    return db.session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)).all()


def passkey_with(credential_id: bytes) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def own_passkey(user: User, passkey_id: int) -> Passkey:
    """Errors: `NotFound` when there is none, or it is somebody else's."""
    return the_row(select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == user.id))


def codes_of(user: User) -> Sequence[RecoveryCode]:
    """The recovery codes, used ones too."""
    return db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id)).all()


def unused_code(user: User, code_hash: str) -> RecoveryCode | None:
    wanted = select(RecoveryCode).where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == code_hash)
    return db.session.scalar(wanted.where(RecoveryCode.used_at.is_(None)))


def roles_of(user: User) -> Sequence[Membership]:
    """All that the user is and was, with the corporations; an invitation is nothing yet."""
    wanted = select(Membership).where(Membership.user_id == user.id, Membership.invited_as.is_(None))
    return db.session.scalars(wanted.options(selectinload(Membership.corporation)).order_by(Membership.id)).all()


def demo_users_that_can_log_in() -> Sequence[str]:
    """Their addresses."""
    able = select(User.email).where(User.is_demo, User.is_active, User.password_hash.is_not(None))
    return db.session.scalars(able.order_by(User.id)).all()


def _holds(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """A session holds until it is ended, is not used for a while, or is too old."""
    config: Config = current_app.config["WEDERDIENST"]
    return (
        Session.ended_at.is_(None),
        Session.seen_at > at - timedelta(minutes=config.session_idle_minutes),
        Session.made_at > at - timedelta(hours=config.session_hours),
    )
