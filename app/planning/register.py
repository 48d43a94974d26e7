"""The list of contracts on which a report is due, as its address asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from app.planning.periods import ReportState
from app.planning.reporting import Due
from app.web.listing import Choice, Listing, Offer, a_text, by_word, one_of, page_of_rows

NOBODY = "none"
"""The choice of contracts without a project leader."""
SORTS: Mapping[str, Callable[[Due], Any]] = {
    "late": lambda due: (due.oldest.days.last, due.contract.number, due.contract.id),
    "number": lambda due: (due.contract.number, due.contract.id),
    "supplier": lambda due: (due.contract.supplier_record.name.casefold(), due.contract.number, due.contract.id),
    "periods": lambda due: (len(due.periods), due.contract.number, due.contract.id),
}
OFFER = Offer(SORTS, {"state": one_of(ReportState.DUE, ReportState.OVERDUE), "supplier": a_text, "leader": a_text})


def listing_of(found: Sequence[Due], choice: Choice) -> Listing[Due]:
    """The page of these that is asked, and what there is to choose from among them."""
    contracts = [due.contract for due in found]
    leaders = {str(who.id): who.name for each in contracts if (who := each.project_leader)}
    return page_of_rows(
        (due for due in found if _is_asked(due, choice)),
        choice,
        SORTS[choice.sort],
        supplier=by_word({each.supplier.kvk: each.supplier_record.name for each in contracts}),
        leader=[*by_word(leaders), (NOBODY, _("Without a project leader"))] if leaders else [],
    )


def _is_asked(due: Due, choice: Choice) -> bool:
    contract = due.contract
    return (
        choice.finds(contract.number, contract.title, contract.supplier_record.name, contract.supplier.kvk)
        and choice["state"] in ("", due.oldest.state)
        and choice["supplier"] in ("", contract.supplier.kvk)
        and choice["leader"] in ("", str(contract.project_leader_id or NOBODY))
    )
