"""What a final statement adds to a contract's: how the contract was settled, and by which two people.

`settlement.json` is attached beside facts and figures. Its amounts follow from these two and the last instalment, and
are reckoned again by whoever reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from app.closing.models import Settlement
from app.rules import Assessment, Dossier
from app.rules.closing import Outcome, settle
from app.rules.dossier_json import canonical
from app.rules.errors import RuleError
from app.statements.people import role_of
from app.web.clock import HERE
from app.web.errors import Invalid

SCHEMA = "settlement/1"
SETTLEMENT = "settlement.json"
AMOUNTS = ("shortfall_cents", "penalty_cents", "deducted_cents", "claimed_cents")


@dataclass(frozen=True, slots=True)
class Decided:
    """In which role somebody decided something, and on which day in the Netherlands."""

    role: str
    on: date

    def to_json(self) -> dict[str, str]:
        return {"as": self.role, "on": self.on.isoformat()}

    @classmethod
    def from_json(cls, document: Any) -> Decided:
        """Errors: KeyError, TypeError or ValueError."""
        role = document["as"]
        if not isinstance(role, str) or set(document) != {"as", "on"}:
            raise ValueError("not a decision")
        return cls(role, date.fromisoformat(document["on"]))


@dataclass(frozen=True, slots=True)
class Final:
    """How a contract ended. `instalment_cents` is None when no penalty had to be deducted; amounts are euro cents.

    `excuse` is who proposed and who agreed that the supplier is not to blame, if so.
    """

    instalment_cents: int | None
    outcome: Outcome
    is_excused: bool
    proposed: Decided
    confirmed: Decided
    excuse: tuple[Decided, Decided] | None = None


def settlement_json(settlement: Settlement) -> bytes:
    """The document of a settlement that two people decided."""
    contract = settlement.contract
    corporation_id = contract.corporation_id
    assert settlement.confirmed_by is not None and settlement.confirmed_at is not None
    excuse = None
    if settlement.is_excused:
        pairs = (
            (contract.excused_by, contract.excused_at),
            (contract.excused_approved_by, contract.excused_approved_at),
        )
        excuse = [
            Decided(role_of(user, corporation_id) if user else "", at.astimezone(HERE).date()).to_json()
            for user, at in pairs
            if at is not None
        ]
    proposed = Decided(role_of(settlement.proposed_by, corporation_id), settlement.proposed_at.astimezone(HERE).date())
    confirmed = Decided(
        role_of(settlement.confirmed_by, corporation_id), settlement.confirmed_at.astimezone(HERE).date()
    )
    return canonical(
        {"schema": SCHEMA, "instalment_cents": settlement.instalment_cents, "is_excused": settlement.is_excused}
        | {name: getattr(settlement, name) for name in AMOUNTS}
        | {"proposed": proposed.to_json(), "confirmed": confirmed.to_json(), "excuse": excuse}
    )


def read_settlement(document: Mapping[str, Any], dossier: Dossier, figures: Assessment) -> Final:
    """What the document says, when facts and figures come to the same.

    Errors: Invalid `statement_attachment_unreadable`, `statement_settlement_differs`.
    """
    try:
        if document["schema"] != SCHEMA:
            raise ValueError("another schema")
        instalment = document["instalment_cents"]
        if instalment is not None and type(instalment) is not int:
            raise ValueError("no amount")
        excuse = document["excuse"]
        decided = None if excuse is None else tuple(map(Decided.from_json, excuse))
        final = Final(
            instalment,
            settle(dossier, figures, instalment),
            bool(document["is_excused"]),
            Decided.from_json(document["proposed"]),
            Decided.from_json(document["confirmed"]),
            decided if decided is None else (decided[0], decided[1]),
        )
        amounts = {name: document[name] for name in AMOUNTS}
        if set(document) != {*AMOUNTS, "schema", "instalment_cents", "is_excused", "proposed", "confirmed", "excuse"}:
            raise ValueError("another settlement")
        if not figures.on <= final.proposed.on <= final.confirmed.on:
            raise ValueError("decided before it could be")
    except RuleError:
        raise Invalid("statement_settlement_differs") from None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):
        raise Invalid("statement_attachment_unreadable", name=SETTLEMENT) from None
    reckoned = {name: value for name, value in asdict(final.outcome).items() if name in AMOUNTS}
    if amounts != reckoned or final.is_excused != bool(dossier.terms.excused):
        raise Invalid("statement_settlement_differs")
    return final
