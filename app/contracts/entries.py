"""The contributions on a contract as rows of its page: what each is credited, beside its facts and its versions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.rules import Assessment, Dossier
from app.rules.assessment import Credited
from app.rules.dossier import WAITING, Activity, Placement

if TYPE_CHECKING:
    from app.contributions.models import Contribution


@dataclass(frozen=True, slots=True)
class Entry:
    """A contribution as its row shows it: its figures, its facts, and the version that it is.

    `correction` is a newer version that waits beside an approved one.
    """

    credited: Credited
    fact: Placement | Activity
    version: Contribution | None
    correction: Contribution | None

    @property
    def is_placement(self) -> bool:
        return isinstance(self.fact, Placement)


def entries_of(dossier: Dossier, figures: Assessment, versions: Iterable[Contribution]) -> list[Entry]:
    """The contributions of the assessment with their facts, and with the version of each that the dossier holds."""
    facts: dict[str, Placement | Activity] = {each.reference: each for each in dossier.placements}
    facts |= {each.reference: each for each in dossier.activities}
    by_reference: dict[str, list[Contribution]] = {}
    for version in versions:
        by_reference.setdefault(version.reference, []).append(version)
    return [
        Entry(credited, facts[credited.reference], *_held(credited, by_reference.get(credited.reference, [])))
        for credited in figures.contributions
    ]


def _held(credited: Credited, versions: list[Contribution]) -> tuple[Contribution | None, Contribution | None]:
    """The version that the figures rest on, and a newer one that waits. `versions`: the oldest first."""
    held = next((each for each in reversed(versions) if each.status is credited.status), None)
    waiting = [each for each in versions if held and each.version > held.version and each.status in WAITING]
    return held, waiting[-1] if waiting else None
