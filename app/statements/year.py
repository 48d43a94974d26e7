"""The subject of an annual report: every contract of a corporation that ran in the year or in those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.accounts.models import Corporation
from app.assessments.queries import dossiers, dossiers_json, standings
from app.contracts.models import Contract
from app.contributions.models import Person, Placement
from app.extensions import db
from app.rules.annual import contract_in_year, follow, people_of, period_of, placed_since, sums_of, years_of
from app.rules.dates import Period
from app.rules.dossier import Status
from app.statements.kinds.annual import REPORT, Rest, report_json
from app.statements.models import StatementKind
from app.statements.queries import contracts_of
from app.statements.subjects import Subject
from app.web.errors import Conflict

HEAD = (
    "contract",
    "supplier_kvk",
    "supplier",
    "placement",
    "person",
    "programme",
    "block",
    "starts_on",
    "ends_on",
)


def annex_of(corporation: Corporation, days: Period) -> Iterator[Sequence[Any]]:
    """A row for each placement that the year counts, with the reference by which the supplier knows the person.

    From today's records and never part of a sealed file, so that what is erased is gone (architecture.md, decision 1).
    """
    contracts = contracts_of(corporation)
    facts, figures, persons = dossiers(contracts), standings(contracts, days.last), _references(contracts)
    for contract in contracts:
        terms, parties = facts[contract.id].terms, facts[contract.id].parties
        for each in placed_since(days.first, facts[contract.id], figures[contract.id]):
            person = persons.get((contract.id, each.reference), "")
            about = terms.number, terms.kvk, parties.supplier_name, each.reference, person
            yield (*about, each.programme, each.block, each.starts_on, each.ends_on)


def _references(contracts: Sequence[Contract]) -> Mapping[tuple[int, str], str]:
    """The person's reference of each approved placement, by contract and its own reference; empty once erased."""
    wanted = select(Placement.contract_id, Placement.reference, Person.reference.label("person")).join(Placement.person)
    ours = Placement.contract_id.in_([each.id for each in contracts])
    rows = db.session.execute(wanted.where(ours, Placement.status == Status.APPROVED))
    return {(row.contract_id, row.reference): row.person or "" for row in rows}


def annual_subject(corporation: Corporation, days: Period) -> Subject:
    """The year of a corporation through the last of these days, by today's facts.

    Errors: Conflict `no_contracts_in_year`.
    """
    contracts = contracts_of(corporation)
    written, facts = dossiers_json(contracts), dossiers(contracts)
    followed = {each.id: follow(facts[each.id], days.last) for each in contracts}
    trend = Period(period_of(years_of(days)[0], days.last).first, days.last)
    lines = [
        Rest(line, sha256(written[contract_id]).hexdigest())
        for contract_id, contract in followed.items()
        if (line := contract_in_year(contract)).term.overlap(trend)
    ]
    sums = sums_of([each.contract for each in lines], days)
    if not sums.contracts:
        raise Conflict("no_contracts_in_year", year=days.first.year)
    people = people_of(list(followed.values()))
    document = report_json(corporation.kvk, corporation.name, days, lines, people)
    return Subject(
        StatementKind.ANNUAL,
        corporation,
        days.last,
        {REPORT: document},
        net_cents=sums.net_cents,
        credited_cents=sums.credited_cents,
        covers_from=days.first,
    )
