"""The form of a contract: its fields in the order in which people know them, and what the corporation has to choose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from app.accounts.models import Corporation, User
from app.contracts.agreement import Agreement
from app.contracts.models import Contract
from app.contracts.queries import leaders_of
from app.rules import RuleError, faults
from app.rules.dossier import Base, Dossier, Parties, Terms
from app.rules.tables import Kind
from app.schemes.models import Policy, RateTable
from app.schemes.queries import other_version_meant, parsed_policy, parsed_table, policies_of, tables_of
from app.schemes.wording import exemption_in_a_line, name_of_version
from app.suppliers.models import SupplierRecord
from app.suppliers.queries import records_of
from app.web import formats, parsing
from app.web.errors import DomainError, Invalid
from app.web.fields import SelectField, Typed, choices_of
from app.web.record_form import RecordForm
from app.web.sentences import sentence
from app.web.words import BASES, KINDS, in_reader_language

LONGEST_NUMBER, LONGEST_TITLE = 100, 300
CONTRIBUTIONS = ("placements", "activities")
DATES_THAT_CHOOSE = {
    "publication": _l("On the day of publication, %(day)s, “%(meant)s” was in force. Look at which one was agreed."),
    "award": _l("On the day of award, %(day)s, “%(meant)s” was in force. Look at which one was agreed."),
    "start": _l("On the first day, %(day)s, “%(meant)s” was in force. Look at which one was agreed."),
}


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose from in a corporation: suppliers by KvK number, schemes by id, leaders by address."""

    corporation: Corporation
    suppliers: Mapping[str, SupplierRecord]
    tables: Mapping[str, RateTable]
    policies: Mapping[str, Policy]
    leaders: Mapping[str, User]

    def defaults(self, me: User, kvk: str | None) -> dict[str, str]:
        """What a new contract begins with: the corporation's own choices, the supplier that was asked, oneself."""
        here = self.corporation
        return {
            "supplier": kvk if kvk and kvk in self.suppliers else "",
            "rate_table": _code_of(here.default_rate_table_id, self.tables.values()),
            "policy": _code_of(here.default_policy_id, self.policies.values()),
            "base": Base.CONTRACT_SUM.value,
            "project_leader": me.email if me.email in self.leaders else "",
        }

    def supplier_words(self) -> dict[str, str]:
        """By name."""
        words = {kvk: f"{each.name} ({kvk})" for kvk, each in self.suppliers.items()}
        return dict(sorted(words.items(), key=lambda pair: pair[1].casefold()))

    def table_choices(self) -> Iterator[SelectChoice]:
        """The versions of each family together, the newest first, under the name of that one."""
        for family in sorted({each.family for each in self.tables.values()}):
            versions = [each for each in self.tables.values() if each.family == family]
            versions.sort(key=lambda each: (each.in_force_from, each.code), reverse=True)
            for each in versions:
                yield SelectChoice(each.code, name_of_version(each), optgroup=versions[0].name)

    def policy_words(self) -> dict[str, str]:
        """The name of each and what it exempts."""
        rows = {code: parsed_policy(row) for code, row in self.policies.items()}
        return {code: f"{in_reader_language(each.name)}: {exemption_in_a_line(each)}" for code, each in rows.items()}


def offered_by(corporation: Corporation, contract: Contract | None = None) -> Offered:
    """What can be chosen for a new contract of the corporation, or for this one."""
    return Offered(
        corporation,
        records_of(corporation),
        tables_of(corporation),
        policies_of(corporation),
        leaders_of(corporation, contract),
    )


