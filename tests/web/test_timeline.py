"""The time line of a contract, and what we knew then beside what we know now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.accounts.models import User
from app.assessments.queries import assessment_of
from app.audit.service import command
from app.contracts.models import Contract
from app.extensions import db
from app.statements.in_force import take_place, withdraw
from app.statements.models import Rendition, StatementState
from app.web.formats import euro_whole
from tests import factories as make
from tests.support import application_of_module
from tests.web.histories import amend, do, edit, page
from tests.web.office import Office, an_office
from tests.web.reading import words

ON = date(2026, 11, 24)
FILE = {"path": "statements/x.pdf", "size": 1, "made_at": make.NOW}


@contextmanager
def on_the_day(day: date) -> Iterator[None]:
    """Commands inside it are recorded on that day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return noon.astimezone(tz)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("app.web.clock.datetime", Clock)
        patched.setattr("app.assessments.service.datetime", Clock)
        yield


def check_certificate(contract: Contract, by: User) -> None:
    certificate = make.certificate(contract.corporation, [contract.supplier.kvk], number="PSO-3", checked_on=None)
    with command("certificate.check", by=by) as audit, audit.change_of(certificate):
        certificate.checked_on = date(2025, 1, 15)
        contract.facts_changed()


class TestTimeLine:
    def test_has_everything_that_moves_the_figures_newest_first(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            edit(contract, by, percentage=Decimal(4))
            amend(contract, by, "W9")
            check_certificate(contract, by)

        do(office, act)
        office.enter()
        said = page(office, f"/contract/{office.contract_id}/timeline")
        reference = office.contributions()[0].reference
        events = [f"Placement {reference} submitted", "Certificate PSO-3 checked", "Amendment W9 recorded"]
        places = [said.index(event) for event in [*events, "Contract changed"]]
        assert places == sorted(places)
        assert "A project_leader" in said

    def test_has_its_statements(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> str:
            statement = make.statement(contract)
            with command("statement.issue", by=by) as audit:
                audit.created(Rendition(statement=statement, language="nl", file_sha256="0" * 64, **FILE))
                with audit.change_of(statement):
                    statement.withdrawn_reason, statement.withdrawn_at = "test", make.NOW
                    statement.state = StatementState.WITHDRAWN
            return statement.number

        number = do(office, act)
        assert f"Statement {number} issued" in page(office, f"/contract/{office.contract_id}/timeline")

    def test_says_which_statement_took_the_place_of_which_and_why_one_was_withdrawn(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> tuple[str, str]:
            earlier = make.statement(contract)
            later = make.statement(contract, on=earlier.on, state=StatementState.RESERVED, issued_at=None)
            with command("statement.issue", by=by, corporation=contract.corporation) as audit:
                audit.created(Rendition(statement=later, language="nl", file_sha256="0" * 64, **FILE))
                with audit.change_of(later):
                    later.state, later.issued_at = StatementState.ISSUED, make.NOW
                take_place(audit, later)
            withdraw(later.id, reason="Fout in de som", by=by)
            return earlier.number, later.number

        earlier, later = do(office, act)
        said = words(page(office, f"/contract/{office.contract_id}/timeline"))
        assert f"Statement {later} issued" in said
        assert f"In the place of: {earlier}" in said
        assert f"Statement {later} withdrawn" in said
        assert "Reason: Fout in de som" in said

    def test_has_nothing_of_another_contract_of_the_supplier(self, office: Office) -> None:
        def act(contract: Contract, by: User) -> None:
            amend(make.contract(contract.corporation, contract.supplier), by, "ELSEWHERE")

        do(office, act)
        assert "ELSEWHERE" not in page(office, f"/contract/{office.contract_id}/timeline")

    def test_keeps_its_filter_in_the_address(self, office: Office) -> None:
        do(office, lambda contract, by: (edit(contract, by, percentage=Decimal(4)), amend(contract, by, "W9")))
        address = f"/contract/{office.contract_id}/timeline?on=2026-11-24&about=amendments"
        said = page(office, address)
        assert "W9" in said
        assert "Contract changed" not in said
        assert "about=terms" in office.browser("leader").get(address).text
        assert "on=2026-11-24" in office.browser("leader").get(address).text

    def test_an_odd_filter_asks_nothing(self, office: Office) -> None:
        do(office, lambda contract, by: amend(contract, by, "W9"))
        assert "W9" in page(office, f"/contract/{office.contract_id}/timeline?about=%27x&page=-1")

    def test_says_what_net_and_credited_became_on_each_day(self, office: Office) -> None:
        def figures(contract: Contract, _by: User) -> tuple[str, str]:
            found = assessment_of(contract, ON)
            return euro_whole(found.net_cents), euro_whole(found.credited_cents)

        with on_the_day(date(2026, 3, 2)):
            do(office, lambda contract, by: edit(contract, by, title="Dak"))
        with office.app.test_request_context("/?lang=en"):
            first = do_here(office, figures)
        with on_the_day(date(2026, 3, 5)):
            do(office, lambda contract, by: amend(contract, by, "W9"))
        with office.app.test_request_context("/?lang=en"):
            then = do_here(office, figures)
        with on_the_day(date(2026, 3, 9)):
            do(office, lambda contract, by: edit(contract, by, title="Gevel"))
        said = page(office, f"/contract/{office.contract_id}/timeline?on={ON}")
        assert f"net became {first[0]} · credited became {first[1]}" in said
        assert f"net from {first[0]} to {then[0]}" in said
        assert said.count("net from") == 1
        assert said.index("9 March 2026") < said.index("5 March 2026") < said.index("2 March 2026")

    def test_the_card_on_the_contract_has_the_newest_five(self, office: Office) -> None:
        for number in range(7):
            do(office, lambda contract, by, number=number: amend(contract, by, f"NR{number}"))
        kvk = do(office, lambda contract, _by: contract.corporation.kvk)
        text = office.browser("leader").get(f"/contracts/{kvk}/2025%2F014%20a").text
        said = words(text[text.index('aria-labelledby="happened-title"') :].join(("<main", "")))
        assert [number for number in range(7) if f"NR{number} recorded" in said] == [2, 3, 4, 5, 6]

    @pytest.mark.parametrize("who", ["supplier", "assessor"])
    def test_the_card_is_not_for_who_sees_no_history(self, office: Office, who: str) -> None:
        do(office, lambda contract, by: amend(contract, by, "W9"))
        kvk = do(office, lambda contract, _by: contract.corporation.kvk)
        text = office.browser(who).get(f"/contracts/{kvk}/2025%2F014%20a").text
        assert "happened-title" not in text
        assert "/then" not in text


def do_here(office: Office, act: Any) -> Any:
    return act(office.contract, db.session.get_one(User, office.people["leader"]))


@pytest.fixture(scope="module")
def corrected(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A contract that was recorded on 2 March, extended on 5 March, and whose sum was corrected on 9 March."""
    with application_of_module(migrated_sqlite, tmp_path_factory) as app:
        office = an_office(app)
        with on_the_day(date(2026, 3, 2)):
            do(office, lambda contract, by: edit(contract, by, title="Dak"))
        with on_the_day(date(2026, 3, 5)):
            do(office, lambda contract, by: amend(contract, by, "W9"))
        with on_the_day(date(2026, 3, 9)):
            do(office, lambda contract, by: edit(contract, by, contract_sum_cents=1_000_000_00))
        yield office


class TestThenAndNow:
    def test_both_assessments_stand_beside_each_other(self, corrected: Office) -> None:
        said = page(corrected, f"/contract/{corrected.contract_id}/then?on=2026-11-24&known=2026-03-02")
        assert "Gross €62,500.00 €57,500.00 −€5,000.00" in said
        assert "By the facts that had been recorded last on 2 March 2026." in said

    def test_each_fact_has_the_day_on_which_it_was_recorded(self, corrected: Office) -> None:
        said = page(corrected, f"/contract/{corrected.contract_id}/then?on=2026-11-24&known=2026-03-04")
        assert "Facts that changed since 2" in said
        assert "Contract Contract sum: €1,250,000.00 → became €1,000,000.00 9 March 2026" in said
        assert "Amendment W9 added 5 March 2026" in said

    def test_of_a_day_between_only_what_came_after_differs(self, corrected: Office) -> None:
        said = page(corrected, f"/contract/{corrected.contract_id}/then?on=2026-11-24&known=2026-03-05")
        assert "Amendment W9" not in said
        assert "Facts that changed since 1" in said

    def test_today_nothing_differs(self, corrected: Office) -> None:
        said = page(corrected, f"/contract/{corrected.contract_id}/then")
        assert "Nothing: what was known then still holds." in said

    def test_before_anything_was_recorded_it_says_so(self, corrected: Office) -> None:
        said = page(corrected, f"/contract/{corrected.contract_id}/then?on=2026-11-24&known=2026-03-01")
        assert "On 1 March 2026 nothing had been recorded of this contract yet." in said

    def test_known_is_the_as_of_day_when_it_is_not_asked(self, corrected: Office) -> None:
        said = page(corrected, f"/contract/{corrected.contract_id}/then?on=2026-03-03")
        assert "By the facts that had been recorded last on 2 March 2026." in said

    @pytest.mark.parametrize(
        ("query", "field", "sentence"),
        [
            ("on=2026-02-31", "on", "does not exist"),
            ("on=2026-11-24&known=gisteren", "known", "is not clear as a date"),
            ("on=%3Cb%3E", "on", "is not clear as a date"),
            ("known=" + "9" * 400, "known", "is not clear as a date"),
        ],
    )
    def test_a_day_that_is_none_is_asked_again_beside_its_field(
        self, corrected: Office, query: str, field: str, sentence: str
    ) -> None:
        answer = corrected.browser("leader").get(f"/contract/{corrected.contract_id}/then?{query}")
        assert answer.status_code == 422
        error = answer.text[answer.text.index(f'id="{field}-error"') :]
        assert sentence in error[: error.index("</div>")]
        assert "<b>" not in answer.text

    def test_of_another_corporation_it_does_not_exist(self, corrected: Office) -> None:
        for number in (corrected.contract_id, 987654321):
            assert corrected.browser("stranger").get(f"/contract/{number}/then").status_code == 404


def test_the_days_stand_in_the_form_as_people_write_them(corrected: Office) -> None:
    said = corrected.browser("leader").get(f"/contract/{corrected.contract_id}/then?on=2026-11-24").text

    assert said.count('value="24-11-2026"') == 2
