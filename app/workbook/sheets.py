"""The workbook as data: its sheets, their columns in English and in Dutch, what each may hold.

The English headings are the names that code, dossiers and papers use. A column is required where its heading carries a
star. `docs/workbook.md` lists the same for people; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from app.rules.dossier import Base, Programme, Status
from app.rules.ladder import Level
from app.rules.tables import Kind as ContractKind
from app.workbook.kinds import (
    Amount,
    Choice,
    Day,
    Email,
    HoursSeries,
    Identifier,
    Kind,
    KvkNumber,
    Named,
    Percentage,
    Quantity,
    Several,
    Text,
    YesOrNo,
    normal,
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its English name (that of the code), its Dutch one, and what stands in the template beside it."""

    name: str
    dutch: str
    kind: Kind
    note: Any
    required: bool = False
    also: tuple[str, ...] = ()
    """Other headings that people use for it."""

    @property
    def named(self) -> Named:
        return Named(self.name, self.dutch)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; `key` names it in faults of the rule book and in code."""

    key: str
    named: Named
    columns: tuple[Column, ...]


def _choice(dutch: Mapping[StrEnum, str]) -> Choice:
    return Choice({member: Named(member.value, word) for member, word in dutch.items()})


LEVEL = _choice({level: level.value for level in Level})
CONTRACT_KIND = _choice(
    {
        ContractKind.MAINTENANCE: "onderhoud",
        ContractKind.RENOVATION: "renovatie",
        ContractKind.NEW_BUILD: "nieuwbouw",
        ContractKind.PAINTING: "schilderwerk",
        ContractKind.SERVICES: "diensten",
        ContractKind.SUPPLIES: "leveringen",
    }
)
BASE = _choice({Base.CONTRACT_SUM: "opdrachtsom", Base.WAGE_SUM: "loonsom", Base.TURNOVER: "omzet"})
PROGRAMME = _choice(
    {
        Programme.SHELTERED_WORK: "beschut werk",
        Programme.SOCIAL_ASSISTANCE: "bijstand",
        Programme.YOUTH: "jongeren",
        Programme.UWV: "UWV",
        Programme.SERVICES: "via diensten",
        Programme.OTHER: "overig",
    }
)
STATUS = _choice(
    {
        Status.DRAFT: "concept",
        Status.SUBMITTED: "ingediend",
        Status.APPROVED: "goedgekeurd",
        Status.REJECTED: "afgewezen",
    }
)

CODE = Identifier(64)
REFERENCE = Text(100)
CONTRACT = Column("contract", "overeenkomst", Identifier(), _l("Number of the contract"), required=True)
BLOCK = Column(
    "block", "bouwblok", CODE, _l("Code of a block in the contract's table"), required=True, also=("bouwsteen",)
)
STATUS_COLUMN = Column(
    "status", "status", STATUS, _l("How far it is. Approved here means: approved on import"), required=True
)

SUPPLIERS = Sheet(
    "suppliers",
    Named("Suppliers", "Leveranciers"),
    (
        Column("kvk", "KvK", KvkNumber(), _l("KvK number, eight digits"), required=True),
        Column("name", "naam", Text(200), _l("What you call the company"), required=True),
        Column("city", "plaats", Text(100), _l("Where it is established")),
        Column("email", "e-mail", Email(), _l("General address of the company")),
    ),
)
CERTIFICATES = Sheet(
    "certificates",
    Named("Certificates", "Certificaten"),
    (
        Column(
            "kvk", "KvK", Several(KvkNumber()), _l("KvK numbers that it covers, separated by commas"), required=True
        ),
        Column("number", "nummer", Identifier(), _l("Number on the certificate"), required=True),
        Column("level", "trede", LEVEL, _l("Level on the ladder"), required=True),
        Column("thirty_plus", "30+", YesOrNo(), _l("The mark 30+: yes or no")),
        Column("valid_from", "geldig vanaf", Day(), _l("First day"), required=True),
        Column("valid_until", "geldig tot en met", Day(), _l("Last day, at most two years later"), required=True),
        Column("withdrawn_on", "ingetrokken op", Day(), _l("Day from which it no longer counts")),
        Column(
            "checked_on",
            "gecontroleerd op",
            Day(),
            _l("Day on which you found it in the public register; else it counts for nothing"),
        ),
    ),
)
CONTRACTS = Sheet(
    "contracts",
    Named("Contracts", "Overeenkomsten"),
    (
        Column("number", "nummer", Identifier(), _l("Your number of the contract"), required=True),
        Column("title", "titel", Text(300), _l("What the contract is about"), required=True),
        Column("kvk", "KvK", KvkNumber(), _l("KvK number of the supplier"), required=True),
        Column("kind", "soort", CONTRACT_KIND, _l("Kind of work")),
        Column("published_on", "aangekondigd op", Day(), _l("Day on which the tender was published")),
        Column("awarded_on", "gegund op", Day(), _l("Day of the award")),
        Column("starts_on", "begindatum", Day(), _l("First day"), required=True),
        Column("ends_on", "einddatum", Day(), _l("Last day as first agreed"), required=True),
        Column("contract_sum", "opdrachtsom", Amount(), _l("Euro, excluding VAT, as first agreed"), required=True),
        Column("base", "grondslag", BASE, _l("What the percentage is taken of; empty: the contract sum")),
        Column("base_amount", "grondslagbedrag", Amount(), _l("Euro, when it is not the contract sum")),
        Column("percentage", "percentage", Percentage(), _l("Percentage for social return: 5 is 5%"), required=True),
        Column(
            "rate_table",
            "bouwblokkentabel",
            CODE,
            _l("Id of the table, like utrecht-2024"),
            required=True,
            also=("tarieventabel",),
        ),
        Column("policy", "regeling", CODE, _l("Id of the policy, like level-2-exempts"), required=True),
        Column(
            "activity_cap",
            "maximum activiteiten",
            Percentage(),
            _l("Percentage of the gross obligation; empty: no cap"),
        ),
        Column("project_leader", "projectleider", Email(), _l("E-mail address of a project leader who can log in")),
    ),
)
AMENDMENTS = Sheet(
    "amendments",
    Named("Amendments", "Wijzigingen"),
    (
        CONTRACT,
        Column("reference", "kenmerk", REFERENCE, _l("Your own; without one it is known by its effective day")),
        Column("effective_on", "ingangsdatum", Day(), _l("Day from which it holds"), required=True),
        Column("new_end", "nieuwe einddatum", Day(), _l("When the last day changes")),
        Column(
            "amount",
            "bedrag",
            Amount(),
            _l("Euro, excluding VAT; less work with a minus; 0 is possible"),
            required=True,
        ),
        Column("description", "omschrijving", Text(2000), _l("What changes")),
    ),
)
PLACEMENTS = Sheet(
    "placements",
    Named("Placements", "Plaatsingen"),
    (
        CONTRACT,
        Column("reference", "kenmerk", REFERENCE, _l("Unique in the contract, activities included"), required=True),
        Column(
            "person",
            "persoonskenmerk",
            REFERENCE,
            _l("The supplier's own key of the person: no name, no BSN"),
            required=True,
        ),
        BLOCK,
        Column("starts_on", "begindatum", Day(), _l("First day"), required=True),
        Column("ends_on", "einddatum", Day(), _l("Last day; empty: still running")),
        Column(
            "hours_per_week",
            "uren per week",
            HoursSeries(),
            _l("A number, or a series: 20; 2025-05-01: 32"),
            required=True,
        ),
        Column("bonuses", "bonussen", Several(CODE), _l("Codes of bonuses, separated by commas")),
        Column("employer", "werkgever", Text(200), _l("Organisation where the person works, never a person")),
        Column("share", "aandeel", Percentage(), _l("Percent of the employment for this contract; empty: 100")),
        Column("subsidy_until", "subsidie tot en met", Day(), _l("Last day of a wage-cost subsidy")),
        Column("programme", "programma", PROGRAMME, _l("By which way the person came; empty: other")),
        STATUS_COLUMN,
    ),
)
ACTIVITIES = Sheet(
    "activities",
    Named("Activities", "Activiteiten"),
    (
        CONTRACT,
        Column("reference", "kenmerk", REFERENCE, _l("Unique in the contract, placements included"), required=True),
        BLOCK,
        Column("on", "datum", Day(), _l("Day of the invoice or of the activity"), required=True),
        Column("amount", "bedrag", Amount(), _l("Euro, excluding VAT: of the invoice, or as agreed")),
        Column("quantity", "aantal", Quantity(), _l("Number of hours or days")),
        Column("description", "omschrijving", Text(2000), _l("What it was; no names of people")),
        STATUS_COLUMN,
    ),
)

SHEETS: tuple[Sheet, ...] = (SUPPLIERS, CERTIFICATES, CONTRACTS, AMENDMENTS, PLACEMENTS, ACTIVITIES)
NOTES = Named("Notes", "Toelichting")
"""A sheet of the template that is for people; the import leaves it alone."""


def sheet_named(name: str) -> Sheet | None:
    """The sheet of that English or Dutch name, however it is written."""
    wanted = normal(name)
    return next((sheet for sheet in SHEETS if wanted in _names(sheet.named)), None)


def column_named(sheet: Sheet, heading: str) -> Column | None:
    """The column with that English or Dutch heading, with or without the star of a required one."""
    wanted = normal(heading.rstrip().removesuffix("*"))
    return next((column for column in sheet.columns if wanted in _names(column.named, *column.also)), None)


def is_notes(name: str) -> bool:
    return normal(name) in _names(NOTES)


def _names(named: Named, *others: str) -> frozenset[str]:
    return frozenset(map(normal, (named.english, named.dutch, *others)))
