"""Much on one contract, with names that are too long: for whoever looks at pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from app.contracts.models import Contract
from app.extensions import db
from app.rules.dossier import Status
from tests import factories as make

LONG = "Groot" + "onderhoud" * 14


def fill(contract: Contract) -> None:
    """Call it in an application context."""
    contract.title, contract.contract_sum_cents = LONG, 99_999_999_999_00
    db.session.commit()
    make.certificate(contract.corporation, [contract.supplier.kvk], withdrawn_on=date(2025, 7, 1))
    make.placement(
        contract, reference="R" * 80, hours=Decimal("28.8"), bonuses=["bonus-50plus"], status=Status.APPROVED
    )
    make.placement(contract, status=Status.REJECTED, rejected_reason=LONG)
    make.activity(contract, status=Status.APPROVED, description=LONG)
    make.amendment(contract, description=LONG)
