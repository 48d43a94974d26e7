"""The annual report of a corporation: people, effort and obligations of a year, and the trend over the years before.

It is published, so the facts do not go along: `report.json` has a line for each contract with its figures and the hash
of the dossier that they rest on, and the numbers of people as they are shown. Every sum follows from these lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.rules.annual import ContractInYear, People, Sums, period_of, sums_of, years_of
from app.rules.assessment import Standing
from app.rules.dates import Period
from app.rules.dossier import Programme
from app.rules.dossier_json import canonical
from app.rules.small_groups import FEWEST, Shown
from app.rules.tables import Kind
from app.statements import wording
from app.statements.paper import Documents, Imprint, Paper, read_canonical
from app.web.bar_charts import bars_of, stack_of
from app.web.errors import Invalid
from app.web.formats import day_long, euro_short, number
from app.web.words import STANDINGS, word

REPORT, SCHEMA = "report.json", "report/1"
PLACED = _l(
    "In %(year)s, through %(day)s, %(people)s people were placed and %(done)s of social return was done; over the whole"
    " terms of the contracts %(open)s is outstanding."
)
FEW_PLACED = _l(
    "In %(year)s, through %(day)s, %(done)s of social return was done; over the whole terms of the contracts %(open)s"
    " is outstanding."
)
WIDE = 640
AMOUNTS = ("gross_cents", "exempted_cents", "net_cents", "remaining_cents", "credited_cents")
NOT_RECORDED = "-"
"""The kind of a contract that says none, as a key of JSON."""


@dataclass(frozen=True, slots=True)
class Rest:
    """On what a line of the report rests: the SHA-256 of the contract's dossier."""

    contract: ContractInYear
    dossier_sha256: str


@dataclass(frozen=True, slots=True)
class AnnualPaper(Paper):
    """What the document means. `owner` is the corporation's KvK number; `lines` are the contracts of all years of the
    trend, by number."""

    owner: str
    corporation: str
    days: Period
    lines: tuple[Rest, ...]
    people: People

    NEEDED: ClassVar[tuple[str, ...]] = (REPORT,)
    TEMPLATE: ClassVar[str] = "pdf/annual.html"
    TITLE: ClassVar[Any] = _l("Annual report on social return %(number)s")

    @classmethod
    def read(cls, imprint: Imprint, documents: Documents) -> Self:
        document = read_canonical(documents[REPORT], REPORT)
        try:
            if document["schema"] != SCHEMA:
                raise ValueError("another schema")
            days = period_of(imprint.on.year, imprint.on)
            lines, people = tuple(map(_read_line, document["contracts"])), _read_people(document["people"])
            kvk, corporation = str(document["kvk"]), str(document["corporation"])
            again = report_json(kvk, corporation, days, lines, people)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Invalid("statement_attachment_unreadable", name=REPORT) from None
        is_sound = _agree(people, days) and all(_is_sound(each.contract) for each in lines)
        if again != documents[REPORT] or not is_sound:
            raise Invalid("statement_figures_differ", figures=REPORT)
        return cls(imprint, documents, kvk, corporation, days, lines, people)

    @property
    def contracts(self) -> list[ContractInYear]:
        """Those that run in the year."""
        return [each.contract for each in self.lines if each.contract.term.overlap(self.days)]

    @property
    def sums(self) -> Sums:
        return sums_of(self.contracts, self.days)

    @property
    def standings(self) -> Mapping[Standing, int]:
        """How many contracts stand so, in the order of the states."""
        found = [each.status for each in self.contracts]
        return {each: found.count(each) for each in Standing if each in found}

    @property
    def about(self) -> str:
        return str(_("the year %(year)s", year=self.days.first.year))

    @property
    def kvk(self) -> str:
        return self.owner

    @property
    def corporation_name(self) -> str:
        return self.corporation or self.owner

    @property
    def verdict(self) -> str:
        people, sums = self.people.by_programme.total, self.sums
        return str(PLACED if people else FEW_PLACED) % {
            "year": self.days.first.year,
            "day": day_long(self.days.last),
            "people": number(people or 0),
            "done": wording.rounded(sums.in_year_cents),
            "open": wording.rounded(sums.outstanding_cents),
        }

    def values(self) -> Mapping[str, Any]:
        contracts, sums, years = self.contracts, self.sums, years_of(self.days)
        return {
            "year": self.days.first.year,
            "sums": sums,
            "people": self.people,
            "contracts": contracts,
            "wording": wording,
            "word": word,
            "few": FEWEST,
            "standing_words": {standing: str(state.word) for standing, state in STANDINGS.items()},
            "trend": [(year, self.credited_in(year), self.people.by_year[year]) for year in years],
            "trend_bars": bars_of([(str(year), self.credited_in(year)) for year in years], WIDE, euro_short),
            "people_bars": bars_of(
                [(word(each), found) for each, found in self.people.by_programme.numbers.items() if found],
                WIDE,
                number,
            ),
            "obligations": stack_of(
                [
                    (str(_("met")), sums.met_cents),
                    (str(_("exempted")), sums.exempted_cents),
                    (str(_("outstanding")), sums.outstanding_cents),
                ],
                WIDE,
                euro_short,
            ),
            "by_supplier": [
                (name, sums_of(some, self.days), _found(self.people.by_supplier, kvk))
                for kvk, name, some in _by_supplier(contracts)
            ],
            "by_kind": [
                (word(kind) or _("Not recorded"), sums_of(some, self.days), _found(self.people.by_kind, kind))
                for kind, some in _by_kind(contracts)
            ],
            "rests": {each.contract.number: each.dossier_sha256 for each in self.lines},
        }

    def credited_in(self, year: int) -> int:
        return sum(each.contract.credited_by_year[year] for each in self.lines)

    def contents(self) -> Mapping[str, tuple[str, str]]:
        return {REPORT: (_("the figures of each contract, and the numbers as shown"), "Data")}


