"""The demo's contracts, and what was changed in them since. 2025-014 is example A1 of the rules, to the cent."""

from __future__ import annotations

from app.demo.tables import Row, joined, rows_of

LEADERS = {"H": "projectleider@demo.example", "W": "projectleider2@demo.example"}

KEY = ("number",)

WHAT = """
number   | title                             | kvk      | kind        | leader
2023-011 | Liftonderhoud                     | 99990007 | maintenance | W
2023-019 | Badkamers en keukens              | 99990006 | renovation  | H
2024-007 | Planmatig schilderwerk            | 99990003 | painting    | H
2024-015 | Gevelrenovatie Pettelaarpark      | 99990016 | renovation  | W
2024-021 | Onderhoud warmte-installaties     | 99990018 | maintenance | H
2025-002 | Dagelijks onderhoud               | 99990009 | maintenance | W
2025-003 | Groenonderhoud                    | 99990005 | maintenance | H
2025-009 | Renovatie De Muntel               | 99990010 | renovation  | H
2025-012 | Schoonmaak portieken              | 99990013 | services    | W
2025-014 | Renovatie Oosterwijk              | 99990001 | renovation  | H
2025-017 | Onderhoud riolering               | 99990015 | maintenance | W
2025-022 | Dakonderhoud complexen Noord      | 99990002 | maintenance | H
2025-026 | Glasherstel                       | 99990012 | maintenance | W
2025-031 | Mutatieonderhoud Zuid             | 99990004 | maintenance | H
2025-034 | Sloop Orthenpoort                 | 99990020 | renovation  | W
2025-038 | Isolatie Kruiskamp                | 99990021 | renovation  | H
2026-001 | Wijkbeheer en portiekservice      | 99990008 | services    | W
2026-002 | Schilderwerk Centrum              | 99990001 | painting    | H
2026-003 | Renovatie Boschveld               | 99990011 | renovation  | W
2026-004 | Nieuwbouw Willemspoort            | 99990004 | new_build   | H
2026-006 | Installaties hoogbouw Oost        | 99990028 | maintenance | W
2026-008 | Kozijnvervanging Hambaken         | 99990019 | renovation  | W
2026-010 | Zonnepanelen West                 | 99990025 | supplies    | H
2026-012 | Elektra bij woningverbetering     | 99990017 | renovation  | W
2026-014 | Verhuisservice wisselwoningen     | 99990024 | services    | H
2026-015 | Steigers gevelherstel             | 99990026 | services    | W
2026-017 | Stucwerk trappenhuizen            | 99990014 | maintenance | H
2026-019 | Groen en speelplekken             | 99990023 | maintenance | W
2026-021 | Buitenschilderwerk Noord          | 99990027 | painting    | H
2026-024 | Deuren en timmerwerk              | 99990022 | maintenance | W
2027-001 | Renovatie Hinthamerpoort          | 99990010 | renovation  | H
"""

