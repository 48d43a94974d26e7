"""The list of certificates as its address asks for it, a page at a time out of the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, select

from app.accounts.models import User
from app.accounts.permissions import Permission
from app.extensions import db
from app.rules.ladder import LEVELS, THIRTY_PLUS, Level
from app.suppliers.models import Certificate, CertificateScope, Supplier, SupplierRecord
from app.suppliers.queries import WHOLE, certificates_visible_to, visible_to
from app.suppliers.validity import SOON, Validity
from app.web.listing import Choice, Listing, Offer, Order, a_text, by_word, mentions, one_of, page_of_records
from app.web.words import word

RANK = case({level: rank for rank, level in enumerate(LEVELS)}, value=Certificate.level)
SORTS: Mapping[str, Order] = {
    "until": (Certificate.valid_until, Certificate.id),
    "from": (Certificate.valid_from, Certificate.id),
    "number": (func.lower(Certificate.number), Certificate.valid_from, Certificate.id),
    "level": (RANK, Certificate.thirty_plus, Certificate.id),
    "checked": (Certificate.checked_on, Certificate.id),
}
OFFER = Offer(
    SORTS,
    {"state": one_of(*Validity), "level": one_of(*Level, THIRTY_PLUS), "supplier": a_text},
    begins_descending=True,
)


def certificates_listed(user: User, choice: Choice, on: date) -> Listing[Certificate]:
    """The page of certificates that is asked, in a constant number of statements."""
    wanted = certificates_visible_to(user).where(*map(_mentions, choice.words))
    if choice["state"]:
        wanted = wanted.where(_stands(Validity(choice["state"]), on))
    if choice["level"] == THIRTY_PLUS:
        wanted = wanted.where(Certificate.thirty_plus)
    elif choice["level"]:
        wanted = wanted.where(Certificate.level == Level(choice["level"]))
    if choice["supplier"]:
        wanted = wanted.where(Certificate.scope.any(CertificateScope.kvk == choice["supplier"]))
    records = db.session.scalars(visible_to(user)).all()
    names = by_word({row.supplier.kvk: row.name for row in records})
    levels = [*((level.value, word(level)) for level in Level), (THIRTY_PLUS, THIRTY_PLUS)]
    return page_of_records(wanted.options(*WHOLE), choice, SORTS[choice.sort], supplier=names, level=levels)


def number_to_check(user: User, on: date) -> int:
    """How many certificates `user` may edit, and nobody has looked up in the public register yet."""
    mine = certificates_visible_to(user, Permission.EDIT_CONTRACTS).where(_stands(Validity.NOT_CHECKED, on))
    return db.session.scalars(select(func.count()).select_from(mine.subquery())).one()


def _mentions(word: str) -> ColumnElement[bool]:
    """Whether the number, a company's KvK number or what the corporation calls the company has this word in it."""
    named = (
        select(CertificateScope.kvk)
        .join(Supplier, Supplier.kvk == CertificateScope.kvk)
        .join(SupplierRecord, SupplierRecord.supplier_id == Supplier.id)
        .where(CertificateScope.certificate_id == Certificate.id)
        .where(SupplierRecord.corporation_id == Certificate.corporation_id, mentions(word, SupplierRecord.name))
    )
    covers = Certificate.scope.any(mentions(word, CertificateScope.kvk))
    return mentions(word, Certificate.number) | covers | named.exists()


def _stands(state: Validity, on: date) -> ColumnElement[bool]:
    """The same as `validity_of`, in the database's words."""
    withdrawn = and_(Certificate.withdrawn_on.is_not(None), Certificate.withdrawn_on <= on)
    ended = Certificate.valid_until < on
    unchecked = Certificate.checked_on.is_(None)
    to_come = Certificate.valid_from > on
    soon = Certificate.valid_until <= on + SOON
    tests = {
        Validity.WITHDRAWN: [withdrawn],
        Validity.ENDED: [~withdrawn, ended],
        Validity.NOT_CHECKED: [~withdrawn, ~ended, unchecked],
        Validity.TO_COME: [~withdrawn, ~ended, ~unchecked, to_come],
        Validity.ENDS_SOON: [~withdrawn, ~ended, ~unchecked, ~to_come, soon],
        Validity.VALID: [~withdrawn, ~ended, ~unchecked, ~to_come, ~soon],
    }
    return and_(*tests[state])
