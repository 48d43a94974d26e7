"""Undoing a deletion: what comes back, for whom, and what is refused with the reason."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from app.accounts.models import User
from app.assessments.models import DossierRecord
from app.assessments.queries import assessment_of
from app.audit.models import AuditPayload, AuditRecord
from app.audit.service import command, housekeeping, verify_chain
from app.contracts import service as contracts
from app.contracts.models import Amendment, Contract
from app.extensions import db
from app.history.service import undo
from app.rules import RuleError
from app.rules.ladder import Level
from app.suppliers import service as suppliers
from app.suppliers.models import Certificate, SupplierRecord
from app.web.errors import Conflict, NotFound
from tests import factories as make
from tests.web.histories import amend, do, edit
from tests.web.office import Office
from tests.web.world import OWN_POLICY, OWN_TABLE

ON = date(2026, 11, 24)


def values(row: Any) -> dict[str, Any]:
    return {each.key: getattr(row, each.key) for each in row.__table__.columns if each.key != "facts_version"}


class TestWhatComesBack:
    def test_an_amendment_with_its_figures(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            number = amend(contract, by, "W9", new_end=date(2027, 3, 31), description="Meerwerk")
            before, figures = values(db.session.get_one(Amendment, number)), assessment_of(contract, ON)
            record_id = contracts.delete_amendment(number, by=by, seen_version=1)
            assert assessment_of(contract, ON).gross_cents != figures.gross_cents
            (row,) = undo(record_id, by=by)
            assert values(row) == before | {"row_version": 2}
            assert assessment_of(contract, ON) == figures

        do(office, act)

    def test_a_contract_with_its_amendments_and_a_new_dossier(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            edit(contract, by, published_on=date(2024, 5, 1), activity_cap=Decimal("12.5"), project_leader_id=by.id)
            amend(contract, by, "W8")
            amend(contract, by, "W9")
            number, before, figures = contract.id, values(contract), assessment_of(contract, ON)
            record_id = contracts.delete(number, by=by, seen_version=contract.row_version)
            assert db.session.get(Contract, number) is None
            assert db.session.scalars(select(DossierRecord)).all() == []
            undo(record_id, by=by)
            back = db.session.get_one(Contract, number)
            assert values(back) == before | {"row_version": before["row_version"] + 1}
            assert [each.reference for each in back.amendments] == ["W8", "W9"]
            assert assessment_of(back, ON) == figures
            assert [each.contract_id for each in db.session.scalars(select(DossierRecord))] == [number]

        do(office, act)

    def test_a_certificate_with_its_scope_and_what_it_exempts(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            covered = ("99990001", contract.supplier.kvk)
            certificate = make.certificate(contract.corporation, covered, level=Level.THREE, checked_by_id=by.id)
            edit(contract, by, title="Dak")
            before, figures = values(certificate), assessment_of(contract, ON)
            record_id = suppliers.delete_certificate(certificate.id, by=by, seen_version=1)
            assert assessment_of(contract, ON).exempted_cents == 0 < figures.exempted_cents
            (row,) = undo(record_id, by=by)
            assert isinstance(row, Certificate)
            assert values(row) == before | {"row_version": 2}
            assert set(row.kvk_numbers) == set(covered)
            assert assessment_of(contract, ON) == figures

        do(office, act)

    def test_a_supplier(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            record = make.record(make.supplier(make.corporation()), contract.corporation)
            before = values(record)
            record_id = suppliers.delete_supplier(record.id, by=by, seen_version=1)
            (row,) = undo(record_id, by=by)
            assert values(row) == before | {"row_version": 2}

        do(office, act)

    @pytest.mark.parametrize(
        ("kind", "made", "content"), [("rate_table", make.rate_table, OWN_TABLE), ("policy", make.policy, OWN_POLICY)]
    )
    def test_a_scheme(self, office: Office, kind: str, made: Any, content: str) -> None:
        def act(contract: Contract, by: User) -> None:
            row = made(corporation=contract.corporation, content=content, code="own")
            before = values(row)
            with command(f"{kind}.delete", by=by, corporation=contract.corporation) as audit:
                audit.deleted(row)
            (back,) = undo(audit.record_id, by=by)
            assert values(back) == before

        do(office, act)

    def test_and_the_log_tells_it_and_stays_sound(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            record_id = contracts.delete_amendment(amend(contract, by), by=by, seen_version=1)
            undo(record_id, by=by)
            newest = select(AuditRecord).order_by(AuditRecord.id.desc()).limit(1)
            assert db.session.scalars(newest).one().action == "amendment.restore"
            assert verify_chain(contract.corporation).is_sound

        do(office, act)


class TestRefused:
    def refusal(self, office: Office, act: Any) -> str:
        with pytest.raises(Conflict) as refused:
            do(office, act)
        return refused.value.code

    def test_what_was_undone_already(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            record_id = contracts.delete_amendment(amend(contract, by), by=by, seen_version=1)
            undo(record_id, by=by)
            undo(record_id, by=by)

        assert self.refusal(office, act) == "undo_done"

    def test_what_was_changed_after_it_came_back_and_deleted_again(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            number = amend(contract, by, "W9")
            first = contracts.delete_amendment(number, by=by, seen_version=1)
            undo(first, by=by)
            amendment = db.session.get_one(Amendment, number)
            with command("amendment.edit", by=by) as audit, audit.change_of(amendment):
                amendment.description = "Changed since"
            last = contracts.delete_amendment(number, by=by, seen_version=3)
            with pytest.raises(Conflict, match="undo_done"):
                undo(first, by=by)
            (back,) = undo(last, by=by)
            assert values(back)["description"] == "Changed since"

        do(office, act)

    @pytest.mark.parametrize("others_between", [0, 1])
    def test_what_something_took_the_place_of(self, office: Office, others_between: int) -> None:
        def act(contract: Contract, by: User) -> None:
            number = amend(contract, by, "W9")
            for other in range(others_between):  # then SQLite does not give the number out again
                amend(contract, by, f"X{other}")
            record_id = contracts.delete_amendment(number, by=by, seen_version=1)
            amend(contract, by, "W9")
            undo(record_id, by=by)

        assert self.refusal(office, act) == "undo_place_taken"

    def test_what_has_lost_its_ground(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            supplier = make.supplier(contract.corporation)
            other = make.contract(contract.corporation, supplier)
            record_id = contracts.delete(other.id, by=by, seen_version=1)
            record = db.session.scalars(select(SupplierRecord).where(SupplierRecord.supplier_id == supplier.id)).one()
            suppliers.delete_supplier(record.id, by=by, seen_version=1)
            undo(record_id, by=by)

        assert self.refusal(office, act) == "undo_ground_gone"

    def test_what_the_log_no_longer_has(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            record_id = contracts.delete_amendment(amend(contract, by), by=by, seen_version=1)
            with housekeeping("retention") as session:
                session.execute(update(AuditPayload).values(is_released=True))
                session.execute(delete(AuditPayload))
            undo(record_id, by=by)

        assert self.refusal(office, act) == "undo_erased"

    def test_facts_that_can_no_longer_be(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            number = amend(contract, by, effective_on=date(2026, 6, 1))
            record_id = contracts.delete_amendment(number, by=by, seen_version=1)
            edit(contract, by, ends_on=date(2025, 12, 31))
            with pytest.raises(RuleError, match="amendment_after_end"):
                undo(record_id, by=by)
            assert db.session.get(Amendment, number) is None

        do(office, act)

    @pytest.mark.parametrize("who", ["auditor", "assessor", "supplier", "stranger"])
    def test_for_who_may_not_edit_it_does_not_exist(self, office: Office, who: str) -> None:
        record_id = do(
            office, lambda contract, by: contracts.delete_amendment(amend(contract, by), by=by, seen_version=1)
        )
        with pytest.raises(NotFound):
            do(office, lambda _contract, by: undo(record_id, by=by), who)

    def test_a_record_that_deleted_nothing_is_none(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            amend(contract, by)
            (record_id,) = db.session.scalars(select(AuditRecord.id))
            with pytest.raises(NotFound):
                undo(record_id, by=by)

        do(office, act)


class TestOnThePage:
    def test_the_message_after_a_deletion_has_the_button(self, office: Office) -> None:
        number = do(office, lambda contract, by: amend(contract, by, "W9"))
        browser = office.browser("leader")
        answer = browser.post(f"/amendment/{number}/delete", data={"version": "1"}, follow_redirects=True)
        assert answer.status_code == 200
        address = re.search(r'action="(/history/undo/\d+)"', answer.text)
        assert address, answer.text

        back = re.search(r'name="next" value="([^"]+)"', answer.text[address.start() :])
        assert back
        answer = browser.post(address[1], data={"next": back[1]}, follow_redirects=True)
        assert "The deletion is undone" in answer.text
        assert "W9" in answer.text

    def test_the_history_has_it_too(self, office: Office) -> None:
        do(office, lambda contract, by: contracts.delete_amendment(amend(contract, by), by=by, seen_version=1))
        address = f"/history/contract/{office.contract_id}"
        assert 'action="/history/undo/' in office.browser("leader").get(address).text
        assert 'action="/history/undo/' not in office.browser("auditor").get(address).text

    def test_what_is_refused_says_why(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> int:
            record_id = contracts.delete_amendment(amend(contract, by), by=by, seen_version=1)
            undo(record_id, by=by)
            return record_id

        answer = office.browser("leader").post(f"/history/undo/{do(office, act)}")
        assert answer.status_code == 409
        assert "This deletion has been undone already." in answer.text

    @pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", ""])
    def test_it_leads_nowhere_else(self, office: Office, elsewhere: str) -> None:
        record_id = do(
            office, lambda contract, by: contracts.delete_amendment(amend(contract, by), by=by, seen_version=1)
        )
        answer = office.browser("leader").post(f"/history/undo/{record_id}", data={"next": elsewhere})
        assert answer.location == "/"
