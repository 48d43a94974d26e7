"""What the demo's suppliers contributed besides people: purchases, hours, agreed work. I-0031 is of example A1."""

from __future__ import annotations

from app.demo.tables import rows_of

WAITING = frozenset({"I-0015", "I-0033"})
"""Those that are submitted; the others are approved."""

CONTRIBUTED = rows_of("""
contract | reference | block                | on         | amount   | quantity | description
2023-011 | I-0001    | sw-purchase          | 2026-05-21 | 2250.00  |          | Schoonmaak liftcabines
2023-019 | I-0002    | sw-purchase          | 2025-10-09 | 1908.77  |          | Sorteren en afvoeren sanitair
2023-019 | I-0003    | activity-hours       | 2025-11-26 |          | 16       | Gastlessen op het praktijkonderwijs
2024-007 | I-0004    | initiative-hours     | 2026-03-13 |          | 24       | Buurthuis De Helftheuvel geschilderd
2024-015 | I-0005    | social-purchase      | 2026-04-02 | 3180.00  |          | Lunch bouwplaats, sociale onderneming
2025-002 | I-0006    | social-purchase      | 2025-09-18 | 6420.00  |          | Wasserij bedrijfskleding
2025-002 | I-0007    | social-purchase      | 2026-02-19 | 6735.50  |          | Wasserij bedrijfskleding
2025-002 | I-0008    | development          | 2026-05-07 | 4000.00  |          | Praktijkverklaring onderhoudsmedewerker
2025-009 | I-0009    | social-purchase      | 2025-06-12 | 14880.00 |          | Inrichting modelwoning
2025-009 | I-0010    | social-purchase      | 2025-11-20 | 9640.25  |          | Catering en ketenpark
2025-009 | I-0011    | mobility             | 2026-01-15 | 3600.00  |          | Busje van en naar het werkbedrijf
2025-009 | I-0012    | social-purchase      | 2026-03-26 | 12175.00 |          | Houten trappen en meterkasten
2025-009 | I-0013    | development          | 2026-06-04 | 7500.00  |          | VCA en taalles op de werkplek
2025-009 | I-0014    | social-purchase      | 2026-09-17 | 8940.75  |          | Catering en ketenpark
2025-009 | I-0015    | initiative-hours     | 2026-10-22 |          | 36       | Speeltuin Muntelpark opgeknapt
2025-014 | I-0031    | social-purchase      | 2026-06-18 | 11183.95 |          | Steigerdoek en drukwerk, werkbedrijf
2025-017 | I-0016    | initiative-hours     | 2026-04-24 |          | 8        | Open dag techniek
2025-022 | I-0017    | social-purchase      | 2026-05-28 | 1640.00  |          | Nestkasten en bloembakken
2025-031 | I-0018    | social-purchase      | 2025-12-04 | 2890.00  |          | Kerstpakketten, sociale onderneming
2025-034 | I-0019    | social-purchase-half | 2026-02-12 | 5200.00  |          | Hergebruik kozijnen en deuren
2025-038 | I-0020    | social-purchase      | 2026-04-16 | 5310.00  |          | Bewonersboekjes en bezorging
2026-002 | I-0021    | social-purchase      | 2026-05-13 | 2740.00  |          | Steigerdoek, werkbedrijf
2026-003 | I-0022    | development          | 2026-06-25 | 5000.00  |          | Leerlijn slopen en strippen
2026-004 | I-0023    | social-purchase      | 2026-06-11 | 7925.00  |          | Bouwplaatsinrichting
2026-006 | I-0024    | initiative-hours     | 2026-09-10 |          | 12       | Reparatiecafé Oost
2026-008 | I-0025    | training-costs       | 2026-05-21 | 3450.00  |          | Vakopleiding glaszetten
2026-010 | I-0026    | social-purchase      | 2026-04-09 | 9800.00  |          | Montageframes, werkbedrijf
2026-010 | I-0027    | social-purchase      | 2026-07-16 | 6150.00  |          | Montageframes, werkbedrijf
2026-010 | I-0028    | initiative-hours     | 2026-10-01 |          | 10       | Energiecafé in de wijk
2026-012 | I-0029    | mobility             | 2026-06-18 | 1800.00  |          | Elektrische fietsen voor vier mensen
2026-014 | I-0030    | social-purchase      | 2026-08-20 | 2360.00  |          | Verhuisdozen en inpakhulp
2026-017 | I-0032    | social-purchase      | 2026-08-27 | 2980.00  |          | Schoonmaak trappenhuizen
2026-021 | I-0033    | development          | 2026-09-24 | 3200.00  |          | Leerlijn houtrotherstel
2026-024 | I-0034    | initiative-hours     | 2026-10-15 |          | 20       | Fietsenstalling buurtschool
""")

ACTIVITIES = [row | {"status": "submitted" if row["reference"] in WAITING else "approved"} for row in CONTRIBUTED]
