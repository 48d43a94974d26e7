"""Many contributions judged together: each by a command of its own, and of each it is said what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.accounts.models import User
from app.contributions import queries, service
from app.rules import RuleError
from app.web.errors import DomainError
from app.web.sentences import sentence

LONGEST_NUMBER = 9
Seen = Mapping[int, int]
"""The ids of versions, each with the `row_version` that somebody saw."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one: `refusal` says why nothing did."""

    contribution_id: int
    name: str
    is_approved: bool
    refusal: str | None = None


def seen_in(chosen: Iterable[str]) -> Seen:
    """What the check boxes of a form say: "<id>.<version>", as far as it can be read."""
    pairs = (each.partition(".") for each in chosen)
    return {int(number): int(version) for number, _, version in pairs if _is_number(number) and _is_number(version)}


def judge_each(chosen: Seen, *, by: User, reason: str | None = None) -> list[Outcome]:
    """Approve these, or with a reason reject them. What can't be done is told, and stops no other.

    Errors: NotFound, before anything is done, when one of them is not for `by` to judge.
    """
    names = {each: queries.contribution_to_judge(each, by).name for each in chosen}
    return [_judge(each, names[each], chosen[each], by, reason) for each in chosen]


def _judge(contribution_id: int, name: str, seen_version: int, by: User, reason: str | None) -> Outcome:
    try:
        if reason is None:
            service.approve(contribution_id, by=by, seen_version=seen_version)
        else:
            service.reject(contribution_id, by=by, seen_version=seen_version, reason=reason)
    except (DomainError, RuleError) as error:
        return Outcome(contribution_id, name, is_approved=reason is None, refusal=sentence(error))
    return Outcome(contribution_id, name, is_approved=reason is None)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
