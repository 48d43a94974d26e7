"""What differs between two dossiers of one contract: which facts came, went or changed, field by field.

A fact is known as people know it: an amendment by its reference or effective day, a certificate by number and first
day, a contribution by its reference. Left out is what says nothing by itself: when the dossier was recorded, and the
numbers of persons, which a dossier gives in order of appearance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from app.rules.dossier import Amendment, Dossier
from app.rules.ladder import Certificate

Fields = Mapping[str, Any]

NUMBERED_ANEW = frozenset({"person"})


class What(StrEnum):
    """The kinds of facts, in the order in which people look at them."""

    CONTRACT = "contract"
    AMENDMENT = "amendment"
    CERTIFICATE = "certificate"
    PLACEMENT = "placement"
    ACTIVITY = "activity"
    RATE_TABLE = "rate_table"
    POLICY = "policy"


class How(StrEnum):
    """What became of a fact."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Fact:
    """Which fact: its kind, and what it is known by; the contract, its table and its policy by nothing."""

    what: What
    name: str = ""
    day: date | None = None

    @property
    def order(self) -> tuple[int, str, date]:
        return list(What).index(self.what), self.name, self.day or date.min


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that came or went, or one field of a fact that stayed: from `before` to `after`.

    The field `version` of a table or a policy holds the whole of it.
    """

    fact: Fact
    how: How
    field: str = ""
    before: Any = None
    after: Any = None

    def holds_in(self, dossier: Dossier) -> bool:
        """Whether `dossier` already says what this change led to."""
        found = _facts(dossier).get(self.fact)
        if self.how is How.REMOVED:
            return found is None
        return found is not None and (self.how is How.ADDED or found[self.field] == self.after)


def difference(before: Dossier, after: Dossier) -> tuple[Change, ...]:
    """What `after` says otherwise than `before`, by kind and name; nothing for two that say the same."""
    then, now = _facts(before), _facts(after)
    found: list[Change] = []
    for fact in sorted(then.keys() | now.keys(), key=lambda each: each.order):
        if fact not in then:
            found.append(Change(fact, How.ADDED))
        elif fact not in now:
            found.append(Change(fact, How.REMOVED))
        else:
            found.extend(_changed(fact, then[fact], now[fact]))
    return tuple(found)


def _changed(fact: Fact, then: Fields, now: Fields) -> Iterator[Change]:
    for name, value in now.items():
        if then[name] != value:
            yield Change(fact, How.CHANGED, name, then[name], value)


def _facts(dossier: Dossier) -> Mapping[Fact, Fields]:
    """Everything that a dossier says, by fact and field."""
    parties = {"supplier_name": dossier.parties.supplier_name}
    return {
        Fact(What.CONTRACT): _fields(dossier.terms) | parties,
        **{_amendment(each): _fields(each) for each in dossier.amendments},
        **{_certificate(each): _fields(each) for each in dossier.certificates},
        **{Fact(What.PLACEMENT, each.reference): _fields(each) for each in dossier.placements},
        **{Fact(What.ACTIVITY, each.reference): _fields(each) for each in dossier.activities},
        Fact(What.RATE_TABLE): {"version": dossier.rate_table},
        Fact(What.POLICY): {"version": dossier.policy},
    }


def _amendment(each: Amendment) -> Fact:
    return Fact(What.AMENDMENT, each.reference) if each.reference else Fact(What.AMENDMENT, day=each.effective_on)


def _certificate(each: Certificate) -> Fact:
    return Fact(What.CERTIFICATE, each.number, each.valid_from)


def _fields(facts: Any) -> dict[str, Any]:
    """The fields of a fact; lists without an order of their own are put in one."""
    return {each.name: _in_order(getattr(facts, each.name)) for each in fields(facts) if each.name not in NUMBERED_ANEW}


def _in_order(value: Any) -> Any:
    is_list_of_texts = isinstance(value, tuple) and all(isinstance(each, str) for each in value)
    return tuple(sorted(value)) if is_list_of_texts else value
