"""The statement of a supplier over a year: all its contracts at the corporation, as of one day.

`dossiers.json` has the facts of every contract that runs in the year; `assessments.json` what the rule book makes of
them as of the day, and what of it was credited in the year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.rules import Dossier
from app.rules.annual import period_of
from app.rules.assessment import Standing
from app.rules.assessment_json import assessment_to_json
from app.rules.dates import Period
from app.rules.dossier_json import canonical, dossier_from_json
from app.rules.in_period import InPeriod, in_period
from app.rules.ladder import Certificate
from app.statements import wording
from app.statements.contents import Contents, Entry
from app.statements.paper import INK, Documents, Imprint, Paper, read_canonical
from app.web.errors import Invalid
from app.web.formats import day_long
from app.web.words import STANDINGS, word

DOSSIERS, ASSESSMENTS = "dossiers.json", "assessments.json"
DOSSIERS_SCHEMA, ASSESSMENTS_SCHEMA = "dossiers/1", "assessments/1"
SUMS = (
    "gross_cents",
    "exempted_cents",
    "net_cents",
    "due_cents",
    "credited_cents",
    "pending_cents",
    "remaining_cents",
)
# Does something remain on contracts that run, is something short on contracts that have ended?
VERDICTS = {
    (True, False): _l(
        "On %(day)s %(supplier)s still has %(remaining)s of social return to provide, of %(net)s net on its contracts"
        " that run in %(of)s; %(year)s was credited in %(of)s."
    ),
    (True, True): _l(
        "On %(day)s %(supplier)s still has %(remaining)s of social return to provide on its running contracts, and is"
        " %(short)s short on contracts that ended in %(of)s; %(year)s was credited in %(of)s."
    ),
    (False, True): _l(
        "On %(day)s %(supplier)s is %(short)s short on contracts that ended in %(of)s; %(year)s of social return was"
        " credited in %(of)s."
    ),
    (False, False): _l(
        "On %(day)s %(supplier)s has no social return left to provide on its contracts that run in %(of)s; %(year)s was"
        " credited in %(of)s."
    ),
}
WORST_FIRST = (
    (Standing.SHORTFALL, "#9c2418"),
    (Standing.BEHIND, "#7a4a00"),
    (Standing.ON_TRACK, "#1b6b3f"),
    (Standing.FULFILLED, "#1b6b3f"),
)


@dataclass(frozen=True, slots=True)
class SupplierPaper(Paper):
    """What the documents mean: the period, and each contract in it, by number."""

    days: Period
    contracts: tuple[InPeriod, ...]

    NEEDED: ClassVar[tuple[str, ...]] = (DOSSIERS, ASSESSMENTS)
    TEMPLATE: ClassVar[str] = "pdf/supplier.html"
    TITLE: ClassVar[Any] = _l("Social return statement of a supplier %(number)s")

    @classmethod
    def read(cls, imprint: Imprint, documents: Documents) -> Self:
        days, dossiers = period_of(imprint.on.year, imprint.on), _dossiers(documents[DOSSIERS])
        contracts = tuple(in_period(each, days) for each in dossiers)
        if figures_json(days, contracts) != documents[ASSESSMENTS]:
            raise Invalid("statement_figures_differ", figures=ASSESSMENTS)
        return cls(imprint, documents, days, contracts)

    @property
    def supplier_name(self) -> str:
        return self.contracts[0].dossier.parties.supplier_name

    @property
    def about(self) -> str:
        return str(_("%(supplier)s in %(year)s", supplier=self.supplier_name, year=self.days.first.year))

    @property
    def kvk(self) -> str:
        return self.contracts[0].dossier.parties.corporation

    @property
    def corporation_name(self) -> str:
        parties = self.contracts[0].dossier.parties
        return parties.corporation_name or parties.corporation

    @property
    def standings(self) -> Mapping[Standing, int]:
        """How many contracts stand so, in the order of the states."""
        found = [each.at.status for each in self.contracts]
        return {each: found.count(each) for each in Standing if each in found}

    @property
    def ink(self) -> str:
        """That of the worst state, where an excused shortfall is none."""
        is_excused = self.short_cents() == self.short_cents(excused=True)
        told = set(self.standings) - ({Standing.SHORTFALL} if is_excused else set())
        return next((ink for standing, ink in WORST_FIRST if standing in told), INK)

    @property
    def verdict(self) -> str:
        totals, short = self.totals, self.short_cents()
        remaining, behind = totals["remaining_cents"] - short, self.standings.get(Standing.BEHIND, 0)
        said = str(VERDICTS[bool(remaining), bool(short)]) % {
            "supplier": self.supplier_name,
            "day": day_long(self.imprint.on),
            "of": self.days.first.year,
            "year": wording.rounded(totals["credited_in_period_cents"]),
            "net": wording.rounded(totals["net_cents"]),
            "remaining": wording.rounded(remaining),
            "short": wording.rounded(short),
        }
        also = ngettext("%(num)d contract is behind.", "%(num)d contracts are behind.", behind) if behind else ""
        return f"{said} {also}".rstrip()

    def short_cents(self, *, excused: bool = False) -> int:
        """What is short on contracts that have ended: of all of them, or of those for which the supplier is excused."""
        ended = (each for each in self.contracts if each.at.status is Standing.SHORTFALL)
        return sum(each.at.remaining_cents for each in ended if each.dossier.terms.excused or not excused)

    @property
    def totals(self) -> Mapping[str, int]:
        return totals_of(self.contracts)

    def values(self) -> Mapping[str, Any]:
        return {
            "totals": self.totals,
            "wording": wording,
            "word": word,
            "standing_words": {standing: str(state.word) for standing, state in STANDINGS.items()},
            "entries": {each.at.contract: _entries(each) for each in self.contracts},
            "pending": {each.at.contract: Contents(each.dossier, each.at).pending for each in self.contracts},
            "tables": list({each.dossier.rate_table.id: each.dossier.rate_table for each in self.contracts}.values()),
            "policies": list({each.dossier.policy.id: each.dossier.policy for each in self.contracts}.values()),
            "certificates": _certificates(self.contracts),
        }

    def contents(self) -> Mapping[str, tuple[str, str]]:
        return {
            DOSSIERS: (_("the facts of each contract, as recorded"), "Source"),
            ASSESSMENTS: (_("the figures of each contract, with every step"), "Data"),
        }


def facts_json(written: Sequence[Any]) -> bytes:
    """The document of the facts: dossiers as plain JSON values, in the order of their contracts' numbers."""
    return canonical({"schema": DOSSIERS_SCHEMA, "dossiers": list(written)})


