"""What waits for a supplier: rejections, drafts, missing evidence, reports to hand in, certificates that end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.confirmations.queries import supported
from app.contracts.models import Contract
from app.contributions.models import Contribution
from app.extensions import db
from app.home.queries import Card
from app.planning.reporting import Due, open_periods
from app.portfolio.attention import Lapsing, attention_to
from app.rules.dossier import Status
from app.web.words import label

SHOWN = 5
"""How many of a kind stand there by themselves; of the others their number."""
ASKING = (Status.REJECTED, Status.DRAFT, Status.SUBMITTED)


@dataclass(frozen=True, slots=True)
class Item:
    """The newest version of a contribution, its contract, and what its block is called."""

    version: Contribution
    contract: Contract
    block: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """By what is asked; `contracts` are the ids of the contracts on which something is."""

    rejected: Sequence[Item]
    drafts: Sequence[Item]
    unproven: Sequence[Item]
    reports: Sequence[Due]
    certificates: Sequence[Lapsing]

    @property
    def contracts_with_drafts(self) -> Sequence[Contract]:
        """The contracts on which several drafts wait."""
        drafts = Counter(item.contract for item in self.drafts)
        return [contract for contract, number in drafts.items() if number > 1]

    @property
    def contracts(self) -> frozenset[int]:
        items = {item.contract.id for item in (*self.rejected, *self.drafts, *self.unproven)}
        lapsing = {row.contract.id for each in self.certificates for row in each.rows}
        return frozenset(items | {due.contract.id for due in self.reports} | lapsing)

    def __bool__(self) -> bool:
        return bool(self.contracts)


def waiting_for(cards: Sequence[Card], on: date) -> Waiting:
    """What waits on these contracts, in a constant number of statements."""
    items = _newest(cards)
    submitted = [each for each in items if each.version.status is Status.SUBMITTED]
    proven = supported([each.version.id for each in submitted])
    return Waiting(
        rejected=[each for each in items if each.version.status is Status.REJECTED],
        drafts=[each for each in items if each.version.status is Status.DRAFT],
        unproven=[each for each in submitted if each.version.id not in proven],
        reports=open_periods([card.row.contract for card in cards], on),
        certificates=attention_to([card.row for card in cards], on).lapsing,
    )


def _newest(cards: Sequence[Card]) -> list[Item]:
    """The contributions of which the newest version asks for something, the latest first."""
    by_contract = {card.row.contract.id: card for card in cards}
    later = aliased(Contribution.__table__)
    is_later = (later.c.reference == Contribution.reference) & (later.c.version > Contribution.version)
    wanted = select(Contribution).where(
        Contribution.contract_id.in_(by_contract),
        Contribution.status.in_(ASKING),
        ~exists().where(later.c.contract_id == Contribution.contract_id, is_later),
    )
    found = db.session.scalars(wanted.order_by(Contribution.entered_at.desc(), Contribution.id.desc()))
    return [_item(each, by_contract[each.contract_id]) for each in found]


def _item(version: Contribution, card: Card) -> Item:
    return Item(version, card.row.contract, label(card.dossier.rate_table.block(version.block)))
