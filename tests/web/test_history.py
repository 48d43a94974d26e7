"""The history of records in words of the field, for whom it is, in a constant number of statements."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask, g, render_template_string
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Logo, Membership, Session, User
from app.audit.models import AuditPayload, AuditSubject
from app.audit.service import command, housekeeping
from app.contracts.models import Amendment, Contract
from app.extensions import db
from app.history.service import undo
from app.schemes.models import RateTable
from app.schemes.queries import shipped
from app.schemes.service import load_shipped
from app.suppliers import service as suppliers
from tests import factories as make
from tests.web.counting import statements_of_request
from tests.web.histories import amend, do, edit, page, remove
from tests.web.office import TYPED, Office, an_office


class TestARecord:
    def test_tells_who_changed_what_from_what_to_what(self, office: Office) -> None:
        do(office, lambda contract, by: edit(contract, by, contract_sum_cents=1_300_000_00, percentage=Decimal(4)))
        said = page(office, f"/history/contract/{office.contract_id}")
        assert "Contract changed" in said
        assert "A project_leader" in said
        assert "Contract sum €1,250,000.00 → became €1,300,000.00" in said
        assert "Percentage 5% → became 4%" in said

    def test_tells_its_amendments_too_also_a_deleted_one(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            amendment = db.session.get_one(Amendment, amend(contract, by))
            remove("amendment", amendment, contract, by)

        do(office, act)
        said = page(office, f"/history/contract/{office.contract_id}")
        assert "Amendment W1 deleted" in said
        assert "Amendment W1 recorded" in said
        assert "Amount €150,000.00" in said

    def test_shows_no_rows_of_another_contract(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            other = make.contract(contract.corporation, contract.supplier)
            with command("workbook.import", by=by, corporation=contract.corporation) as audit:
                audit.note(file="boek.xlsx", sha256="0" * 64)
                for each, reference in ((contract, "MINE"), (other, "THEIRS")):
                    values = {"effective_on": date(2025, 10, 1), "amount_cents": 5}
                    audit.created(Amendment(contract=each, reference=reference, **values))
                    each.facts_changed()

        do(office, act)
        said = page(office, f"/history/contract/{office.contract_id}")
        assert "Workbook imported" in said
        assert "File: boek.xlsx" in said
        assert "000000" not in said
        assert "MINE" in said
        assert "THEIRS" not in said

    def test_names_what_it_refers_to(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> int:
            edit(contract, by, project_leader_id=by.id, rate_table=make.rate_table("utrecht-2019"))
            return amend(contract, by)

        amendment_id = do(office, act)
        said = page(office, f"/history/contract/{office.contract_id}")
        assert "Project leader — → became A project_leader" in said
        assert re.search(r"Rate table \S.* → became \S", said)
        assert "W1" in page(office, f"/history/amendment/{amendment_id}")

    def test_of_a_contribution_has_all_its_versions_and_no_person(self, office: Office) -> None:
        office.enter(person="GEHEIM-7")
        first = office.contributions()[0]
        office.browser("colleague").post(f"/contribution/{first.id}/approve", data={"version": str(first.row_version)})
        said = page(office, f"/history/contribution/{first.id}")
        assert f"Placement {first.reference} submitted" in said
        assert "Placement approved" in said
        assert "State Submitted → became Approved" in said
        assert "Hours a week 28.8" in said
        assert "GEHEIM" not in said

    def test_of_a_correction_tells_what_became_of_each_version(self, office: Office) -> None:
        office.enter()
        first = office.contributions()[0]
        address = f"/contribution/{first.id}/correct"
        office.browser("colleague").post(address, data={**TYPED, "hours": "20", "version": str(first.row_version)})
        said = page(office, f"/history/contribution/{first.id}")
        assert f"Placement {first.reference} corrected" in said
        assert re.search(r"Version 1 State Submitted → became Withdrawn Version 2 Reference", said)

    def test_of_a_contribution_shows_none_of_that_reference_on_another_contract(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> int:
            other = make.contract(contract.corporation, contract.supplier)
            mine, theirs = (make.placement(each, reference="P1") for each in (contract, other))
            with command("workbook.import", by=by) as audit, audit.change_of(mine, theirs):
                mine.employer, theirs.employer = "MINE", "THEIRS"
            return mine.id

        said = page(office, f"/history/contribution/{do(office, act)}")
        assert "MINE" in said
        assert "THEIRS" not in said

    def test_of_a_certificate_tells_its_scope(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> int:
            certificate = make.certificate(contract.corporation, [contract.supplier.kvk])
            with command("certificate.change", by=by) as audit, audit.change_of(certificate):
                certificate.covers(["99990001", contract.supplier.kvk])
            return certificate.id

        number = do(office, act)
        assert "99990001" in page(office, f"/history/certificate/{number}", "auditor")

    @pytest.mark.parametrize("kind", ["rate_table", "policy"])
    def test_of_a_scheme_is_there_for_all_who_see_histories(self, office: Office, kind: str) -> None:
        number = do(office, lambda contract, _by: getattr(contract, f"{kind}_id"))
        assert "No change has been recorded of it yet." in page(office, f"/history/{kind}/{number}", "auditor")

    def test_nothing_is_lost_when_the_payload_is_gone(self, office: Office) -> None:
        do(office, lambda contract, by: edit(contract, by, title="Dak"))
        with office.app.app_context(), housekeeping("retention") as session:
            session.execute(update(AuditPayload).values(is_released=True))
            session.execute(delete(AuditPayload))
        assert "Contract changed" in page(office, f"/history/contract/{office.contract_id}")
        assert "Contract changed" in page(office, f"/contract/{office.contract_id}/timeline")

    def test_what_another_corporation_did_to_a_row_of_the_same_number_is_not_in_it(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> int:
            elsewhere = make.corporation()
            number = make.certificate(contract.corporation, [contract.supplier.kvk]).id
            record_id = suppliers.delete_certificate(number, by=by, seen_version=1)
            other, stranger = make.certificate(elsewhere, number="SECRET"), make.user(of=elsewhere)
            assert other.id == number  # SQLite gives the highest number out again
            suppliers.delete_certificate(number, by=stranger, seen_version=1)
            undo(record_id, by=by)
            return number

        said = page(office, f"/history/certificate/{do(office, act)}")
        assert "put back" in said
        assert "SECRET" not in said

    def test_a_number_that_is_given_out_again_begins_anew(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> int:
            number = amend(contract, by, "OLD")
            remove("amendment", db.session.get_one(Amendment, number), contract, by)
            assert amend(contract, by, "NEW") == number  # SQLite does so
            return number

        said = page(office, f"/history/amendment/{do(office, act)}")
        assert "NEW" in said
        assert "OLD" not in said


class TestForWhom:
    def test_not_for_who_sees_no_histories(self, office: Office) -> None:
        for who in ("supplier", "assessor"):
            for address in (f"/history/contract/{office.contract_id}", f"/contract/{office.contract_id}/timeline"):
                assert office.browser(who).get(address).status_code == 403

    def test_what_is_anothers_is_as_what_does_not_exist(self, office: Office) -> None:
        def act(contract: Contract, _by: User) -> dict[str, int]:
            return {
                "contract": contract.id,
                "amendment": make.amendment(contract).id,
                "contribution": make.placement(contract).id,
                "supplier_record": contract.supplier_record.id,
                "certificate": make.certificate(contract.corporation).id,
            }

        leader, stranger = office.browser("leader"), office.browser("stranger")
        for kind, number in do(office, act).items():
            assert leader.get(f"/history/{kind}/{number}").status_code == 200
            theirs, nothing = (stranger.get(f"/history/{kind}/{each}") for each in (number, 987654321))
            assert (theirs.status_code, nothing.status_code) == (404, 404)

    def test_no_other_kind_has_one(self, office: Office) -> None:
        administrator = office.browser("administrator")
        answers = {administrator.get(f"/history/{kind}/1").status_code for kind in ("user", "session", "person", "x")}
        assert answers == {404}

    def test_memberships_and_corporations_are_for_the_administrator(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> int:
            return db.session.scalars(select(Membership.id).where(Membership.user_id == by.id)).one()

        number, corporation_id = do(office, act), do(office, lambda contract, _by: contract.corporation_id)
        for address in (f"/history/membership/{number}", f"/history/corporation/{corporation_id}"):
            assert office.browser("administrator").get(address).status_code == 200
            assert office.browser("leader").get(address).status_code == 404

    def test_the_link_stands_only_where_it_opens(self, office: Office) -> None:
        do(office, lambda contract, by: edit(contract, by, title="Dak"))
        template = '{% from "history/changes.html" import history_link %}{{ history_link("contract", number) }}'
        shown = {who: rendered(office, template, who) for who in ("leader", "supplier", "stranger")}
        assert "Last changed by A project_leader on" in shown["leader"]
        assert f'href="/history/contract/{office.contract_id}"' in shown["leader"]
        assert (shown["supplier"].strip(), shown["stranger"].strip()) == ("", "")


def rendered(office: Office, template: str, who: str) -> str:
    """A template as somebody of the office sees it on a page of theirs."""
    with office.app.test_request_context("/"):
        user = db.session.get_one(User, office.people[who])
        g._login_user, g.session_row = user, Session(user=user)
        return render_template_string(template, number=office.contract_id)


class TestManyRecords:
    def test_cost_no_more_statements_on_any_page(self, office: Office) -> None:
        kvk = do(office, lambda contract, _by: contract.corporation.kvk)
        number = office.contract_id
        addresses = (
            f"/history/contract/{number}",
            f"/contract/{number}/timeline",
            f"/contract/{number}/then",
            f"/contracts/{kvk}/2025%2F014%20a",
        )
        browser = office.browser("leader")
        self.fill(office, 3)
        few = [statements_of_request(office.app, browser, address) for address in addresses]
        self.fill(office, 57)
        assert [statements_of_request(office.app, browser, address) for address in addresses] == few

    def test_come_in_pages_newest_first(self, office: Office) -> None:
        self.fill(office, 30)
        first = page(office, f"/history/contract/{office.contract_id}")
        last = page(office, f"/history/contract/{office.contract_id}?page=9999")
        assert "Title 29" in first
        assert "Title 0 " not in first
        assert "Title 0 " in last
        assert "Page 2 of 2" in last

    def fill(self, office: Office, number: int) -> None:
        def act(contract: Contract, by: User) -> None:
            for turn in range(number):
                leader = by.id if contract.project_leader_id is None else None
                edit(contract, by, title=f"Title {turn} of {contract.facts_version}", project_leader_id=leader)

        do(office, act)


def test_what_a_record_is_about_never_changes(app: Flask) -> None:
    with app.app_context():
        contract = make.contract()
        edit(contract, make.user(), title="Dak")
        for write in (update(AuditSubject).values(kind="other"), delete(AuditSubject)):
            with pytest.raises(IntegrityError):
                db.session.execute(write.execution_options(synchronize_session=False))
            db.session.rollback()


def test_a_record_is_found_under_every_row_that_has_a_number(app: Flask) -> None:
    with app.app_context():
        contract, by = make.contract(), make.user()
        with command("contract.edit", by=by) as audit:
            with audit.change_of(contract):
                contract.title = "Dak"
            amendment = Amendment(contract=contract, effective_on=date(2025, 10, 1), amount_cents=5)
            audit.created(Logo(sha256="a" * 64, content=b"x", width=1, height=1), amendment)
            contract.facts_changed()
        rows = select(AuditSubject.kind, AuditSubject.object_id).where(AuditSubject.record_id == audit.record_id)
        assert {tuple(row) for row in db.session.execute(rows)} == {
            ("contract", contract.id),
            ("contract_facts", contract.id),
            ("amendment", amendment.id),
        }


def test_a_command_that_changes_nothing_has_no_record(app: Flask) -> None:
    with app.app_context():
        with command("contract.edit", by=make.user()) as audit:
            pass
        assert audit.record_id == 0


def test_histories_are_the_same_on_both_databases(both_databases: Flask) -> None:
    office = an_office(both_databases)
    record_id = do(
        office,
        lambda contract, by: remove("amendment", db.session.get_one(Amendment, amend(contract, by)), contract, by),
    )
    office.browser().post(f"/history/undo/{record_id}")
    for address in (f"/history/contract/{office.contract_id}", f"/contract/{office.contract_id}/timeline"):
        said = page(office, address)
        places = [said.index(f"Amendment W1 {done}") for done in ("put back", "deleted", "recorded")]
        assert places == sorted(places)
    assert "Nothing: what was known" in page(office, f"/contract/{office.contract_id}/then")


def test_who_may_not_see_a_history_is_shown_no_way_to_it(office: Office) -> None:
    with office.app.app_context():
        load_shipped()
        address = f"/rate-table/{shipped(RateTable)['haaglanden-2023'].id}"

    assert "/history/rate_table/" in office.browser("leader").get(address).text
    assert "/history/" not in office.browser("supplier").get(address).text