def report_json(kvk: str, corporation: str, days: Period, lines: Sequence[Rest], people: People) -> bytes:
    """The document of a report."""
    contracts = [each.contract for each in lines]
    return canonical(
        {
            "schema": SCHEMA,
            "kvk": kvk,
            "corporation": corporation,
            "from": days.first.isoformat(),
            "on": days.last.isoformat(),
            "totals": asdict(sums_of(contracts, days)),
            "people": {
                "total": people.by_programme.total,
                "by_programme": {str(each): found for each, found in people.by_programme.numbers.items()},
                "by_supplier": dict(people.by_supplier.numbers),
                "by_kind": {str(each or NOT_RECORDED): found for each, found in people.by_kind.numbers.items()},
                "by_year": {str(year): found for year, found in people.by_year.items()},
            },
            "contracts": [_written(each) for each in lines],
        }
    )


def _written(line: Rest) -> dict[str, Any]:
    it = line.contract
    return {
        "contract": it.number,
        "title": it.title,
        "kind": it.kind and str(it.kind),
        "supplier": it.supplier,
        "supplier_name": it.supplier_name,
        "from": it.term.first.isoformat(),
        "to": it.term.last.isoformat(),
        "status": str(it.status),
        "credited_by_year": {str(year): cents for year, cents in it.credited_by_year.items()},
        "dossier_sha256": line.dossier_sha256,
    } | {name: getattr(it, name) for name in AMOUNTS}


def _read_line(written: Mapping[str, Any]) -> Rest:
    """Errors: KeyError, TypeError or ValueError."""
    kind = written["kind"]
    amounts = {name: _whole(written[name]) for name in AMOUNTS}
    contract = ContractInYear(
        number=str(written["contract"]),
        title=str(written["title"]),
        kind=None if kind is None else Kind(kind),
        supplier=str(written["supplier"]),
        supplier_name=str(written["supplier_name"]),
        term=Period(date.fromisoformat(written["from"]), date.fromisoformat(written["to"])),
        status=Standing(written["status"]),
        credited_by_year={int(year): _whole(cents) for year, cents in written["credited_by_year"].items()},
        **amounts,
    )
    return Rest(contract, str(written["dossier_sha256"]))


def _read_people(written: Mapping[str, Any]) -> People:
    """Errors: KeyError, TypeError or ValueError."""
    total = _number(written["total"])
    tables = {
        name: {key: _number(found) for key, found in written[name].items()}
        for name in ("by_programme", "by_supplier", "by_kind", "by_year")
    }
    return People(
        Shown(_in_order(Programme, tables["by_programme"]), total),
        Shown(tables["by_supplier"], total),
        Shown({None if key == NOT_RECORDED else Kind(key): found for key, found in tables["by_kind"].items()}, total),
        {int(key): found for key, found in tables["by_year"].items()},
    )


def _in_order(groups: Iterable[Programme], table: Mapping[str, int | None]) -> Mapping[Programme, int | None]:
    """Errors: ValueError for a group that is none of these."""
    if not set(table) <= set(map(str, groups)):
        raise ValueError("another group")
    return {each: table[each] for each in groups if each in table}


def _is_sound(contract: ContractInYear) -> bool:
    """Whether the amounts of a line can be those of one contract.

    Each part is rounded, less work too, so gross and exempted may end a cent below nothing.
    """
    is_split = contract.gross_cents == contract.exempted_cents + contract.net_cents
    return is_split and 0 <= contract.remaining_cents <= max(0, contract.net_cents) and contract.credited_cents >= 0


def _agree(people: People, days: Period) -> bool:
    """Whether the tables of people can be those of one total, and show no small group."""
    tables: tuple[Shown[Any], ...] = (people.by_programme, people.by_supplier, people.by_kind)
    numbers = [*people.by_year.values(), *(found for table in tables for found in table.numbers.values())]
    is_coarse = all(not found or found >= FEWEST for found in numbers)
    return is_coarse and people.by_year[days.last.year] == people.by_programme.total and all(map(_adds_up, tables))


def _adds_up(table: Shown[Any]) -> bool:
    found = [each for each in table.numbers.values() if each is not None]
    if table.total is None:
        return not found
    return sum(found) == table.total if len(found) == len(table.numbers) else sum(found) < table.total


def _by_supplier(contracts: Sequence[ContractInYear]) -> list[tuple[str, str, list[ContractInYear]]]:
    """Each supplier's KvK number, name and contracts, by name."""
    names = {each.supplier: each.supplier_name for each in contracts}
    ordered = sorted(names.items(), key=lambda item: (item[1].casefold(), item[0]))
    return [(kvk, name, [each for each in contracts if each.supplier == kvk]) for kvk, name in ordered]


def _by_kind(contracts: Sequence[ContractInYear]) -> list[tuple[Kind | None, list[ContractInYear]]]:
    found = [(kind, [each for each in contracts if each.kind is kind]) for kind in (*Kind, None)]
    return [(kind, some) for kind, some in found if some]


def _found(table: Shown[Any], group: Any) -> int | None:
    """The number of a group; of one that is not in the table it is 0, unless nothing of the table is shown."""
    return table.numbers.get(group, 0 if table.total is not None else None)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


def _number(value: Any) -> int | None:
    return None if value is None else _whole(value)
