"""Who came to work on the demo's contracts: groups that came by one way, and placements that are told one by one.

A group is `people` persons of one block. The first begins on `starts_on`, each next one `every` days later; each stays
until a day, so many months, or (empty) is still there. Hours a week are taken in turn. Of those approved, 400 have a
counted day in 2026: 75 by sheltered work, 100 by social assistance, 125 young people, 25 by UWV and 75 by services.
"""

from __future__ import annotations

from app.demo.tables import joined, rows_of

CAME_TOGETHER = """
contract | programme         | block              | people | starts_on  | every | until      | hours    | share
2023-019 | social_assistance | pw-gt2             | 1      | 2023-09-04 |       | 12 months  | 32       |
2023-019 | social_assistance | pw-lt2             | 2      | 2024-05-13 | 84    | 6 months   | 28 24    |
2023-019 | sheltered_work    | banenafspraak      | 2      | 2026-01-12 | 14    | 3 months   | 24 20    |
2023-019 | youth             | bol                | 2      | 2026-01-26 | 7     | 2026-05-29 | 24       |
2023-019 | social_assistance | pw-lt2             | 3      | 2026-01-05 | 14    | 3 months   | 24 20 28 |
2024-007 | social_assistance | participatiewet    | 2      | 2025-03-10 | 112   | 3 months   | 32 24    |
2024-007 | youth             | bbl                | 1      | 2026-08-24 |       | 2027-07-16 | 32       |
2024-007 | youth             | bol                | 4      | 2026-02-02 |       | 2026-07-03 | 24 20    |
2024-007 | youth             | pro-vso-entree     | 2      | 2026-03-02 | 28    | 4 months   | 16       |
2024-007 | social_assistance | participatiewet    | 5      | 2026-01-19 | 56    | 2 months   | 20 24 16 |
2024-007 | uwv               | ww                 | 2      | 2026-04-13 | 63    | 3 months   | 32 28    |
2024-015 | social_assistance | participatiewet    | 2      | 2025-02-17 | 140   | 3 months   | 32 28    |
2024-015 | sheltered_work    | banenafspraak      | 2      | 2026-02-02 | 28    | 6 months   | 24       | 50
2024-015 | youth             | bol                | 4      | 2026-02-09 |       | 2026-07-10 | 24 28    |
2024-015 | social_assistance | participatiewet    | 5      | 2026-01-05 | 35    | 2 months   | 24 20 28 |
2024-021 | youth             | bol                | 2      | 2026-02-09 |       | 2026-07-03 | 16       |
2024-021 | social_assistance | participatiewet    | 4      | 2026-02-23 | 49    | 2 months   | 20 24    |
2024-021 | uwv               | ww                 | 2      | 2026-05-18 | 77    | 2 months   | 32       |
2025-002 | social_assistance | participatiewet    | 2      | 2025-04-07 | 70    | 4 months   | 24 28    |
2025-002 | services          | banenafspraak      | 6      | 2026-01-05 | 7     |            | 24 20 28 | 10
2025-002 | sheltered_work    | banenafspraak      | 10     | 2026-01-05 | 21    | 4 months   | 20 16 24 | 50
2025-002 | youth             | bol                | 7      | 2026-02-09 |       | 2026-07-03 | 16 24    |
2025-002 | youth             | pro-vso-entree     | 4      | 2026-03-30 | 14    | 3 months   | 16       |
2025-002 | youth             | bbl                | 3      | 2026-08-24 | 7     | 2028-07-14 | 32       | 50
2025-002 | social_assistance | participatiewet    | 12     | 2026-01-26 | 21    | 2 months   | 24 20 28 |
2025-003 | services          | banenafspraak      | 10     | 2026-01-05 | 7     |            | 24 20 16 | 5
2025-003 | sheltered_work    | banenafspraak      | 4      | 2026-03-16 | 28    | 3 months   | 20 24    | 50
2025-009 | social_assistance | participatiewet    | 7      | 2025-04-14 | 28    | 3 months   | 28 32 24 |
2025-009 | youth             | bol                | 4      | 2025-09-01 |       | 2025-12-19 | 32       |
2025-009 | sheltered_work    | banenafspraak      | 12     | 2026-01-12 | 21    | 5 months   | 20 16 24 | 50
2025-009 | youth             | bol                | 8      | 2026-02-02 |       | 2026-07-03 | 24 28    |
2025-009 | youth             | pro-vso-entree     | 4      | 2026-03-02 | 14    | 4 months   | 16 20    |
2025-009 | youth             | bbl                | 6      | 2026-08-31 |       | 2027-07-16 | 32       |
2025-009 | social_assistance | participatiewet    | 7      | 2026-01-12 | 14    | 3 months   | 24 28 20 |
2025-009 | social_assistance | participatiewet    | 8      | 2026-05-18 | 14    | 2 months   | 20 24    |
2025-009 | uwv               | ww                 | 2      | 2026-04-07 | 56    | 3 months   | 32 36    |
2025-009 | uwv               | wia                | 2      | 2026-03-16 | 84    | 4 months   | 20 16    |
2025-012 | services          | banenafspraak      | 5      | 2026-01-12 | 7     |            | 16 20    | 15
2025-012 | uwv               | wia                | 1      | 2026-09-07 |       | 2 months   | 20       |
2025-017 | youth             | bol                | 2      | 2026-02-09 |       | 2026-07-03 | 16       |
2025-017 | social_assistance | participatiewet    | 2      | 2026-03-09 | 91    | 2 months   | 20 24    |
2025-022 | youth             | bol                | 2      | 2026-02-02 |       | 2026-06-26 | 16 20    |
2025-022 | social_assistance | participatiewet    | 2      | 2026-04-20 | 63    | 2 months   | 20       |
2025-026 | youth             | bol                | 2      | 2026-09-07 |       | 2027-01-29 | 16       |
2025-031 | youth             | bbl                | 1      | 2026-08-24 |       | 2027-07-16 | 32       |
2025-031 | youth             | bol                | 4      | 2026-02-09 |       | 2026-07-03 | 16 20    |
2025-031 | social_assistance | participatiewet    | 4      | 2026-01-19 | 56    | 2 months   | 16 20    |
2025-034 | youth             | bbl-to-2           | 2      | 2026-01-12 |       | 2026-07-17 | 32       |
2025-034 | youth             | work-experience    | 1      | 2026-03-02 |       | 5 months   | 16       |
2025-034 | social_assistance | pw-lt2             | 2      | 2025-12-01 | 98    | 3 months   | 24 28    |
2025-034 | social_assistance | pw-gt2             | 2      | 2026-06-08 | 56    | 2 months   | 24 20    |
2025-038 | sheltered_work    | banenafspraak      | 5      | 2026-01-19 | 28    | 6 months   | 24 20    | 50
2025-038 | youth             | bol                | 5      | 2026-02-02 |       | 2026-07-03 | 24       |
2025-038 | youth             | bbl                | 3      | 2026-08-31 |       | 2027-07-16 | 32       |
2025-038 | social_assistance | participatiewet    | 5      | 2026-02-16 | 35    | 2 months   | 24 28 20 |
2025-038 | uwv               | ww                 | 2      | 2026-03-23 | 70    | 3 months   | 32       |
2026-001 | services          | banenafspraak      | 24     | 2026-01-05 |       |            | 16 20 24 | 5
2026-001 | services          | banenafspraak      | 16     | 2026-03-02 | 14    |            | 20 16    | 5
2026-001 | sheltered_work    | banenafspraak      | 15     | 2026-01-19 | 14    | 3 months   | 16 12 20 | 50
2026-002 | youth             | bol                | 1      | 2026-02-09 |       | 2026-07-03 | 24       |
2026-003 | services          | banenafspraak      | 6      | 2026-03-09 | 7     |            | 20 24    | 10
2026-003 | sheltered_work    | banenafspraak      | 4      | 2026-04-13 | 35    | 3 months   | 20       | 50
2026-003 | youth             | bol                | 6      | 2026-02-09 |       | 2026-07-03 | 16 20    |
2026-003 | social_assistance | participatiewet    | 3      | 2026-05-04 | 42    | 2 months   | 20 24    |
2026-004 | sheltered_work    | banenafspraak      | 6      | 2026-02-16 | 28    | 5 months   | 24 20    | 50
2026-004 | youth             | bol                | 6      | 2026-02-09 |       | 2026-07-10 | 20 24    |
2026-004 | youth             | pro-vso-entree     | 3      | 2026-03-16 | 14    | 4 months   | 16       |
2026-004 | youth             | bbl                | 3      | 2026-08-24 |       | 2027-07-16 | 32       | 50
2026-004 | social_assistance | participatiewet    | 7      | 2026-02-23 | 35    | 2 months   | 20 24 28 |
2026-004 | uwv               | ww                 | 2      | 2026-05-11 | 49    | 3 months   | 28 32    |
2026-006 | sheltered_work    | banenafspraak      | 3      | 2026-03-02 | 56    | 3 months   | 16       | 50
2026-006 | youth             | bol                | 5      | 2026-02-16 |       | 2026-06-26 | 16       |
2026-006 | social_assistance | participatiewet    | 3      | 2026-04-06 | 56    | 2 months   | 16 20    |
2026-006 | uwv               | ww                 | 1      | 2026-09-14 |       | 2 months   | 24       |
2026-008 | sheltered_work    | banenafspraak      | 3      | 2026-02-09 | 35    | 6 months   | 28 24    | 60
2026-008 | youth             | bbl-to-2           | 3      | 2026-02-02 |       | 2026-07-17 | 32       |
2026-008 | youth             | internship         | 3      | 2026-02-09 |       | 2026-07-03 | 32       |
2026-008 | youth             | internship-pro-vso | 2      | 2026-03-02 |       | 4 months   | 24       |
2026-008 | social_assistance | participatiewet    | 3      | 2026-03-09 | 56    | 3 months   | 28 24    |
2026-008 | uwv               | wia                | 1      | 2026-04-20 |       | 4 months   | 24       |
2026-010 | youth             | bol                | 2      | 2026-03-02 |       | 2026-07-17 | 24       |
2026-010 | youth             | bbl                | 1      | 2026-03-02 |       |            | 32       | 50
2026-010 | social_assistance | participatiewet    | 2      | 2026-04-13 | 63    | 2 months   | 24 28    |
2026-010 | uwv               | ww                 | 1      | 2026-06-15 |       | 3 months   | 28       |
2026-012 | sheltered_work    | banenafspraak      | 3      | 2026-03-09 | 28    | 6 months   | 24       | 50
2026-012 | youth             | bol                | 4      | 2026-03-02 |       | 2026-07-17 | 24 28    |
2026-012 | youth             | bbl                | 1      | 2026-08-31 |       | 2027-07-16 | 32       |
2026-012 | social_assistance | participatiewet    | 3      | 2026-04-20 | 42    | 2 months   | 24 20    |
2026-014 | social_assistance | work-experience    | 2      | 2026-04-13 | 63    | 3 months   | 16 20    |
2026-014 | social_assistance | pw-gt2             | 2      | 2026-06-01 | 77    | 2 months   | 20       |
2026-014 | uwv               | ww-lt1             | 1      | 2026-07-06 |       | 3 months   | 32       |
2026-015 | youth             | pro-vso-entree     | 1      | 2026-05-11 |       | 3 months   | 24       |
2026-015 | uwv               | ww                 | 2      | 2026-05-04 | 42    | 4 months   | 32       |
2026-017 | sheltered_work    | banenafspraak      | 2      | 2026-04-06 | 14    | 7 months   | 28       | 50
2026-017 | youth             | bol                | 1      | 2026-04-13 |       | 2026-09-25 | 24       |
2026-019 | services          | banenafspraak      | 8      | 2026-05-04 | 7     |            | 20 24    | 5
2026-019 | sheltered_work    | banenafspraak      | 4      | 2026-05-18 | 28    | 3 months   | 20       | 50
2026-021 | youth             | bbl                | 2      | 2026-03-09 |       | 2027-07-16 | 32       |
2026-021 | youth             | bol                | 4      | 2026-03-02 |       | 2026-07-17 | 24       |
2026-021 | social_assistance | participatiewet    | 5      | 2026-03-30 | 35    | 2 months   | 24 28    |
2026-024 | youth             | bbl                | 2      | 2026-08-31 |       | 2027-07-16 | 32       | 50
2026-024 | youth             | pro-vso-entree     | 3      | 2026-09-07 |       | 2027-02-26 | 24       |
2026-024 | social_assistance | participatiewet    | 3      | 2026-06-15 | 49    | 2 months   | 20       |
"""

