"""Samples: what can be drawn, that anybody draws the same, and that nothing of it changes afterwards."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Role, User
from app.auditing import drawing, service
from app.auditing.drawing import command_to_draw_again, drawn
from app.auditing.forms import parse_seed
from app.auditing.models import Outcome, Sample, SampleFinding, SampleItem
from app.auditing.population import COLUMNS, Line, read, written
from app.auditing.queries import Asked
from app.auditing.sheet import is_drawn_again
from app.contracts.models import Contract
from app.contributions.models import ContributionKind
from app.extensions import db
from app.rules.dossier import Status
from app.web.errors import DomainError, Invalid, NotFound, Stale
from tests import factories as make

SEED = "kwartaal-3"


def keys_by_hand(seed: str, file: bytes, size: int) -> list[str]:
    """The draw as an auditor writes it from the description alone."""
    rows = list(csv.reader(file.decode().splitlines(), delimiter=";"))[1:]
    ranked = sorted((sha256(f"{seed}:{row[0]}".encode()).hexdigest(), row[0]) for row in rows)
    return [key for _rank, key in ranked[:size]]


def a_line(key: str, contract: str = "2025-014", reference: str = "P1") -> Line:
    about = {"supplier_kvk": "99000001", "version": "1", "block": "bbl", "last_day": "", "credited_eur": "12.50"}
    days = {"first_day": "2026-01-01", "approved_on": "2026-02-01"}
    return Line(key=key, contract=contract, reference=reference, kind="activity", **about, **days)


def test_whoever_has_the_list_and_the_seed_draws_the_same_in_a_shell(tmp_path: Path) -> None:
    lines = [a_line(f"placement:{number}", reference=f"P;{number}") for number in range(1, 40)]
    (tmp_path / "list.csv").write_bytes(written(lines))

    said = command_to_draw_again(SEED, 7, "list.csv")
    shell = subprocess.run(["bash", "-c", said], cwd=tmp_path, capture_output=True, text=True, check=True)  # noqa: S603, S607

    assert shell.stdout.split() == drawn(SEED, [line.key for line in lines], 7)
    assert shell.stdout.split() == keys_by_hand(SEED, written(lines), 7)


def test_a_seed_decides_and_the_order_of_the_list_does_not() -> None:
    keys = [f"activity:{number}" for number in range(100)]

    assert drawn(SEED, keys, 10) == drawn(SEED, reversed(keys), 10)
    assert drawn(SEED, keys, 10) != drawn("another", keys, 10)
    assert drawn(SEED, keys, 10) == drawn(SEED, keys, 20)[:10]


def test_the_list_reads_back_and_no_cell_of_it_is_a_formula() -> None:
    lines = [a_line("activity:1", contract="=1+1", reference='a;"b'), a_line("activity:2", reference="@x")]
    file = written(lines)

    assert [line.reference for line in read(file)] == ['a;"b', "'@x"]
    assert [line.contract for line in read(file)] == ["'=1+1", "2025-014"]
    assert file.decode().splitlines()[0] == ";".join(COLUMNS)
    assert read(file)[0].credited_cents == 1250


@pytest.fixture
def contract(app: Flask) -> Iterator[Contract]:
    with app.app_context():
        yield a_contract()


def a_contract() -> Contract:
    """With three that are approved, one that is not, and one of another corporation."""
    contract = make.contract()
    for reference, at in (("P1", "2026-03-31T21:59:59"), ("P2", "2026-03-31T22:00:00")):
        approved_at = datetime.fromisoformat(at).replace(tzinfo=UTC)
        make.placement(contract, reference=reference, status=Status.APPROVED).approved_at = approved_at
    make.activity(contract, reference="A1", status=Status.APPROVED).approved_at = make.NOW
    make.placement(contract, reference="P9", status=Status.SUBMITTED)
    make.activity(status=Status.APPROVED)
    db.session.commit()
    return contract


@pytest.fixture
def auditor(contract: Contract) -> User:
    return make.user(Role.AUDITOR, of=contract.corporation)


def references(sample: Sample) -> list[str]:
    return [line.reference for line in read(sample.population)]


@pytest.mark.usefixtures("each_database")
def test_what_is_approved_is_drawn_from_and_kept_as_it_looked() -> None:
    contract = a_contract()
    auditor = make.user(Role.AUDITOR, of=contract.corporation)
    sample = service.draw(Asked(contract.corporation), 2, by=auditor, seed=SEED)

    assert references(sample) == ["A1", "P1", "P2"]
    assert (sample.sequence, sample.population_size, sample.is_seed_typed) == (1, 3, True)
    assert sample.population_sha256 == sha256(sample.population).hexdigest()
    assert [f"{item.contribution.kind}:{item.contribution_id}" for item in sample.items] == keys_by_hand(
        SEED, sample.population, 2
    )
    assert sample.population_cents == sum(line.credited_cents for line in read(sample.population)) > 0
    assert is_drawn_again(sample)


def test_a_seed_of_ours_is_random_and_numbers_have_no_gaps(contract: Contract, auditor: User) -> None:
    first, second = (service.draw(Asked(contract.corporation), 1, by=auditor) for _ in range(2))

    assert first.seed != second.seed
    assert len(first.seed) == 32
    assert (first.sequence, second.sequence) == (1, 2)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"approved_until": date(2026, 3, 31)}, ["P1"]),
        ({"approved_from": date(2026, 4, 1)}, ["A1", "P2"]),
        ({"kind": ContributionKind.ACTIVITY}, ["A1"]),
        ({"contract_id": 0}, None),
        ({"supplier_id": 0}, None),
    ],
)
def test_the_choice_limits_what_can_be_drawn(
    contract: Contract, auditor: User, asked: dict[str, object], found: list[str] | None
) -> None:
    wanted = Asked(contract.corporation, **asked)  # type: ignore[arg-type]
    if found is None:
        with pytest.raises(Invalid, match="nothing_to_draw"):
            service.draw(wanted, 1, by=auditor)
    else:
        assert references(service.draw(wanted, 1, by=auditor)) == found


def test_more_than_there_are_cannot_be_drawn(contract: Contract, auditor: User) -> None:
    with pytest.raises(Invalid, match="too_few_to_draw"):
        service.draw(Asked(contract.corporation), 4, by=auditor)


def test_only_the_corporations_that_invited_can_be_drawn_from(contract: Contract) -> None:
    for outsider in (make.user(Role.AUDITOR), make.user(Role.ADMINISTRATOR, of=contract.corporation)):
        with pytest.raises(Invalid, match="nothing_to_draw"):
            service.draw(Asked(contract.corporation), 1, by=outsider)


def test_a_finding_has_versions_and_nobody_overwrites_one_unseen(contract: Contract, auditor: User) -> None:
    item = service.draw(Asked(contract.corporation), 1, by=auditor).items[0]

    service.note(item.id, Outcome.IN_ORDER, "", by=auditor, seen_version=0)
    service.note(item.id, Outcome.DEVIATION, "De overeenkomst ontbreekt", by=auditor, seen_version=1)
    service.note(item.id, Outcome.DEVIATION, "De overeenkomst ontbreekt", by=auditor, seen_version=1)
    with pytest.raises(Stale):
        service.note(item.id, Outcome.IN_ORDER, "", by=auditor, seen_version=1)
    with pytest.raises(Invalid, match="deviation_unexplained"):
        service.note(item.id, Outcome.DEVIATION, "", by=auditor, seen_version=2)

    found = db.session.scalars(select(SampleFinding).order_by(SampleFinding.version)).all()
    assert [(each.version, each.outcome) for each in found] == [(1, Outcome.IN_ORDER), (2, Outcome.DEVIATION)]


def test_a_finding_is_of_who_drew(contract: Contract, auditor: User) -> None:
    item = service.draw(Asked(contract.corporation), 1, by=auditor).items[0]
    colleague = make.user(Role.AUDITOR, of=contract.corporation)

    with pytest.raises(NotFound):
        service.note(item.id, Outcome.IN_ORDER, "", by=colleague, seen_version=0)
    auditor.memberships[0].ends_on = date(2026, 1, 1)
    db.session.commit()
    with pytest.raises(DomainError):
        service.note(item.id, Outcome.IN_ORDER, "", by=auditor, seen_version=0)


@pytest.mark.usefixtures("each_database")
def test_the_database_refuses_to_change_what_was_drawn_and_found() -> None:
    make.sample()

    for table in (Sample, SampleItem, SampleFinding):
        for act in (update(table).values(id=99), delete(table)):
            with pytest.raises(IntegrityError, match="never changes"):
                db.session.execute(act)
            db.session.rollback()


def test_a_seed_of_ours_can_be_typed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = iter(["ca5780fb02941d32c304641923c26cf5", "ca5780fb02941d32c304641924c26cf5"])
    monkeypatch.setattr(drawing.secrets, "token_hex", lambda _length: next(made))

    assert parse_seed(drawing.new_seed()) == "ca5780fb02941d32c304641924c26cf5"