TERMS = """
number   | awarded_on | starts_on  | ends_on    | contract_sum | percentage | rate_table         | policy
2023-011 | 2023-09-14 | 2023-11-01 | 2026-10-31 | 500000       | 5          | utrecht-2019       | level-2-exempts
2023-019 | 2023-04-20 | 2023-06-01 | 2026-05-31 | 1800000      | 5          | utrecht-2019       | level-2-exempts
2024-007 | 2024-06-27 | 2024-09-01 | 2027-08-31 | 2400000      | 5          | utrecht-2024       | level-2-exempts
2024-015 | 2024-07-11 | 2024-10-01 | 2026-09-30 | 1600000      | 5          | utrecht-2024       | level-2-exempts
2024-021 | 2024-05-23 | 2024-07-01 | 2028-06-30 | 1800000      | 5          | utrecht-2024       | stepped
2025-002 | 2024-10-31 | 2025-01-01 | 2028-12-31 | 14000000     | 5          | utrecht-2024       | level-2-exempts
2025-003 | 2025-01-16 | 2025-03-01 | 2027-02-28 | 600000       | 5          | utrecht-2024       | level-2-exempts
2025-009 | 2025-02-06 | 2025-04-01 | 2027-09-30 | 12000000     | 5          | utrecht-2024       | level-2-exempts
2025-012 | 2025-04-17 | 2025-06-01 | 2028-05-31 | 900000       | 5          | haaglanden-2023    | stepped
2025-014 | 2024-11-14 | 2025-01-01 | 2026-12-31 | 1250000      | 5          | utrecht-2024       | level-2-exempts
2025-017 | 2025-05-22 | 2025-07-01 | 2028-06-30 | 700000       | 4          | utrecht-2024       | stepped
2025-022 | 2025-01-30 | 2025-03-01 | 2028-02-29 | 2050000      | 5          | utrecht-2024       | level-2-exempts
2025-026 | 2025-07-03 | 2025-09-01 | 2027-08-31 | 180000       | 2          | utrecht-2024       | capped
2025-031 | 2025-05-08 | 2025-07-01 | 2028-03-31 | 1250000      | 5          | utrecht-2024       | level-2-exempts
2025-034 | 2025-08-21 | 2025-10-01 | 2027-01-31 | 900000       | 5          | oost-nederland-v05 | level-2-exempts
2025-038 | 2025-09-18 | 2025-11-01 | 2027-09-30 | 5600000      | 5          | utrecht-2024       | stepped-every-day
2026-001 | 2025-11-20 | 2026-01-01 | 2028-12-31 | 750000       | 5          | utrecht-2024       | level-2-exempts
2026-002 | 2025-06-12 | 2026-01-01 | 2027-12-31 | 640000       | 5          | utrecht-2024       | stepped-at-award
2026-003 | 2025-11-27 | 2026-01-01 | 2028-06-30 | 6000000      | 5          | utrecht-2024       | level-2-exempts
2026-004 | 2025-10-30 | 2026-02-01 | 2028-01-31 | 20000000     | 2          | utrecht-2024       | capped
2026-006 | 2025-12-04 | 2026-01-01 | 2029-12-31 | 5200000      | 5          | utrecht-2024       | stepped
2026-008 | 2025-12-11 | 2026-02-01 | 2027-07-31 | 4400000      | 5          | haaglanden-2023    | level-2-exempts
2026-010 | 2026-01-15 | 2026-03-01 | 2027-02-28 | 1900000      | 3          | utrecht-2024       | level-2-exempts
2026-012 | 2026-01-22 | 2026-03-01 | 2028-02-29 | 3200000      | 5          | utrecht-2024       | level-2-exempts
2026-014 | 2026-02-19 | 2026-04-01 | 2028-03-31 | 420000       | 5          | oost-nederland-v05 | level-2-exempts
2026-015 | 2026-03-12 | 2026-05-01 | 2026-10-31 | 300000       | 5          | utrecht-2024       | level-2-exempts
2026-017 | 2026-02-26 | 2026-04-01 | 2027-03-31 | 800000       | 5          | utrecht-2024       | level-2-exempts
2026-019 | 2026-03-26 | 2026-05-01 | 2027-12-31 | 500000       | 5          | utrecht-2024       | stepped
2026-021 | 2026-01-29 | 2026-03-01 | 2028-02-29 | 4200000      | 5          | utrecht-2024       | level-2-exempts
2026-024 | 2026-04-16 | 2026-06-01 | 2028-05-31 | 2200000      | 5          | utrecht-2024       | level-2-exempts
2027-001 | 2026-10-22 | 2027-01-01 | 2029-12-31 | 10000000     | 5          | utrecht-2024       | level-2-exempts
"""

# The cleaners' percentage is taken of the wage sum; of what is owed for the solar panels a quarter may be bought.
PARTICULARS = """
number   | published_on | base     | base_amount | activity_cap
2025-012 |              | wage_sum | 640000      |
2026-004 | 2025-06-16   |          |             |
2026-008 | 2025-09-08   |          |             |
2026-010 |              |          |             | 25
2027-001 | 2026-06-22   |          |             |
"""

AMENDMENTS = rows_of("""
contract | reference  | effective_on | new_end    | amount  | description
2024-015 | Meerwerk 1 | 2025-09-01   |            | 180000  | Balkons en hekwerken
2024-021 | Verlenging | 2026-10-01   | 2029-06-30 | 420000  | Een jaar langer, zelfde complexen
2025-009 | Meerwerk 1 | 2025-11-03   |            | 640000  | Tweeëntwintig woningen in blok C
2025-009 | Verlenging | 2026-06-15   | 2027-12-31 | 480000  | Drie maanden uitloop en de kopgevels
2025-017 | Minderwerk | 2026-05-01   |            | -90000  | Complex Zuidwal vervalt
2025-038 | Minderwerk | 2026-09-01   |            | -160000 | Twee portieken vervallen
2026-006 | Meerwerk 1 | 2026-07-01   |            | 150000  | Hydrofoor en brandmeldinstallatie
2026-012 | Inkorting  | 2026-09-01   | 2027-12-31 | -120000 | Laatste blok gaat naar een ander project
""")


def _contract(row: Row) -> Row:
    leader = LEADERS[row["leader"]]
    return {name: cell for name, cell in row.items() if name != "leader"} | {"project_leader": leader}


CONTRACTS = [_contract(row) for row in joined(joined(rows_of(WHAT), rows_of(TERMS), KEY), rows_of(PARTICULARS), KEY)]