def figures_json(days: Period, contracts: Sequence[InPeriod]) -> bytes:
    """The document of the figures."""
    return canonical(
        {
            "schema": ASSESSMENTS_SCHEMA,
            "from": days.first.isoformat(),
            "on": days.last.isoformat(),
            "totals": dict(totals_of(contracts)),
            "contracts": [
                {
                    "assessment": assessment_to_json(each.at),
                    "credited_in_period_cents": each.credited_cents,
                    "contributions_in_period": dict(each.credited_by_reference),
                }
                for each in contracts
            ],
        }
    )


def totals_of(contracts: Sequence[InPeriod]) -> Mapping[str, int]:
    """The sums over the contracts, in cents. What remains is never less for another contract's surplus."""
    sums = {name: sum(getattr(each.at, name) for each in contracts) for name in SUMS}
    return sums | {"credited_in_period_cents": sum(each.credited_cents for each in contracts)}


def _entries(contract: InPeriod) -> list[tuple[Entry, int]]:
    """The contributions that were credited something in the period, and how much."""
    groups = Contents(contract.dossier, contract.at).credited
    entries = [entry for group in groups for entry in group.entries]
    amounts = contract.credited_by_reference
    return [(entry, amounts[entry.reference]) for entry in entries if amounts[entry.reference]]


def _certificates(contracts: Sequence[InPeriod]) -> list[Certificate]:
    """The PSO certificates of all contracts, each once."""
    found = {(each.number, each.valid_from): each for it in contracts for each in it.dossier.certificates}
    return [found[key] for key in sorted(found, key=lambda key: (key[1], key[0]))]


def _dossiers(written: bytes) -> list[Dossier]:
    """The dossiers of one supplier at one corporation, each contract once. Errors: `Invalid`; RuleError."""
    document = read_canonical(written, DOSSIERS)
    try:
        if document["schema"] != DOSSIERS_SCHEMA:
            raise ValueError("another schema")
        found = list(document["dossiers"])
    except (KeyError, TypeError, ValueError):
        raise Invalid("statement_attachment_unreadable", name=DOSSIERS) from None
    dossiers = [dossier_from_json(each) for each in found]
    parties = {(each.parties.corporation, each.terms.kvk) for each in dossiers}
    if len(parties) != 1 or len({each.terms.number for each in dossiers}) != len(dossiers):
        raise Invalid("statement_attachment_unreadable", name=DOSSIERS)
    return dossiers
