"""Who is who in the demo. All are invented; the KvK numbers begin with 9999, so that no real company is meant."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from app.accounts.models import Role
from app.demo.tables import rows_of

CORPORATION_KVK = "99990000"
CORPORATION = "Woningcorporatie Diezeborg"
PARTNER = "Werkbedrijf De Dieze"
"""The sheltered-work company: it employs most people of the programme, and supplies services itself."""

PASSWORD = "wederdienst-demo"  # noqa: S105 (known to everybody; production.py refuses to start while it opens anything)


class DemoUser(NamedTuple):
    """Somebody who can log in; a supplier's `supplier_kvk` says of which company."""

    email: str
    name: str
    role: Role
    supplier_kvk: str | None = None
    ends_on: date | None = None


ADMINISTRATOR = DemoUser("beheer@demo.example", "B. van den Heuvel", Role.ADMINISTRATOR)
LEADER = DemoUser("projectleider@demo.example", "J. Hendriks", Role.PROJECT_LEADER)
SECOND_LEADER = DemoUser("projectleider2@demo.example", "M. de Wit", Role.PROJECT_LEADER)
SUPPLIER = DemoUser("leverancier@demo.example", "R. van Asten", Role.SUPPLIER, supplier_kvk="99990001")
AUDITOR = DemoUser("auditor@demo.example", "S. Akkermans", Role.AUDITOR, ends_on=date(2099, 12, 31))
ASSESSOR = DemoUser("beoordelaar@demo.example", "N. Aydin", Role.ASSESSOR, ends_on=date(2099, 12, 31))

STAFF = (ADMINISTRATOR, LEADER, SECOND_LEADER)
GUESTS = (SUPPLIER, AUDITOR, ASSESSOR)
"""They are let in once the suppliers are known."""

SUPPLIERS = rows_of("""
kvk      | name                              | city         | email
99990001 | Schildersbedrijf Van Asten        | Den Bosch    | kantoor@vanasten.example
99990002 | Dakwerken De Linde                | Rosmalen     | info@dakwerkendelinde.example
99990003 | Gebroeders Smits                  | Vlijmen      | planning@gebroederssmits.example
99990004 | Bouwbedrijf Kuijpers              | Berlicum     | projecten@bouwkuijpers.example
99990005 | Groenrijk Diezedal                | Den Bosch    | groen@diezedal.example
99990006 | Installatie Maasland              | Oss          | service@installatiemaasland.example
99990007 | Stijglift Brabant                 | Veghel       | onderhoud@stijgliftbrabant.example
99990008 | Werkbedrijf De Dieze              | Den Bosch    | aanmelden@werkbedrijfdedieze.example
99990009 | Onderhoudsgroep Het Zand          | Den Bosch    | socialreturn@hetzand.example
99990010 | Aannemersbedrijf Verhoef en Zonen | Schijndel    | bureau@verhoefenzonen.example
99990011 | Bouwgroep De Binnendieze          | Den Bosch    | personeel@binnendieze.example
99990012 | Glasservice Maaspoort             | Den Bosch    | balie@glasmaaspoort.example
99990013 | Schoonmaakbedrijf Helder          | Rosmalen     | rayon@schoonhelder.example
99990014 | Stukadoorsbedrijf Orthen          | Den Bosch    | info@stucorthen.example
99990015 | Rioolservice De Aa                | Den Dungen   | storing@rioolservicedeaa.example
99990016 | Gevelrenovatie De Pettelaar       | Den Bosch    | werkvoorbereiding@gevelpettelaar.example
99990017 | Elektrotechniek Hintham           | Rosmalen     | info@elektrohintham.example
99990018 | Warmtetechniek Engelen            | Engelen      | service@warmteengelen.example
99990019 | Kozijnen Rosmalen                 | Rosmalen     | fabriek@kozijnenrosmalen.example
99990020 | Sloopwerken Empel                 | Empel        | kantoor@sloopempel.example
99990021 | Isolatiebedrijf De Kaai           | Den Bosch    | info@isolatiedekaai.example
99990022 | Timmerfabriek De Schaaf           | Vught        | werkplaats@deschaaf.example
99990023 | Hoveniers De Moerputten           | Vlijmen      | buiten@moerputten.example
99990024 | Verhuisservice De Bossche Broek   | Den Bosch    | planning@verhuisbroek.example
99990025 | Zonnedak Meierij                  | Boxtel       | montage@zonnedakmeierij.example
99990026 | Steigerbouw Kruiskamp             | Den Bosch    | verhuur@steigerkruiskamp.example
99990027 | Schildersbedrijf Den Dungen       | Den Dungen   | info@schilderdendungen.example
99990028 | Klimaattechniek Bolduc            | Den Bosch    | beheer@klimaatbolduc.example
""")

# Van Asten's was withdrawn. De Linde climbed to level 2 halfway, and its certificate ends on 15 December 2026; two more
# end within 90 days of 24 November 2026. That of De Schaaf has not been checked, so it counts for nothing.
CERTIFICATES = rows_of("""
kvk                | number        | level    | thirty_plus | valid_from | valid_until | withdrawn_on | checked_on
99990001           | PSO-2025-0103 | 2        | no          | 2025-01-01 | 2026-12-31  | 2025-07-01   | 2025-01-15
99990002           | PSO-2024-0388 | 1        | no          | 2024-12-16 | 2026-12-15  |              | 2025-02-11
99990002           | PSO-2025-0142 | 2        | no          | 2025-06-16 | 2026-12-15  |              | 2025-06-30
99990005           | PSO-2024-0171 | 3        | yes         | 2024-06-01 | 2026-05-31  |              | 2025-01-20
99990005           | PSO-2026-0164 | 3        | yes         | 2026-06-01 | 2028-05-31  |              | 2026-06-08
99990008, 99990029 | PSO-2025-0290 | 3        | yes         | 2025-09-01 | 2027-08-31  |              | 2025-11-17
99990009           | PSO-2026-0071 | 2        | no          | 2026-03-01 | 2028-02-29  |              | 2026-03-09
99990011           | PSO-2025-0041 | 2        | no          | 2025-02-01 | 2027-01-31  |              | 2025-11-24
99990013           | PSO-2025-0206 | basis    | no          | 2025-05-01 | 2027-04-30  |              | 2025-05-12
99990015           | PSO-2025-0377 | 1        | no          | 2025-12-01 | 2027-11-30  |              | 2025-12-08
99990018           | PSO-2023-0312 | 1        | no          | 2023-10-01 | 2025-09-30  |              | 2024-06-03
99990018           | PSO-2025-0318 | 1        | no          | 2025-10-01 | 2027-09-30  |              | 2025-10-06
99990021           | PSO-2025-0331 | 1        | no          | 2025-10-15 | 2027-10-14  |              | 2025-10-20
99990022           | PSO-2026-0255 | 2        | no          | 2026-09-01 | 2028-08-31  |              |
99990023           | PSO-2026-0038 | 1        | yes         | 2026-02-01 | 2028-01-31  |              | 2026-02-16
99990025           | PSO-2026-0019 | aspirant | no          | 2026-01-12 | 2028-01-11  |              | 2026-03-02
99990028           | PSO-2025-0059 | 2        | no          | 2025-02-21 | 2027-02-20  |              | 2025-12-02
""")
