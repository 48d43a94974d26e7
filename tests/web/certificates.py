"""What the tests of certificates share: one as it is typed, as it is stored, and what it does to a contract."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.assessments.queries import assessment_of
from app.contracts.models import Contract
from app.extensions import db
from app.rules import Assessment
from app.rules.ladder import Level
from app.suppliers.models import Certificate
from app.web.clock import today
from tests import factories as make
from tests.web.office import Office
from tests.web.reading import words

NEW = "/certificate/new"
SISTER = "90000007"
PREVIEW = {"X-Requested-With": "preview"}
DAY = timedelta(days=1)


def kvk_of(office: Office) -> str:
    with office.app.app_context():
        return office.contract.supplier.kvk


def good(office: Office, **typed: str) -> dict[str, str]:
    """A checked certificate of level 2 over 2025 and 2026, as somebody types it."""
    shown = {
        "number": "PSO-9",
        "level": "2",
        "valid_from": "1-1-2025",
        "valid_until": "31-12-2026",
        "kvk": kvk_of(office),
        "checked": "yes",
        "checked_on": "15-1-2025",
        "withdrawn_on": "",
    }
    return shown | typed


def a_certificate(office: Office, *sisters: str, **values: Any) -> int:
    with office.app.app_context():
        return make.certificate(office.corporation, [office.contract.supplier.kvk, *sisters], **values).id


def address_of(certificate_id: int, page: str = "") -> str:
    return f"/certificate/{certificate_id}{page}"


def figures(office: Office, contract_id: int | None = None) -> Assessment:
    with office.app.app_context():
        return assessment_of(db.session.get_one(Contract, contract_id or office.contract_id), today())


def stored(office: Office, certificate_id: int) -> Certificate:
    with office.app.app_context():
        row = db.session.get_one(Certificate, certificate_id)
        _ = row.kvk_numbers
        db.session.expunge_all()
        return row


def newest(office: Office) -> Certificate:
    with office.app.app_context():
        number = db.session.scalar(select(func.max(Certificate.id)))
    assert number is not None
    return stored(office, number)


def shown(text: str, row: str) -> tuple[str, str]:
    """The two amounts of a row of the effects: now and then."""
    found = re.search(rf"{row} (\S+) (\S+)", words(text))
    assert found, words(text)
    return found[1], found[2]


def euro(cents: int) -> str:
    return f"€{cents // 100:,}.{cents % 100:02d}"


def of_every_state(office: Office) -> None:
    end = today() + 200 * DAY
    begin = today() - 30 * DAY
    a_certificate(office, number="VALID", valid_from=begin, valid_until=end)
    a_certificate(office, number="SOON", valid_from=begin, valid_until=today() + 90 * DAY)
    a_certificate(office, number="TO-COME", valid_from=today() + DAY, valid_until=end)
    a_certificate(office, number="UNCHECKED", valid_from=begin, valid_until=end, checked_on=None)
    a_certificate(office, number="ENDED", valid_from=begin, valid_until=today() - DAY)
    a_certificate(office, number="WITHDRAWN", valid_from=begin, valid_until=end, withdrawn_on=today())
    a_certificate(office, number="LATER", valid_from=begin, valid_until=end, withdrawn_on=today() + DAY)
    with office.app.app_context():
        sister = make.supplier(office.corporation, name="The sister", kvk=SISTER)
        make.certificate(
            office.corporation,
            [sister.kvk],
            number="SISTERS",
            level=Level.BASIS,
            thirty_plus=True,
            valid_from=begin,
            valid_until=end,
        )
        make.certificate(make.corporation(), [sister.kvk], number="THEIRS")
