"""Reads of questions to the other side and their answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Membership, User
from app.accounts.permissions import Permission
from app.accounts.service import token_hash
from app.confirmations.models import Answer, Confirmation
from app.contracts.models import Contract
from app.contracts.queries import ids_visible_to
from app.contributions.models import Contribution
from app.contributions.queries import OF_CONTRACT
from app.evidence import queries as evidence
from app.extensions import db
from app.suppliers.models import SupplierRecord
from app.web.clock import now
from app.web.rows import the_row


def open_question(link: str) -> Confirmation | None:
    """The question of a link with what its page shows; None when it is unknown, answered or too old."""
    found = db.session.scalar(_whole().where(Confirmation.token_hash == token_hash(link)))
    return found if found is not None and found.is_open(now()) else None


def question_of(user: User, confirmation_id: int) -> Confirmation:
    """A question about a contribution that `user` may enter. Errors: NotFound."""
    mine = Contribution.contract_id.in_(ids_visible_to(user, Permission.ENTER_CONTRIBUTIONS))
    return the_row(_whole().where(Confirmation.id == confirmation_id, mine))


def of_contribution(version: Contribution) -> Sequence[Confirmation]:
    """What was asked about any version of the same contribution, the newest first. One statement."""
    same = (Contribution.contract_id == version.contract_id, Contribution.reference == version.reference)
    rows = _with_version().where(*same).options(joinedload(Confirmation.asked_by))
    return db.session.scalars(rows.order_by(Confirmation.id.desc())).all()


def of_contracts(contract_ids: Collection[int]) -> Mapping[int, Sequence[Confirmation]]:
    """By contract what was asked about its contributions, the newest first; contracts without left out.

    One statement. Not scoped: the caller has these contracts from a scoped query.
    """
    rows = _with_version().where(Contribution.contract_id.in_(contract_ids)).order_by(Confirmation.id.desc())
    found: dict[int, list[Confirmation]] = {}
    for row in db.session.scalars(rows):
        found.setdefault(row.contribution.contract_id, []).append(row)
    return found


def of_contract(contract_id: int) -> Sequence[Confirmation]:
    """The same of one contract."""
    return of_contracts([contract_id]).get(contract_id, ())


def confirmed(contribution_ids: Collection[int]) -> frozenset[int]:
    """Those of these versions to which the other side said yes; a yes to an earlier version does not count."""
    rows = select(Confirmation.contribution_id).where(Confirmation.contribution_id.in_(contribution_ids))
    return frozenset(db.session.scalars(rows.where(Confirmation.answer == Answer.YES)))


def supported(contribution_ids: Collection[int]) -> frozenset[int]:
    """Those of these versions that something shows: a file, a visit, a telephone check, or a yes to that very one."""
    return evidence.with_evidence(contribution_ids) | confirmed(contribution_ids)


def open_questions(version: Contribution) -> Sequence[Confirmation]:
    """What was asked about this version and can still be answered."""
    rows = select(Confirmation).where(Confirmation.contribution_id == version.id, Confirmation.answer.is_(None))
    return db.session.scalars(rows.where(Confirmation.expires_at > now())).all()


def is_of_supplier(contract: Contract, email: str) -> bool:
    """Whether an address is that of the contract's supplier, or of somebody who logs in for it."""
    of_both = (Membership.corporation_id == contract.corporation_id, Membership.supplier_id == contract.supplier_id)
    person = exists().where(User.email == email, Membership.user_id == User.id, *of_both)
    company = exists().where(
        SupplierRecord.corporation_id == contract.corporation_id,
        SupplierRecord.supplier_id == contract.supplier_id,
        func.lower(SupplierRecord.email) == email,
    )
    return bool(db.session.scalar(select(or_(person, company))))


def _with_version() -> Select[Confirmation]:
    return select(Confirmation).join(Confirmation.contribution).options(contains_eager(Confirmation.contribution))


def _whole() -> Select[Confirmation]:
    """With the version and its contract."""
    contract = contains_eager(Confirmation.contribution).joinedload(Contribution.contract)
    return select(Confirmation).join(Confirmation.contribution).options(contract.options(*OF_CONTRACT))
