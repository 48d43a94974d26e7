"""The database itself refuses what cannot be: each rule is shown to refuse on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DataError, IntegrityError

from app.accounts.models import Membership, Role
from app.assessments.models import DossierRecord
from app.contributions.models import ApprovedHow, ClaimedBonus, PlacementHours
from app.extensions import db
from app.rules.dossier import Base as ObligationBase
from app.rules.dossier import Status
from app.schemes.models import Policy, RateTable
from app.statements.models import Rendition, Statement, StatementDocument, StatementState
from app.suppliers.models import CertificateScope
from tests import factories as make

pytestmark = pytest.mark.usefixtures("shared_database")

BEFORE = date(2024, 12, 31)
DAY = date(2025, 1, 1)


def refused(act: Callable[[], Any]) -> str:
    """The database's own words for the refusal of what `act` does."""
    with pytest.raises((IntegrityError, DataError)) as refusal:
        act()
        db.session.commit()
    db.session.rollback()
    return str(refusal.value.orig)


def changed(row: Any, **values: Any) -> Callable[[], None]:
    def act() -> None:
        for name, value in values.items():
            setattr(row, name, value)

    return act


@pytest.mark.parametrize("number", ["1234567", "123456789", "1234567a", "１２３４５６７８", "12 45678", "-"])
def test_a_kvk_number_is_eight_digits(number: str) -> None:
    refused(lambda: make.corporation(kvk=number))
    refused(lambda: make.supplier(make.corporation(), kvk=number))


def test_two_corporations_or_suppliers_never_share_a_kvk_number() -> None:
    of = make.corporation()
    refused(lambda: make.corporation(kvk=of.kvk))
    refused(lambda: make.supplier(of, kvk=make.supplier(of).kvk))


def test_an_accent_is_a_colour() -> None:
    assert make.corporation(accent="#0b5a66").accent == "#0b5a66"
    assert "accent" in refused(lambda: make.corporation(accent="red"))


def test_an_address_is_one_user_however_it_is_typed() -> None:
    make.user(None, email=" Anna@Example.org")
    refused(lambda: make.user(None, email="anna@example.ORG"))


def test_an_address_in_capitals_does_not_get_past_the_model() -> None:
    anna = make.user(None)
    refused(lambda: db.session.execute(text("UPDATE users SET email = 'ANNA' WHERE id = :id"), {"id": anna.id}))


def test_a_supplier_membership_names_its_supplier_and_no_other_membership_does() -> None:
    of = make.corporation()
    somebody, supplier = make.user(None), make.supplier(of)
    refused(lambda: make.membership(somebody, Role.SUPPLIER, of=of, supplier_id=None))
    refused(lambda: make.membership(somebody, Role.ADMINISTRATOR, of=of, supplier_id=supplier.id))


def test_a_supplier_membership_is_granted_by_a_corporation_that_knows_the_supplier() -> None:
    stranger = make.supplier(make.corporation())
    refused(lambda: make.membership(make.user(None), Role.SUPPLIER, of=make.corporation(), supplier_id=stranger.id))


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ASSESSOR])
def test_a_guest_has_an_end(role: Role) -> None:
    assert "guests_end" in refused(lambda: make.membership(make.user(None), role, ends_on=None))


def test_a_user_is_one_thing_in_a_corporation_but_may_serve_several_suppliers_of_it() -> None:
    of = make.corporation()
    somebody, supplier = make.user(Role.PROJECT_LEADER, of=of), make.supplier(of)
    refused(lambda: make.membership(somebody, Role.ADMINISTRATOR, of=of))
    make.membership(somebody, Role.SUPPLIER, of=of, supplier_=supplier)
    make.membership(somebody, Role.SUPPLIER, of=of, supplier_=make.supplier(of))
    refused(lambda: make.membership(somebody, Role.SUPPLIER, of=of, supplier_=supplier))


def test_a_checked_value_admits_no_other() -> None:
    member = make.membership(make.user(None), Role.PROJECT_LEADER)
    refused(lambda: db.session.execute(update(Membership.__table__).values(role=text("'director'"))))
    assert member.role is Role.PROJECT_LEADER


def test_a_row_that_others_name_stays() -> None:
    contract = make.contract()
    refused(lambda: db.session.execute(delete(RateTable)))
    refused(lambda: db.session.delete(contract.corporation))


