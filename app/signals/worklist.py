"""The worklist as its address asks for it, and how the work is spread over project leaders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.accounts.models import User
from app.signals.kinds import Kind
from app.signals.queries import Found
from app.signals.words import TITLES
from app.web.listing import Choice, Listing, Offer, a_text, by_word, one_of, page_of_rows

NOBODY = "none"
"""The choice of contracts without a project leader."""
RESTING, CLOSED = "resting", "closed"
KINDS = list(Kind)


def _place(each: Found) -> tuple[Any, ...]:
    return each.contract.number, each.contract.id, KINDS.index(each.signal.kind), each.signal.subject


SORTS: Mapping[str, Callable[[Found], Any]] = {
    "risk": lambda each: (each.signal.cents, *_place(each)),
    "number": _place,
    "supplier": lambda each: (each.contract.supplier_record.name.casefold(), *_place(each)),
    "since": lambda each: (each.since, *_place(each)),
}
OFFER = Offer(
    SORTS,
    {"kind": one_of(*Kind), "leader": a_text, "supplier": a_text, "state": one_of(RESTING, CLOSED)},
    begins_descending=True,
)


@dataclass(frozen=True, slots=True)
class Load:
    """What is on the plate of one project leader (None: of nobody).

    `cents` counts the largest signal of each contract: several are often about the same euro.
    """

    leader: User | None
    signals: int
    contracts: int
    cents: int

    @property
    def choice(self) -> str:
        return str(self.leader.id) if self.leader else NOBODY


def listing_of(found: Sequence[Found], choice: Choice) -> Listing[Found]:
    """The page of these that is asked, and what there is to choose from among them."""
    contracts = [each.contract for each in found]
    leaders = {str(who.id): who.name for each in contracts if (who := each.project_leader)}
    kinds = {each.signal.kind for each in found}
    return page_of_rows(
        (each for each in found if _is_asked(each, choice)),
        choice,
        SORTS[choice.sort],
        kind=[(kind.value, str(TITLES[kind])) for kind in KINDS if kind in kinds],
        supplier=by_word({each.supplier.kvk: each.supplier_record.name for each in contracts}),
        leader=[*by_word(leaders), (NOBODY, _("Without a project leader"))] if leaders else [],
        state=[(RESTING, _("Resting")), (CLOSED, _("Closed"))],
    )


def loads_of(found: Iterable[Found]) -> list[Load]:
    """How the open ones are spread, the most euro first."""
    by_leader: dict[int | None, list[Found]] = {}
    for each in found:
        if each.is_open:
            by_leader.setdefault(each.contract.project_leader_id, []).append(each)
    loads = [_load(signals) for signals in by_leader.values()]
    return sorted(loads, key=lambda load: (-load.cents, load.leader.name if load.leader else ""))


def at_risk(found: Iterable[Found]) -> int:
    """The euro (in cents) at risk together: of each contract its largest signal."""
    largest: dict[int, int] = {}
    for each in found:
        largest[each.contract.id] = max(each.signal.cents, largest.get(each.contract.id, 0))
    return sum(largest.values())


def _load(signals: Sequence[Found]) -> Load:
    contracts = {each.contract.id for each in signals}
    return Load(signals[0].contract.project_leader, len(signals), len(contracts), at_risk(signals))


def _is_asked(each: Found, choice: Choice) -> bool:
    contract = each.contract
    return (
        choice.finds(contract.number, contract.title, contract.supplier_record.name, contract.supplier.kvk)
        and choice["kind"] in ("", each.signal.kind)
        and choice["supplier"] in ("", contract.supplier.kvk)
        and choice["leader"] in ("", str(contract.project_leader_id or NOBODY))
        and _is_in_state(each, choice["state"])
    )


def _is_in_state(each: Found, state: str) -> bool:
    return {RESTING: each.rests, CLOSED: each.is_closed}.get(state, each.is_open)
