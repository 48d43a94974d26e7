"""Reads of settlements, and of what became of people after a project: each from what somebody may see or do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import Corporation, User
from app.accounts.permissions import Permission
from app.closing.models import AfterProject, Became, Settlement, SettlementState
from app.contracts.agreement import end_in_force
from app.contracts.models import Amendment, Contract
from app.contracts.queries import NAMES, WHOLE, ids_visible_to, visible_to
from app.contributions.models import Contribution, Placement
from app.extensions import db
from app.rules.dates import add_months
from app.rules.dossier import Status
from app.rules.small_groups import Shown, shown
from app.web.listing import Choice, Listing, Offer, a_number, by_word, one_of, page_of_rows
from app.web.rows import the_row

MONTHS_AFTER = 3
"""How long after a project somebody is asked what became of a person."""
CLAMPED = timedelta(days=3)
"""Three months back from 28 February is 28 November, while three months after 30 November is 28 February."""
RECORDED, ALL = "recorded", "all"
STANDING = (SettlementState.PROPOSED, SettlementState.SETTLED)
OFFER = Offer(("due", "contract", "supplier"), {"state": one_of(RECORDED, ALL), "contract": a_number})
EXCUSED_BY = (joinedload(Contract.excused_by), joinedload(Contract.excused_approved_by))


@dataclass(frozen=True, slots=True)
class Ended:
    """A placement that ended, and on which day, and what is known of its person since."""

    version: Placement
    ended_on: date
    known: AfterProject | None

    @property
    def asked_from(self) -> date:
        """From this day on it can be asked what became of the person."""
        return add_months(self.ended_on, MONTHS_AFTER)


def contract_seen_by(user: User, contract_id: int) -> Contract:
    """A contract with what the page of its settlement shows. Errors: NotFound."""
    wanted = visible_to(user).where(Contract.id == contract_id)
    return the_row(wanted.options(*NAMES, *WHOLE, *EXCUSED_BY))


def contract_to_settle(contract_id: int, user: User) -> Contract:
    """A contract that `user` may close, whole. Errors: NotFound."""
    mine = visible_to(user, Permission.SETTLE).where(Contract.id == contract_id)
    return the_row(mine.options(*NAMES, *WHOLE, *EXCUSED_BY))


def settlements_of(contract: Contract) -> Sequence[Settlement]:
    """All settlements of a contract, the newest first, with who did what."""
    people = (Settlement.proposed_by, Settlement.confirmed_by, Settlement.withdrawn_by)
    wanted = select(Settlement).where(Settlement.contract_id == contract.id)
    return db.session.scalars(
        wanted.options(*(joinedload(each) for each in people)).order_by(Settlement.id.desc())
    ).all()


def standing_settlement(contract: Contract) -> Settlement | None:
    """The one that was proposed or confirmed and not withdrawn."""
    return db.session.scalar(
        select(Settlement)
        .where(Settlement.contract_id == contract.id, Settlement.state.in_(STANDING))
        .options(joinedload(Settlement.proposed_by), joinedload(Settlement.confirmed_by))
    )


def placement_to_ask_about(contribution_id: int, user: User) -> Ended:
    """The approved version of a placement on a contract where `user` enters contributions, else that version itself.

    Errors: NotFound, also for an activity.
    """
    entered = Contribution.contract_id.in_(ids_visible_to(user, Permission.ENTER_CONTRIBUTIONS))
    asked = the_row(select(Placement).where(Placement.id == contribution_id, entered))
    same = (Placement.contract_id == asked.contract_id, Placement.reference == asked.reference)
    found = db.session.scalar(_whole(select(Placement).where(*same, Placement.status == Status.APPROVED)))
    version = found or the_row(_whole(select(Placement).where(Placement.id == contribution_id)))
    known = select(AfterProject).where(
        AfterProject.contract_id == version.contract_id, AfterProject.reference == version.reference
    )
    return Ended(version, ended_on(version), db.session.scalar(known.options(joinedload(AfterProject.recorded_by))))


def ended_on(placement: Placement) -> date:
    """The last day of a placement on its contract: its own, or that of the contract with its amendments."""
    end = end_in_force(placement.contract)
    return min(placement.ends_on or end, end)


def people_to_ask_about(user: User, choice: Choice, on: date) -> Listing[Ended]:
    """The page of the placements that ended at least three months before `on`, on contracts where `user` enters."""
    asked = choice["state"]
    rows = [each for each in _ended_by(user, on) if asked == ALL or (each.known is not None) == (asked == RECORDED)]
    contracts = {str(each.version.contract_id): each.version.contract.number for each in rows}
    found = [each for each in rows if _is_found(each, choice)]
    key = partial(_key, choice.sort)
    return page_of_rows(found, choice, key, contract=by_word(contracts))


def after_projects_in(corporation: Corporation, year: int) -> Shown[Became]:
    """What became of the people of a corporation's contracts, as asked in a year: each person once, by the last answer.

    Small groups are kept back (app/rules/small_groups.py).
    """
    wanted = (
        select(AfterProject.person_id, AfterProject.became)
        .join(AfterProject.contract)
        .where(Contract.corporation_id == corporation.id)
        .where(AfterProject.asked_on.between(date(year, 1, 1), date(year, 12, 31)))
        .order_by(AfterProject.asked_on, AfterProject.id)
    )
    last = {person_id: became for person_id, became in db.session.execute(wanted)}
    counted = Counter(last.values())
    return shown({each: counted[each] for each in Became}, nobody_tells=True)


def _ended_by(user: User, on: date) -> list[Ended]:
    """In a constant number of statements."""
    latest = add_months(on, -MONTHS_AFTER) + CLAMPED
    moved_back = exists().where(Amendment.contract_id == Contract.id, Amendment.new_end <= latest)
    wanted = select(Placement).where(
        Contribution.contract_id.in_(ids_visible_to(user, Permission.ENTER_CONTRIBUTIONS)),
        Placement.status == Status.APPROVED,
        or_(Placement.ends_on <= latest, Contract.ends_on <= latest, moved_back),
    )
    versions = db.session.scalars(_whole(wanted)).all()
    known = _known(versions)
    ended = (Ended(each, ended_on(each), known.get((each.contract_id, each.reference))) for each in versions)
    return [each for each in ended if each.asked_from <= on]


def _known(versions: Sequence[Placement]) -> Mapping[tuple[int, str], AfterProject]:
    ids = {each.contract_id for each in versions}
    rows = db.session.scalars(select(AfterProject).where(AfterProject.contract_id.in_(ids)))
    return {(row.contract_id, row.reference): row for row in rows}


def _whole(wanted: Select[Placement]) -> Select[Placement]:
    of_contract = contains_eager(Placement.contract)
    return wanted.join(Placement.contract).options(
        of_contract.options(*NAMES, joinedload(Contract.rate_table), selectinload(Contract.amendments)),
        joinedload(Placement.person),
    )


def _is_found(row: Ended, choice: Choice) -> bool:
    contract = row.version.contract
    if choice["contract"] not in ("", str(contract.id)):
        return False
    return choice.finds(row.version.reference, contract.number, contract.title, contract.supplier_record.name)


def _key(sort: str, row: Ended) -> tuple[str, str, int]:
    contract = row.version.contract
    by = {"contract": contract.number.casefold(), "supplier": contract.supplier_record.name.casefold()}
    return by.get(sort, ""), row.ended_on.isoformat(), row.version.id
