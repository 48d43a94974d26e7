"""What one certificate does for contracts: what it exempts of each, and what comes back when it lapses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.portfolio.queries import Row as ContractRow
from app.rules import Dossier
from app.rules.assessment import exempted_through
from app.rules.obligation import AtRisk
from app.suppliers.models import Certificate
from app.suppliers.validity import facts_of


@dataclass(frozen=True, slots=True)
class Share:
    """Of one contract: what is exempted over its whole term that would not be without this certificate, in cents.

    `at_risk` is what comes back, and from when, if this certificate is the one that holds now and is not renewed.
    """

    row: ContractRow
    exempted_cents: int
    at_risk: AtRisk | None


def shares_of(
    certificate: Certificate, rows: Iterable[ContractRow], dossiers: Mapping[int, Dossier], on: date
) -> list[Share]:
    """What a certificate does for these contracts, as of `on`; `dossiers` by the contract's id."""
    return [_share(certificate, row, dossiers[row.contract.id], on) for row in rows]


def _share(certificate: Certificate, row: ContractRow, dossier: Dossier, on: date) -> Share:
    risk = row.figures.at_risk
    is_its_own = risk is not None and risk.cents > 0 and risk.certificate == certificate.number
    return Share(row, exempted_through(dossier, facts_of(certificate), on), risk if is_its_own else None)
