"""What was agreed in a contract, as a form or a row of a workbook says it: by codes and numbers, not yet by rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from app.contracts.models import Amendment, Contract
from app.rules import dossier as facts
from app.rules.dossier import Terms
from app.schemes.models import Policy, RateTable
from app.suppliers.models import Supplier

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A contract: its terms, the ids of its table and its policy, the e-mail address of its project leader."""

    terms: Terms
    rate_table: str
    policy: str
    project_leader: str | None

    def columns(
        self, supplier: Supplier, rate_table: RateTable, policy: Policy, project_leader_id: int | None
    ) -> dict[str, Any]:
        """The columns of the contract's row, with the rows that the codes and numbers stand for."""
        terms = self.terms
        return {
            "number": terms.number,
            "title": terms.title,
            "supplier": supplier,
            "kind": terms.kind,
            "published_on": terms.published_on,
            "awarded_on": terms.awarded_on,
            "starts_on": terms.starts_on,
            "ends_on": terms.ends_on,
            "contract_sum_cents": terms.contract_sum_cents,
            "base": terms.base,
            "base_amount_cents": terms.base_amount_cents,
            "percentage": terms.percentage,
            "rate_table": rate_table,
            "policy": policy,
            "activity_cap": terms.activity_cap,
            "project_leader_id": project_leader_id,
        }


class Change(StrEnum):
    """What an amendment is to people."""

    EXTRA = "extra"
    LESS = "less"
    EXTENSION = "extension"
    END = "end"
    """The contract ends earlier, with the work that lapses."""


MOVING = (Change.EXTENSION, Change.END)
"""They move the end of the contract."""
LESSENING = (Change.LESS, Change.END)
"""Their amount is taken off."""


def amendment_columns(said: facts.Amendment) -> dict[str, Any]:
    return {
        "reference": said.reference,
        "effective_on": said.effective_on,
        "new_end": said.new_end,
        "amount_cents": said.amount_cents,
        "description": said.description,
    }


def amendment_like(contract: Contract, said: facts.Amendment) -> Amendment | None:
    """The amendment of that reference, or, when it has none, of that effective day."""
    if said.reference is not None:
        return next((each for each in contract.amendments if each.reference == said.reference), None)
    nameless = (each for each in contract.amendments if each.reference is None)
    return next((each for each in nameless if each.effective_on == said.effective_on), None)


def change_of(amendment: Amendment) -> Change:
    """What an amendment that is recorded is to people."""
    if amendment.new_end is None:
        return Change.LESS if amendment.amount_cents < 0 else Change.EXTRA
    end = end_in_force(amendment.contract, amendment.effective_on, but=amendment)
    return Change.END if amendment.new_end < end else Change.EXTENSION


def end_in_force(contract: Contract, on: date | None = None, *, but: Amendment | None = None) -> date:
    """The last day of a contract after the amendments that take effect by `on` (None: after all), without `but`."""
    others = [each for each in contract.amendments if each is not but and (on is None or each.effective_on <= on)]
    moves = [(each.effective_on, each.reference or "", each.new_end) for each in others if each.new_end]
    return max(moves)[2] if moves else contract.ends_on


def day_of_effect(contract: Contract, change: Change, *, but: Amendment | None = None) -> date:
    """When an extension or an end takes effect if nothing else is said.

    An extension: on the day after the end in force. An end: as early as the other amendments allow, so that what lapses
    is spread over as many days as can be.
    """
    if change is Change.EXTENSION:
        return end_in_force(contract, but=but) + ONE_DAY
    others = [each.effective_on for each in contract.amendments if each is not but]
    return max([contract.starts_on, *(day + ONE_DAY for day in others)])
