"""A command is one transaction and one record in each chain that it touches; nothing is written past the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Corporation, User
from app.audit.chain import Fault, Head
from app.audit.models import AuditChain, AuditPayload, AuditRecord
from app.audit.queries import head_of
from app.audit.service import before_commit, command, housekeeping, verify_chain
from app.audit.trail import Audit, CommandError
from app.contracts.models import Contract, changed_contracts
from app.contributions.models import Person, Placement
from app.extensions import db
from app.rules.dossier import Status
from app.suppliers.models import SupplierRecord
from app.web.errors import Stale
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database")


def records() -> list[AuditRecord]:
    return list(db.session.scalars(select(AuditRecord).order_by(AuditRecord.id)))


def payload(record: AuditRecord) -> tuple[Any, Any, Any]:
    assert record.payload
    return tuple(json.loads(text) for text in (record.payload.before, record.payload.after, record.payload.notes))  # type: ignore[return-value]


def retitled(contract: Contract, title: str, by: User | str = "command line") -> None:
    with command("contract.edit", by=by) as audit, audit.change_of(contract):
        contract.title = title


def test_a_command_leaves_one_record_with_what_differs() -> None:
    contract, leader = make.contract(title="Dak"), make.user()
    retitled(contract, "Gevel", by=leader)

    (record,) = records()
    assert (record.chain.corporation_id, record.sequence, record.action) == (
        contract.corporation_id,
        1,
        "contract.edit",
    )
    assert (record.actor, record.actor_id) == ("user", leader.id)
    assert (record.object_kind, record.object_id) == ("contract", contract.id)
    before, after, notes = payload(record)
    assert before == {f"contract:{contract.id}": {"title": "Dak"}}
    assert after == {f"contract:{contract.id}": {"title": "Gevel"}}
    assert notes == {}
    assert db.session.get_one(Contract, contract.id).title == "Gevel"


def test_a_new_row_is_shown_with_its_values_and_a_deleted_one_with_what_it_was() -> None:
    contract = make.contract()
    with command("amendment.add", by="command line") as audit:
        amendment = make.Amendment(contract=contract, reference="W1", effective_on=date(2025, 10, 1), amount_cents=5)
        audit.created(amendment)
    number = amendment.id
    with command("amendment.remove", by="command line") as audit:
        audit.deleted(amendment)

    added, removed = records()
    shown = {
        "id": number,
        "contract_id": contract.id,
        "reference": "W1",
        "effective_on": "2025-10-01",
        "new_end": None,
        "amount_cents": 5,
        "description": "",
    }
    assert payload(added) == ({}, {f"amendment:{number}": shown}, {})
    assert payload(removed) == ({f"amendment:{number}": shown | {"row_version": 1}}, {}, {})
    assert added.object_id == removed.object_id == number


def test_the_first_record_of_a_new_corporation_stands_in_its_own_chain() -> None:
    with command("corporation.make", by="command line") as audit:
        made = Corporation(kvk="12345678", name="De Brug", created_at=make.NOW)
        audit.created(made)
    (record,) = records()
    assert (record.chain.key, record.chain.corporation_id) == ("12345678", made.id)


def test_what_belongs_to_no_corporation_stands_in_the_chain_of_the_installation() -> None:
    somebody = make.user(None)
    with command("session.refuse", by="visitor") as audit:
        audit.note(email_known=True)
    with command("user.rename", by=somebody) as audit, audit.change_of(somebody):
        somebody.name = "Anna"
    assert [(record.chain.key, record.sequence) for record in records()] == [("installation", 1), ("installation", 2)]
    assert verify_chain(None).is_sound


def test_child_rows_are_shown_with_their_parent() -> None:
    placement = make.placement(hours=Decimal(20), bonuses=["bonus-50plus"])
    with command("placement.edit", by="command line") as audit, audit.change_of(placement):
        placement.works({date(2026, 2, 1): Decimal(20), date(2026, 5, 1): Decimal(32)})
        placement.claims(set())
    before, after, _ = payload(records()[0])
    name = f"placement:{placement.id}"
    assert set(after[name]) == {"hours", "bonuses"}
    assert [each["hours"] for each in after[name]["hours"]] == ["20", "32"]
    assert [each["block"] for each in before[name]["bonuses"]] == ["bonus-50plus"]


def test_a_change_of_hours_alone_counts_as_a_change_of_the_placement() -> None:
    placement = make.placement()
    seen = placement.row_version
    with command("placement.edit", by="command line") as audit, audit.change_of(placement):
        placement.works({date(2026, 2, 1): Decimal(12)})
    assert placement.row_version > seen
    with pytest.raises(Stale):
        placement.expect_version(seen)


def test_secrets_and_references_of_persons_never_reach_the_log() -> None:
    supplier, of = make.supplier(), make.corporation()
    with command("person.add", by="command line", corporation=of) as audit:
        audit.created(
            Person(supplier=supplier, reference="SR-7F3K", created_at=make.NOW),
            User(email="a@b.example", name="A", password_hash="$argon2id$", created_at=make.NOW),
        )
    shown = db.session.scalars(select(AuditPayload.after)).one()
    assert "SR-7F3K" not in shown
    assert "argon2" not in shown


def test_a_write_for_two_corporations_leaves_a_record_in_each_chain() -> None:
    one, other = make.contract(), make.contract()
    with command("placement.spread", by="command line") as audit:
        with audit.change_of(one, other):
            one.title, other.title = "Een", "Ander"
        audit.note(reason="verdeeld")
    first, second = records()
    assert (first.chain.corporation_id, second.chain.corporation_id) == (one.corporation_id, other.corporation_id)
    assert list(payload(first)[1]) == [f"contract:{one.id}"]
    assert list(payload(second)[1]) == [f"contract:{other.id}"]


def test_a_corporation_that_is_told_gets_a_record_without_rows_of_another() -> None:
    contract, told = make.contract(), make.corporation()
    with command("contract.edit", by="command line") as audit, audit.change_of(contract):
        contract.title = "Gevel"
        audit.also(told)
    second = records()[1]
    assert (second.chain.corporation_id, payload(second)) == (told.id, ({}, {}, {}))


def test_a_command_in_which_nothing_changes_leaves_no_record() -> None:
    contract = make.contract(title="Dak")
    retitled(contract, "Dak")
    assert records() == []


def test_what_is_raised_inside_undoes_everything() -> None:
    contract = make.contract(title="Dak")
    with pytest.raises(Stale), command("contract.edit", by="command line") as audit, audit.change_of(contract):
        contract.title = "Gevel"
        db.session.flush()
        contract.expect_version(99)
    assert contract.title == "Dak"
    assert records() == []


def test_a_write_that_is_not_announced_is_refused() -> None:
    contract = make.contract(title="Dak")
    silent = pytest.raises(CommandError, match=r"contract\.look writes without saying so: contract")
    with silent, command("contract.look", by="command line"):
        contract.title = "Gevel"
    assert contract.title == "Dak"


def test_commands_are_not_nested_and_begin_with_nothing_pending() -> None:
    contract = make.contract()
    with pytest.raises(CommandError, match="inside"), command("one", by="x"), command("two", by="x"):
        pass
    contract.title = "Gevel"
    with pytest.raises(CommandError, match="unsaved"), command("one", by="x"):
        pass
    db.session.rollback()
    retitled(contract, "Gevel")


def test_a_row_that_somebody_else_changed_meanwhile_is_refused_as_stale() -> None:
    contract = make.contract()
    with pytest.raises(Stale), command("contract.edit", by="command line") as audit, audit.change_of(contract):
        raced = update(Contract.__table__).values(row_version=Contract.__table__.c.row_version + 1)
        db.session.execute(raced)
        contract.title = "Gevel"


def test_a_hook_sees_the_contracts_whose_facts_changed_and_writes_in_the_same_transaction(each_database: Flask) -> None:
    seen: list[tuple[Contract, int]] = []

    def hook(audit: Audit) -> None:
        seen.extend((contract, contract.facts_version) for contract in changed_contracts(audit.session))

    before_commit(each_database, hook)
    contract = make.contract()
    version, row_version = contract.facts_version, contract.row_version
    with command("placement.add", by="command line") as audit:
        audit.note(x=1)
        contract.facts_changed()
        contract.facts_changed()
    assert seen == [(contract, version + 1)]
    assert contract.facts_version == version + 1
    assert contract.row_version == row_version
    retitled(contract, "Gevel")
    assert len(seen) == 1


def test_a_new_contract_has_its_first_facts(each_database: Flask) -> None:
    seen: list[Contract] = []
    before_commit(each_database, lambda audit: seen.extend(changed_contracts(audit.session)))
    pattern = make.contract()
    with command("contract.add", by="command line") as audit:
        made = Contract(
            corporation=pattern.corporation,
            supplier=pattern.supplier,
            rate_table=pattern.rate_table,
            policy=pattern.policy,
            number="2026-900",
            title="Nieuw",
            starts_on=pattern.starts_on,
            ends_on=pattern.ends_on,
            contract_sum_cents=1,
            percentage=Decimal(5),
        )
        audit.created(made)
        made.facts_changed()
    assert seen == [made]
    assert made.facts_version == 1


def test_housekeeping_writes_without_a_record() -> None:
    somebody = make.user(None)
    with housekeeping("user.seen") as session:
        session.execute(update(User).where(User.id == somebody.id).values(name="Anna"))
    assert somebody.name == "Anna"
    assert records() == []


def test_the_chain_of_a_corporation_goes_on_and_verifies() -> None:
    contract = make.contract()
    for number in range(5):
        retitled(contract, f"Dak {number}")
    of = contract.corporation
    verdict = verify_chain(of, [head_of(db.session, of)])
    assert verdict.is_sound
    assert verdict.head == head_of(db.session, of)
    assert verdict.head.sequence == 5


def test_a_chain_that_was_never_begun_verifies() -> None:
    assert verify_chain(make.corporation()).head == Head()
    assert head_of(db.session, make.corporation()) == Head()


def test_a_head_that_a_statement_noted_finds_a_cut_tail() -> None:
    contract = make.contract()
    retitled(contract, "Gevel")
    verdict = verify_chain(contract.corporation, [Head(7, "f" * 64)])
    assert (verdict.fault, verdict.at_sequence) == (Fault.TRUNCATED, 2)


def test_a_fault_leaves_no_cursor_open_on_the_server() -> None:
    contract = make.contract()
    retitled(contract, "Gevel")
    verdict = verify_chain(contract.corporation, [Head(1, "f" * 64)])
    assert verdict.fault is Fault.OTHER_PAST
    if db.engine.name == "postgresql":
        assert db.session.scalars(text("SELECT name FROM pg_cursors")).all() == []


@pytest.mark.parametrize(
    "write",
    [
        update(AuditRecord).values(action="other"),
        delete(AuditRecord),
        update(AuditChain).values(key="00000000"),
        update(AuditPayload).values(after="{}"),
        update(AuditPayload).values(salt="00"),
        delete(AuditPayload),
    ],
)
def test_the_database_refuses_to_change_the_log(write: Any) -> None:
    retitled(make.contract(), "Gevel")
    with pytest.raises(IntegrityError):
        db.session.execute(write.execution_options(synchronize_session=False))
    db.session.rollback()
    assert len(records()) == 1


def test_a_released_payload_can_be_deleted_and_the_chain_still_holds() -> None:
    contract = make.contract()
    retitled(contract, "Gevel")
    with housekeeping("retention") as session:
        session.execute(update(AuditPayload).values(is_released=True))
        session.execute(delete(AuditPayload))
    verdict = verify_chain(contract.corporation)
    assert verdict.is_sound
    assert verdict.without_payload == (1,)


def test_approving_reads_as_the_architecture_says() -> None:
    """The sketch of a service: a placement is judged, announced, and its contract told."""
    placement: Placement = make.placement(status=Status.SUBMITTED)
    leader = make.user()
    with command("placement.approve", by=leader) as audit:
        with audit.change_of(placement):
            placement.status, placement.approved_by, placement.approved_at = Status.APPROVED, leader, make.NOW
            placement.approved_how = make.ApprovedHow.REVIEW
        placement.contract.facts_changed()
    (record,) = records()
    before, after, _ = payload(record)
    name = f"placement:{placement.id}"
    assert before[name]["status"] == "submitted"
    assert after[name]["status"] == "approved"
    assert after[name]["approved_by_id"] == leader.id


def test_a_certificate_scope_is_logged_with_its_certificate() -> None:
    certificate = make.certificate(kvk_numbers=["99990001"])
    with command("certificate.edit", by="command line") as audit, audit.change_of(certificate):
        certificate.scope.append(make.CertificateScope(kvk="99990002"))
    after = payload(records()[0])[1]
    assert [each["kvk"] for each in after[f"certificate:{certificate.id}"]["scope"]] == ["99990001", "99990002"]


def test_a_record_of_a_supplier_goes_to_the_corporation_that_keeps_it() -> None:
    kept = db.session.scalars(select(SupplierRecord)).first() or make.record(make.supplier())
    with command("supplier.rename", by="command line") as audit, audit.change_of(kept):
        kept.name = "Schildersbedrijf Van Dam"
    assert records()[0].chain.corporation_id == kept.corporation_id


def at_once(app: Flask, number: int, act: Callable[[int], None]) -> list[BaseException | None]:
    """What `act` raised in each of so many threads, each with a session of its own."""
    db.session.rollback()  # who reads keeps SQLite's writers waiting

    def in_context(turn: int) -> None:
        with app.app_context():
            act(turn)

    with ThreadPoolExecutor(number) as pool:
        return [done.exception() for done in [pool.submit(in_context, turn) for turn in range(number)]]


def test_commands_at_once_take_turns_and_leave_one_sound_chain(each_database: Flask) -> None:
    contract_id, corporation_id = (contract := make.contract()).id, contract.corporation_id

    def work(turn: int) -> None:
        for number in range(3):
            of = db.session.get_one(Corporation, corporation_id)
            with command("contract.edit", by="command line", corporation=of) as audit:
                contract = db.session.get_one(Contract, contract_id)
                with audit.change_of(contract):
                    contract.title += f" {turn}{number}"
                contract.facts_changed()

    assert at_once(each_database, 4, work) == [None] * 4
    db.session.rollback()
    verdict = verify_chain(contract.corporation)
    assert (verdict.is_sound, verdict.head.sequence) == (True, 12)
    assert len(contract.title.split()) == 2 + 12
    assert contract.facts_version == 1 + 12


def test_the_first_records_of_a_chain_may_come_at_once(each_database: Flask) -> None:
    def work(turn: int) -> None:
        with command("session.refuse", by="visitor") as audit:
            audit.note(turn=turn)

    assert at_once(each_database, 4, work) == [None] * 4
    assert verify_chain(None).head.sequence == 4