# W-1042, W-1077, W-1081 and W-1090 are those of example A1. The others are here for what is special about them: hours
# that change, a leave, a bonus, a subsidy, or that they are not approved.
SINGLE = """
contract | reference | block           | starts_on  | ends_on    | status    | programme
2023-011 | W-0101    | pw-lt2          | 2025-09-01 | 2026-02-28 | approved  | social_assistance
2023-011 | W-0102    | ww-lt1          | 2026-04-01 | 2026-06-30 | approved  | uwv
2023-019 | W-0201    | bbl             | 2026-01-05 | 2026-05-31 | approved  | youth
2024-007 | W-0391    | banenafspraak   | 2026-06-01 |            | submitted | sheltered_work
2024-007 | W-0392    | participatiewet | 2026-07-06 |            | submitted | social_assistance
2024-007 | W-0393    | bbl             | 2026-08-24 | 2027-07-16 | submitted | youth
2024-015 | W-0401    | wia             | 2026-02-16 | 2026-08-14 | approved  | uwv
2024-021 | W-0501    | bbl             | 2026-01-05 | 2026-07-03 | approved  | youth
2025-002 | W-0601    | ww              | 2026-03-02 | 2026-05-29 | approved  | uwv
2025-002 | W-0602    | ww              | 2026-04-13 | 2026-07-10 | approved  | uwv
2025-002 | W-0603    | wia             | 2026-06-01 | 2026-08-28 | approved  | uwv
2025-009 | W-0801    | participatiewet | 2026-02-09 | 2026-09-04 | approved  | social_assistance
2025-014 | W-1042    | participatiewet | 2026-02-01 | 2026-10-31 | approved  | social_assistance
2025-014 | W-1077    | bbl             | 2026-10-12 |            | approved  | youth
2025-014 | W-1081    | banenafspraak   | 2026-09-01 |            | submitted | sheltered_work
2025-014 | W-1090    | wia             | 2024-11-03 |            | submitted | uwv
2025-031 | W-1401    | ww              | 2026-05-11 | 2026-08-07 | approved  | uwv
2025-031 | W-1491    | participatiewet | 2026-11-16 |            | draft     | social_assistance
2025-038 | W-1601    | participatiewet | 2026-03-02 | 2026-05-29 | approved  | social_assistance
2025-038 | W-1691    | banenafspraak   | 2026-10-05 |            | submitted | sheltered_work
2026-004 | W-2091    | bol             | 2026-11-09 | 2027-02-12 | draft     | youth
2026-008 | W-2201    | participatiewet | 2026-02-02 |            | approved  | social_assistance
2026-012 | W-2491    | ww              | 2026-09-14 | 2027-03-12 | submitted | uwv
2026-017 | W-2701    | participatiewet | 2026-06-01 | 2026-09-25 | approved  | social_assistance
2026-021 | W-2991    | nug             | 2026-01-19 | 2026-04-17 | submitted | other
"""

