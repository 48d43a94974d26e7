"""What every list costs when it is short and when it is long: `python -m bench.lists`.

On a database of so many contracts, each of its own supplier with three contributions and a statement, every list is
asked twice; printed are the SQL statements and the time of the first view, when nothing is remembered yet, and of the
second.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Corporation, Role
from app.assessments.models import DossierRecord
from app.assessments.queries import latest_records
from app.audit.service import command
from app.contracts.models import Contract
from app.contributions.models import Activity, Contribution, Person, Placement
from app.extensions import db
from app.rules.dossier import Status
from app.statements.models import Rendition, Statement
from app.suppliers.models import Certificate, CertificateScope, Supplier, SupplierRecord
from tests import factories as make
from tests.people import client_of
from tests.support import application, migrate, settings
from tests.web.counting import statements_of_request

SIZES = (10, 1000)
LISTS = (
    "/contracts",
    "/contracts?q=oosterwijk+12&sort=net&dir=desc",
    "/portfolio",
    "/contributions",
    "/contributions?sort=value&dir=desc",
    "/contributions?q=participatiewet&state=submitted",
    "/contributions/to-judge",
    "/signals",
    "/statements",
    "/suppliers",
    "/certificates",
    "/rate-tables",
    "/policies",
    "/people",
)
FIRST = date(2025, 1, 1)


@contextmanager
def filled(size: int) -> Iterator[tuple[Flask, FlaskClient]]:
    """An application with so many contracts, and the browser of an administrator, who sees every list."""
    with TemporaryDirectory() as folder:
        config = settings(Path(folder), f"sqlite:///{folder}/bench.sqlite3")
        migrate(config)
        with application(config) as app:
            with app.app_context():
                corporation = make.corporation()
                administrator_id = make.user(Role.ADMINISTRATOR, of=corporation).id
                fill(corporation, size)
                surround(corporation, size)
            yield app, client_of(app, administrator_id)


def fill(corporation: Corporation, size: int) -> None:
    contracts = [a_contract(corporation, number) for number in range(size)]
    db.session.add_all(contracts)
    db.session.flush()
    entered_by, approved_by = make.user(None), make.user(None)
    for number, contract in enumerate(contracts):
        db.session.add_all(contributions(contract, number, entered_by=entered_by, approved_by=approved_by))
    db.session.commit()
    with command("bench.fill", by="bench", corporation=corporation):
        for contract in db.session.scalars(select(Contract)):
            contract.facts_changed()
    for contract_id, record in latest_records(db.session, [each.id for each in contracts]).items():
        db.session.add_all(a_statement(corporation, contract_id, record))
    db.session.commit()


def surround(corporation: Corporation, size: int) -> None:
    """So many colleagues, and rate tables and policies of the corporation's own."""
    table, policy = make.rate_table(), make.policy()
    for number in range(size):
        make.user(of=corporation)
        make.rate_table(f"own-{number}", corporation=corporation, content=table.content)
        make.policy(f"own-{number}", corporation=corporation, content=policy.content)


def a_contract(corporation: Corporation, number: int) -> Contract:
    """A contract over two years with a new supplier; one supplier in ten has a certificate."""
    supplier = Supplier(kvk=f"{10_000_000 + number}", created_at=make.NOW)
    record = SupplierRecord(corporation=corporation, supplier=supplier, name=f"Bedrijf {number:04}", city="Oosterwijk")
    db.session.add_all([supplier, record])
    if number % 10 == 0:
        scope = [CertificateScope(kvk=supplier.kvk)]
        shown = {"level": "2", "valid_from": FIRST, "valid_until": date(2026, 6, 30), "checked_on": FIRST}
        db.session.add(Certificate(corporation=corporation, number=f"PSO-{number}", scope=scope, **shown))
    return Contract(
        corporation=corporation,
        supplier=supplier,
        number=f"2025-{number:04}",
        title=f"Renovatie Oosterwijk {number}",
        starts_on=FIRST + timedelta(days=number % 300),
        ends_on=date(2026, 12, 31),
        contract_sum_cents=1_250_000_00 + number,
        percentage=Decimal(5),
        rate_table=make.rate_table(),
        policy=make.policy(),
    )


def contributions(contract: Contract, number: int, **people: Any) -> Iterator[Contribution]:
    """An approved placement and a submitted one, and an approved activity."""
    for place, status in enumerate((Status.APPROVED, Status.SUBMITTED)):
        person = Person(supplier=contract.supplier, reference=f"SR-{number}-{place}", created_at=make.NOW)
        made = Placement(
            **course(contract, f"P{place}", status, people),
            block="participatiewet",
            person=person,
            starts_on=date(2026, 2, 1),
            ends_on=date(2026, 10, 31),
        )
        made.works({made.starts_on: Decimal(20 + number % 16)})
        yield made
    yield Activity(
        **course(contract, "A1", Status.APPROVED, people),
        block="social-purchase",
        on=date(2026, 6, 18),
        amount_cents=5_000_00 + number,
    )


def course(contract: Contract, reference: str, status: Status, people: dict[str, Any]) -> dict[str, Any]:
    came = {"entered_by": people["entered_by"], "entered_at": make.NOW, "submitted_at": make.NOW}
    if status is Status.APPROVED:
        came |= {"approved_by": people["approved_by"], "approved_at": make.NOW, "approved_how": "review"}
    return {"contract": contract, "reference": reference, "status": status} | came


def a_statement(corporation: Corporation, contract_id: int, record: DossierRecord) -> Iterator[Any]:
    statement = Statement(
        corporation=corporation,
        contract_id=contract_id,
        dossier=record,
        year=2026,
        sequence=contract_id,
        code=f"{contract_id:016d}",
        on=date(2026, 11, 24),
        state="issued",
        language="nl",
        standing="behind",
        net_cents=47_003_42,
        credited_cents=38_900_00,
        document_sha256=make.NO_HASH,
        chain_sequence=0,
        chain_head="0" * 64,
        reserved_at=make.NOW,
        issued_at=make.NOW,
    )
    yield statement
    yield Rendition(
        statement=statement, language="nl", file_sha256=make.NO_HASH, path="none.pdf", size=1, made_at=make.NOW
    )


def view(app: Flask, client: FlaskClient, address: str) -> tuple[int, float]:
    """How many statements a view takes, and how many milliseconds."""
    begun = perf_counter()
    asked = statements_of_request(app, client, address)
    return asked, (perf_counter() - begun) * 1000


def main() -> None:
    logging.disable(logging.INFO)
    print(f"{'rows':>6} {'first view':>20} {'second view':>20}  list")
    for size in SIZES:
        with filled(size) as (app, client):
            for address in LISTS:
                (first, took), (second, again) = view(app, client, address), view(app, client, address)
                print(f"{size:>6} {first:>6} SQL {took:>6.0f} ms {second:>6} SQL {again:>6.0f} ms  {address}")


if __name__ == "__main__":
    main()
