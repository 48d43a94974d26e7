"""What people do with signals: let rest, close, reopen, talk; what daily notes and mails, once, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import Language, Role, User
from app.audit.models import AuditRecord
from app.confirmations.models import Answer, Disputed
from app.contracts.models import Contract
from app.contracts.service import delete
from app.extensions import db
from app.mail import outbox
from app.mail.models import Mail
from app.rules.dossier import Status
from app.signals import notify, queries, service
from app.signals.kinds import Kind, MailKind
from app.signals.models import Handling, OptOut
from app.signals.queries import Found
from app.signals.service import Talk
from app.web.errors import Conflict, Invalid, NotFound
from tests import factories as make

pytestmark = pytest.mark.usefixtures("each_database")

ON = date(2026, 6, 1)
TALK = Talk(ON, "uitvoerder Van Asten", "Plan sturen", "Het loopt achter.", ON + timedelta(days=7), "de uitvoerder")


@pytest.fixture(autouse=True)
def _on_1_june() -> Iterator[None]:
    with on_day(ON):
        yield


@contextmanager
def on_day(day: date) -> Iterator[None]:
    with time_machine.travel(f"{day.isoformat()}T08:00:00Z", tick=False):
        yield


@dataclass
class House:
    """A contract that is behind, led by `leader`; somebody of its supplier; and a stranger."""

    contract: Contract
    leader: User
    person: User
    stranger: User


@pytest.fixture
def house() -> House:
    here = make.corporation(name="De Brug")
    supplier = make.supplier(here, name="Van Asten")
    leader = make.user(of=here, language=Language.ENGLISH, name="Lee", email="lee@brug.example")
    person = make.user(
        Role.SUPPLIER, of=here, supplier_=supplier, language=Language.DUTCH, name="Sam", email="sam@asten.example"
    )
    contract = make.contract(here, supplier, project_leader=leader, number="2025-014")
    make.reporting_choice(contract, starts_on=ON)
    return House(contract, leader, person, make.user(of=make.corporation()))


def found(house: House, on: date = ON) -> list[Found]:
    return queries.found_for(house.leader, on)


def behind(house: House, on: date = ON) -> Found:
    [one] = [each for each in found(house, on) if each.signal.kind is Kind.BEHIND]
    return one


def mails(kind: MailKind | None = None) -> list[Mail]:
    wanted = select(Mail).order_by(Mail.id)
    return list(db.session.scalars(wanted.where(Mail.kind == kind) if kind else wanted))


def test_a_signal_rests_until_its_day_and_a_closed_one_returns_with_other_facts(house: House) -> None:
    key, number = behind(house).signal.key, house.contract.id
    service.snooze(number, key, until=ON + timedelta(days=7), reason="na de vakantie", by=house.leader)
    assert behind(house).rests
    assert behind(house, ON + timedelta(days=7)).is_open

    service.close(number, key, reason="besproken", by=house.leader)
    assert behind(house, ON + timedelta(days=30)).is_closed
    make.activity(house.contract, status=Status.APPROVED, on=ON, amount_cents=1_000_00)
    assert behind(house).is_open
    with pytest.raises(Conflict, match="signal_over"):
        service.reopen(number, key, by=house.leader)
    assert queries.signal_for(house.leader, number, key, ON).signal.values["is_past"]

    new = behind(house).signal.key
    service.close(number, new, reason="besproken", by=house.leader)
    service.reopen(number, new, by=house.leader)
    assert behind(house).is_open
    actions = db.session.scalars(select(AuditRecord.action).order_by(AuditRecord.id)).all()
    assert actions == ["signal.snooze", "signal.close", "signal.close", "signal.reopen"]


def test_nobody_handles_what_is_not_theirs_or_for_longer_than_a_year(house: House) -> None:
    key, number = behind(house).signal.key, house.contract.id
    for who in (house.stranger, house.person):
        with pytest.raises(NotFound):
            service.close(number, key, reason="x", by=who)
        with pytest.raises(NotFound):
            service.record_conversation(number, TALK, by=who)
    with pytest.raises(NotFound):
        service.close(number, "0" * 16, reason="x", by=house.leader)
    for until in (ON, ON + timedelta(days=367)):
        with pytest.raises(Invalid, match="rest_out_of_range"):
            service.snooze(number, key, until=until, reason="x", by=house.leader)


def test_what_is_agreed_comes_back_when_it_is_not_done(house: House) -> None:
    made = service.record_conversation(house.contract.id, TALK, by=house.leader)
    assert service.record_conversation(house.contract.id, TALK, by=house.leader) is made
    assert Kind.ACTION not in {each.signal.kind for each in found(house)}
    late = ON + timedelta(days=8)
    assert Kind.ACTION in {each.signal.kind for each in found(house, late)}
    service.complete(made.id, by=house.leader)
    assert Kind.ACTION not in {each.signal.kind for each in found(house, late)}
    with pytest.raises(NotFound):
        service.complete(made.id, by=house.stranger)
    with pytest.raises(Invalid, match="conversation_ahead"):
        service.record_conversation(house.contract.id, Talk(late, "x", "x"), by=house.leader)
    with pytest.raises(Invalid, match="due_before_conversation"):
        service.record_conversation(
            house.contract.id, Talk(ON, "x", "x", due_on=ON - timedelta(days=1)), by=house.leader
        )
    with pytest.raises(Conflict, match="contract_has_conversations"):
        delete(house.contract.id, by=house.leader, seen_version=house.contract.row_version)


def test_a_contract_without_conversations_goes_with_its_signals(house: House) -> None:
    bare = make.contract(house.contract.corporation)
    notify.daily(ON)
    delete(bare.id, by=house.leader, seen_version=bare.row_version)
    assert {row.contract_id for row in db.session.scalars(select(Handling))} == {house.contract.id}


def test_daily_notes_and_mails_once_however_often_it_runs(house: House) -> None:
    looked = notify.daily(ON)
    assert (looked.contracts, looked.signals, looked.mails) == (1, 1, 1)
    assert behind(house, ON + timedelta(days=3)).since == ON
    [digest] = mails()
    assert (digest.address, digest.kind, digest.language) == ("lee@brug.example", MailKind.DIGEST, "en")
    assert digest.corporation_id == house.contract.corporation_id
    assert digest.subject.startswith("This week: 1 signal")
    assert f"http://localhost/contract/{house.contract.id}/what-if" in digest.text
    assert f"/signals?leader={house.leader.id}" in digest.text
    assert digest.opt_out_url is not None
    assert digest.opt_out_url in digest.text
    assert notify.daily(ON).mails == notify.daily(ON + timedelta(days=1)).mails == 0
    assert notify.daily(ON + timedelta(days=7)).mails == 1


def test_what_cannot_wait_is_mailed_at_once_and_once_after_a_kill_too(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    placement = make.placement(house.contract, status=Status.APPROVED, reference="W-1")
    answer = {"answer": Answer.NO, "disputed": Disputed.HOURS, "reason": "20 uur", "answered_at": notify.now()}
    make.confirmation(placement, **answer)

    class Killed(BaseException):
        """A process that ends here."""

    put, calls = outbox.put, []

    def dies(*args: object, **values: object) -> bool:
        if calls:
            raise Killed
        calls.append(values)
        return put(*args, **values)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(outbox, "put", dies)
        notify.daily(ON)
    assert mails() == []
    notify.notice([house.contract.id], ON)
    notify.notice([house.contract.id], ON)
    [urgent] = mails()
    assert (urgent.kind, urgent.subject) == (MailKind.URGENT, "Disputed: contract 2025-014")
    assert "The hours or the quantity are not right" in urgent.text
    assert f"/contribution/{placement.id}" in urgent.text
    notify.daily(ON)
    notify.daily(ON)
    assert [mail.kind for mail in mails()] == [MailKind.URGENT, MailKind.DIGEST]


def test_the_supplier_hears_of_a_rejection_and_of_a_report_that_is_due(house: House) -> None:
    make.placement(
        house.contract,
        status=Status.REJECTED,
        reference="W-2",
        rejected_reason="zonder bewijs",
        rejected_at=notify.now(),
    )
    notify.notice([house.contract.id], ON)
    [rejected] = mails()
    assert (rejected.address, rejected.kind, rejected.language) == ("sam@asten.example", MailKind.REJECTED, "nl")
    assert "zonder bewijs" in rejected.text
    quarter_is_over = date(2026, 7, 2)
    with on_day(quarter_is_over):
        notify.daily(quarter_is_over)
        notify.daily(quarter_is_over)
        [due] = mails(MailKind.REPORT_DUE)
        assert f"/contract/{house.contract.id}/report" in due.text
    assert len(mails(MailKind.REJECTED)) == 1


def test_without_a_leader_the_administrators_get_it_and_who_does_not_want_it_gets_none(house: House) -> None:
    house.contract.project_leader = None
    administrator = make.user(Role.ADMINISTRATOR, of=house.contract.corporation, email="ad@brug.example")
    db.session.commit()
    service.opt_out(administrator, MailKind.DIGEST)
    service.opt_out(administrator, MailKind.DIGEST)
    notify.daily(ON)
    assert mails() == []
    service.choose_mail(administrator, [MailKind.DIGEST], [MailKind.DIGEST, MailKind.URGENT])
    assert [(row.user_id, row.kind) for row in db.session.scalars(select(OptOut))] == [
        (administrator.id, MailKind.URGENT)
    ]
    notify.daily(ON)
    assert [mail.address for mail in mails()] == ["ad@brug.example"]
