"""The pages of contracts: the list, and the page of one with every figure and its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, render_template, request

from app.accounts import sessions
from app.accounts.permissions import Permission, requires
from app.assessments.queries import assessment_of, course_of, dossier_of
from app.contracts import queries
from app.contributions.queries import sees_persons, versions_on
from app.portfolio.queries import Choice, listing_of, rows_of
from app.rules import Assessment, Dossier
from app.rules.assessment import Credited
from app.rules.dossier import Activity, Placement, Status
from app.statements.queries import statements_of
from app.web.as_of import as_of
from app.web.reasons import labels_of, sentences_of

if TYPE_CHECKING:
    from app.contributions.models import Contribution

bp = Blueprint("contracts", __name__)

TABS = (Status.DRAFT, Status.SUBMITTED, Status.APPROVED, Status.REJECTED, Status.WITHDRAWN)
WAITING = (Status.DRAFT, Status.SUBMITTED)


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


@bp.get("/contracts")
@requires(Permission.SEE_CONTRACTS)
def index() -> str:
    on, me = as_of(), sessions.me()
    rows = rows_of(me, on)
    return render_template(
        "contracts/index.html",
        on=on,
        rows=rows,
        listing=listing_of(rows, Choice.from_query(request.args)),
        several=len({row.contract.corporation_id for row in rows}) > 1,
    )


@bp.get("/contracts/<kvk>/<path:number>")
@requires(Permission.SEE_CONTRACTS)
def show(kvk: str, number: str) -> str:
    on, me = as_of(), sessions.me()
    contract = queries.contract_seen_by(me, kvk, number)
    dossier, figures = dossier_of(contract), assessment_of(contract, on)
    entries = entries_of(dossier, figures, versions_on(contract))
    asked = request.args.get("status", "")
    return render_template(
        "contracts/show.html",
        on=on,
        contract=contract,
        dossier=dossier,
        figures=figures,
        points=course_of(contract),
        explain=partial(sentences_of, labels=labels_of(dossier.rate_table)),
        entries=[each for each in entries if asked not in TABS or each.credited.status == asked],
        entries_waiting=sum(each.credited.status is Status.SUBMITTED for each in entries),
        tabs=[(status, sum(each.credited.status is status for each in entries)) for status in TABS],
        asked=asked if asked in TABS else "",
        statements=statements_of(contract),
        sees_persons=sees_persons(me, contract),
    )


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