def test_a_scheme_of_one_id_is_there_once_for_all_and_once_for_each_corporation() -> None:
    table, own = make.rate_table(), make.corporation()
    refused(lambda: make.rate_table(name="another"))
    make.rate_table(corporation=own)
    refused(lambda: make.rate_table(corporation=own))
    policy = make.policy()
    refused(lambda: make.policy(name_nl="ander"))
    make.policy(corporation=own)
    refused(lambda: make.policy(corporation=own))
    assert (table.code, policy.code) == ("utrecht-2024", "level-2-exempts")


@pytest.mark.parametrize(("made", "kind"), [(make.rate_table, RateTable), (make.policy, Policy)])
def test_a_version_of_a_scheme_never_changes(made: Callable[[], Any], kind: Any) -> None:
    scheme = made()
    assert "never changes" in refused(changed(scheme, content="other"))
    assert "never changes" in refused(lambda: db.session.execute(update(kind).values(sha256="0" * 64)))


def test_a_certificate_of_two_years_is_the_longest() -> None:
    longest = make.certificate(valid_from=date(2024, 5, 15), valid_until=date(2026, 5, 14))
    assert longest.valid_until == date(2026, 5, 14)
    assert "two_years" in refused(changed(longest, valid_until=date(2026, 5, 15)))
    assert "not_before" in refused(changed(longest, valid_until=date(2024, 5, 14)))


def test_a_certificate_is_known_by_number_and_first_day_in_each_corporation() -> None:
    one = make.certificate()
    refused(lambda: make.certificate(one.corporation, number=one.number))
    make.certificate(make.corporation(), number=one.number)


def test_a_certificate_that_somebody_checked_has_the_day() -> None:
    refused(lambda: make.certificate(checked_on=None, checked_by=make.user(None)))


def test_a_certificate_covers_each_company_once() -> None:
    covers = make.certificate(kvk_numbers=["99990001"])
    refused(lambda: db.session.add(CertificateScope(certificate_id=covers.id, kvk="99990001")))
    refused(lambda: db.session.add(CertificateScope(certificate_id=covers.id, kvk="9999")))


def test_the_scope_goes_with_its_certificate() -> None:
    covers = make.certificate(kvk_numbers=["99990001", "99990002"])
    left = select(CertificateScope).where(CertificateScope.certificate_id == covers.id)
    db.session.delete(covers)
    db.session.commit()
    assert db.session.scalars(left).all() == []


def test_a_contract_number_is_unique_in_its_corporation() -> None:
    one = make.contract()
    refused(lambda: make.contract(one.corporation, number=one.number))
    assert make.contract(number=one.number).number == one.number


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("not_before", {"ends_on": BEFORE}),
        ("contract_sum", {"contract_sum_cents": -1}),
        ("percentage", {"percentage": Decimal("100.0001")}),
        ("percentage", {"percentage": Decimal("-0.0001")}),
        ("activity_cap", {"activity_cap": Decimal(101)}),
        ("base_has_amount", {"base": ObligationBase.WAGE_SUM}),
        ("base_amount", {"base": ObligationBase.TURNOVER, "base_amount_cents": -1}),
        ("number_filled", {"number": ""}),
        ("title_filled", {"title": ""}),
    ],
)
def test_the_terms_of_a_contract_are_possible(rule: str, values: dict[str, Any]) -> None:
    contract = make.contract()
    assert rule in refused(changed(contract, **values))


def test_a_contract_is_awarded_to_a_supplier_that_the_corporation_has_a_record_of() -> None:
    stranger = make.supplier(make.corporation())
    refused(lambda: make.contract(make.corporation(), stranger))


def test_who_excuses_a_contract_does_not_approve_it() -> None:
    contract, leader, colleague = make.contract(), make.user(None), make.user(None)
    whole = {"excused_reason": "Ziekte", "excused_by_id": leader.id, "excused_at": make.NOW}
    refused(changed(contract, excused_reason="Ziekte"))
    refused(changed(contract, excused_approved_by_id=colleague.id, excused_approved_at=make.NOW))
    refused(changed(contract, **whole, excused_approved_by_id=leader.id, excused_approved_at=make.NOW))
    refused(changed(contract, **whole, excused_approved_by_id=colleague.id))
    changed(contract, **whole, excused_approved_by_id=colleague.id, excused_approved_at=make.NOW)()
    db.session.commit()
    assert contract.is_excused


def test_an_amendment_is_known_by_its_reference_or_else_by_its_day() -> None:
    contract = make.contract()
    make.amendment(contract, reference="W1")
    refused(lambda: make.amendment(contract, reference="W1", effective_on=date(2025, 11, 1)))
    make.amendment(contract, reference=None)
    make.amendment(contract, reference="W2")
    refused(lambda: make.amendment(contract, reference=None))
    refused(lambda: make.amendment(contract, reference=""))


