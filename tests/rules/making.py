"""Facts for the tests of the rule book, in the words of domain.md's examples."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from app.rules.dossier import Activity, Amendment, Dossier, Hours, Parties, Placement, Status, Terms
from app.rules.ladder import Certificate, Level
from app.rules.tables import Policy, RateTable, parse_policy, parse_rate_table

DATA = Path(__file__).parents[2] / "data"
KVK = "99990001"


@cache
def table(name: str) -> RateTable:
    return parse_rate_table((DATA / "rate-tables" / f"{name}.toml").read_text())


@cache
def policy(name: str) -> Policy:
    return parse_policy((DATA / "policies" / f"{name}.toml").read_text())


def day(text: str) -> date:
    return date.fromisoformat(text)


def cents(euro: str) -> int:
    return int(Decimal(euro.replace(",", "")) * 100)


def hours(starts_on: date, text: str) -> tuple[Hours, ...]:
    """Hours as the workbook writes them: "20; 2025-05-01: 32"."""
    first, *later = (each.strip() for each in text.split(";"))
    dated = [each.split(":") for each in later]
    return (Hours(starts_on, Decimal(first)), *(Hours(day(on), Decimal(number)) for on, number in dated))


def placement(block: str, starts: str, ends: str | None = None, a_week: str = "36", **more: Any) -> Placement:
    first = day(starts)
    given = {"reference": "P1", "person": "1", "status": Status.APPROVED, **more}
    return Placement(
        block=block, starts_on=first, ends_on=day(ends) if ends else None, hours=hours(first, a_week), **given
    )


def activity(block: str, on: str, amount: str | None = None, quantity: str | None = None, **more: Any) -> Activity:
    given = {"reference": "A1", "status": Status.APPROVED, **more}
    amount_cents = None if amount is None else cents(amount)
    return Activity(
        block=block,
        on=day(on),
        amount_cents=amount_cents,
        quantity=None if quantity is None else Decimal(quantity),
        **given,
    )


def certificate(level: str, starts: str, ends: str, withdrawn: str | None = None, **more: Any) -> Certificate:
    given = {"number": f"PSO-{starts}", "kvk": (KVK,), "checked_on": day(starts), **more}
    return Certificate(
        level=Level(level),
        valid_from=day(starts),
        valid_until=day(ends),
        withdrawn_on=day(withdrawn) if withdrawn else None,
        **given,
    )


def amendment(effective: str, amount: str = "0", new_end: str | None = None, reference: str | None = None) -> Amendment:
    return Amendment(day(effective), cents(amount), day(new_end) if new_end else None, reference)


def dossier(
    term: tuple[str, str] = ("2025-01-01", "2026-12-31"),
    contributions: Iterable[Placement | Activity] = (),
    *,
    tables: str | RateTable = "utrecht-2024",
    policies: str | Policy = "level-2-exempts",
    contract_sum: str = "1000000",
    percentage: str = "5",
    amendments: Iterable[Amendment] = (),
    certificates: Iterable[Certificate] = (),
    **terms: Any,
) -> Dossier:
    rows = tuple(contributions)
    return Dossier(
        parties=Parties("99990000", "Woningcorporatie Diezeborg", "Schildersbedrijf Van Asten"),
        terms=Terms(
            number="2025-014",
            title="Renovatie Oosterwijk",
            kvk=KVK,
            starts_on=day(term[0]),
            ends_on=day(term[1]),
            contract_sum_cents=cents(contract_sum),
            percentage=Decimal(percentage),
            **terms,
        ),
        rate_table=table(tables) if isinstance(tables, str) else tables,
        policy=policy(policies) if isinstance(policies, str) else policies,
        amendments=tuple(amendments),
        certificates=tuple(certificates),
        placements=tuple(each for each in rows if isinstance(each, Placement)),
        activities=tuple(each for each in rows if isinstance(each, Activity)),
    )


def a1() -> Dossier:
    """Example A1 of domain.md: one whole assessment."""
    submitted = {"status": Status.SUBMITTED}
    return dossier(
        ("2025-01-01", "2026-12-31"),
        [
            placement("participatiewet", "2026-02-01", "2026-10-31", "28.8", reference="W-1042", person="1"),
            placement("bbl", "2026-10-12", None, "32", reference="W-1077", person="2"),
            activity("social-purchase", "2026-06-18", "11183.95", reference="I-0031"),
            placement("banenafspraak", "2026-09-01", None, "20", reference="W-1081", person="3", **submitted),
        ],
        contract_sum="1250000",
        certificates=[certificate("2", "2025-01-01", "2026-12-31", "2025-07-01")],
    )
