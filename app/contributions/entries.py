"""What somebody enters of a contribution, before it is a row: the rule book's own facts.

A placement's `person` is the supplier's reference of that person. `reference` and `status` are the service's to fill
in.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.rules import RuleError
from app.rules.dossier import Activity, Placement
from app.rules.faults import activity_faults, placement_faults
from app.rules.tables import RateTable

Entry = Placement | Activity


def entry_faults(entered: Entry, table: RateTable) -> Iterator[RuleError]:
    """What is wrong with it under the contract's table, each fault with the `column` it stands in."""
    if isinstance(entered, Placement):
        return placement_faults(entered, table)
    return activity_faults(entered, table)
