"""The facts that one assessment rests on.

A dossier holds what was recorded about one contract, and the whole table and policy that apply to it. Its JSON
(`dossier/1`, interfaces.md) is canonical: the same facts are the same bytes. Amounts are euro cents here and decimal
strings in euro there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.rules.ladder import Certificate
from app.rules.tables import Kind, Policy, RateTable

RULES = 1
"""The rule book's version. A change of any figure raises it; `assess` reckons by the version that a dossier names."""


class Base(StrEnum):
    """What the percentage is taken of."""

    CONTRACT_SUM = "contract_sum"
    WAGE_SUM = "wage_sum"
    TURNOVER = "turnover"


class Status(StrEnum):
    """Where a contribution stands between the supplier who enters it and the corporation that judges it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


WAITING = (Status.DRAFT, Status.SUBMITTED)
"""The states of what may still be approved."""
A_NEW_PERSON = "entered"
"""The number of a person whom the dossier does not have yet."""


class Programme(StrEnum):
    """By which way a person came, for the totals of the yearly programme; it changes no figure."""

    SHELTERED_WORK = "sheltered_work"
    SOCIAL_ASSISTANCE = "social_assistance"
    YOUTH = "youth"
    UWV = "uwv"
    SERVICES = "services"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Terms:
    """The contract as it was agreed. `percentage` and `activity_cap` are percents; amounts exclude VAT."""

    number: str
    title: str
    kvk: str
    starts_on: date
    ends_on: date
    contract_sum_cents: int
    percentage: Decimal
    kind: Kind | None = None
    published_on: date | None = None
    awarded_on: date | None = None
    base: Base = Base.CONTRACT_SUM
    base_amount_cents: int | None = None
    activity_cap: Decimal | None = None
    excused: bool = False

    @property
    def base_cents(self) -> int:
        """The amount that the percentage is taken of."""
        if self.base is Base.CONTRACT_SUM or self.base_amount_cents is None:
            return self.contract_sum_cents
        return self.base_amount_cents


@dataclass(frozen=True, slots=True)
class Amendment:
    """A dated change of the contract's sum (negative for less work), of its end, or of both."""

    effective_on: date
    amount_cents: int
    new_end: date | None = None
    reference: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours a week from a day on."""

    starts_on: date
    a_week: Decimal


@dataclass(frozen=True, slots=True)
class Approval:
    """When and how a contribution was approved; shown on paper, changes no figure."""

    on: date
    how: str


@dataclass(frozen=True, slots=True)
class Placement:
    """A person of the target group who works or trains on the contract. `share` is the percent of this contract."""

    reference: str
    person: str
    block: str
    starts_on: date
    hours: tuple[Hours, ...]
    status: Status
    ends_on: date | None = None
    bonuses: tuple[str, ...] = ()
    share: Decimal = Decimal(100)
    subsidy_until: date | None = None
    employer: str = ""
    programme: Programme = Programme.OTHER
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Activity:
    """Any other contribution: an invoice or an agreed amount, or a quantity of hours or days."""

    reference: str
    block: str
    on: date
    status: Status
    amount_cents: int | None = None
    quantity: Decimal | None = None
    description: str = ""
    approval: Approval | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Whose contract it is: the corporation that awarded it and the supplier's name in its books."""

    corporation: str
    corporation_name: str = ""
    supplier_name: str = ""


@dataclass(frozen=True, slots=True)
class Dossier:
    """All facts of one contract; `recorded_at` is an instant in ISO 8601, UTC, and changes no figure."""

    parties: Parties
    terms: Terms
    rate_table: RateTable
    policy: Policy
    amendments: tuple[Amendment, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    placements: tuple[Placement, ...] = ()
    activities: tuple[Activity, ...] = ()
    recorded_at: str = ""
    rules: int = field(default=RULES)


def with_numbered_persons(placements: Iterable[Placement]) -> tuple[Placement, ...]:
    """Placements in the order of their reference, each person known by a number in order of first appearance."""
    numbers: dict[str, str] = {}
    ordered = sorted(placements, key=lambda placement: placement.reference)
    return tuple(replace(each, person=numbers.setdefault(each.person, str(len(numbers) + 1))) for each in ordered)


def with_approved(dossier: Dossier, entered: Placement | Activity, same_person: Collection[str]) -> Dossier:
    """The dossier with `entered` approved in it, instead of another version of the same reference.

    `same_person` are the references of the person's placements on the contract.
    """
    placements = [each for each in dossier.placements if each.reference != entered.reference]
    activities = [each for each in dossier.activities if each.reference != entered.reference]
    if isinstance(entered, Placement):
        person = next((each.person for each in dossier.placements if each.reference in same_person), A_NEW_PERSON)
        placements.append(replace(entered, person=person, status=Status.APPROVED))
    else:
        activities.append(replace(entered, status=Status.APPROVED))
    return replace(dossier, placements=tuple(placements), activities=tuple(activities))