class ContractForm(RecordForm):
    """A contract, new or as it is: then `dossier` is what is known of it."""

    SHEET: ClassVar[str | None] = "contracts"
    FIELDS: ClassVar[Mapping[str, str]] = {"kvk": "supplier"}

    number = Typed(
        _l("Number"),
        partial(parsing.text, longest=LONGEST_NUMBER),
        needed=True,
        longest=LONGEST_NUMBER,
        description=_l("As it stands in your own books, for example 2026-014."),
    )
    title = Typed(_l("Title"), partial(parsing.text, longest=LONGEST_TITLE), needed=True, longest=LONGEST_TITLE)
    supplier = SelectField(_l("Supplier"), needed=True)
    kind = SelectField(_l("Kind of contract"), description=_l("Some policies have a threshold for each kind."))
    contract_sum = Typed(
        _l("Contract sum"), parsing.amount, needed=True, description=_l("In euro, excluding VAT: 1,250,000 or 1250.50.")
    )
    percentage = Typed(_l("Percentage"), parsing.percentage, needed=True, description=_l("Of social return; often 5."))
    base = SelectField(_l("Percentage of"), needed=True)
    base_amount = Typed(_l("Wage sum or turnover"), parsing.amount, description=_l("In euro, excluding VAT."))
    starts_on = Typed(_l("First day"), parsing.day, needed=True, description=_l("For example 1-2-2026."))
    ends_on = Typed(_l("Last day"), parsing.day, needed=True, description=_l("Without later extensions."))
    published_on = Typed(_l("Published on, if known"), parsing.day)
    awarded_on = Typed(_l("Awarded on, if known"), parsing.day)
    rate_table = SelectField(_l("Rate table"), needed=True)
    policy = SelectField(_l("Policy"), needed=True)
    activity_cap = Typed(
        _l("Cap on activities, if agreed"),
        parsing.percentage,
        description=_l("At most so many percent of what is owed may be activities."),
    )
    project_leader = SelectField(_l("Project leader"))

    def __init__(
        self, offered: Offered, row: Contract | None = None, dossier: Dossier | None = None, **options: Any
    ) -> None:
        super().__init__(row, **options)
        self.offered, self.dossier = offered, dossier
        self.supplier.choices = choices_of(offered.supplier_words(), _("Choose a supplier"))
        self.kind.choices = choices_of(KINDS, "—")
        self.base.choices = choices_of(BASES)
        self.rate_table.choices = [SelectChoice("", _("Choose a rate table")), *offered.table_choices()]
        self.policy.choices = choices_of(offered.policy_words(), _("Choose a policy"))
        self.project_leader.choices = choices_of({email: who.name for email, who in offered.leaders.items()}, "—")

    @staticmethod
    def typed_from(row: Contract) -> dict[str, Any]:
        return {
            "number": row.number,
            "title": row.title,
            "supplier": row.supplier.kvk,
            "kind": row.kind.value if row.kind else "",
            "contract_sum": formats.euro_typed(row.contract_sum_cents),
            "percentage": formats.number(row.percentage),
            "base": row.base.value,
            "base_amount": formats.euro_typed(row.base_amount_cents),
            "starts_on": formats.day_typed(row.starts_on),
            "ends_on": formats.day_typed(row.ends_on),
            "published_on": formats.day_typed(row.published_on),
            "awarded_on": formats.day_typed(row.awarded_on),
            "rate_table": row.rate_table.code,
            "policy": row.policy.code,
            "activity_cap": "" if row.activity_cap is None else formats.number(row.activity_cap),
            "project_leader": row.project_leader.email if row.project_leader else "",
        }

    def agreed(self) -> Agreement:
        """What stands in a form that was looked through and found right."""
        return Agreement(self._terms(), self.rate_table.data, self.policy.data, self.project_leader.data or None)

    def notes(self) -> list[str]:
        """That another version of the table was in force on the contract's own date, when it is so."""
        table = self.offered.tables.get(self.rate_table.data or "")
        other = other_version_meant(table, self._dates(), self.offered.tables.values()) if table else None
        if table is None or other is None:
            return []
        meant, on = other
        words = str(DATES_THAT_CHOOSE[table.selected_by])
        return [words % {"day": formats.day_long(on), "meant": name_of_version(meant)}]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also shows, all at once, what the rule book refuses of the contract as it would be."""
        if super().validate(extra_validators):
            found = faults(self._as_it_would_be())
            for fault in found:
                if fault.values["sheet"] not in CONTRIBUTIONS:
                    self.show(fault)
            lacking = {fault.values["reference"] for fault in found if fault.values["sheet"] in CONTRIBUTIONS}
            if lacking:
                self.show(self._does_not_fit(lacking))
        return not self.form_errors and not any(self.problems())

    def show(self, error: DomainError | RuleError) -> None:
        """A fault of an amendment stands above the form, one of contributions beside the table that they don't fit."""
        sheet, reference = error.values.get("sheet"), str(error.values.get("reference"))
        if sheet == "amendments":
            self.form_errors.append(_("Amendment %(name)s: %(words)s", name=reference, words=sentence(error)))
        elif sheet in CONTRIBUTIONS:
            super().show(self._does_not_fit([reference]))
        else:
            super().show(error)

    def _does_not_fit(self, references: Iterable[str]) -> Invalid:
        table = self.offered.tables[self.rate_table.data].name
        named = ", ".join(sorted(references))
        return Invalid("table_does_not_fit", column="rate_table", table=table, references=named)

    def _terms(self) -> Terms:
        base = Base(self.base.data)
        return Terms(
            number=self.number.value,
            title=self.title.value,
            kvk=self.supplier.data,
            starts_on=self.starts_on.value,
            ends_on=self.ends_on.value,
            contract_sum_cents=self.contract_sum.value,
            percentage=self.percentage.value,
            kind=Kind(self.kind.data) if self.kind.data else None,
            published_on=self.published_on.value,
            awarded_on=self.awarded_on.value,
            base=base,
            base_amount_cents=None if base is Base.CONTRACT_SUM else self.base_amount.value,
            activity_cap=self.activity_cap.value,
        )

    def _as_it_would_be(self) -> Dossier:
        table = parsed_table(self.offered.tables[self.rate_table.data])
        policy = parsed_policy(self.offered.policies[self.policy.data])
        known = self.dossier or Dossier(Parties(self.offered.corporation.kvk), self._terms(), table, policy)
        return replace(known, terms=self._terms(), rate_table=table, policy=policy)

    def _dates(self) -> SimpleNamespace:
        """The dates that choose the version of a table, as far as they are clear."""
        fields = (self.published_on, self.awarded_on, self.starts_on)
        return SimpleNamespace(**{field.name: _day(field) for field in fields})


def _code_of(row_id: int | None, rows: Iterable[RateTable | Policy]) -> str:
    return next((row.code for row in rows if row.id == row_id), "")


def _day(field: Typed) -> date | None:
    """The day in a field that may not have been looked through; None while it is empty or unclear."""
    try:
        return parsing.day(field.data) if field.data else None
    except Invalid:
        return None
