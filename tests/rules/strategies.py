"""Random facts for the properties of the rule book: short terms, few certificates, odd hours, all timings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from app.rules.dossier import Activity, Amendment, Dossier, Hours, Placement, Status
from app.rules.ladder import LEVELS, Certificate
from app.rules.tables import Policy, RateTable, parse_policy, parse_rate_table
from tests.rules.making import KVK, dossier

START = date(2024, 1, 31)

TABLE = parse_rate_table("""
id = "random"
family = "random"
name = "Random"
in_force_from = 2024-01-01
full_time_hours = 36
hired_before_start_months = 2
[[block]]
code = "year"
label = { nl = "Jaar", en = "Year" }
per = "year"
value = 40_000
[[block]]
code = "limited"
label = { nl = "Begrensd", en = "Limited" }
per = "year"
value = 12_345.67
counts_for_months = 5
counts_while_subsidised = true
[[block]]
code = "month"
label = { nl = "Maand", en = "Month" }
per = "month"
value = 750
counts_for_months = 7
[[block]]
code = "bonus-year"
label = { nl = "Bonus per jaar", en = "Bonus a year" }
per = "year"
value = 10_000
bonus = true
[[block]]
code = "bonus-once"
label = { nl = "Bonus eenmalig", en = "Bonus once" }
per = "once"
value = 9_999.99
bonus = true
[[block]]
code = "invoice"
label = { nl = "Factuur", en = "Invoice" }
per = "invoice"
factor = 0.5
[[block]]
code = "hour"
label = { nl = "Uur", en = "Hour" }
per = "hour"
value = 100
""")


def policies() -> st.SearchStrategy[Policy]:
    def made(timing: str, grace: int, shares: list[int], thirty: int, maximum: int | None) -> Policy:
        levels = "\n".join(f'"{level}" = {share}' for level, share in zip(LEVELS, sorted(shares), strict=True))
        most = f"[applies]\nmaximum_obligation = {maximum}\n" if maximum else ""
        return parse_policy(
            f'id = "random"\nname = {{ nl = "r", en = "r" }}\n{most}[exemption]\ntiming = "{timing}"\n'
            f'grace_days = {grace}\n[exemption.reduction]\n{levels}\n"30+" = {thirty}\n'
            "[settlement]\npenalty_factor = 1.5\nrepair_days = 90\n"
        )

    percents = st.integers(0, 100)
    return st.builds(
        made,
        st.sampled_from(["pro_rata", "at_award", "every_day"]),
        st.sampled_from([0, 0, 5, 40]),
        st.lists(percents, min_size=5, max_size=5),
        percents,
        st.sampled_from([None, None, 10_000]),
    )


def days_from(start: date, least: int, most: int) -> st.SearchStrategy[date]:
    return st.integers(least, most).map(lambda days: start + timedelta(days=days))


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    first = draw(days_from(START, -200, 400))
    last = first + timedelta(days=draw(st.integers(0, 300)))
    withdrawn = draw(st.none() | days_from(first, -10, 310))
    return Certificate(
        number=draw(st.sampled_from("ABCDEF")),
        level=draw(st.sampled_from(LEVELS)),
        valid_from=first,
        valid_until=last,
        kvk=draw(st.sampled_from([(KVK,), (KVK,), (KVK,), ("99999999",)])),
        thirty_plus=draw(st.booleans()),
        withdrawn_on=withdrawn,
        checked_on=draw(st.sampled_from([first, first, first, None])),
    )


@st.composite
def placements(draw: st.DrawFn, table: RateTable = TABLE) -> Placement:
    first = draw(days_from(START, -100, 350))
    changes = sorted(draw(st.sets(st.integers(1, 300), max_size=3)))
    a_week = st.sampled_from([Decimal(0), Decimal("12.5"), Decimal(32), Decimal(36), Decimal(60)])
    bonuses = draw(st.sets(st.sampled_from(["bonus-year", "bonus-once"])))
    return Placement(
        reference="",
        person=draw(st.sampled_from("12")),
        block=draw(st.sampled_from([block.code for block in table.blocks.values() if block.is_for_placements])),
        starts_on=first,
        hours=(Hours(first, draw(a_week)), *(Hours(first + timedelta(days=n), draw(a_week)) for n in changes)),
        status=draw(st.sampled_from([Status.APPROVED, Status.APPROVED, Status.SUBMITTED, Status.DRAFT])),
        ends_on=draw(st.none() | days_from(first, 0, 400)),
        bonuses=tuple(sorted(bonuses)),
        share=draw(st.sampled_from([Decimal(100), Decimal(60), Decimal("33.3")])),
        subsidy_until=draw(st.none() | days_from(first, 0, 400)),
    )


@st.composite
def activities(draw: st.DrawFn) -> Activity:
    invoiced = draw(st.booleans())
    return Activity(
        reference="",
        block="invoice" if invoiced else "hour",
        on=draw(days_from(START, -30, 500)),
        status=draw(st.sampled_from([Status.APPROVED, Status.APPROVED, Status.SUBMITTED, Status.REJECTED])),
        amount_cents=draw(st.integers(0, 2_000_000)) if invoiced else None,
        quantity=None if invoiced else draw(st.sampled_from([Decimal("0.5"), Decimal(8)])),
    )


@st.composite
def amendments(draw: st.DrawFn) -> Amendment:
    """Extra and a little less work; the end moves both ways."""
    return Amendment(
        effective_on=draw(days_from(START, -20, 330)),
        amount_cents=draw(st.integers(-3_000_000, 20_000_000)),
        new_end=draw(st.none() | days_from(START, 200, 500)),
    )


@st.composite
def dossiers(draw: st.DrawFn, *, with_amendments: bool = True) -> Dossier:
    """Facts of one contract; some of them (less work, late amendments) may still be refused by the rules."""
    last = START + timedelta(days=draw(st.integers(0, 400)))
    changed = draw(st.lists(amendments(), max_size=3)) if with_amendments else []
    rows = [*draw(st.lists(placements(), max_size=4)), *draw(st.lists(activities(), max_size=3))]
    named = [replace(each, reference=f"{number:02}") for number, each in enumerate(rows)]
    return dossier(
        (START.isoformat(), last.isoformat()),
        named,
        tables=TABLE,
        policies=draw(policies()),
        contract_sum=str(draw(st.integers(100_000, 900_000))),
        percentage=draw(st.sampled_from(["5", "2.5", "3.33"])),
        amendments=[replace(each, reference=f"M{number}") for number, each in enumerate(changed)],
        certificates=draw(st.lists(certificates(), max_size=4)),
        awarded_on=draw(st.none() | days_from(START, -60, 0)),
        activity_cap=draw(st.sampled_from([None, Decimal(5), Decimal(50)])),
    )
