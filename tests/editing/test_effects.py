"""What a command would do is what it does, and looking leaves nothing behind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.assessments.queries import assessment_of
from app.audit.service import command
from app.contracts.models import Contract
from app.contributions import queries, service
from app.editing.effects import effects_of
from app.extensions import db
from app.rules import RuleError
from app.rules.dossier import Status
from tests import factories as make
from tests.web.world import digest

ON = date(2026, 11, 24)


@pytest.fixture
def placement(each_database: Flask) -> Any:
    return make.placement(status=Status.SUBMITTED)


def approve(placement_id: int, colleague: User) -> None:
    seen = queries.contribution_to_judge(placement_id, colleague).row_version
    service.approve(placement_id, by=colleague, seen_version=seen)


def test_what_is_shown_is_what_saving_does(placement: Any) -> None:
    contract = placement.contract
    colleague = make.user(of=contract.corporation)
    before = assessment_of(contract, ON)

    (effect,) = effects_of(lambda: approve(placement.id, colleague), ON)
    assert (effect.before, effect.moves) == (before, True)

    approve(placement.id, colleague)
    assert assessment_of(db.session.get_one(Contract, contract.id), ON) == effect.after
    assert effect.after.credited_cents > before.credited_cents


def test_looking_leaves_nothing_behind(app: Flask) -> None:
    with app.app_context():
        waiting = make.placement(status=Status.SUBMITTED)
        placement_id, colleague = waiting.id, make.user(of=waiting.contract.corporation)
        colleague_id = colleague.id
    whole = digest(app)

    with app.app_context():
        effects_of(lambda: approve(placement_id, db.session.get_one(User, colleague_id)), ON)

    assert digest(app) == whole


def test_a_refusal_is_raised_and_the_next_command_saves(placement: Any) -> None:
    contract, by = placement.contract, make.user(of=placement.corporation)

    def end_before_start() -> None:
        with command("contract.edit", by=by, corporation=contract.corporation) as audit, audit.change_of(contract):
            contract.contract_sum_cents = 10**14
            contract.facts_changed()

    with pytest.raises(RuleError, match="amount_too_high"):
        effects_of(end_before_start, ON)

    approve(placement.id, by)
    assert db.session.get_one(type(placement), placement.id).status is Status.APPROVED


def test_a_command_that_touches_no_figures_has_no_effects(placement: Any) -> None:
    by = make.user(of=placement.corporation)

    def rename() -> None:
        with command("user.rename", by=by) as audit, audit.change_of(by):
            by.name = "Another name"

    assert effects_of(rename, ON) == []
    assert db.session.get_one(User, by.id).name != "Another name"
