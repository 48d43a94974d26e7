"""What a row says of a contribution, over the versions that are there: which of them changes, which new one is made.

A contribution is known by contract and reference. The same facts in the same state change nothing. Other facts become a
new version; an approved version that the row does not replace counts on. A row that says draft or submitted takes
nothing back that was judged in the product: then it warns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto

from app.assessments.queries import facts_of
from app.contracts.models import Contract
from app.contributions.models import Activity, ApprovedHow, Contribution, Person, Placement
from app.rules import dossier as facts
from app.rules.dossier import WAITING, Status
from app.web.errors import Invalid
from app.web.words import CONTRIBUTIONS

JUDGED = (Status.APPROVED, Status.REJECTED)

Said = facts.Placement | facts.Activity


class Deed(Enum):
    """What becomes of a contribution: nothing, a new state or new facts of a version, a new version."""

    NOTHING = auto()
    NEW_STATE = auto()
    NEW_FACTS = auto()
    NEW_VERSION = auto()


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: with which version, which others to withdraw first, and what the importer should know of it."""

    deed: Deed
    version: Contribution | None = None
    withdraw: tuple[Contribution, ...] = ()
    warning: Invalid | None = None


@dataclass(frozen=True, slots=True)
class Importer:
    """Who imports, and when; None: the command line."""

    user_id: int | None
    at: datetime


def plan(said: Said, person: Person | None, versions: Sequence[Contribution], importer: Importer) -> Plan:
    """What a row does to the versions of its contribution (the newest first)."""
    approved, waiting = _in(versions, (Status.APPROVED,)), _in(versions, WAITING)
    newest = versions[0] if versions else None
    same = [version for version in (waiting, approved, newest) if version and _is_same(version, said, person)]
    if any(version.status is said.status for version in same):
        return Plan(Deed.NOTHING)
    if same and said.status in WAITING and not (same[0] is waiting and said.status is Status.SUBMITTED):
        stays = Invalid("state_stays", status=CONTRIBUTIONS[same[0].status].word)
        return Plan(Deed.NOTHING, same[0], warning=stays)
    replaced = (approved,) if approved and said.status in JUDGED else ()
    if waiting and waiting in same:
        return Plan(Deed.NEW_STATE, waiting, replaced)
    if waiting and waiting.status is Status.DRAFT and waiting.entered_by_id == importer.user_id:
        return Plan(Deed.NEW_FACTS, waiting, replaced)
    if not waiting:
        return Plan(Deed.NEW_VERSION, approved or newest, replaced)
    made_way = Invalid("waiting_withdrawn", version=waiting.version)
    return Plan(Deed.NEW_VERSION, waiting, (*replaced, waiting), made_way)


def withdraw(version: Contribution, importer: Importer) -> None:
    version.status = Status.WITHDRAWN
    version.withdrawn_by_id, version.withdrawn_at = importer.user_id, importer.at


def new_version(
    contract: Contract, said: Said, versions: Sequence[Contribution], replaces: Contribution | None
) -> Contribution:
    """A version without facts and state yet."""
    make = Placement if isinstance(said, facts.Placement) else Activity
    number = versions[0].version + 1 if versions else 1
    return make(contract=contract, reference=said.reference, version=number, replaces=replaces)


def enter_facts(version: Contribution, said: Said, person: Person | None, importer: Importer) -> None:
    """Let a version hold what the row says."""
    version.entered_by_id, version.entered_at = importer.user_id, importer.at
    if isinstance(version, Placement) and isinstance(said, facts.Placement) and person:
        version.records(said, person)
    elif isinstance(version, Activity) and isinstance(said, facts.Activity):
        version.records(said)


def enter_state(version: Contribution, status: Status, importer: Importer) -> None:
    """Bring a version into a state, as the importer's act."""
    version.status = status
    if status is not Status.DRAFT:
        version.submitted_at = version.submitted_at or importer.at
    if status is Status.APPROVED:
        version.approved_by_id, version.approved_at = importer.user_id, importer.at
        version.approved_how = ApprovedHow.IMPORT
    if status is Status.REJECTED:
        version.rejected_by_id, version.rejected_at = importer.user_id, importer.at


def _in(versions: Sequence[Contribution], states: tuple[Status, ...]) -> Contribution | None:
    return next((version for version in versions if version.status in states), None)


def _is_same(version: Contribution, said: Said, person: Person | None) -> bool:
    """Whether a version holds what the row says, apart from its state."""
    known = replace(facts_of(version), approval=None, status=said.status)
    if isinstance(known, facts.Placement) and isinstance(said, facts.Placement):
        # A person who is new has no id yet, and is no person of a version that is there.
        return known == replace(said, person=str(person.id) if person and person.id else "")
    return known == said
