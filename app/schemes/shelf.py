"""The lists of rate tables and policies: what somebody may see of them, and how many of their contracts name each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import defer, joinedload

from app.accounts.models import User
from app.extensions import db
from app.schemes.models import Policy, RateTable
from app.schemes.queries import visible_to
from app.web.listing import Choice, Listing, Offer, a_text, by_word, page_of_rows

PRODUCT = "product"
"""The choice of what comes with the product."""


@dataclass(frozen=True, slots=True)
class Item:
    """A version, how many of the reader's contracts name it, and whether it is the newest of its family."""

    row: RateTable | Policy
    contracts: int
    is_newest: bool = False

    @property
    def owner(self) -> str:
        return self.row.corporation.kvk if self.row.corporation else PRODUCT

    @property
    def words(self) -> tuple[str, ...]:
        """What a search looks in."""
        row = self.row
        names = (row.name, row.family) if isinstance(row, RateTable) else (row.name_nl, row.name_en)
        return (row.code, *names, row.corporation.name if row.corporation else "")


Key = Callable[[Any], Any]
TABLE_SORTS: Mapping[str, Key] = {
    "family": lambda item: (item.row.family, -item.row.in_force_from.toordinal(), item.row.code, item.row.id),
    "name": lambda item: (item.row.name.lower(), item.row.id),
    "from": lambda item: (item.row.in_force_from, item.row.id),
    "contracts": lambda item: (item.contracts, item.row.id),
}
POLICY_SORTS: Mapping[str, Key] = {
    "name": lambda item: (item.row.name_nl.lower(), item.row.id),
    "code": lambda item: (item.row.code, item.row.id),
    "contracts": lambda item: (item.contracts, item.row.id),
}
TABLE_OFFER = Offer(TABLE_SORTS, {"of": a_text})
POLICY_OFFER = Offer(POLICY_SORTS, {"of": a_text})


def tables_on_shelf(user: User, choice: Choice, used: Mapping[int, int]) -> Listing[Item]:
    """The rate tables that `user` sees, each family together with its newest version first."""
    rows = _rows(user, RateTable)
    newest = newest_of(rows)
    return _listing([Item(row, used.get(row.id, 0), row in newest) for row in rows], choice, TABLE_SORTS)


def policies_on_shelf(user: User, choice: Choice, used: Mapping[int, int]) -> Listing[Item]:
    """The policies that `user` sees."""
    return _listing([Item(row, used.get(row.id, 0)) for row in _rows(user, Policy)], choice, POLICY_SORTS)


def newest_of(tables: Iterable[RateTable]) -> set[RateTable]:
    """The newest of each family, as each corporation knows it: one of its own says nothing about another's."""
    tables = sorted(tables, key=lambda table: (table.in_force_from, table.code))
    owners = {table.corporation_id for table in tables}
    found: dict[tuple[int | None, str], RateTable] = {}
    for owner in owners if owners == {None} else owners - {None}:
        known = (table for table in tables if table.corporation_id in (None, owner))
        found |= {(owner, table.family): table for table in known}
    return set(found.values())


def _rows(user: User, kind: Any) -> Sequence[Any]:
    wanted = visible_to(user, kind).options(joinedload(kind.corporation), defer(kind.content))
    return db.session.scalars(wanted).all()


def _listing(items: Sequence[Item], choice: Choice, sorts: Mapping[str, Key]) -> Listing[Item]:
    owners = {each.row.corporation.kvk: each.row.corporation.name for each in items if each.row.corporation}
    whose = [(PRODUCT, _("With the product")), *by_word(owners)]
    found = [each for each in items if choice.finds(*each.words) and choice["of"] in ("", each.owner)]
    return page_of_rows(found, choice, sorts[choice.sort], of=whose)