HOURS_AND_MORE = """
contract | reference | hours_per_week                            | bonuses               | share | subsidy_until
2023-011 | W-0101    | 36                                        |                       |       |
2023-011 | W-0102    | 24                                        |                       |       |
2023-019 | W-0201    | 32                                        |                       |       |
2024-007 | W-0391    | 20                                        |                       |       |
2024-007 | W-0392    | 24                                        | bonus-status-language |       |
2024-007 | W-0393    | 32                                        |                       |       |
2024-015 | W-0401    | 12; 2026-04-01: 20; 2026-06-01: 24        |                       |       |
2024-021 | W-0501    | 24; 2026-04-06: 32                        |                       |       |
2025-002 | W-0601    | 28                                        | bonus-50plus          |       |
2025-002 | W-0602    | 32                                        |                       |       |
2025-002 | W-0603    | 16; 2026-07-06: 20                        |                       |       |
2025-009 | W-0801    | 24; 2026-07-06: 0; 2026-08-03: 24         | bonus-status-language |       |
2025-014 | W-1042    | 28.8                                      |                       |       |
2025-014 | W-1077    | 32                                        |                       |       |
2025-014 | W-1081    | 20                                        |                       |       |
2025-014 | W-1090    | 16                                        |                       |       |
2025-031 | W-1401    | 28                                        | bonus-50plus          |       |
2025-031 | W-1491    | 24                                        |                       |       |
2025-038 | W-1601    | 24                                        | bonus-status-language |       |
2025-038 | W-1691    | 20                                        |                       | 60    |
2026-004 | W-2091    | 16                                        |                       |       |
2026-008 | W-2201    | 24; 2026-06-01: 28                        | bonus-limitation      |       | 2027-01-31
2026-012 | W-2491    | 32                                        | bonus-50plus          |       |
2026-017 | W-2701    | 28                                        | bonus-permanent       |       |
2026-021 | W-2991    | 20                                        |                       |       |
"""

GROUPS = rows_of(CAME_TOGETHER)
TOLD_ONE_BY_ONE = joined(rows_of(SINGLE), rows_of(HOURS_AND_MORE), ("contract", "reference"))
