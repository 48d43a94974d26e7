"""What asks for attention in a portfolio: shortfalls, contracts that fall behind, certificates that lapse soon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.portfolio.queries import URGENT, Row
from app.rules.obligation import AtRisk

DAYS_AHEAD = 90
SHOWN = 6


@dataclass(frozen=True, slots=True)
class Lapsing:
    """A certificate that ends soon: the contracts whose obligation comes back, and how much of it."""

    certificate: str
    before: date
    rows: tuple[Row, ...]
    cents: int


@dataclass(frozen=True, slots=True)
class Attention:
    """What to look at first; `more` is how many contracts beyond those that are shown ask for it too."""

    contracts: tuple[Row, ...]
    more: int
    lapsing: tuple[Lapsing, ...]

    @property
    def at_risk_cents(self) -> int:
        return sum(each.cents for each in self.lapsing)


def attention_to(rows: Sequence[Row], on: date) -> Attention:
    """Shortfalls before what is behind, the largest amounts first; then certificates, the soonest first."""
    urgent = sorted(
        (row for row in rows if row.is_urgent),
        key=lambda row: (URGENT.index(row.figures.status), -row.figures.open_cents),
    )
    return Attention(tuple(urgent[:SHOWN]), len(urgent[SHOWN:]), _lapsing(rows, on))


def _lapsing(rows: Sequence[Row], on: date) -> tuple[Lapsing, ...]:
    """One for each certificate of a supplier, however many of its contracts rest on it."""
    found: dict[tuple[int, int, str, date], list[tuple[Row, AtRisk]]] = {}
    for row in rows:
        risk = row.figures.at_risk
        if risk and risk.cents > 0 and (risk.before - on).days <= DAYS_AHEAD:
            owner = row.contract.corporation_id, row.contract.supplier_id
            found.setdefault((*owner, risk.certificate or "", risk.before), []).append((row, risk))
    made = (
        Lapsing(certificate, before, tuple(row for row, _ in risks), sum(risk.cents for _, risk in risks))
        for (_, _, certificate, before), risks in found.items()
    )
    return tuple(sorted(made, key=lambda each: (each.before, -each.cents)))
