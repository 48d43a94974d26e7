"""Commands on contracts and amendments, on both databases, and what an amendment is to people."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from app.accounts.models import User
from app.assessments.models import DossierRecord
from app.contracts import service
from app.contracts.agreement import Agreement, Change, change_of, day_of_effect, end_in_force
from app.contracts.models import Amendment, Contract
from app.extensions import db
from app.rules import RuleError
from app.rules import dossier as facts
from app.rules.dossier import Terms
from app.web.errors import Invalid, NotFound, Stale
from tests import factories as make

TERMS = Terms(
    number="2026-001",
    title="Schilderwerk Zuid",
    kvk="99990000",
    starts_on=date(2026, 1, 1),
    ends_on=date(2027, 12, 31),
    contract_sum_cents=400_000_00,
    percentage=Decimal(5),
)


def agreed(kvk: str, **other: str | None) -> Agreement:
    values: dict[str, str | None] = {"rate_table": "utrecht-2024", "policy": "level-2-exempts", "project_leader": None}
    make.rate_table(), make.policy()
    terms = Terms(**{name: getattr(TERMS, name) for name in Terms.__dataclass_fields__} | {"kvk": kvk})
    return Agreement(terms, **(values | other))  # type: ignore[arg-type]


def test_a_contract_is_made_once_with_its_dossier(each_database: Flask) -> None:
    leader = make.user()
    here = leader.memberships[0].corporation
    agreement = agreed(make.supplier(here).kvk)

    made = [service.create(here.kvk, agreement, by=leader) for _ in range(2)]

    assert made[0] is made[1]
    assert db.session.query(DossierRecord).count() == 1


@pytest.mark.parametrize(
    ("what", "other", "code"),
    [
        ("supplier", {}, "no_such_supplier"),
        ("table", {"rate_table": "no-such"}, "no_such_rate_table"),
        ("policy", {"policy": "no-such"}, "no_such_policy"),
        ("leader", {"project_leader": "nobody@example.org"}, "no_such_project_leader"),
    ],
)
def test_what_the_corporation_does_not_have_is_refused(app: Flask, what: str, other: dict[str, str], code: str) -> None:
    with app.app_context():
        leader = make.user()
        here = leader.memberships[0].corporation
        supplier = make.supplier(None if what == "supplier" else here)
        with pytest.raises(Invalid) as refused:
            service.create(here.kvk, agreed(supplier.kvk, **other), by=leader)

        assert refused.value.code == code


def test_who_edits_elsewhere_finds_nothing(app: Flask) -> None:
    with app.app_context():
        stranger, amendment = make.user(), make.amendment()
        contract, here = amendment.contract, amendment.corporation
        agreement = agreed(contract.supplier.kvk)
        for act in (
            lambda: service.create(here.kvk, agreement, by=stranger),
            lambda: service.edit(contract.id, agreement, by=stranger, seen_version=1),
            lambda: service.delete(contract.id, by=stranger, seen_version=1),
            lambda: service.delete_amendment(amendment.id, by=stranger, seen_version=1),
        ):
            with pytest.raises(NotFound):
                act()


def test_an_amendment_changes_the_facts_and_not_the_row_of_its_contract(each_database: Flask) -> None:
    contract, leader = a_contract()
    said = facts.Amendment(date(2026, 6, 1), 50_000_00, reference="W1")
    made = service.amend(contract.id, said, by=leader)
    service.edit_amendment(made.id, facts.Amendment(date(2026, 6, 1), 60_000_00), by=leader, seen_version=1)
    service.delete_amendment(made.id, by=leader, seen_version=2)

    assert (contract.row_version, contract.facts_version) == (1, 4)
    assert db.session.query(Amendment).count() == 0


def test_what_the_rule_book_refuses_leaves_nothing(each_database: Flask) -> None:
    contract, leader = a_contract()
    with pytest.raises(RuleError, match="less_work_below_zero"):
        service.amend(contract.id, facts.Amendment(date(2026, 12, 31), -50_000_00), by=leader)

    assert db.session.query(Amendment).count() == 0


def test_an_older_version_is_not_saved(each_database: Flask) -> None:
    contract, leader = a_contract()
    with pytest.raises(Stale):
        service.edit(contract.id, agreed(contract.supplier.kvk), by=leader, seen_version=7)


def test_a_contract_goes_with_its_amendments_and_its_history(each_database: Flask) -> None:
    contract, leader = a_contract()
    service.amend(contract.id, facts.Amendment(date(2026, 6, 1), 50_000_00), by=leader)
    service.delete(contract.id, by=leader, seen_version=1)

    assert [db.session.query(kind).count() for kind in (Contract, Amendment, DossierRecord)] == [0, 0, 0]


def a_contract() -> tuple[Contract, User]:
    """Over 2025 and 2026, and who edits it."""
    contract = make.contract()
    return contract, make.user(of=contract.corporation)


# What an amendment is to people


def test_kinds_of_change_follow_from_amount_and_end(app: Flask) -> None:
    with app.app_context():
        contract = make.contract()
        longer = make.amendment(contract, effective_on=date(2026, 6, 1), new_end=date(2027, 6, 30))
        shorter = make.amendment(contract, effective_on=date(2026, 7, 1), new_end=date(2027, 3, 31), amount_cents=0)
        made = [longer, shorter, make.amendment(contract), make.amendment(contract, amount_cents=-1)]

        assert [change_of(each) for each in made] == [Change.EXTENSION, Change.END, Change.EXTRA, Change.LESS]


def test_the_end_in_force_follows_the_days_of_effect(app: Flask) -> None:
    with app.app_context():
        contract = make.contract()
        last = make.amendment(contract, effective_on=date(2026, 7, 1), new_end=date(2027, 3, 31))
        make.amendment(contract, effective_on=date(2026, 6, 1), new_end=date(2027, 6, 30))

        assert end_in_force(contract) == date(2027, 3, 31)
        assert end_in_force(contract, date(2026, 6, 30)) == date(2027, 6, 30)
        assert end_in_force(contract, but=last) == date(2027, 6, 30)
        assert end_in_force(contract, date(2026, 5, 31)) == date(2026, 12, 31)


def test_an_end_takes_effect_after_all_other_changes(app: Flask) -> None:
    with app.app_context():
        contract = make.contract()
        assert day_of_effect(contract, Change.END) == date(2025, 1, 1)
        make.amendment(contract, effective_on=date(2025, 10, 1))

        assert day_of_effect(contract, Change.END) == date(2025, 10, 2)
        assert day_of_effect(contract, Change.EXTENSION) == date(2027, 1, 1)