def test_a_person_reference_is_unique_for_a_supplier_and_may_be_erased_of_many() -> None:
    one = make.person(reference="SR-1")
    supplier = one.supplier
    refused(lambda: make.person(supplier, "SR-1"))
    make.person(make.supplier(), "SR-1")
    other = make.person(supplier)
    one.reference = other.reference = None
    db.session.commit()


def test_a_version_of_a_contribution_is_there_once_also_over_placements_and_activities() -> None:
    placement = make.placement()
    refused(lambda: make.activity(placement.contract, reference=placement.reference, status=Status.APPROVED))


def test_at_most_one_version_is_approved() -> None:
    placement = make.placement(status=Status.APPROVED)
    refused(lambda: make.correction(placement, status=Status.APPROVED))


def test_at_most_one_version_waits() -> None:
    placement = make.placement(status=Status.APPROVED)
    make.correction(placement)
    refused(lambda: make.correction(placement, version=3, status=Status.SUBMITTED))


def test_a_correction_takes_the_place_of_what_it_corrects_in_one_transaction() -> None:
    placement = make.placement(status=Status.APPROVED)
    other = make.correction(placement, status=Status.SUBMITTED)
    changed(other, status=Status.APPROVED, approved_by=make.user(None), approved_at=make.NOW)()
    other.approved_how = ApprovedHow.REVIEW
    changed(placement, status=Status.WITHDRAWN, withdrawn_at=make.NOW)()
    db.session.commit()
    assert other.replaces is placement


def test_nobody_approves_what_they_entered() -> None:
    supplier = make.user(None)
    assert "four_eyes" in refused(
        lambda: make.placement(status=Status.APPROVED, entered_by=supplier, approved_by=supplier)
    )


def test_an_import_may_bring_approved_contributions() -> None:
    importer = make.user(None)
    brought = make.placement(
        status=Status.APPROVED, entered_by=importer, approved_by=importer, approved_how=ApprovedHow.IMPORT
    )
    by_command_line = make.activity(status=Status.APPROVED, approved_how=ApprovedHow.IMPORT)
    by_command_line.entered_by = by_command_line.approved_by = None
    db.session.commit()
    assert brought.status is by_command_line.status is Status.APPROVED


@pytest.mark.parametrize(
    ("status", "values"),
    [
        (Status.DRAFT, {"status": Status.APPROVED, "submitted_at": make.NOW}),
        (Status.DRAFT, {"status": Status.SUBMITTED}),
        (Status.DRAFT, {"status": Status.WITHDRAWN}),
        (Status.DRAFT, {"version": 0}),
        (Status.DRAFT, {"reference": ""}),
        (Status.DRAFT, {"block": ""}),
        (Status.SUBMITTED, {"status": Status.REJECTED}),
        (Status.SUBMITTED, {"approved_how": ApprovedHow.IMPORT}),
        (Status.SUBMITTED, {"rejected_reason": "Nee"}),
        (Status.APPROVED, {"approved_by": None}),
        (Status.APPROVED, {"approved_at": None}),
        (Status.APPROVED, {"approved_how": None}),
        (Status.APPROVED, {"status": Status.DRAFT}),
        (Status.REJECTED, {"status": Status.SUBMITTED}),
        (Status.WITHDRAWN, {"withdrawn_at": None}),
    ],
)
def test_a_status_comes_with_what_it_takes(status: Status, values: dict[str, Any]) -> None:
    contribution = make.activity(status=status)
    refused(changed(contribution, **values))


@pytest.mark.parametrize(
    "values",
    [{"ends_on": date(2026, 1, 31)}, {"share_percent": Decimal(0)}, {"share_percent": Decimal("100.0001")}],
)
def test_a_placement_ends_after_it_starts_and_has_a_share(values: dict[str, Any]) -> None:
    placement = make.placement()
    refused(changed(placement, **values))


@pytest.mark.parametrize("hours", [Decimal("60.0001"), Decimal("-0.0001")])
def test_hours_a_week_lie_between_0_and_60(hours: Decimal) -> None:
    assert "hours" in refused(lambda: make.placement(hours=hours))


def test_hours_keep_their_decimals() -> None:
    placement = make.placement(hours={date(2026, 2, 1): Decimal("28.8"), date(2026, 5, 1): Decimal(0)})
    db.session.expire_all()
    assert [each.hours for each in placement.hours] == [Decimal("28.8"), Decimal(0)]


def test_hours_and_bonuses_go_with_their_placement() -> None:
    placement = make.placement(bonuses=["bonus-50plus"])
    hours = select(PlacementHours).where(PlacementHours.placement_id == placement.id)
    bonuses = select(ClaimedBonus).where(ClaimedBonus.placement_id == placement.id)
    db.session.delete(placement)
    db.session.commit()
    assert [*db.session.scalars(hours), *db.session.scalars(bonuses)] == []


@pytest.mark.parametrize(
    "values", [{"amount_cents": None}, {"amount_cents": -1}, {"amount_cents": None, "quantity": Decimal(0)}]
)
def test_an_activity_has_an_amount_or_a_quantity(values: dict[str, Any]) -> None:
    activity = make.activity()
    refused(changed(activity, **values))


def test_of_one_day_one_dossier_is_kept_and_every_one_that_a_statement_rests_on() -> None:
    contract = make.contract()
    make.dossier(contract, is_kept=True)
    make.dossier(contract, is_kept=True)
    make.dossier(contract, is_kept=False)
    refused(lambda: make.dossier(contract, is_kept=False))
    make.dossier(contract, is_kept=False, recorded_on=make.NOW.date() + timedelta(days=1))


def test_a_dossier_that_a_statement_rests_on_never_changes() -> None:
    kept, other = make.dossier(is_kept=True), make.dossier(is_kept=False)
    assert "never changes" in refused(changed(kept, json=b"[]"))
    assert "never changes" in refused(lambda: db.session.execute(delete(DossierRecord)))
    changed(other, json=b"[]")()
    db.session.commit()
    assert other.json == b"[]"


def test_a_statement_number_is_given_once_in_a_year_and_corporation() -> None:
    one = make.statement(sequence=1)
    refused(lambda: make.statement(one.contract, sequence=1))
    make.statement(one.contract, sequence=1, year=2027)
    make.statement(sequence=1)
    assert one.number == "2026-0001"


@pytest.mark.parametrize(
    "values",
    [
        {"code": "0123456789ABCDE"},
        {"code": "0123456789ABCDEI"},
        {"code": "0123456789abcdef"},
        {"sequence": 0},
        {"contract": None},
        {"dossier": None},
        {"issued_at": None},
        {"state": StatementState.RESERVED},
        {"state": StatementState.SUPERSEDED},
        {"state": StatementState.WITHDRAWN},
        {"state": StatementState.WITHDRAWN, "withdrawn_at": make.NOW, "withdrawn_reason": ""},
    ],
)
def test_a_statement_is_whole(values: dict[str, Any]) -> None:
    contract = make.contract()
    dossier = make.dossier(contract)
    whole = {
        "corporation": contract.corporation,
        "contract": contract,
        "dossier": dossier,
        "year": 2026,
        "sequence": 900,
        "code": f"A{contract.id:015d}",
        "on": DAY,
        "state": StatementState.ISSUED,
        "language": "nl",
        "standing": "behind",
        "net_cents": 47_003_42,
        "credited_cents": 38_900_00,
        "document_sha256": make.NO_HASH,
        "chain_sequence": 0,
        "chain_head": "0" * 64,
        "reserved_at": make.NOW,
        "issued_at": make.NOW,
    }
    refused(lambda: db.session.add(Statement(**(whole | values))))
    make.saved(Statement(**whole))


def test_what_a_statement_says_is_frozen() -> None:
    statement = make.statement()
    assert "frozen" in refused(changed(statement.frozen[0], content=b"[]"))
    assert "frozen" in refused(lambda: db.session.execute(delete(StatementDocument)))
    assert "frozen" in refused(changed(statement, on=DAY))
    assert "never deleted" in refused(lambda: db.session.execute(delete(Statement)))
    changed(statement, state=StatementState.WITHDRAWN, withdrawn_at=make.NOW, withdrawn_reason="Fout in de som")()
    db.session.commit()


def test_a_statement_is_superseded_by_another() -> None:
    statement = make.statement()
    refused(changed(statement, state=StatementState.SUPERSEDED, superseded_by_id=statement.id))
    changed(statement, state=StatementState.SUPERSEDED, superseded_by=make.statement(statement.contract))()
    db.session.commit()


def test_a_file_that_was_issued_never_changes() -> None:
    file = make.rendition()
    refused(lambda: make.rendition(file.statement))
    make.rendition(file.statement, language="en")
    assert "never changes" in refused(changed(file, file_sha256="0" * 64))
    assert "never changes" in refused(lambda: db.session.execute(delete(Rendition)))
    refused(lambda: make.rendition(size=0))


def test_an_amount_over_21_million_euro_fits() -> None:
    contract = make.contract(contract_sum_cents=20_000_000_000_00)
    db.session.expire_all()
    assert contract.contract_sum_cents == 20_000_000_000_00
